"""How each two raters agree on the pairs that both labelled."""

from dataclasses import replace

from annotator.domain.results import PairwiseKappa, Remark
from annotator.statistics.arrays import FloatArray
from annotator.statistics.basis import Basis
from annotator.statistics.coefficients import cohen_kappa, share_equal
from annotator.statistics.estimates import estimate, estimate_share


def pairwise_kappa(
    first: str, second: str, *, observed: FloatArray, drawn: FloatArray, basis: Basis, level: float
) -> PairwiseKappa:
    """Return Cohen's kappa and percent agreement of two raters.

    Args:
        first: A rater.
        second: Another one.
        observed: Sums of `tallies_of_two_raters` over all pairs, shape (1, 1 + 2K).
        drawn: The same over the pairs of each resample, shape (resamples, 1 + 2K).
        basis: Of the labels of these two raters.
        level: Nominal coverage of the intervals.

    Returns:
        Kappa is 0.0 and flagged `rater_constant`, without interval, when one rater always gave the same
        label: the value then says nothing about the other rater.
    """
    kappa_basis = basis
    if _has_constant_rater(observed):
        kappa_basis = replace(basis, interval_flags=(*basis.interval_flags, Remark.RATER_CONSTANT))
    kappa = estimate("cohen_kappa", cohen_kappa(observed)[0], cohen_kappa(drawn), kappa_basis, level)
    share, shares = share_equal(observed)[0], share_equal(drawn)
    percent = estimate_share("percent_agreement", share, shares, basis, level)
    return PairwiseKappa(first=first, second=second, kappa=kappa, percent=percent, n=basis.n_pairs)


def _has_constant_rater(observed: FloatArray) -> bool:
    categories_of_both = observed[0, 1:].reshape(2, -1)
    return bool((categories_of_both.max(axis=1) == categories_of_both.sum(axis=1)).any())
