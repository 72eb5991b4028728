"""The view of one arm: a text view that tells what was read and offers passages as evidence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.selection import Selection

from annotator.tui.widgets.trace_view.document import Document, Stretch
from annotator.tui.widgets.trace_view.highlights import Highlights, Span
from annotator.tui.widgets.trace_view.passages import grow_by_sentence, passage_of, sentence_from, step_sentence
from annotator.tui.widgets.trace_view.ranges import Range
from annotator.tui.widgets.trace_view.text_view import TextView


class TraceView(TextView):
    """Shows one arm.

    Args:
        title: The arm's name.
        on_seen: Called with the raw stretches in view whenever they change. A callback and not a message: what was
            seen must be credited to its pair before the key that leaves the pair is handled.
        id: The widget's id.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("shift+down", "grow(1)", "Longer passage", tooltip="Take one more sentence.", id="trace.longer"),
        Binding("shift+up", "grow(-1)", "Shorter passage", tooltip="Take one sentence less.", id="trace.shorter"),
    ]

    @dataclass
    class Moved(Message):
        """The current highlight or the offered passage changed."""

        trace_view: "TraceView"

        @property
        def control(self) -> "TraceView":
            """The view in which it moved."""
            return self.trace_view

        def can_replace(self, message: Message) -> bool:
            """Let a newer one stand for an older one."""
            return isinstance(message, TraceView.Moved) and message.trace_view is self.trace_view

    def __init__(self, title: str, on_seen: Callable[[Sequence[Stretch]], None], *, id: str) -> None:  # noqa: A002 - Textual's
        super().__init__(id=id)
        self.border_title = Content(title)
        self._on_seen = on_seen
        self._said_place = ""
        self.offered: Range | None = None
        """The passage offered as evidence; while there is one, the arrows move it by sentences."""

    def show(self, document: Document, highlights: Highlights) -> None:
        """Show another arm, from its top."""
        self.offered = None
        super().show(document, highlights)

    def go_to(self, stop: Span) -> None:
        """Make a highlight the current one, and the offered passage if one is being chosen."""
        if self.offered is not None:
            self.offered = passage_of(self.document, stop)
        super().go_to(stop)
        self.post_message(self.Moved(self))

    def offer(self, passage: Range | None) -> None:
        """Light a passage up as the evidence to take; None: no more."""
        self.offered = passage
        if passage is not None:
            self.reveal(passage.start, passage.end)
        self.repaint()
        self.post_message(self.Moved(self))

    @property
    def reading_line(self) -> int:
        """The line at which the reader is likeliest to be: a third down what is in view."""
        top = self.scroll_offset.y
        return top + min(self.page_lines, max(self.line_count - top, 1)) // 3

    def sentence_in_view(self) -> Range | None:
        """Return the sentence at the top third of the view, inside one section; None where there is no text."""
        top = self.scroll_offset.y
        lines = (self.reading_line, top, top + self.page_lines - 1)
        return next(filter(None, (sentence_from(self.document, self.line_start(line)) for line in lines)), None)

    @property
    def lit_range(self) -> Range | None:
        """The offered passage, else the current highlight."""
        return self.offered or super().lit_range

    @property
    def place(self) -> str:
        """Where the reader stands, in words."""
        percent = f"{self.percent} %"
        if self.current is not None:
            number, count = self.highlights.rank(self.current)
            return f"{self.current.kind.noun} {number} of {count} ─ {percent}"
        counted = self.highlights.counted_stops()
        return " ─ ".join([*(f"{count} {kind.noun}{'s' * (count > 1)}" for kind, count in counted), percent])

    def after_move(self) -> None:
        """Say where the reader stands, and tell what is in view."""
        super().after_move()
        if self.display and self.line_count and self.page_lines > 0:
            self._say_place()
            visible = self.visible_range
            self._on_seen(self.document.stretches(visible.start, visible.end))

    def _say_place(self) -> None:
        # Setting a border's text repaints every line of the view.
        if (place := self.place) != self._said_place:
            self._said_place = place
            self.border_subtitle = Content(place)

    def selection_updated(self, selection: Selection | None) -> None:
        """Offer what is selected while a passage is being chosen."""
        super().selection_updated(selection)
        if self.offered is not None and (chosen := self.selected_range) is not None:
            self.offered = chosen
            self.repaint()
            self.post_message(self.Moved(self))

    def action_line(self, direction: int) -> None:
        """Scroll by a line, or move the offered passage by a sentence."""
        if self.offered is None:
            super().action_line(direction)
        elif passage := step_sentence(self.document, self.offered, direction):
            self.offer(passage)

    def action_page(self, direction: int) -> None:
        """Scroll by a page; the offered passage comes along."""
        super().action_page(direction)
        if self.offered is not None:
            self.offer(self.sentence_in_view())

    def action_edge(self, direction: int) -> None:
        """Go to the start or the end; the offered passage comes along."""
        super().action_edge(direction)
        if self.offered is not None:
            self.offer(self.sentence_in_view())

    def action_grow(self, direction: int) -> None:
        """Make the offered passage longer or shorter by a sentence."""
        if self.offered is not None:
            self.offer(grow_by_sentence(self.document, self.offered, direction))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys for a passage only while there is one."""
        return action != "grow" or self.offered is not None
