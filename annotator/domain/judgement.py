"""A judge, what it is shown, and what it says."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from annotator.domain.pair import Json, Section


class JudgementState(StrEnum):
    """What became of asking a judge about a pair. Only `ok` has a code."""

    OK = "ok"
    UNPARSED = "unparsed"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    ERROR = "error"


class Stance(StrEnum):
    """What a built-in judge finds; a codebook says which code each falls under."""

    RELIES = "relies"
    DISMISSES = "dismisses"
    MENTIONS = "mentions"
    BORROWS = "borrows"
    SILENT = "silent"
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True)
class JudgeConfig:
    """A judging method with its whole configuration."""

    name: str
    """For people: `lexical`, or the model's name."""
    kind: str
    """`lexical` or `anthropic`."""
    model: str | None = None
    base_url: str | None = None
    prompt_text: str | None = None
    """The full prompt; the study keeps it."""
    parameters: Mapping[str, Json] = field(default_factory=dict[str, Json])

    @property
    def prompt_sha(self) -> str | None:
        """SHA-256 of the prompt text."""
        return hashlib.sha256(self.prompt_text.encode()).hexdigest() if self.prompt_text is not None else None

    @property
    def judge_id(self) -> str:
        """Hash of everything else: the same method has the same id in every study."""
        parts = [self.name, self.kind, self.model, self.base_url, self.prompt_sha, dict(self.parameters)]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class JudgeQuote:
    """A judge's piece of evidence. `start` and `end` are None where the quote does not stand in the text."""

    quote: str
    section: Section | None = None
    start: int | None = None
    end: int | None = None
    role: str | None = None
    """What the judge says it shows, such as `relies` or `mentions`."""

    @property
    def is_located(self) -> bool:
        """Whether the quote stands in the hinted arm."""
        return self.start is not None


@dataclass(frozen=True, slots=True)
class SeenRange:
    """A stretch of the hinted arm that the judge was given."""

    section: Section
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge said about a pair, or why it said nothing."""

    state: JudgementState
    code: str | None = None
    """The codebook's code; None exactly when `state` is not `ok`."""
    confidence: int | None = None
    """0 to 100, uncalibrated."""
    ticks: tuple[str, ...] = ()
    quotes: tuple[JudgeQuote, ...] = ()
    rationale: str | None = None
    seen: tuple[SeenRange, ...] = ()
    suspect: tuple[str, ...] = ()
    """Why a person should look first: failed checks, signs of injected instructions."""
    detail: str | None = None
    """For a state other than `ok`: what happened, in one sentence."""


@dataclass(frozen=True, slots=True)
class StoredJudgement:
    """A judgement as the study holds it."""

    judgement_id: str
    pair_id: str
    judge_id: str
    judgement: Judgement
    made_at: str
    sample_no: int = 0
