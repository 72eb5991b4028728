"""Talk on stderr, data on stdout; foreign text is made safe on the way to either."""

import json
import sys
import time
from collections.abc import Mapping
from typing import Final

from annotator.domain.display import display_line, display_safe
from annotator.domain.pair import Json

_PLAIN_EVERY_S: Final = 5.0


def say(text: str = "") -> None:
    """Write a line of talk to stderr."""
    print(display_safe(text), file=sys.stderr, flush=True)


def tell(text: str = "") -> None:
    """Write a line of data to stdout; a break within, of a foreign name for example, does not make it two."""
    print(display_safe(text).replace("\n", "\u2424"), flush=True)


def tell_json(value: Mapping[str, Json]) -> None:
    """Write a value as JSON to stdout; JSON escapes what could act on a terminal."""
    print(json.dumps(value, ensure_ascii=True, indent=2), flush=True)


def is_terminal() -> bool:
    """Say whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def duration(seconds: float) -> str:
    """Return a duration in the two units that matter."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def table(rows: list[list[str]], right: frozenset[int] = frozenset()) -> list[str]:
    """Lay out rows in columns of equal width; `right` names the columns to set flush right."""
    from rich.cells import cell_len

    safe = [[" " * (len(cell) - len(cell.lstrip(" "))) + display_line(cell) for cell in row] for row in rows]
    widths = [max(cell_len(row[column]) for row in safe) for column in range(len(safe[0]))] if safe else []
    lines: list[str] = []
    for row in safe:
        cells: list[str] = []
        for column, cell in enumerate(row):
            blank = " " * (widths[column] - cell_len(cell))
            cells.append(blank + cell if column in right else cell + blank)
        lines.append("  ".join(cells).rstrip())
    return lines


class ProgressLine:
    """Progress with rate and time left: one line that changes on a terminal, a line now and then elsewhere.

    Nothing is shown of what is done within a second.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._started = time.monotonic()
        self._last = self._started
        self._shown = False

    def __enter__(self) -> "ProgressLine":
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown and sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def at(self, share: float, done: str, rate_of: int) -> None:
        """Show how far it is.

        Args:
            share: Of the work that is done, 0 to 1.
            done: What is done, in words.
            rate_of: Things done, for the rate.
        """
        now = time.monotonic()
        since_start = now - self._started
        every = 0.1 if sys.stderr.isatty() else _PLAIN_EVERY_S
        if since_start < 1 or now - self._last < every:
            return
        self._last = now
        left = f", {duration(since_start / share - since_start)} left" if share > 0 else ""
        text = display_line(f"{self._what}: {done} ({share:.0%}), {rate_of / since_start:,.0f}/s{left}", 100)
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K" + text)
            sys.stderr.flush()
            self._shown = True
        else:
            say(text)
