"""The bootstrap over questions.

A question may have several pairs (models times hints), whose labels are not independent, so questions are
drawn. Questions whose pairs have the same patterns are interchangeable: they share a profile. A multinomial
draw of profiles has the distribution of drawing questions, at a cost that does not grow with them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from annotator.statistics.arrays import FloatArray, IntArray
from annotator.statistics.label_table import LabelTable, distinct_rows

_CELLS_AT_ONCE = 2_000_000
_TOTALS_AT_ONCE = 8_000_000
# Measured: a multinomial spends 45 ns on a profile, drawing questions one by one 6 ns on a question.
_QUESTIONS_WORTH_A_PROFILE = 7
_MOST_PAIRS_TO_COMPARE = 8


@dataclass(frozen=True, slots=True)
class QuestionProfiles:
    """Questions grouped by the patterns of their pairs."""

    profile_of_question: IntArray
    """Shape (questions,)."""
    n_questions: IntArray
    """Shape (profiles,): the questions with each profile."""
    member_profiles: IntArray
    """Shape (members,): a profile for each pair of one question with that profile."""
    member_patterns: IntArray
    """Shape (members,): the pattern of that pair."""

    def totals(self, of_pattern: FloatArray) -> FloatArray:
        """Sum up, for each profile, what its pairs contribute.

        Args:
            of_pattern: Shape (patterns, columns).

        Returns:
            Shape (profiles, columns).
        """
        summed = np.empty((len(self.n_questions), of_pattern.shape[1]))
        for column, contributions in enumerate(of_pattern.T):
            weights = contributions[self.member_patterns]
            summed[:, column] = np.bincount(self.member_profiles, weights=weights, minlength=len(summed))
        return summed


def question_profiles(table: LabelTable) -> QuestionProfiles:
    """Group the questions of a table by the patterns of their pairs.

    A question with many pairs hardly ever has the same patterns as another one and gets a profile of its own.
    """
    order = np.lexsort((table.pattern_of_pair, table.question_of_pair))
    question, pattern = table.question_of_pair[order], table.pattern_of_pair[order]
    pairs_of_question = np.bincount(question, minlength=table.n_questions)
    first_of_question = np.cumsum(pairs_of_question) - pairs_of_question
    place_in_question = np.arange(len(question)) - first_of_question[question]

    is_long = pairs_of_question > _MOST_PAIRS_TO_COMPARE
    most_compared = int(pairs_of_question[~is_long].max(initial=0))
    signature = np.full((table.n_questions, most_compared + 1), -1, dtype=np.int64)
    is_compared = ~is_long[question]
    signature[question[is_compared], place_in_question[is_compared]] = pattern[is_compared]
    signature[is_long, -1] = np.flatnonzero(is_long)
    profile_of_question = distinct_rows(signature).number_of_row

    n_questions = np.bincount(profile_of_question)
    representative = np.zeros(len(n_questions), dtype=np.int64)
    representative[profile_of_question] = np.arange(table.n_questions)
    profile = profile_of_question[question]
    is_member = representative[profile] == question
    return QuestionProfiles(profile_of_question, n_questions, profile[is_member], pattern[is_member])


def resampled_sums(
    profiles: QuestionProfiles, blocks: Iterable[FloatArray], *, resamples: int, seed: int
) -> Iterator[FloatArray]:
    """Yield, for each block of columns, its sums over the pairs of each resample.

    Row b of every block belongs to the same resample, so statistics can be compared row by row.

    Args:
        profiles: Of the questions to draw from.
        blocks: Each of shape (patterns, columns): what a pair with each pattern contributes.
        resamples: Number of resamples, B.
        seed: The same seed gives the same resamples.

    Yields:
        Shape (B, columns), in the order of the blocks.
    """
    batch: list[FloatArray] = []
    for block in blocks:
        totals = profiles.totals(block)
        if batch and sum(waiting.size for waiting in batch) + totals.size > _TOTALS_AT_ONCE:
            yield from _drawn(profiles, batch, resamples, seed)
            batch = []
        batch.append(totals)
    if batch:
        yield from _drawn(profiles, batch, resamples, seed)


def _drawn(
    profiles: QuestionProfiles,
    batch: list[FloatArray],
    resamples: int,
    seed: int,
) -> list[FloatArray]:
    totals = np.hstack(batch)
    sums = np.empty((resamples, totals.shape[1]))
    done = 0
    for weights in _weights(profiles, resamples, seed):
        sums[done : done + len(weights)] = weights @ totals
        done += len(weights)
    ends = list(accumulate(block.shape[1] for block in batch))
    return np.split(sums, ends[:-1], axis=1)


def _weights(profiles: QuestionProfiles, resamples: int, seed: int) -> Iterator[FloatArray]:
    """Yield how often each profile is drawn, in chunks of shape (some resamples, profiles)."""
    n_profiles, n_questions = len(profiles.n_questions), len(profiles.profile_of_question)
    if n_questions == 0:
        yield np.zeros((resamples, 0))
        return
    generator = np.random.default_rng(seed)
    is_compressed = n_profiles * _QUESTIONS_WORTH_A_PROFILE <= n_questions
    chunk = max(1, _CELLS_AT_ONCE // n_profiles)
    for start in range(0, resamples, chunk):
        size = min(chunk, resamples - start)
        drawn = np.empty((size, n_profiles))
        if is_compressed:
            drawn[:] = generator.multinomial(n_questions, profiles.n_questions / n_questions, size=size)
        else:
            for row in drawn:
                questions = generator.integers(n_questions, size=n_questions)
                row[:] = np.bincount(profiles.profile_of_question[questions], minlength=n_profiles)
        yield drawn
