"""From a value and its resamples to a result object: where an interval would mislead there is none."""

import numpy as np

from annotator.domain.results import Estimate, Interval, IntervalMethod, Remark, SamplingUnit
from annotator.statistics.arrays import FloatArray
from annotator.statistics.basis import Basis
from annotator.statistics.proportions import wilson_interval

_MOST_UNDEFINED_SHARE = 0.05
_FEW_QUESTIONS = 20
_FEW_PAIRS = 30


def estimate(name: str, value: float, resampled: FloatArray, basis: Basis, level: float) -> Estimate:
    """Return a statistic with its percentile interval.

    Args:
        name: Of the statistic.
        value: NaN if undefined.
        resampled: Shape (resamples,); NaN where undefined. May be empty.
        basis: What the statistic rests on.
        level: Nominal coverage of the interval.

    Returns:
        Undefined with the reason of the basis if the value is NaN. Without interval, and flagged, if the
        basis says so, if more than 5 % of the resamples are undefined, or if it would have no width.

    Source: Efron and Tibshirani (1993), "An introduction to the bootstrap", ch. 13; quantiles interpolate
    linearly.
    """
    if np.isnan(value):
        return Estimate(
            name,
            None,
            None,
            basis.n_pairs,
            basis.n_questions,
            basis.n_labels,
            undefined_because=basis.undefined_because,
        )
    interval = basis.interval_flags[0] if basis.interval_flags else _percentile_interval(resampled, level)
    if isinstance(interval, Interval):
        return _defined(name, value, interval, basis, ())
    return _defined(name, value, None, basis, basis.interval_flags or (interval,))


def estimate_share(name: str, value: float, resampled: FloatArray, basis: Basis, level: float) -> Estimate:
    """Return a share of agreement, with Wilson's interval where all or none agreed.

    Resampling has nothing to show there. Questions count as the trials, because pairs of one question are not
    independent. The arguments are those of `estimate`.
    """
    bootstrapped = estimate(name, value, resampled, basis, level)
    if bootstrapped.value not in (0.0, 1.0) or basis.n_questions < 2:
        return bootstrapped
    agreed = basis.n_questions if bootstrapped.value == 1.0 else 0
    interval = wilson_interval(agreed, basis.n_questions, unit=SamplingUnit.QUESTION, level=level)
    return _defined(name, value, interval, basis, basis.interval_flags)


def _percentile_interval(resampled: FloatArray, level: float) -> Interval | Remark:
    """Return the interval, or the reason why there is none."""
    if len(resampled) == 0:
        return Remark.NOT_RESAMPLED
    is_undefined = np.isnan(resampled)
    undefined_resamples = int(is_undefined.sum())
    if undefined_resamples > _MOST_UNDEFINED_SHARE * len(resampled):
        return Remark.TOO_MANY_UNDEFINED_RESAMPLES
    tail = (1 - level) / 2
    low, high = np.quantile(resampled[~is_undefined], (tail, 1 - tail))
    if low == high:
        return Remark.NO_SPREAD
    return Interval(
        low=_plain(low),
        high=_plain(high),
        level=level,
        unit=SamplingUnit.QUESTION,
        method=IntervalMethod.PERCENTILE_BOOTSTRAP,
        resamples=len(resampled),
        undefined_resamples=undefined_resamples,
    )


def _defined(
    name: str, value: float, interval: Interval | None, basis: Basis, interval_flags: tuple[Remark, ...]
) -> Estimate:
    flags = list(interval_flags)
    if basis.n_questions < _FEW_QUESTIONS:
        flags.append(Remark.FEW_QUESTIONS)
    if basis.n_pairs < _FEW_PAIRS:
        flags.append(Remark.FEW_PAIRS)
    counts = (basis.n_pairs, basis.n_questions, basis.n_labels)
    return Estimate(name, _plain(value), interval, *counts, flags=tuple(flags))


def _plain(value: float) -> float:
    """Return a Python float, without the sign that a zero may carry."""
    return float(value) + 0.0
