"""The raters' queues: assignments are drawn once, and walked by key, never by offset."""

import sqlite3
from collections.abc import Iterable
from typing import Final

from annotator.domain.assignment import Assignment, PairFilter
from annotator.domain.label import Exposure, RevealWhen
from annotator_db.pairs import WHERE
from annotator_db.rows import Row

_COLUMNS: Final = """
    a.pos, a.ord, a.exposure, a.exposure_drawn, a.exposure_probability, a.reveal_when, a.sham, a.highlights,
    a.judge_id, a.draw_u, a.weight, a.round
"""
_UNLABELLED: Final = """
    not exists (
      select 1 from label l
      where l.pos = a.pos and l.rater_id = a.rater_id and l.round = a.round and l.code is not null
        and not exists (select 1 from label n where n.supersedes = l.label_id)
    )
"""


class QueueTable:
    """One rater's queue at a time; the caller holds the transaction for writes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def undrawn(self, rater_id: int, which: PairFilter, round_no: int = 1) -> list[tuple[int, str]]:
        """Return place and id of the pairs of a filter that are not yet in the rater's queue, in the study's order."""
        row = self._connection.execute(
            "select up_to_pos from queue_draw where rater_id = ? and round = ? and pairs in (?, 'all') order by 1 desc",
            (rater_id, round_no, which.value),
        ).fetchone()
        after = row[0] if row else -1
        return self._connection.execute(
            f"""
            select pos, pair_id from pair p
            where pos > ? and {WHERE[which]} and excluded_because is null
              and not exists (
                select 1 from assignment a where a.rater_id = ? and a.pos = p.pos and a.round = ?
              )
            order by pos
            """,
            (after, rater_id, round_no),
        ).fetchall()

    def add(self, rater_id: int, which: PairFilter, assignments: Iterable[Assignment], round_no: int = 1) -> int:
        """Put pairs into a rater's queue and note how far the study has been considered; return how many."""
        rows = [
            (
                rater_id,
                assignment.pos,
                round_no,
                assignment.ord,
                assignment.weight,
                assignment.draw_u,
                assignment.exposure.value,
                assignment.exposure_drawn.value,
                assignment.exposure_probability,
                assignment.reveal_when.value,
                int(assignment.is_sham),
                int(assignment.has_highlights),
                assignment.judge_id,
            )
            for assignment in assignments
        ]
        self._connection.executemany(
            """
            insert into assignment (
              rater_id, pos, round, ord, weight, draw_u, exposure, exposure_drawn, exposure_probability, reveal_when,
              sham, highlights, judge_id
            ) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict do nothing
            """,
            rows,
        )
        self._connection.execute(
            """
            insert into queue_draw (rater_id, round, pairs, up_to_pos)
            values (?, ?, ?, (select coalesce(max(pos), -1) from pair))
            on conflict (rater_id, round, pairs) do update set up_to_pos = excluded.up_to_pos
            """,
            (rater_id, round_no, which.value),
        )
        return len(rows)

    def has_all(self, rater_id: int, which: PairFilter, round_no: int = 1) -> bool:
        """Say whether every pair of a filter has been considered for the rater's queue; costs the same at any size."""
        row = self._connection.execute(
            """
            select 1 from queue_draw
            where rater_id = ? and round = ? and pairs in (?, 'all')
              and up_to_pos >= (select coalesce(max(pos), -1) from pair)
            """,
            (rater_id, round_no, which.value),
        ).fetchone()
        return row is not None

    def _joins(self, rater_id: int, which: PairFilter, round_no: int) -> str:
        """Return the condition that keeps a filter; empty where the whole queue was drawn by that very filter."""
        if which is PairFilter.ALL:
            return ""
        others = self._connection.execute(
            "select 1 from queue_draw where rater_id = ? and round = ? and pairs <> ?",
            (rater_id, round_no, which.value),
        ).fetchone()
        if others is None:
            return ""
        return f" and exists (select 1 from pair where pair.pos = a.pos and {WHERE[which]})"

    def step(
        self,
        rater_id: int,
        which: PairFilter,
        from_ord: float,
        *,
        forward: bool = True,
        unlabelled: bool = False,
        round_no: int = 1,
    ) -> Assignment | None:
        """Return the next assignment after `from_ord` (before it, if not `forward`), or None at the end."""
        compare, order = (">", "asc") if forward else ("<", "desc")
        row = self._connection.execute(
            f"""
            select {_COLUMNS} from assignment a
            where a.rater_id = ? and a.round = ? and a.ord {compare} ? and a.released_at is null
              {"and" + _UNLABELLED if unlabelled else ""} {self._joins(rater_id, which, round_no)}
            order by a.ord {order} limit 1
            """,
            (rater_id, round_no, from_ord),
        ).fetchone()
        return self._assignment(row) if row else None

    def get(self, rater_id: int, pos: int, round_no: int = 1) -> Assignment | None:
        """Return the assignment of a pair."""
        row = self._connection.execute(
            f"select {_COLUMNS} from assignment a where a.rater_id = ? and a.pos = ? and a.round = ?",
            (rater_id, pos, round_no),
        ).fetchone()
        return self._assignment(row) if row else None

    def of_pair(self, pos: int) -> list[tuple[str, Assignment]]:
        """Return the assignments of a pair with their rater's name, in the order of the raters' coming."""
        rows = self._connection.execute(
            f"""
            select {_COLUMNS}, r.name from assignment a join rater r using (rater_id)
            where a.pos = ? order by a.rater_id, a.round
            """,
            (pos,),
        ).fetchall()
        return [(row[-1], self._assignment(row)) for row in rows]

    def size(self, rater_id: int, which: PairFilter, up_to_ord: float | None = None, round_no: int = 1) -> int:
        """Count the queue, or its part up to a place."""
        (count,) = self._connection.execute(
            f"""
            select count(*) from assignment a
            where a.rater_id = ? and a.round = ? and a.ord <= ? and a.released_at is null
              {self._joins(rater_id, which, round_no)}
            """,
            (rater_id, round_no, 9e999 if up_to_ord is None else up_to_ord),
        ).fetchone()
        return count

    def whole_size(self, rater_id: int, round_no: int = 1) -> int:
        """Count all of a rater's queue, whatever the filter it was drawn by."""
        return self.size(rater_id, PairFilter.ALL, round_no=round_no)

    def labelled(self, rater_id: int, which: PairFilter, round_no: int = 1) -> int:
        """Count the pairs of the queue that carry a standing label of the rater."""
        (count,) = self._connection.execute(
            f"""
            select count(distinct l.pos) from label l
            join assignment a on a.rater_id = l.rater_id and a.pos = l.pos and a.round = l.round
            where l.rater_id = ? and l.round = ? and l.code is not null and a.released_at is null
              and not exists (select 1 from label n where n.supersedes = l.label_id)
              {self._joins(rater_id, which, round_no)}
            """,
            (rater_id, round_no),
        ).fetchone()
        return count

    def pending_looks(self, rater_id: int, when: RevealWhen, round_no: int = 1) -> list[int]:
        """Return the places whose first vote differs from the judge and has not had its second look, in queue order."""
        rows = self._connection.execute(
            """
            select a.pos from assignment a
            join label l on l.pos = a.pos and l.rater_id = a.rater_id and l.round = a.round
            join judgement j on j.pos = a.pos and j.judge_id = a.judge_id and j.state = 'ok' and j.sample_no = 0
            where a.rater_id = ? and a.round = ? and a.reveal_when = ? and a.exposure = 'reveal'
              and l.stage = 'first' and l.exposure = 'reveal' and j.code <> l.code
              and not exists (select 1 from label n where n.supersedes = l.label_id)
            order by a.ord
            """,
            (rater_id, round_no, when.value),
        ).fetchall()
        return [row[0] for row in rows]

    def awaits_judge(self, rater_id: int) -> bool:
        """Say whether an assignment of the rater was drawn before there was a judge to show."""
        row = self._connection.execute(
            "select 1 from assignment where rater_id = ? and judge_id is null limit 1", (rater_id,)
        ).fetchone()
        return row is not None

    def set_judge(self, rater_id: int, judge_id: str, round_no: int = 1) -> None:
        """Give the shown judge to the rater's unlabelled assignments that were drawn before there was one."""
        self._connection.execute(
            f"""
            update assignment as a set judge_id = ?
            where a.rater_id = ? and a.round = ? and a.judge_id is null and {_UNLABELLED}
            """,
            (judge_id, rater_id, round_no),
        )

    def override(
        self, rater_id: int, pos: Iterable[int], exposure: Exposure, reveal_when: RevealWhen, round_no: int = 1
    ) -> None:
        """Put a blinder exposure, or a later reveal, in force; what was drawn stays on record."""
        self._connection.executemany(
            "update assignment set exposure = ?, reveal_when = ? where rater_id = ? and pos = ? and round = ?",
            [(exposure.value, reveal_when.value, rater_id, place, round_no) for place in pos],
        )

    def unlabelled_by_exposure(
        self, rater_id: int, which: PairFilter, round_no: int = 1
    ) -> dict[tuple[Exposure, RevealWhen], list[int]]:
        """Return the places of the queue without a standing label, by exposure in force and time of reveal."""
        rows = self._connection.execute(
            f"""
            select a.exposure, a.reveal_when, a.pos from assignment a
            where a.rater_id = ? and a.round = ? and {_UNLABELLED} {self._joins(rater_id, which, round_no)}
            order by a.ord
            """,
            (rater_id, round_no),
        )
        found: dict[tuple[Exposure, RevealWhen], list[int]] = {}
        for exposure, reveal_when, pos in rows:
            found.setdefault((Exposure(exposure), RevealWhen(reveal_when or RevealWhen.EACH)), []).append(pos)
        return found

    @staticmethod
    def _assignment(row: Row) -> Assignment:
        return Assignment(
            pos=row[0],
            ord=row[1],
            exposure=Exposure(row[2]),
            exposure_drawn=Exposure(row[3]),
            exposure_probability=row[4],
            reveal_when=RevealWhen(row[5] or RevealWhen.EACH),
            is_sham=bool(row[6]),
            has_highlights=bool(row[7]),
            judge_id=row[8],
            draw_u=row[9],
            weight=row[10],
            round=row[11],
        )
