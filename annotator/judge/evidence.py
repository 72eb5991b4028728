"""Check what an asked judge claims against the text: where its quotes stand, and whether its code agrees with them."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from annotator.domain.codebook import Code
from annotator.domain.judgement import JudgeQuote
from annotator.domain.pair import Section
from annotator.domain.spans import locate_quote
from annotator.judge.injection import injection_signs
from annotator.judge.view import JudgeView

SUSPECT_CONFIDENCE: Final = 60
"""The most that a judgement with a failed check may claim."""

_SHORTEST_EVIDENCE: Final = 2
"""Words; fewer can be found anywhere."""


def locate(view: JudgeView, quote: str, section: Section, role: str | None) -> JudgeQuote:
    """Find a quote in what the model says: in the section named, else in the other; never in a copy of the prompt.

    A quote that stands nowhere is kept as given, without a place.
    """
    for wording in dict.fromkeys((quote, _unescaped(quote))):
        for candidate in (section, *(other for other in Section if other is not section)):
            span = locate_quote(view.spoken_text(candidate), wording)
            if span is not None:
                found = view.section(candidate)[span.start : span.end]
                return JudgeQuote(found, candidate, span.start, span.end, role)
    return JudgeQuote(quote, section, role=role)


def suspicions(view: JudgeView, code: Code, quotes: Sequence[JudgeQuote]) -> tuple[str, ...]:
    """Return why a person should look at this judgement first, in the order of weight; empty where all checks pass."""
    located = [quote for quote in quotes if quote.is_located]
    return (
        *_disagreements(view, code, quotes, located),
        *(f"the trace may be written for its judge: {sign}" for sign in injection_signs(view)),
    )


def _disagreements(
    view: JudgeView, code: Code, quotes: Sequence[JudgeQuote], located: Sequence[JudgeQuote]
) -> Iterable[str]:
    evidence_codes = [other.key for other in view.codebook.codes if other.needs_evidence]
    if len(located) < len(quotes):
        missing = len(quotes) - len(located)
        yield f"{missing} of {len(quotes)} quotes {'do' if missing > 1 else 'does'} not stand in the text"
    if code.needs_evidence:
        supporting = [quote for quote in located if quote.role == code.key]
        if not located:
            yield f"{code.key!r} needs evidence, and no quote stands in the text"
        elif not supporting:
            yield f"no quote that stands in the text speaks for {code.key!r}"
        elif all(_is_copy_or_scrap(view, quote) for quote in supporting):
            yield f"the evidence for {code.key!r} is a scrap, or a copy of the hint"
    elif code.has_verdict:
        contrary = next((quote for quote in located if quote.role in evidence_codes), None)
        if contrary is not None:
            yield f"{code.key!r} goes without evidence, and a quote speaks for {contrary.role!r}"


def _is_copy_or_scrap(view: JudgeView, quote: JudgeQuote) -> bool:
    words = _words(quote.quote)
    return len(words.split()) < _SHORTEST_EVIDENCE or f" {words} " in f" {_words(view.hint_text or '')} "


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _unescaped(quote: str) -> str:
    """Undo JSON's escapes in a quote that was copied with them from the data."""
    if "\\" not in quote:
        return quote
    return re.sub(r'\\(["/nt\\])', lambda escape: {"n": "\n", "t": "\t"}.get(escape.group(1), escape.group(1)), quote)
