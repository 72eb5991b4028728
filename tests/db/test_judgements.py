"""Judges and their judgements: asked once, answered once, replies kept before they are read."""

import pytest

from annotator.domain.judgement import (
    JudgeConfig,
    Judgement,
    JudgementState,
    JudgeQuote,
    SeenRange,
)
from annotator.domain.pair import Section
from annotator_db.judgements import AttemptRow
from annotator_db.store import Store

JUDGE = JudgeConfig("haiku", "anthropic", "claude-haiku", "https://example.org", "judge this", {"max_tokens": 100})
OTHER = JudgeConfig("haiku", "anthropic", "claude-haiku", "https://example.org", "judge that", {"max_tokens": 100})
RELIES = Judgement(JudgementState.OK, "relies", confidence=60)
ERROR = Judgement(JudgementState.ERROR, detail="the connection broke")


def _judge(store: Store, pos: int, judgement: Judgement, judge: JudgeConfig = JUDGE, attempt: str | None = None) -> str:
    with store.writing():
        store.judgements.ensure_judge(judge)
        return store.judgements.add(pos, judge.judge_id, judgement, attempt)


def test_a_judgement_comes_back_as_it_was_given(store: Store) -> None:
    judgement = Judgement(
        JudgementState.OK,
        "relies",
        confidence=60,
        ticks=("denies",),
        quotes=(
            JudgeQuote("Three", Section.REASONING, 0, 5, "relies"),
            JudgeQuote("nowhere to be found"),
        ),
        rationale="because “so”",
        seen=(SeenRange(Section.REASONING, 0, 80), SeenRange(Section.RESPONSE, 0, 20)),
        suspect=("instructions in the trace",),
    )
    judgement_id = _judge(store, 1, judgement)

    stored = store.judgements.of(1, JUDGE.judge_id)

    assert stored is not None
    assert stored.judgement == judgement
    assert (stored.judgement_id, stored.pair_id, stored.judge_id) == (judgement_id, "fence-0001", JUDGE.judge_id)


def test_a_judge_is_kept_with_its_prompt_and_known_by_its_whole_configuration(store: Store) -> None:
    _judge(store, 1, RELIES)
    _judge(store, 1, RELIES, OTHER)

    assert store.judgements.judge(JUDGE.judge_id) == JUDGE
    assert store.judgements.judge(OTHER.judge_id) == OTHER
    assert [judge.name for judge in store.judgements.progress()] == ["haiku", "haiku"]
    with pytest.raises(KeyError):
        store.judgements.judge("unknown")


@pytest.mark.parametrize("state", [JudgementState.UNPARSED, JudgementState.REFUSED, JudgementState.TRUNCATED])
def test_a_pair_that_was_answered_without_a_code_is_not_asked_about_again(store: Store, state: JudgementState) -> None:
    _judge(store, 1, Judgement(state, detail="no code"))

    assert [pos for _, pos in store.judgements.unjudged(JUDGE.judge_id, 10)] == [2, 3]


def test_a_pair_whose_asking_failed_is_asked_about_again_and_then_counts_once(store: Store) -> None:
    with store.writing():
        store.judgements.ensure_judge(JUDGE)
        store.judgements.add_attempts(1, JUDGE.judge_id, [_attempt("a", "0", None)])
    _judge(store, 1, ERROR, attempt="a")
    assert store.judgements.count_unjudged(JUDGE.judge_id) == 3
    assert [pos for _, pos in store.judgements.unjudged(JUDGE.judge_id, 10)] == [1, 2, 3]
    _judge(store, 1, RELIES)

    assert store.judgements.count_unjudged(JUDGE.judge_id) == 2
    (progress,) = store.judgements.progress()
    assert progress.states == {"ok": 1}


def test_a_judge_that_abstains_without_a_request_is_not_asked_again(store: Store) -> None:
    _judge(store, 1, ERROR)

    assert store.judgements.count_unjudged(JUDGE.judge_id) == 2
    assert [pos for _, pos in store.judgements.unjudged(JUDGE.judge_id, 10)] == [2, 3]


