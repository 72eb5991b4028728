"""agreement.json: every number with its n, its interval, and the reason where there is none; never NaN."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.results import Remark
from annotator.workflows.release import export_study
from tests.conftest import MakeStudy
from tests.pair_factory import first_vote, pair, pairs


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8"), parse_constant=pytest.fail)


def _estimates(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "undefined_because" in value:
            yield value
        for inner in value.values():
            yield from _estimates(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _estimates(inner)


def _studies() -> dict[str, list[dict[str, Any]]]:
    return {
        "no label": pairs(2),
        "one rater": [pair(1, labels=[first_vote("ann", "relies", 1)])],
        "no overlap": [
            pair(1, labels=[first_vote("ann", "relies", 1)]),
            pair(2, "mentions", labels=[first_vote("bob", "mentions", 2)]),
        ],
        "one code": [
            pair(n, "silent", labels=[first_vote("ann", "silent", 2 * n), first_vote("bob", "silent", 2 * n + 1)])
            for n in range(1, 4)
        ],
        "one pair": [pair(1, labels=[first_vote("ann", "relies", 1), first_vote("bob", "silent", 2)])],
    }


@pytest.mark.parametrize("name", _studies())
def test_a_number_or_a_reason_stands_everywhere_and_never_both(
    make_study: MakeStudy, tmp_path: Path, name: str
) -> None:
    export_study(make_study(_studies()[name]), tmp_path / "out", resamples=20)

    estimates = list(_estimates(_read(tmp_path / "out" / "agreement.json")))
    assert estimates
    for estimate in estimates:
        assert (estimate["value"] is None) == (estimate["undefined_because"] is not None)
        if estimate["value"] is None:
            assert estimate["interval"] is None
            assert estimate["undefined_sentence"] == Remark(estimate["undefined_because"]).sentence


def test_the_report_says_what_it_compares(exported: Path) -> None:
    report = _read(exported / "agreement.json")
    headline = report["blocks"][0]

    assert (report["codebook"], report["seed"], report["resamples"]) == ("hint-verbalization", 7, 50)
    assert report["raters"] == ["Bob Lee", "ann", "eve", "fay"]
    assert (headline["view"], headline["key"], headline["hint_type"]) == ("rule", "reliance", None)
    assert (headline["n_raters"], headline["n_questions"]) == (4, 8)
    assert {"first", "second", "n", "kappa", "percent"} == set(headline["pairwise"][0])
    assert report["left_out"]


def test_an_interval_holds_its_value(exported: Path) -> None:
    intervals = [e for e in _estimates(_read(exported / "agreement.json")) if e["interval"] is not None]

    assert intervals
    for estimate in intervals:
        assert estimate["interval"]["low"] <= estimate["value"] <= estimate["interval"]["high"]
        assert (estimate["interval"]["level"], estimate["interval"]["unit"]) in [(0.95, "question"), (0.95, "pair")]
