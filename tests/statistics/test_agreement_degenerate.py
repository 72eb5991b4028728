"""What agreement says when the labels do not support it: a reason, never a made-up number."""

import numpy as np
import pytest

from annotator.domain.results import Agreement, Estimate, IntervalMethod, Remark, SamplingUnit
from annotator.statistics.agreement import agreement


def _group_estimates(found: Agreement) -> list[Estimate]:
    estimates = [found.percent, found.alpha, found.ac1, found.positive, found.negative, *found.others]
    return [estimate for estimate in estimates if estimate is not None]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        pytest.param([], Remark.NO_DATA, id="no_raters"),
        pytest.param([[], []], Remark.NO_DATA, id="no_pairs"),
        pytest.param([[-1, -1], [-1, -1]], Remark.NO_DATA, id="all_missing"),
        pytest.param([[0, 1, 1]], Remark.FEWER_THAN_TWO_RATERS, id="one_rater"),
        pytest.param([[0, 1, 1], [-1, -1, -1]], Remark.FEWER_THAN_TWO_RATERS, id="second_rater_silent"),
        pytest.param([[0, 1, -1, -1], [-1, -1, 1, 0]], Remark.NO_PAIRABLE_PAIRS, id="no_overlap"),
    ],
)
def test_nothing_to_compare_leaves_every_estimate_undefined(rate, rows, reason: Remark) -> None:
    found = rate(rows)
    for estimate in _group_estimates(found):
        assert (estimate.value, estimate.interval, estimate.undefined_because) == (None, None, reason)
        assert estimate.flags == ()
    for two in found.pairwise:
        assert (two.n, two.kappa.value, two.percent.value) == (0, None, None)


def test_equal_labels_leave_kappas_and_alpha_undefined_but_not_ac1(rate) -> None:
    found = rate([[1] * 40] * 3)
    undefined = {e.name for e in _group_estimates(found) if e.undefined_because is Remark.NO_VARIATION}
    assert undefined == {"krippendorff_alpha", "fleiss_kappa", "conger_kappa"}
    assert {two.kappa.undefined_because for two in found.pairwise} == {Remark.NO_VARIATION}
    assert (found.ac1.value, found.ac1.interval, found.ac1.flags) == (1.0, None, (Remark.NO_VARIATION,))


def test_a_category_that_nobody_used_has_no_specific_agreement(rate) -> None:
    found = rate([[1] * 40] * 2)
    assert found.negative.undefined_because is Remark.CATEGORY_NOT_USED
    assert found.positive.value == 1.0


def test_perfect_agreement_has_no_bootstrap_interval(rate) -> None:
    found = rate([[0, 1] * 20] * 3)
    for estimate in (found.alpha, found.ac1, *found.others, found.pairwise[0].kappa):
        assert (estimate.value, estimate.interval) == (1.0, None)
        assert estimate.flags == (Remark.NO_DISAGREEMENT_OBSERVED,)


