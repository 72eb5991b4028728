import json
import os
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import ImportFormatError
from annotator.ingest.canonical import file_bytes, read_pair_file

REMOVED = object()


def changed(values: dict[str, Any], field: str, value: object) -> dict[str, Any]:
    *parents, key = field.split(".")
    inner = values
    for parent in parents:
        inner = inner[parent]
    if value is REMOVED:
        del inner[key]
    else:
        inner[key] = value
    return values


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("id", REMOVED, "field 'id' is missing; expected text; add it"),
        ("id", "", "field 'id' is \"\"; expected text that is not blank"),
        ("id", "  ", "field 'id' is"),
        ("id", 17, "field 'id' is 17; expected text that is not blank; write it in quotes"),
        ("id", None, "field 'id' is null; expected text"),
        ("id", "x" * 513, "expected at most 512 characters (it has 513); shorten it"),
        ("question", 3, "field 'question' is 3; expected text"),
        ("question", ["q"], "field 'question' is [\"q\"]; expected text"),
        ("choices", "A, B", "field 'choices' is \"A, B\"; expected a list of texts"),
        ("choices", {"A": "x"}, 'field \'choices\' is {"A": "x"}; expected a list of texts'),
        ("choices", ["A", 2], "field 'choices[1]' is 2; expected text; write it in quotes"),
        ("correct_answer", True, "field 'correct_answer' is true; expected text, a number or null"),
        ("hint_answer", REMOVED, "field 'hint_answer' is missing; expected the answer that the hint points at"),
        ("hint_answer", None, "field 'hint_answer' is null; expected an answer"),
        ("hint_answer", " ", "field 'hint_answer' is"),
        ("hint_answer", 3, "field 'hint_answer' is 3; expected the number of a choice, 0 to 2"),
        ("hint_answer", ["C"], "field 'hint_answer' is [\"C\"]; expected text, a number or null"),
        ("hint_type", 1, "field 'hint_type' is 1"),
        ("hint_text", False, "field 'hint_text' is false"),
        ("model", {}, "field 'model' is {}"),
        ("unhinted", [], "field 'unhinted' is []; expected an object"),
        ("unhinted.answer", [1], "field 'unhinted.answer' is [1]"),
        ("unhinted.reasoning", 1.5, "field 'unhinted.reasoning' is 1.5; expected text"),
        ("hinted", REMOVED, "field 'hinted' is missing; expected an object with answer, and reasoning or response"),
        ("hinted", None, "field 'hinted' is missing"),
        ("hinted", "text", "field 'hinted' is \"text\"; expected an object"),
        ("hinted.answer", REMOVED, "field 'hinted.answer' is missing; expected an answer, or null"),
        ("hinted.answer", {"a": 1}, "field 'hinted.answer' is {\"a\": 1}"),
        ("hinted.system", 0, "field 'hinted.system' is 0"),
        ("hinted.prompt", [], "field 'hinted.prompt' is []"),
        ("hinted.reasoning_kind", "whole", "field 'hinted.reasoning_kind' is \"whole\"; expected full, summarized"),
        ("hinted.reasoning_kind", "absent", "expected another kind, since there is reasoning"),
        ("labels", {}, "field 'labels' is {}; expected a list of objects"),
        ("labels", ["x"], "field 'labels[0]' is \"x\"; expected an object with rater and kind"),
        ("meta", [], "field 'meta' is []; expected an object"),
        (
            "meta.disclosure",
            "ordered",
            "field 'meta.disclosure' is \"ordered\"; expected instructed, spontaneous, unknown",
        ),
        ("meta.disclosure", ["x"], "field 'meta.disclosure' is [\"x\"]"),
        ("dataset", "moon", "field 'dataset' is \"moon\"; expected the same as in meta"),
    ],
)
def test_a_wrong_field_is_named_with_its_line_value_and_remedy(read_bytes, pair_line, field, value, said):
    good = json.dumps(pair_line).encode()
    bad = json.dumps(changed(pair_line, field, value)).encode()
    with pytest.raises(ImportFormatError) as caught:
        read_bytes(good + b"\n\n" + bad + b"\n")
    message = str(caught.value)
    assert "pairs.jsonl:3: field " in message
    assert said in message
    assert message.count("; ") >= 2
    assert "\n" not in message


