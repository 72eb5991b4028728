"""The bootstrap: its distribution, its unit, its seed."""

import json
from pathlib import Path

import numpy as np
import pytest

from annotator.domain.results import Agreement, Estimate
from annotator.statistics.agreement import agreement
from annotator.statistics.arrays import FloatArray, IntArray
from annotator.statistics.coefficients import krippendorff_alpha
from annotator.statistics.label_table import distinct_rows, label_table
from annotator.statistics.resampling import question_profiles, resampled_sums
from annotator.statistics.tallies import tallies_of_patterns


def _noisy_codes(n_pairs: int, *, seed: int = 3) -> IntArray:
    generator = np.random.default_rng(seed)
    truth = generator.integers(2, size=n_pairs)
    return np.where(generator.random((3, n_pairs)) < 0.8, truth, 1 - truth)


def _agreement_of(codes: IntArray, questions: IntArray, *, resamples: int = 2000, seed: int = 0) -> Agreement:
    return agreement(
        codes,
        questions=questions,
        n_categories=2,
        rater_names=["ann", "bob", "cyd"],
        resamples=resamples,
        seed=seed,
    )


def _resampled_alpha(codes: IntArray, questions: IntArray, *, resamples: int) -> FloatArray:
    table = label_table(codes, questions, 2)
    tallies = tallies_of_patterns(table.patterns, 2, codes.shape[1])
    sums = next(resampled_sums(question_profiles(table), [tallies.matrix], resamples=resamples, seed=1))
    return krippendorff_alpha(tallies.with_rows(sums))


def _width(estimate: Estimate) -> float:
    assert estimate.interval is not None
    return estimate.interval.high - estimate.interval.low


def test_resampled_alpha_has_the_distribution_of_all_256_resamples() -> None:
    cases = json.loads((Path(__file__).parent / "golden.json").read_text(encoding="utf-8"))["cases"]
    expected = next(case for case in cases if case["id"] == "alpha_bootstrap_enumerated_4items")["expected"]
    resamples = 40_000
    alphas = _resampled_alpha(np.array([[0, 1, 0, 1], [0, 1, 1, 1]]), np.arange(4), resamples=resamples)
    frequencies = [
        *((np.isclose(alphas, value).mean(), count / 256) for value, count in expected["distinct_values"]),
        (np.isnan(alphas).mean(), expected["undefined_resamples"] / 256),
    ]
    for found, share in frequencies:
        assert abs(found - share) < 4 * np.sqrt(share * (1 - share) / resamples)


@pytest.mark.parametrize("pairs_of_question", [1, 2, 10])
def test_resampled_alpha_has_the_distribution_of_drawing_questions(pairs_of_question: int) -> None:
    # One and two pairs share profiles and are drawn as such; ten are too many, and questions are drawn.
    codes = _noisy_codes(800)
    questions = np.arange(800) // pairs_of_question
    alphas = _resampled_alpha(codes, questions, resamples=20_000)
    table = label_table(codes, questions, 2)
    of_pair = tallies_of_patterns(table.patterns, 2, 800)
    n_columns = of_pair.matrix.shape[1]
    of_question = of_pair.matrix[table.pattern_of_pair].reshape(-1, pairs_of_question, n_columns).sum(axis=1)
    drawn = np.random.default_rng(5).integers(len(of_question), size=(4000, len(of_question)))
    sums = np.stack([of_question[resample].sum(axis=0) for resample in drawn])
    expected = krippendorff_alpha(of_pair.with_rows(sums))
    assert alphas.mean() == pytest.approx(expected.mean(), abs=0.003)
    assert alphas.std() == pytest.approx(expected.std(), rel=0.05)


def test_repeating_the_pairs_of_a_question_does_not_narrow_the_interval() -> None:
    codes = _noisy_codes(200)
    once = _agreement_of(codes, np.arange(200))
    fourfold = np.tile(codes, (1, 4))
    by_question = _agreement_of(fourfold, np.tile(np.arange(200), 4))
    by_pair = _agreement_of(fourfold, np.arange(800))
    for statistic in ("percent", "alpha", "ac1"):
        width = _width(getattr(once, statistic))
        assert _width(getattr(by_question, statistic)) == pytest.approx(width, rel=0.1)
        assert _width(getattr(by_pair, statistic)) == pytest.approx(width / 2, rel=0.1)


def test_long_and_short_questions_are_resampled_together() -> None:
    codes = _noisy_codes(300)
    questions = np.concatenate([np.zeros(100, dtype=np.int64), np.arange(1, 201)])
    mixed = _agreement_of(codes, questions)
    apart = _agreement_of(codes, np.arange(300))
    assert mixed.percent.n_questions == 201
    assert mixed.percent.value == apart.percent.value
    assert _width(mixed.percent) > _width(apart.percent)


def test_the_same_seed_gives_the_same_result_to_the_last_bit() -> None:
    codes, questions = _noisy_codes(120), np.arange(120) // 3
    assert _agreement_of(codes, questions, seed=4) == _agreement_of(codes, questions, seed=4)
    assert _agreement_of(codes, questions, seed=4).alpha != _agreement_of(codes, questions, seed=5).alpha


def test_a_block_has_the_same_resamples_alone_as_among_others() -> None:
    table = label_table(_noisy_codes(60), np.arange(60) // 2, 2)
    profiles = question_profiles(table)
    matrix = tallies_of_patterns(table.patterns, 2, 60).matrix
    alone = next(resampled_sums(profiles, [matrix[:, 2:]], resamples=30, seed=1))
    first, second = resampled_sums(profiles, [matrix[:, :2], matrix[:, 2:]], resamples=30, seed=1)
    assert (first.shape, second.shape) == ((30, 2), (30, matrix.shape[1] - 2))
    assert (second == alone).all()


def test_tallies_are_whole_numbers_so_that_their_sums_are_exact() -> None:
    patterns = np.random.default_rng(1).integers(-1, 4, size=(200, 9))
    matrix = tallies_of_patterns(patterns, 4, 100_000).matrix
    assert (matrix == np.round(matrix)).all()


def test_the_global_random_state_is_left_alone() -> None:
    before = np.random.get_state()[1].copy()
    _agreement_of(_noisy_codes(60), np.arange(60))
    assert (np.random.get_state()[1] == before).all()


def test_question_numbers_may_be_any_integers() -> None:
    codes = _noisy_codes(120)
    questions = np.arange(120) // 3
    assert _agreement_of(codes, questions * 10**12 - 7) == _agreement_of(codes, questions)


def test_the_interval_covers_the_value_and_names_its_making() -> None:
    alpha = _agreement_of(_noisy_codes(120), np.arange(120) // 3).alpha
    interval = alpha.interval
    assert alpha.value is not None
    assert interval is not None
    assert interval.low < alpha.value < interval.high
    assert (interval.unit, interval.method, interval.level) == ("question", "percentile_bootstrap", 0.95)
    assert (interval.resamples, interval.undefined_resamples) == (2000, 0)


def test_many_raters_and_categories_keep_their_patterns_apart() -> None:
    generator = np.random.default_rng(2)
    rows = generator.integers(-1, 9, size=(500, 40))
    found = distinct_rows(np.vstack([rows, rows]))
    assert len(found.rows) == 500
    assert (found.rows[found.number_of_row] == np.vstack([rows, rows])).all()
