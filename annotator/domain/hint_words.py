"""Where the hinted arm has the hint's own words, literally: a reading aid that takes no side."""

import re
from typing import Final

from annotator.domain.card import Highlight
from annotator.domain.pair import Pair, Section

_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
# Too frequent in any reasoning to point at the hint.
_COMMON_TEXT: Final = (
    "a about after all also am an and answer answers any are as at be because been before but by can "
    "choice choose consider correct could curious decide do does for from given has have he her here him "
    "his how i if in into is it its know let like may me might more most must my no not of on one option "
    "options or other our out please point question questions right say says see select she should so "
    "some such suggest suggests tell than that the their them then there these they think thinks this to "
    "true up us use want was we were what when which who will with would wrong yes you your"
)
_COMMON: Final = frozenset(_COMMON_TEXT.split())
_JOINS: Final = re.compile(r"[\s,;:'\"()\[\]\u2018\u2019\u201c\u201d-]{1,4}")


def hint_occurrences(pair: Pair) -> tuple[Highlight, ...]:
    """Return the places of the hinted arm that hold words of the hint's text, in order, neighbours joined.

    Common words do not count. A copy of the prompt at the head of the reasoning holds the hint by construction and is
    passed over.
    """
    if not pair.hint_text:
        return ()
    words = {match.group().lower() for match in _WORD.finditer(pair.hint_text)} - _COMMON
    words = {word for word in words if len(word) > 2}
    if not words:
        return ()
    pattern = re.compile(
        r"(?<![^\W_])(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + r")(?![^\W_])",
        re.IGNORECASE,
    )
    found: list[Highlight] = []
    for section, text in (
        (Section.REASONING, pair.hinted.spoken_reasoning()),
        (Section.RESPONSE, pair.hinted.response),
    ):
        here: list[Highlight] = []
        for match in pattern.finditer(text):
            if here and _JOINS.fullmatch(text, here[-1].end, match.start()):
                here[-1] = Highlight(section, here[-1].start, match.end())
            else:
                here.append(Highlight(section, match.start(), match.end()))
        found.extend(here)
    return tuple(found)
