"""The sheet of ticks: remarks that never change the code."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap
from textual.content import Content
from textual.widgets import Static

from annotator.domain.codebook import Code, Tick
from annotator.domain.display import display_line
from annotator.tui.screens.sheets import Choice, ChoiceSheet, Sheet
from annotator.workflows.rating import RatingSession


class TickSheet(Sheet[None]):
    """Sets and removes the ticks of the draft, one key each; a tick that asks for it takes a second code."""

    def __init__(self, session: RatingSession) -> None:
        super().__init__("Ticks: a key sets or removes one")
        self._session = session
        self._letters = tick_letters(session.codebook.ticks)
        bindings = [Binding("enter,k", "back", "Done", tooltip="Close the sheet.", id="ticks.done", show=False)]
        for index, (tick, letter) in enumerate(zip(session.codebook.ticks, self._letters, strict=True)):
            keys = [str(index + 1)] if index < 9 else []
            bindings += [
                Binding(key, f"tick({index})", display_line(tick.key, 40), id=f"ticks.{index}")
                for key in [*keys, *([letter] if letter else [])]
            ]
        self._bindings = BindingsMap.from_keys(
            {**self._bindings.key_to_bindings, **BindingsMap(bindings).key_to_bindings}
        )

    def compose_body(self) -> ComposeResult:
        """List the ticks."""
        yield Static(self._listing(), id="ticks", markup=False)

    def action_tick(self, index: int) -> None:
        """Set or remove a tick."""
        tick = self._session.codebook.ticks[index]
        is_set = self._session.toggle_tick(tick.key)
        self.query_one("#ticks", Static).update(self._listing(), layout=False)
        if is_set and tick.asks_second_code:
            self.app.push_screen(second_code_sheet(self._session.codebook.codes), self._take_second_code)

    def _take_second_code(self, index: int | None) -> None:
        if index is not None:
            self._session.set_second_code(self._session.codebook.codes[index].key)
        self.query_one("#ticks", Static).update(self._listing(), layout=False)

    def _listing(self) -> Content:
        draft = self._session.draft
        lines: list[Content] = []
        if not self._session.codebook.ticks:
            lines.append(Content("This codebook has no ticks."))
        for index, (tick, letter) in enumerate(zip(self._session.codebook.ticks, self._letters, strict=True)):
            is_set = tick.key in draft.ticks
            second = (
                f" → {display_line(draft.second_code, 24)}"
                if is_set and tick.asks_second_code and draft.second_code
                else ""
            )
            lines.append(
                Content.assemble(
                    (f"{index + 1} {letter or ' '}  ", "bold $accent"),
                    ("[x] " if is_set else "[ ] ", "bold"),
                    (display_line(tick.key, 24).ljust(16), "bold" if is_set else ""),
                    (second, "bold"),
                    (f"  {display_line(tick.title, 80)}", "$foreground-muted"),
                )
            )
        return Content("\n").join([*lines, Content.styled("Enter done", "$foreground-muted")])


def tick_letters(ticks: Sequence[Tick]) -> list[str]:
    """Return a letter of each tick's key that no earlier one has; "" where none is left. `k` closes the sheet."""
    taken = {"k"}
    letters: list[str] = []
    for tick in ticks:
        letter = next(
            (char for char in tick.key.casefold() if char.isalpha() and len(char) == 1 and char not in taken), ""
        )
        taken.add(letter)
        letters.append(letter)
    return letters


def second_code_sheet(codes: Sequence[Code]) -> ChoiceSheet:
    """Ask which other code is nearly as likely."""
    choices = [
        Choice((_key(code.letter), str(index + 1)), f"{index + 1} {code.letter}", code.key, code.title)
        for index, code in enumerate(codes)
    ]
    return ChoiceSheet("Torn: which other code is nearly as likely?", choices)


def _key(letter: str) -> str:
    return "comma" if letter == "," else letter
