"""Passages of a document that can be offered as evidence: whole sentences inside one section."""

from annotator.tui.widgets.trace_view.document import Document
from annotator.tui.widgets.trace_view.highlights import HighlightKind, Span
from annotator.tui.widgets.trace_view.ranges import Range
from annotator.tui.widgets.trace_view.sentences import next_sentence, previous_sentence, sentence_at


def sentence_from(document: Document, offset: int) -> Range | None:
    """Return the sentence that holds a display offset, or the next one of the same section."""
    return _of_section(document, sentence_at(document.text, offset, *document.part_bounds(offset)))


def sentences_around(document: Document, start: int, end: int) -> Range:
    """Return a range of one section, grown to whole sentences."""
    low, high = document.part_bounds(start)
    first = sentence_at(document.text, start, low, high)
    last = sentence_at(document.text, max(end - 1, start), low, high)
    return Range(min(first[0], start) if first else start, max(last[1], end) if last else end)


def passage_of(document: Document, stop: Span) -> Range:
    """Return the passage that a highlight stands for: a quote as it is, for words of the hint their sentence."""
    if stop.kind is HighlightKind.HINT:
        return sentences_around(document, stop.start, stop.end)
    return Range(stop.start, stop.end)


def step_sentence(document: Document, passage: Range, direction: int) -> Range | None:
    """Return the sentence after (1) or before (-1) a passage, in the next section if need be; None at the ends."""
    text = document.text
    low, high = document.part_bounds(passage.start)
    if direction > 0:
        found = next_sentence(text, passage.end, low, high)
        while found is None and high + 1 < len(text):
            low, high = document.part_bounds(high + 1)
            found = _bounds(_of_section(document, sentence_at(text, low, low, high)))
    else:
        found = previous_sentence(text, passage.start, low)
        while found is None and low > 0:
            low, high = document.part_bounds(low - 1)
            found = _bounds(_of_section(document, previous_sentence(text, high, low)))
    return _of_section(document, found)


def grow_by_sentence(document: Document, passage: Range, direction: int) -> Range:
    """Return a passage with one sentence more (1) or less (-1) at its end, inside its section."""
    low, high = document.part_bounds(passage.start)
    if direction > 0:
        found = next_sentence(document.text, passage.end, low, high)
        return Range(passage.start, found[1]) if found else passage
    last = sentence_at(document.text, passage.end - 1, low, high)
    before = previous_sentence(document.text, last[0], low) if last else None
    return Range(passage.start, before[1]) if before and before[1] > passage.start else passage


def _of_section(document: Document, found: tuple[int, int] | None) -> Range | None:
    return Range(*found) if found and document.stretches(*found) else None


def _bounds(passage: Range | None) -> tuple[int, int] | None:
    return (passage.start, passage.end) if passage else None
