"""Wrapping covers a text exactly once, and no line is wider than the view."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from annotator.domain.display import display_safe
from annotator.tui.widgets.trace_view.wrap import MIN_WIDTH, TAB_CELLS, LineStarts, cell_width

ALPHABET = "ab .,\n\t\u0301\u200b漢字、é“”🙂אב\u0e33"
texts = st.one_of(st.text(ALPHABET, max_size=300), st.text(max_size=120)).map(display_safe)
widths = st.integers(MIN_WIDTH, 40)


def wrapped(text: str, width: int) -> LineStarts:
    lines = LineStarts(text, width)
    lines.advance()
    return lines


def shown(lines: LineStarts, text: str) -> list[str]:
    return [text[slice(*lines.bounds(line))] for line in range(lines.count)]


@given(texts, widths)
def test_every_character_stands_on_exactly_one_line(text: str, width: int) -> None:
    lines = wrapped(text, width)
    bounds = [lines.bounds(line) for line in range(lines.count)]
    assert bounds[0][0] == 0
    assert all(before[0] < after[0] for before, after in pairwise(bounds))
    for (_, end), (start, _) in pairwise(bounds):
        assert text[end:start] in ("", "\n")
    assert bounds[-1][1] == len(text) or text[bounds[-1][1] :] == "\n"


@given(texts, widths)
def test_no_line_is_wider_than_the_view_but_for_the_space_at_its_break(text: str, width: int) -> None:
    for line in shown(wrapped(text, width), text):
        assert sum(map(cell_width, line.removesuffix(" "))) <= width


@given(texts, widths)
def test_a_line_starts_with_a_mark_of_no_width_only_where_a_paragraph_does(text: str, width: int) -> None:
    lines = wrapped(text, width)
    for line in range(1, lines.count):
        start, _ = lines.bounds(line)
        if start < len(text) and cell_width(text[start]) == 0 and text[start] != "\n":
            assert text[start - 1] in "\n "


@given(texts, widths, st.data())
def test_line_of_is_the_inverse_of_bounds(text: str, width: int, data: st.DataObject) -> None:
    lines = wrapped(text, width)
    offset = data.draw(st.integers(0, len(text)))
    start, end = lines.bounds(lines.line_of(offset))
    assert start <= offset <= end + 1


@given(texts, widths, st.data())
def test_wrapping_bit_by_bit_gives_the_same_lines(text: str, width: int, data: st.DataObject) -> None:
    lines = LineStarts(text, width)
    for offset in data.draw(st.lists(st.integers(0, max(len(text), 1)), max_size=4)):
        lines.advance(offset)
    lines.advance()
    assert lines.is_complete
    assert shown(lines, text) == shown(wrapped(text, width), text)


@pytest.mark.parametrize("piece", ["漢字 a", "a\u0301", "\u0301", "word ", "é" * 50 + " ", "\t"])
def test_a_paragraph_longer_than_is_wrapped_at_a_time_is_wrapped_the_same(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    lines = wrapped(text, 10)
    assert "".join(shown(lines, text)) == text
    assert all(sum(map(cell_width, line.removesuffix(" "))) <= 10 for line in shown(lines, text))
    head = wrapped(text[:1000], 10)
    # All but the last line of the head are decided by it alone.
    assert shown(lines, text)[: head.count - 1] == shown(head, text[:1000])[:-1]


def test_the_count_of_lines_is_expected_before_it_is_known() -> None:
    text = "the flask keeps its volume " * 5000
    lines = LineStarts(text, 40)
    lines.advance(1000)
    assert lines.count < 200
    assert lines.expected_count == pytest.approx(wrapped(text, 40).count, rel=0.1)


def test_words_stay_whole_where_they_fit() -> None:
    text = "the flask keeps its volume"
    assert shown(wrapped(text, 10), text) == ["the flask ", "keeps its ", "volume"]


def test_a_word_longer_than_the_line_is_cut() -> None:
    assert shown(wrapped("abcdefghij", 4), "abcdefghij") == ["abcd", "efgh", "ij"]


def test_wide_characters_break_between_any_two() -> None:
    assert shown(wrapped("漢字漢字漢", 5), "漢字漢字漢") == ["漢字", "漢字", "漢"]


def test_a_tab_takes_the_same_cells_everywhere() -> None:
    assert cell_width("\t") == TAB_CELLS
    assert shown(wrapped("a\tb\tc", 6), "a\tb\tc") == ["a\tb", "\tc"]


@pytest.mark.parametrize("character", ["漢", "é", "\u0301", "🙂", "a"])
def test_widths_agree_with_those_of_the_renderer(character: str) -> None:
    assert cell_width(character) == cell_len(character)


def test_a_very_long_text_is_wrapped_in_tens_of_milliseconds() -> None:
    text = "At constant volume the pressure goes with the absolute temperature. " * 4500
    started = time.perf_counter()
    wrapped(text, 76)
    assert time.perf_counter() - started < 0.5
