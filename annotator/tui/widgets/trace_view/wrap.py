"""Where the lines of a text start when it is wrapped to a width in cells."""

from bisect import bisect_right
from itertools import accumulate
from typing import Final

from rich.cells import get_character_cell_size

TAB_CELLS: Final = 4
"""A tab takes this many cells, wherever it stands: a tab stop would make a line's width depend on its start."""

MIN_WIDTH: Final = TAB_CELLS

_PIECE_CHARS: Final = 4096
"""Characters wrapped at a time: a few milliseconds at most, and far more than a line."""


class _CellWidths(dict[str, int]):
    """Cells that a character takes, measured once."""

    def __missing__(self, character: str) -> int:
        width = self[character] = TAB_CELLS if character == "\t" else get_character_cell_size(character)
        return width


_CELLS: Final = _CellWidths()


def cell_width(character: str) -> int:
    """Return the cells that one character takes: 0, 1, 2, or a tab's."""
    return _CELLS[character]


class LineStarts:
    """The offsets at which a text's lines start.

    A line holds its characters up to the next line's start; its last character may be the space or newline that the
    break hides. Wrapping goes on in pieces as far as it has been asked for, so that the first screen of a very long
    text does not wait for its end.

    Args:
        text: Without characters that would break the one-to-one rule of `display_safe`.
        width: Cells a line, at least `MIN_WIDTH`.
    """

    def __init__(self, text: str, width: int) -> None:
        self._text = text
        self._is_ascii = text.isascii() and "\t" not in text
        self.width = max(width, MIN_WIDTH)
        self.is_complete = False
        """Whether the whole text is wrapped."""
        self._offsets = [0]
        """The last one starts a line whose end is not known yet, unless the whole text is wrapped."""
        self._paragraph_end = -1
        self._piece_chars = _PIECE_CHARS

    @property
    def count(self) -> int:
        """How many lines are wrapped."""
        return len(self._offsets) - (not self.is_complete)

    @property
    def expected_count(self) -> int:
        """How many lines there are; as long as not all are wrapped, an estimate."""
        if self.is_complete or not self._offsets[-1]:
            return self.count
        return self.count * len(self._text) // self._offsets[-1]

    def advance(self, offset: int | None = None) -> None:
        """Wrap up to and with the line that holds `offset`; None: to the end."""
        until = len(self._text) if offset is None else offset
        while not self.is_complete and self._offsets[-1] <= until:
            self._wrap_piece()

    def line_of(self, offset: int) -> int:
        """Return the number of the line that holds `offset`."""
        self.advance(offset)
        return max(bisect_right(self._offsets, offset) - 1, 0)

    def bounds(self, line: int) -> tuple[int, int]:
        """Return where a wrapped line starts and ends, without the newline that ends it."""
        start = self._offsets[line]
        end = self._offsets[line + 1] if line + 1 < len(self._offsets) else len(self._text)
        if end > start and self._text[end - 1] == "\n":
            end -= 1
        return start, end

    def _wrap_piece(self) -> None:
        """Go on from the line whose end is not known yet."""
        start = self._offsets[-1]
        if self._paragraph_end < start:
            end = self._text.find("\n", start)
            self._paragraph_end = end if end >= 0 else len(self._text)
        end = min(start + self._piece_chars, self._paragraph_end)
        # Even tabs would fit into so few characters.
        if end - start > self.width // TAB_CELLS:
            if self._is_ascii or _is_narrow(self._text[start:end]):
                self._wrap_narrow(start, end)
            else:
                self._wrap_cells(start, end)
        if end < self._paragraph_end:
            # A piece without a break is no more than part of a line: marks of no width, for example.
            self._piece_chars = _PIECE_CHARS if self._offsets[-1] > start else self._piece_chars * 2
        elif end < len(self._text):
            self._offsets.append(end + 1)
        else:
            self.is_complete = True

    def _wrap_narrow(self, start: int, end: int) -> None:
        text, width, append = self._text, self.width, self._offsets.append
        rfind = text.rfind
        while end - start > width:
            limit = start + width
            # The space at a break hangs over the edge; a word longer than the line is cut.
            start = limit + 1 if text[limit] == " " else rfind(" ", start, limit) + 1 or limit
            if start >= self._paragraph_end:
                return
            append(start)

    def _wrap_cells(self, start: int, end: int) -> None:
        width = self.width
        cells = [0, *accumulate(map(_CELLS.__getitem__, self._text[start:end]))]
        total, first = cells[-1], 0
        while total - cells[first] > width:
            # Trailing characters of no width belong to the line of the one that they modify.
            limit = bisect_right(cells, cells[first] + width, first) - 1
            first = self._break(start, first, max(limit, first + 1), cells)
            if start + first >= self._paragraph_end:
                return
            self._offsets.append(start + first)
            if start + first >= end:
                return

    def _break(self, start: int, first: int, limit: int, cells: list[int]) -> int:
        """Return where to break a line that may reach from `first` up to `limit`, all relative to `start`."""
        text = self._text
        if text[start + limit] == " ":
            return limit + 1
        space = text.rfind(" ", start + first, start + limit)
        word = space + 1 - start if space >= 0 else first
        for cut in range(limit, word, -1):
            here = cells[cut + 1] - cells[cut]
            if here == 2 or (here and cells[cut] - cells[cut - 1] == 2):
                return cut
        return word if word > first else limit


def _is_narrow(text: str) -> bool:
    """Whether every character takes one cell: true of most text that is not ASCII, too."""
    if text.isascii():
        return "\t" not in text
    return all(_CELLS[character] == 1 for character in set(text))
