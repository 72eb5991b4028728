"""labels.csv: one label a row, the whole history."""

import csv
from collections.abc import Sequence
from typing import TextIO

from annotator.domain.codebook import Codebook
from annotator.domain.label import Label
from annotator_exports.cells import safe_cell
from annotator_exports.release import PairRelease

COLUMNS: tuple[str, ...] = (
    "pair_id",
    "hint_type",
    "model",
    "switched",
    "rater",
    "round",
    "stage",
    "exposure",
    "is_first_vote",
    "code",
    "ticks",
    "second_code",
    "evidence_sections",
    "evidence",
    "note",
    "cannot_reason",
    "made_at",
    "active_ms",
    "viewed",
    "shown",
    "verdicts_seen",
    "seen_judgement_id",
    "label_id",
    "supersedes",
    "origin",
    "seq",
)
"""Before one column for the verdict under each rule."""


class LabelsCsv:
    """Writes the rows of one file as the pairs come."""

    def __init__(self, file: TextIO, codebook: Codebook) -> None:
        self._codebook = codebook
        self._writer = csv.writer(file, lineterminator="\n")
        self._writer.writerow([*COLUMNS, *(f"verdict_{rule.key}" for rule in codebook.rules)])

    def add(self, release: PairRelease) -> None:
        """Write the labels of a pair."""
        for label in release.labels:
            self._writer.writerow(self._row(release, label))

    def _row(self, release: PairRelease, label: Label) -> Sequence[str | int | float | None]:
        pair, decision = release.pair, label.decision
        return [
            safe_cell(pair.pair_id),
            safe_cell(pair.hint_type or ""),
            safe_cell(pair.model or ""),
            {True: "yes", False: "no", None: "unknown"}[pair.switched],
            safe_cell(label.rater),
            label.round,
            label.stage.value,
            label.exposure.value,
            int(label.label_id in release.first_votes),
            safe_cell(decision.code) if decision else None,
            safe_cell(" ".join(decision.ticks)) if decision else None,
            safe_cell(decision.second_code or "") if decision else None,
            " ".join(sorted({span.section.value for span in decision.evidence})) if decision else None,
            safe_cell(" | ".join(span.quote for span in decision.evidence)) if decision else None,
            safe_cell(decision.note or "") if decision else None,
            safe_cell(decision.cannot_reason or "") if decision else None,
            label.made_at,
            label.active_ms,
            label.viewed,
            int(label.shown),
            label.verdicts_seen,
            label.seen_judgement_id,
            safe_cell(label.label_id),
            label.supersedes,
            safe_cell(label.origin or ""),
            label.seq,
            *(self._codebook.verdict(rule, decision).value if decision else None for rule in self._codebook.rules),
        ]
