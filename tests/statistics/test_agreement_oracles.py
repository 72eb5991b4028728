"""Other programs and the bare definitions on random tables."""

from fractions import Fraction
from itertools import permutations

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats import inter_rater

from annotator.statistics.agreement import agreement
from annotator.statistics.arrays import IntArray


def _random_codes(seed: int, *, n_raters: int, n_categories: int, missing: float) -> IntArray:
    generator = np.random.default_rng(seed)
    truth = generator.integers(n_categories, size=40)
    guesses = generator.integers(n_categories, size=(n_raters, 40))
    codes = np.where(generator.random((n_raters, 40)) < 0.6, truth, guesses)
    codes[generator.random((n_raters, 40)) < missing] = -1
    return codes


def _agreement_of(codes: IntArray, n_categories: int):
    names = [str(rater) for rater in range(len(codes))]
    questions = np.arange(codes.shape[1])
    return agreement(codes, questions=questions, n_categories=n_categories, rater_names=names, resamples=0)


@pytest.mark.parametrize("seed", range(10))
def test_alpha_equals_krippendorff(seed: int) -> None:
    codes = _random_codes(seed, n_raters=2 + seed % 4, n_categories=2 + seed % 5, missing=0.3)
    peer = krippendorff.alpha(np.where(codes < 0, np.nan, codes), level_of_measurement="nominal")
    assert _agreement_of(codes, 2 + seed % 5).alpha.value == pytest.approx(peer, abs=1e-12)


def test_alpha_equals_krippendorff_for_more_raters_than_exact_sums_can_hold() -> None:
    codes = _random_codes(1, n_raters=50, n_categories=3, missing=0)
    peer = krippendorff.alpha(codes, level_of_measurement="nominal")
    assert _agreement_of(codes, 3).alpha.value == pytest.approx(peer, abs=1e-12)


@pytest.mark.parametrize("seed", range(10))
def test_fleiss_kappa_equals_statsmodels(seed: int) -> None:
    codes = _random_codes(seed, n_raters=2 + seed % 4, n_categories=4, missing=0)
    counts = (codes[:, :, None] == np.arange(4)).sum(axis=0)
    found = _agreement_of(codes, 4).others[0]
    assert found.name == "fleiss_kappa"
    assert found.value == pytest.approx(inter_rater.fleiss_kappa(counts), abs=1e-12)


@pytest.mark.parametrize("seed", range(10))
def test_pairwise_kappa_equals_scikit_learn_and_statsmodels(seed: int) -> None:
    codes = _random_codes(seed, n_raters=3, n_categories=3, missing=0.2)
    for two in _agreement_of(codes, 3).pairwise:
        both = codes[[int(two.first), int(two.second)]]
        first, second = both[:, (both >= 0).all(axis=0)]
        table = np.zeros((3, 3))
        np.add.at(table, (first, second), 1)
        assert two.n == len(first)
        assert two.kappa.value == pytest.approx(cohen_kappa_score(first, second), abs=1e-12)
        assert two.kappa.value == pytest.approx(inter_rater.cohens_kappa(table).kappa, abs=1e-12)


@pytest.mark.parametrize("seed", range(10))
def test_gwets_family_equals_its_definition_in_exact_fractions(seed: int) -> None:
    n_categories = 2 + seed % 3
    codes = _random_codes(seed, n_raters=4, n_categories=n_categories, missing=0.5)
    pairs = [[int(code) for code in pair if code >= 0] for pair in codes.T]
    labelled = [labels for labels in pairs if labels]
    by_pair = [
        Fraction(sum(a == b for a, b in permutations(labels, 2)), len(labels) * (len(labels) - 1))
        for labels in labelled
        if len(labels) > 1
    ]
    observed = sum(by_pair) / len(by_pair)
    categories = range(n_categories)
    share_sums = [sum(Fraction(labels.count(k), len(labels)) for labels in labelled) for k in categories]
    shares = [share_sum / len(labelled) for share_sum in share_sums]
    by_rater = [[Fraction(int((row == k).sum()), int((row >= 0).sum())) for k in categories] for row in codes]
    of_two = [sum(a * b for a, b in zip(x, y, strict=True)) for x, y in permutations(by_rater, 2)]
    by_chance = {
        "gwet_ac1": sum(share * (1 - share) for share in shares) / (n_categories - 1),
        "fleiss_kappa": sum(share * share for share in shares),
        "brennan_prediger_kappa": Fraction(1, n_categories),
        "conger_kappa": sum(of_two) / len(of_two),
    }
    found = _agreement_of(codes, n_categories)
    values = {estimate.name: estimate.value for estimate in (found.ac1, *found.others)}
    expected = {name: float((observed - chance) / (1 - chance)) for name, chance in by_chance.items()}
    assert found.percent.value == pytest.approx(float(observed), abs=1e-12)
    assert values == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_specific_agreement_equals_its_definition(seed: int) -> None:
    codes = _random_codes(seed, n_raters=3, n_categories=2, missing=0.3)
    found = _agreement_of(codes, 2)
    ordered = [(a, b) for pair in codes.T for a, b in permutations(pair[pair >= 0].tolist(), 2)]
    for estimate, category in ((found.negative, 0), (found.positive, 1)):
        others = [other for own, other in ordered if own == category]
        assert estimate is not None
        assert estimate.value == pytest.approx(others.count(category) / len(others))
