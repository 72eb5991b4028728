"""The labels of a set of pairs, checked and compressed.

Pairs with the same row of labels are interchangeable, so everything is computed once for each distinct row,
a pattern.
"""

from dataclasses import dataclass

import numpy as np

from annotator.statistics.arrays import IntArray

_LARGEST_TABLE_OF_KEYS = 1 << 20


@dataclass(frozen=True, slots=True)
class DistinctRows:
    """The different rows of a matrix."""

    rows: IntArray
    """Shape (distinct, columns), in lexicographic order."""
    number_of_row: IntArray
    """Shape (rows,): which distinct row each row is."""


@dataclass(frozen=True, slots=True)
class LabelTable:
    """The pairs that have at least one label."""

    codes: IntArray
    """Shape (raters, pairs); -1 is missing."""
    question_of_pair: IntArray
    """Shape (pairs,): 0 to the number of questions, without gaps."""
    patterns: IntArray
    """Shape (patterns, raters): the different columns of `codes`."""
    pattern_of_pair: IntArray
    """Shape (pairs,)."""
    n_questions: int
    n_categories: int


def label_table(codes: IntArray, questions: IntArray, n_categories: int) -> LabelTable:
    """Check the labels and leave out the pairs without any.

    Args:
        codes: Shape (raters, pairs), 0 to `n_categories` - 1, or -1 for missing.
        questions: Shape (pairs,): any integer for each question, the same for all its pairs.
        n_categories: Categories of the declared scale, used or not.

    Raises:
        ValueError: Shapes do not fit, or a code is not on the scale.
    """
    if codes.ndim != 2:
        raise ValueError(f"codes must have the shape (raters, pairs), got {codes.shape!r}")
    if questions.shape != codes.shape[1:]:
        raise ValueError(f"questions must have the shape {codes.shape[1:]!r}, got {questions.shape!r}")
    if n_categories < 1:
        raise ValueError(f"n_categories must be at least 1, got {n_categories!r}")
    lowest, highest = int(codes.min(initial=-1)), int(codes.max(initial=-1))
    if lowest < -1 or highest >= n_categories:
        raise ValueError(f"codes must lie in -1..{n_categories - 1}, got {lowest}..{highest}")

    is_labelled = (codes >= 0).any(axis=0)
    kept = np.ascontiguousarray(codes[:, is_labelled], dtype=np.int64)
    distinct_questions, question_of_pair = np.unique(questions[is_labelled], return_inverse=True)
    distinct = distinct_rows(kept.T)
    return LabelTable(
        codes=kept,
        question_of_pair=question_of_pair,
        patterns=distinct.rows,
        pattern_of_pair=distinct.number_of_row,
        n_questions=len(distinct_questions),
        n_categories=n_categories,
    )


def distinct_rows(rows: IntArray) -> DistinctRows:
    """Number the different rows of a matrix.

    Takes one column at a time, so that it is linear for few distinct rows and cannot overflow for many
    columns.

    Args:
        rows: Shape (rows, columns), entries from -1 up. May have no rows or no columns.
    """
    number_of_row = np.zeros(len(rows), dtype=np.int64)
    n_distinct = min(len(rows), 1)
    for column in rows.T:
        span = int(column.max(initial=-1)) + 2
        number_of_row = _renumbered(number_of_row * span + column + 1, n_distinct * span)
        n_distinct = int(number_of_row.max(initial=-1)) + 1
    representatives = np.zeros(n_distinct, dtype=np.int64)
    representatives[number_of_row] = np.arange(len(rows))
    return DistinctRows(rows[representatives], number_of_row)


def _renumbered(keys: IntArray, n_possible: int) -> IntArray:
    """Return the keys as ranks among the different keys, without gaps and in the same order."""
    if n_possible > _LARGEST_TABLE_OF_KEYS:
        return np.unique(keys, return_inverse=True)[1]
    is_used = np.bincount(keys, minlength=n_possible) > 0
    return (np.cumsum(is_used) - 1)[keys]