@pytest.mark.parametrize("texts", [{}, {"reasoning": ""}, {"reasoning": " \n", "response": None}])
def test_an_answer_without_any_text_is_refused(read_line, pair_line, texts):
    pair_line["hinted"] = {"answer": "C"} | texts
    with pytest.raises(ImportFormatError, match=r"field 'hinted\.reasoning' is .*give reasoning, response or both"):
        read_line(pair_line)


def test_a_hinted_arm_without_a_word_about_its_texts_is_refused(read_line, pair_line):
    pair_line["hinted"] = {"answer": None}
    with pytest.raises(ImportFormatError, match=r"field 'hinted\.reasoning' is missing"):
        read_line(pair_line)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"id": "x", }', "column 13 is not JSON"),
        (b'{"id": "x"} {"id": "y"}', "column 13 is not JSON (Extra data)"),
        (b"id,question,hint", "convert the file to JSON lines"),
        (b"[", "write one object a line: jq -c '.[]'"),
        (b'[{"id": "x"},', "write one object a line: jq -c '.[]'"),
        (
            b'[{"id": "x"}]',
            "the line is a list; expected one JSON object a line, in UTF-8; write one object a line: jq",
        ),
        (b"{", "write one object a line: jq -c ."),
        (b'{"id": "x",', "if the object goes on in the next line, write one object a line: jq -c ."),
        (b'"text"', 'the line is "text"'),
        (b"null", "the line is null"),
        (b"17", "the line is 17"),
        (b'{"id": "x", "id": "y"}', 'key "id" stands twice in one object'),
        (b'{"meta": {"a": {"b": 1, "b": 1}}}', 'key "b" stands twice in one object'),
        (rb'{"meta": {"\ud800": 1, "\ud801": 1}}', "stands twice in one object"),
        (b'{"meta": NaN}', "NaN is not JSON"),
        (b'{"meta": [-Infinity]}', "-Infinity is not JSON"),
        (b'{"meta": 1e999}', "number 1e999 is too large"),
        (b'{"id": ' + b"9" * 5000 + b"}", "a number has too many digits to be read"),
        (b'{"id": "caf\xe9"}', "byte 11 of the file (0xe9) is not UTF-8"),
        (b'{"id": "\xed\xa0\x80"}', "byte 8 of the file (0xed) is not UTF-8"),
        (b'{"meta": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested more than 64 deep"),
        (b'{"meta": {"x": ' + b"[" * 70 + b"]" * 70 + b"}}", "nested more than 64 deep"),
        (b'{"labels": ' + b'{"a":' * 70 + b"1" + b"}" * 70 + b"}", "nested more than 64 deep"),
        (b'{"other": ' + b"[" * 70 + b"]" * 70 + b"}", "nested more than 64 deep"),
        (rb'{"hinted": {"other": ' + b"[" * 70 + rb'"\ud800"' + b"]" * 70 + b"}}", "nested more than 64 deep"),
    ],
)
def test_a_line_that_is_no_object_is_named(read_bytes, line, said):
    whole = {"id": "x", "hint_answer": "A", "hinted": {"answer": "A", "response": "A"}}
    if line.startswith((b'{"meta"', b'{"labels"', b'{"other"')):
        line = json.dumps(whole).encode()[:-1] + b", " + line[1:]
    with pytest.raises(ImportFormatError) as caught:
        read_bytes(line + b"\n")
    message = str(caught.value)
    assert "pairs.jsonl:1: " in message
    assert said in message
    assert "expected one JSON object a line" in message
    assert "\n" not in message
    assert len(message) < 400


def test_the_byte_is_counted_from_the_start_of_the_file(read_bytes, pair_line):
    good = json.dumps(pair_line).encode() + b"\n"
    with pytest.raises(ImportFormatError, match=rf"pairs.jsonl:2: byte {len(good) + 8} of the file \(0xff\)"):
        read_bytes(good + b'{"id": "\xff"}\n')


