"""One pair in a rater's hands: its own labels so far, and from them what may be seen and what a label would be."""

from dataclasses import dataclass, field

from annotator.domain.judgement import JudgementState
from annotator.domain.label import Exposure, Label, LabelStage, RevealWhen, Shown
from annotator.domain.pair import Section
from annotator.domain.spans import locate_quote
from annotator.workflows.cards import LoadedPair
from annotator.workflows.rating_view import Answers, Draft, Prompts, SessionStage
from annotator.workflows.viewed import SeenIntervals


def _unseen() -> dict[Section, SeenIntervals]:
    return {section: SeenIntervals() for section in Section}


@dataclass(slots=True)
class PairMemory:
    """What a session remembers of a pair while it runs, also while another pair is on the screen."""

    labels: list[Label] = field(default_factory=list[Label])
    """Given in this session, oldest first; some may still be on their way to the disk."""
    draft: Draft | None = None
    has_loose_draft: bool = False
    """Whether the draft holds something that is part of no label."""
    shown: Shown = Shown.NOTHING
    seen: dict[Section, SeenIntervals] = field(default_factory=_unseen)
    active_ms: int = 0

    @property
    def is_labelled(self) -> bool:
        """Whether this session's last label of the pair stands."""
        return bool(self.labels) and self.labels[-1].decision is not None


class PairInHand:
    """A fetched pair together with what the session remembers of it."""

    def __init__(self, loaded: LoadedPair, memory: PairMemory, *, is_in_pass: bool) -> None:
        self.loaded = loaded
        self.memory = memory
        self.assignment = loaded.assignment
        self.pair = loaded.pair
        self.is_in_pass = is_in_pass
        """Whether a second pass brought the pair up."""

    @property
    def history(self) -> list[Label]:
        """The rater's labels of the pair, oldest first, with those that are still being written."""
        stored = {label.label_id for label in self.loaded.history}
        return [*self.loaded.history, *(label for label in self.memory.labels if label.label_id not in stored)]

    @property
    def first_vote(self) -> Label | None:
        """The last vote given before any verdict; None, if that was withdrawn."""
        history = self.history
        votes = [label for label in history if label.stage is LabelStage.FIRST]
        withdrawn = {label.supersedes for label in history if label.stage is LabelStage.WITHDRAWN}
        return votes[-1] if votes and votes[-1].label_id not in withdrawn else None

    @property
    def judge_code(self) -> str | None:
        """The judge's code, if it gave one."""
        judgement = self.loaded.judgement.judgement if self.loaded.judgement else None
        return judgement.code if judgement and judgement.state is JudgementState.OK else None

    @property
    def differs(self) -> bool:
        """Whether a standing first vote and the judge have different codes."""
        first = self.first_vote
        return first is not None and self.judge_code is not None and first.code != self.judge_code

    @property
    def is_past_reveal(self) -> bool:
        """Whether a vote under a reveal at once has been given: from then on the rater knows what the judge says."""
        return (
            self.assignment.exposure is Exposure.REVEAL
            and self.assignment.reveal_when is RevealWhen.EACH
            and self.judge_code is not None
            and any(label.stage is LabelStage.FIRST for label in self.history)
        )

    @property
    def can_be_first(self) -> bool:
        """Whether a label given now would still be unassisted."""
        return not (
            self.is_in_pass
            or self.is_past_reveal
            or self.is_assisted
            or any(label.stage is LabelStage.FINAL for label in self.history)
        )

    @property
    def is_assisted(self) -> bool:
        """Whether a verdict is on show from the start; without a judge's code there is none to show."""
        return self.assignment.exposure is Exposure.ASSISTED and self.judge_code is not None

    @property
    def is_sham_look(self) -> bool:
        """Whether the second look at this pair shows no verdict."""
        return self.assignment.is_sham and self.differs

    @property
    def may_see_verdict(self) -> bool:
        """Whether the judge's verdict may be on the screen now."""
        if self.assignment.exposure is Exposure.ASSISTED:
            return True
        return self.assignment.exposure is Exposure.REVEAL and not self.can_be_first and not self.is_sham_look

    @property
    def seen_judgement_id(self) -> str | None:
        """The judgement whose verdict a label given now would be given under."""
        if self.loaded.judgement is None or self.judge_code is None or not self.may_see_verdict:
            return None
        return self.loaded.judgement.judgement_id

    @property
    def stage(self) -> SessionStage:
        """What the session waits for."""
        if self.is_in_pass:
            return SessionStage.SECOND_LOOK
        if self.is_assisted:
            return SessionStage.ASSISTED
        history = self.history
        is_open = bool(history) and history[-1].stage in (LabelStage.FIRST, LabelStage.WITHDRAWN)
        if is_open and self.is_past_reveal and self.differs:
            return SessionStage.SECOND_LOOK
        return SessionStage.VOTE

    @property
    def own_label(self) -> Label | None:
        """The rater's standing label; at a second look whose change was withdrawn, the first vote."""
        history = self.history
        if not history:
            return None
        if history[-1].decision is not None:
            return history[-1]
        return self.first_vote if self.stage is SessionStage.SECOND_LOOK else None

    @property
    def draft(self) -> Draft:
        """What is prepared for the pair; it starts from the standing label."""
        if self.memory.draft is None:
            own = self.own_label
            self.memory.draft = Draft.of(own.decision if own else None)
        return self.memory.draft

    def open_answers(self) -> Answers:
        """Return the answers, and remember that they were opened."""
        self.memory.shown |= Shown.ANSWERS
        pair = self.pair
        return Answers(pair.unhinted.answer, pair.hinted.answer, pair.hint_answer, pair.switched)

    def open_prompts(self) -> Prompts:
        """Return the prompts, and remember that they were opened."""
        self.memory.shown |= Shown.PROMPTS
        unhinted, hinted, hint_text = self.pair.unhinted, self.pair.hinted, self.pair.hint_text
        span = locate_quote(hinted.prompt, hint_text) if hinted.prompt and hint_text else None
        return Prompts(unhinted.system, unhinted.prompt, hinted.system, hinted.prompt, span)

    @property
    def viewed_share(self) -> float:
        """Share of the hinted arm's characters that has been in view, 0 to 1; 1 for an empty arm."""
        total = self.pair.hinted.chars
        return min(self._seen_chars / total, 1.0) if total else 1.0

    @property
    def viewed_for_label(self) -> float | None:
        """The share in view as a label keeps it; None where the screen does not measure it."""
        if self.pair.hinted.chars and not self._seen_chars:
            return None
        return round(self.viewed_share, 4)

    @property
    def _seen_chars(self) -> int:
        return sum(intervals.length for intervals in self.memory.seen.values())
