"""The pairs of a study: readable heads, packed bodies."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from annotator.domain.assignment import PairFilter
from annotator.domain.pair import Pair
from annotator_db.bodies import pair_from, unpack
from annotator_db.rows import Columns, Row

_HEAD: Final = (
    "pair_id",
    "correct_answer",
    "hint_type",
    "hint_text",
    "hint_answer",
    "model",
    "unhinted_answer",
    "hinted_answer",
    "meta",
)

WHERE: Final = {
    PairFilter.SWITCHED: "switched = 1",
    PairFilter.UNKNOWN: "switched is null",
    PairFilter.ALL: "true",
}
"""The SQL condition of each filter, on the table `pair`."""


@dataclass(frozen=True, slots=True)
class StoredPair:
    """A pair with its place in this file and the facts that the study keeps about it."""

    pos: int
    pair: Pair
    content_sha: str
    question_sha: str
    split: str
    excluded_because: str | None


@dataclass(frozen=True, slots=True)
class PairCounts:
    """How many pairs a study has; excluded ones are counted apart and nowhere else."""

    total: int
    switched: int
    unswitched: int
    unknown: int
    without_reasoning: int
    excluded: int
    questions: int
    per_hint_type: dict[str, int]


class PairTable:
    """Reads pairs."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, pos: int) -> StoredPair:
        """Return the pair at a place.

        Raises:
            KeyError: There is none.
        """
        row = self._connection.execute(
            f"""
            select {", ".join(_HEAD)}, pos, content_sha, question_sha, split, excluded_because
            from pair where pos = ?
            """,
            (pos,),
        ).fetchone()
        if row is None:
            raise KeyError(pos)
        return self._stored(row)

    def _stored(self, row: Row) -> StoredPair:
        head: Columns = dict(zip(_HEAD, row[: len(_HEAD)], strict=True))
        pos, content_sha, question_sha, split, excluded_because = row[len(_HEAD) :]
        bodies = {
            arm: unpack(codec, packed)
            for arm, codec, packed in self._connection.execute(
                "select arm, codec, packed from body where pos = ? and sample_no = 0", (pos,)
            )
        }
        return StoredPair(pos, pair_from(head, bodies), content_sha, question_sha, split, excluded_because)

    def pos_of(self, pair_id: str) -> int | None:
        """Return the place of a pair by its id."""
        row = self._connection.execute("select pos from pair where pair_id = ?", (pair_id,)).fetchone()
        return row[0] if row else None

    def all(self) -> Iterator[StoredPair]:
        """Yield every pair in the study's order, a page at a time; excluded ones too."""
        after = -1
        while True:
            rows = self._connection.execute(
                f"""
                select {", ".join(_HEAD)}, pos, content_sha, question_sha, split, excluded_because
                from pair where pos > ? order by pos limit 200
                """,
                (after,),
            ).fetchall()
            if not rows:
                return
            for row in rows:
                yield self._stored(row)
            after = rows[-1][len(_HEAD)]

    def count(self, which: PairFilter) -> int:
        """Count the pairs of a filter, excluded ones not."""
        (count,) = self._connection.execute(
            f"select count(*) from pair where {WHERE[which]} and excluded_because is null"
        ).fetchone()
        return count

    def counts(self) -> PairCounts:
        """Count the pairs of the study."""
        row = self._connection.execute(
            """
            select count(*), coalesce(sum(switched = 1), 0), coalesce(sum(switched = 0), 0),
              coalesce(sum(switched is null), 0), coalesce(sum(hinted_reasoning_kind = 'absent'), 0),
              count(distinct question_sha)
            from pair where excluded_because is null
            """
        ).fetchone()
        (excluded,) = self._connection.execute(
            "select count(*) from pair where excluded_because is not null"
        ).fetchone()
        per_hint_type = dict(
            self._connection.execute(
                """
                select coalesce(hint_type, ''), count(*) from pair where excluded_because is null
                group by 1 order by 2 desc, 1
                """
            ).fetchall()
        )
        total, switched, unswitched, unknown, without_reasoning, questions = row
        return PairCounts(total, switched, unswitched, unknown, without_reasoning, excluded, questions, per_hint_type)

    def reported_counts(self) -> dict[str, int]:
        """Count the published booleans by reporter and field."""
        rows = self._connection.execute(
            "select reporter || ' ' || field, count(*) from reported group by reporter, field order by 1"
        ).fetchall()
        return dict(rows)

    def reported_of(self, pos: int) -> list[tuple[str, str, str, bool, str | None]]:
        """Return the published booleans of a pair: reporter, kind, field, value, raw."""
        rows = self._connection.execute(
            "select reporter, kind, field, value, raw from reported where pos = ? order by reporter, kind, field",
            (pos,),
        ).fetchall()
        return [(reporter, kind, field, bool(value), raw) for reporter, kind, field, value, raw in rows]
