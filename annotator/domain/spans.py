"""Find a quote in a text: verbatim, else up to white space, quotation marks and dashes; never fuzzily."""

import re
from dataclasses import dataclass
from typing import Final

_FOLDS: Final = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
}
_ELLIPSIS_EDGE: Final = re.compile(r"^(?:\.\.\.|…)\s*|\s*(?:\.\.\.|…)$")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text in code points, end excluded."""

    start: int
    end: int


def _folded(text: str) -> tuple[str, list[int]]:
    """Fold white space, quotation marks and dashes.

    Returns:
        The folded text, and for each of its characters (and its end) the offset in `text` that it came from.
    """
    out: list[str] = []
    offsets: list[int] = []
    in_space = False
    for offset, character in enumerate(text):
        if character.isspace():
            if in_space:
                continue
            in_space = True
            out.append(" ")
        else:
            in_space = False
            out.append(_FOLDS.get(character, character))
        offsets.append(offset)
    offsets.append(len(text))
    return "".join(out), offsets


def locate_quote(text: str, quote: str, start: int = 0) -> Span | None:
    """Return where `quote` first stands in `text` at or after `start`, or None.

    An exact match is preferred to a folded one. An ellipsis at either end of the quote is not part of it. An empty
    quote stands nowhere. `text[span.start:span.end]` is the quote up to folding.
    """
    bare = quote.strip()
    if not bare:
        return None
    exact = text.find(bare, start)
    if exact >= 0:
        return Span(exact, exact + len(bare))
    trimmed = _ELLIPSIS_EDGE.sub("", bare)
    if trimmed and trimmed != bare:
        exact = text.find(trimmed, start)
        if exact >= 0:
            return Span(exact, exact + len(trimmed))
    needle = _folded(trimmed)[0].strip()
    if not needle:
        return None
    folded, offsets = _folded(text[start:])
    found = folded.find(needle)
    if found < 0:
        return None
    last = offsets[found + len(needle) - 1]
    return Span(start + offsets[found], start + last + 1)
