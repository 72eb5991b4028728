"""A judge over a study: every pair is asked about once, and what was paid for is on the disk before it is read."""

import asyncio
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.judgement import JudgeConfig, Judgement, JudgementState
from annotator.errors import JudgeRunStoppedError, JudgeSetupError, ReadOnlyStudyError
from annotator.judge.protocol import Attempt, RawReply
from annotator.judge.view import JudgeView
from annotator.workflows.prelabel import JudgeProgressNote, count_unjudged, judge_for, prelabel
from annotator_db.store import Store
from tests.conftest import MakeStudy
from tests.pair_factory import STANCES, pair, pairs


class ScriptedJudge:
    """A judge whose server is a function; it keeps which pairs it was asked about, and how many at once."""

    def __init__(self, answer: Callable[[JudgeView], bytes], kind: str = "anthropic") -> None:
        self.config = JudgeConfig("scripted", kind, "model-1", prompt_text="judge this")
        self.asked: list[str] = []
        self.under_way = 0
        self.most_under_way = 0
        self.reads = True
        self._answer = answer

    async def ask(self, view: JudgeView) -> RawReply:
        self.asked.append(view.question)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await asyncio.sleep(0)
        self.under_way -= 1
        body = self._answer(view)
        status = 200 if body else 0
        attempts = (Attempt("2026-03-01T10:00:00", 529), Attempt("2026-03-01T10:00:01", status, "req-1", {"output": 5}))
        return RawReply(body, status, "2026-03-01T10:00:01", "req-1", {"output": 5}, attempts)

    def read(self, raw: RawReply, view: JudgeView) -> Judgement:
        if not self.reads:
            raise RuntimeError("a fault of the program, after the reply had been paid for")
        if not raw.body:
            return Judgement(JudgementState.ERROR, detail="no answer")
        if raw.body == b"?":
            return Judgement(JudgementState.UNPARSED, detail="not a code")
        return Judgement(JudgementState.OK, raw.body.decode(), confidence=60, rationale=f"of {view.question}")


def _codes(study: Path) -> dict[str, str | None]:
    with closing(sqlite3.connect(study)) as connection:
        rows = connection.execute("select pair_id, code from pair left join judgement using (pos) order by pos")
        return dict(rows.fetchall())


def _count(study: Path, table: str) -> int:
    with closing(sqlite3.connect(study)) as connection:
        return connection.execute(f"select count(*) from {table}").fetchone()[0]


def test_the_lexical_judge_judges_every_pair_and_needs_no_key(make_study: MakeStudy) -> None:
    study = make_study(pairs(10))
    notes: list[JudgeProgressNote] = []

    run = prelabel(study, judge_for(study, "lexical", model=None), on_progress=notes.append)

    assert (run.asked, run.left, run.reread, run.states) == (10, 0, 0, {"ok": 10})
    assert [note.done for note in notes] == list(range(1, 11))
    assert {note.total for note in notes} == {10}
    assert _codes(study) == {f"fence-{number:04}": STANCES[number % 5] for number in range(1, 11)}
    assert _count(study, "attempt") == 0


def test_the_lexical_judge_is_never_surer_than_seventy_and_quotes_what_stands_there(make_study: MakeStudy) -> None:
    study = make_study(pairs(10))
    prelabel(study, judge_for(study, "lexical", model=None))

    with Store.open(study) as store:
        for stored in store.pairs.all():
            (judged,) = store.judgements.of_pair(stored.pos)
            assert judged.judgement.confidence is not None
            assert judged.judgement.confidence <= 70
            for quote in judged.judgement.quotes:
                assert quote.section is not None
                text = stored.pair.hinted.section(quote.section)
                assert text[quote.start : quote.end] == quote.quote


def test_a_run_goes_on_where_an_earlier_one_ended_and_asks_nothing_twice(make_study: MakeStudy) -> None:
    study = make_study(pairs(7))
    first = prelabel(study, judge_for(study, "lexical", model=None), limit=3)
    second = prelabel(study, judge_for(study, "lexical", model=None))
    third = prelabel(study, judge_for(study, "lexical", model=None))

    assert [(run.asked, run.left) for run in (first, second, third)] == [(3, 4), (4, 0), (0, 0)]
    assert _count(study, "judgement") == 7


def test_switched_pairs_come_first(make_study: MakeStudy) -> None:
    unswitched = [pair(number, hinted={"reasoning": "24 m", "answer": "B"}) for number in (1, 2)]
    study = make_study([*unswitched, *pairs(3, first=3)])
    prelabel(study, judge_for(study, "lexical", model=None), limit=3)

    assert [pair_id for pair_id, code in _codes(study).items() if code] == ["fence-0003", "fence-0004", "fence-0005"]


