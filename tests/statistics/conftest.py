from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pytest

from annotator.domain.results import Agreement
from annotator.statistics.agreement import agreement


class Rate(Protocol):
    """Agreement of raters, each given as a row of labels (-1 is missing)."""

    def __call__(
        self,
        rows: Sequence[Sequence[int]],
        *,
        questions: Sequence[int] | None = None,
        n_categories: int = 2,
        resamples: int = 200,
        seed: int = 0,
    ) -> Agreement: ...


def _rate(
    rows: Sequence[Sequence[int]],
    *,
    questions: Sequence[int] | None = None,
    n_categories: int = 2,
    resamples: int = 200,
    seed: int = 0,
) -> Agreement:
    codes = np.array(rows, dtype=np.int64).reshape(len(rows), -1 if len(rows) else 0)
    return agreement(
        codes,
        questions=np.arange(codes.shape[1]) if questions is None else np.array(questions, dtype=np.int64),
        n_categories=n_categories,
        rater_names=[f"rater {number}" for number in range(len(rows))],
        resamples=resamples,
        seed=seed,
    )


@pytest.fixture(scope="session")
def rate() -> Rate:
    return _rate
