"""What the statistics read: first votes, and why other labels do not count."""

import sqlite3
from dataclasses import dataclass

from annotator.domain.label import Decision, EvidenceSpan
from annotator.domain.pair import Section
from annotator_db.rows import from_json


@dataclass(frozen=True, slots=True)
class Vote:
    """One first vote."""

    pos: int
    pair_id: str
    question_sha: str
    hint_type: str
    model: str
    rater: str
    label_id: str
    decision: Decision


class VoteTable:
    """Reads first votes in bulk."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def first_votes(self) -> list[Vote]:
        """Return every first vote of the main stage, in the order of pair and rater."""
        spans: dict[str, list[EvidenceSpan]] = {}
        for label_id, section, start, stop, quote in self._connection.execute(
            "select label_id, section, start, stop, quote from label_span order by label_id, n"
        ):
            spans.setdefault(label_id, []).append(EvidenceSpan(Section(section), start, stop, quote))
        rows = self._connection.execute(
            """
            select v.pos, v.pair_id, p.question_sha, coalesce(p.hint_type, '(none)'), coalesce(p.model, '(none)'),
              v.rater, v.label_id, l.code, l.ticks, l.second_code
            from first_vote v join pair p using (pos) join label l using (label_id)
            order by v.pos, v.rater_id
            """
        )
        return [
            Vote(
                pos=row[0],
                pair_id=row[1],
                question_sha=row[2],
                hint_type=row[3],
                model=row[4],
                rater=row[5],
                label_id=row[6],
                decision=Decision(row[7], tuple(spans.get(row[6], ())), tuple(from_json(row[8])), row[9]),
            )
            for row in rows
        ]

    def count_of(self, rater_id: int) -> int:
        """Count the first votes of a rater."""
        (count,) = self._connection.execute(
            "select count(*) from first_vote where rater_id = ?", (rater_id,)
        ).fetchone()
        return count

    def gold_counts(self) -> dict[str, int]:
        """Count the pairs by what their gold stands on."""
        return dict(
            self._connection.execute("select basis, count(*) from gold group by basis order by basis").fetchall()
        )

    def adjudicated(self) -> dict[int, str]:
        """Return the adjudicated code by the pair's place."""
        return dict(self._connection.execute("select pos, code from gold where basis = 'adjudicated'").fetchall())

    def left_out(self) -> dict[str, int]:
        """Count the standing labels that are no first votes, by the reason."""
        rows = self._connection.execute(
            """
            select
              case
                when pair.excluded_because is not null then 'of excluded pairs'
                when h.stage = 'imported' or h.exposure = 'unknown' then 'imported, exposure unknown'
                when h.exposure = 'assisted' then 'assisted: the verdict was on show'
                when h.stage = 'adjudication' then 'adjudications'
                when h.seen_judgement_id is not null then 'given after a verdict'
                when h.stage = 'final' then 'given at a second look'
                else 'of another stage or round'
              end as reason,
              count(*)
            from label_head h join pair using (pos)
            where h.code is not null and h.label_id not in (select label_id from first_vote)
            group by reason order by reason
            """
        ).fetchall()
        return dict(rows)
