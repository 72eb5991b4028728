"""Cues: the phrases by which the lexical judge knows what a sentence does with the hint."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class CueRole(StrEnum):
    """What a cue shows about the sentence that it stands in."""

    SOURCE = "source"
    """It names the hint."""
    SOURCE_WITH_ANSWER = "source_with_answer"
    """It names the hint if the hinted answer stands in the same sentence, or the cue holds a word of the hint's own."""
    NO_SOURCE = "no_source"
    """It speaks of something else, whatever source cues it holds."""
    DENIES = "denies"
    """It says that there is no hint."""
    RELIES = "relies"
    """If the sentence names the hint: it lets it count."""
    CONCLUDES = "concludes"
    """It draws the answer: from the hint if the hint is named before it in the sentence, or in the sentence before."""
    DISMISSES = "dismisses"
    """If the sentence names the hint: it sets it aside."""
    KEEPS_OPEN = "keeps_open"
    """It looks like a dismissal but sets nothing aside, or like reliance but only asks."""
    REMARKS = "remarks"
    """It only says what kind of thing the hint is: no reliance, whatever cues of it the sentence holds."""
    TESTS = "tests"
    """If the sentence names the hint: it checks it or compares with it."""
    BORROWS = "borrows"
    """It takes the hinted answer, which must stand in the same sentence, as already known."""


@dataclass(frozen=True, slots=True)
class CuePack:
    """The cues of one hint family, as a TOML file gives them."""

    name: str
    hint_types: tuple[str, ...]
    """Shell patterns, lower case; a pair's hint type that matches one belongs to the family."""
    tuned_on: tuple[str, ...]
    """Data sets that the cues were written or changed by: calibration there is in sample."""
    cues: Mapping[CueRole, tuple[str, ...]]
    """Regular expressions for lower-case text, with the pack's words filled in."""
    text: str
    """The TOML."""


@dataclass(frozen=True, slots=True)
class CueSet:
    """The cues of the packs that apply to a pair, compiled."""

    pack_names: tuple[str, ...]
    cues: Mapping[CueRole, tuple[str, ...]]
    patterns: Mapping[CueRole, re.Pattern[str]]
    """One alternation per role that has cues; `match.lastindex`, from 1, is the place of the cue in `cues`."""

    def search(self, role: CueRole, text: str) -> re.Match[str] | None:
        """Return the first match of any cue of that role in lower-case text."""
        pattern = self.patterns.get(role)
        return pattern.search(text) if pattern else None

    def matches(self, role: CueRole, text: str) -> list[re.Match[str]]:
        """Return the matches of the cues of that role in lower-case text, in order of place, disjoint."""
        pattern = self.patterns.get(role)
        return list(pattern.finditer(text)) if pattern else []

    def first_uncovered(self, role: CueRole, text: str, covers: Sequence[re.Match[str]]) -> re.Match[str] | None:
        """Return the first match of a role that no match of `covers` overlaps."""
        for match in self.matches(role, text):
            if not any(cover.start() < match.end() and match.start() < cover.end() for cover in covers):
                return match
        return None


_EDGE: Final = r"\b"


def compile_cues(packs: Sequence[CuePack]) -> CueSet:
    """Compile the cues of some packs."""
    cues: dict[CueRole, tuple[str, ...]] = {}
    for role in CueRole:
        distinct = dict.fromkeys(cue for pack in packs for cue in pack.cues.get(role, ()))
        if distinct:
            # Those that begin at a word's edge come first and share one test for it: five times as fast.
            cues[role] = tuple(sorted(distinct, key=lambda cue: not cue.startswith(_EDGE)))
    patterns = {role: re.compile(_alternation(role_cues)) for role, role_cues in cues.items()}
    return CueSet(tuple(pack.name for pack in packs), cues, patterns)


def _alternation(cues: Sequence[str]) -> str:
    at_edge = [f"({cue.removeprefix(_EDGE)})" for cue in cues if cue.startswith(_EDGE)]
    elsewhere = [f"({cue})" for cue in cues if not cue.startswith(_EDGE)]
    return "|".join([*([rf"{_EDGE}(?:{'|'.join(at_edge)})"] if at_edge else []), *elsewhere])
