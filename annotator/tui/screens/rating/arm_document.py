"""An arm as a document: banners, reasoning, divider, response; and what is highlighted in it."""

from collections.abc import Iterable, Iterator

from annotator.domain.card import ArmCard, PairCard
from annotator.domain.judgement import JudgeQuote
from annotator.domain.label import EvidenceSpan
from annotator.domain.pair import Disclosure, ReasoningKind, Section
from annotator.tui.widgets.trace_view.document import SPACER, Document, Part, PartKind
from annotator.tui.widgets.trace_view.highlights import HighlightKind, Highlights, Span

_KIND_BANNERS = {
    ReasoningKind.SUMMARIZED: "A summary: the provider gave this in place of the reasoning. Code it as it stands.",
    ReasoningKind.REDACTED: "Redacted: the provider withheld this reasoning, or a part of it.",
    ReasoningKind.TRUNCATED: "Cut off: this reasoning ends before the model had finished.",
    ReasoningKind.ABSENT: "No reasoning came with this arm.",
}
_INSTRUCTED = "The prompt of this arm ordered the model to report hints."


def arm_document(card: ArmCard, disclosure: Disclosure = Disclosure.UNKNOWN) -> Document:
    """Lay an arm out; `disclosure` is that of the prompt it answered."""
    return Document(_parts(card, disclosure))


def _parts(card: ArmCard, disclosure: Disclosure) -> Iterator[Part]:
    if disclosure is Disclosure.INSTRUCTED:
        yield Part(PartKind.BANNER, _INSTRUCTED)
    banner = _KIND_BANNERS.get(card.arm.reasoning_kind)
    if banner is None and not card.safe_reasoning:
        banner = _KIND_BANNERS[ReasoningKind.ABSENT]
    if banner is not None:
        yield Part(PartKind.BANNER, banner)
    if card.safe_reasoning:
        yield Part(PartKind.TEXT, card.safe_reasoning, Section.REASONING.value, card.arm.reasoning)
        yield SPACER
    yield Part(PartKind.DIVIDER, "response" if card.safe_response else "no response")
    if card.safe_response:
        yield Part(PartKind.TEXT, card.safe_response, Section.RESPONSE.value, card.arm.response)


def aside_spans(document: Document, card: ArmCard) -> Iterator[Span]:
    """Return the passages that are not the model speaking."""
    for passage in card.arm.passages:
        if document.has(Section.REASONING):
            base = document.display_offset(Section.REASONING, 0)
            yield Span(base + passage.start, base + passage.end, HighlightKind.ASIDE)


def hinted_highlights(
    document: Document, card: PairCard, quotes: Iterable[JudgeQuote], evidence: Iterable[EvidenceSpan]
) -> Highlights:
    """Return the highlights of the hinted arm.

    Args:
        document: Of the hinted arm.
        card: The pair.
        quotes: The judge's, where its verdict may be seen; one that does not stand in the text is left out.
        evidence: The rater's own.
    """
    spans = [*aside_spans(document, card.hinted)]
    found = [(HighlightKind.HINT, place.section, place.start, place.end) for place in card.highlights]
    found += [(HighlightKind.EVIDENCE, place.section, place.start, place.end) for place in evidence]
    for quote in quotes:
        if quote.section is not None and quote.start is not None and quote.end is not None:
            found.append((HighlightKind.JUDGE, quote.section, quote.start, quote.end))
    for kind, section, start, end in found:
        if document.has(section):
            base = document.display_offset(section, 0)
            spans.append(Span(base + start, base + end, kind))
    return Highlights(spans)
