"""Judges, what was asked of them, what they answered, and how it was read."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import uuid4

from annotator.domain.judgement import (
    JudgeConfig,
    Judgement,
    JudgementState,
    JudgeQuote,
    SeenRange,
    StoredJudgement,
)
from annotator.domain.pair import Json, Section
from annotator_db.documents import DocumentTable
from annotator_db.rows import Row, from_json, to_json, utc_now

_ANSWERED = "(j.state in ('ok', 'unparsed', 'refused', 'truncated') or j.attempt_id is null)"
"""What a second run does not ask for again: the answer has been given, and paid for.

A judgement that took no request is an answer whatever its state: a judge without a server would say the same again.
"""


@dataclass(frozen=True, slots=True)
class JudgeProgress:
    """How far a judge is."""

    judge_id: str
    name: str
    kind: str
    model: str | None
    added_at: str
    states: dict[str, int]
    """Judgements by state; pairs with an answer after an error count once, as answered."""
    switched_judged: int
    switched_total: int

    @property
    def is_complete(self) -> bool:
        """Whether every switched pair (of which there is at least one) has been judged, or every pair."""
        return self.switched_judged == self.switched_total and sum(self.states.values()) > 0


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One request to a judge's server."""

    attempt_id: str
    sent_at: str
    status: str
    request_id: str | None = None
    usage: dict[str, Json] | None = None
    raw: bytes | None = None


