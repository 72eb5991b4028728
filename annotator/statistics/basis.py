"""What an agreement statistic rests on: how much data, and what it cannot show."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from annotator.domain.results import Remark
from annotator.statistics.arrays import IntArray
from annotator.statistics.label_table import LabelTable


@dataclass(frozen=True, slots=True)
class Basis:
    """What a statistic rests on."""

    n_pairs: int
    """Pairs with at least two labels: only these can agree or disagree."""
    n_questions: int
    """Distinct questions among them."""
    n_labels: int
    """Labels of these pairs."""
    undefined_because: Remark
    """The reason to give if the statistic turns out to be undefined."""
    interval_flags: tuple[Remark, ...]
    """Why resampling cannot give an interval, as far as the labels themselves tell."""


def basis_of(table: LabelTable, raters: Sequence[int]) -> Basis:
    """Describe what the labels of some raters can support.

    Args:
        table: The labels of all raters.
        raters: Rows of `table.codes`.
    """
    patterns = table.patterns[:, list(raters)]
    labels = (patterns >= 0).sum(axis=1)
    is_pairable = labels >= 2
    pairs_of_pattern = np.bincount(table.pattern_of_pair, minlength=len(patterns))
    questions = table.question_of_pair[is_pairable[table.pattern_of_pair]]
    n_pairs = int(pairs_of_pattern[is_pairable].sum())
    n_questions = int((np.bincount(questions) > 0).sum())
    flags: list[Remark] = []
    if n_pairs == 1:
        flags.append(Remark.SINGLE_PAIR)
    elif n_questions == 1:
        flags.append(Remark.SINGLE_QUESTION)
    if n_pairs:
        flags.extend(_unanimity(patterns[is_pairable], table.n_categories))
    return Basis(
        n_pairs=n_pairs,
        n_questions=n_questions,
        n_labels=int((pairs_of_pattern * labels)[is_pairable].sum()),
        undefined_because=_why_undefined(patterns, n_pairs, table.n_categories),
        interval_flags=tuple(flags),
    )


def _unanimity(compared: IntArray, n_categories: int) -> tuple[Remark, ...]:
    highest = compared.max(axis=1)
    lowest = np.where(compared < 0, n_categories, compared).min(axis=1)
    if (highest > lowest).any():
        return ()
    if highest.max() == lowest.min():
        return (Remark.NO_VARIATION,)
    return (Remark.NO_DISAGREEMENT_OBSERVED,)


def _why_undefined(patterns: IntArray, n_pairs: int, n_categories: int) -> Remark:
    raters_with_labels = int((patterns.max(axis=0, initial=-1) >= 0).sum())
    if raters_with_labels == 0:
        return Remark.NO_DATA
    if raters_with_labels == 1:
        return Remark.FEWER_THAN_TWO_RATERS
    if n_pairs == 0:
        return Remark.NO_PAIRABLE_PAIRS
    return Remark.ONE_CATEGORY if n_categories == 1 else Remark.NO_VARIATION
