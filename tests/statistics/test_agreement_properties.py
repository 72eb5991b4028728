"""What must not change agreement, and what must."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.results import Agreement
from annotator.statistics.agreement import agreement
from annotator.statistics.arrays import IntArray

_N_CATEGORIES = 3


@st.composite
def _labels(draw: st.DrawFn) -> IntArray:
    n_raters, n_pairs = draw(st.integers(2, 4)), draw(st.integers(1, 12))
    row = st.lists(st.integers(-1, _N_CATEGORIES - 1), min_size=n_pairs, max_size=n_pairs)
    return np.array(draw(st.lists(row, min_size=n_raters, max_size=n_raters)), dtype=np.int64)


def _agreement_of(codes: IntArray, questions: IntArray | None = None, *, resamples: int = 0) -> Agreement:
    return agreement(
        codes,
        questions=np.arange(codes.shape[1]) if questions is None else questions,
        n_categories=_N_CATEGORIES,
        rater_names=[f"rater {number}" for number in range(len(codes))],
        resamples=resamples,
    )


def _values(found: Agreement) -> dict[str, float | None]:
    estimates = (found.percent, found.alpha, found.ac1, *found.others)
    return {estimate.name: estimate.value for estimate in estimates}


@given(_labels(), st.randoms())
def test_the_order_of_raters_changes_nothing(codes: IntArray, random) -> None:
    order = random.sample(range(len(codes)), len(codes))
    before, after = _agreement_of(codes), _agreement_of(codes[order])
    assert (before.percent, before.alpha, before.ac1) == (after.percent, after.alpha, after.ac1)
    assert _values(before) == pytest.approx(_values(after))
    assert sorted(two.n for two in before.pairwise) == sorted(two.n for two in after.pairwise)


@given(_labels(), st.permutations(range(_N_CATEGORIES)))
def test_the_names_of_the_categories_change_nothing(codes: IntArray, renamed: list[int]) -> None:
    before = _agreement_of(codes)
    after = _agreement_of(np.where(codes < 0, -1, np.array(renamed)[codes]))
    assert _values(before) == pytest.approx(_values(after))
    kappas = [[two.kappa.value for two in found.pairwise] for found in (before, after)]
    assert kappas[0] == kappas[1]


@given(_labels(), st.randoms())
def test_the_order_of_pairs_changes_nothing_not_even_the_resamples(codes: IntArray, random) -> None:
    n_pairs = codes.shape[1]
    order = random.sample(range(n_pairs), n_pairs)
    questions = np.arange(n_pairs) // 2
    before = _agreement_of(codes, questions, resamples=50)
    after = _agreement_of(codes[:, order], questions[order], resamples=50)
    assert before == after


@given(_labels())
def test_a_rater_without_labels_changes_no_estimate(codes: IntArray) -> None:
    before = _agreement_of(codes, resamples=50)
    silent = np.full((2, codes.shape[1]), -1)
    after = _agreement_of(np.vstack([codes, silent]), resamples=50)
    assert after.silent_raters[-2:] == (f"rater {len(codes)}", f"rater {len(codes) + 1}")
    known = [two for two in after.pairwise if int(two.second.split()[1]) < len(codes)]
    assert replace(after, pairwise=tuple(known), silent_raters=before.silent_raters) == before


@given(_labels(), st.integers(1, 4))
def test_pairs_without_labels_change_nothing(codes: IntArray, n_empty: int) -> None:
    padded = np.hstack([codes, np.full((len(codes), n_empty), -1)])
    assert _agreement_of(codes, resamples=50) == _agreement_of(padded, resamples=50)


@given(_labels(), st.integers(2, 4))
def test_repeating_every_question_changes_percent_and_ac1_nothing(codes: IntArray, times: int) -> None:
    before, after = _agreement_of(codes), _agreement_of(np.tile(codes, (1, times)))
    # Alpha is left out: its correction for small samples depends on the number of labels.
    for name in ("percent_agreement", "gwet_ac1", "fleiss_kappa", "brennan_prediger_kappa", "conger_kappa"):
        assert _values(before)[name] == pytest.approx(_values(after)[name])


@given(_labels())
def test_values_are_never_nan_and_never_outside_their_range(codes: IntArray) -> None:
    found = _agreement_of(codes, resamples=50)
    estimates = [found.percent, found.alpha, found.ac1, *found.others]
    estimates += [estimate for two in found.pairwise for estimate in (two.kappa, two.percent)]
    for estimate in estimates:
        assert (estimate.value is None) == (estimate.undefined_because is not None)
        assert str(estimate.value) not in ("nan", "-0.0")
        bounds = [] if estimate.interval is None else [estimate.interval.low, estimate.interval.high]
        assert bounds == sorted(set(bounds))
        values = [value for value in (estimate.value, *bounds) if value is not None]
        assert all(value <= 1 for value in values)
        if estimate.name in ("percent_agreement", "gwet_ac1", "brennan_prediger_kappa", "cohen_kappa"):
            assert all(value >= (0 if estimate.name == "percent_agreement" else -1) for value in values)
