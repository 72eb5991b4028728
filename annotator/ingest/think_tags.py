"""Think-tags and special tokens in a trace, and where the model's thinking ends and its answer begins."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# Each begins with one literal character: the engine then skips from one to the next, thirty times as fast.
_NAMES: Final = r"(?:seed:)?[Tt]hink(?:ing)?|[Tt]houghts?|THINK(?:ING)?"
_FINAL_CHANNEL: Final = (
    r"(?:\|end\|><)?(?:\|start\|>assistant<)?\|channel\|>final(?: ?<\|constrain\|> ?\w{1,20})?<\|message\|>"
)
_TOKEN: Final = (
    r"\|(?:im_start|start|start_header_id)\|>(?:assistant|user|system)?|\|channel\|>(?:analysis|commentary|final)?"
    r"|\|[A-Za-z_][\w.-]{2,40}\|>|｜[^<>｜\n]{1,40}｜>"
)
_ANGLED: Final = re.compile(
    rf"<(?:(?P<closing>/(?:{_NAMES})>|\|end_of_thought\|>|{_FINAL_CHANNEL})"
    rf"|(?P<opening>(?:{_NAMES})>|\|begin_of_thought\|>)|(?:{_TOKEN}))"
)
_BRACKETED: Final = re.compile(r"\[(?:(?P<closing>/THINK)|(?P<opening>THINK))\]")
_TRIANGLED: Final = re.compile(r"◁(?:(?P<closing>/think)|(?P<opening>think))▷")
_QUOTES: Final = frozenset("`'\"“”‘’")


class TagKind(StrEnum):
    """What a tag does."""

    OPENING = "opening"
    CLOSING = "closing"
    TOKEN = "token"


@dataclass(frozen=True, slots=True)
class Tag:
    """A think-tag or a special token, in code points."""

    kind: TagKind
    start: int
    end: int


def find_tags(text: str) -> list[Tag]:
    """Return the think-tags and special tokens of a text, in order."""
    tags: list[Tag] = []
    if ">" in text and "<" in text:
        tags += _tags(_ANGLED, text)
    if "THINK]" in text:
        tags += _tags(_BRACKETED, text)
    if "▷" in text:
        tags += _tags(_TRIANGLED, text)
    return sorted(tags, key=lambda tag: tag.start)


def _tags(pattern: re.Pattern[str], text: str) -> list[Tag]:
    return [
        Tag(TagKind(match.lastgroup or TagKind.TOKEN), match.start(), match.end()) for match in pattern.finditer(text)
    ]


def thinking_end(text: str, tags: list[Tag], start: int) -> int:
    """Return where thinking ends and an answer follows: the end of the closing tag; 0 without one.

    A tag that the model talks about (in quotes, or an empty pair after other words) ends nothing, nor does one after
    which it goes on to think in a new block, nor one that only white space, tags and special tokens follow.

    Args:
        text: A trace.
        tags: Its tags from `start` on, in order.
        start: Where the model begins to speak.
    """
    last_spoken = _last_spoken(text, tags, start)
    opening: Tag | None = None
    for number, tag in enumerate(tags):
        if tag.kind is TagKind.OPENING:
            opening = tag
        elif tag.kind is TagKind.CLOSING:
            if tag.end >= last_spoken:
                return 0
            following = tags[number + 1] if number + 1 < len(tags) else None
            if not _is_mention(text, start, tag, opening) and not _goes_on(text, tag, following):
                return tag.end
    return 0


def _last_spoken(text: str, tags: list[Tag], start: int) -> int:
    """Return where the last word of a text ends that is no tag."""
    end = len(text)
    for tag in reversed(tags):
        if spoken := text[tag.end : end].rstrip():
            return tag.end + len(spoken)
        end = tag.start
    return start + len(text[start:end].rstrip())


def _goes_on(text: str, closing: Tag, following: Tag | None) -> bool:
    """Say whether a new block of thinking follows at once."""
    if following is None or following.kind is not TagKind.OPENING:
        return False
    return following.start == closing.end or text[closing.end : following.start].isspace()


def _is_mention(text: str, start: int, closing: Tag, opening: Tag | None) -> bool:
    before, after = text[max(closing.start - 1, 0) : closing.start], text[closing.end : closing.end + 1]
    if before in _QUOTES and after in _QUOTES:
        return True
    if opening is None or not text[start : opening.start].strip():
        return False
    return not text[opening.end : closing.start].strip(" .…")
