"""The history of labels: written once, ordered within a copy of the study, walked along its chain."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.domain.label import Decision, EvidenceSpan, Exposure, LabelStage, Shown
from annotator.domain.pair import Section
from annotator_db.labels import NewLabel
from annotator_db.store import Store
from tests.db.conftest import AddLabel


def _history(store: Store, pos: int = 1) -> list[tuple[str, str | None]]:
    return [(label.rater, label.code) for label in store.labels.history(pos)]


def test_a_label_comes_back_as_it_was_given(store: Store, add_label: AddLabel) -> None:
    judged = Decision(
        code="relies",
        evidence=(EvidenceSpan(Section.REASONING, 0, 5, "Three"), EvidenceSpan(Section.RESPONSE, 4, 9, "fence")),
        ticks=("torn", "contradiction"),
        second_code="mentions",
        note="näher ansehen 🙂\nzweite Zeile",
        cannot_reason="cut off",
    )
    label_id = add_label(
        "Ann  Lee",
        decision=judged,
        exposure=Exposure.REVEAL,
        shown=Shown.ANSWERS | Shown.HIGHLIGHTS,
        viewed=0.75,
        verdicts_seen=12,
        active_ms=90_000,
    )

    found = store.labels.get(label_id)

    assert found is not None
    assert found.decision == judged
    assert (found.pair_id, found.rater, found.stage) == ("fence-0001", "Ann Lee", LabelStage.FIRST)
    assert (found.exposure, found.shown, found.viewed) == (Exposure.REVEAL, Shown.ANSWERS | Shown.HIGHLIGHTS, 0.75)
    assert (found.verdicts_seen, found.active_ms, found.made_at) == (12, 90_000, "2026-03-01T10:00:00.000Z")
    assert (found.origin, found.seq) == (store.study().origin, 1)


def test_a_label_written_twice_is_one_label(store: Store, add_label: AddLabel) -> None:
    spans = Decision("relies", (EvidenceSpan(Section.REASONING, 0, 5, "Three"),))
    for code in ("relies", "silent"):
        add_label(label_id="same", decision=spans if code == "relies" else Decision(code))

    (only,) = store.labels.history(1)
    assert only.decision == spans


def test_labels_are_numbered_within_their_copy_of_the_study(store: Store, add_label: AddLabel) -> None:
    add_label("ann")
    add_label("ann", pos=2, origin="elsewhere", seq=40)
    add_label("bob", pos=3)
    add_label("cho", pos=2)

    numbered = sorted(
        (label.origin == "elsewhere", label.seq) for pos in (1, 2, 3) for label in store.labels.history(pos)
    )
    assert numbered == [(False, 1), (False, 2), (False, 3), (True, 40)]


@pytest.mark.parametrize("origin", ["000 before every other", "zzz after every other"])
def test_a_history_that_went_on_in_another_copy_is_read_along_its_chain(
    store: Store, add_label: AddLabel, origin: str
) -> None:
    first = add_label("ann", "relies", origin=origin, seq=1)
    bobs = add_label("bob", "mentions", origin=origin, seq=2)
    change = add_label("ann", "silent", supersedes=first)
    add_label("ann", None, supersedes=change)
    add_label("bob", "dismisses", origin=origin, seq=3, supersedes=bobs)

    codes_of_ann = [code for rater, code in _history(store) if rater == "ann"]
    assert codes_of_ann == ["relies", "silent", None]
    assert [code for rater, code in _history(store) if rater == "bob"] == ["mentions", "dismisses"]


def test_undo_finds_the_last_label_that_stands_in_this_copy(store: Store, add_label: AddLabel) -> None:
    add_label("ann", "relies", pos=1)
    last = add_label("ann", "silent", pos=2)
    rater = store.raters.find("ann")
    assert rater is not None
    origin = store.study().origin

    assert store.labels.latest_standing(rater.rater_id, origin) is not None
    add_label("ann", None, pos=2, supersedes=last)
    standing = store.labels.latest_standing(rater.rater_id, origin)
    latest = store.labels.latest(rater.rater_id, origin)

    assert standing is not None
    assert (standing[0], standing[1].code) == (1, "relies")
    assert latest is not None
    assert (latest[0], latest[1].stage) == (2, LabelStage.WITHDRAWN)
    assert store.labels.labelled_pairs(rater.rater_id) == 1


def test_labels_that_came_with_a_file_are_not_undone(store: Store, add_label: AddLabel) -> None:
    add_label("ann", "relies", stage=LabelStage.IMPORTED, exposure=Exposure.UNKNOWN)
    rater = store.raters.find("ann")
    assert rater is not None

    assert store.labels.latest_standing(rater.rater_id, store.study().origin) is None


def test_names_that_differ_in_case_and_white_space_are_one_rater(store: Store) -> None:
    with store.writing():
        first = store.raters.ensure("Ann Lee", "imported")
        again = store.raters.ensure(" ann  LEE ")

    assert again.rater_id == first.rater_id
    assert (again.name, again.kind) == ("Ann Lee", "human")
    assert [rater.kind for rater in store.raters.all()] == ["human"]


_WRITER = """
import json, sys
from pathlib import Path
from uuid import uuid4
from annotator.domain.label import Decision, Exposure, LabelStage
from annotator_db.labels import NewLabel
from annotator_db.store import Access, Store

rater, count = sys.argv[2], int(sys.argv[3])
acknowledged = []
with Store.open(Path(sys.argv[1]), Access.WRITE) as store:
    study = store.study()
    sys.stdin.readline()
    for n in range(count):
        label_id = uuid4().hex
        with store.writing():
            rater_id = store.raters.ensure(rater).rater_id
            store.labels.add(NewLabel(label_id, n % 3 + 1, rater_id, LabelStage.FIRST, Decision("relies"),
                                      Exposure.BLIND, "2026-03-01T10:00:00Z", study.codebook_sha), study.origin)
        acknowledged.append(label_id)
print(json.dumps(acknowledged))
"""


def test_eight_programs_write_a_hundred_labels_each_without_losing_one(study: Path) -> None:
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(study), f"rater {n}", "100"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(8)
    ]
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    ended = [program.communicate(timeout=120) for program in programs]

    assert [err for _, err in ended] == [""] * 8
    acknowledged = [label_id for out, _ in ended for label_id in json.loads(out)]
    with Store.open(study) as store:
        labels = [label for pos in (1, 2, 3) for label in store.labels.history(pos)]
    assert len(acknowledged) == 800
    assert sorted(label.label_id for label in labels) == sorted(acknowledged)
    assert sorted(label.seq or 0 for label in labels) == list(range(1, 801))


def test_a_label_without_a_code_cannot_be_anything_but_a_withdrawal(store: Store) -> None:
    study = store.study()
    with store.writing():
        rater_id = store.raters.ensure("ann").rater_id
    label = NewLabel("x", 1, rater_id, LabelStage.FIRST, None, Exposure.BLIND, "2026", study.codebook_sha)

    with pytest.raises(Exception, match="CHECK constraint failed"), store.writing():
        store.labels.add(label, study.origin)
    assert store.labels.history(1) == []
