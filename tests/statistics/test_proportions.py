import pytest

from annotator.domain.results import IntervalMethod, SamplingUnit
from annotator.statistics.proportions import wilson_interval


def test_wilson_interval_names_its_making() -> None:
    interval = wilson_interval(8, 10, unit=SamplingUnit.PAIR, level=0.9)
    assert interval is not None
    assert (interval.unit, interval.method, interval.level) == (SamplingUnit.PAIR, IntervalMethod.WILSON, 0.9)
    assert (interval.resamples, interval.undefined_resamples) == (0, 0)


@pytest.mark.parametrize("trials", [1, 3, 7, 1000])
def test_wilson_interval_touches_the_ends_exactly(trials: int) -> None:
    none, everyone = (wilson_interval(k, trials, unit=SamplingUnit.PAIR) for k in (0, trials))
    assert none is not None
    assert everyone is not None
    assert (none.low, everyone.high) == (0.0, 1.0)
    assert none.high == pytest.approx(1 - everyone.low)


@pytest.mark.parametrize(
    ("successes", "trials", "level"),
    [(3, 2, 0.95), (-1, 2, 0.95), (1, 2, 1.0), (1, 2, 95)],
)
def test_wilson_interval_refuses_what_is_no_proportion(successes: int, trials: int, level: float) -> None:
    with pytest.raises(ValueError, match="must lie between"):
        wilson_interval(successes, trials, unit=SamplingUnit.PAIR, level=level)
