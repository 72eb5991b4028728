"""Find the copy of the prompt that many files carry at the head of a trace: only where it is certain."""

import re
from typing import Final

from annotator.ingest.folding import find_folded, folded_end
from annotator.ingest.think_tags import Tag, TagKind
from annotator.ingest.turns import AFTER_PROMPT, ALL_MARKS, MAY_OPEN, TurnMarks

_SURE_PROMPT_CHARS: Final = 20
"""A shorter prompt at the head of a trace may be the model's own words, unless the assistant's mark follows."""
_NAMED_BLOCK_CHARS: Final = 200
"""How far apart an instruction such as "think between <think> and </think>" may write the two tags."""

_PROMPT_LINE: Final = re.compile(
    r"\s*(?:[\[(]\s*\w\s*[\])]|\w[.):]\s|(?:Please|Answer|Options?|Choices?|Choose|Select|Think|Give|Respond|Provide)\b)"
)
"""A line that may stand between a question and its hint: an option, or an instruction."""
_MAX_LINES_BETWEEN: Final = 60


def echo_end(text: str, tags: list[Tag], prompt: str | None, question: str, hint_text: str | None) -> int:
    """Return where the copy of the prompt at the head of `text` ends, the assistant's mark included; 0 without one.

    A copy is certain where the head is the prompt itself up to white space, the question followed by the hint with
    nothing but options and instructions between them, or a user's mark with an assistant's mark after it.

    Args:
        text: A trace.
        tags: All its tags, in order.
        prompt: What the model was asked, if known.
        question: The pair's question; blank if unknown.
        hint_text: The pair's hint, if known.
    """
    opening = _opening_of(text)
    starts = (0, opening.end()) if opening else (0,)
    for start in starts:
        if end := _prompt_end(text, start, prompt):
            return end
    if opening:
        for marks in ALL_MARKS:
            if end := _turns_end(text, tags, marks, question, hint_text):
                return end
    return next((end for start in starts if (end := _question_and_hint_end(text, start, question, hint_text))), 0)


def _opening_of(text: str) -> re.Match[str] | None:
    if text[:80].lstrip()[:1] not in MAY_OPEN:
        return None
    return next((match for marks in ALL_MARKS if (match := marks.opening.match(text))), None)


def _prompt_end(text: str, start: int, prompt: str | None) -> int:
    if not prompt or not (end := folded_end(text, start, prompt)):
        return 0
    if mark := AFTER_PROMPT.match(text, end):
        return mark.end()
    is_sure = sum(map(len, prompt.split())) >= _SURE_PROMPT_CHARS
    return end if is_sure and _is_edge(text, end) else 0


def _question_and_hint_end(text: str, start: int, question: str, hint_text: str | None) -> int:
    if not hint_text or not (question_end := folded_end(text, start, question)):
        return 0
    place = question_end
    for _ in range(_MAX_LINES_BETWEEN):
        if end := folded_end(text, place, hint_text):
            mark = AFTER_PROMPT.match(text, end)
            return mark.end() if mark else end if _is_edge(text, end) else 0
        line_end = text.find("\n", place)
        line = text[place:line_end]
        if line_end < 0 or (line.strip() and not _PROMPT_LINE.match(line)):
            return 0
        place = line_end + 1
    return 0


def _turns_end(text: str, tags: list[Tag], marks: TurnMarks, question: str, hint_text: str | None) -> int:
    """Return the end of the turns before the model's own, for a text that opens with one of `marks`."""
    if not marks.opening.match(text) or not (user := marks.user.search(text)):
        return 0
    first = marks.glued_assistant.search(text, user.end())
    if not first:
        return 0
    # The model's own text begins before its closing think-tag; what follows may be a conversation that it made up.
    closings = (tag.start for tag in tags if tag.kind is TagKind.CLOSING and tag.start >= first.end())
    limit = next(closings, len(text))
    mark = None
    if question_end := _end_in_user_turn(text, marks, question, user.end(), limit):
        mark = marks.glued_assistant.search(text, question_end, limit)
    mark = mark or marks.assistant.search(text, user.end(), limit)
    if not mark or _holds_thinking(tags, user.end(), mark.start()):
        return 0
    hint = hint_text or ""
    # A hint may be a later turn of its own ("are you sure? I think that it is C").
    if not find_folded(text, hint, 0, mark.end()) and (
        hint_end := _end_in_user_turn(text, marks, hint, mark.end(), limit)
    ):
        mark = marks.glued_assistant.search(text, hint_end, limit) or mark
    return mark.end()


def _end_in_user_turn(text: str, marks: TurnMarks, known: str, start: int, limit: int) -> int:
    """Return where `known` ends if it stands between `start` and `limit` in a user's turn; else 0."""
    found = find_folded(text, known, start, limit)
    if not found:
        return 0
    last_user = max((match.end() for match in marks.user.finditer(text, 0, found[0])), default=0)
    last_assistant = max((match.end() for match in marks.assistant.finditer(text, 0, found[0])), default=0)
    return found[1] if last_user > last_assistant or not last_assistant else 0


def _holds_thinking(tags: list[Tag], start: int, end: int) -> bool:
    """Say whether a block of thinking ends between `start` and `end`, not only the tags' names in an instruction."""
    opened = start - _NAMED_BLOCK_CHARS - 1
    for tag in tags:
        if start <= tag.start < end:
            if tag.kind is TagKind.OPENING:
                opened = tag.end
            elif tag.kind is TagKind.CLOSING and tag.start - opened > _NAMED_BLOCK_CHARS:
                return True
    return False


def _is_edge(text: str, place: int) -> bool:
    """Say whether no word runs over `place`."""
    return place >= len(text) or not (text[place - 1].isalnum() and text[place].isalnum())
