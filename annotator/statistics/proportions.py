"""Intervals for a plain proportion."""

from math import sqrt
from statistics import NormalDist

from annotator.domain.results import Interval, IntervalMethod, SamplingUnit


def wilson_interval(
    successes: int,
    trials: int,
    *,
    unit: SamplingUnit,
    level: float = 0.95,
) -> Interval | None:
    """Return Wilson's score interval of a proportion.

    Args:
        successes: Out of `trials`.
        trials: Independent draws; with several pairs for a question these are the questions.
        unit: What was counted.
        level: Nominal coverage, between 0 and 1.

    Returns:
        The interval, which touches 0 or 1 exactly if no or all trials succeeded; None without trials.

    Raises:
        ValueError: The counts are no proportion, or the level is none.

    Source: Wilson (1927), "Probable inference, the law of succession, and statistical inference"; Newcombe
    (1998), "Two-sided confidence intervals for the single proportion", method 3. His 81 of 263 is a test.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"successes must lie between 0 and trials, got {successes!r} of {trials!r}")
    check_level(level)
    if trials == 0:
        return None
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share = successes / trials
    centre = share + z * z / (2 * trials)
    half_width = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return Interval(
        # Rounding would leave 1e-17 where the formula gives exactly 0 or 1.
        low=0.0 if successes == 0 else (centre - half_width) / scale,
        high=1.0 if successes == trials else (centre + half_width) / scale,
        level=level,
        unit=unit,
        method=IntervalMethod.WILSON,
        resamples=0,
        undefined_resamples=0,
    )


def check_level(level: float) -> None:
    """Raise ValueError unless the level of an interval lies strictly between 0 and 1."""
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level!r}")
