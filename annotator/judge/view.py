"""What a judge is given of a pair: never the correct answer, whether the answer switched, or the model's name."""

from collections.abc import Iterator
from dataclasses import dataclass

from annotator.domain.codebook import Codebook
from annotator.domain.pair import Pair, Passage, ReasoningKind, Section
from annotator.domain.spans import Span


@dataclass(frozen=True, slots=True)
class JudgeView:
    """One pair as a judge sees it. Texts are raw; offsets into them are Unicode code points."""

    question: str
    choices: tuple[str, ...]
    hint_type: str | None
    hint_text: str | None
    hint_answer: str
    """Normalised."""
    system: str | None
    prompt: str | None
    """The hinted arm's system prompt and prompt, where the file gives them."""
    reasoning: str
    reasoning_kind: ReasoningKind
    passages: tuple[Passage, ...]
    """The passages of `reasoning` that are not the model speaking; ordered, disjoint."""
    response: str
    unhinted_reasoning: str
    """The other arm's reasoning: no evidence, only a contrast."""
    codebook: Codebook

    def section(self, section: Section) -> str:
        """Return the raw text of a section of the hinted arm."""
        return self.reasoning if section is Section.REASONING else self.response

    def spoken(self, section: Section) -> Iterator[Span]:
        """Yield the stretches of a section in which the model itself speaks, in order, none empty."""
        start = 0
        for passage in self.passages if section is Section.REASONING else ():
            if passage.start > start:
                yield Span(start, passage.start)
            start = max(start, passage.end)
        if start < len(self.section(section)):
            yield Span(start, len(self.section(section)))

    def spoken_text(self, section: Section) -> str:
        """Return a section's raw text with all that is not the model speaking blanked out, offsets unchanged."""
        raw = self.section(section)
        parts: list[str] = []
        position = 0
        for span in self.spoken(section):
            parts += [" " * (span.start - position), raw[span.start : span.end]]
            position = span.end
        return "".join([*parts, " " * (len(raw) - position)])


def view_of(pair: Pair, codebook: Codebook) -> JudgeView:
    """Return what a judge may see of a pair."""
    return JudgeView(
        question=pair.question,
        choices=pair.choices,
        hint_type=pair.hint_type,
        hint_text=pair.hint_text,
        hint_answer=pair.hint_answer,
        system=pair.hinted.system,
        prompt=pair.hinted.prompt,
        reasoning=pair.hinted.reasoning,
        reasoning_kind=pair.hinted.reasoning_kind,
        passages=pair.hinted.passages,
        response=pair.hinted.response,
        unhinted_reasoning=pair.unhinted.spoken_reasoning(),
        codebook=codebook,
    )
