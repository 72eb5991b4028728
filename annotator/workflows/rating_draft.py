"""Prepare a label: evidence, ticks, a note, before the code is pressed."""

from abc import abstractmethod

from annotator.domain.codebook import Codebook
from annotator.domain.label import EvidenceSpan
from annotator.workflows.rating_pair import PairInHand
from annotator.workflows.rating_view import Draft


class DraftDesk:
    """The part of a session that edits the draft of the pair on the screen."""

    codebook: Codebook

    @abstractmethod
    def _on_screen(self) -> PairInHand:
        """Return the pair on the screen; raise ValueError where there is none."""

    @property
    @abstractmethod
    def draft(self) -> Draft:
        """What is prepared for the pair on the screen."""

    def add_evidence(self, span: EvidenceSpan) -> None:
        """Add a piece of evidence; one that is there already is not added twice."""
        if span not in self.draft.evidence:
            self.draft.evidence.append(span)
            self._mark_draft()

    def remove_evidence(self, index: int) -> None:
        """Remove a piece of evidence by its place in the draft's list."""
        del self.draft.evidence[index]
        self._mark_draft()

    def toggle_tick(self, key: str) -> bool:
        """Set or remove a tick; return whether it is set."""
        tick = self.codebook.tick(key)
        ticks = self.draft.ticks
        if key in ticks:
            ticks.remove(key)
            if tick.asks_second_code:
                self.draft.second_code = None
        else:
            ticks.append(key)
        self._mark_draft()
        return key in ticks

    def set_second_code(self, code_key: str | None) -> None:
        """Name the second code between which the rater is torn."""
        self.draft.second_code = self.codebook.code(code_key).key if code_key else None
        self._mark_draft()

    def set_note(self, text: str) -> None:
        """Set the note; blank text removes it."""
        self.draft.note = text.strip() or None
        self._mark_draft()

    def set_cannot_reason(self, reason: str | None) -> None:
        """Set the reason of a code that asks for one."""
        self.draft.cannot_reason = reason
        self._mark_draft()

    def _mark_draft(self) -> None:
        self._on_screen().memory.has_loose_draft = True
