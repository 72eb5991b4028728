"""Paint one wrapped line of a document as a strip."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from annotator.tui.widgets.trace_view.document import Document, PartKind
from annotator.tui.widgets.trace_view.highlights import Highlights, Span
from annotator.tui.widgets.trace_view.ranges import Range
from annotator.tui.widgets.trace_view.wrap import TAB_CELLS

GUTTER_CELLS: Final = 2
"""A mark and a space."""


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

    def paint(self, start: int, end: int, width: int) -> Strip:
        """Paint `document.text[start:end]`, which fits into `width` less the gutter."""
        kind = self.document.part_at(start).kind
        if kind is PartKind.DIVIDER:
            return self._paint_divider(start, end, width)
        if kind is PartKind.BANNER:
            mark = "!" if start == self.document.part_bounds(start)[0] else " "
            style = self.style("base") + self.style("banner")
            return self._strip([(mark, style), (" ", style), *self._pieces(start, end, style, [])], start, width, style)
        return self._paint_text(start, end, width)

    def blank(self, width: int) -> Strip:
        """Paint a line below the end. A drag that ends there selects to the end."""
        return Strip([_segment(" " * width, self.style("base"), len(self.document.text))], width)

    def _paint_divider(self, start: int, end: int, width: int) -> Strip:
        style = self.style("base") + self.style("divider")
        title = f"── {self.document.text[start:end]} "
        line = title + "─" * max(width - cell_len(title) - 1, 0) + " "
        return Strip([_segment(line, style, start)]).adjust_cell_length(width, style)

    def _paint_text(self, start: int, end: int, width: int) -> Strip:
        if end - start > 1 and self.document.text[end - 1] == " ":
            # The space that hangs over the edge takes no style of its neighbours.
            end -= 1
        spans = self.highlights.touching(start, max(end, start + 1))
        base = self.style("base")
        is_current = self.current is not None and self.current.touches(start, max(end, start + 1))
        marks = [span.kind for span in spans if span.kind.gutter != " "]
        mark, mark_style = " ", base
        if marks:
            kinds = list(type(marks[0]))
            first = min(marks, key=kinds.index)
            mark, mark_style = first.gutter, base + self.style("gutter") + self.style(first.value)
        if is_current:
            mark, mark_style = mark if marks else "›", mark_style + self.style("current")
        pieces = [(mark, mark_style), (" ", base), *self._pieces(start, end, base, spans)]
        return self._strip(pieces, start, width, base)

    def _pieces(self, start: int, end: int, base: Style, spans: list[Span]) -> list[tuple[str, Style]]:
        """Cut a line where its style changes."""
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

    def _strip(self, pieces: list[tuple[str, Style]], start: int, width: int, base: Style) -> Strip:
        """Join pieces, the first two of them the gutter; every cell knows the offset of its character."""
        segments = [_segment(text, style, start) for text, style in pieces[:GUTTER_CELLS]]
        offset, cells = start, GUTTER_CELLS
        for text, style in pieces[GUTTER_CELLS:]:
            for number, part in enumerate(text.split("\t")):
                if number:
                    # One segment a cell: a click on any cell of a tab means the tab.
                    segments.extend(_segment(" ", style, offset) for _ in range(TAB_CELLS))
                    offset, cells = offset + 1, cells + TAB_CELLS
                if part:
                    segments.append(_segment(part, style, offset))
                    offset, cells = offset + len(part), cells + cell_len(part)
        if cells < width:
            segments.append(_segment(" " * (width - cells), base, offset))
        return Strip(segments, max(cells, width)).adjust_cell_length(width, base)


def _segment(text: str, style: Style, offset: int) -> Segment:
    """Make a segment that tells Textual's selection which character it starts with."""
    return Segment(text, style + Style.from_meta({"offset": (offset, 0)}))
