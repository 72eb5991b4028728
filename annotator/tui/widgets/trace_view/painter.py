"""Paint one wrapped line of a document."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from annotator.tui.widgets.trace_view.document import Document, PartKind
from annotator.tui.widgets.trace_view.highlights import HighlightKind, Highlights, Span
from annotator.tui.widgets.trace_view.ranges import Range
from annotator.tui.widgets.trace_view.wrap import TAB_CELLS

GUTTER_CELLS: Final = 2
"""A mark and a space."""

_KINDS: Final = tuple(HighlightKind)


@dataclass(slots=True)
class LinePainter:
    """What a line looks like, given what is highlighted, current and selected."""

    document: Document
    highlights: Highlights
    style: Callable[[str], Style]
    """Looks up a style by name: `base`, `gutter`, `current`, `selection`, or a part's or highlight's kind."""
    current: Range | None = None
    """The highlight at which the reader stands, or the passage that is offered as evidence."""
    selection: Range | None = None

    def paint(self, start: int, end: int, width: int) -> list[Segment]:
        """Paint `document.text[start:end]`, which fits into `width` less the gutter, in exactly `width` cells."""
        kind = self.document.part_at(start).kind
        if kind is PartKind.DIVIDER:
            return self._paint_divider(start, end, width)
        if kind is PartKind.BANNER:
            mark = "!" if start == self.document.part_bounds(start)[0] else " "
            style = self.style("base") + self.style("banner")
            return self._segments((mark, style), self._pieces(start, end, style, []), start, width, style)
        return self._paint_text(start, end, width)

    def blank(self, width: int) -> list[Segment]:
        """Paint a line below the end. A drag that ends there selects to the end."""
        return [_segment(" " * width, self.style("base"), len(self.document.text))]

    def _paint_divider(self, start: int, end: int, width: int) -> list[Segment]:
        style = self.style("base") + self.style("divider")
        title = f"── {self.document.text[start:end]} "
        line = title + "─" * max(width - cell_len(title) - 1, 0) + " "
        return [_segment(set_cell_size(line, width), style, start)]

    def _paint_text(self, start: int, end: int, width: int) -> list[Segment]:
        if end - start > 1 and self.document.text[end - 1] == " ":
            # The space that hangs over the edge takes no style of its neighbours.
            end -= 1
        spans = self.highlights.touching(start, max(end, start + 1))
        base = self.style("base")
        is_current = self.current is not None and self.current.touches(start, max(end, start + 1))
        marks = [span.kind for span in spans if span.kind.gutter != " "]
        mark, mark_style = " ", base
        if marks:
            first = min(marks, key=_KINDS.index)
            mark, mark_style = first.gutter, base + self.style("gutter") + self.style(first.value)
        if is_current:
            mark, mark_style = mark if marks else "›", mark_style + self.style("current")
        return self._segments((mark, mark_style), self._pieces(start, end, base, spans), start, width, base)

    def _pieces(self, start: int, end: int, base: Style, spans: list[Span]) -> list[tuple[str, Style]]:
        """Cut a line where its style changes."""
        if end <= start:
            return []
        cuts = {start, end}
        ranges = [span for span in (self.current, self.selection) if span is not None and span.touches(start, end)]
        for span in (*spans, *ranges):
            cuts.add(max(span.start, start))
            cuts.add(min(span.end, end))
        points = sorted(cuts)
        pieces: list[tuple[str, Style]] = []
        for low, high in pairwise(points):
            style = base
            for span in reversed(spans):
                if span.start <= low and high <= span.end:
                    style += self.style(span.kind.value)
            for name, over in (("current", self.current), ("selection", self.selection)):
                if over is not None and over.covers(low, high):
                    style += self.style(name)
            pieces.append((self.document.text[low:high], style))
        return pieces

    def _segments(
        self, mark: tuple[str, Style], pieces: list[tuple[str, Style]], start: int, width: int, base: Style
    ) -> list[Segment]:
        """Join the gutter and the pieces; every cell knows the offset of its character.

        What fills the line up knows none: Textual then takes the end of what stands before it.
        """
        text, style = mark
        if style is base:
            segments = [_segment("  ", base, start - 1)]
        else:
            segments = [_segment(text, style, start - 1), _segment(" ", base, start)]
        offset, cells = start, GUTTER_CELLS
        for text, style in pieces:
            for number, part in enumerate(text.split("\t")):
                if number:
                    # One segment a cell: a click on any cell of a tab means the tab.
                    segments.extend(_segment(" ", style, offset) for _ in range(TAB_CELLS))
                    offset, cells = offset + 1, cells + TAB_CELLS
                if part:
                    segments.append(_segment(part, style, offset))
                    offset, cells = offset + len(part), cells + cell_len(part)
        if cells < width:
            segments.append(Segment(" " * (width - cells), base))
        elif cells > width:
            segments = list(Segment.adjust_line_length(segments, width, base))
        return segments


def _segment(text: str, style: Style, offset: int) -> Segment:
    """Make a segment that tells Textual's selection which character it starts with."""
    return Segment(text, style + Style.from_meta({"offset": (offset, 0)}))
