"""Deciding on a pair: codes, evidence, ticks, notes, and what becomes of the label."""

import asyncio
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import on, work
from textual.binding import BindingsMap, BindingType
from textual.message import Message

from annotator.domain.codebook import Code
from annotator.domain.display import display_line
from annotator.domain.label import Label
from annotator.errors import AnnotatorError
from annotator.tui.screens.done import AfterDone, DoneScreen
from annotator.tui.screens.leaving import LEAVE, leave_sheet
from annotator.tui.screens.note import NoteSheet
from annotator.tui.screens.rating.evidence import chosen_passage, evidence_of, passage_to_offer
from annotator.tui.screens.rating.keys import COMMANDS, code_bindings
from annotator.tui.screens.rating.own_line import EvidenceAsked, UnreadAsked
from annotator.tui.screens.rating.pair_screen import PairScreen
from annotator.tui.screens.sheets import ChoiceSheet, digit_choices, reason_sheet
from annotator.tui.screens.ticks import TickSheet
from annotator.tui.wording import counted
from annotator.workflows.rating import RatingSession

READ_TO_THE_END: Final = 0.9
"""A code that says "none of these" asks once when less than this share of the hinted arm has been in view."""

SETTLE_S: Final = 1.0
"""How long leaving waits for labels that are on their way to the disk before it asks."""


