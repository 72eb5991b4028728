"""Cells that no spreadsheet runs, and that can be read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator_exports.cells import safe_cell, unsafe_cell


@given(st.text())
def test_a_cell_can_be_read_back(text: str) -> None:
    assert unsafe_cell(safe_cell(text)) == text


@given(st.text())
def test_no_cell_begins_with_what_a_spreadsheet_runs(text: str) -> None:
    assert not safe_cell(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize("text", ["relies", "", "a=b", "1 + 1", "Ann Lee", "„Zitat“"])
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text
