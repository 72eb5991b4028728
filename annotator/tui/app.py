"""The terminal application."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.screen import Screen
from textual.system_commands import SystemCommandsProvider

from annotator.tui.commands import BindingCommands
from annotator.tui.screens.rating.screen import RatingScreen
from annotator.tui.themes import PAPER, SLATE
from annotator.workflows.rating import RatingSession
from annotator.workflows.rating_view import Summary


class RatingApp(App[None]):
    """Runs a rating session in a terminal."""

    CSS_PATH = "app.tcss"
    TITLE = "cot-annotator"
    # Textual annotates these two in a way that a ClassVar does not match.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]  # noqa: RUF012
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {BindingCommands, SystemCommandsProvider}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+q,ctrl+c", "quit", "Quit", tooltip="Leave the session.", id="app.quit", priority=False, system=True
        ),
        Binding(
            "ctrl+p", "command_palette", "All commands", tooltip="Search all commands.", id="app.palette", priority=True
        ),
    ]

    def __init__(self, session: RatingSession) -> None:
        super().__init__()
        self._session = session
        self.animation_level = "none"
        self.register_theme(SLATE)
        self.register_theme(PAPER)
        self.theme = SLATE.name

    def on_mount(self) -> None:
        """Open the rating screen; the app ends with it."""
        self.push_screen(RatingScreen(self._session), lambda _: self.exit())

    async def on_event(self, event: events.Event) -> None:
        """Note that the rater is at work, whatever the key is for."""
        if isinstance(event, events.Key | events.MouseDown | events.MouseScrollDown | events.MouseScrollUp):
            self._session.touch()
        await super().on_event(event)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer the choice of a theme; everything else is a binding."""
        yield SystemCommand("Theme", "Choose the colours", self.action_change_theme)

    async def action_quit(self) -> None:
        """Leave as `q` does: ask if something would be lost."""
        for screen in self.screen_stack:
            if isinstance(screen, RatingScreen):
                screen.action_leave()

    def action_help_quit(self) -> None:
        """Leave on ctrl+c, too."""
        self.call_later(self.action_quit)

    def raise_failure(self) -> None:
        """Raise what ended the app, if it was an error."""
        if self._exception is not None:
            raise self._exception

    def _fatal_error(self) -> None:
        # Textual would print a traceback with the values of local variables, foreign text among them.
        self._close_messages_no_wait()


def run_rating(session: RatingSession) -> Summary:
    """Let a rater label in the terminal until they leave; close the session and say what was done.

    Raises:
        Exception: What ended the app; every label is written first.
    """
    app = RatingApp(session)
    try:
        app.run()
    finally:
        summary = session.close()
    app.raise_failure()
    return summary


def screenshot_svg(session: RatingSession, size: tuple[int, int], keys: Sequence[str] = ()) -> str:
    """Return a picture of the session's screen, after some keys; the session stays open."""

    async def take() -> str:
        app = RatingApp(session)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await pilot.press(*keys)
            await pilot.pause()
            return app.export_screenshot(title=f"annotator label {session.study_name}")

    return asyncio.run(take())
