"""Ranges of display offsets."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Range:
    """A range of display offsets, end excluded."""

    start: int
    end: int

    def touches(self, start: int, end: int) -> bool:
        """Whether it has a character in that range."""
        return self.start < end and self.end > start

    def covers(self, start: int, end: int) -> bool:
        """Whether it holds all of that range."""
        return self.start <= start and end <= self.end
