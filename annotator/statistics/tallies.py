"""Sums over pairs from which every agreement coefficient follows.

The coefficients are functions of sums over pairs. One matrix product with a weight for each pattern gives
these sums, be the weights the observed counts or those of two thousand resamples, so both go the same way.

All columns are integers: fractions are multiplied by a common denominator. Sums of integers are exact in any
order, so a result does not depend on the order of raters or pairs, or on the number of threads.
"""

from dataclasses import dataclass, replace
from math import lcm

import numpy as np

from annotator.statistics.arrays import FloatArray, IntArray

_LARGEST_EXACT_FLOAT = 2**53


@dataclass(frozen=True, slots=True)
class Tallies:
    """Sums over the labels of all raters; N rows, one for each pattern, profile or resample."""

    matrix: FloatArray
    """Shape (N, columns)."""
    n_categories: int
    n_raters: int
    unit: int
    """The common denominator: `agreement`, `disagreement` and `shares` are multiples of 1/unit."""

    def with_rows(self, matrix: FloatArray) -> "Tallies":
        """Return tallies of the same layout: weighted sums of these rows."""
        return replace(self, matrix=matrix)

    @property
    def pairable(self) -> FloatArray:
        """Pairs with at least two labels, shape (N,)."""
        return self.matrix[:, 0]

    @property
    def labelled(self) -> FloatArray:
        """Pairs with at least one label, shape (N,)."""
        return self.matrix[:, 1]

    @property
    def agreement(self) -> FloatArray:
        """Over pairable pairs, the share of agreeing pairs of labels, times `unit`; shape (N,)."""
        return self.matrix[:, 2]

    @property
    def disagreement(self) -> FloatArray:
        """Over pairable pairs, disagreeing ordered label pairs / (labels - 1), times `unit`; shape (N,)."""
        return self.matrix[:, 3]

    @property
    def shares(self) -> FloatArray:
        """Over labelled pairs, the share of labels in each category, times `unit`; shape (N, K)."""
        return self._by_category(0)

    @property
    def pairable_labels(self) -> FloatArray:
        """Over pairable pairs, the labels in each category; shape (N, K)."""
        return self._by_category(1)

    @property
    def matches(self) -> FloatArray:
        """Over pairable pairs, ordered pairs of labels that are both in the category; shape (N, K)."""
        return self._by_category(2)

    @property
    def chances_to_match(self) -> FloatArray:
        """Over pairable pairs, ordered pairs of labels whose first is in the category; shape (N, K)."""
        return self._by_category(3)

    @property
    def labels_by_rater(self) -> FloatArray:
        """The labels of each rater in each category; shape (N, raters, K)."""
        start = 4 + 4 * self.n_categories
        return self.matrix[:, start:].reshape(len(self.matrix), self.n_raters, self.n_categories)

    def _by_category(self, block: int) -> FloatArray:
        start = 4 + block * self.n_categories
        return self.matrix[:, start : start + self.n_categories]


def tallies_of_patterns(patterns: IntArray, n_categories: int, n_pairs: int) -> Tallies:
    """Return the tallies of a single pair with each pattern.

    Args:
        patterns: Shape (patterns P, raters); -1 is missing. Raters without any label are left out.
        n_categories: Categories of the declared scale.
        n_pairs: Pairs that will be summed up, which bounds the sums.
    """
    present = patterns[:, (patterns >= 0).any(axis=0)]
    by_rater = present[:, :, None] == np.arange(n_categories)
    counts = by_rater.sum(axis=1).astype(np.float64)
    labels = counts.sum(axis=1)
    is_pairable = labels >= 2
    # Dividing by these never divides by zero; the quotient only counts where the pair has labels enough.
    labels_or_one = np.maximum(labels, 1)
    others_or_one = np.maximum(labels - 1, 1)
    unit = _common_denominator(int(labels.max(initial=1)), n_pairs)

    matches = counts * (counts - 1)
    chances = counts * (labels - 1)[:, None]
    columns = [
        is_pairable[:, None],
        labels[:, None] >= 1,
        _scaled(matches.sum(axis=1), unit, labels_or_one * others_or_one)[:, None],
        _scaled((chances - matches).sum(axis=1), unit, others_or_one)[:, None],
        _scaled(counts, unit, labels_or_one[:, None]),
        counts * is_pairable[:, None],
        matches,
        chances,
        by_rater.reshape(len(patterns), present.shape[1] * n_categories),
    ]
    return Tallies(np.hstack(columns).astype(np.float64), n_categories, present.shape[1], unit)


def tallies_of_two_raters(first: IntArray, second: IntArray, n_categories: int) -> FloatArray:
    """Return, for each pattern, what Cohen's kappa needs of the pairs that both raters labelled.

    Args:
        first: Shape (patterns P,); -1 is missing.
        second: Likewise.
        n_categories: Categories of the declared scale, K.

    Returns:
        Shape (P, 1 + 2K): equal labels, then the categories of the first and of the second rater.
    """
    have_both = ((first >= 0) & (second >= 0))[:, None]
    categories = np.arange(n_categories)
    columns = (
        have_both & (first == second)[:, None],
        have_both & (first[:, None] == categories),
        have_both & (second[:, None] == categories),
    )
    return np.hstack(columns).astype(np.float64)


def _scaled(numerator: FloatArray, unit: int, denominator: FloatArray) -> FloatArray:
    # The unit goes first: the product is an exact integer and the division has no remainder.
    return numerator * unit / denominator


def _common_denominator(most_labels: int, n_pairs: int) -> int:
    """Return a number that r and r(r-1) divide for every r up to the most labels of a pair.

    Returns 1 (sums are then rounded in the last digit) if the sums would no longer be exact integers.
    """
    denominator = lcm(*range(1, most_labels + 1))
    largest_sum = denominator * most_labels**2 * max(n_pairs, 1)
    return denominator if largest_sum < _LARGEST_EXACT_FLOAT else 1
