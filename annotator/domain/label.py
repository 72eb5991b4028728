"""A label: a person's code for a pair, with the evidence and the circumstances of its making."""

from dataclasses import dataclass
from enum import IntFlag, StrEnum

from annotator.domain.pair import Section


class LabelStage(StrEnum):
    """What a label row is."""

    FIRST = "first"
    """Given before any verdict on the pair had been shown to the rater."""
    FINAL = "final"
    """Given with, or after, a verdict or a second look."""
    ADJUDICATION = "adjudication"
    IMPORTED = "imported"
    """Came in with a file; how it was made is not known."""
    WITHDRAWN = "withdrawn"
    """An undo: no code, and the label that it supersedes no longer counts."""


class Exposure(StrEnum):
    """How a rater meets the judge on a pair."""

    BLIND = "blind"
    REVEAL = "reveal"
    ASSISTED = "assisted"
    UNKNOWN = "unknown"


BLINDNESS: tuple[Exposure, ...] = (Exposure.ASSISTED, Exposure.REVEAL, Exposure.BLIND)
"""The drawn exposures from least to most blind."""


class RevealWhen(StrEnum):
    """When the second looks of a `reveal` come."""

    EACH = "each"
    BLOCK = "block"
    END = "end"


REVEAL_DELAY: tuple[RevealWhen, ...] = (RevealWhen.EACH, RevealWhen.BLOCK, RevealWhen.END)
"""From the earliest to the latest reveal."""


class Shown(IntFlag):
    """What was on the screen, or had been opened, when a label was given."""

    NOTHING = 0
    MODEL = 1
    ANSWERS = 2
    CORRECT_ANSWER = 4
    UNHINTED_ARM = 8
    HIGHLIGHTS = 16
    JUDGE = 32
    PROMPTS = 64


@dataclass(frozen=True, slots=True)
class EvidenceSpan:
    """Where the hinted arm says it: start and end in code points of the section's raw text, and the quote."""

    section: Section
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rater decides about a pair: the part of a label that the rater types."""

    code: str
    evidence: tuple[EvidenceSpan, ...] = ()
    ticks: tuple[str, ...] = ()
    second_code: str | None = None
    note: str | None = None
    cannot_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """One row of a study's append-only history of labels."""

    label_id: str
    """32 random hexadecimal digits, made at the key press."""
    pair_id: str
    rater: str
    stage: LabelStage
    decision: Decision | None
    """None for a withdrawal."""
    exposure: Exposure
    made_at: str
    """UTC, ISO 8601."""
    round: int = 1
    supersedes: str | None = None
    seen_judgement_id: str | None = None
    """The judgement whose verdict had been shown to the rater before this label."""
    shown: Shown = Shown.NOTHING
    viewed: float | None = None
    """Share of the hinted arm's characters that was ever in view, 0 to 1; None where it cannot be known."""
    verdicts_seen: int = 0
    """How many judge's verdicts this rater had been shown before, on any pair."""
    active_ms: int | None = None
    guidelines_sha: str | None = None
    codebook_sha: str | None = None
    origin: str | None = None
    """The copy of the study in which the label was made; with `seq` it orders one copy's labels."""
    seq: int | None = None

    @property
    def code(self) -> str | None:
        """The code; None for a withdrawal."""
        return self.decision.code if self.decision else None