def test_perfect_agreement_gives_percent_agreement_the_wilson_interval_of_the_questions(rate) -> None:
    found = rate([[0, 1] * 20] * 3, questions=[number // 2 for number in range(40)])
    interval = found.percent.interval
    assert interval.method is IntervalMethod.WILSON
    assert interval.unit is SamplingUnit.QUESTION
    # Wilson for 20 of 20 is n / (n + z^2); 40 of 40 would take the pairs of a question as independent.
    assert (interval.low, interval.high) == pytest.approx((20 / (20 + 1.959964**2), 1.0), abs=1e-6)


def test_raters_who_never_agree_have_a_wilson_interval_from_zero(rate) -> None:
    found = rate([[0, 1] * 20, [1, 0] * 20])
    assert found.percent.value == 0.0
    assert found.percent.interval.method is IntervalMethod.WILSON
    assert found.percent.interval.low == 0.0
    assert found.pairwise[0].kappa.value == -1.0
    assert found.pairwise[0].percent.interval == found.percent.interval


def test_a_single_pair_has_values_but_no_interval(rate) -> None:
    found = rate([[0, -1, 1], [1, -1, -1]])
    assert found.n_pairable == 1
    assert found.alpha.value == 0.0
    for estimate in (found.percent, found.alpha, found.ac1):
        assert estimate.interval is None
        assert estimate.flags == (Remark.SINGLE_PAIR, Remark.FEW_QUESTIONS, Remark.FEW_PAIRS)


def test_pairs_of_a_single_question_have_values_but_no_interval(rate) -> None:
    found = rate([[0, 1, 1], [0, 1, 0]], questions=[5, 5, 5])
    assert found.percent.value == pytest.approx(2 / 3)
    assert found.percent.interval is None
    assert Remark.SINGLE_QUESTION in found.percent.flags


def test_a_constant_rater_makes_cohens_kappa_exactly_zero_and_flagged(rate) -> None:
    kappa = rate([[1] * 40, [1, 0] * 20]).pairwise[0].kappa
    assert (kappa.value, kappa.interval, kappa.flags) == (0.0, None, (Remark.RATER_CONSTANT,))
    assert str(kappa.value) == "0.0"


def test_too_many_undefined_resamples_suppress_the_interval(rate) -> None:
    found = rate([[0, 1, 0, 1], [0, 1, 1, 1]], resamples=2000)
    assert found.alpha.value == pytest.approx(0.5333333333)
    assert found.alpha.interval is None
    assert Remark.TOO_MANY_UNDEFINED_RESAMPLES in found.alpha.flags


def test_few_undefined_resamples_are_counted_in_the_interval(rate) -> None:
    # Alpha needs a label 1, which three of the eight questions have: (5/8)^8 = 2.3 % of resamples lack one.
    rows = [[1, 1, 1, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 0, 0]]
    interval = rate(rows, resamples=4000).alpha.interval
    assert interval.undefined_resamples / interval.resamples == pytest.approx((5 / 8) ** 8, abs=0.01)


def test_questions_that_are_all_alike_have_no_spread(rate) -> None:
    found = rate([[0] * 40, [0] * 40, [1] * 40])
    assert (found.percent.value, found.percent.interval) == (pytest.approx(1 / 3), None)
    assert found.percent.flags == (Remark.NO_SPREAD,)


def test_few_questions_and_few_pairs_are_flagged(rate) -> None:
    rows = [[0, 1, 1, 0] * 8, [0, 1, 0, 0] * 8]
    assert rate(rows).alpha.flags == ()
    assert rate(rows, questions=[n // 2 for n in range(32)]).alpha.flags == (Remark.FEW_QUESTIONS,)
    assert rate([row[:24] for row in rows]).alpha.flags == (Remark.FEW_PAIRS,)


def test_no_resamples_give_values_without_intervals(rate) -> None:
    found = rate([[0, 1, 1, 0] * 8, [0, 1, 0, 0] * 8], resamples=0)
    assert found.alpha.interval is None
    assert found.alpha.flags == (Remark.NOT_RESAMPLED,)


def test_ac1_depends_on_the_declared_number_of_categories(rate) -> None:
    rows = [[0, 0, 1, 1], [0, 1, 1, 1]]
    assert rate(rows, n_categories=3).ac1.value == pytest.approx(0.673469387755102)
    assert rate(rows, n_categories=2).ac1.value == pytest.approx(0.5294117647058824)


def test_a_scale_with_one_category_leaves_chance_correction_undefined(rate) -> None:
    found = rate([[0] * 5, [0] * 5], n_categories=1)
    assert found.percent.value == 1.0
    assert {e.undefined_because for e in (found.alpha, found.ac1, *found.others)} == {Remark.ONE_CATEGORY}


def test_single_labels_count_for_ac1_but_not_for_alpha(rate) -> None:
    found = rate([[0, 1, 0, -1, 1], [0, 1, -1, 1, 1], [-1, 1, -1, 0, -1]])
    assert (found.n_pairs, found.n_pairable, found.n_labels) == (5, 4, 10)
    assert (found.alpha.n_labels, found.ac1.n_labels) == (9, 10)


def test_a_silent_rater_is_named_and_left_out(rate) -> None:
    found = rate([[0, 1, 1, 0], [-1] * 4, [0, 1, 0, 0]])
    assert (found.silent_raters, found.n_raters) == (("rater 1",), 2)
    assert [two.n for two in found.pairwise] == [0, 4, 0]


def test_every_remark_has_a_sentence() -> None:
    assert all(remark.sentence.endswith(".") for remark in Remark)


def test_an_estimate_is_either_a_value_or_a_reason() -> None:
    with pytest.raises(ValueError, match="either a value or a reason"):
        Estimate("alpha", None, None, 0, 0, 0)
    with pytest.raises(ValueError, match="either a value or a reason"):
        Estimate("alpha", 0.5, None, 4, 4, 8, undefined_because=Remark.NO_DATA)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param({"codes": np.array([0, 1])}, "shape", id="codes_of_one_dimension"),
        pytest.param({"codes": np.array([[0, 2], [0, 1]])}, "-1..1, got -1..2", id="code_off_the_scale"),
        pytest.param({"codes": np.array([[0, -2], [0, 1]])}, "got -2..1", id="code_below_missing"),
        pytest.param({"questions": np.array([0])}, "questions", id="questions_of_another_length"),
        pytest.param({"rater_names": ["ann"]}, "name of its own", id="name_missing"),
        pytest.param({"rater_names": ["ann", "ann"]}, "name of its own", id="name_twice"),
        pytest.param({"n_categories": 0}, "n_categories", id="no_scale"),
        pytest.param({"level": 95.0}, "level", id="level_in_percent"),
        pytest.param({"resamples": -1}, "resamples", id="negative_resamples"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(changed, message: str) -> None:
    arguments = {
        "codes": np.array([[0, 1], [0, 1]]),
        "questions": np.array([0, 1]),
        "rater_names": ["ann", "bob"],
        "n_categories": 2,
    } | changed
    with pytest.raises(ValueError, match=message):
        agreement(**arguments)
