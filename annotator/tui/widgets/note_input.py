"""An input that keeps what was typed and shows it safely."""

from rich.text import Text
from textual.widgets import Input

from annotator.domain.display import display_safe


class NoteInput(Input):
    """An input for a free text, which may have come in with a file or from a clipboard."""

    cursor_blink = False

    @property
    def _value(self) -> Text:
        return Text(display_safe(self.value), no_wrap=True, overflow="ignore", end="")
