"""The sheet on which a note is written."""

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from annotator.tui.screens.sheets import Sheet
from annotator.tui.widgets.note_input import NoteInput


class NoteSheet(Sheet[str]):
    """Asks for a note; the result is the text, None for Esc."""

    def __init__(self, note: str) -> None:
        super().__init__("Note on this pair")
        self._note = note

    def compose_body(self) -> ComposeResult:
        """Show the note for editing."""
        yield NoteInput(self._note, select_on_focus=False)
        yield Static(Content.styled("Enter saves   Esc cancels", "$foreground-muted"), markup=False)

    @on(Input.Submitted)
    def _save(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)
