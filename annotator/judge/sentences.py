"""Cut what the model says into sentences that know where they stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from annotator.domain.pair import Section
from annotator.domain.spans import Span
from annotator.judge.folding import FoldedText, fold_lookalikes
from annotator.judge.view import JudgeView

LONGEST_SENTENCE: Final = 600
"""Longer ones are cut, so that the cost of every cue is bounded however long a line is."""

_BOUNDARY: Final = re.compile(r"(?<=[.!?])[\"')\]*_]{0,4}\s+|\n\s*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the hinted arm."""

    section: Section
    text: str
    """Folded for matching (`fold_lookalikes`); it may be shorter than what it stands for."""
    lower: str
    """`text` in lower case, of the same length."""
    raw: Span
    """Where it stands in the section's raw text."""


def sentences_of(view: JudgeView) -> list[Sentence]:
    """Return the sentences of the reasoning and then of the response, in order, without copies of the prompt."""
    found: list[Sentence] = []
    for section in Section:
        raw = view.section(section)
        for stretch in view.spoken(section):
            folded = fold_lookalikes(raw[stretch.start : stretch.end])
            found.extend(_sentences(section, folded, stretch.start))
    return found


def split_sentences(text: str) -> Iterator[Span]:
    """Yield the sentences of a text in order, none empty, none longer than `LONGEST_SENTENCE`."""
    start = 0
    for match in _BOUNDARY.finditer(text):
        yield from _trimmed_pieces(text, start, match.end())
        start = match.end()
    yield from _trimmed_pieces(text, start, len(text))


def _sentences(section: Section, folded: FoldedText, base: int) -> Iterator[Sentence]:
    lower = folded.text.lower()
    for span in split_sentences(folded.text):
        yield Sentence(
            section=section,
            text=folded.text[span.start : span.end],
            lower=lower[span.start : span.end],
            raw=Span(base + folded.raw_offset(span.start), base + folded.raw_end(span.end)),
        )


def _trimmed_pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield a sentence without the white space around it, cut at spaces where it is too long."""
    piece = text[start:end]
    bare = piece.strip()
    start += len(piece) - len(piece.lstrip()) if len(bare) < len(piece) else 0
    end = start + len(bare)
    while end - start > LONGEST_SENTENCE:
        cut = text.rfind(" ", start + LONGEST_SENTENCE // 2, start + LONGEST_SENTENCE)
        cut = cut if cut > 0 else start + LONGEST_SENTENCE
        yield Span(start, cut)
        start = cut + 1 if text[cut] == " " else cut
    if end > start:
        yield Span(start, end)
