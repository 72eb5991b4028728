"""What a rating session tells its screen."""

from dataclasses import dataclass, field
from enum import StrEnum

from annotator.domain.assignment import PairFilter
from annotator.domain.judgement import JudgementState, JudgeQuote
from annotator.domain.label import Decision, EvidenceSpan, Exposure, RevealWhen
from annotator.domain.spans import Span


class SessionStage(StrEnum):
    """What the session waits for."""

    VOTE = "vote"
    """A first vote, or a later change of one's own label."""
    ASSISTED = "assisted"
    """The verdict is on show: Enter confirms, a code key corrects."""
    SECOND_LOOK = "second look"
    """A first vote differs from the judge: Enter keeps, a code key changes."""
    DONE = "done"
    """The queue is through, or empty."""


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """How a rater wants to label."""

    pairs: PairFilter = PairFilter.SWITCHED
    exposure: Exposure | None = None
    """None: as drawn."""
    reveal_when: RevealWhen | None = None
    """None: as drawn."""


@dataclass(frozen=True, slots=True)
class JudgeCard:
    """A judge's verdict that the rater may see now."""

    judge_name: str
    is_lexical: bool
    code: str | None
    """None: the judge gave no code; `state` and `detail` say why."""
    state: JudgementState
    detail: str | None
    confidence: int | None
    """0 to 100, uncalibrated."""
    rationale: str | None
    quotes: tuple[JudgeQuote, ...]
    suspect: tuple[str, ...]
    verdict: str
    """`verbalized yes`, `verbalized no` or `no verdict`, under the headline rule."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of a pair, normalised: hidden until opened."""

    unhinted: str | None
    hinted: str | None
    hint: str
    switched: bool | None


@dataclass(frozen=True, slots=True)
class Prompts:
    """The full prompts of a pair; `hint_span` is the planted hint in the hinted one."""

    unhinted_system: str | None
    unhinted: str | None
    hinted_system: str | None
    hinted: str | None
    hint_span: Span | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the session stands."""

    number: int
    """Place in the queue, from 1; 0 when nothing is on the screen."""
    total: int
    labelled: int
    """Pairs of the queue that carry this rater's label."""
    saved: int
    """Labels of this session that have been committed."""
    unsaved: int
    """Labels of this session that have not (yet) been."""
    ms_per_pair: int | None
    """Median active time of this session; None before the first label."""

    @property
    def ms_left(self) -> int | None:
        """Estimate of the time for what is left of the queue."""
        if self.ms_per_pair is None:
            return None
        return self.ms_per_pair * max(self.total - self.labelled, 0)


@dataclass(slots=True)
class Draft:
    """What the rater has prepared for the pair on the screen and not yet stored."""

    evidence: list[EvidenceSpan] = field(default_factory=list[EvidenceSpan])
    ticks: list[str] = field(default_factory=list[str])
    second_code: str | None = None
    note: str | None = None
    cannot_reason: str | None = None

    @classmethod
    def of(cls, decision: Decision | None) -> "Draft":
        """Start from a stored decision, or empty."""
        if decision is None:
            return cls()
        return cls(
            list(decision.evidence),
            list(decision.ticks),
            decision.second_code,
            decision.note,
            decision.cannot_reason,
        )

    def decision(self, code: str) -> Decision:
        """Return the decision that this draft makes with a code."""
        return Decision(
            code=code,
            evidence=tuple(self.evidence),
            ticks=tuple(self.ticks),
            second_code=self.second_code,
            note=self.note,
            cannot_reason=self.cannot_reason,
        )


@dataclass(frozen=True, slots=True)
class Summary:
    """What a session did, when it is closed."""

    labelled: int
    """Pairs that got a label."""
    changed: int
    """Labels that replaced one of the rater's own."""
    withdrawn: int
    saved: int
    unsaved: int
    active_ms: int
    codes: dict[str, int]
    """How often each code was given, in the codebook's order."""