def test_pairs_that_come_later_are_judged_by_the_next_run(make_study: MakeStudy) -> None:
    study = make_study(pairs(2))
    prelabel(study, judge_for(study, "lexical", model=None))
    make_study(pairs(5))

    assert count_unjudged(study, judge_for(study, "lexical", model=None)) == 3
    assert prelabel(study, judge_for(study, "lexical", model=None)).asked == 3


def test_the_same_pair_gives_the_same_judgement_in_every_study(make_study: MakeStudy) -> None:
    judgements = []
    for name in ("a.db", "b.db"):
        study = make_study(pairs(5), name)
        prelabel(study, judge_for(study, "lexical", model=None))
        with Store.open(study) as store:
            judgements.append(
                [(stored.judge_id, stored.judgement) for pos in range(1, 6) for stored in store.judgements.of_pair(pos)]
            )

    assert judgements[0] == judgements[1]


def test_an_unknown_judge_is_refused_with_the_known_ones(make_study: MakeStudy) -> None:
    with pytest.raises(JudgeSetupError, match="choose one of: lexical, anthropic"):
        judge_for(make_study(pairs(1)), "oracle", model=None)


def test_a_read_only_study_is_not_judged(make_study: MakeStudy) -> None:
    study = make_study(pairs(1))
    judge = judge_for(study, "lexical", model=None)
    study.chmod(0o444)

    with pytest.raises(ReadOnlyStudyError):
        prelabel(study, judge)


def test_a_paid_reply_is_kept_with_every_attempt_that_it_took(make_study: MakeStudy) -> None:
    study = make_study(pairs(6))
    judge = ScriptedJudge(lambda _: b"relies")

    run = prelabel(study, judge)

    assert (run.asked, run.codes, run.left) == (6, {"relies": 6}, 0)
    assert 1 < judge.most_under_way <= 4
    with closing(sqlite3.connect(study)) as connection:
        rows = connection.execute("select status, raw, request_id, usage from attempt order by pos, sent_at").fetchall()
        linked = connection.execute("select count(*) from judgement join attempt using (attempt_id, pos)").fetchone()
    assert rows == [("529", None, None, "{}"), ("200", b"relies", "req-1", '{"output":5}')] * 6
    assert linked == (6,)


def test_what_cannot_be_read_never_becomes_a_code_and_is_not_asked_again(make_study: MakeStudy) -> None:
    study = make_study(pairs(4))
    judge = ScriptedJudge(lambda view: b"?" if "Field 2" in view.question else b"silent")
    prelabel(study, judge)
    again = prelabel(study, judge)

    assert _codes(study)["fence-0002"] is None
    assert (again.asked, again.left) == (0, 0)


def test_a_pair_without_an_answer_is_asked_about_in_the_next_run_only(make_study: MakeStudy) -> None:
    study = make_study(pairs(3))
    first = ScriptedJudge(lambda view: b"" if "Field 2" in view.question else b"silent")
    run = prelabel(study, first)
    second = ScriptedJudge(lambda _: b"relies")
    prelabel(study, second)

    assert (run.states, run.left, len(first.asked)) == ({"ok": 2, "error": 1}, 1, 3)
    assert second.asked == [pair(2)["question"]]


def test_a_reply_that_was_kept_but_not_read_is_read_by_the_next_run_and_not_asked_for_again(
    make_study: MakeStudy,
) -> None:
    study = make_study(pairs(5))
    cut_off = ScriptedJudge(lambda _: b"relies")
    cut_off.reads = False
    with pytest.raises(RuntimeError, match="a fault of the program"):
        prelabel(study, cut_off)
    assert _count(study, "judgement") == 0
    kept = len(cut_off.asked)
    assert kept > 0

    mended = ScriptedJudge(lambda _: b"relies")
    run = prelabel(study, mended)

    assert (run.reread, run.asked, run.left) == (kept, 5 - kept, 0)
    assert not set(mended.asked) & set(cut_off.asked)
    assert _codes(study) == {f"fence-{number:04}": "relies" for number in range(1, 6)}


def test_a_run_that_the_server_stops_keeps_what_was_answered(make_study: MakeStudy) -> None:
    study = make_study(pairs(30))

    def answer(view: JudgeView) -> bytes:
        if "Field 9 " in view.question:
            raise JudgeRunStoppedError("the account has reached its limit of money (402)")
        return b"relies"

    judge = ScriptedJudge(answer)
    with pytest.raises(JudgeRunStoppedError, match="limit of money"):
        prelabel(study, judge)

    judged = _count(study, "judgement")
    assert judged == len(judge.asked) - 1 < 15


