"""Let a judge pre-label a study: a reply is on the disk before it is read, and is never asked for twice."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import uuid4

from annotator.domain.codebook_file import parse_codebook
from annotator.domain.judgement import JudgeConfig, Judgement
from annotator.judge.protocol import Judge, RawReply
from annotator.judge.registry import host_of, make_judge
from annotator.judge.view import JudgeView, view_of
from annotator_db.connection import Access
from annotator_db.judgements import AttemptRow
from annotator_db.store import Store

_PAGE: Final = 100
"""Pairs held in memory, and local judgements committed, at a time."""

_IN_FLIGHT: Final = 4
"""Requests to a paid judge under way at once."""


@dataclass(frozen=True, slots=True)
class JudgeProgressNote:
    """How far a run is."""

    done: int
    total: int
    states: dict[str, int]


@dataclass(slots=True)
class JudgeRun:
    """What a run did."""

    config: JudgeConfig
    asked: int = 0
    reread: int = 0
    """Replies of an earlier run that had been kept but not read."""
    states: dict[str, int] = field(default_factory=dict[str, int])
    codes: dict[str, int] = field(default_factory=dict[str, int])
    suspect: int = 0
    left: int = 0
    """Pairs without an answer of this judge after the run."""

    def count(self, judgement: Judgement) -> None:
        """Count a judgement by its state, and by its code."""
        self.states[judgement.state] = self.states.get(judgement.state, 0) + 1
        if judgement.code is not None:
            self.codes[judgement.code] = self.codes.get(judgement.code, 0) + 1
        self.suspect += bool(judgement.suspect)


def judge_for(study_path: Path, kind: str, *, model: str | None) -> Judge:
    """Return a judge for a study's codebook.

    Raises:
        JudgeSetupError: The kind is not known, or the judge cannot start.
    """
    with Store.open(study_path) as store:
        codebook = parse_codebook(store.study().codebook_text, "the study's codebook")
    return make_judge(kind, codebook, model=model)


def destination(judge: Judge) -> str | None:
    """Return the host that a judge sends texts to; None for one that sends nothing."""
    return host_of(judge.config)


def count_unjudged(study_path: Path, judge: Judge) -> int:
    """Count the pairs that a run would ask about."""
    with Store.open(study_path) as store:
        return store.judgements.count_unjudged(judge.config.judge_id)


def prelabel(
    study_path: Path,
    judge: Judge,
    *,
    limit: int | None = None,
    on_progress: Callable[[JudgeProgressNote], None] | None = None,
) -> JudgeRun:
    """Ask a judge about every pair that it has not answered yet, switched pairs first.

    Args:
        study_path: The study.
        judge: The judge.
        limit: Ask about at most so many pairs.
        on_progress: Called after each page or reply.

    Raises:
        JudgeSetupError: The judge cannot start, for want of a key for example.
        JudgeRunStoppedError: The judge's server refuses the run as a whole; what was answered is kept.
        StudyError: The study cannot be written.
    """
    with Store.open(study_path, Access.WRITE) as store:
        with store.writing():
            store.judgements.ensure_judge(judge.config)
        runner = _Runner(store, judge, limit, on_progress)
        runner.read_kept_replies()
        asyncio.run(runner.run())
        runner.result.left = store.judgements.count_unjudged(judge.config.judge_id)
    return runner.result


class _Runner:
    def __init__(
        self, store: Store, judge: Judge, limit: int | None, on_progress: Callable[[JudgeProgressNote], None] | None
    ) -> None:
        self._store = store
        self._judge = judge
        self._judge_id = judge.config.judge_id
        self._codebook = parse_codebook(store.study().codebook_text, "the study's codebook")
        self._on_progress = on_progress
        unjudged = store.judgements.count_unjudged(self._judge_id)
        self._total = unjudged if limit is None else min(limit, unjudged)
        self._stopped_by: BaseException | None = None
        self.result = JudgeRun(judge.config)

    def interrupt(self) -> None:
        """Ask about no further pair: a request under way may have been paid for, so it is waited for.

        A second interrupt waits for nothing.
        """
        self._stopped_by = self._stopped_by or KeyboardInterrupt()
        asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)

    def read_kept_replies(self) -> None:
        """Read what an earlier run had paid for and was cut off before reading."""
        for pos, attempt in self._store.judgements.unread_replies(self._judge_id):
            reply = RawReply(
                body=attempt.raw or b"",
                status=int(attempt.status),
                sent_at=attempt.sent_at,
                request_id=attempt.request_id,
            )
            judgement = self._judge.read(reply, self._view(pos))
            with self._store.writing():
                self._store.judgements.add(pos, self._judge_id, judgement, attempt.attempt_id)
            self.result.count(judgement)
            self.result.reread += 1

    async def run(self) -> None:
        """Page through the pairs, and ask."""
        with suppress(NotImplementedError, RuntimeError, ValueError):
            # Where there are no signals, in a second thread for example, an interrupt cuts off at once.
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, self.interrupt)
        after = (-1, -1)
        while self.result.asked < self._total:
            page = self._store.judgements.unjudged(self._judge_id, min(_PAGE, self._total - self.result.asked), after)
            if not page:
                return
            after = page[-1]
            places = [pos for _, pos in page]
            if self._judge.config.kind == "lexical":
                await self._judge_locally(places)
            else:
                await self._ask_all(places)

    async def _judge_locally(self, places: list[int]) -> None:
        """Judge a page without a server: nothing is paid, so the page is one transaction."""
        judged: list[tuple[int, Judgement]] = []
        for pos in places:
            if self._stopped_by is not None:
                break
            view = self._view(pos)
            judged.append((pos, self._judge.read(await self._judge.ask(view), view)))
        with self._store.writing():
            for pos, judgement in judged:
                self._store.judgements.add(pos, self._judge_id, judgement)
        for _, judgement in judged:
            self._note(judgement)
        # Gives the signal handler its turn.
        await asyncio.sleep(0)
        if self._stopped_by is not None:
            raise self._stopped_by

    async def _ask_all(self, places: list[int]) -> None:
        """Ask about a page, a few pairs at a time; after an error no new one, but what is under way is waited for."""
        gate = asyncio.Semaphore(_IN_FLIGHT)

        async def ask_one(pos: int) -> None:
            async with gate:
                if self._stopped_by is not None:
                    return
                try:
                    await self._ask(pos)
                except Exception as error:
                    self._stopped_by = self._stopped_by or error

        await asyncio.gather(*(ask_one(pos) for pos in places))
        if self._stopped_by is not None:
            raise self._stopped_by

    async def _ask(self, pos: int) -> None:
        view = self._view(pos)
        reply = await self._judge.ask(view)
        attempts = [
            AttemptRow(uuid4().hex, attempt.sent_at, str(attempt.status), attempt.request_id, dict(attempt.usage or {}))
            for attempt in reply.attempts
        ]
        if attempts:
            last = attempts[-1]
            attempts[-1] = AttemptRow(
                last.attempt_id, last.sent_at, last.status, last.request_id, last.usage, reply.body or None
            )
        with self._store.writing():
            self._store.judgements.add_attempts(pos, self._judge_id, attempts)
        judgement = self._judge.read(reply, view)
        with self._store.writing():
            attempt_id = attempts[-1].attempt_id if attempts else None
            self._store.judgements.add(pos, self._judge_id, judgement, attempt_id)
        self._note(judgement)

    def _view(self, pos: int) -> JudgeView:
        return view_of(self._store.pairs.get(pos).pair, self._codebook)

    def _note(self, judgement: Judgement) -> None:
        self.result.count(judgement)
        self.result.asked += 1
        if self._on_progress:
            self._on_progress(JudgeProgressNote(self.result.asked, self._total, dict(self.result.states)))
