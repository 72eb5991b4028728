"""The floor of `bench_keys.py`: two line-API panes that show new text for every key, and nothing else."""

import sys
from pathlib import Path

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip


class Pane(ScrollView):
    def show(self, text: str) -> None:
        # Cells are counted as if every character of a line that is not ASCII were wide.
        width = self.size.width if text.isascii() else self.size.width // 2
        self.lines = [text[start : start + width] for start in range(0, len(text), width)]
        self.virtual_size = Size(self.size.width, len(self.lines))
        self.scroll_to(y=0, animate=False)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        line = y + self.scroll_offset.y
        text = self.lines[line] if line < len(getattr(self, "lines", [])) else ""
        return Strip([Segment(text, self.rich_style)]).adjust_cell_length(self.size.width, self.rich_style)


class FloorApp(App[None]):
    CSS = "Pane { width: 1fr; height: 1fr; }"
    BINDINGS = [("y", "next", "Next"), ("q", "quit", "Quit")]  # noqa: RUF012

    def __init__(self, texts: list[str]) -> None:
        super().__init__()
        self.animation_level = "none"
        self.texts, self.shown = texts, 0

    def compose(self) -> ComposeResult:
        yield Horizontal(Pane(), Pane())

    def on_mount(self) -> None:
        self.call_after_refresh(self.action_next)

    def action_next(self) -> None:
        self.shown += 1
        for pane in self.query(Pane):
            pane.show(self.texts[0].replace("#0", f"#{self.shown}"))


if __name__ == "__main__":
    FloorApp([Path(sys.argv[1]).read_text("utf-8")]).run()
