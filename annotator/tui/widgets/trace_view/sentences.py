"""Sentences of a text, near enough: for offering one as evidence, and stepping from one to the next."""

import re
from typing import Final

MAX_SENTENCE_CHARS: Final = 400
"""A text without full stops is offered in pieces of this size."""

_END: Final = re.compile(r"[.!?][\"'\u201d\u2019)\]*_]*(?=\s)|[\u3002\uff01\uff1f][\u300d\u300f\u201d\uff09]*|\n")


def sentence_at(text: str, offset: int, low: int, high: int) -> tuple[int, int] | None:
    """Return the bounds of the sentence that holds `offset`, or of the next one if a gap does.

    Args:
        text: Any text.
        offset: In `text`.
        low: Where the part to look at starts.
        high: Where it ends.

    Returns:
        Start and end without white space around; None if there is nothing but white space from there on.
    """
    start = _start_of_sentence(text, min(max(offset, low), high), low)
    while start < high:
        while start < high and text[start].isspace():
            start += 1
        end = _end_of_sentence(text, start, high)
        if end > offset and end > start:
            return start, end
        start = max(end, start + 1)
    return None


def next_sentence(text: str, end: int, low: int, high: int) -> tuple[int, int] | None:
    """Return the sentence after the one that ends at `end`."""
    return sentence_at(text, end, max(low, end), high)


def previous_sentence(text: str, start: int, low: int) -> tuple[int, int] | None:
    """Return the sentence before the one that starts at `start`."""
    last = start - 1
    while last >= low and text[last].isspace():
        last -= 1
    return sentence_at(text, last, low, start) if last >= low else None


def _start_of_sentence(text: str, offset: int, low: int) -> int:
    """Return the end of the last sentence that ends at or before `offset`."""
    window = max(low, offset - MAX_SENTENCE_CHARS)
    start = window
    for match in _END.finditer(text, window, min(offset + 1, len(text))):
        if match.end() <= offset:
            start = match.end()
    return start


def _end_of_sentence(text: str, start: int, high: int) -> int:
    """Return where the sentence that starts at `start` ends, without white space."""
    match = _END.search(text, start, min(high, start + MAX_SENTENCE_CHARS))
    end = match.end() if match else min(high, start + MAX_SENTENCE_CHARS)
    while end > start and text[end - 1].isspace():
        end -= 1
    return end
