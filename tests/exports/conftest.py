"""A study with everything in it that an export can meet, and its export."""

from pathlib import Path
from typing import Any

import pytest

from annotator.domain.label import EvidenceSpan, Exposure
from annotator.domain.pair import Section
from annotator.domain.spans import locate_quote
from annotator.workflows.import_pairs import import_pairs
from annotator.workflows.prelabel import judge_for, prelabel
from annotator.workflows.rating import RatingSession
from annotator.workflows.rating_view import SessionOptions
from annotator.workflows.release import export_study
from tests.pair_factory import QUOTES, first_vote, label, pair, pairs, write_pairs

HOSTILE = "=cmd|' /C calc'!A0 \x1b[31m\u202e\u2028<script>[/]"


def _hostile_pair() -> dict[str, Any]:
    return pair(
        20,
        "silent",
        id=f"id {HOSTILE}",
        model=HOSTILE,
        hint_type=f"+{HOSTILE}",
        question=HOSTILE,
        labels=[
            label(f"=rater {HOSTILE}", "silent", note=f'-note {HOSTILE}\nsecond line, "quoted"'),
            {"rater": f"@judge {HOSTILE}", "kind": "judge", "verbalized": False},
        ],
        meta={"disclosure": "instructed", "source": HOSTILE, "nested": {"gold": [1, None, 2.5]}},
    )


def _rate(study: Path, rater: str, exposure: Exposure | None, votes: int, *, errs_every: int = 99) -> None:
    """Vote as the pairs' stances are, but for every so-manieth pair."""
    session = RatingSession.open(study, rater, SessionOptions(exposure=exposure))
    for vote in range(1, votes + 1):
        card = session.card
        assert card is not None
        code = "silent"
        for stance, quote in QUOTES.items():
            span = locate_quote(card.hinted.arm.reasoning, quote)
            if span is not None and vote % errs_every:
                text = card.hinted.arm.reasoning[span.start : span.end]
                session.add_evidence(EvidenceSpan(Section.REASONING, span.start, span.end, text))
                code = stance
        session.vote(code).result()
    session.close()


@pytest.fixture(scope="session")
def full_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with votes before and after a verdict, an undone change, an adjudication; not to be written to."""
    folder = tmp_path_factory.mktemp("full")
    lines = [
        *pairs(8),
        pair(9, "relies", labels=[first_vote("eve", "relies", 1), first_vote("fay", "mentions", 2, evidence=[])]),
        pair(10, "relies", unhinted={"reasoning": "cut off", "answer": None, "reasoning_kind": "truncated"}),
        _hostile_pair(),
    ]
    lines[8]["labels"].append(
        label(
            "gil",
            "relies",
            label_id=f"{3:032x}",
            stage="adjudication",
            exposure="unknown",
            ticks=["torn"],
            second_code="mentions",
        )
    )
    study = folder / "study.db"
    import_pairs(study, [write_pairs(folder / "pairs.jsonl", lines)], seed=7, is_complete=True)
    prelabel(study, judge_for(study, "lexical", model=None))
    _rate(study, "ann", Exposure.BLIND, 8)
    _rate(study, "Bob Lee", None, 8, errs_every=3)
    session = RatingSession.open(study, "ann", SessionOptions())
    session.go_previous()
    session.vote("mentions").result()
    undone = session.undo()
    assert undone is not None
    undone.result()
    session.close()
    return study


@pytest.fixture(scope="session")
def exported(full_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export of that study."""
    out = tmp_path_factory.mktemp("exported") / "out"
    export_study(full_study, out, resamples=50)
    return out
