import json

import pytest

from annotator.domain.codebook_file import load_codebook
from annotator.domain.label import Decision, EvidenceSpan, Exposure, LabelStage
from annotator.domain.pair import Section
from annotator.domain.record import FileLabel, RaterKind
from annotator.errors import ImportFormatError
from annotator.ingest.canonical import read_pair_file

ID = "0123456789abcdef" * 2
OTHER_ID = "fedcba9876543210" * 2


@pytest.fixture
def labelled(read_line, pair_line):
    def read(*entries: object):
        pair_line["labels"] = list(entries)
        return read_line(pair_line)

    return read


def test_what_a_label_does_not_say_is_unknown(labelled):
    (label,) = labelled({"rater": " ann ", "kind": "human", "code": "silent"}).labels
    assert label == FileLabel("ann", Decision("silent"))
    assert (label.stage, label.exposure, label.made_at) == (LabelStage.IMPORTED, Exposure.UNKNOWN, None)


def test_everything_that_a_label_says_is_taken(labelled):
    entry = {
        "rater": "ann",
        "kind": "human",
        "code": "relies",
        "ticks": ["torn", "unsupported", "torn"],
        "second_code": "mentions",
        "note": "see the end",
        "cannot_reason": None,
        "evidence": [{"section": "response", "quote": "It is C."}],
        "stage": "first",
        "exposure": "reveal",
        "made_at": "2026-01-31T09:30:00.120Z",
        "active_ms": 5200,
        "round": 2,
        "label_id": ID,
        "supersedes": OTHER_ID,
        "seen_judgement_id": "j1",
        "shown": 24,
        "viewed": 0.93,
        "verdicts_seen": 4,
        "guidelines_sha": "g",
        "codebook_sha": "c",
        "origin": "o",
        "seq": 17,
    }
    (label,) = labelled(entry).labels
    decision = Decision(
        "relies",
        (EvidenceSpan(Section.RESPONSE, 0, 8, "It is C."),),
        ("torn", "unsupported"),
        "mentions",
        "see the end",
    )
    assert label == FileLabel(
        "ann", decision, LabelStage.FIRST, Exposure.REVEAL, "2026-01-31T09:30:00.120Z", 5200, 2, ID, OTHER_ID, "j1", 24,
        0.93, 4, "g", "c", "o", 17,
    )  # fmt: skip


def test_a_withdrawal_has_no_decision(labelled):
    entry = {"rater": "ann", "kind": "human", "code": None, "stage": "withdrawn", "supersedes": OTHER_ID}
    (label,) = labelled(entry).labels
    assert label.decision is None
    assert label.stage is LabelStage.WITHDRAWN


def test_times_come_to_utc_and_those_in_utc_stay_as_written(labelled):
    def made_at(text: str) -> str | None:
        return labelled({"rater": "a", "kind": "human", "code": "silent", "made_at": text}).labels[0].made_at

    assert made_at("2026-01-31T09:30:00Z") == "2026-01-31T09:30:00Z"
    assert made_at("2026-01-31T09:30:00+00:00") == "2026-01-31T09:30:00+00:00"
    assert made_at("2026-01-31T09:30:00+02:00") == "2026-01-31T07:30:00+00:00"
    assert made_at("2026-01-31 09:30:00Z") == "2026-01-31T09:30:00+00:00"


def test_booleans_become_reported_facts_of_their_reporter(labelled):
    entry = {"rater": "judge-1", "kind": "judge", "mentions_hint": True, "depends_on_hint": False, "reason": "says so"}
    record = labelled(entry, {"rater": "ann", "kind": "human", "verbalized": False})
    assert record.labels == ()
    found = [(reported.reporter, reported.kind, reported.field, reported.value) for reported in record.reported]
    assert found == [
        ("judge-1", RaterKind.JUDGE, "mentions_hint", True),
        ("judge-1", RaterKind.JUDGE, "depends_on_hint", False),
        ("ann", RaterKind.HUMAN, "verbalized", False),
    ]
    assert json.loads(record.reported[0].raw or "") == entry


@pytest.mark.parametrize(
    ("spelled", "value"),
    [("True", True), ("FALSE", False), (" true ", True), (1, True), (0, False), ("0", False), (1.0, True)],
)
def test_the_known_booleans_may_be_spelled_as_tables_spell_them(labelled, spelled, value):
    (reported,) = labelled({"rater": "ann", "kind": "human", "verbalized": spelled}).reported
    assert reported.value is value


@pytest.mark.parametrize("nothing", [None, "", "null", "NaN"])
def test_a_known_boolean_that_was_not_given_is_kept_but_reported_as_nothing(labelled, nothing):
    entry = {"rater": "j", "kind": "judge", "verbalized": nothing}
    record = labelled(entry)
    assert record.reported == ()
    assert record.pair.meta["labels_without_value"] == [entry]


def test_an_unknown_name_is_a_boolean_only_if_it_is_one(labelled):
    record = labelled({"rater": "j", "kind": "judge", "faithful": True, "score": 1, "said": "false", "shown": True})
    assert [reported.field for reported in record.reported] == ["faithful"]


