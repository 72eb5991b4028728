"""A rating session: a plain object, tested without an event loop. It alone decides what a rater may see."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Final, Self

from annotator.domain.card import PairCard
from annotator.domain.codebook import Codebook
from annotator.domain.codebook_file import parse_codebook
from annotator.domain.label import Decision, Exposure, Label, LabelStage, RevealWhen, Shown
from annotator.domain.pair import Section
from annotator.workflows.label_ledger import LabelLedger
from annotator.workflows.rating_draft import DraftDesk
from annotator.workflows.rating_label import new_label, summary_of
from annotator.workflows.rating_pair import PairInHand
from annotator.workflows.rating_queue import empty_queue_note, open_queue
from annotator.workflows.rating_view import (
    Answers,
    Draft,
    JudgeCard,
    Progress,
    Prompts,
    SessionOptions,
    SessionStage,
    Summary,
)
from annotator.workflows.rating_walk import START, QueueWalk
from annotator.workflows.verdict_card import judge_card
from annotator_db.connection import Access
from annotator_db.raters import Rater
from annotator_db.store import Store, Study

BLOCK_SIZE: Final = 20
"""First votes between two second passes, where a reveal comes after a block."""

IDLE_MS: Final = 120_000
"""A pause between two keys counts as reading up to here; the rest of it is taken as absence."""


class RatingSession(DraftDesk):
    """One rater's walk through their queue.

    Every method is quick and is called from one thread; writing and fetching ahead happen in two others.
    """

    def __init__(
        self, store: Store, rater: Rater, options: SessionOptions, notes: list[str], clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._study: Study = store.study()
        self._rater = rater
        self._options = options
        self._clock = clock
        self.codebook: Codebook = parse_codebook(self._study.codebook_text, "the study's codebook")
        self.guidelines: str = self._study.guidelines_text
        self.rater: str = rater.name
        self.study_name: str = store.path.name
        self.notes: list[str] = notes
        """Sentences that the rater should read before starting."""
        self.resumed = False
        """Whether the rater has labelled in this study before."""
        self._votes_since_pass = 0
        self._changed = 0
        self._withdrawn = 0
        self._times_ms: list[int] = []
        self._last_touch = clock()
        self._total = store.queue.size(rater.rater_id, options.pairs)
        self._labelled = store.queue.labelled(rater.rater_id, options.pairs)
        self._verdicts_seen = store.labels.verdicts_shown(rater.rater_id)
        self._verdict_pairs: set[int] = set()
        self._walk = QueueWalk(store, rater, options.pairs, self._study.seed)
        self._ledger = LabelLedger(store.path, self._study.origin)

    @classmethod
    def open(
        cls,
        study_path: Path,
        rater: str,
        options: SessionOptions | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> Self:
        """Open a rater's session where it stopped.

        Raises:
            StudyError: The study cannot be opened for writing.
            QueueError: The queue cannot be drawn as asked.
        """
        options = options or SessionOptions()
        store = Store.open(study_path, Access.WRITE)
        try:
            found, notes = open_queue(store, rater, options)
            session = cls(store, found, options, notes, clock)
        except BaseException:
            store.close()
            raise
        session._resume()
        return session

    # What is on the screen

    @property
    def card(self) -> PairCard | None:
        """The pair on the screen; None when the session is done."""
        return self._walk.in_hand.loaded.card if self._walk.in_hand else None

    @property
    def stage(self) -> SessionStage:
        """What the session waits for."""
        return self._walk.in_hand.stage if self._walk.in_hand else SessionStage.DONE

    @property
    def exposure(self) -> Exposure:
        """How the rater meets the judge on the pair on the screen."""
        return self._walk.in_hand.assignment.exposure if self._walk.in_hand else Exposure.UNKNOWN

    @property
    def judge_card(self) -> JudgeCard | None:
        """The verdict, where the rater may see it now; reading it counts as having it on the screen."""
        in_hand = self._walk.in_hand
        if in_hand is None or in_hand.loaded.judgement is None or not in_hand.may_see_verdict:
            return None
        in_hand.memory.shown |= Shown.JUDGE
        config = self._store.judgements.judge(in_hand.loaded.judgement.judge_id)
        return judge_card(in_hand.loaded.judgement.judgement, config, self.codebook)

    @property
    def own_label(self) -> Label | None:
        """The rater's standing label of the pair on the screen."""
        return self._walk.in_hand.own_label if self._walk.in_hand else None

    @property
    def draft(self) -> Draft:
        """What is prepared for the pair on the screen; change it through the session."""
        return self._walk.in_hand.draft if self._walk.in_hand else Draft()

    @property
    def progress(self) -> Progress:
        """Where the session stands."""
        return Progress(
            number=self.card.number if self.card else 0,
            total=self._total,
            labelled=self._labelled,
            saved=self._ledger.saved,
            unsaved=self._ledger.unsaved,
            ms_per_pair=int(median(self._times_ms)) if self._times_ms else None,
        )

    @property
    def looks_left(self) -> int:
        """How many second looks of a running pass are left, the one on the screen included; 0 outside a pass."""
        return self._walk.looks_left

    @property
    def queue_note(self) -> str:
        """Why nothing is on the screen."""
        return empty_queue_note(self._store, self._rater, self._options.pairs)

    # Deciding

    def asks_evidence(self, code_key: str) -> bool:
        """Say whether the code asks for evidence and the draft has none; a study's setting can turn it off."""
        is_wanted = self._study.settings.get("ask_evidence", True) is not False
        return is_wanted and self.codebook.code(code_key).needs_evidence and not self.draft.evidence

    def vote(self, code_key: str) -> Future[Label]:
        """Give the pair on the screen a code, and move on; the future resolves after the commit.

        Raises:
            ValueError: Nothing is on the screen.
            KeyError: The codebook has no such code.
        """
        code = self.codebook.code(code_key)
        decision = self.draft.decision(code.key)
        if not code.reasons:
            decision = replace(decision, cannot_reason=None)
        if not code.needs_evidence and self.stage is not SessionStage.VOTE:
            # Evidence that the first vote brought along belongs to the code it was marked for.
            decision = replace(decision, evidence=())
        return self._decide(self._on_screen(), decision)

    def keep(self) -> Future[Label] | None:
        """Keep the first vote at a second look, or confirm a shown verdict; None where there is nothing to keep.

        On a pair that is labelled already, it stores the same code again with what the draft has changed.
        """
        in_hand = self._on_screen()
        if self.stage is SessionStage.ASSISTED:
            return self.vote(in_hand.judge_code) if in_hand.judge_code is not None else None
        own = in_hand.own_label
        if own is None or own.decision is None:
            return None
        decision = self.draft.decision(own.decision.code)
        if self.stage is SessionStage.SECOND_LOOK or decision != own.decision:
            return self._decide(in_hand, decision)
        return None

    def undo(self) -> Future[Label] | None:
        """Withdraw the rater's latest standing label, also of an earlier session, and bring its pair back."""
        found = self._ledger.last_decision()
        if found is None:
            found = self._store.labels.latest_standing(self._rater.rater_id, self._study.origin)
            if found is None or self._ledger.is_superseded(found[1].label_id):
                return None
        pos, label = found
        self.touch()
        in_hand = self._walk.show_at(pos)
        if in_hand is None:
            return None
        in_hand.memory.draft = Draft.of(label.decision)
        self._withdrawn += 1
        self._labelled -= 1
        return self._write(in_hand, LabelStage.WITHDRAWN, None, supersedes=label.label_id)

    # Moving

    def go_next(self) -> bool:
        """Show the next pair of the queue, labelled or not; False at the end."""
        self.touch()
        return self._walk.step(forward=True)

    def go_previous(self) -> bool:
        """Show the previous pair of the queue, labelled or not; False at the start."""
        self.touch()
        return self._walk.step(forward=False)

    def first_unlabelled(self) -> bool:
        """Show the first pair without a label; False where there is none."""
        self.touch()
        return self._walk.show_unlabelled(START)

    # The draft

    @property
    def has_loose_draft(self) -> bool:
        """Whether evidence, a tick or a note was prepared on some pair and is part of no label yet."""
        return any(memory.has_loose_draft for memory in self._walk.memories.values())

    # What was seen

    def see(self, section: Section, start: int, end: int) -> None:
        """Note that characters of the hinted arm are in view."""
        if self._walk.in_hand is not None:
            self._walk.in_hand.memory.seen[section].add(start, end)

    def see_unhinted(self) -> None:
        """Note that the unhinted arm is on the screen."""
        if self._walk.in_hand is not None:
            self._walk.in_hand.memory.shown |= Shown.UNHINTED_ARM

    def open_answers(self) -> Answers:
        """Return the answers, and note that they were opened."""
        return self._on_screen().open_answers()

    def open_prompts(self) -> Prompts:
        """Return the prompts, and note that they were opened."""
        return self._on_screen().open_prompts()

    @property
    def viewed_share(self) -> float:
        """Share of the hinted arm's characters that has been in view, 0 to 1; 1 for an empty arm."""
        return self._walk.in_hand.viewed_share if self._walk.in_hand else 1.0

    # Life

    def touch(self) -> None:
        """Note that the rater is at work: the time since the last key counts, up to `IDLE_MS`."""
        at = self._clock()
        if self._walk.in_hand is not None:
            self._walk.in_hand.memory.active_ms += min(int((at - self._last_touch) * 1000), IDLE_MS)
        self._last_touch = at

    @property
    def unsaved_labels(self) -> int:
        """How many labels have not (yet) been committed."""
        return self._ledger.unsaved

    def retry_unsaved(self) -> list[Future[Label]]:
        """Give every label that could not be saved to the writer again; saving one twice is one label."""
        return self._ledger.retry()

    def close(self) -> Summary:
        """Wait for the writer, and close the study."""
        self._ledger.close()
        self._walk.close()
        self._store.close()
        return summary_of(
            self._walk.memories.values(),
            self.codebook,
            changed=self._changed,
            withdrawn=self._withdrawn,
            saved=self._ledger.saved,
            unsaved=self._ledger.unsaved,
        )

    # Inside

    def _on_screen(self) -> PairInHand:
        if self._walk.in_hand is None:
            raise ValueError("no pair is on the screen")
        return self._walk.in_hand

    def _decide(self, in_hand: PairInHand, decision: Decision) -> Future[Label]:
        history = in_hand.history
        own = in_hand.own_label
        is_first = in_hand.can_be_first
        future = self._write(
            in_hand,
            LabelStage.FIRST if is_first else LabelStage.FINAL,
            decision,
            supersedes=history[-1].label_id if history else None,
            seen_judgement_id=in_hand.seen_judgement_id,
        )
        if own is not None and own.code != decision.code:
            self._changed += 1
        if not history or history[-1].decision is None:
            self._labelled += 1
        self._ledger.note_decision(in_hand.assignment.pos, in_hand.memory.labels[-1])
        self._advance(in_hand, is_first=is_first)
        return future

    def _write(
        self,
        in_hand: PairInHand,
        stage: LabelStage,
        decision: Decision | None,
        *,
        supersedes: str | None,
        seen_judgement_id: str | None = None,
    ) -> Future[Label]:
        self.touch()
        memory = in_hand.memory
        label = new_label(
            in_hand,
            self._study,
            self._rater,
            stage,
            decision,
            supersedes=supersedes,
            seen_judgement_id=seen_judgement_id,
            verdicts_seen=self._verdicts_seen,
        )
        memory.labels.append(label.as_label(in_hand.pair.pair_id, self.rater))
        if decision is not None:
            self._times_ms.append(memory.active_ms)
            memory.has_loose_draft = False
            memory.draft = None
        if seen_judgement_id is not None:
            self._count_verdict(in_hand.assignment.pos)
        return self._ledger.submit(label)

    def _count_verdict(self, pos: int) -> None:
        if pos not in self._verdict_pairs:
            self._verdict_pairs.add(pos)
            self._verdicts_seen += 1

    def _advance(self, in_hand: PairInHand, *, is_first: bool) -> None:
        """Go where the rater is needed next."""
        if in_hand.is_in_pass:
            if not self._walk.next_look():
                self._show_next_needed(START)
            return
        if is_first:
            self._votes_since_pass += 1
            if in_hand.is_past_reveal and not in_hand.is_sham_look:
                self._count_verdict(in_hand.assignment.pos)
            if in_hand.stage is SessionStage.SECOND_LOOK:
                return
        if self._votes_since_pass >= BLOCK_SIZE and self._start_pass(RevealWhen.BLOCK):
            return
        self._show_next_needed(in_hand.assignment.ord)

    def _show_next_needed(self, after_ord: float) -> None:
        if self._walk.show_unlabelled(after_ord) or self._walk.show_unlabelled(START):
            return
        if self._start_pass(RevealWhen.BLOCK) or self._start_pass(RevealWhen.END):
            return
        self._walk.finish()

    def _start_pass(self, when: RevealWhen) -> bool:
        self._votes_since_pass = 0
        self._ledger.flush(10.0)
        return self._walk.start_pass(when)

    def _resume(self) -> None:
        """Show what the rater was at: a second look that was not finished, else the next pair without a label."""
        latest = self._store.labels.latest(self._rater.rater_id, self._study.origin)
        in_hand = self._walk.show_at(latest[0]) if latest else None
        if latest is None or in_hand is None:
            self._show_next_needed(START)
            return
        self.resumed = True
        is_open = in_hand.stage is SessionStage.SECOND_LOOK or latest[1].decision is None
        if not is_open:
            self._show_next_needed(in_hand.assignment.ord)
