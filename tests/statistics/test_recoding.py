import numpy as np
import pytest

from annotator.statistics.recoding import category_against_rest, merge_categories

_CODES = np.array([[0, 1, 2, -1], [2, 2, 3, 0]])


def test_one_category_is_set_against_the_rest_and_missing_stays_missing() -> None:
    assert category_against_rest(_CODES, 2).tolist() == [[0, 0, 1, -1], [1, 1, 0, 0]]


def test_a_category_that_nobody_used_gives_zeros() -> None:
    assert category_against_rest(_CODES, 7).tolist() == [[0, 0, 0, -1], [0, 0, 0, 0]]


def test_merged_categories_take_the_number_of_their_group() -> None:
    assert merge_categories(_CODES, [[2, 3], [0, 1]]).tolist() == [[1, 1, 0, -1], [0, 0, 0, 1]]


def test_a_category_in_no_group_becomes_missing() -> None:
    assert merge_categories(_CODES, [[0], [1, 2]]).tolist() == [[0, 1, 1, -1], [1, 1, -1, 0]]


@pytest.mark.parametrize("groups", [[[0, 1], [1]], [[0], [-1]]])
def test_a_category_in_two_groups_or_below_zero_is_refused(groups: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="at most one group"):
        merge_categories(_CODES, groups)