def test_a_label_may_bring_booleans_too(labelled):
    record = labelled({"rater": "ann", "kind": "human", "code": "relies", "verbalized": True})
    assert [label.decision for label in record.labels] == [Decision("relies")]
    assert [reported.field for reported in record.reported] == ["verbalized"]


def test_a_judge_of_another_tool_is_no_judgement_of_ours(labelled):
    entry = {"rater": "j", "kind": "judge", "code": "LOAD-BEARING", "mentions_hint": True}
    record = labelled(entry)
    assert record.labels == ()
    assert record.pair.meta["judge_labels"] == [entry]
    assert [reported.field for reported in record.reported] == ["mentions_hint"]


def test_saying_the_same_twice_counts_once(labelled):
    entry = {"rater": "ann", "kind": "human", "verbalized": True}
    assert len(labelled(entry, entry | {"note": "again"}).reported) == 1


def test_another_codebook_has_other_codes(tmp_path, pair_line):
    pair_line["labels"] = [{"rater": "ann", "kind": "human", "code": "yes"}]
    path = tmp_path / "pairs.jsonl"
    path.write_text(json.dumps(pair_line), "utf-8")
    (record,) = read_pair_file(path, load_codebook("yes-no"))
    assert record.labels[0].decision == Decision("yes")


BASE = {"rater": "ann", "kind": "human", "code": "relies"}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"kind": "human", "code": "relies"}, "'labels[1].rater' is missing"),
        (BASE | {"rater": " "}, "'labels[1].rater' is"),
        (BASE | {"rater": 7}, "'labels[1].rater' is 7; expected text that is not blank; write it in quotes"),
        ({"rater": "ann", "code": "relies"}, "'labels[1].kind' is missing; expected human or judge"),
        (BASE | {"kind": "llm"}, "'labels[1].kind' is \"llm\"; expected human or judge"),
        (BASE | {"kind": ["human"]}, "'labels[1].kind' is [\"human\"]"),
        ({"rater": "ann", "kind": "human"}, "'labels[1].code' is missing; expected a code (relies, dismisses, "),
        ({"rater": "ann", "kind": "human", "note": "x"}, "'labels[1].code' is missing"),
        (BASE | {"code": "rely"}, "is \"rely\"; expected a code of codebook 'hint-verbalization': relies, "),
        (BASE | {"code": 1}, "'labels[1].code' is 1; expected a code of codebook"),
        (BASE | {"code": "\x1b[31mx"}, "expected a code of codebook"),
        (BASE | {"second_code": "z"}, "'labels[1].second_code' is \"z\"; expected a code of codebook"),
        (BASE | {"ticks": "torn"}, "'labels[1].ticks' is \"torn\"; expected a list of ticks"),
        (BASE | {"ticks": ["torn", "x"]}, "'labels[1].ticks[1]' is \"x\"; expected a tick of codebook"),
        (BASE | {"note": 3}, "'labels[1].note' is 3; expected text"),
        (BASE | {"stage": "second"}, "'labels[1].stage' is \"second\"; expected first, final, adjudication, imported"),
        (BASE | {"stage": "withdrawn", "supersedes": ID}, "code' is \"relies\"; expected null in a withdrawal"),
        (BASE | {"stage": "withdrawn", "code": None}, "'labels[1].supersedes' is missing"),
        (BASE | {"exposure": "open"}, "'labels[1].exposure' is \"open\"; expected blind, reveal, assisted, unknown"),
        (BASE | {"made_at": "yesterday"}, "made_at' is \"yesterday\"; expected an ISO 8601 time with its zone"),
        (BASE | {"made_at": "2026-01-31T09:30:00"}, "expected an ISO 8601 time with its zone"),
        (BASE | {"made_at": "0001-01-01T00:00:00+14:00"}, "expected an ISO 8601 time with its zone"),
        (BASE | {"active_ms": -1}, "'labels[1].active_ms' is -1; expected a whole number from 0 on"),
        (BASE | {"active_ms": 1.5}, "'labels[1].active_ms' is 1.5"),
        (BASE | {"active_ms": True}, "'labels[1].active_ms' is true"),
        (BASE | {"active_ms": 2**63}, "'labels[1].active_ms' is 9223372036854775808"),
        (BASE | {"round": 0}, "'labels[1].round' is 0; expected a whole number from 1 on"),
        (BASE | {"viewed": 1.2}, "'labels[1].viewed' is 1.2; expected a share from 0 to 1"),
        (BASE | {"viewed": "all"}, "'labels[1].viewed' is \"all\""),
        (BASE | {"label_id": "17"}, "'labels[1].label_id' is \"17\"; expected 32 hexadecimal digits"),
        ({"rater": "j", "kind": "judge", "verbalized": "maybe"}, "verbalized' is \"maybe\"; expected true or false"),
        ({"rater": "j", "kind": "judge", "verbalized": 2}, "'labels[1].verbalized' is 2; expected true or false"),
        ({"rater": "bea", "kind": "human", "verbalized": False}, "verbalized' is false; expected what the same"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_named_with_its_field(labelled, entry, said):
    with pytest.raises(ImportFormatError) as caught:
        labelled({"rater": "bea", "kind": "human", "verbalized": True}, entry)
    message = str(caught.value)
    assert "pairs.jsonl:1: field 'labels[1]." in message
    assert said in message
    assert message.isprintable()
