"""The last line: the codes and their keys, built from the codebook alone, and the commands that fit beside them."""

from textual.content import Content

from annotator.domain.codebook import Codebook
from annotator.domain.display import display_line
from annotator.tui.widgets.one_line import OneLine, fitting, spread

_COMMANDS = (
    (3, "[ ]", "highlight"),
    (2, "e", "evidence"),
    (1, "k", "ticks"),
    (4, "c", "note"),
    (1, "z", "undo"),
    (0, "?", "help"),
)


class CodeBar(OneLine):
    """Shows which key gives which code."""

    def __init__(self, codebook: Codebook) -> None:
        super().__init__(id="codes")
        self._codebook = codebook

    def render(self) -> Content:
        """Return the line."""
        return bar_line(self._codebook, self.content_size.width)


def bar_line(codebook: Codebook, width: int) -> Content:
    """Return the bar: code names are shortened before any of them is left out."""
    help_cells = 9
    for gap, name_cells in (("   ", 24), ("  ", 24), (" ", 12), ("  ", 6), (" ", 3), (" ", 0)):
        codes = Content(gap).join(
            Content.assemble(
                (code.letter, "bold $accent"), f" {display_line(code.key, name_cells)}" if name_cells else ""
            )
            for code in codebook.codes
        )
        if codes.cell_length + help_cells <= width:
            break
    commands = [
        (rank, Content.assemble((key, "bold"), (f" {name}", "$foreground-muted"))) for rank, key, name in _COMMANDS
    ]
    return spread(codes, fitting(commands, max(width - codes.cell_length - 3, help_cells - 3)), width)
