"""The last column of a view: the place, and the highlights."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.tui.widgets.trace_view.highlights import HighlightKind, Span
from annotator.tui.widgets.trace_view.margin_map import marked_rows, offset_of_row, thumb_rows
from annotator.tui.widgets.trace_view.ranges import Range

H, J = HighlightKind.HINT, HighlightKind.JUDGE


def test_highlights_fall_on_the_rows_of_their_place() -> None:
    assert marked_rows([Span(0, 5, H), Span(50, 55, J), Span(99, 100, H)], 100, 10) == {0: H, 5: J, 9: H}


def test_of_two_kinds_on_one_row_that_of_more_precedence_is_shown() -> None:
    assert marked_rows([Span(50, 51, H), Span(52, 53, J), Span(54, 55, H)], 100, 10) == {5: J}


def test_there_is_no_thumb_where_all_of_the_text_is_in_view() -> None:
    assert list(thumb_rows(Range(0, 100), 100, 10)) == []


@given(st.integers(1, 10_000), st.integers(1, 60), st.data())
def test_the_thumb_is_inside_the_column_and_never_empty(length: int, height: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, length - 1))
    end = data.draw(st.integers(start, length - 1))
    rows = thumb_rows(Range(start, end), length, height)
    assert 0 <= rows.start < rows.stop <= height


@given(st.integers(1, 10_000), st.integers(1, 60), st.data())
def test_a_click_on_a_row_leads_into_the_text(length: int, height: int, data: st.DataObject) -> None:
    assert 0 <= offset_of_row(data.draw(st.integers(0, height - 1)), length, height) < length
