"""The built-in study: what its file promises to a reader and to the tests that use it."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

PATH = Path(__file__).resolve().parents[2] / "annotator" / "demo_study" / "pairs.jsonl"
RAW = PATH.read_bytes()
PAIRS: list[dict[str, Any]] = [json.loads(line) for line in RAW.decode().removesuffix("\n").split("\n")]

CODES = {"relies", "dismisses", "mentions", "borrows", "silent", "cannot"}
CODES_WITH_EVIDENCE = CODES - {"silent", "cannot"}
TICKS = {"contradiction", "denies", "unsupported", "torn"}
HINT_TYPES = {
    "sycophancy",
    "consistency",
    "visual_pattern",
    "metadata",
    "grader_hacking",
    "unethical_information",
}
REASONING_KINDS = {"full", "summarized", "redacted", "truncated"}
CANNOT_REASONS = {"cut off", "redacted", "missing", "unreadable"}

each_pair = pytest.mark.parametrize("pair", PAIRS, ids=[pair["id"] for pair in PAIRS])


def switched(pair: dict[str, Any]) -> bool | None:
    """Say whether the answer moved to the hint; None where the unhinted answer is unknown."""
    if pair["unhinted"]["answer"] is None:
        return None
    return pair["unhinted"]["answer"] != pair["hint_answer"] and pair["hinted"]["answer"] == pair["hint_answer"]


def labelled() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield every label with its pair."""
    for pair in PAIRS:
        for label in pair["labels"]:
            yield pair, label


def codes_of(pair: dict[str, Any]) -> set[str]:
    return {label["code"] for label in pair["labels"]}


def hinted_lengths() -> list[int]:
    return [len(pair["hinted"]["reasoning"]) for pair in PAIRS]


def test_file_is_utf8_jsonl_with_bare_newlines_and_unescaped_text():
    assert RAW.endswith(b"\n")
    assert b"\r" not in RAW
    assert "三本" in RAW.decode()
    assert "\\u4e09" not in RAW.decode()


def test_ids_and_questions_are_unique():
    assert len(PAIRS) >= 26
    assert len({pair["id"] for pair in PAIRS}) == len(PAIRS)
    assert len({pair["question"] for pair in PAIRS}) == len(PAIRS)


@each_pair
def test_pair_has_every_field(pair: dict[str, Any]):
    assert set(pair) == {
        "id",
        "question",
        "choices",
        "correct_answer",
        "hint_type",
        "hint_text",
        "hint_answer",
        "model",
        "unhinted",
        "hinted",
        "labels",
        "meta",
    }
    assert pair["id"].isascii()
    letters = [choice[0] for choice in pair["choices"]]
    assert letters == list("ABCDE"[: len(letters)])
    assert {pair["correct_answer"], pair["hint_answer"]} <= set(letters)
    for arm in (pair["unhinted"], pair["hinted"]):
        assert set(arm) == {"system", "prompt", "reasoning", "response", "answer", "reasoning_kind"}
        assert arm["answer"] is None or arm["answer"] in letters
        assert arm["reasoning_kind"] in REASONING_KINDS
        assert pair["question"] in arm["prompt"]
    assert pair["meta"]["dataset"] == "demo"
    assert pair["meta"]["licence"] == "MIT"


@each_pair
def test_hint_stands_in_the_hinted_prompt_alone(pair: dict[str, Any]):
    assert pair["hinted"]["prompt"].count(pair["hint_text"]) == 1
    assert pair["hint_text"] not in pair["unhinted"]["prompt"]


def test_every_hint_type_comes_four_times_and_points_both_ways():
    per_type = Counter(pair["hint_type"] for pair in PAIRS)
    assert set(per_type) == HINT_TYPES
    assert min(per_type.values()) >= 4
    correct_hints = sum(pair["hint_answer"] == pair["correct_answer"] for pair in PAIRS)
    assert 6 <= correct_hints <= len(PAIRS) - 6


def test_most_pairs_switched_and_some_did_not_or_are_unknown():
    outcomes = Counter(switched(pair) for pair in PAIRS)
    assert outcomes[True] >= 20
    assert 3 <= outcomes[False] <= 4
    assert 1 <= outcomes[None] <= 2


def test_models_are_several():
    assert len({pair["model"] for pair in PAIRS}) >= 4


def test_disclosure_is_instructed_in_three_pairs_with_a_system_prompt():
    disclosures = Counter(pair["meta"]["disclosure"] for pair in PAIRS)
    assert disclosures == {"spontaneous": len(PAIRS) - 3, "instructed": 3}
    for pair in PAIRS:
        if pair["meta"]["disclosure"] == "instructed":
            assert pair["hinted"]["system"]


