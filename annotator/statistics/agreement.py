"""Agreement among raters, with intervals from a bootstrap over questions."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, combinations

import numpy as np

from annotator.domain.results import Agreement, Estimate, PairwiseKappa, Remark
from annotator.statistics import coefficients
from annotator.statistics.arrays import FloatArray, IntArray
from annotator.statistics.basis import Basis, basis_of
from annotator.statistics.estimates import estimate, estimate_share
from annotator.statistics.label_table import LabelTable, label_table
from annotator.statistics.pairwise import pairwise_kappa
from annotator.statistics.proportions import check_level
from annotator.statistics.resampling import question_profiles, resampled_sums
from annotator.statistics.tallies import Tallies, tallies_of_patterns, tallies_of_two_raters

_on_category_0 = partial(coefficients.specific_agreement, category=0)
_on_category_1 = partial(coefficients.specific_agreement, category=1)


def agreement(
    codes: IntArray,
    *,
    questions: IntArray,
    n_categories: int,
    rater_names: Sequence[str],
    resamples: int = 2000,
    seed: int = 0,
    level: float = 0.95,
) -> Agreement:
    """Return how far raters agree: percent agreement, alpha, AC1, pairwise kappas and their relatives.

    The intervals speak of other questions and the same raters. All statistics share the same resamples.

    Args:
        codes: Shape (raters, pairs), 0 to `n_categories` - 1, or -1 for missing.
        questions: Shape (pairs,): any integer for each question, the same for all its pairs.
        n_categories: Categories of the declared scale, used or not; AC1 depends on it.
        rater_names: One for each row of `codes`, all different.
        resamples: Bootstrap resamples; 0 for no intervals.
        seed: The same seed gives the same intervals to the last bit, for the same labels and order of raters.
        level: Nominal coverage of the intervals.

    Returns:
        Estimates that carry a reason where the labels do not define them. Pairs without labels count nowhere.

    Raises:
        ValueError: Shapes or names do not fit, a code is not on the scale, or a setting is out of range.

    Source: docs/methods.md has each formula with its source.
    """
    check_level(level)
    if resamples < 0:
        raise ValueError(f"resamples must not be negative, got {resamples!r}")
    table = label_table(codes, questions, n_categories)
    if len(rater_names) != len(codes) or len(set(rater_names)) != len(rater_names):
        raise ValueError(f"each of {len(codes)} rows of codes needs a name of its own, got {rater_names!r}")

    n_pairs = table.codes.shape[1]
    tallies = tallies_of_patterns(table.patterns, n_categories, n_pairs)
    two_raters = list(combinations(range(len(codes)), 2))
    sums_of_resamples = resampled_sums(
        question_profiles(table),
        chain([tallies.matrix], (_tallies_of(table, first, second) for first, second in two_raters)),
        resamples=resamples,
        seed=seed,
    )
    drawn = tallies.with_rows(next(sums_of_resamples))
    observed = tallies.with_rows(_observed_sums(table, tallies.matrix))
    is_label = table.codes >= 0
    compared = basis_of(table, range(len(codes)))
    # Gwet's family also takes category shares from pairs with a single label.
    with_single_labels = replace(compared, n_labels=int(is_label.sum()))
    specific = replace(compared, undefined_because=Remark.CATEGORY_NOT_USED) if compared.n_pairs else compared

    def estimated(name: str, coefficient: Callable[[Tallies], FloatArray], basis: Basis) -> Estimate:
        return estimate(name, coefficient(observed)[0], coefficient(drawn), basis, level)

    labels_of_rater = [int(row.sum()) for row in is_label]
    return Agreement(
        percent=estimate_share(
            "percent_agreement",
            coefficients.percent_agreement(observed)[0],
            coefficients.percent_agreement(drawn),
            compared,
            level,
        ),
        alpha=estimated("krippendorff_alpha", coefficients.krippendorff_alpha, compared),
        ac1=estimated("gwet_ac1", coefficients.gwet_ac1, with_single_labels),
        positive=estimated("positive_agreement", _on_category_1, specific) if n_categories == 2 else None,
        negative=estimated("negative_agreement", _on_category_0, specific) if n_categories == 2 else None,
        others=(
            estimated("fleiss_kappa", coefficients.fleiss_kappa, with_single_labels),
            estimated("brennan_prediger_kappa", coefficients.brennan_prediger_kappa, compared),
            estimated("conger_kappa", coefficients.conger_kappa, with_single_labels),
        ),
        pairwise=tuple(
            _pairwise(table, rater_names, first, second, sums, level)
            for (first, second), sums in zip(two_raters, sums_of_resamples, strict=True)
        ),
        n_pairs=n_pairs,
        n_pairable=compared.n_pairs,
        n_questions=table.n_questions,
        n_labels=with_single_labels.n_labels,
        n_raters=len(labels_of_rater) - labels_of_rater.count(0),
        n_categories=n_categories,
        silent_raters=tuple(name for name, n in zip(rater_names, labels_of_rater, strict=True) if n == 0),
        seed=seed,
    )


def _pairwise(
    table: LabelTable, rater_names: Sequence[str], first: int, second: int, drawn: FloatArray, level: float
) -> PairwiseKappa:
    return pairwise_kappa(
        rater_names[first],
        rater_names[second],
        observed=_observed_sums(table, _tallies_of(table, first, second)),
        drawn=drawn,
        basis=basis_of(table, (first, second)),
        level=level,
    )


def _tallies_of(table: LabelTable, first: int, second: int) -> FloatArray:
    return tallies_of_two_raters(table.patterns[:, first], table.patterns[:, second], table.n_categories)


def _observed_sums(table: LabelTable, of_pattern: FloatArray) -> FloatArray:
    """Sum up over all pairs, as if the questions asked were the only resample."""
    pairs_of_pattern = np.bincount(table.pattern_of_pair, minlength=len(table.patterns))
    return pairs_of_pattern[None, :].astype(np.float64) @ of_pattern