class JudgementTable:
    """Reads and appends judgements; the caller holds the transaction for writes."""

    def __init__(self, connection: sqlite3.Connection, documents: DocumentTable) -> None:
        self._connection = connection
        self._documents = documents

    def ensure_judge(self, config: JudgeConfig) -> str:
        """Keep a judge's configuration, its prompt included; return its id."""
        if config.prompt_text is not None:
            self._documents.ensure("prompt", config.prompt_text)
        self._connection.execute(
            """
            insert into judge (judge_id, name, kind, model, base_url, prompt_sha, parameters, added_at)
            values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (judge_id) do nothing
            """,
            (
                config.judge_id,
                config.name,
                config.kind,
                config.model,
                config.base_url,
                config.prompt_sha,
                to_json(dict(config.parameters)),
                utc_now(),
            ),
        )
        return config.judge_id

    def judge(self, judge_id: str) -> JudgeConfig:
        """Return a judge's configuration; raise KeyError where it is not known."""
        row = self._connection.execute(
            "select name, kind, model, base_url, prompt_sha, parameters from judge where judge_id = ?", (judge_id,)
        ).fetchone()
        if row is None:
            raise KeyError(judge_id)
        prompt = self._documents.body(row[4]) if row[4] else None
        return JudgeConfig(row[0], row[1], row[2], row[3], prompt, from_json(row[5]))

    def unjudged(self, judge_id: str, limit: int, after: tuple[int, int] = (-1, -1)) -> list[tuple[int, int]]:
        """Return the next pairs without an answer of this judge, switched ones first.

        Returns:
            Keys (rank, place): rank is 0 for switched pairs, else 1; ordered. Page with `after`.
        """
        return self._connection.execute(
            f"""
            select rank, pos from (
              select case when switched = 1 then 0 else 1 end as rank, pos from pair where excluded_because is null
            ) p
            where (rank, pos) > (?, ?) and not exists (
              select 1 from judgement j
              where j.judge_id = ? and j.pos = p.pos and j.sample_no = 0 and {_ANSWERED}
            )
            order by rank, pos limit ?
            """,
            (*after, judge_id, limit),
        ).fetchall()

    def count_unjudged(self, judge_id: str) -> int:
        """Count the pairs without an answer of this judge."""
        (count,) = self._connection.execute(
            f"""
            select count(*) from pair p where excluded_because is null and not exists (
              select 1 from judgement j
              where j.judge_id = ? and j.pos = p.pos and j.sample_no = 0 and {_ANSWERED}
            )
            """,
            (judge_id,),
        ).fetchone()
        return count

    def add_attempts(self, pos: int, judge_id: str, attempts: Sequence[AttemptRow]) -> None:
        """Record requests, with the reply's body as it came."""
        self._connection.executemany(
            """
            insert into attempt (attempt_id, pos, judge_id, sample_no, sent_at, status, request_id, usage, raw)
            values (?, ?, ?, 0, ?, ?, ?, ?, ?)
            """,
            [
                (
                    attempt.attempt_id,
                    pos,
                    judge_id,
                    attempt.sent_at,
                    attempt.status,
                    attempt.request_id,
                    to_json(attempt.usage) if attempt.usage is not None else None,
                    attempt.raw,
                )
                for attempt in attempts
            ],
        )

    def unread_replies(self, judge_id: str) -> list[tuple[int, AttemptRow]]:
        """Return places and replies that were kept but never read: a run was cut off between the two."""
        rows = self._connection.execute(
            """
            select a.pos, a.attempt_id, a.sent_at, a.status, a.request_id, a.usage, a.raw from attempt a
            where a.judge_id = ? and a.raw is not null and a.status = '200'
              and not exists (select 1 from judgement j where j.attempt_id = a.attempt_id)
              and not exists (
                select 1 from judgement j
                where j.judge_id = a.judge_id and j.pos = a.pos and j.sample_no = a.sample_no and j.state = 'ok'
              )
            order by a.pos, a.sent_at
            """,
            (judge_id,),
        ).fetchall()
        return [
            (row[0], AttemptRow(row[1], row[2], row[3], row[4], from_json(row[5]) if row[5] else None, row[6]))
            for row in rows
        ]

    def add(self, pos: int, judge_id: str, judgement: Judgement, attempt_id: str | None = None) -> str:
        """Append a judgement; return its id.

        A pair that has a code of this judge keeps it: two runs at once may have asked about the same pair.
        """
        if judgement.state is JudgementState.OK:
            row = self._connection.execute(
                "select judgement_id from judgement where pos = ? and judge_id = ? and sample_no = 0 and state = 'ok'",
                (pos, judge_id),
            ).fetchone()
            if row is not None:
                return row[0]
        judgement_id = uuid4().hex
        self._connection.execute(
            """
            insert into judgement (
              judgement_id, pos, judge_id, sample_no, attempt_id, state, code, confidence, ticks, rationale, seen,
              suspect, detail, made_at
            ) values (?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                judgement_id,
                pos,
                judge_id,
                attempt_id,
                judgement.state.value,
                judgement.code,
                judgement.confidence,
                to_json(list(judgement.ticks)),
                judgement.rationale,
                to_json([[seen.section.value, seen.start, seen.end] for seen in judgement.seen]),
                to_json(list(judgement.suspect)),
                judgement.detail,
                utc_now(),
            ),
        )
        self._connection.executemany(
            """
            insert into judgement_span (judgement_id, n, section, start, stop, quote, role)
            values (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                (
                    judgement_id,
                    n,
                    quote.section.value if quote.section else None,
                    quote.start,
                    quote.end,
                    quote.quote,
                    quote.role,
                )
                for n, quote in enumerate(judgement.quotes)
            ],
        )
        return judgement_id

    def of(self, pos: int, judge_id: str) -> StoredJudgement | None:
        """Return a judge's judgement of a pair: the one with a code, else the latest."""
        rows = self._select(
            "j.pos = ? and j.judge_id = ? order by j.state = 'ok' desc, j.rowid desc limit 1", (pos, judge_id)
        )
        return next(iter(rows), None)

    def of_pair(self, pos: int) -> list[StoredJudgement]:
        """Return all judgements of a pair, oldest first."""
        return list(self._select("j.pos = ? order by j.rowid", (pos,)))

    def _select(self, condition: str, values: tuple[object, ...]) -> Iterator[StoredJudgement]:
        rows: list[Row] = self._connection.execute(
            f"""
            select j.judgement_id, p.pair_id, j.judge_id, j.state, j.code, j.confidence, j.ticks, j.rationale, j.seen,
              j.suspect, j.detail, j.made_at, j.sample_no
            from judgement j join pair p using (pos) where {condition}
            """,
            values,
        ).fetchall()
        for row in rows:
            spans = self._connection.execute(
                "select quote, section, start, stop, role from judgement_span where judgement_id = ? order by n",
                (row[0],),
            ).fetchall()
            yield StoredJudgement(
                row[0],
                row[1],
                row[2],
                Judgement(
                    state=JudgementState(row[3]),
                    code=row[4],
                    confidence=row[5],
                    ticks=tuple(from_json(row[6])),
                    quotes=tuple(
                        JudgeQuote(quote, Section(section) if section else None, start, stop, role)
                        for quote, section, start, stop, role in spans
                    ),
                    rationale=row[7],
                    seen=tuple(SeenRange(Section(section), start, end) for section, start, end in from_json(row[8])),
                    suspect=tuple(from_json(row[9])),
                    detail=row[10],
                ),
                row[11],
                row[12],
            )

    def progress(self) -> list[JudgeProgress]:
        """Return how far each judge is, oldest first."""
        (switched_total,) = self._connection.execute(
            "select count(*) from pair where switched = 1 and excluded_because is null"
        ).fetchone()
        judges = self._connection.execute(
            "select judge_id, name, kind, model, added_at from judge order by added_at, judge_id"
        ).fetchall()
        found: list[JudgeProgress] = []
        for judge_id, name, kind, model, added_at in judges:
            states = dict(
                self._connection.execute(
                    """
                    select state, count(*) from (
                      select pos, state, row_number() over (
                        partition by pos order by state = 'ok' desc, rowid desc
                      ) as rn
                      from judgement where judge_id = ? and sample_no = 0
                    ) where rn = 1 group by state order by state
                    """,
                    (judge_id,),
                ).fetchall()
            )
            (switched_judged,) = self._connection.execute(
                """
                select count(distinct j.pos) from judgement j join pair p using (pos)
                where j.judge_id = ? and p.switched = 1 and p.excluded_because is null
                """,
                (judge_id,),
            ).fetchone()
            found.append(JudgeProgress(judge_id, name, kind, model, added_at, states, switched_judged, switched_total))
        return found

    def shown_judge(self) -> str | None:
        """Return the study's shown judge: the one that was set, else the latest complete one that gives codes."""
        row = self._connection.execute("select shown_judge_id from study").fetchone()
        if row and row[0]:
            return row[0]
        complete = [judge for judge in self.progress() if judge.is_complete and judge.states.get("ok")]
        return complete[-1].judge_id if complete else None
