"""A scrolling view of one document: line by line, so that its cost does not grow with the text."""

from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Offset, Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from annotator.tui.widgets.trace_view.document import Document
from annotator.tui.widgets.trace_view.highlights import HighlightKind, Highlights, Span
from annotator.tui.widgets.trace_view.margin_map import THUMB, marked_rows, offset_of_row, thumb_rows
from annotator.tui.widgets.trace_view.painter import GUTTER_CELLS, LinePainter
from annotator.tui.widgets.trace_view.ranges import Range
from annotator.tui.widgets.trace_view.wrap import LineStarts

WRAP_AHEAD: Final = 8_000
"""Characters wrapped at a time once the first screen is shown: a few milliseconds, so that no key waits."""

WRAP_AFTER_S: Final = 0.25
WRAP_EVERY_S: Final = 0.02
"""When the rest of a text is wrapped: after the frame, and then piece by piece."""

MARGIN_CELLS: Final = 2
"""Between the text and its map."""

MAP_CELLS: Final = 1
"""The column that shows the place and the highlights. Textual's scroll bar would cost as much as the text itself."""


class TextView(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows a document, its highlights, and where the reader stands among them."""

    DEFAULT_CSS = """
    TextView {
        overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 0;
        & > .text-view--hint { text-style: underline; color: $text-warning; }
        & > .text-view--judge { text-style: bold; background: $primary-muted; color: $text-primary; }
        & > .text-view--evidence { text-style: bold underline; background: $success-muted; color: $text-success; }
        & > .text-view--current { text-style: reverse; }
        & > .text-view--strong { text-style: bold; color: $text-primary; }
        & > .text-view--aside { text-style: dim; }
        & > .text-view--gutter { text-style: bold; }
        & > .text-view--banner { text-style: italic; color: $text-warning; }
        & > .text-view--thumb { color: $scrollbar; }
        & > .text-view--divider { color: $secondary; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"text-view--{name}"
        for name in ("hint", "judge", "evidence", "current", "strong", "aside", "gutter", "banner", "divider", "thumb")
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "line(-1)", "Line up", tooltip="Scroll one line up.", id="trace.up"),
        Binding("down", "line(1)", "Line down", tooltip="Scroll one line down.", id="trace.down"),
        Binding("pageup", "page(-1)", "Page up", tooltip="Scroll one page up.", id="trace.page_up"),
        Binding("pagedown,space", "page(1)", "Page down", tooltip="Scroll one page down.", id="trace.page_down"),
        Binding("home", "edge(-1)", "Top", tooltip="Go to the start of the text.", id="trace.home"),
        Binding("end", "edge(1)", "Bottom", tooltip="Go to the end of the text.", id="trace.end"),
    ]

    def __init__(
        self,
        document: Document | None = None,
        highlights: Highlights | None = None,
        *,
        id: str | None = None,  # noqa: A002 - Textual's name for it
    ) -> None:
        super().__init__(id=id)
        self._styles_by_name: dict[str, Style] = {}
        self._segments: LRUCache[tuple[int, int], list[Segment]] = LRUCache(512)
        self._painter = LinePainter(document or Document(), highlights or Highlights(), self._style)
        self._lines: LineStarts | None = None
        self.current: Span | None = None
        """The highlight at which the reader stands."""
        self._marked_rows: dict[int, HighlightKind] = {}
        self._thumb_rows = range(0)

    @property
    def document(self) -> Document:
        """What is shown."""
        return self._painter.document

    @property
    def highlights(self) -> Highlights:
        """What is highlighted."""
        return self._painter.highlights

    def show(self, document: Document, highlights: Highlights) -> None:
        """Show another document, from its top."""
        self._painter = LinePainter(document, highlights, self._style)
        self._lines = None
        self.current = None
        self._wrap()
        self.scroll_to_line(0)
        self.repaint()

    def highlight(self, highlights: Highlights) -> None:
        """Change the highlights and stay in place."""
        self._painter.highlights = highlights
        if self.current not in highlights.stops:
            self.current = None
        self.repaint()

    @property
    def line_count(self) -> int:
        """Lines of the text; an estimate until all of it is wrapped."""
        return self._lines.expected_count if self._lines else 0

    @property
    def page_lines(self) -> int:
        """Lines that the view has room for."""
        return self.scrollable_content_region.height

    @property
    def percent(self) -> int:
        """How much of the text is in view or above it, 0 to 100."""
        return 100 * self.visible_range.end // max(len(self.document.text), 1)

    @property
    def visible_range(self) -> Range:
        """The display offsets in view."""
        top = self.scroll_offset.y
        return Range(self.line_start(top), self.line_end(top + self.page_lines - 1))

    def line_start(self, line: int) -> int:
        """Return the display offset at which a line starts; beyond the last line, the last one's."""
        return self._line_bounds(line)[0]

    def line_end(self, line: int) -> int:
        """Return the display offset at which a line ends; beyond the last line, the last one's."""
        return self._line_bounds(line)[1]

    def _line_bounds(self, line: int) -> tuple[int, int]:
        if self._lines is None:
            return 0, 0
        self._wrap_to_line(line)
        return self._lines.bounds(max(min(line, self._lines.count - 1), 0))

    def scroll_to_line(self, line: int) -> None:
        """Put a line at the top, as far as the text allows."""
        self.scroll_to(y=line, animate=False, force=True)

    def reveal(self, start: int, end: int) -> None:
        """Scroll so that a range is in view, a third from the top, unless it is already."""
        if self._lines is None:
            return
        first, last = self._lines.line_of(start), self._lines.line_of(max(end - 1, start))
        top = self.scroll_offset.y
        if first < top or last >= top + self.page_lines:
            self._wrap_to_line(last + self.page_lines)
            self.scroll_to_line(max(first - self.page_lines // 3, 0))

    def step_highlight(self, direction: int) -> bool:
        """Go to the next (1) or previous (-1) highlight; False where there is none."""
        stop = self.highlights.step(self.current, self.visible_range.start, direction)
        if stop is not None:
            self.go_to(stop)
        return stop is not None

    def go_to_first(self, kind: HighlightKind) -> None:
        """Go to the first highlight of a kind, if there is one."""
        if stop := next((span for span in self.highlights.stops if span.kind is kind), None):
            self.go_to(stop)

    def go_to(self, stop: Span) -> None:
        """Make a highlight the current one and bring it into view."""
        self.current = stop
        self.reveal(stop.start, stop.end)
        self.repaint()

    @property
    def lit_range(self) -> Range | None:
        """What is lit as current."""
        return Range(self.current.start, self.current.end) if self.current else None

    def repaint(self) -> None:
        """Paint every line again."""
        self._painter.current = self.lit_range
        self._segments.clear()
        self._marked_rows = marked_rows(self.highlights.stops, len(self.document.text), self.page_lines)
        self.refresh()
        self.after_move()

    def after_move(self) -> None:
        """Do what must follow a change of place, size or text."""
        self._thumb_rows = thumb_rows(self.visible_range, len(self.document.text), self.page_lines)

    # Selection: Textual's x is our display offset

    @property
    def selected_range(self) -> Range | None:
        """What is selected, in display offsets."""
        return self._range_of(self.text_selection)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the raw text that is selected, for copying."""
        chosen = self._range_of(selection)
        stretches = self.document.stretches(chosen.start, chosen.end) if chosen else []
        return ("\n".join(map(self.document.raw, stretches)), "\n") if stretches else None

    def selection_updated(self, selection: Selection | None) -> None:
        """Repaint what the selection covers."""
        self._painter.selection = self._range_of(selection)
        self.repaint()

    def _range_of(self, selection: Selection | None) -> Range | None:
        if selection is None:
            return None
        length = len(self.document.text)
        start = max(selection.start.x, 0) if selection.start is not None else 0
        end = min(selection.end.x, length) if selection.end is not None else length
        return Range(start, end) if start < end else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Go to the place for which a row of the last column stands."""
        place = event.get_content_offset(self)
        if place is not None and place.x == self.size.width - MAP_CELLS and self._lines is not None:
            event.stop()
            offset = offset_of_row(place.y, len(self.document.text), self.page_lines)
            self.scroll_to_line(self._lines.line_of(offset) - self.page_lines // 2)

    def on_click(self, event: events.Click) -> None:
        """Select a word on a double click, where Textual would select the whole text."""
        if event.chain < 2:
            return
        event.prevent_default().stop()
        _, place = self.screen.get_widget_and_offset_at(event.screen_x, event.screen_y)
        text = self.document.text
        if place is not None and place.x < len(text) and text[place.x].isalnum():
            start = end = place.x
            while start > 0 and text[start - 1].isalnum():
                start -= 1
            while end < len(text) and text[end].isalnum():
                end += 1
            self.screen.selections = {self: Selection(Offset(start, 0), Offset(end, 0))}

    # Keys

    def action_line(self, direction: int) -> None:
        """Scroll by a line."""
        self.scroll_to_line(self.scroll_offset.y + direction)

    def action_page(self, direction: int) -> None:
        """Scroll by a page, one line of it staying in view."""
        self.scroll_to_line(self.scroll_offset.y + direction * max(self.page_lines - 1, 1))

    def action_edge(self, direction: int) -> None:
        """Go to the start or the end."""
        if direction > 0 and self._lines is not None:
            self._lines.advance()
            self._take_line_count()
        self.scroll_to_line(0 if direction < 0 else self.line_count)

    # Layout and painting

    @property
    def _text_width(self) -> int:
        return self.scrollable_content_region.width - GUTTER_CELLS - MARGIN_CELLS - MAP_CELLS

    def _wrap(self, place: int = 0) -> None:
        """Wrap to the present width, as far as the screen that starts at the display offset `place`."""
        width = self._text_width
        if width > 0 and self.display:
            lines = self._lines = LineStarts(self.document.text, width)
            self._wrap_to_line(lines.line_of(place) + 2 * self.page_lines)
            self._take_line_count()
            self.set_timer(WRAP_AFTER_S, lambda: self._wrap_ahead(lines))

    def _wrap_to_line(self, line: int) -> None:
        """Wrap at least so many lines, if there are so many."""
        lines = self._lines
        while lines is not None and not lines.is_complete and lines.count <= line:
            lines.advance(lines.bounds(lines.count)[0])

    def _wrap_ahead(self, lines: LineStarts) -> None:
        """Wrap some more of the text, unless it has been replaced, and come back for the rest."""
        if lines is not self._lines or lines.is_complete:
            return
        lines.advance(lines.bounds(lines.count)[0] + WRAP_AHEAD)
        if lines.is_complete:
            self._take_line_count()
        else:
            self.set_timer(WRAP_EVERY_S, lambda: self._wrap_ahead(lines))

    def _take_line_count(self) -> None:
        """Set how far the text can be scrolled, without the layout that the reactive would ask for."""
        size = Size(self.scrollable_content_region.width, self.line_count)
        if size != self.virtual_size:
            self.set_reactive(Widget.virtual_size, size)  # pyright: ignore[reportArgumentType] - a reactive on the class
            self._scroll_update(size)

    def on_resize(self) -> None:
        """Wrap to the new width and keep the place."""
        place = self.visible_range.start
        if self._lines is None or self._lines.width != self._text_width:
            self._wrap(place)
            if self._lines is not None:
                self.scroll_to_line(self._lines.line_of(place))
        self.repaint()

    def on_show(self) -> None:
        """Wrap what was given while the view was hidden."""
        self.on_resize()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Follow a scroll."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.after_move()

    def notify_style_update(self) -> None:
        """Forget the styles of another theme."""
        super().notify_style_update()
        self._styles_by_name.clear()
        self._segments.clear()

    def _style(self, name: str) -> Style:
        if (style := self._styles_by_name.get(name)) is None:
            if name == "base":
                style = self.rich_style
            elif name == "selection":
                style = self.screen.get_component_rich_style("screen--selection", partial=True)
            else:
                style = self.get_component_rich_style(f"text-view--{name}", partial=True)
            self._styles_by_name[name] = style
        return style

    def render_line(self, y: int) -> Strip:
        """Paint one line of the view."""
        line = y + self.scroll_offset.y
        width = self.size.width - MAP_CELLS
        self._wrap_to_line(line)
        if self._lines is None or line >= self._lines.count:
            segments = self._painter.blank(width)
        elif (known := self._segments.get((line, width))) is not None:
            segments = known
        else:
            segments = self._segments[line, width] = self._painter.paint(*self._lines.bounds(line), width)
        return Strip([*segments, self._map_segment(y)], width + MAP_CELLS)

    def _map_segment(self, row: int) -> Segment:
        if kind := self._marked_rows.get(row) if self._thumb_rows else None:
            return Segment(kind.gutter, self._style("base") + self._style(kind.value))
        if row in self._thumb_rows:
            return Segment(THUMB, self._style("base") + self._style("thumb"))
        return Segment(" ", self._style("base"))
