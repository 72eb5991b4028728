"""Highlights are found by line, whatever their order and overlap, and walked in order of place."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from annotator.tui.widgets.trace_view.highlights import HighlightKind, Highlights, Span

H, J, E, ASIDE = HighlightKind.HINT, HighlightKind.JUDGE, HighlightKind.EVIDENCE, HighlightKind.ASIDE
span_lists = st.lists(
    st.builds(Span, st.integers(0, 50), st.integers(0, 50), st.sampled_from(list(HighlightKind))), max_size=15
)


@given(span_lists, st.integers(0, 50), st.integers(1, 10))
def test_exactly_the_spans_with_a_character_in_the_range_touch_it(spans: list[Span], start: int, length: int) -> None:
    expected = [span for span in spans if span.end > span.start and span.start < start + length and span.end > start]
    found = Highlights(spans).touching(start, start + length)
    assert Counter(found) == Counter(expected)
    assert [span.start for span in found] == sorted(span.start for span in found)


def test_the_first_step_goes_to_the_stop_at_or_below_the_top() -> None:
    highlights = Highlights([Span(5, 8, H), Span(20, 25, H), Span(40, 44, J)])
    assert highlights.step(None, 10, 1) == Span(20, 25, H)
    assert highlights.step(None, 10, -1) == Span(5, 8, H)


def test_steps_go_round_the_end() -> None:
    highlights = Highlights([Span(5, 8, H), Span(20, 25, J)])
    assert highlights.step(Span(20, 25, J), 0, 1) == Span(5, 8, H)
    assert highlights.step(Span(5, 8, H), 0, -1) == Span(20, 25, J)


def test_text_that_is_not_the_models_is_no_stop() -> None:
    assert Highlights([Span(0, 5, ASIDE)]).step(None, 0, 1) is None


def test_a_stop_is_counted_among_those_of_its_kind() -> None:
    highlights = Highlights([Span(1, 2, H), Span(3, 4, J), Span(5, 6, H)])
    assert highlights.rank(Span(5, 6, H)) == (2, 2)
    assert highlights.counted_stops() == [(J, 1), (H, 2)]


def test_kinds_differ_without_colour() -> None:
    marks = [kind.gutter for kind in (H, J, E, ASIDE)]
    assert len(set(marks)) == len(marks)
