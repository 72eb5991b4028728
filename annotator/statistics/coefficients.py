"""Agreement coefficients as functions of tallies: one value for each row, NaN where undefined."""

import numpy as np

from annotator.statistics.arrays import BoolArray, FloatArray
from annotator.statistics.tallies import Tallies


def percent_agreement(tallies: Tallies) -> FloatArray:
    """Return the mean over pairable pairs of the share of agreeing pairs of labels.

    NaN without pairable pairs.

    Source: Fleiss (1971), "Measuring nominal scale agreement among many raters"; where labels are missing
    Gwet (2014), "Handbook of inter-rater reliability", 4th ed., ch. 2.
    """
    return _ratio(tallies.agreement, tallies.unit * tallies.pairable)


def krippendorff_alpha(tallies: Tallies) -> FloatArray:
    """Return Krippendorff's alpha with the nominal metric.

    Pairs with a single label are not used. NaN without pairable pairs and when all compared labels are equal
    (alpha is 0/0 there; 1.0 would hide a rater who always presses the same key).

    Source: Krippendorff (2011), "Computing Krippendorff's alpha-reliability"; its worked examples A and C
    are tests.
    """
    category_labels = tallies.pairable_labels
    labels = category_labels.sum(axis=1)
    expected = labels * labels - (category_labels * category_labels).sum(axis=1)
    return 1 - _ratio((labels - 1) * tallies.disagreement, tallies.unit * expected)


def gwet_ac1(tallies: Tallies) -> FloatArray:
    """Return Gwet's AC1.

    Chance agreement depends on the number of declared categories. Pairs with a single label count in the
    shares of the categories. NaN without pairable pairs and on a scale with one category. All labels
    equal: 1.0.

    Source: Gwet (2008), "Computing inter-rater reliability and its variance in the presence of high
    agreement"; Gwet (2014), ch. 2, for missing labels.
    """
    if tallies.n_categories < 2:
        return np.full(len(tallies.matrix), np.nan)
    shares = _shares(tallies)
    return _beyond_chance(tallies, (shares * (1 - shares)).sum(axis=1) / (tallies.n_categories - 1))


def fleiss_kappa(tallies: Tallies) -> FloatArray:
    """Return Fleiss' kappa, which for two raters is Scott's pi.

    NaN without pairable pairs and when all labels, those of pairs with a single label included, are equal.
    Below -1 is possible where single labels make the shares more uneven than those of the pairs compared.

    Source: Fleiss (1971); Scott (1955), "Reliability of content analysis"; Gwet (2014), ch. 2, for missing
    labels.
    """
    shares = _shares(tallies)
    has_variation = tallies.shares.max(axis=1, initial=0) < tallies.unit * tallies.labelled
    return _where(has_variation, _beyond_chance(tallies, (shares * shares).sum(axis=1)))


def brennan_prediger_kappa(tallies: Tallies) -> FloatArray:
    """Return Brennan and Prediger's kappa, whose chance agreement is 1 / declared categories.

    NaN without pairable pairs and on a scale with one category. All labels equal: 1.0.

    Source: Brennan and Prediger (1981), "Coefficient kappa: some uses, misuses, and alternatives".
    """
    return _beyond_chance(tallies, np.full(len(tallies.matrix), 1 / tallies.n_categories))


def conger_kappa(tallies: Tallies) -> FloatArray:
    """Return Conger's kappa, Cohen's kappa for more than two raters, each with shares of their own.

    It is not the mean of the pairwise kappas. With missing labels a rater's shares come from all their
    labels. NaN without pairable pairs, when all raters always give the same label, and in a resample without
    any label of one of the raters.

    Source: Conger (1980), "Integration and generalization of kappas for multiple raters"; Gwet (2014), ch. 2.
    """
    labels = tallies.labels_by_rater
    labels_of_rater = labels.sum(axis=2)
    rater_shares = _ratio(labels, labels_of_rater[:, :, None])
    # The sum over ordered pairs of different raters is the square of the sum without the squares.
    total = rater_shares.sum(axis=1)
    same_rater = (rater_shares * rater_shares).sum(axis=(1, 2))
    ordered_pairs = np.full(len(total), tallies.n_raters * (tallies.n_raters - 1.0))
    by_chance = _ratio((total * total).sum(axis=1) - same_rater, ordered_pairs)
    in_commonest = labels.sum(axis=1).max(axis=1, initial=0)
    return _where(in_commonest < labels_of_rater.sum(axis=1), _beyond_chance(tallies, by_chance))


def specific_agreement(tallies: Tallies, category: int) -> FloatArray:
    """Return the chance that another rater of the pair is in the category, given that one is.

    For two raters and two categories these are the positive and negative agreement 2a / (2a + b + c).
    NaN if no compared label is in the category.

    Source: Cicchetti and Feinstein (1990), "High agreement but low kappa: II. Resolving the paradoxes"; for
    more raters Uebersax (1982), "A design-independent method for measuring the reliability of psychiatric
    diagnosis".
    """
    return _ratio(tallies.matches[:, category], tallies.chances_to_match[:, category])


def cohen_kappa(two_raters: FloatArray) -> FloatArray:
    """Return Cohen's kappa on the pairs that both raters labelled.

    NaN without such a pair and when both always gave the same one label. Exactly 0.0 when one rater is
    constant.

    Args:
        two_raters: Sums of `tallies_of_two_raters`, shape (N, 1 + 2K).

    Source: Cohen (1960), "A coefficient of agreement for nominal scales"; his table (.492) is a test.
    """
    n_categories = (two_raters.shape[1] - 1) // 2
    first, second = two_raters[:, 1 : 1 + n_categories], two_raters[:, 1 + n_categories :]
    n_pairs = first.sum(axis=1)
    by_chance = (first * second).sum(axis=1)
    return _ratio(n_pairs * two_raters[:, 0] - by_chance, n_pairs * n_pairs - by_chance)


def share_equal(two_raters: FloatArray) -> FloatArray:
    """Return the share of equal labels among the pairs that both raters labelled; NaN without such a pair."""
    n_categories = (two_raters.shape[1] - 1) // 2
    return _ratio(two_raters[:, 0], two_raters[:, 1 : 1 + n_categories].sum(axis=1))


def _beyond_chance(tallies: Tallies, by_chance: FloatArray) -> FloatArray:
    return _ratio(percent_agreement(tallies) - by_chance, 1 - by_chance)


def _shares(tallies: Tallies) -> FloatArray:
    return _ratio(tallies.shares, tallies.unit * tallies.labelled[:, None])


def _ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Divide; NaN where the denominator is 0."""
    nowhere = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), np.nan)
    return np.divide(numerator, denominator, out=nowhere, where=denominator != 0)


def _where(is_defined: BoolArray, values: FloatArray) -> FloatArray:
    return np.where(is_defined, values, np.nan)
