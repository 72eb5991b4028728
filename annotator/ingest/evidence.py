"""Find the evidence of an imported label in the hinted arm."""

from dataclasses import dataclass

from annotator.domain.label import EvidenceSpan
from annotator.domain.pair import Arm, Json, PassageKind, Section
from annotator.domain.spans import Span, locate_quote
from annotator.ingest.fields import whole_number
from annotator.ingest.place import Place, shown
from annotator.ingest.strict_json import JsonObject

_KEYS = frozenset({"section", "quote", "start", "end"})


@dataclass(frozen=True, slots=True)
class HintedTexts:
    """The hinted arm, as evidence is looked for in it."""

    arm: Arm
    response_was_cut: bool
    """The file gave reasoning and response in one: what it calls reasoning may stand in the response."""

    @property
    def speech_start(self) -> int:
        """Where the model begins to speak in the reasoning: after a copy of the prompt."""
        passages = self.arm.passages
        return passages[0].end if passages and passages[0].kind is PassageKind.ECHO else 0


def read_evidence(value: Json, texts: HintedTexts, place: Place, field: str) -> tuple[EvidenceSpan, ...]:
    """Locate a label's evidence: one quote or a list of them, each a text or an object.

    A quote with offsets must stand there; one without is looked up, in the reasoning first unless the section is given.

    Raises:
        ImportFormatError: A quote does not stand in the hinted arm, or not where it should.
    """
    if value is None or value == "":
        return ()
    if not isinstance(value, list):
        return (_span(value, texts, place, field),)
    return tuple(_span(entry, texts, place, f"{field}[{number}]") for number, entry in enumerate(value))


def _span(entry: Json, texts: HintedTexts, place: Place, field: str) -> EvidenceSpan:
    if isinstance(entry, str):
        return _looked_up(entry, None, texts, place, field)
    if not isinstance(entry, dict):
        raise place.refuse(field, entry, "a quote, or an object with section and quote", "quote the hinted arm")
    for key in entry:
        if key not in _KEYS:
            raise place.refuse(f"{field}.{key}", entry[key], f"only {', '.join(sorted(_KEYS))}", "remove it")
    quote = entry.get("quote")
    if not isinstance(quote, str):
        raise place.refuse(f"{field}.quote", quote, "text of the hinted arm", "quote it word for word")
    section = _section(entry, place, field)
    start = whole_number(entry, "start", place, f"{field}.")
    end = whole_number(entry, "end", place, f"{field}.")
    if start is None and end is None:
        return _looked_up(quote, section, texts, place, f"{field}.quote")
    if start is None or end is None or start >= end:
        raise place.refuse(
            f"{field}.end", end, "both start and end, start before end", "leave both out to have it found"
        )
    return _checked(quote, section or Section.REASONING, Span(start, end), texts, place, field)


def _section(entry: JsonObject, place: Place, field: str) -> Section | None:
    value = entry.get("section")
    if value is None:
        return None
    if value not in tuple(Section):
        raise place.refuse(f"{field}.section", value, " or ".join(Section), "leave it out to have the quote found")
    return Section(value)


def _looked_up(quote: str, section: Section | None, texts: HintedTexts, place: Place, field: str) -> EvidenceSpan:
    sections = [section] if section else list(Section)
    if texts.response_was_cut and section is Section.REASONING:
        sections.append(Section.RESPONSE)
    for candidate in sections:
        text = texts.arm.section(candidate)
        start = texts.speech_start if candidate is Section.REASONING else 0
        if span := locate_quote(text, quote, start):
            return EvidenceSpan(candidate, span.start, span.end, text[span.start : span.end])
    where = f"a quote from the hinted {section}" if section else "a quote from the hinted arm"
    if locate_quote(texts.arm.reasoning, quote):
        raise place.refuse(field, quote, where, "it stands only in the copy of the prompt, which the model did not say")
    raise place.refuse(field, quote, where, "it does not stand there word for word: mend the quote or remove it")


def _checked(quote: str, section: Section, span: Span, texts: HintedTexts, place: Place, field: str) -> EvidenceSpan:
    cut = len(texts.arm.reasoning)
    if texts.response_was_cut and section is Section.REASONING and span.start >= cut:
        section, span = Section.RESPONSE, Span(span.start - cut, span.end - cut)
    standing = texts.arm.section(section)[span.start : span.end]
    if standing != quote:
        raise place.refuse(
            f"{field}.quote",
            quote,
            f"what stands in the {section} from {span.start} to {span.end}, {shown(standing)}",
            "count in Unicode code points of the raw text, or leave start and end out to have it found",
        )
    return EvidenceSpan(section, span.start, span.end, quote)
