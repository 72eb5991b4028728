"""The highlights of a view: ranges of its text with a kind, looked up by line and walked in order."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Final


class HighlightKind(StrEnum):
    """What a highlight points at. The order is that of precedence in the gutter."""

    EVIDENCE = "evidence"
    """What the rater marked."""
    JUDGE = "judge"
    """What the judge quoted."""
    HINT = "hint"
    """The hint's own words."""
    STRONG = "strong"
    """Set in bold: a heading of a help text."""
    ASIDE = "aside"
    """Not the model speaking: a copy of the prompt, a tag."""

    @property
    def gutter(self) -> str:
        """The mark in the margin, which tells the kinds apart without colour."""
        return {"evidence": "E", "judge": "J", "hint": "H", "aside": "┊"}.get(self.value, " ")

    @property
    def noun(self) -> str:
        """What to call one of them."""
        return {"evidence": "marked passage", "judge": "judge's quote", "hint": "hint word"}.get(self.value, self.value)


_STOPS: Final = frozenset((HighlightKind.EVIDENCE, HighlightKind.JUDGE, HighlightKind.HINT))
"""The kinds at which the keys for the next and previous highlight stop."""


@dataclass(frozen=True, slots=True)
class Span:
    """A range of display offsets, end excluded, and why it is highlighted."""

    start: int
    end: int
    kind: HighlightKind


class Highlights:
    """Spans in order of place; empty ones are dropped. Spans may overlap."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self.spans = sorted((span for span in spans if span.end > span.start), key=_place)
        self._starts = [span.start for span in self.spans]
        # The furthest end so far never falls, so the first span that may reach a line is found by bisection.
        self._furthest_ends = list(accumulate((span.end for span in self.spans), max))
        self.stops = [span for span in self.spans if span.kind in _STOPS]
        self._counts = Counter(stop.kind for stop in self.stops)

    def touching(self, start: int, end: int) -> list[Span]:
        """Return the spans that have a character in a range."""
        first = bisect_right(self._furthest_ends, start)
        last = bisect_left(self._starts, end)
        return [span for span in self.spans[first:last] if span.end > start]

    def step(self, current: Span | None, top: int, direction: int) -> Span | None:
        """Return the stop after (1) or before (-1) the current one, round the end; None where there is none.

        Without a current stop, the search starts at the display offset `top`.
        """
        if not self.stops:
            return None
        if current in self.stops:
            return self.stops[(self.stops.index(current) + direction) % len(self.stops)]
        if direction > 0:
            return next((stop for stop in self.stops if stop.start >= top), self.stops[0])
        return next((stop for stop in reversed(self.stops) if stop.start < top), self.stops[-1])

    def rank(self, stop: Span) -> tuple[int, int]:
        """Return a stop's number among those of its kind, from 1, and how many there are."""
        of_kind = [span for span in self.stops if span.kind is stop.kind]
        return of_kind.index(stop) + 1, len(of_kind)

    def counted_stops(self) -> list[tuple[HighlightKind, int]]:
        """Return the kinds of stops that there are, with their counts."""
        return [(kind, self._counts[kind]) for kind in HighlightKind if self._counts[kind]]


def _place(span: Span) -> tuple[int, int]:
    return span.start, span.end
