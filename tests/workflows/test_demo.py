"""The built-in study: made once, gone on with, and nothing of a user's ever replaced."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from annotator.errors import NotAStudyError, StudyError
from annotator.workflows.demo import DEMO_RATER, prepare_demo
from annotator.workflows.import_pairs import import_pairs
from annotator.workflows.rating import RatingSession
from annotator.workflows.status import study_status
from annotator_db.store import Store
from tests.pair_factory import pairs, write_pairs


def _dump(study: Path) -> list[str]:
    with closing(sqlite3.connect(study)) as connection:
        return list(connection.iterdump())


def test_the_demo_is_imported_and_judged(tmp_path: Path) -> None:
    prepared = prepare_demo(tmp_path / "deep" / "demo")
    status = study_status(prepared.study)

    assert prepared.is_new
    assert (prepared.study, prepared.export) == (tmp_path / "deep/demo/demo.db", tmp_path / "deep/demo/export")
    assert status.pairs.total == prepared.pairs >= 24
    (judge,) = status.judges
    assert (judge.kind, judge.is_complete, sum(judge.states.values())) == ("lexical", True, prepared.pairs)
    assert status.shown_judge_id == judge.judge_id
    assert len(status.raters) == 2
    assert all(rater.first_votes for rater in status.raters)


def test_the_demo_twice_goes_on_and_changes_nothing(tmp_path: Path) -> None:
    prepared = prepare_demo(tmp_path)
    session = RatingSession.open(prepared.study, DEMO_RATER)
    session.vote("silent").result()
    session.close()
    before = _dump(prepared.study)

    again = prepare_demo(tmp_path)

    assert not again.is_new
    assert _dump(prepared.study) == before


def test_everyone_meets_the_same_demo(tmp_path: Path) -> None:
    seeds = []
    for name in ("one", "two"):
        with Store.open(prepare_demo(tmp_path / name).study) as store:
            seeds.append((store.study().seed, [stored.split for stored in store.pairs.all()]))

    assert seeds[0] == seeds[1]


def test_a_demo_that_was_cut_off_before_the_judge_is_judged_at_the_next_run(tmp_path: Path) -> None:
    study = tmp_path / "demo.db"
    import_pairs(study, [write_pairs(tmp_path / "few.jsonl", pairs(3))])

    prepared = prepare_demo(tmp_path)

    assert (prepared.is_new, prepared.pairs) == (False, 3)
    assert study_status(study).judges[0].is_complete


def test_a_file_of_a_users_own_under_the_demos_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo.db").write_text("my notes")

    with pytest.raises(NotAStudyError, match="is not a study"):
        prepare_demo(tmp_path)
    assert (tmp_path / "demo.db").read_text() == "my notes"


def test_a_folder_that_cannot_be_made_says_which_option_to_give(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(StudyError, match=r"file cannot be made: File exists; give another --dir"):
        prepare_demo(tmp_path / "file")
