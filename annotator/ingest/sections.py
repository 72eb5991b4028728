"""Cut an arm's texts into what the model says and what it does not: echoes of the prompt, think-tags, special tokens.

Nothing is taken away: the reasoning and the response, one after the other, hold what the file held.
"""

from dataclasses import dataclass

from annotator.domain.pair import Passage, PassageKind
from annotator.ingest.echo import echo_end
from annotator.ingest.think_tags import find_tags, thinking_end


@dataclass(frozen=True, slots=True)
class CutTexts:
    """An arm's texts after cutting."""

    reasoning: str
    response: str
    passages: tuple[Passage, ...] = ()
    """The stretches of `reasoning` that are not the model speaking; ordered, disjoint."""
    has_echo: bool = False
    response_was_cut: bool = False
    """Whether `response` is the end of what the file gave as reasoning."""


def cut_sections(reasoning: str, response: str, prompt: str | None, question: str, hint_text: str | None) -> CutTexts:
    """Cut an arm's texts into sections; cutting the result again changes nothing.

    Where the response is blank and the thinking is closed by a tag with text after it, that text becomes the response.

    Args:
        reasoning: The trace as the file gives it.
        response: The visible answer; blank where the file does not part the two.
        prompt: What the arm's model was asked, if the file says.
        question: The pair's question.
        hint_text: The pair's hint.
    """
    tags = find_tags(reasoning)
    echo = echo_end(reasoning, tags, prompt, question, hint_text)
    if not tags and not echo:
        return CutTexts(reasoning, response)
    tags = [tag for tag in tags if tag.start >= echo]
    response_was_cut = False
    if not response.strip() and (end := thinking_end(reasoning, tags, echo)):
        reasoning, response, response_was_cut = reasoning[:end], reasoning[end:], True
    passages = [Passage(PassageKind.ECHO, 0, echo)] if echo else []
    passages += [Passage(PassageKind.TAG, tag.start, tag.end) for tag in tags if tag.end <= len(reasoning)]
    return CutTexts(reasoning, response, tuple(passages), bool(echo), response_was_cut)
