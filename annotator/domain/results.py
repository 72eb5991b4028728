"""What a statistic answers: a value, or the reason why there is none, with everything needed to doubt it.

An undefined statistic is `None` with a `Remark`; it is never 1.0, 0.0, NaN or an exception.
"""

from dataclasses import dataclass
from enum import StrEnum


class Remark(StrEnum):
    """Why a value or its interval is missing, or must be read with care."""

    NO_DATA = "no_data"
    FEWER_THAN_TWO_RATERS = "fewer_than_two_raters"
    NO_PAIRABLE_PAIRS = "no_pairable_pairs"
    ONE_CATEGORY = "one_category"
    NO_VARIATION = "no_variation"
    CATEGORY_NOT_USED = "category_not_used"
    SINGLE_PAIR = "single_pair"
    SINGLE_QUESTION = "single_question"
    NO_DISAGREEMENT_OBSERVED = "no_disagreement_observed"
    RATER_CONSTANT = "rater_constant"
    NOT_RESAMPLED = "not_resampled"
    TOO_MANY_UNDEFINED_RESAMPLES = "too_many_undefined_resamples"
    NO_SPREAD = "no_spread"
    FEW_QUESTIONS = "few_questions"
    FEW_PAIRS = "few_pairs"

    @property
    def sentence(self) -> str:
        """The remark for a reader, as one sentence."""
        return _SENTENCES[self]


_SENTENCES = {
    Remark.NO_DATA: "There are no labels.",
    Remark.FEWER_THAN_TWO_RATERS: "Fewer than two raters have labelled.",
    Remark.NO_PAIRABLE_PAIRS: "No pair has labels from two raters.",
    Remark.ONE_CATEGORY: "The scale has fewer than two categories, so there is nothing to agree about.",
    Remark.NO_VARIATION: "All compared labels are equal: agreement beyond chance cannot be told from habit.",
    Remark.CATEGORY_NOT_USED: "No compared label is in this category.",
    Remark.SINGLE_PAIR: "Only one pair has labels from two raters, so there is no interval.",
    Remark.SINGLE_QUESTION: "All compared pairs share one question, so there is nothing to resample.",
    Remark.NO_DISAGREEMENT_OBSERVED: (
        "No disagreement was observed, so resampling cannot show how much there may be; "
        "see the interval of percent agreement."
    ),
    Remark.RATER_CONSTANT: "One rater always gave the same label, so kappa is 0 whatever the other did.",
    Remark.NOT_RESAMPLED: "No interval was asked for.",
    Remark.TOO_MANY_UNDEFINED_RESAMPLES: (
        "The statistic is undefined in more than 5 % of the resamples, too many to leave them out."
    ),
    Remark.NO_SPREAD: "The resamples gave one and the same value, so an interval would have no width.",
    Remark.FEW_QUESTIONS: "Fewer than 20 questions: the interval is rough and tends to be too narrow.",
    Remark.FEW_PAIRS: "Fewer than 30 pairs: read the value as a first impression.",
}


class IntervalMethod(StrEnum):
    """How an interval was computed."""

    PERCENTILE_BOOTSTRAP = "percentile_bootstrap"
    WILSON = "wilson"


class SamplingUnit(StrEnum):
    """What an interval takes to be drawn independently."""

    QUESTION = "question"
    PAIR = "pair"


@dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided confidence interval."""

    low: float
    high: float
    level: float
    """Nominal coverage, such as 0.95."""
    unit: SamplingUnit
    method: IntervalMethod
    resamples: int
    """Bootstrap resamples drawn; 0 for a closed formula."""
    undefined_resamples: int
    """Those in which the statistic was undefined; they are left out of the percentiles."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One statistic: a value, or the reason why there is none.

    Raises:
        ValueError: There is both a value and a reason or neither, or an interval without a value.
    """

    name: str
    value: float | None
    interval: Interval | None
    """None if the value is, or for a reason among `flags`."""
    n_pairs: int
    """Pairs with the labels of at least two of the raters compared."""
    n_questions: int
    """Distinct questions among `n_pairs`."""
    n_labels: int
    """Labels that the statistic uses, which may include those of pairs with a single label."""
    undefined_because: Remark | None = None
    flags: tuple[Remark, ...] = ()
    """Why the interval is missing and what to be careful about; empty if the value is undefined."""

    def __post_init__(self) -> None:
        if (self.value is None) == (self.undefined_because is None):
            given = f"{self.value!r} and {self.undefined_because!r}"
            raise ValueError(f"{self.name}: needs either a value or a reason for its absence, got {given}")
        if self.value is None and self.interval is not None:
            raise ValueError(f"{self.name}: an undefined value has no interval, got {self.interval!r}")


@dataclass(frozen=True, slots=True)
class PairwiseKappa:
    """How two raters agree on the pairs that both labelled."""

    first: str
    second: str
    kappa: Estimate
    """Cohen's kappa."""
    percent: Estimate
    n: int
    """Pairs that both labelled."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement among raters on one set of pairs."""

    percent: Estimate
    """Share of agreeing pairs of labels, 0 to 1."""
    alpha: Estimate
    """Krippendorff's alpha, nominal."""
    ac1: Estimate
    """Gwet's AC1."""
    positive: Estimate | None
    """Specific agreement on category 1; None unless the scale has two categories."""
    negative: Estimate | None
    """Specific agreement on category 0; None unless the scale has two categories."""
    others: tuple[Estimate, ...]
    """Fleiss' kappa (Scott's pi for two raters), Brennan-Prediger's and Conger's kappa, for the export."""
    pairwise: tuple[PairwiseKappa, ...]
    """One for each two raters, in the order given, also where they share no pair."""
    n_pairs: int
    """Pairs with at least one label."""
    n_pairable: int
    """Pairs with at least two labels."""
    n_questions: int
    """Distinct questions among `n_pairs`."""
    n_labels: int
    n_raters: int
    """Raters with at least one label."""
    n_categories: int
    """Categories of the declared scale, used or not."""
    silent_raters: tuple[str, ...]
    """Raters without a label; they are left out of everything but `pairwise`."""
    seed: int
    """Seed of the bootstrap: for the same labels and order of raters it gives the same intervals."""