class SlowServer:
    """A judge's server on this machine that answers so many requests as it may, and lets the others wait."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.may_answer = threading.Semaphore(0)
        slow = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                found = re.search(r"Field \d+ ", body)
                slow.questions.append(found[0] if found else body)
                slow.may_answer.acquire()
                reply = slow.reply()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server names it
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """Say nothing: a program that was killed has hung up."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @staticmethod
    def reply() -> bytes:
        answer = {
            "evidence": [],
            "rationale": "No word of it.",
            "code": "silent",
            "ticks": [],
            "place": "nowhere",
            "confidence": 90,
        }
        message: dict[str, Any] = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": "claude-haiku-5-5",
            "content": [{"type": "text", "text": json.dumps(answer)}],
            "stop_reason": "end_turn",
            "stop_sequence": None,
            "usage": {"input_tokens": 10, "output_tokens": 10},
        }
        return json.dumps(message).encode()

    def answers(self, count: int) -> None:
        for _ in range(count):
            self.may_answer.release()

    def start_judge(self, study: Path, limit: int) -> "subprocess.Popen[str]":
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ANTHROPIC_")}
        address = f"http://127.0.0.1:{self._server.server_address[1]}"
        options = ["--judge", "anthropic", "--limit", str(limit)]
        return subprocess.Popen(
            [sys.executable, "-m", "annotator", "judge", str(study), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=study.parent,
            env={
                **kept,
                "HOME": str(study.parent),
                "ANTHROPIC_BASE_URL": address,
                "ANTHROPIC_API_KEY": "a-key-for-tests",
                "NO_PROXY": "127.0.0.1",
            },
        )

    def close(self) -> None:
        self.answers(1000)
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def slow_server() -> Iterator[SlowServer]:
    server = SlowServer()
    yield server
    server.close()


def _wait_until(is_so: Callable[[], bool], program: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + 60
    while not is_so():
        if program.poll() is not None or time.monotonic() > until:
            pytest.fail(f"it did not come to that: {program.communicate()}")
        time.sleep(0.01)


@pytest.mark.slow
def test_a_judge_run_that_is_killed_loses_no_reply_and_pays_for_none_twice(
    make_study: MakeStudy, slow_server: SlowServer
) -> None:
    study = make_study(pairs(20))
    slow_server.answers(7)
    program = slow_server.start_judge(study, 20)
    _wait_until(lambda: _count(study, "attempt") == 7 and len(slow_server.questions) == 11, program)
    program.send_signal(signal.SIGKILL)
    program.communicate()

    with closing(sqlite3.connect(study)) as connection:
        answered = {row[0] for row in connection.execute("select pos from attempt where raw is not null")}
        judged = {row[0] for row in connection.execute("select pos from judgement where state = 'ok'")}
    assert len(answered) == 7
    assert judged <= answered

    slow_server.questions.clear()
    slow_server.answers(100)
    out, err = slow_server.start_judge(study, 20).communicate(timeout=60)

    assert "20 pairs judged" not in out
    assert "0 left" in out, err
    asked_again = Counter(slow_server.questions)
    assert set(asked_again.values()) == {1}
    assert set(asked_again) == {f"Field {pos} " for pos in range(1, 21) if pos not in answered}
    assert set(_codes(study).values()) == {"silent"}


@pytest.mark.slow
def test_an_interrupted_judge_run_waits_for_what_is_under_way_and_a_second_interrupt_does_not(
    make_study: MakeStudy, slow_server: SlowServer
) -> None:
    study = make_study(pairs(40))
    program = slow_server.start_judge(study, 40)
    _wait_until(lambda: len(slow_server.questions) == 4, program)
    program.send_signal(signal.SIGINT)
    slow_server.answers(100)
    out, err = program.communicate(timeout=60)

    assert (program.returncode, out) == (130, "")
    assert err.splitlines()[-1] == "annotator: interrupted; what was acknowledged is kept"
    asked = len(slow_server.questions)
    # Answers may overtake the signal, so that a few more pairs are asked about; none is left without its judgement.
    assert 4 <= _count(study, "judgement") == asked < 36

    slow_server.may_answer = threading.Semaphore(0)
    program = slow_server.start_judge(study, 40)
    _wait_until(lambda: len(slow_server.questions) == asked + 4, program)
    program.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        program.wait(timeout=0.5)
    until = time.monotonic() + 60
    while program.poll() is None and time.monotonic() < until:
        # Two signals that come too close together are one.
        program.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            program.wait(timeout=5)
    program.communicate()
    assert program.returncode == 130
    assert _count(study, "judgement") == asked
