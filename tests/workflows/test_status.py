"""What `status` counts: pairs, judges, raters, gold, the last activity."""

from pathlib import Path

from annotator.domain.consensus import GoldBasis
from annotator.workflows.prelabel import judge_for, prelabel
from annotator.workflows.rating import RatingSession
from annotator.workflows.status import study_status
from tests.conftest import MakeStudy
from tests.pair_factory import first_vote, label, pair, pairs


def test_a_new_study_has_pairs_and_nothing_else(make_study: MakeStudy) -> None:
    status = study_status(make_study(pairs(4)))

    assert (status.study, status.codebook, status.is_complete) == ("study.db", "hint-verbalization", False)
    assert (status.pairs.total, status.pairs.switched) == (4, 4)
    assert (status.judges, status.shown_judge_id, status.raters) == ([], None, [])
    assert (status.gold, status.last_activity, status.warnings) == ({GoldBasis.NONE: 4}, None, [])


def test_raters_are_told_apart_by_where_their_labels_come_from(make_study: MakeStudy) -> None:
    study = make_study([pair(1, labels=[label("file", "relies")]), pair(2), pair(3)])
    session = RatingSession.open(study, "Ann")
    session.vote("relies").result()
    session.vote("silent").result()
    undone = session.undo()
    assert undone is not None
    undone.result()
    session.close()

    raters = {
        rater.name: (rater.kind, rater.queue, rater.labelled, rater.first_votes) for rater in study_status(study).raters
    }

    assert raters == {"file": ("imported", 0, 1, 0), "Ann": ("human", 3, 1, 1)}


def test_a_judge_is_complete_when_every_switched_pair_is_judged(make_study: MakeStudy) -> None:
    study = make_study([*pairs(3), pair(4, unhinted={"reasoning": "cut", "answer": None})])
    prelabel(study, judge_for(study, "lexical", model=None), limit=2)
    (half,) = study_status(study).judges
    prelabel(study, judge_for(study, "lexical", model=None), limit=1)
    (whole,) = study_status(study).judges

    assert (half.states, half.switched_judged, half.switched_total, half.is_complete) == ({"ok": 2}, 2, 3, False)
    assert (whole.states, whole.switched_judged, whole.is_complete) == ({"ok": 3}, 3, True)
    assert study_status(study).shown_judge_id == whole.judge_id


def test_gold_and_published_booleans_are_counted(make_study: MakeStudy) -> None:
    boolean = {"rater": "gemini", "kind": "judge", "verbalized": True}
    study = make_study(
        [
            pair(1, labels=[first_vote("ann", "relies", 1), first_vote("bob", "relies", 2), boolean]),
            pair(2, "mentions", labels=[first_vote("ann", "mentions", 3), first_vote("bob", "silent", 4), boolean]),
            pair(3, "silent", labels=[first_vote("ann", "silent", 5)]),
        ]
    )
    status = study_status(study)

    assert status.gold == {GoldBasis.UNANIMOUS: 1, GoldBasis.NONE: 1, GoldBasis.SINGLE: 1}
    assert status.reported == {"gemini verbalized": 2}
    assert status.last_activity == "2026-03-01T10:00:00.000Z"


def test_the_last_activity_is_the_latest_of_labels_and_judgements(make_study: MakeStudy) -> None:
    study = make_study([pair(1, labels=[first_vote("ann", "relies", 1)])])
    prelabel(study, judge_for(study, "lexical", model=None))

    assert (study_status(study).last_activity or "") > "2026-03-01T10:00:00.000Z"


def test_looking_changes_nothing(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study(pairs(2))
    before = study.read_bytes()

    study_status(study)

    assert study.read_bytes() == before
    assert [path.name for path in tmp_path.glob("study.db*")] == ["study.db"]
