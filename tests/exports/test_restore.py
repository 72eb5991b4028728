"""gold.jsonl restores a study: the same pairs, the same labels, the same statistics."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.label import Exposure
from annotator.errors import ImportFormatError
from annotator.workflows.analyse import study_agreement
from annotator.workflows.import_pairs import import_pairs
from annotator.workflows.rating import RatingSession
from annotator.workflows.rating_view import SessionOptions
from annotator.workflows.release import export_study
from annotator_db.store import Store
from tests.conftest import MakeStudy
from tests.pair_factory import first_vote, pair, pairs

ADDED_BY_THE_STUDY = (
    "switched",
    "split",
    "excluded_because",
    "gold",
    "judgements",
    "content_sha",
    "question_sha",
)
"""What a line of gold.jsonl has beside the fields of a pair file."""

# A judgement's id means nothing in a study that does not hold the judgement.
_LOST = ("seen_judgement_id",)


@pytest.fixture
def restored(exported: Path, tmp_path: Path) -> Path:
    study = tmp_path / "restored.db"
    import_pairs(study, [exported / "gold.jsonl"], seed=7)
    return study


def _lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "gold.jsonl").read_text("utf-8").split("\n") if line]


def _labels(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {key: value for key, value in entry.items() if key not in _LOST} for line in lines for entry in line["labels"]
    ]


def test_pairs_come_back_as_they_were(full_study: Path, restored: Path) -> None:
    with Store.open(full_study) as before, Store.open(restored) as after:
        for old, new in zip(before.pairs.all(), after.pairs.all(), strict=True):
            assert new.pair == old.pair
            assert (new.content_sha, new.question_sha, new.split) == (old.content_sha, old.question_sha, old.split)


def test_labels_come_back_with_ids_evidence_times_exposures_and_stages(
    exported: Path, restored: Path, tmp_path: Path
) -> None:
    export_study(restored, tmp_path / "again", resamples=50)

    assert _labels(_lines(tmp_path / "again")) == _labels(_lines(exported))
    assert len(_labels(_lines(exported))) > 20


def test_gold_comes_back_as_it_was(exported: Path, restored: Path, tmp_path: Path) -> None:
    export_study(restored, tmp_path / "again", resamples=50)

    assert [line["gold"] for line in _lines(tmp_path / "again")] == [line["gold"] for line in _lines(exported)]


def test_agreement_comes_back_as_it_was(full_study: Path, restored: Path) -> None:
    before = study_agreement(full_study, resamples=30, seed=1)
    after = study_agreement(restored, resamples=30, seed=1)

    assert (after.blocks, after.raters) == (before.blocks, before.raters)


def test_what_the_study_adds_to_a_line_does_not_end_in_meta(exported: Path, restored: Path, tmp_path: Path) -> None:
    export_study(restored, tmp_path / "again", resamples=50)

    assert [line["meta"] for line in _lines(tmp_path / "again")] == [line["meta"] for line in _lines(exported)]
    assert not any(key in line["meta"] for line in _lines(tmp_path / "again") for key in ADDED_BY_THE_STUDY)


def test_restoring_twice_adds_nothing(exported: Path, restored: Path) -> None:
    again = import_pairs(restored, [exported / "gold.jsonl"])

    assert (again.counts.added, again.counts.labels_added, again.counts.reported_added) == (0, 0, 0)
    assert again.counts.skipped == again.total_pairs == 11


def test_an_export_adds_its_labels_to_a_study_that_has_the_pairs(
    make_study: MakeStudy, exported: Path, tmp_path: Path
) -> None:
    study = make_study(pairs(8))

    counts = import_pairs(study, [exported / "gold.jsonl"]).counts

    assert (counts.added, counts.skipped) == (3, 8)
    assert counts.labels_added == sum("label_id" in entry for entry in _labels(_lines(exported)))


def _go_on(study: Path, rater: str, *codes: str) -> None:
    session = RatingSession.open(study, rater, SessionOptions(exposure=Exposure.BLIND))
    for code in codes:
        session.vote(code).result()
    session.close()


def _change_first(study: Path, rater: str, code: str) -> None:
    session = RatingSession.open(study, rater, SessionOptions(exposure=Exposure.BLIND))
    while session.go_previous():
        pass
    session.vote(code).result()
    session.close()


@pytest.mark.parametrize("copies", range(4))
def test_a_history_that_went_on_in_a_restored_study_can_be_restored_again(
    make_study: MakeStudy, tmp_path: Path, copies: int
) -> None:
    # Copies have random names: whichever comes first in the alphabet, a change counts as later than what it changes.
    study = make_study(pairs(3), f"origin-{copies}.db")
    _go_on(study, "ann", "relies", "silent")
    export_study(study, tmp_path / "first", resamples=0)
    copy = tmp_path / "copy.db"
    import_pairs(copy, [tmp_path / "first" / "gold.jsonl"], seed=7)
    _change_first(copy, "ann", "mentions")
    export_study(copy, tmp_path / "second", resamples=0)
    third = tmp_path / "third.db"
    import_pairs(third, [tmp_path / "second" / "gold.jsonl"], seed=7)

    for path in (copy, third):
        with Store.open(path) as store:
            assert [vote.decision.code for vote in store.votes.first_votes()] == ["mentions", "silent"]
            assert [label.code for label in store.labels.history(1)] == ["relies", "mentions"]


def test_a_rater_goes_on_in_a_restored_study_where_they_stopped(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study(pairs(4))
    _go_on(study, "ann", "relies", "silent")
    export_study(study, tmp_path / "out", resamples=0)
    import_pairs(tmp_path / "copy.db", [tmp_path / "out" / "gold.jsonl"])

    session = RatingSession.open(tmp_path / "copy.db", "ann")
    assert session.card is not None
    assert session.card.pair_id == "fence-0003"
    assert session.progress.labelled == 2
    session.close()


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line | {"hinted": line["hinted"] | {"reasoning": "another text"}},
        lambda line: line | {"hint_text": "another hint"},
    ],
)
def test_a_line_that_was_changed_by_hand_is_told_from_the_pair_that_is_there(
    make_study: MakeStudy, tmp_path: Path, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    study = make_study([pair(1, "silent", labels=[first_vote("ann", "silent", 1)])])
    export_study(study, tmp_path / "out", resamples=0)
    (line,) = _lines(tmp_path / "out")
    file = tmp_path / "changed.jsonl"
    file.write_text(json.dumps(change(line)) + "\n")

    with pytest.raises(ImportFormatError, match=r"changed.jsonl:1: field 'id' is 'fence-0001'.*other content"):
        import_pairs(study, [file])
