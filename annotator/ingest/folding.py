"""Where a known text stands in another, up to white space."""

import re
from typing import Final

_SPACE: Final = re.compile(r"\s+")
_MAX_CANDIDATES: Final = 1000
"""How often the first word may be tried: a question that begins with a common word stays cheap."""


def folded_end(text: str, start: int, known: str) -> int:
    """Return where `known` ends in `text` if it stands at `start`, its words parted by any white space; else 0.

    White space before the first word is passed over. A blank text stands nowhere.
    """
    known = known.strip()
    space = _SPACE.match(text, start)
    place = space.end() if space else start
    if not known or text[place : place + 1] != known[0]:
        return 0
    if text.startswith(known, place):
        return place + len(known)
    return _words_end(text, place, known.split())


def find_folded(text: str, known: str, start: int, limit: int) -> tuple[int, int] | None:
    """Return start and end of a place between `start` and `limit` where `known` stands, up to white space.

    An exact copy is preferred; of several alike, the first.
    """
    known = known.strip()
    if not known:
        return None
    place = text.find(known, start, limit)
    if place >= 0:
        return place, place + len(known)
    words = known.split()
    place = start
    for _ in range(_MAX_CANDIDATES if len(words) > 1 else 0):
        place = text.find(words[0], place, limit)
        if place < 0:
            return None
        end = _words_end(text, place, words)
        if 0 < end <= limit:
            return place, end
        place += 1
    return None


def _words_end(text: str, start: int, words: list[str]) -> int:
    place = start
    for number, word in enumerate(words):
        if number:
            space = _SPACE.match(text, place)
            if not space:
                return 0
            place = space.end()
        if not text.startswith(word, place):
            return 0
        place += len(word)
    return place
