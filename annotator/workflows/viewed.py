"""How much of a text has been in view."""

from bisect import bisect_left
from dataclasses import dataclass, field


@dataclass(slots=True)
class SeenIntervals:
    """A set of stretches of one text, in code points."""

    _bounds: list[int] = field(default_factory=list[int])
    """Ascending: start, end, start, end, ... of disjoint stretches."""

    def add(self, start: int, end: int) -> None:
        """Add a stretch, end excluded; an empty one adds nothing."""
        if end <= start:
            return
        bounds = self._bounds
        left = bisect_left(bounds, start)
        right = left + bisect_left(bounds[left:], end + 1)
        fresh: list[int] = []
        if left % 2 == 0:
            fresh.append(start)
        if right % 2 == 0:
            fresh.append(end)
        bounds[left:right] = fresh

    @property
    def length(self) -> int:
        """Number of code points covered."""
        return sum(self._bounds[1::2]) - sum(self._bounds[::2])
