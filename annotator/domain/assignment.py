"""A pair in a rater's queue."""

from dataclasses import dataclass
from enum import StrEnum

from annotator.domain.label import Exposure, RevealWhen


class PairFilter(StrEnum):
    """Which pairs a session goes through."""

    SWITCHED = "switched"
    UNKNOWN = "unknown"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Assignment:
    """How one rater meets one pair: drawn once by a seed, with its probability."""

    pos: int
    """The pair's place in this file."""
    ord: float
    """Place in the queue: ascending."""
    exposure: Exposure
    """In force; may be blinder than what was drawn."""
    exposure_drawn: Exposure
    exposure_probability: float
    reveal_when: RevealWhen
    is_sham: bool
    """A second look shows no verdict."""
    has_highlights: bool
    judge_id: str | None
    """The study's shown judge at the time of drawing."""
    draw_u: float
    weight: float = 1.0
    round: int = 1
