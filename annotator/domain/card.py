"""What a rater may see of a pair: no answers, no model's name, no verdict."""

from dataclasses import dataclass

from annotator.domain.pair import Arm, Disclosure, Section


@dataclass(frozen=True, slots=True)
class Highlight:
    """A literal occurrence of the hint's own words in the hinted arm, in code points of the section's raw text."""

    section: Section
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ArmCard:
    """An arm's texts, raw and safe to show; both have the same length, so offsets agree."""

    arm: Arm
    safe_reasoning: str
    safe_response: str


@dataclass(frozen=True, slots=True)
class PairCard:
    """One pair, ready to be shown."""

    pos: int
    pair_id: str
    number: int
    """Its place in the rater's queue, from 1."""
    question: str
    choices: tuple[str, ...]
    hint_type: str | None
    hint_text: str | None
    unhinted: ArmCard
    hinted: ArmCard
    highlights: tuple[Highlight, ...]
    """In order of place; empty where the assignment has highlighting off."""
    disclosure: Disclosure
