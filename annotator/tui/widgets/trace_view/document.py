"""The text that a view shows, made of parts, and the map between its offsets and those of the raw sections."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class PartKind(StrEnum):
    """What a part of a document is."""

    TEXT = "text"
    """Foreign text, shown character for character."""
    DIVIDER = "divider"
    """The title of what follows, drawn as a rule across the view."""
    BANNER = "banner"
    """A remark of ours on the text."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document."""

    kind: PartKind
    text: str
    """Safe to show; for TEXT as long as the raw section."""
    section: str | None = None
    """The name of the raw text that a TEXT part shows."""
    raw: str | None = None
    """That raw text, for quoting and copying; None: `text` itself."""


SPACER = Part(PartKind.TEXT, "")
"""A blank line."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a raw section in code points, end excluded."""

    section: str
    start: int
    end: int


class Document:
    """Parts one below the other, as one string with a newline between them.

    Offsets into that string are display offsets. A section's characters stand in it once, in order, without gaps.
    """

    def __init__(self, parts: Iterable[Part] = ()) -> None:
        self.parts = tuple(parts) or (SPACER,)
        self.text = "\n".join(part.text for part in self.parts)
        self._starts: list[int] = []
        start = 0
        for part in self.parts:
            self._starts.append(start)
            start += len(part.text) + 1
        self._start_of_section = {
            part.section: start
            for part, start in zip(self.parts, self._starts, strict=True)
            if part.section is not None
        }

    def part_at(self, offset: int) -> Part:
        """Return the part that holds a display offset; the newline after a part belongs to it."""
        return self.parts[self._index_at(offset)]

    def part_bounds(self, offset: int) -> tuple[int, int]:
        """Return where the part that holds a display offset starts and ends."""
        index = self._index_at(offset)
        return self._starts[index], self._starts[index] + len(self.parts[index].text)

    def has(self, section: str) -> bool:
        """Whether the document shows that section."""
        return section in self._start_of_section

    def display_offset(self, section: str, offset: int) -> int:
        """Return where a section's character is shown; raise KeyError for a section that is not."""
        return self._start_of_section[section] + offset

    def stretches(self, start: int, end: int) -> list[Stretch]:
        """Return the raw stretches that a display range shows, in order; none for dividers and banners."""
        found: list[Stretch] = []
        for part, part_start in zip(self.parts, self._starts, strict=True):
            if part.section is None:
                continue
            low = max(start, part_start)
            high = min(end, part_start + len(part.text))
            if low < high:
                found.append(Stretch(part.section, low - part_start, high - part_start))
        return found

    def raw(self, stretch: Stretch) -> str:
        """Return the raw text of a stretch."""
        part = self.part_at(self._start_of_section[stretch.section])
        return (part.text if part.raw is None else part.raw)[stretch.start : stretch.end]

    def _index_at(self, offset: int) -> int:
        return max(bisect_right(self._starts, offset) - 1, 0)
