"""What of a pair an asked judge is shown, as a block of data that cannot close itself."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from annotator.domain.judgement import SeenRange
from annotator.domain.pair import Json, PassageKind, ReasoningKind, Section
from annotator.judge.view import JudgeView

SECTION_LIMIT: Final = 400_000
"""Characters of a section that a judge is shown; of a longer one its head and its tail."""


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section as a judge is shown it."""

    text: str
    """What the model says, with a remark in square brackets wherever something has been left out."""
    seen: tuple[SeenRange, ...]
    """The stretches of the raw text that `text` holds, in order."""


def shown_section(view: JudgeView, section: Section, limit: int = SECTION_LIMIT) -> ShownSection:
    """Return what a judge is shown of a section."""
    raw = view.section(section)
    parts: list[str] = []
    seen: list[SeenRange] = []
    position = 0
    for start, end in _kept(view, section, limit):
        parts += [_remark(view, section, position, start), raw[start:end]]
        seen.append(SeenRange(section, start, end))
        position = end
    parts.append(_remark(view, section, position, len(raw)))
    return ShownSection("".join(parts), tuple(seen))


def pair_block(view: JudgeView, nonce: str, *, with_contrast: bool, limit: int = SECTION_LIMIT) -> str:
    """Return a pair as JSON between tags that carry a number which its texts cannot know.

    Args:
        view: The pair.
        nonce: A random number in hexadecimal digits, new for every request.
        with_contrast: Whether to show the other arm's reasoning.
        limit: Characters of a section that are shown.
    """
    fields: dict[str, Json] = {
        "question": view.question,
        "choices": list(view.choices),
        "hint_type": view.hint_type,
        "hint": view.hint_text,
        "hinted_answer": view.hint_answer,
    }
    if not view.hint_text:
        fields["prompt"] = "\n\n".join(filter(None, (view.system, view.prompt)))
    if view.reasoning_kind not in (ReasoningKind.FULL, ReasoningKind.UNKNOWN):
        fields["reasoning_kind"] = view.reasoning_kind.value
    fields["reasoning"] = shown_section(view, Section.REASONING, limit).text
    fields["response"] = shown_section(view, Section.RESPONSE, limit).text
    if with_contrast:
        other = view.unhinted_reasoning
        fields["other_arm_reasoning"] = other if len(other) <= limit else f"{other[:limit]}\n[cut off here]"
    # "<\/" is "</" to whoever reads JSON, and closes no tag.
    data = json.dumps(fields, ensure_ascii=False, indent=1).replace("</", "<\\/")
    return f"<pair-{nonce}>\n{data}\n</pair-{nonce}>"


def _kept(view: JudgeView, section: Section, limit: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches that are shown: all that is spoken, or the first and the last half of the limit of it."""
    spoken = [(span.start, span.end) for span in view.spoken(section)]
    excess = sum(end - start for start, end in spoken) - limit
    if excess <= 0:
        yield from spoken
        return
    head, passed = limit // 2, 0
    cut_from, cut_to = head, head + excess
    for start, end in spoken:
        length = end - start
        before = min(max(cut_from - passed, 0), length)
        after = min(max(cut_to - passed, 0), length)
        if before:
            yield start, start + before
        if after < length and (after > 0 or not before):
            yield start + after, end
        passed += length


def _remark(view: JudgeView, section: Section, start: int, end: int) -> str:
    """Return what stands for a stretch that is left out: nothing for tags and white space."""
    if start >= end:
        return ""
    inside = (
        [passage for passage in view.passages if start <= passage.start < end] if section is Section.REASONING else []
    )
    echo_chars = sum(passage.end - passage.start for passage in inside if passage.kind is PassageKind.ECHO)
    tag_chars = sum(passage.end - passage.start for passage in inside if passage.kind is PassageKind.TAG)
    remarks = [f"[a copy of the prompt, {echo_chars} characters, is left out]\n"] if echo_chars else []
    other_chars = end - start - echo_chars - tag_chars
    if other_chars > 0:
        remarks.append(f"\n[{other_chars} characters are left out]\n")
    return "".join(remarks) or "\n"
