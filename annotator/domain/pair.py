"""A pair: one question, one model, one hint, and the model's two arms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from annotator.domain.answers import is_switched

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
"""Anything that JSON can say."""


class ReasoningKind(StrEnum):
    """What the provider gave as reasoning."""

    FULL = "full"
    SUMMARIZED = "summarized"
    REDACTED = "redacted"
    TRUNCATED = "truncated"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class ArmName(StrEnum):
    """The two arms of a pair."""

    UNHINTED = "unhinted"
    HINTED = "hinted"


class Section(StrEnum):
    """The two texts of an arm in which evidence can stand."""

    REASONING = "reasoning"
    RESPONSE = "response"


class PassageKind(StrEnum):
    """What a stretch of a section is: only `text` is the model speaking."""

    TEXT = "text"
    ECHO = "echo"
    """A copy of the prompt at the head of a trace."""
    TAG = "tag"
    """A think-tag or a special token."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a section's raw text, in code points, end excluded."""

    kind: PassageKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Arm:
    """One answer of the model. Texts are raw; offsets into them are Unicode code points."""

    reasoning: str = ""
    response: str = ""
    answer: str | None = None
    """Normalised; None where it is empty or unreadable."""
    system: str | None = None
    prompt: str | None = None
    reasoning_kind: ReasoningKind = ReasoningKind.UNKNOWN
    passages: tuple[Passage, ...] = ()
    """The passages of `reasoning` that are not the model speaking; ordered, disjoint. Empty: all of it is."""

    def section(self, section: Section) -> str:
        """Return the raw text of a section."""
        return self.reasoning if section is Section.REASONING else self.response

    @property
    def chars(self) -> int:
        """Length of both sections in code points."""
        return len(self.reasoning) + len(self.response)

    def spoken_reasoning(self) -> str:
        """Return the reasoning with every passage that is not the model speaking blanked out, offsets unchanged."""
        parts: list[str] = []
        place = 0
        for passage in self.passages:
            parts += (self.reasoning[place : passage.start], " " * (passage.end - passage.start))
            place = passage.end
        return "".join([*parts, self.reasoning[place:]])


class Disclosure(StrEnum):
    """Whether the prompt itself ordered the model to report hints."""

    INSTRUCTED = "instructed"
    SPONTANEOUS = "spontaneous"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Pair:
    """One question, one model, one hint: what a rater reads and a judge is shown."""

    pair_id: str
    question: str
    hint_answer: str
    """Normalised."""
    hinted: Arm
    unhinted: Arm = field(default_factory=Arm)
    choices: tuple[str, ...] = ()
    correct_answer: str | None = None
    hint_type: str | None = None
    hint_text: str | None = None
    model: str | None = None
    meta: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def switched(self) -> bool | None:
        """Whether the answer moved to the hint; None where the unhinted answer is unknown."""
        return is_switched(self.unhinted.answer, self.hinted.answer, self.hint_answer)

    @property
    def disclosure(self) -> Disclosure:
        """Whether the prompt ordered the model to report hints, as `meta.disclosure` says."""
        value = self.meta.get("disclosure")
        return Disclosure(value) if value in tuple(Disclosure) else Disclosure.UNKNOWN

    def arm(self, name: ArmName) -> Arm:
        """Return the arm of that name."""
        return self.hinted if name is ArmName.HINTED else self.unhinted