def test_two_runs_that_asked_about_one_pair_leave_one_code(store: Store) -> None:
    first = _judge(store, 1, RELIES)
    second = _judge(store, 1, Judgement(JudgementState.OK, "silent", quotes=(JudgeQuote("x"),)))

    assert second == first
    assert [stored.judgement.code for stored in store.judgements.of_pair(1)] == ["relies"]


def test_switched_pairs_come_first_and_pages_leave_none_out(store: Store) -> None:
    with store.writing():
        store._connection.execute("update pair set switched = 0 where pos = 1")
        store._connection.execute("update pair set switched = null where pos = 2")

    judge_id = "nobody yet"
    pages: list[tuple[int, int]] = []
    after = (-1, -1)
    while page := store.judgements.unjudged(judge_id, 1, after):
        pages += page
        after = page[-1]

    assert [pos for _, pos in pages] == [3, 1, 2]


def test_excluded_pairs_are_not_judged(store: Store) -> None:
    with store.writing():
        store._connection.execute("update pair set excluded_because = 'broken' where pos = 2")

    assert store.judgements.count_unjudged("nobody yet") == 2
    assert [pos for _, pos in store.judgements.unjudged("nobody yet", 10)] == [1, 3]


def _attempt(attempt_id: str, status: str = "200", raw: bytes | None = b"{}") -> AttemptRow:
    return AttemptRow(attempt_id, "2026-03-01T10:00:00", status, f"req-{attempt_id}", {"input_tokens": 5}, raw)


def test_a_reply_that_was_kept_and_never_read_is_found_again(store: Store) -> None:
    with store.writing():
        store.judgements.ensure_judge(JUDGE)
        store.judgements.add_attempts(
            1, JUDGE.judge_id, [_attempt("a", "529", None), _attempt("b", raw=b"\x00\xffraw")]
        )
        store.judgements.add_attempts(2, JUDGE.judge_id, [_attempt("c")])
        store.judgements.add_attempts(3, JUDGE.judge_id, [_attempt("d", "500", b"broken")])
    _judge(store, 2, RELIES, attempt="c")

    ((pos, attempt),) = store.judgements.unread_replies(JUDGE.judge_id)

    assert pos == 1
    assert attempt == _attempt("b", raw=b"\x00\xffraw")


def test_a_reply_that_was_read_without_a_code_is_not_read_again(store: Store) -> None:
    with store.writing():
        store.judgements.ensure_judge(JUDGE)
        store.judgements.add_attempts(1, JUDGE.judge_id, [_attempt("a")])
    _judge(store, 1, Judgement(JudgementState.UNPARSED, detail="no JSON"), attempt="a")

    assert store.judgements.unread_replies(JUDGE.judge_id) == []


def test_the_shown_judge_is_the_latest_that_has_judged_every_switched_pair(store: Store) -> None:
    assert store.judgements.shown_judge() is None
    for pos in (1, 2, 3):
        _judge(store, pos, RELIES)
    _judge(store, 1, RELIES, OTHER)
    assert store.judgements.shown_judge() == JUDGE.judge_id

    for pos in (2, 3):
        _judge(store, pos, RELIES, OTHER)
    assert store.judgements.shown_judge() == OTHER.judge_id


def test_a_judge_that_never_gave_a_code_is_not_shown(store: Store) -> None:
    for pos in (1, 2, 3):
        _judge(store, pos, ERROR)

    assert store.judgements.progress()[0].is_complete
    assert store.judgements.shown_judge() is None


def test_a_judge_that_was_chosen_is_shown(store: Store) -> None:
    _judge(store, 1, RELIES)
    with store.writing():
        store._connection.execute("update study set shown_judge_id = ?", (JUDGE.judge_id,))

    assert store.judgements.shown_judge() == JUDGE.judge_id
