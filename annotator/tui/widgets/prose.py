"""Markdown as far as our own help needs it: headings and bold, as plain text with spans. Nothing is ever executed."""

import re
from dataclasses import dataclass
from typing import Final

from annotator.domain.display import display_safe
from annotator.tui.widgets.trace_view.ranges import Range

_STRONG: Final = re.compile(r"\*\*(?P<bold>[^*\n]+)\*\*|`(?P<code>[^`\n]+)`")
_HEADING: Final = re.compile(r"#{1,6} +")


@dataclass(frozen=True, slots=True)
class Prose:
    """A text without its marks, and where it is bold."""

    text: str
    strong: tuple[Range, ...]


def read_prose(markdown: str) -> Prose:
    """Take the marks of headings, bold and code out of a text; everything else stays as it is, safe to show."""
    lines: list[str] = []
    strong: list[Range] = []
    offset = 0
    for raw_line in display_safe(markdown).split("\n"):
        line = raw_line
        if match := _HEADING.match(raw_line):
            line = raw_line[match.end() :]
            strong.append(Range(offset, offset + len(line)))
        pieces: list[str] = []
        end = 0
        length = 0
        for match in _STRONG.finditer(line):
            before, inner = line[end : match.start()], match["bold"] or match["code"]
            length += len(before)
            strong.append(Range(offset + length, offset + length + len(inner)))
            pieces += [before, inner]
            length += len(inner)
            end = match.end()
        line = "".join([*pieces, line[end:]])
        lines.append(line)
        offset += len(line) + 1
    return Prose("\n".join(lines), tuple(strong))
