"""A page to read: the whole question, the prompts, the judge's reasons, the help."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from annotator.tui.widgets.trace_view.document import Document
from annotator.tui.widgets.trace_view.highlights import HighlightKind, Highlights
from annotator.tui.widgets.trace_view.text_view import TextView


class ReadingScreen(ModalScreen[None]):
    """Shows one document over the rating screen; any of the keys that open such pages closes it.

    Args:
        title: Safe to show.
        document: What to read.
        highlights: What is marked in it; the first words of the hint are brought into view.
    """

    CSS_PATH = "reading.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape,q,enter,t,P,w,question_mark,f1",
            "close",
            "Close",
            tooltip="Go back to the pair.",
            id="reading.close",
        ),
        Binding("right_square_bracket", "step(1)", "Next mark", tooltip="Go to the next mark.", id="reading.next_mark"),
        Binding(
            "left_square_bracket",
            "step(-1)",
            "Previous mark",
            tooltip="Go to the previous mark.",
            id="reading.previous_mark",
        ),
    ]

    def __init__(self, title: str, document: Document, highlights: Highlights | None = None) -> None:
        super().__init__()
        self._title = title
        self._view = TextView(document, highlights, id="page-text")

    def compose(self) -> ComposeResult:
        """Frame the page."""
        with Vertical(id="page") as page:
            page.border_title = Content(self._title)
            page.border_subtitle = Content("Esc closes")
            yield self._view

    def on_mount(self) -> None:
        """Give the page the keys, and go to the hint."""
        self._view.focus()
        self.call_after_refresh(self._view.go_to_first, HighlightKind.HINT)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)

    def action_step(self, direction: int) -> None:
        """Go to the next or previous mark."""
        self._view.step_highlight(direction)
