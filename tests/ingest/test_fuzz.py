"""Whatever a file holds: pairs, or one ImportFormatError of one line that names the file."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.domain.codebook_file import load_codebook
from annotator.domain.display import display_safe
from annotator.domain.record import PairRecord, content_sha
from annotator.errors import ImportFormatError
from annotator.ingest.canonical import read_pair_file

CODEBOOK = load_codebook("hint-verbalization")
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["relies", "A", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
PAIR_FIELDS = [
    "id",
    "question",
    "choices",
    "correct_answer",
    "hint_type",
    "hint_text",
    "hint_answer",
    "model",
    "unhinted",
]
ARM_FIELDS = ["hinted", "labels", "meta", "system", "prompt", "reasoning", "response", "answer", "reasoning_kind"]
LABEL_FIELDS = [
    "rater",
    "kind",
    "code",
    "evidence",
    "ticks",
    "second_code",
    "note",
    "cannot_reason",
    "stage",
    "exposure",
]
MORE_FIELDS = [
    "made_at",
    "active_ms",
    "label_id",
    "supersedes",
    "shown",
    "viewed",
    "round",
    "quote",
    "section",
    "start",
]
FIELDS = [*PAIR_FIELDS, *ARM_FIELDS, *LABEL_FIELDS, *MORE_FIELDS, "end", "verbalized", "disclosure", "judge_labels"]
GOOD: dict[str, Any] = {
    "id": "tide-1",
    "question": "When?",
    "choices": ["A. 1", "B. 2"],
    "hint_text": "It is B.",
    "hint_answer": "B",
    "unhinted": {"answer": "A", "reasoning": "so"},
    "hinted": {"answer": "B", "reasoning": "<think>It is B, I am told</think>B", "prompt": "When? It is B."},
    "labels": [
        {"rater": "a", "kind": "human", "code": "relies", "evidence": [{"quote": "It is B", "section": "reasoning"}]},
        {"rater": "j", "kind": "judge", "verbalized": "True"},
    ],
    "meta": {"disclosure": "unknown"},
}
LINE = json.dumps(GOOD).encode()


def read(folder: Path, data: bytes) -> list[PairRecord] | None:
    path = folder / "pairs.jsonl"
    path.write_bytes(data)
    try:
        records = list(read_pair_file(path, CODEBOOK))
    except ImportFormatError as error:
        message = str(error)
        assert display_safe(message) == message
        assert "\n" not in message
        assert "pairs.jsonl" in message
        assert "; expected " in message
        assert len(message) < 700
        return None
    for record in records:
        content_sha(record.pair)
        json.dumps(dict(record.pair.meta), allow_nan=False).encode()
        for label in record.labels:
            for span in label.decision.evidence if label.decision else ():
                assert record.pair.hinted.section(span.section)[span.start : span.end] == span.quote
    return records


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


FUZZ = settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(data=st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_bytes(folder, data):
    read(folder, data)


@FUZZ
@given(cut=st.integers(0, len(LINE)), inserted=st.binary(max_size=6), skipped=st.integers(0, 4))
def test_a_line_with_bytes_put_in_or_taken_out(folder, cut, inserted, skipped):
    read(folder, LINE + b"\n" + LINE[:cut] + inserted + LINE[cut + skipped :])


@FUZZ
@given(cut=st.integers(1, len(LINE) - 1))
def test_a_line_that_is_cut_off_is_never_a_pair(folder, cut):
    assert read(folder, LINE + b"\n" + LINE[:cut]) is None


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    members = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [path, *(found for key, inner in members for found in paths(inner, (*path, key)))]


@FUZZ
@given(
    place=st.sampled_from(paths(GOOD)), value=ANYTHING, key=st.none() | st.sampled_from(FIELDS) | st.text(max_size=6)
)
def test_any_value_at_any_place(folder, place, value, key):
    values = json.loads(LINE)
    if not place:
        read(folder, json.dumps(value).encode())
        return
    inner = values
    for step in place[:-1]:
        inner = inner[step]
    if key is not None and isinstance(inner, dict):
        inner[key] = value
    else:
        inner[place[-1]] = value
    read(folder, json.dumps(values).encode())


@FUZZ
@given(values=st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=8))
def test_any_object_of_known_fields(folder, values):
    read(folder, json.dumps(GOOD | values).encode())
    read(folder, json.dumps(GOOD | {"hinted": GOOD["hinted"] | values}).encode())
    read(folder, json.dumps(GOOD | {"labels": [{"rater": "a", "kind": "human", "code": "silent"} | values]}).encode())
    read(folder, json.dumps(values).encode())
