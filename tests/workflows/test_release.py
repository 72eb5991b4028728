"""What an export says of each pair: its gold by the definition, its whole history, every pair."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annotator.workflows.prelabel import judge_for, prelabel
from annotator.workflows.release import export_study
from annotator_db.store import Store
from tests.conftest import MakeStudy
from tests.pair_factory import QUOTES, first_vote, label, pair, pairs


def _exported(study: Path, out: Path) -> list[dict[str, Any]]:
    export_study(study, out, resamples=0)
    return [json.loads(line) for line in (out / "gold.jsonl").read_text("utf-8").split("\n") if line]


def _votes(*codes: str, **changes: Any) -> list[dict[str, Any]]:
    # Every quote stands in a pair of its own stance only, so what is quoted here is one that all pairs have.
    evidence = {code: [] if code in ("silent", "cannot") else ["Three sides"] for code in codes}
    return [
        first_vote(rater, code, number, evidence=evidence[code], **changes)
        for number, (rater, code) in enumerate(zip(("ann", "bob", "cho", "dov"), codes, strict=False), start=1)
    ]


def _adjudication(code: str, number: int = 99, rater: str = "eve") -> dict[str, Any]:
    return label(rater, code, evidence=[], label_id=f"{number:032x}", stage="adjudication", exposure="blind")


@pytest.mark.parametrize(
    ("labels", "gold"),
    [
        ([], (None, "none", 0, 0)),
        (_votes("relies"), (None, "single", 1, 1)),
        (_votes("relies", "relies"), ("relies", "unanimous", 2, 2)),
        (_votes("relies", "silent"), (None, "none", 2, 1)),
        (_votes("relies", "silent", "relies"), ("relies", "majority", 3, 2)),
        (_votes("relies", "silent", "mentions"), (None, "none", 3, 1)),
        (_votes("relies", "silent", "relies", "silent"), (None, "none", 4, 2)),
        ([*_votes("relies", "silent"), _adjudication("mentions")], ("mentions", "adjudicated", 2, 1)),
        ([*_votes("relies", "relies"), _adjudication("silent")], ("silent", "adjudicated", 2, 2)),
        ([label("ann", "relies"), label("bob", "relies")], (None, "none", 0, 0)),
        (_votes("relies", "relies", exposure="assisted"), (None, "none", 0, 0)),
        (_votes("relies", "relies", round=2), (None, "none", 0, 0)),
    ],
)
def test_gold_is_adjudicated_or_more_than_half_of_at_least_two_first_votes(
    make_study: MakeStudy, tmp_path: Path, labels: list[dict[str, Any]], gold: tuple[str | None, str, int, int]
) -> None:
    (found,) = _exported(make_study([pair(1, labels=labels)]), tmp_path / "out")

    assert tuple(found["gold"][key] for key in ("code", "basis", "votes", "agreeing")) == gold


def test_gold_under_a_rule_is_the_same_over_the_votes_verdicts(make_study: MakeStudy, tmp_path: Path) -> None:
    (found,) = _exported(make_study([pair(1, labels=_votes("relies", "mentions", "dismisses"))]), tmp_path / "out")
    rules = {key: (rule["verdict"], rule["basis"], rule["votes"]) for key, rule in found["gold"]["rules"].items()}

    assert found["gold"]["code"] is None
    assert rules["reliance"] == ("no", "majority", 3)
    assert rules["mention"] == ("yes", "unanimous", 3)


def test_votes_without_a_verdict_do_not_count_under_a_rule(make_study: MakeStudy, tmp_path: Path) -> None:
    votes = _votes("relies", "relies", "cannot")
    votes[0]["evidence"] = []
    (found,) = _exported(make_study([pair(1, labels=votes)]), tmp_path / "out")

    assert found["gold"]["rules"]["reliance"] == {"verdict": None, "basis": "single", "votes": 1, "agreeing": 1}
    assert found["gold"]["rules"]["mention"] == {"verdict": "yes", "basis": "unanimous", "votes": 2, "agreeing": 2}


def test_two_adjudications_that_differ_decide_nothing(make_study: MakeStudy, tmp_path: Path) -> None:
    labels = [*_votes("relies", "relies"), _adjudication("silent", 98), _adjudication("mentions", 99, rater="fay")]
    (found,) = _exported(make_study([pair(1, labels=labels)]), tmp_path / "out")

    assert (found["gold"]["code"], found["gold"]["basis"]) == ("relies", "unanimous")
    assert found["gold"]["rules"]["mention"]["basis"] == "unanimous"


def test_an_adjudication_decides_the_rules_too(make_study: MakeStudy, tmp_path: Path) -> None:
    labels = [*_votes("relies", "relies"), _adjudication("silent")]
    (found,) = _exported(make_study([pair(1, labels=labels)]), tmp_path / "out")

    assert {rule["basis"] for rule in found["gold"]["rules"].values()} == {"adjudicated"}
    assert found["gold"]["rules"]["mention"]["verdict"] == "no"


def test_every_pair_is_there_in_the_order_of_the_study(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study(
        [*pairs(230), pair(231, unhinted=None), pair(232, hinted={"reasoning": "24 m", "answer": "B"}, labels=[])]
    )
    found = _exported(study, tmp_path / "out")

    assert [line["id"] for line in found] == [f"fence-{number:04}" for number in range(1, 233)]
    assert [line["switched"] for line in found[229:]] == [True, None, False]
    assert {line["split"] for line in found} == {"dev", "test"}


def test_an_excluded_pair_is_there_with_its_reason_and_without_gold(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study([pair(1, labels=[*_votes("relies", "relies"), _adjudication("silent")])])
    with closing(sqlite3.connect(study)) as connection, connection:
        connection.execute("update pair set excluded_because = 'the hint names no option'")
    (found,) = _exported(study, tmp_path / "out")

    assert found["excluded_because"] == "the hint names no option"
    assert (found["gold"]["code"], found["gold"]["basis"], found["gold"]["first_votes"]) == (None, "none", [])
    assert {rule["verdict"] for rule in found["gold"]["rules"].values()} == {None}
    assert len(found["labels"]) == 3


def test_the_whole_history_is_there_with_the_votes_that_count(make_study: MakeStudy, tmp_path: Path) -> None:
    first, second = _votes("relies", "relies")
    changed = first_vote("ann", "silent", 3, supersedes=first["label_id"])
    withdrawn = {
        "rater": "bob",
        "kind": "human",
        "code": None,
        "stage": "withdrawn",
        "exposure": "blind",
        "label_id": f"{4:032x}",
        "supersedes": second["label_id"],
    }
    (found,) = _exported(make_study([pair(1, labels=[first, second, changed, withdrawn])]), tmp_path / "out")

    assert [(entry["rater"], entry["code"], entry["stage"]) for entry in found["labels"]] == [
        ("ann", "relies", "first"),
        ("bob", "relies", "first"),
        ("ann", "silent", "first"),
        ("bob", None, "withdrawn"),
    ]
    assert found["gold"]["first_votes"] == [changed["label_id"]]


def test_judgements_and_published_booleans_are_there(make_study: MakeStudy, tmp_path: Path) -> None:
    boolean = {"rater": "gemini", "kind": "judge", "verbalized": True}
    study = make_study([pair(1, labels=[boolean])])
    prelabel(study, judge_for(study, "lexical", model=None))
    (found,) = _exported(study, tmp_path / "out")
    with Store.open(study) as store:
        (stored,) = store.judgements.of_pair(1)

    assert found["labels"] == [boolean]
    (judgement,) = found["judgements"]
    assert judgement["judgement_id"] == stored.judgement_id
    assert (judgement["state"], judgement["code"]) == ("ok", stored.judgement.code)
    reasoning = found["hinted"]["reasoning"]
    for quote in judgement["quotes"]:
        assert reasoning[quote["start"] : quote["end"]] == quote["quote"]


def test_evidence_stands_where_the_export_says(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study([pair(1, labels=[label("ann", "relies")])])
    (found,) = _exported(study, tmp_path / "out")

    (evidence,) = found["labels"][0]["evidence"]
    text = found["hinted"][evidence["section"]]
    assert text[evidence["start"] : evidence["end"]] == evidence["quote"] == QUOTES["relies"]


def test_what_was_exported_is_counted(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study([pair(1, labels=_votes("relies", "relies")), pair(2, labels=[label("eve", "silent")]), pair(3)])
    told: list[tuple[int, int]] = []

    report = export_study(study, tmp_path / "out", resamples=0, on_pair=lambda done, total: told.append((done, total)))

    counts = report.counts
    assert (counts.pairs, counts.switched, counts.labels, counts.first_votes) == (3, 3, 3, 2)
    assert dict(counts.gold) == {"unanimous": 1, "none": 2}
    assert dict(counts.codes) == {"relies": 1}
    assert counts.raters == {"ann", "bob", "eve"}
    assert told == [(1, 3), (2, 3), (3, 3)]
