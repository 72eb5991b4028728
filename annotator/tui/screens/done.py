"""The screen at the end of the queue."""

from enum import StrEnum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from annotator.domain.display import display_safe
from annotator.tui.wording import counted, duration
from annotator.workflows.rating import RatingSession


class AfterDone(StrEnum):
    """Where to go from the end of the queue."""

    UNDO = "undo"
    PREVIOUS = "previous"
    RETRY = "retry"
    LEAVE = "leave"


class DoneScreen(Screen[AfterDone]):
    """Says why there is nothing to label, and what has been done."""

    CSS_PATH = "done.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,enter,escape", "choose('leave')", "Quit", tooltip="Leave the session.", id="done.quit"),
        Binding("z", "choose('undo')", "Undo", tooltip="Withdraw your latest label.", id="done.undo"),
        Binding("left,p", "choose('previous')", "Last pair", tooltip="Go back to the last pair.", id="done.previous"),
        Binding("R", "choose('retry')", "Retry saving", tooltip="Try again to save labels.", id="done.retry"),
    ]

    def __init__(self, session: RatingSession) -> None:
        super().__init__()
        self._session = session

    def compose(self) -> ComposeResult:
        """Lay out the note and the counts."""
        with Vertical(id="done"):
            yield Static(Content(display_safe(self._session.queue_note)), id="note", markup=False)
            yield Static(self._counts(), id="counts", markup=False)
            yield Static(
                Content.styled("q quits   z undoes the last label   ← goes back to the last pair", "$foreground-muted"),
                markup=False,
            )

    def show_counts(self) -> None:
        """Bring the counts up to date."""
        if self.is_mounted:
            self.query_one("#counts", Static).update(self._counts())

    def _counts(self) -> Content:
        progress = self._session.progress
        counts = Content(f"{counted(progress.saved, 'label')} saved in this session")
        if progress.ms_per_pair is not None:
            counts += Content(f", {duration(progress.ms_per_pair)} a pair")
        if progress.unsaved:
            counts += Content.styled(f"\n{counted(progress.unsaved, 'label')} not saved: R retries", "bold reverse")
        return counts

    def action_choose(self, choice: str) -> None:
        """Close with a choice."""
        self.dismiss(AfterDone(choice))
