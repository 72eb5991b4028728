"""Sheets at the foot of the screen: the traces stay in view above them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import getters
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingsMap, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from annotator.domain.codebook import Code
from annotator.domain.display import display_line

ResultT = TypeVar("ResultT")


class Sheet(ModalScreen[ResultT]):
    """A modal screen with a title at the foot of the screen.

    Args:
        title: What it asks; safe to show.
    """

    if TYPE_CHECKING:
        app = getters.app(App[None])

    CSS_PATH = "sheets.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", tooltip="Close without a change.", id="sheet.back"),
    ]

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def compose(self) -> ComposeResult:
        """Lay out the title and the body."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = Content(self._title)
            yield from self.compose_body()

    def compose_body(self) -> ComposeResult:
        """Lay out what is below the title."""
        yield from ()

    def action_back(self) -> None:
        """Close without a result."""
        self.dismiss(None)


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose."""

    keys: tuple[str, ...]
    """As Textual names them."""
    key_display: str
    title: str
    detail: str = ""


class ChoiceSheet(Sheet[int]):
    """Asks for one of several; the result is its index, None for Esc."""

    def __init__(self, title: str, choices: Sequence[Choice]) -> None:
        super().__init__(title)
        self._choices = choices
        bindings = [
            Binding(key, f"choose({index})", display_line(choice.title, 40), id=f"sheet.choice.{index}")
            for index, choice in enumerate(choices)
            for key in choice.keys
        ]
        self._bindings = BindingsMap.from_keys(
            {**self._bindings.key_to_bindings, **BindingsMap(bindings).key_to_bindings}
        )

    def compose_body(self) -> ComposeResult:
        """List the choices."""
        wide = max((len(choice.key_display) for choice in self._choices), default=0)
        titles = [Content(display_line(choice.title, 160)) for choice in self._choices]
        title_cells = min(max((title.cell_length for title in titles), default=0), 60)
        for choice, title in zip(self._choices, titles, strict=True):
            yield Static(
                Content.assemble(
                    (choice.key_display.rjust(wide), "bold $accent"),
                    "  ",
                    title.pad_right(max(title_cells - title.cell_length, 0)),
                    (f"   {display_line(choice.detail, 160)}" if choice.detail else "", "$foreground-muted"),
                ),
                markup=False,
            )
        yield Static(Content.styled("Esc back", "$foreground-muted"), markup=False)

    def action_choose(self, index: int) -> None:
        """Close with a choice."""
        self.dismiss(index)


def digit_choices(titles: Sequence[str], details: Sequence[str] = ()) -> list[Choice]:
    """Return choices with the digits as keys; from the tenth on, letters."""
    names = "123456789" + "abcdefghijklmnopqrstuvwxyz"
    return [
        Choice((name,), name, title, details[index] if details else "")
        for index, (name, title) in enumerate(zip(names, titles, strict=False))
    ]


def reason_sheet(code: Code) -> ChoiceSheet:
    """Ask for a code's reason; the index after the last reason means none."""
    choices = [*digit_choices(code.reasons), Choice(("enter",), "Enter", "no reason")]
    return ChoiceSheet(f"{display_line(code.key, 40)}: why? Enter goes on without a reason", choices)
