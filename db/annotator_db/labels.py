"""The append-only history of labels."""

import sqlite3
from dataclasses import dataclass
from typing import Final

from annotator.domain.label import (
    Decision,
    EvidenceSpan,
    Exposure,
    Label,
    LabelStage,
    Shown,
)
from annotator.domain.pair import Section
from annotator_db.rows import Row, from_json, to_json

_COLUMNS: Final = """
    l.label_id, p.pair_id, r.name, l.stage, l.code, l.exposure, l.made_at, l.round, l.supersedes, l.seen_judgement_id,
    l.shown, l.viewed, l.verdicts_seen, l.active_ms, l.guidelines_sha, l.codebook_sha, l.origin, l.seq, l.ticks,
    l.second_code, l.note, l.cannot_reason, l.pos
"""
_FROM: Final = "from label l join pair p using (pos) join rater r using (rater_id)"


@dataclass(frozen=True, slots=True)
class NewLabel:
    """A label to be written; `origin` and `seq` are given by the study unless a restored history brings its own."""

    label_id: str
    pos: int
    rater_id: int
    stage: LabelStage
    decision: Decision | None
    exposure: Exposure
    made_at: str
    codebook_sha: str
    guidelines_sha: str | None = None
    round: int = 1
    supersedes: str | None = None
    seen_judgement_id: str | None = None
    shown: Shown = Shown.NOTHING
    viewed: float | None = None
    verdicts_seen: int = 0
    active_ms: int | None = None
    origin: str | None = None
    seq: int | None = None

    def as_label(self, pair_id: str, rater: str) -> Label:
        """Return the label that this one will be, as far as it is known before it is written."""
        return Label(
            label_id=self.label_id,
            pair_id=pair_id,
            rater=rater,
            stage=self.stage,
            decision=self.decision,
            exposure=self.exposure,
            made_at=self.made_at,
            round=self.round,
            supersedes=self.supersedes,
            seen_judgement_id=self.seen_judgement_id,
            shown=self.shown,
            viewed=self.viewed,
            verdicts_seen=self.verdicts_seen,
            active_ms=self.active_ms,
            guidelines_sha=self.guidelines_sha,
            codebook_sha=self.codebook_sha,
        )