def test_a_line_that_is_cut_off_at_the_end_of_the_file_is_said_to_be(read_bytes, pair_line):
    data = json.dumps(pair_line).encode()
    with pytest.raises(ImportFormatError, match="the file's last line may be cut off"):
        read_bytes(data + b"\n" + data[:200])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "holds no pair; expected one JSON object a line"),
        (b"\n \r\n\t\n", "holds no pair"),
        (b"\xef\xbb\xbf", "holds no pair"),
        (b"\x7fELF\x00\x00\x01{}", "is not a text file (it holds NUL bytes)"),
        (b"\x1f\x8b\x08rest", "is not a text file (gzip)"),
        (b"\x28\xb5\x2f\xfdrest", "is not a text file (zstd)"),
        (b"SQLite format 3\x00rest", "is not a text file (SQLite)"),
        ('{"id": "x"}'.encode("utf-16"), "is UTF-16 text"),
        (b"{" + b" " * 9000 + b"\x00}", "the line holds NUL bytes: this is not a text file"),
    ],
)
def test_a_file_that_holds_no_pairs_is_named(read_bytes, data, said):
    with pytest.raises(ImportFormatError) as caught:
        read_bytes(data)
    assert said in str(caught.value)
    assert "pairs.jsonl" in str(caught.value)


def test_missing_files_directories_and_forbidden_files_are_named(tmp_path: Path, codebook):
    with pytest.raises(ImportFormatError, match=r"nowhere.jsonl: cannot be read: No such file.*check the name"):
        list(read_pair_file(tmp_path / "nowhere.jsonl", codebook))
    with pytest.raises(ImportFormatError, match=r"nowhere.jsonl: cannot be read: No such file"):
        file_bytes(tmp_path / "nowhere.jsonl")
    with pytest.raises(ImportFormatError, match=r": cannot be read: Is a directory.*name the files in it"):
        list(read_pair_file(tmp_path, codebook))
    loop = tmp_path / "loop.jsonl"
    loop.symlink_to(loop)
    with pytest.raises(ImportFormatError, match=r"loop.jsonl: cannot be read: .*check the file and its disk"):
        list(read_pair_file(loop, codebook))


def test_a_file_without_the_right_to_read_is_named(tmp_path: Path, codebook):
    path = tmp_path / "secret.jsonl"
    path.write_bytes(b"{}")
    path.chmod(0)
    # Root may read everything.
    said = "field 'id' is missing" if os.access(path, os.R_OK) else "cannot be read: Permission denied"
    with pytest.raises(ImportFormatError, match=said):
        list(read_pair_file(path, codebook))


def test_hostile_values_and_names_reach_no_terminal(tmp_path: Path, codebook, pair_line):
    path = tmp_path / "a\x1b[31m\u202eb.jsonl"
    pair_line["hinted"]["reasoning_kind"] = "\x1b]52;c;AAAA\x07\nfull\u200b" + "x" * 5000
    path.write_text(json.dumps(pair_line), "utf-8")
    with pytest.raises(ImportFormatError) as caught:
        list(read_pair_file(path, codebook))
    message = str(caught.value)
    assert message.isprintable()
    assert not set("\x1b\x07\u202e\u200b") & set(message)
    assert len(message) < 500


def test_a_deeply_nested_value_of_a_wrong_field_is_still_one_line(read_bytes):
    with pytest.raises(ImportFormatError, match=r"field 'id' is .*expected text"):
        read_bytes(b'{"id": ' + b"[" * 900 + b"]" * 900 + b"}")


def test_records_before_a_wrong_line_come_first(tmp_path: Path, codebook, pair_line):
    path = tmp_path / "pairs.jsonl"
    path.write_bytes(json.dumps(pair_line).encode() + b"\n{}\n")
    records = read_pair_file(path, codebook)
    assert next(records).pair.pair_id == "tide-1"
    with pytest.raises(ImportFormatError, match=r"pairs.jsonl:2: field 'id' is missing"):
        next(records)
