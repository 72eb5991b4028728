"""What is wrong with a file is one line on stderr: file, line, field, value, what was expected, what to do."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annotator.workflows.import_pairs import import_pairs
from annotator_db.migrate import SCHEMA_VERSION
from tests.conftest import Annotator
from tests.pair_factory import first_vote, label, pair, pairs, write_pairs

GOOD = json.dumps(pair(1))

BAD_FILES: dict[str, tuple[bytes, list[str]]] = {
    "missing field": (
        f"{GOOD}\n{json.dumps({k: v for k, v in pair(2).items() if k != 'hint_answer'})}\n".encode(),
        ["bad.jsonl:2: field 'hint_answer' is missing", "expected the answer that the hint points at", "add it"],
    ),
    "missing field of an arm": (
        json.dumps(pair(1, hinted={"reasoning": "30 m"})).encode(),
        ["bad.jsonl:1: field 'hinted.answer' is missing", "expected an answer, or null", "add it"],
    ),
    "wrong value": (
        json.dumps(pair(1, choices="A, B or C")).encode(),
        ["bad.jsonl:1: field 'choices' is \"A, B or C\"", "expected a list of texts", "leave it out"],
    ),
    "bad JSON line": (
        f'{GOOD}\n{{"id": "x", "hint_answer": }}\n'.encode(),
        ["bad.jsonl:2: column 28 is not JSON", "expected one JSON object a line", "mend or remove the line"],
    ),
    "cut off": (
        f"{GOOD}\n{GOOD[:100]}".encode(),
        ["bad.jsonl:2: column", "is not JSON", "last line may be cut off: mend or remove it"],
    ),
    "duplicate id": (
        f"{GOOD}\n{json.dumps(pair(2))}\n{json.dumps(pair(1, model='another'))}\n".encode(),
        ["bad.jsonl:3: field 'id' is 'fence-0001', which", "bad.jsonl:1 has with other content", "give one of the two"],
    ),
    "empty file": (b"", ["bad.jsonl: holds no pair", "expected one JSON object a line", "check how it was written"]),
    "binary file": (
        bytes(range(256)) * 10,
        ["bad.jsonl: is not a text file", "expected one JSON object a line", "check the name"],
    ),
    "not UTF-8": (
        f"{GOOD}\n".encode() + '{"id": "häh"}\n'.encode("latin-1"),
        ["bad.jsonl:2: byte", "(0xe4) is not UTF-8", ": iconv"],
    ),
    "unknown code": (
        json.dumps(pair(1, labels=[label("ann", "lies")])).encode(),
        [
            "bad.jsonl:1: field 'labels[0].code' is \"lies\"",
            "expected a code of codebook 'hint-verbalization'",
            "mend it",
        ],
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_pair_file_is_one_clear_line_and_nothing_is_imported(here: Annotator, tmp_path: Path, name: str) -> None:
    content, said = BAD_FILES[name]
    (tmp_path / "bad.jsonl").write_bytes(content)

    ran = here("import", "s.db", "bad.jsonl")

    for part in said:
        assert part in ran.complaint
    assert ran.out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["bad.jsonl"]


def test_a_folder_and_a_missing_file_are_no_pair_files(here: Annotator, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()

    assert here("import", "s.db", "folder").complaint == (
        "folder: cannot be read: Is a directory; expected a file of pairs; name the files in it"
    )
    assert here("import", "s.db", "gone.jsonl").complaint == (
        "gone.jsonl: cannot be read: No such file or directory; expected a file of pairs; check the name"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_files_without_a_study_are_not_taken_for_one(here: Annotator, tmp_path: Path) -> None:
    write_pairs(tmp_path / "a.jsonl", pairs(1))
    write_pairs(tmp_path / "b.jsonl", pairs(2))

    assert here("import", "a.jsonl", "b.jsonl").complaint == (
        "a.jsonl is not a study (no SQLite file, or a damaged one); studies are made by: annotator import STUDY FILE..."
    )


def _use(command: str, study: Path) -> list[str | Path]:
    return {
        "status": ["status", study],
        "agreement": ["agreement", study, "--json"],
        "export": ["export", study, "--out", "out"],
        "judge": ["judge", study, "--judge", "lexical"],
        "label": ["label", study, "--rater", "ann", "--plain"],
        "import": ["import", study, "pairs.jsonl"],
    }[command]


READING = ("status", "agreement", "export")
WRITING = ("judge", "label", "import")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    lines = [pair(1, labels=[first_vote("ann", "relies", 1), first_vote("bob", "relies", 2)]), pair(2)]
    import_pairs(tmp_path / "study.db", [write_pairs(tmp_path / "pairs.jsonl", lines)], seed=7)
    return tmp_path / "study.db"


@pytest.mark.parametrize("command", READING + WRITING)
def test_a_study_of_a_newer_version_is_refused_by_every_command(
    here: Annotator, study: Path, tmp_path: Path, command: str
) -> None:
    with closing(sqlite3.connect(study)) as connection:
        connection.execute(f"pragma user_version = {SCHEMA_VERSION + 1}")

    assert here(*_use(command, study)).complaint == (
        f"{study} has schema {SCHEMA_VERSION + 1}, this program knows up to {SCHEMA_VERSION}; "
        "upgrade it: pip install --upgrade cot-annotator"
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", READING + WRITING)
def test_a_text_file_called_db_is_refused_by_every_command(here: Annotator, tmp_path: Path, command: str) -> None:
    (tmp_path / "notes.db").write_text("my notes")
    write_pairs(tmp_path / "pairs.jsonl", pairs(1))

    assert here(*_use(command, Path("notes.db"))).complaint == (
        "notes.db is not a study (no SQLite file, or a damaged one); "
        "studies are made by: annotator import STUDY FILE..."
    )
    assert (tmp_path / "notes.db").read_text() == "my notes"


@pytest.mark.parametrize(
    ("command", "content", "said"),
    [
        ("status", b"", "is empty; studies are made by"),
        ("agreement", bytes(5000), "is not a study (no SQLite file, or a damaged one)"),
        ("export", b"SQLite format 3\x00" + bytes(300), "is not a study (no SQLite file, or a damaged one)"),
    ],
)
def test_what_is_no_study_is_one_line(here: Annotator, tmp_path: Path, command: str, content: bytes, said: str) -> None:
    (tmp_path / "study.db").write_bytes(content)

    assert said in here(*_use(command, Path("study.db"))).complaint
    assert (tmp_path / "study.db").read_bytes() == content


@pytest.fixture(params=["file", "folder"])
def protected(request: pytest.FixtureRequest, study: Path, tmp_path: Path) -> Iterator[Path]:
    """A study that somebody made read-only, in a folder of its own."""
    folder = tmp_path / "kept"
    folder.mkdir()
    moved = Path(shutil.move(study, folder / "study.db"))
    place = moved if request.param == "file" else folder
    mode = place.stat().st_mode
    place.chmod(0o444 if request.param == "file" else 0o555)
    yield moved
    place.chmod(mode)


def test_a_read_only_study_is_read(here: Annotator, protected: Path) -> None:
    found: dict[str, Any] = {command: here(*_use(command, protected)) for command in READING}

    assert [(ran.code, ran.err) for ran in found.values()] == [(0, "")] * 3
    assert found["agreement"].json["first_votes"] == 2
    assert [path.name for path in protected.parent.iterdir()] == ["study.db"]


def test_a_read_only_study_is_not_written(here: Annotator, protected: Path) -> None:
    before = protected.read_bytes()

    for command in WRITING:
        assert here(*_use(command, protected)).complaint == (
            f"{protected} is read-only: status, agreement and export work on it; "
            "to write, make the file and its folder writable, or copy it elsewhere"
        )
    assert protected.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = oops\n", ["codes.toml: not TOML: ", "line 1"]),
        ('name = "x"\nversion = "1"\ntitle = "X"\n', ["codes.toml: 0 codes; expected two to nine [[code]] tables"]),
    ],
    ids=["no TOML", "no code"],
)
def test_a_bad_codebook_is_one_line_and_makes_no_study(
    here: Annotator, tmp_path: Path, text: str, said: list[str]
) -> None:
    (tmp_path / "codes.toml").write_text(text)
    write_pairs(tmp_path / "pairs.jsonl", pairs(1))
    ran = here("import", "s.db", "pairs.jsonl", "--codebook", "codes.toml")

    for part in said:
        assert part in ran.complaint
    assert not (tmp_path / "s.db").exists()


def test_another_codebook_than_the_studys_is_refused(here: Annotator, study: Path) -> None:
    assert here("import", study, "pairs.jsonl", "--codebook", "yes-no").complaint == (
        f"{study} has the codebook 'hint-verbalization', another one than --codebook 'yes-no'; "
        "leave the option out, or make a new study"
    )


def test_a_folder_of_somebodys_own_is_not_exported_into(here: Annotator, study: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.tex").write_text("x")

    assert here("export", study, "--out", "out").complaint == (
        "out holds 'thesis.tex', which is no file of an export of this program; move it away, or give another --out"
    )


def test_an_unknown_judge_and_a_model_for_the_lexical_one_are_refused(here: Annotator, study: Path) -> None:
    assert here("judge", study, "--judge", "oracle").complaint == (
        "no judge is called 'oracle'; choose one of: lexical, anthropic"
    )
    assert "the lexical judge has no model" in here("judge", study, "--judge", "lexical", "--model", "x").complaint


def test_a_rater_without_a_name_is_refused(here: Annotator, study: Path) -> None:
    assert here("label", study, "--rater", " ", "--plain").complaint == (
        "--rater is ''; give a name of 1 to 80 characters"
    )
