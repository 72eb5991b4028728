"""Coarser scales made from a fine one."""

from collections.abc import Sequence

import numpy as np

from annotator.statistics.arrays import IntArray


def category_against_rest(codes: IntArray, category: int) -> IntArray:
    """Return the labels as "this category" (1) or "another one" (0).

    Args:
        codes: Any shape; -1 is missing and stays missing.
        category: The category to set apart. One that nobody used gives zeros.
    """
    return np.where(codes < 0, -1, (codes == category).astype(np.int64))


def merge_categories(codes: IntArray, groups: Sequence[Sequence[int]]) -> IntArray:
    """Return the labels with each category replaced by the position of its group.

    Args:
        codes: Any shape; -1 is missing and stays missing.
        groups: The categories of each new category. Labels in none of them become missing.

    Raises:
        ValueError: A category is negative or in two groups.
    """
    categories = [category for group in groups for category in group]
    if len(set(categories)) < len(categories) or min(categories, default=0) < 0:
        raise ValueError(f"each category belongs to at most one group and is not negative, got {groups!r}")
    merged = np.full(np.shape(codes), -1, dtype=np.int64)
    for position, group in enumerate(groups):
        merged[np.isin(codes, group)] = position
    return merged
