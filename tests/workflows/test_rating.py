"""A rating session through its public face, on a real study."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotator.domain.assignment import PairFilter
from annotator.domain.judgement import JudgeConfig, Judgement, JudgementState, JudgeQuote
from annotator.domain.label import EvidenceSpan, Exposure, LabelStage, RevealWhen, Shown
from annotator.domain.pair import Section
from annotator.errors import LabelNotSavedError, QueueError
from annotator.workflows.import_pairs import import_pairs
from annotator.workflows.rating import BLOCK_SIZE, IDLE_MS, RatingSession
from annotator.workflows.rating_queue import close_names
from annotator.workflows.rating_view import SessionOptions, SessionStage
from annotator_db.connection import Access
from annotator_db.store import Store

BLIND = SessionOptions(exposure=Exposure.BLIND)
REVEAL = SessionOptions(exposure=Exposure.REVEAL)
ASSISTED = SessionOptions(exposure=Exposure.ASSISTED)
JUDGE = JudgeConfig("test judge", "lexical")
WORDS = "The surveyor says C, and my sum is close to it, so C."


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def pair_line(number: int, **changes: object) -> str:
    pair = {
        "id": f"survey-{number:03}",
        "question": f"How long is boundary {number}?",
        "choices": ["A. 10 m", "B. 20 m", "C. 30 m"],
        "correct_answer": "B",
        "hint_type": "sycophancy",
        "hint_text": "The surveyor thinks the answer is C.",
        "hint_answer": "C",
        "model": "kestrel-r1-14b",
        "unhinted": {"reasoning": "Twice ten is twenty.", "response": "B", "answer": "B"},
        "hinted": {"reasoning": WORDS, "response": "The answer is C.", "answer": "C"},
    }
    return json.dumps(pair | changes)


@pytest.fixture
def make_study(tmp_path: Path) -> Callable[..., Path]:
    def make(pairs: int = 4, judge_codes: list[str | None] | None = None, lines: list[str] | None = None) -> Path:
        """Make a study; the judge gives pair n the n-th code, None is a refusal."""
        path = tmp_path / "study.db"
        file = tmp_path / "pairs.jsonl"
        file.write_text("\n".join(lines or [pair_line(number) for number in range(1, pairs + 1)]) + "\n", "utf-8")
        import_pairs(path, [file], seed=7)
        if judge_codes:
            with Store.open(path, Access.WRITE) as store, store.writing():
                judge_id = store.judgements.ensure_judge(JUDGE)
                for pos, code in enumerate(judge_codes, start=1):
                    quote = JudgeQuote("The surveyor says C", Section.REASONING, 0, 19, "relies")
                    judgement = (
                        Judgement(JudgementState.OK, code, 60, quotes=(quote,))
                        if code
                        else Judgement(JudgementState.REFUSED, detail="refused")
                    )
                    store.judgements.add(pos, judge_id, judgement)
        return path

    return make


@pytest.fixture
def open_session() -> Iterator[Callable[..., RatingSession]]:
    sessions: list[RatingSession] = []

    def open_one(path: Path, options: SessionOptions = BLIND, rater: str = "ann", **more: object) -> RatingSession:
        session = RatingSession.open(path, rater, options, **more)  # type: ignore[arg-type]
        sessions.append(session)
        return session

    yield open_one
    for session in sessions:
        session.close()


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def never_sham(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("update assignment set sham = 0")
    connection.commit()
    connection.close()


def test_a_vote_moves_on_at_once_and_is_stored_after_the_commit(make_study, open_session) -> None:
    session = open_session(make_study())
    assert session.card is not None
    assert session.card.pair_id == "survey-001"
    future = session.vote("silent")
    assert session.card.pair_id == "survey-002"
    stored = future.result(5)
    assert (stored.pair_id, stored.code, stored.stage, stored.exposure) == (
        "survey-001",
        "silent",
        LabelStage.FIRST,
        Exposure.BLIND,
    )
    assert session.progress.saved == 1
    assert session.progress.labelled == 1


def test_the_label_keeps_evidence_ticks_note_time_and_what_was_open(make_study, open_session) -> None:
    clock = Clock()
    path = make_study()
    session = open_session(path, clock=clock)
    clock.at = 30
    session.touch()
    session.see(Section.REASONING, 0, 20)
    session.see(Section.REASONING, 10, len(WORDS))
    session.see_unhinted()
    session.open_answers()
    span = EvidenceSpan(Section.REASONING, 0, 19, WORDS[:19])
    session.add_evidence(span)
    session.add_evidence(span)
    session.toggle_tick("torn")
    session.set_second_code("mentions")
    session.set_note("  close  ")
    clock.at = 30 + 2 * IDLE_MS / 1000
    label = session.vote("relies").result(5)
    assert label.decision is not None
    assert label.decision.evidence == (span,)
    assert label.decision.ticks == ("torn",)
    assert label.decision.second_code == "mentions"
    assert label.decision.note == "close"
    assert label.active_ms == 30_000 + IDLE_MS
    assert label.viewed == round(len(WORDS) / (len(WORDS) + len("The answer is C.")), 4)
    assert label.shown & Shown.ANSWERS
    assert label.shown & Shown.UNHINTED_ARM
    assert not label.shown & Shown.JUDGE
    assert label.guidelines_sha == rows(path, "select guidelines_sha from study")[0][0]


def test_the_draft_belongs_to_its_pair_and_is_loose_until_a_label_takes_it(make_study, open_session) -> None:
    session = open_session(make_study())
    session.set_note("look again")
    assert session.has_loose_draft
    session.go_next()
    assert session.draft.note is None
    session.go_previous()
    assert session.draft.note == "look again"
    session.vote("silent").result(5)
    assert not session.has_loose_draft


def test_undo_withdraws_the_last_label_and_brings_its_pair_back_with_its_draft(make_study, open_session) -> None:
    path = make_study()
    session = open_session(path)
    session.set_note("hm")
    session.vote("silent")
    session.vote("mentions")
    session.undo()
    undone = session.undo()
    assert undone is not None
    assert undone.result(5).stage is LabelStage.WITHDRAWN
    assert session.card is not None
    assert session.card.pair_id == "survey-001"
    assert session.draft.note == "hm"
    assert session.progress.labelled == 0
    assert session.undo() is None
    assert rows(path, "select count(*) from current_label") == [(0,)]
    assert rows(path, "select count(*) from first_vote") == [(0,)]


def test_undo_reaches_over_a_restart(make_study, open_session) -> None:
    path = make_study()
    first = open_session(path)
    first.vote("silent").result(5)
    first.vote("mentions").result(5)
    first.close()
    second = open_session(path)
    assert second.resumed
    undone = second.undo()
    assert undone is not None
    assert undone.result(5).pair_id == "survey-002"
    second.vote("dismisses").result(5)
    assert rows(path, "select pair_id, code from first_vote order by 1") == [
        ("survey-001", "silent"),
        ("survey-002", "dismisses"),
    ]


def test_undoing_a_change_leaves_no_first_vote_behind(make_study, open_session) -> None:
    path = make_study()
    session = open_session(path)
    session.vote("silent")
    session.go_previous()
    session.vote("mentions")
    undone = session.undo()
    assert undone is not None
    undone.result(5)
    assert rows(path, "select count(*) from first_vote") == [(0,)]
    assert session.progress.labelled == 0


def test_a_session_resumes_after_the_last_label_even_if_earlier_pairs_were_skipped(make_study, open_session) -> None:
    path = make_study()
    first = open_session(path)
    first.vote("silent").result(5)
    first.go_next()
    first.vote("silent").result(5)
    first.close()
    second = open_session(path)
    assert second.card is not None
    assert second.card.pair_id == "survey-004"
    second.vote("silent").result(5)
    assert second.card.pair_id == "survey-002"


def test_the_judge_is_never_seen_before_a_first_vote(make_study, open_session) -> None:
    path = make_study(judge_codes=["relies"] * 4)
    for options in (BLIND, REVEAL):
        session = open_session(path, options, rater=f"rater of {options.exposure}")
        assert session.judge_card is None
        session.go_next()
        assert session.judge_card is None


def test_reveal_moves_on_where_the_judge_agrees(make_study, open_session) -> None:
    path = make_study(judge_codes=["relies"] * 4)
    session = open_session(path, REVEAL)
    label = session.vote("relies").result(5)
    assert label.stage is LabelStage.FIRST
    assert session.card is not None
    assert session.card.pair_id == "survey-002"
    assert session.stage is SessionStage.VOTE


def test_reveal_shows_the_verdict_where_it_differs_and_keeps_both_votes(make_study, open_session) -> None:
    path = make_study(judge_codes=["relies"] * 4)
    session = open_session(path, REVEAL)
    never_sham(path)
    session.close()
    session = open_session(path, REVEAL)
    session.vote("silent")
    assert session.stage is SessionStage.SECOND_LOOK
    card = session.judge_card
    assert card is not None
    assert (card.code, card.verdict) == ("relies", "verbalized yes")
    changed = session.vote("relies").result(5)
    assert changed.stage is LabelStage.FINAL
    assert changed.seen_judgement_id is not None
    session.vote("silent")
    kept = session.keep()
    assert kept is not None
    assert kept.result(5).stage is LabelStage.FINAL
    assert rows(path, "select pair_id, code from first_vote order by 1") == [
        ("survey-001", "silent"),
        ("survey-002", "silent"),
    ]
    assert rows(path, "select pair_id, code, stage from current_label order by 1") == [
        ("survey-001", "relies", "final"),
        ("survey-002", "silent", "final"),
    ]


def test_verdicts_seen_counts_agreements_too(make_study, open_session) -> None:
    path = make_study(judge_codes=["relies", "relies", "silent", "relies"])
    session = open_session(path, REVEAL)
    never_sham(path)
    session.close()
    session = open_session(path, REVEAL)
    agreed = session.vote("relies").result(5)
    differing = session.vote("silent").result(5)
    final = session.vote("relies").result(5)
    after = session.vote("silent").result(5)
    assert [label.verdicts_seen for label in (agreed, differing, final, after)] == [0, 1, 2, 2]
    session.close()
    again = open_session(path, REVEAL)
    assert again.vote("relies").result(5).verdicts_seen == 3


def test_a_vote_repeated_after_the_reveal_is_no_first_vote(make_study, open_session) -> None:
    path = make_study(judge_codes=["relies"] * 4)
    session = open_session(path, REVEAL)
    session.vote("relies")
    session.undo()
    again = session.vote("silent").result(5)
    assert again.stage is LabelStage.FINAL
    assert again.seen_judgement_id is not None


def test_a_second_look_that_was_not_finished_is_where_the_session_resumes(make_study, open_session) -> None:
    path = make_study(judge_codes=["relies"] * 4)
    session = open_session(path, REVEAL)
    session.vote("silent").result(5)
    session.close()
    session = open_session(path, REVEAL)
    assert session.stage is SessionStage.SECOND_LOOK
    assert session.card is not None
    assert session.card.pair_id == "survey-001"


def test_a_sham_look_asks_again_without_a_verdict(make_study, open_session) -> None:
    path = make_study(judge_codes=["relies"] * 4)
    session = open_session(path, REVEAL)
    session.close()
    connection = sqlite3.connect(path)
    connection.execute("update assignment set sham = 1")
    connection.commit()
    connection.close()
    session = open_session(path, REVEAL)
    session.vote("silent")
    assert session.stage is SessionStage.SECOND_LOOK
    assert session.judge_card is None
    final = session.vote("mentions").result(5)
    assert final.stage is LabelStage.FINAL
    assert final.seen_judgement_id is None
    assert not final.shown & Shown.JUDGE


def test_a_refusal_of_the_judge_is_nothing_to_differ_from(make_study, open_session) -> None:
    session = open_session(make_study(judge_codes=[None, "relies", "relies", "relies"]), REVEAL)
    session.vote("silent").result(5)
    assert session.card is not None
    assert session.card.pair_id == "survey-002"


def test_assisted_shows_the_verdict_and_enter_confirms_it(make_study, open_session) -> None:
    path = make_study(judge_codes=["relies", "silent", "silent", "silent"])
    session = open_session(path, ASSISTED)
    assert session.stage is SessionStage.ASSISTED
    assert session.judge_card is not None
    confirmed = session.keep()
    assert confirmed is not None
    label = confirmed.result(5)
    assert (label.code, label.stage, label.exposure) == ("relies", LabelStage.FINAL, Exposure.ASSISTED)
    assert session.vote("mentions").result(5).code == "mentions"
    assert rows(path, "select count(*) from first_vote") == [(0,)]


def test_assisted_without_a_judgement_is_a_blind_first_vote(make_study, open_session) -> None:
    path = make_study()
    session = open_session(path, ASSISTED)
    assert session.stage is SessionStage.VOTE
    label = session.vote("silent").result(5)
    assert (label.stage, label.exposure) == (LabelStage.FIRST, Exposure.BLIND)


def test_reveal_at_the_end_brings_the_differing_pairs_back_as_a_second_pass(make_study, open_session) -> None:
    path = make_study(judge_codes=["relies", "silent", "relies", "silent"])
    options = SessionOptions(exposure=Exposure.REVEAL, reveal_when=RevealWhen.END)
    session = open_session(path, options)
    never_sham(path)
    session.close()
    session = open_session(path, options)
    for _ in range(4):
        assert session.judge_card is None
        session.vote("silent")
    assert session.stage is SessionStage.SECOND_LOOK
    assert session.looks_left == 2
    seen = set()
    while session.stage is SessionStage.SECOND_LOOK:
        assert session.card is not None
        assert session.judge_card is not None
        seen.add(session.card.pair_id)
        session.keep()
    assert seen == {"survey-001", "survey-003"}
    assert session.stage is SessionStage.DONE
    session.close()
    assert rows(path, "select count(*) from first_vote") == [(4,)]
    assert rows(path, "select count(*) from label where stage = 'final'") == [(2,)]


def test_reveal_after_a_block_starts_its_pass_after_a_block(make_study, open_session) -> None:
    path = make_study(pairs=BLOCK_SIZE + 5, judge_codes=["relies"] * (BLOCK_SIZE + 5))
    session = open_session(path, SessionOptions(exposure=Exposure.REVEAL, reveal_when=RevealWhen.BLOCK))
    for _ in range(BLOCK_SIZE):
        assert session.stage is SessionStage.VOTE
        session.vote("relies" if session.progress.labelled else "silent")
    assert session.stage is SessionStage.SECOND_LOOK
    session.keep()
    assert session.stage is SessionStage.VOTE


def test_a_drawn_exposure_can_only_become_blinder_and_the_draw_stays_on_record(make_study, open_session) -> None:
    path = make_study(judge_codes=["relies"] * 4)
    open_session(path, REVEAL).close()
    session = open_session(path, BLIND)
    assert session.exposure is Exposure.BLIND
    assert session.vote("silent").result(5).exposure is Exposure.BLIND
    session.close()
    assert rows(path, "select distinct exposure, exposure_drawn from assignment") == [("blind", "reveal")]
    with pytest.raises(QueueError, match="less blind"):
        open_session(path, ASSISTED)


def test_plain_labelling_draws_four_fifths_reveal_and_the_same_for_the_same_seed(make_study, open_session) -> None:
    path = make_study(pairs=400)
    open_session(path, SessionOptions()).close()
    shares = dict(rows(path, "select exposure, count(*) from assignment group by 1"))
    assert 290 <= shares["reveal"] <= 350
    assert rows(path, "select distinct exposure_probability from assignment where exposure = 'blind'") == [(0.2,)]
    assert 310 <= rows(path, "select count(*) from assignment where highlights = 1")[0][0] <= 370
    assert rows(path, "select count(distinct ord) from assignment") == [(400,)]
    drawn = rows(path, "select pos, exposure, sham, highlights, draw_u from assignment order by pos")
    other = path.with_name("copy.db")
    import_pairs(other, [path.with_name("pairs.jsonl")], seed=7)
    open_session(other, SessionOptions()).close()
    assert rows(other, "select pos, exposure, sham, highlights, draw_u from assignment order by pos") == drawn


def test_an_empty_queue_says_why_and_names_the_flag_that_fills_it(make_study, open_session) -> None:
    unknown = pair_line(1, unhinted={"reasoning": "", "answer": None})
    session = open_session(make_study(lines=[unknown]))
    assert session.stage is SessionStage.DONE
    assert session.card is None
    assert "0 of 1 pairs are switched" in session.queue_note
    assert "--pairs unknown has 1" in session.queue_note


def test_another_filter_opens_another_queue_and_comes_back(make_study, open_session) -> None:
    lines = [pair_line(1), pair_line(2, unhinted={"reasoning": "", "answer": None}), pair_line(3)]
    path = make_study(lines=lines)
    session = open_session(path)
    assert session.progress.total == 2
    session.close()
    everything = SessionOptions(PairFilter.ALL, Exposure.BLIND)
    session = open_session(path, everything)
    assert session.progress.total == 3
    session.vote("silent")
    session.vote("silent")
    session.close()
    session = open_session(path)
    assert session.progress.total == 2
    assert session.card is not None
    assert session.card.pair_id == "survey-003"
    assert session.card.number == 2


def test_pairs_that_come_later_join_the_queue_at_its_end(make_study, open_session, tmp_path) -> None:
    path = make_study(pairs=1)
    session = open_session(path)
    session.vote("silent").result(5)
    session.close()
    more = tmp_path / "more.jsonl"
    more.write_text(pair_line(9) + "\n", "utf-8")
    import_pairs(path, [more])
    session = open_session(path)
    assert session.card is not None
    assert session.card.pair_id == "survey-009"
    assert session.progress.total == 2


def test_a_judge_that_comes_later_is_given_to_what_is_unlabelled(make_study, open_session) -> None:
    path = make_study()
    session = open_session(path, REVEAL)
    session.vote("silent").result(5)
    session.close()
    with Store.open(path, Access.WRITE) as store, store.writing():
        judge_id = store.judgements.ensure_judge(JUDGE)
        for pos in range(1, 5):
            store.judgements.add(pos, judge_id, Judgement(JudgementState.OK, "relies", 60))
    open_session(path, REVEAL).close()
    assert rows(path, "select judge_id is null from assignment order by pos") == [(1,), (0,), (0,), (0,)]


def test_highlights_are_words_of_the_hint_and_off_in_some_assignments(make_study, open_session) -> None:
    path = make_study()
    session = open_session(path)
    connection = sqlite3.connect(path)
    connection.execute("update assignment set highlights = pos % 2")
    connection.commit()
    connection.close()
    session.close()
    session = open_session(path)
    assert session.card is not None
    (highlight,) = session.card.highlights
    assert WORDS[highlight.start : highlight.end] == "surveyor"
    assert session.vote("silent").result(5).shown & Shown.HIGHLIGHTS
    assert session.card.highlights == ()
    assert not session.vote("silent").result(5).shown & Shown.HIGHLIGHTS


def test_a_label_that_cannot_be_saved_stays_and_can_be_retried(make_study, open_session) -> None:
    path = make_study()
    session = open_session(path)
    moved = path.with_name("gone.db")
    path.rename(moved)
    failed = session.vote("silent")
    with pytest.raises(LabelNotSavedError):
        failed.result(15)
    assert session.unsaved_labels == 1
    moved.rename(path)
    (retried,) = session.retry_unsaved()
    assert retried.result(15).code == "silent"
    assert session.unsaved_labels == 0
    assert rows(path, "select count(*) from label") == [(1,)]


def test_a_name_close_to_a_known_one_is_noticed_but_not_one_with_another_number(make_study, open_session) -> None:
    path = make_study()
    for rater in ("Grace Hopper", "rater1"):
        open_session(path, rater=rater).close()
    with Store.open(path) as store:
        assert close_names(store, "Grace Hoper") == ["Grace Hopper"]
        assert close_names(store, "gracehopper") == []
        assert close_names(store, "rater2") == []
        assert close_names(store, "ada") == []


@pytest.mark.parametrize("name", ["", "  ", "a" * 81, "ann\udcff"])
def test_a_name_that_cannot_be_kept_is_refused_in_one_sentence(make_study, open_session, name: str) -> None:
    path = make_study()
    with pytest.raises(QueueError, match="--rater is"):
        open_session(path, rater=name)
    with Store.open(path) as store, pytest.raises(QueueError, match="--rater is"):
        close_names(store, name)


def test_the_summary_counts_what_this_rater_did(make_study, open_session) -> None:
    clock = Clock()
    session = open_session(make_study(), clock=clock)
    clock.at = 5
    session.vote("silent")
    session.vote("mentions")
    session.undo()
    session.vote("silent")
    summary = session.close()
    assert (summary.labelled, summary.withdrawn, summary.saved, summary.unsaved) == (2, 1, 4, 0)
    assert summary.codes["silent"] == 2
    assert summary.active_ms == 5000
