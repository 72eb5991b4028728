"""Compare our bootstrap with krippendorff in a loop.

Run as a script: `python tests/benchmarks/bench_agreement.py`. The peer computes alpha only; ours also AC1,
percent agreement, the other coefficients and all pairwise kappas, from reading the labels to the intervals.
The loop is extrapolated from ten resamples.
"""

from collections.abc import Callable
from time import perf_counter

import krippendorff
import numpy as np

from annotator.statistics.agreement import agreement
from annotator.statistics.arrays import IntArray

_N_RATERS = 3
_N_PAIRS = 100_000
_RESAMPLES = 1000
_PEER_RESAMPLES = 10


def main() -> None:
    """Print the seconds of both and their ratio for one pair a question and for six."""
    for n_categories in (2, 6):
        codes = _noisy_codes(n_categories)
        for pairs_of_question in (1, 6):
            questions = np.arange(_N_PAIRS) // pairs_of_question
            ours_s = _best_of_three_s(lambda c=codes, q=questions, k=n_categories: _our_bootstrap(c, q, k))
            peer_s = _peer_bootstrap_s(codes, pairs_of_question)
            print(
                f"{questions[-1] + 1:>7} questions x {pairs_of_question} pairs x {_N_RATERS} raters, "
                f"{n_categories} categories, {_RESAMPLES} resamples: "
                f"ours {ours_s:.3f} s, krippendorff in a loop {peer_s:.1f} s, ratio {peer_s / ours_s:.0f}"
            )


def _noisy_codes(n_categories: int) -> IntArray:
    generator = np.random.default_rng(0)
    truth = generator.integers(n_categories, size=_N_PAIRS)
    guesses = generator.integers(n_categories, size=(_N_RATERS, _N_PAIRS))
    codes = np.where(generator.random(guesses.shape) < 0.7, truth, guesses)
    codes[generator.random(guesses.shape) < 0.1] = -1
    return codes


def _our_bootstrap(codes: IntArray, questions: IntArray, n_categories: int) -> None:
    names = [f"rater {number}" for number in range(len(codes))]
    agreement(
        codes,
        questions=questions,
        n_categories=n_categories,
        rater_names=names,
        resamples=_RESAMPLES,
    )


def _peer_bootstrap_s(codes: IntArray, pairs_of_question: int) -> float:
    generator = np.random.default_rng(0)
    n_questions = codes.shape[1] // pairs_of_question
    pairs_in_question = np.arange(pairs_of_question)
    ratings = np.where(codes < 0, np.nan, codes)
    started = perf_counter()
    for _ in range(_PEER_RESAMPLES):
        drawn = generator.integers(n_questions, size=n_questions)
        pairs = (drawn[:, None] * pairs_of_question + pairs_in_question).ravel()
        krippendorff.alpha(ratings[:, pairs], level_of_measurement="nominal")
    return (perf_counter() - started) * _RESAMPLES / _PEER_RESAMPLES


def _best_of_three_s(run: Callable[[], None]) -> float:
    durations_s: list[float] = []
    for _ in range(3):
        started = perf_counter()
        run()
        durations_s.append(perf_counter() - started)
    return min(durations_s)


if __name__ == "__main__":
    main()