class RatingScreen(PairScreen):
    """Turns keys into the decisions of a session."""

    BINDINGS: ClassVar[list[BindingType]] = [*COMMANDS]

    @dataclass
    class Saved(Message, bubble=False):
        """A label has been committed."""

        label: Label

    @dataclass
    class NotSaved(Message, bubble=False):
        """A label could not be committed; the session still holds it."""

        reason: str

    def __init__(self, session: RatingSession) -> None:
        super().__init__(session)
        codes = BindingsMap(code_bindings(session.codebook))
        self._bindings = BindingsMap.from_keys({**self._bindings.key_to_bindings, **codes.key_to_bindings})
        self._writes: set[Future[Label]] = set()

    def on_mount(self) -> None:
        """Show the pair at which the session stands."""
        self._proceed(" ".join(self.session.notes))

    def _proceed(self, remark: str = "") -> None:
        """Show what the session stands at."""
        self.show_pair(remark)
        if self.session.card is None:
            self._show_done()

    @contextmanager
    def _telling_trouble(self) -> Generator[None]:
        """Show an error that is meant for the user instead of ending the program."""
        try:
            yield
        except AnnotatorError as error:
            self.notify(display_line(str(error), 500), title="That did not work", severity="error", markup=False)

    # Deciding

    def action_code(self, number: int) -> None:
        """Give a code, or ask first for what it needs."""
        code = self.session.codebook.codes[number]
        is_confirmed = isinstance(self.asked, UnreadAsked) and self.asked.code == code.key
        is_last_resort = code.has_verdict and not code.needs_evidence
        if self.session.asks_evidence(code.key):
            self._ask_evidence(code.key)
        elif is_last_resort and not is_confirmed and self.session.viewed_share < READ_TO_THE_END:
            self.arms.hinted.offer(None)
            self.asked = UnreadAsked(code.key, code.letter, self.session.viewed_share)
            self.show_lines()
        else:
            self._give(code)

    def _give(self, code: Code) -> None:
        """Vote, after the choice of a reason where the code has some."""

        def take(index: int | None) -> None:
            if index is not None:
                self.session.set_cannot_reason(code.reasons[index] if index < len(code.reasons) else None)
                self._vote(code)

        if code.reasons:
            self.app.push_screen(reason_sheet(code), take)
        else:
            self._vote(code)

    def _vote(self, code: Code) -> None:
        with self._telling_trouble():
            self._track(self.session.vote(code.key))
            self._proceed()

    def action_enter(self) -> None:
        """Take the offered passage, keep a first vote, confirm a verdict, or save what has changed."""
        if isinstance(self.asked, EvidenceAsked):
            self._take_offered(self.asked)
        elif self.asked is None:
            with self._telling_trouble():
                kept = self.session.keep()
                if kept is None:
                    self.show_lines("nothing to keep here: press a code key")
                else:
                    self._track(kept)
                    self._proceed()

    def _ask_evidence(self, code_key: str | None) -> None:
        hinted = self.arms.hinted
        self.arms.bring_forward(hinted)
        self.asked = EvidenceAsked(code_key)
        hinted.offer(hinted.offered or passage_to_offer(hinted))
        self.show_lines()

    def _take_offered(self, asked: EvidenceAsked) -> None:
        hinted = self.arms.hinted
        evidence = evidence_of(hinted, hinted.offered) if hinted.offered else None
        if evidence is None:
            return
        self.session.add_evidence(evidence)
        self.clear_selection()
        if asked.code is None:
            self._proceed("marked")
        else:
            self._give(self.session.codebook.code(asked.code))

    def action_without(self) -> None:
        """Give the code that asks for evidence without any."""
        if isinstance(self.asked, EvidenceAsked) and self.asked.code is not None:
            self._give(self.session.codebook.code(self.asked.code))

    def action_back(self) -> None:
        """Cancel what is asked, or clear the selection."""
        if self.asked is None:
            self.clear_selection()
        else:
            self.asked = None
            self.arms.hinted.offer(None)
            self.show_lines()

    def action_undo(self) -> None:
        """Withdraw the latest label and go back to its pair."""
        with self._telling_trouble():
            withdrawn = self.session.undo()
            if withdrawn is not None:
                self._track(withdrawn)
            self._proceed("undone: the label of this pair is withdrawn" if withdrawn else "nothing to undo")

    # Preparing

    def action_mark(self) -> None:
        """Mark evidence: what is chosen at once, else what is then offered."""
        if isinstance(self.asked, EvidenceAsked):
            self._take_offered(self.asked)
            return
        passage = chosen_passage(self.arms.hinted)
        evidence = evidence_of(self.arms.hinted, passage) if passage else None
        if evidence is None:
            self._ask_evidence(None)
        else:
            self.session.add_evidence(evidence)
            self.clear_selection()
            self._proceed("marked")

    def action_evidence(self) -> None:
        """List the evidence, and remove what is chosen."""
        evidence = self.session.draft.evidence

        def remove(index: int | None) -> None:
            if index is not None:
                self.session.remove_evidence(index)
                self._proceed("removed")

        if evidence:
            choices = digit_choices([span.quote for span in evidence], [span.section.value for span in evidence])
            self.app.push_screen(ChoiceSheet("Evidence: a key removes one", choices), remove)
        else:
            self.show_lines("no evidence is marked")

    def action_ticks(self) -> None:
        """Set or remove ticks."""
        self.app.push_screen(TickSheet(self.session), lambda _: self.show_lines())

    def action_note(self) -> None:
        """Write a note."""
        before = self.session.draft.note or ""

        def take(note: str | None) -> None:
            if note is not None and note != before:
                self.session.set_note(note)
            self.show_lines()

        self.app.push_screen(NoteSheet(before), take)

    # Moving

    def action_next(self) -> None:
        """Go to the next pair."""
        self._move(self.session.go_next, "this is the last pair")

    def action_previous(self) -> None:
        """Go to the previous pair."""
        self._move(self.session.go_previous, "this is the first pair")

    def action_unlabelled(self) -> None:
        """Go to the first pair without a label."""
        self._move(self.session.first_unlabelled, "every pair has your label")

    def _move(self, go: Callable[[], bool], refusal: str) -> None:
        with self._telling_trouble():
            self._proceed("" if go() else refusal)

    @work(exclusive=True, group="done")
    async def _show_done(self) -> None:
        match await self.app.push_screen_wait(DoneScreen(self.session)):
            case AfterDone.UNDO:
                self.action_undo()
            case AfterDone.PREVIOUS:
                self.action_previous()
            case AfterDone.RETRY:
                self.action_retry()
                self._show_done()
            case _:
                self.action_leave()

    # Saving and leaving

    @property
    def failed_count(self) -> int:
        """How many labels could not be saved: those that are neither saved nor on their way."""
        return max(self.session.unsaved_labels - sum(not write.done() for write in self._writes), 0)

    @property
    def is_writing(self) -> bool:
        """Whether a label is on its way to the disk."""
        return any(not write.done() for write in self._writes)

    def _track(self, write: Future[Label]) -> None:
        self._writes = {other for other in self._writes if not other.done()} | {write}
        write.add_done_callback(self._announce)

    def _announce(self, write: Future[Label]) -> None:
        """Tell the screen what became of a label; runs in the writer's thread."""
        error = write.exception()
        message = self.Saved(write.result()) if error is None else self.NotSaved(str(error) or type(error).__name__)
        # The loop may have ended by then: the session's summary tells what was saved.
        with suppress(RuntimeError):
            self.post_message(message)

    @on(Saved)
    def _count_saved(self) -> None:
        self.show_status()
        if isinstance(self.app.screen, DoneScreen):
            self.app.screen.show_counts()

    @on(NotSaved)
    def _tell_not_saved(self, message: NotSaved) -> None:
        self._count_saved()
        reason = display_line(message.reason, 500)
        self.notify(f"{reason}\nR tries again.", title="Not saved", severity="error", timeout=20, markup=False)

    def action_retry(self) -> None:
        """Give the labels that could not be saved to the writer again."""
        writes = self.session.retry_unsaved() if self.failed_count else []
        for write in writes:
            self._track(write)
        self.show_lines(f"trying again to save {counted(len(writes), 'label')}" if writes else "every label is saved")

    @work(exclusive=True, group="leave")
    async def action_leave(self) -> None:
        """Leave; ask only if a label or something prepared would be lost."""
        patience_ends = time.monotonic() + SETTLE_S
        while self.is_writing and time.monotonic() < patience_ends:
            await asyncio.sleep(0.01)
        session = self.session
        if session.unsaved_labels or session.has_loose_draft:
            sheet = leave_sheet(session.unsaved_labels, has_loose_draft=session.has_loose_draft)
            if await self.app.push_screen_wait(sheet) != LEAVE:
                self._proceed()
                return
        self.dismiss(None)
