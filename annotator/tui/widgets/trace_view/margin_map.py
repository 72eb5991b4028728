"""The last column of a view: how far down the text the reader is, and where its highlights are."""

from collections.abc import Iterable
from typing import Final

from annotator.tui.widgets.trace_view.highlights import HighlightKind, Span
from annotator.tui.widgets.trace_view.ranges import Range

THUMB: Final = "┃"
_KINDS: Final = tuple(HighlightKind)


def marked_rows(stops: Iterable[Span], length: int, height: int) -> dict[int, HighlightKind]:
    """Return the rows of a column of that height on which highlights fall; the kind is that of most precedence."""
    rows: dict[int, HighlightKind] = {}
    for stop in stops:
        row = _row(stop.start, length, height)
        if row not in rows or _KINDS.index(stop.kind) < _KINDS.index(rows[row]):
            rows[row] = stop.kind
    return rows


def thumb_rows(visible: Range, length: int, height: int) -> range:
    """Return the rows that stand for what is in view; none where all of the text is."""
    if visible.end - visible.start >= length:
        return range(0)
    first = _row(visible.start, length, height)
    return range(first, max(_row(visible.end, length, height), first + 1))


def offset_of_row(row: int, length: int, height: int) -> int:
    """Return the display offset for which a row stands."""
    return row * length // max(height, 1)


def _row(offset: int, length: int, height: int) -> int:
    """Return the row of an offset; by characters, not lines, so that it is known before the text is wrapped."""
    return min(offset * height // max(length, 1), height - 1)
