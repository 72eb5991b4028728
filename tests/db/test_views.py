"""The readable side of a study: its views say what the definitions in Python say, to any tool that opens the file."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from annotator.domain.consensus import consensus
from annotator.domain.judgement import JudgeConfig, Judgement, JudgementState
from annotator.domain.label import Decision, EvidenceSpan, Exposure, LabelStage
from annotator.domain.pair import Section
from annotator_db.connection import Access
from annotator_db.labels import NewLabel
from annotator_db.store import Store
from tests.conftest import MakeStudy
from tests.db.conftest import AddLabel
from tests.pair_factory import first_vote, label, pair

_POSITIONS = (1, 2)
_RATERS = ("ann", "bob", "cho")
_ORIGINS = ("0 elsewhere", "z elsewhere")
_JUDGE = JudgeConfig("test judge", "lexical")


@dataclass(frozen=True, slots=True)
class Step:
    """One label of a random history; `follows` chooses among the earlier ones of the same pair, rater and round."""

    pos: int
    rater: str
    round: int
    stage: LabelStage
    code: str
    exposure: Exposure
    saw_verdict: bool
    follows: int | None
    origin: str
    decides: LabelStage | None = None


_steps = st.builds(
    Step,
    pos=st.sampled_from(_POSITIONS),
    rater=st.sampled_from(_RATERS),
    round=st.sampled_from((1, 1, 1, 2)),
    stage=st.sampled_from(
        [
            *[LabelStage.FIRST] * 4,
            LabelStage.WITHDRAWN,
            LabelStage.WITHDRAWN,
            LabelStage.FINAL,
            LabelStage.ADJUDICATION,
            LabelStage.IMPORTED,
        ]
    ),
    code=st.sampled_from(("relies", "mentions")),
    exposure=st.sampled_from((Exposure.BLIND, Exposure.REVEAL, Exposure.REVEAL, Exposure.ASSISTED)),
    saw_verdict=st.sampled_from((False, False, False, True)),
    follows=st.one_of(st.none(), st.integers(0, 3), st.just(0), st.just(0)),
    origin=st.sampled_from(_ORIGINS),
)


class _History:
    """A random history, written to a study in memory and kept beside it."""

    def __init__(self, template: Path, steps: list[Step]) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        with closing(sqlite3.connect(template)) as source:
            source.backup(self.connection)
        self.store = Store(template, self.connection, Access.WRITE)
        self.labels: list[NewLabel] = []
        facts = self.store.study()
        with self.store.writing():
            self.raters = {name: self.store.raters.ensure(name).rater_id for name in _RATERS}
            self.store.judgements.ensure_judge(_JUDGE)
            self.judgements = {
                pos: self.store.judgements.add(pos, _JUDGE.judge_id, Judgement(JudgementState.OK, "relies"))
                for pos in _POSITIONS
            }
            for number, step in enumerate(steps, start=1):
                self._write(number, step, facts.codebook_sha)

    def _write(self, number: int, step: Step, codebook_sha: str) -> None:
        chain = [
            earlier
            for earlier in reversed(self.labels)
            if (earlier.pos, earlier.rater_id, earlier.round) == (step.pos, self.raters[step.rater], step.round)
        ]
        follows = chain[step.follows % len(chain)] if chain and step.follows is not None else None
        if step.stage is LabelStage.WITHDRAWN and follows is None:
            return
        new = NewLabel(
            label_id=f"{number:03}",
            pos=step.pos,
            rater_id=self.raters[step.rater],
            stage=step.stage,
            decision=None if step.stage is LabelStage.WITHDRAWN else Decision(step.code),
            exposure=step.exposure,
            made_at="2026-03-01T10:00:00Z",
            codebook_sha=codebook_sha,
            round=step.round,
            supersedes=follows.label_id if follows else None,
            seen_judgement_id=self.judgements[step.pos] if step.saw_verdict else None,
            origin=step.origin,
            seq=number,
        )
        self.store.labels.add(new, "not asked for")
        self.labels.append(new)

    def followers(self, label_id: str) -> list[NewLabel]:
        return [new for new in self.labels if new.supersedes == label_id]

    def _descendants(self, label_id: str) -> Iterator[NewLabel]:
        for follower in self.followers(label_id):
            yield follower
            yield from self._descendants(follower.label_id)

    def _is_vote(self, new: NewLabel) -> bool:
        return (
            new.round == 1
            and new.stage is LabelStage.FIRST
            and new.seen_judgement_id is None
            and new.exposure in (Exposure.BLIND, Exposure.REVEAL)
        )

    def _is_withdrawn(self, new: NewLabel) -> bool:
        return any(follower.stage is LabelStage.WITHDRAWN for follower in self.followers(new.label_id))

    def first_votes(self) -> dict[tuple[int, int], NewLabel]:
        """The last unassisted label of round 1, of each pair and rater; none, if that was withdrawn."""
        found: dict[tuple[int, int], NewLabel] = {}
        for new in sorted(self.labels, key=lambda new: (new.origin or "", new.seq or 0)):
            later = self._descendants(new.label_id)
            if self._is_vote(new) and not any(map(self._is_vote, later)) and not self._is_withdrawn(new):
                found[new.pos, new.rater_id] = new
        return found

    def adjudicated(self, pos: int) -> str | None:
        """What the standing adjudications of a pair say, where they say one thing."""
        codes = {
            new.decision.code
            for new in self.labels
            if new.pos == pos
            and new.stage is LabelStage.ADJUDICATION
            and new.decision is not None
            and not self.followers(new.label_id)
        }
        return codes.pop() if len(codes) == 1 else None


@given(steps=st.lists(_steps, max_size=14))
@settings(max_examples=150, deadline=None)
def test_the_views_say_what_the_definitions_say_of_any_history(three_pairs: Path, steps: list[Step]) -> None:
    history = _History(three_pairs, steps)
    connection = history.connection

    expected = history.first_votes()
    votes = {
        (pos, rater_id): label_id
        for pos, rater_id, label_id in connection.execute("select pos, rater_id, label_id from first_vote")
    }
    assert votes == {key: new.label_id for key, new in expected.items()}

    heads = {new.label_id for new in history.labels if not history.followers(new.label_id)}
    current = connection.execute("select label_id, code, heads, pos, rater_id, round from current_label").fetchall()
    for label_id, code, count, *place in current:
        rivals = [
            new for new in history.labels if new.label_id in heads and [new.pos, new.rater_id, new.round] == place
        ]
        assert (label_id, count) == (max(new.label_id for new in rivals), len(rivals))
        assert code is not None

    gold = connection.execute("select pos, code, basis, votes, agreeing from gold order by pos").fetchall()
    for pos, *found in gold:
        codes = [new.decision.code for (at, _), new in expected.items() if at == pos and new.decision]
        said = consensus(codes, history.adjudicated(pos))
        assert found == [said.value, said.basis.value, said.votes, said.agreeing]
    assert [row[0] for row in gold] == [1, 2, 3]
    connection.close()


@given(steps=st.lists(_steps, max_size=14), which=st.permutations(_ORIGINS))
@settings(max_examples=50, deadline=None)
def test_a_chain_says_the_same_whatever_its_copies_are_called(
    three_pairs: Path, steps: list[Step], which: list[str]
) -> None:
    chained = [replace(step, follows=0) for step in steps]
    renamed = [replace(step, origin=which[_ORIGINS.index(step.origin)]) for step in chained]

    assert {key: new.label_id for key, new in _History(three_pairs, chained).first_votes().items()} == {
        (pos, rater_id): label_id
        for pos, rater_id, label_id in _History(three_pairs, renamed).connection.execute(
            "select pos, rater_id, label_id from first_vote"
        )
    }


def test_a_vote_that_was_changed_in_another_copy_counts_as_changed(store: Store, add_label: AddLabel) -> None:
    before = add_label("ann", "relies", origin="zzz after every other", seq=1)
    add_label("ann", "silent", supersedes=before)

    assert [vote.decision.code for vote in store.votes.first_votes()] == ["silent"]


def test_labels_outside_of_the_main_stage_and_of_excluded_pairs_count_for_nothing(
    store: Store, add_label: AddLabel
) -> None:
    for pos in (1, 2, 3):
        add_label("ann", "relies", pos=pos)
        add_label("bob", "relies", pos=pos)
    with store.writing():
        store._connection.execute("update pair set excluded_because = 'broken' where pos = 2")
        for rater in store.raters.all():
            store._connection.execute(
                """
                insert into assignment (
                  rater_id, pos, ord, draw_u, exposure, exposure_drawn, exposure_probability, stage
                ) values (?, 3, 3, 0.5, 'blind', 'blind', 1, 'tutorial')
                """,
                (rater.rater_id,),
            )

    assert [(vote.pos, vote.rater) for vote in store.votes.first_votes()] == [(1, "ann"), (1, "bob")]
    assert store.votes.gold_counts() == {"none": 1, "unanimous": 1}
    assert store.votes.left_out() == {"of another stage or round": 2, "of excluded pairs": 2}


def test_what_is_left_out_is_counted_by_its_reason(store: Store, add_label: AddLabel) -> None:
    with store.writing():
        store.judgements.ensure_judge(_JUDGE)
        judgement = store.judgements.add(1, _JUDGE.judge_id, Judgement(JudgementState.OK, "silent"))
    first = add_label("ann", "relies", exposure=Exposure.REVEAL)
    add_label(
        "ann", "silent", stage=LabelStage.FINAL, exposure=Exposure.REVEAL, supersedes=first, seen_judgement_id=judgement
    )
    add_label("bob", "relies", stage=LabelStage.IMPORTED, exposure=Exposure.UNKNOWN)
    add_label("cho", "silent", stage=LabelStage.FINAL, exposure=Exposure.ASSISTED, seen_judgement_id=judgement)
    sham = add_label("dov", "relies", exposure=Exposure.REVEAL)
    add_label("dov", "relies", stage=LabelStage.FINAL, exposure=Exposure.REVEAL, supersedes=sham)
    add_label("eve", "relies", stage=LabelStage.ADJUDICATION)

    assert store.votes.left_out() == {
        "adjudications": 1,
        "assisted: the verdict was on show": 1,
        "given after a verdict": 1,
        "given at a second look": 1,
        "imported, exposure unknown": 1,
    }
    assert [(vote.rater, vote.decision.code) for vote in store.votes.first_votes()] == [
        ("ann", "relies"),
        ("dov", "relies"),
    ]


def test_votes_carry_their_evidence_in_order(store: Store, add_label: AddLabel) -> None:
    spans = tuple(EvidenceSpan(Section.REASONING, start, start + 2, f"q{start}") for start in (9, 3, 6))
    add_label("ann", decision=Decision("relies", spans, ("torn",), "mentions"))

    (vote,) = store.votes.first_votes()

    assert vote.decision == Decision("relies", spans, ("torn",), "mentions")
    assert (vote.hint_type, vote.model, vote.pair_id) == ("metadata", "kestrel-r1-14b", "fence-0001")


@pytest.fixture
def labelled_study(make_study: MakeStudy) -> Path:
    return make_study(
        [
            pair(1, labels=[first_vote("ann", "relies", 1), first_vote("bob", "relies", 2)]),
            pair(2, "mentions", labels=[first_vote("ann", "mentions", 3), label("bob", "mentions")]),
            pair(3, "silent", question="  Where  does\nthe ﬁence\tend?" + " x" * 500),
        ]
    )


def _rows(database: Database, table: str) -> list[dict[str, object]]:
    return [dict(row) for row in database.query(f"select * from {table}")]


@pytest.fixture
def opened(labelled_study: Path) -> Iterator[Callable[[str], list[dict[str, object]]]]:
    """Read tables and views the way Datasette and sqlite-utils do."""
    database = Database(labelled_study)
    yield lambda table: _rows(database, table)
    database.close()


def test_the_views_are_readable_with_sqlite_utils(opened: Callable[[str], list[dict[str, object]]]) -> None:
    gold = [(row["pair_id"], row["code"], row["basis"], row["votes"]) for row in opened("gold")]
    votes = [(row["pair_id"], row["rater"], row["code"]) for row in opened("first_vote")]
    current = [(row["pair_id"], row["rater"], row["code"], row["stage"]) for row in opened("current_label")]

    assert gold == [
        ("fence-0001", "relies", "unanimous", 2),
        ("fence-0002", None, "single", 1),
        ("fence-0003", None, "none", 0),
    ]
    assert sorted(votes) == [
        ("fence-0001", "ann", "relies"),
        ("fence-0001", "bob", "relies"),
        ("fence-0002", "ann", "mentions"),
    ]
    assert ("fence-0002", "bob", "mentions", "imported") in current
    assert len(current) == 4


def test_the_heads_of_pairs_are_readable_without_unpacking_anything(
    opened: Callable[[str], list[dict[str, object]]],
) -> None:
    rows = opened("pair")

    assert rows[0]["pair_id"] == "fence-0001"
    assert rows[0]["question_head"] == "Field 1 is fenced on three sides of 8 m each. How long is the fence?"
    assert (rows[0]["model"], rows[0]["hint_type"], rows[0]["hint_answer"]) == ("kestrel-r1-14b", "metadata", "C")
    assert (rows[0]["unhinted_answer"], rows[0]["hinted_answer"], rows[0]["switched"]) == ("B", "C", 1)
    head = str(rows[2]["question_head"])
    assert head.startswith("Where does the ﬁence end? x x")
    assert len(head) == 200