class LabelTable:
    """Reads and appends labels; the caller holds the transaction for `add`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, label: NewLabel, study_origin: str) -> bool:
        """Append a label; False where its id is there already (a retried write is one label)."""
        if self._connection.execute("select 1 from label where label_id = ?", (label.label_id,)).fetchone():
            return False
        origin, seq = label.origin, label.seq
        if origin is None or seq is None:
            origin = study_origin
            (seq,) = self._connection.execute(
                "select coalesce(max(seq), 0) + 1 from label where origin = ?", (origin,)
            ).fetchone()
        decision = label.decision
        self._connection.execute(
            """
            insert into label (
              label_id, pos, rater_id, round, stage, code, supersedes, seen_judgement_id, exposure, shown, viewed,
              verdicts_seen, ticks, second_code, guidelines_sha, codebook_sha, note, cannot_reason, active_ms, made_at,
              origin, seq
            ) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                label.label_id,
                label.pos,
                label.rater_id,
                label.round,
                label.stage.value,
                decision.code if decision else None,
                label.supersedes,
                label.seen_judgement_id,
                label.exposure.value,
                int(label.shown),
                label.viewed,
                label.verdicts_seen,
                to_json(list(decision.ticks)) if decision else "[]",
                decision.second_code if decision else None,
                label.guidelines_sha,
                label.codebook_sha,
                decision.note if decision else None,
                decision.cannot_reason if decision else None,
                label.active_ms,
                label.made_at,
                origin,
                seq,
            ),
        )
        if decision:
            self._connection.executemany(
                "insert into label_span (label_id, n, section, start, stop, quote) values (?, ?, ?, ?, ?, ?)",
                [
                    (label.label_id, n, span.section.value, span.start, span.end, span.quote)
                    for n, span in enumerate(decision.evidence)
                ],
            )
        return True

    def get(self, label_id: str) -> Label | None:
        """Return a label by its id."""
        row = self._connection.execute(f"select {_COLUMNS} {_FROM} where l.label_id = ?", (label_id,)).fetchone()
        return self._label(row) if row else None

    def head(self, pos: int, rater_id: int, round_no: int = 1) -> Label | None:
        """Return the rater's latest label of a pair, which may be a withdrawal."""
        row = self._connection.execute(
            f"""
            select {_COLUMNS} {_FROM}
            where l.pos = ? and l.rater_id = ? and l.round = ?
              and not exists (select 1 from label n where n.supersedes = l.label_id)
            order by l.origin desc, l.seq desc limit 1
            """,
            (pos, rater_id, round_no),
        ).fetchone()
        return self._label(row) if row else None

    def latest(self, rater_id: int, origin: str) -> tuple[int, Label] | None:
        """Return place and label of what the rater wrote last in this copy of the study, withdrawals included."""
        row = self._connection.execute(
            f"select {_COLUMNS} {_FROM} where l.rater_id = ? and l.origin = ? order by l.seq desc limit 1",
            (rater_id, origin),
        ).fetchone()
        return (row[-1], self._label(row)) if row else None

    def latest_standing(self, rater_id: int, origin: str) -> tuple[int, Label] | None:
        """Return place and label of the last of the rater's own labels that is neither withdrawn nor superseded."""
        row = self._connection.execute(
            f"""
            select {_COLUMNS} {_FROM}
            where l.rater_id = ? and l.origin = ? and l.code is not null and l.stage <> 'imported'
              and not exists (select 1 from label n where n.supersedes = l.label_id)
            order by l.seq desc limit 1
            """,
            (rater_id, origin),
        ).fetchone()
        return (row[-1], self._label(row)) if row else None

    def history(self, pos: int) -> list[Label]:
        """Return every label row of a pair: in the order of copy and sequence, but never before what it supersedes."""
        rows = self._connection.execute(
            f"select {_COLUMNS} {_FROM} where l.pos = ? order by l.origin, l.seq", (pos,)
        ).fetchall()
        return _oldest_first([self._label(row) for row in rows])

    def verdicts_shown(self, rater_id: int) -> int:
        """Count the pairs on which this rater has been shown a judge's verdict.

        After a first vote under `reveal` at `each`, moving on counts: the rater knows that the judge agreed.
        """
        (count,) = self._connection.execute(
            """
            select count(*) from (
              select l.pos from label l where l.rater_id = :rater and l.seen_judgement_id is not null
              union
              select l.pos from label l
              join assignment a on a.rater_id = l.rater_id and a.pos = l.pos and a.round = l.round
              join judgement j on j.pos = l.pos and j.judge_id = a.judge_id and j.state = 'ok' and j.sample_no = 0
              where l.rater_id = :rater and l.stage = 'first' and l.exposure = 'reveal' and a.reveal_when = 'each'
                and (a.sham = 0 or j.code = l.code)
            )
            """,
            {"rater": rater_id},
        ).fetchone()
        return count

    def labelled_pairs(self, rater_id: int) -> int:
        """Count the pairs that carry a standing label of this rater."""
        (count,) = self._connection.execute(
            """
            select count(distinct l.pos) from label l
            where l.rater_id = ? and l.code is not null
              and not exists (select 1 from label n where n.supersedes = l.label_id)
            """,
            (rater_id,),
        ).fetchone()
        return count

    def _label(self, row: Row) -> Label:
        spans = self._connection.execute(
            "select section, start, stop, quote from label_span where label_id = ? order by n", (row[0],)
        ).fetchall()
        decision = None
        if row[4] is not None:
            decision = Decision(
                code=row[4],
                evidence=tuple(
                    EvidenceSpan(Section(section), start, stop, quote) for section, start, stop, quote in spans
                ),
                ticks=tuple(from_json(row[18])),
                second_code=row[19],
                note=row[20],
                cannot_reason=row[21],
            )
        return Label(
            label_id=row[0],
            pair_id=row[1],
            rater=row[2],
            stage=LabelStage(row[3]),
            decision=decision,
            exposure=Exposure(row[5]),
            made_at=row[6],
            round=row[7],
            supersedes=row[8],
            seen_judgement_id=row[9],
            shown=Shown(row[10]),
            viewed=row[11],
            verdicts_seen=row[12],
            active_ms=row[13],
            guidelines_sha=row[14],
            codebook_sha=row[15],
            origin=row[16],
            seq=row[17],
        )


def _oldest_first(labels: list[Label]) -> list[Label]:
    """Put every label after the one that it supersedes: a history may have begun in one copy and gone on in another."""
    waiting: dict[str, list[Label]] = {}
    unplaced = {label.label_id for label in labels}
    ordered: list[Label] = []
    for label in labels:
        if label.supersedes in unplaced:
            waiting.setdefault(label.supersedes, []).append(label)
            continue
        placeable = [label]
        while placeable:
            following = placeable.pop(0)
            ordered.append(following)
            unplaced.discard(following.label_id)
            placeable += waiting.pop(following.label_id, [])
    return ordered