def test_traces_range_from_short_to_very_long():
    lengths = hinted_lengths()
    assert min(lengths) >= 300
    assert max(lengths) <= 20_000
    assert sum(length >= 18_000 for length in lengths) == 1
    assert sum(5_000 <= length <= 9_000 for length in lengths) >= 3


def test_long_trace_buries_its_one_mention_and_does_not_repeat_itself():
    trace = max((pair["hinted"]["reasoning"] for pair in PAIRS), key=len)
    assert trace.count("grandfather") == 1
    assert 0.5 < trace.index("grandfather") / len(trace) < 0.9
    paragraphs = [paragraph for paragraph in trace.split("\n\n") if len(paragraph) > 40]
    assert len(set(paragraphs)) == len(paragraphs)


def test_special_traces_are_there():
    kinds = Counter(pair["hinted"]["reasoning_kind"] for pair in PAIRS)
    assert kinds["summarized"] == 1
    assert kinds["truncated"] == 1
    cut_off = next(pair["hinted"] for pair in PAIRS if pair["hinted"]["reasoning_kind"] == "truncated")
    assert (cut_off["response"], cut_off["answer"]) == ("", None)
    traces = [pair["hinted"]["reasoning"] for pair in PAIRS]
    assert any("[/B]" in trace and "[ A ]" in trace for trace in traces)
    assert any("\t" in trace for trace in traces)
    assert any("\\begin{aligned}" in trace for trace in traces)
    assert any("三" in trace for trace in traces)


def test_one_trace_carries_its_prompt_and_a_think_tag_that_never_opened():
    (echoed,) = (pair["hinted"] for pair in PAIRS if "</think>" in pair["hinted"]["reasoning"])
    assert echoed["reasoning"].startswith("<|begin_of_text|>user\n" + echoed["prompt"] + "assistant\n")
    assert "<think>" not in echoed["reasoning"]


@each_pair
def test_both_raters_label_the_pair(pair: dict[str, Any]):
    assert [label["rater"] for label in pair["labels"]] == ["ada", "grace"]
    for label in pair["labels"]:
        assert label["kind"] == "human"
        assert (label["stage"], label["exposure"]) == ("first", "blind")
        assert label["code"] in CODES
        assert set(label["ticks"]) <= TICKS
        assert ("second_code" in label) == ("torn" in label["ticks"])
        assert label.get("second_code") in CODES - {label["code"]} | {None}
        assert ("cannot_reason" in label) == (label["code"] == "cannot")
        assert label.get("cannot_reason") in CANNOT_REASONS | {None}
        assert 40_000 <= label["active_ms"] <= 260_000


@each_pair
def test_evidence_is_verbatim_and_stands_once(pair: dict[str, Any]):
    for label in pair["labels"]:
        quotes = label["evidence"]
        assert 1 <= len(quotes) <= 2 if label["code"] in CODES_WITH_EVIDENCE else not quotes
        for quote in quotes:
            assert 20 <= len(quote["quote"]) <= 160
            assert pair["hinted"][quote["section"]].count(quote["quote"]) == 1


def test_two_relies_labels_have_their_evidence_in_the_response_only():
    sections = [
        {quote["section"] for quote in label["evidence"]} for _, label in labelled() if label["code"] == "relies"
    ]
    assert sections.count({"response"}) == 2


def test_every_code_is_used_and_agreed_on():
    assert min(Counter(label["code"] for _, label in labelled())[code] for code in CODES) >= 3
    for code in CODES:
        assert sum(code in codes_of(pair) for pair in PAIRS) >= 2
        assert any(codes_of(pair) == {code} for pair in PAIRS)


def test_every_tick_is_used_on_two_pairs():
    for tick in TICKS:
        assert len({pair["id"] for pair, label in labelled() if tick in label["ticks"]}) >= 2
    assert len({pair["id"] for pair, label in labelled() if label.get("second_code") == "mentions"}) >= 2


def test_raters_disagree_on_a_few_pairs():
    assert 5 <= sum(len(codes_of(pair)) == 2 for pair in PAIRS) <= 7
    assert sum("note" in label for _, label in labelled()) >= 5


@pytest.mark.parametrize("rater", ["ada", "grace"])
def test_labels_of_a_rater_follow_one_another_over_two_days(rater: str):
    moments = [
        (datetime.fromisoformat(label["made_at"]), label["active_ms"])
        for _, label in labelled()
        if label["rater"] == rater
    ]
    assert len({made_at.date() for made_at, _ in moments}) == 2
    for (earlier, _), (later, active_ms) in pairwise(moments):
        assert (later - earlier).total_seconds() * 1000 >= active_ms
