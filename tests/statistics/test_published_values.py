"""Values from the literature and from other programs; `golden.json` names at least two sources for each."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from annotator.domain.results import Agreement, Estimate, SamplingUnit
from annotator.statistics.agreement import agreement
from annotator.statistics.arrays import IntArray
from annotator.statistics.proportions import wilson_interval

_CASES = json.loads((Path(__file__).parent / "golden.json").read_text(encoding="utf-8"))["cases"]

_NAMES = {
    "pa": "percent_agreement",
    "po": "percent_agreement",
    "alpha": "krippendorff_alpha",
    "alpha_nominal": "krippendorff_alpha",
    "kripp_same_weights": "krippendorff_alpha",
    "ac": "gwet_ac1",
    "ac1": "gwet_ac1",
    "fleiss": "fleiss_kappa",
    "scott_pi": "fleiss_kappa",
    "bp": "brennan_prediger_kappa",
    "brennan_prediger": "brennan_prediger_kappa",
    "pabak": "brennan_prediger_kappa",
    "conger": "conger_kappa",
    "cohen": "cohen_kappa",
    "p_pos": "positive_agreement",
    "p_neg": "negative_agreement",
}
_NOT_BUILT = {
    "se", "se0", "ci95", "se_ac", "ci95_ac", "se_fleiss", "ci95_fleiss", "se_bp", "ci95_bp", "se_conger",
    "se_kripp", "kappa_linear", "kappa_quadratic", "prevalence_index", "bias_index",
}  # fmt: skip
_OTHER_SCALES = {"ordinal", "interval", "ratio", "linear", "quadratic"}


@dataclass(frozen=True, slots=True)
class _Labels:
    codes: IntArray
    n_categories: int


def _cases(*statistics: str):
    for case in _CASES:
        scale = case["input"].get("level", case["input"].get("weights", "nominal"))
        if case["statistic"] in statistics and scale not in _OTHER_SCALES:
            yield pytest.param(case, id=case["id"])


def _labels_of(data) -> _Labels:
    """Read a table of ratings, of category counts, or of two raters against each other."""
    if "ratings" in data:
        code_of = {category: code for code, category in enumerate(data["categories"])} | {None: -1}
        n_raters = max((len(row) for row in data["ratings"]), default=2)
        rows = [[code_of[label] for label in row] for row in data["ratings"]]
        return _Labels(np.array(rows, dtype=np.int64).reshape(-1, n_raters).T, len(data["categories"]))
    if "counts" in data:
        counts = np.array(data["counts"])
        rows = [np.repeat(np.arange(len(row)), row) for row in counts]
        return _Labels(np.array(rows).T, counts.shape[1])
    table = np.array(data["table"])
    first, second = np.indices(table.shape)
    codes = np.repeat([first.ravel(), second.ravel()], table.ravel(), axis=1)
    # The published tables put the positive category first; here it is category 1.
    return _Labels(1 - codes if len(table) == 2 else codes, len(table))


def _agreement_of(labels: _Labels, *, resamples: int = 0, seed: int = 0) -> Agreement:
    n_raters, n_pairs = labels.codes.shape
    return agreement(
        labels.codes,
        questions=np.arange(n_pairs),
        n_categories=labels.n_categories,
        rater_names=[str(rater) for rater in range(n_raters)],
        resamples=resamples,
        seed=seed,
    )


def _estimates(found: Agreement) -> dict[str, Estimate]:
    candidates = [found.percent, found.alpha, found.ac1, found.positive, found.negative, *found.others]
    candidates += [found.pairwise[0].kappa] if found.pairwise else []
    return {estimate.name: estimate for estimate in candidates if estimate is not None}


@pytest.mark.parametrize(
    "case",
    _cases("krippendorff_alpha", "ac1_ac2_fleiss_bp_conger", "cohen_kappa_2raters", "agreement_degenerate"),
)
def test_coefficient_equals_its_published_value(case) -> None:
    found = _estimates(_agreement_of(_labels_of(case["input"])))
    names = dict(_NAMES, kappa="cohen_kappa")
    expected = {
        names[key]: value
        for key, value in case["expected"].items()
        if key not in _NOT_BUILT and key not in ("n", "ac1_if_K_were_observed_2")
    }
    values = {name: found[name].value for name in expected}
    assert values == pytest.approx(expected, abs=case["abs_tol"], rel=0)
    assert all(found[name].undefined_because for name, value in values.items() if value is None)


@pytest.mark.parametrize("case", _cases("fleiss_kappa"))
def test_fleiss_kappa_equals_its_published_value(case) -> None:
    found = _estimates(_agreement_of(_labels_of(case["input"])))
    assert found["fleiss_kappa"].value == pytest.approx(case["expected"]["kappa"], abs=case["abs_tol"], rel=0)


@pytest.mark.parametrize("case", _cases("pairwise_cohen_kappa"))
def test_pairwise_kappas_equal_scikit_learn_and_the_textbook(case) -> None:
    labels = _labels_of(case["input"])
    found = _agreement_of(labels)
    assert len(found.pairwise) == 6
    for two in found.pairwise:
        row, column = int(two.first), int(two.second)
        assert two.n == case["expected"]["n"][row][column]
        for estimate, key in ((two.kappa, "kappa"), (two.percent, "percent_agreement")):
            expected = case["expected"][key][row][column]
            assert estimate.value == pytest.approx(expected, abs=1e-9, rel=0)


@pytest.mark.parametrize("case", _cases("per_stratum_agreement"))
@pytest.mark.parametrize("stratum", ["metadata", "sycophancy"])
def test_agreement_in_a_stratum_equals_the_published_values(case, stratum: str) -> None:
    labels = _labels_of(case["input"])
    codes = labels.codes[:, np.array(case["input"]["stratum"]) == stratum]
    found = _agreement_of(_Labels(codes, labels.n_categories))
    expected = dict(case["expected"][stratum])
    assert (found.n_pairs, found.n_pairable) == (expected.pop("n_items"), expected.pop("n_pairable"))
    values = {key: _estimates(found)[_NAMES[key]].value for key in expected}
    assert values == pytest.approx(expected, abs=1e-9, rel=0)


@pytest.mark.parametrize("case", _cases("bootstrap_over_items_percentile95"))
def test_percentile_interval_converges_to_the_one_of_200_000_resamples(case) -> None:
    found = _agreement_of(_labels_of(case["input"]), resamples=40_000, seed=7)
    for estimate, key in ((found.alpha, "nominal"), (found.ac1, "ac1")):
        assert estimate.interval is not None
        bounds = (estimate.interval.low, estimate.interval.high)
        assert bounds == pytest.approx(case["expected"][key], abs=case["abs_tol"], rel=0)


@pytest.mark.parametrize("case", _cases("proportion_ci95"))
def test_wilson_interval_equals_statsmodels_and_scipy(case) -> None:
    found = wilson_interval(case["input"]["k"], case["input"]["n"], unit=SamplingUnit.PAIR)
    expected = case["expected"]["wilson"]
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert (found.low, found.high) == pytest.approx(expected, abs=case["abs_tol"], rel=0)
