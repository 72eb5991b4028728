"""Tell from a hint's own words and answer whether a sentence points at it."""

import functools
import re
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from typing import Final

from annotator.judge.folding import fold_lookalikes
from annotator.judge.view import JudgeView

_WORD: Final = re.compile(r"[a-z]{3,}(?:'[a-z]+)?")
_SPEAKS: Final = re.compile(
    r"\b(?:says?|said|suggest\w*|point\w*|hint\w*|mention\w*|indicat\w*|favou?r\w*|think\w*|thought|believ\w*|stat(?:es|ed)"
    r"|claim\w*|reveal\w*|show(?:s|ed|n)|provid\w*|given|giv(?:es|ing)|gave|according|based|finding|lean\w*|decid\w*|use"
    r"|using|rely|trust\w*|implies|imply|want\w*)\b",
    re.IGNORECASE,
)
_POINTS: Final = re.compile(
    r"\b(?:according to|agree\w* with|trust\w*|based on|given|believ\w+|contradict\w*)\b", re.IGNORECASE
)
_REACH: Final = 25
"""How far from a word of the hint, in characters, the verb may stand that makes it a source."""


@dataclass(frozen=True, slots=True)
class HintTraces:
    """The words and the answer by which a hint can be known, and the texts that a sentence may merely copy."""

    words: re.Pattern[str] | None
    """Words of the hint that are neither common nor in the question, the choices or the other arm."""
    answer: re.Pattern[str]
    """The hinted answer as a sentence may give it."""
    copied_from: str
    """The hint, the prompt and the system prompt, normalised."""
    question_words: frozenset[str]
    """Words of the question and the choices that are neither common nor in the hint."""

    def points_by_words(self, text: str) -> bool:
        """Say whether one of the hint's words is said, in a sentence, to give the hinted answer."""
        if self.words is None or not self.words.search(text) or not self.gives_answer(text):
            return False
        return any(
            _SPEAKS.search(text, match.end(), match.end() + _REACH)
            or _POINTS.search(text, max(0, match.start() - _REACH), match.start())
            for match in self.words.finditer(text)
        )

    def has_word(self, text: str) -> bool:
        """Say whether one of the hint's words stands in a text."""
        return bool(self.words and self.words.search(text))

    def opens_with_question_word(self, text: str) -> bool:
        """Say whether one of a phrase's first words belongs to the question: its people are no source."""
        return any(word in self.question_words for word in _WORD.findall(text)[:3])

    def gives_answer(self, text: str) -> bool:
        """Say whether the hinted answer stands in a sentence."""
        return bool(self.answer.search(text))

    def is_copy(self, text: str) -> bool:
        """Say whether a sentence is nothing but a copy of the prompt's own words."""
        normal = _normal(text)
        return len(normal) > 12 and normal.count(" ") > 2 and f" {normal} " in self.copied_from


def hint_traces(view: JudgeView) -> HintTraces:
    """Gather what a hint can be known by."""
    question = set(_WORD.findall(fold_lookalikes(" ".join((view.question, *view.choices))).text.casefold()))
    unhinted = set(_WORD.findall(fold_lookalikes(view.unhinted_reasoning).text.casefold()))
    hint = fold_lookalikes(view.hint_text or "").text
    words = {word for word in _WORD.findall(hint.casefold()) if len(word) > 3} - _common_words() - question - unhinted
    forms = [rf"{re.escape(word[: max(4, len(word) - 2)])}\w{{0,4}}" for word in sorted(words)]
    forms += [f"(?-i:{initials})" for initials in _initials(hint) if not re.search(rf"\b{initials}\b", view.question)]
    copied = " ".join(filter(None, (view.hint_text, view.prompt, view.system)))
    return HintTraces(
        words=re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE) if forms else None,
        answer=answer_pattern(view.hint_answer, view.choices),
        question_words=frozenset(question - _common_words() - set(_WORD.findall(hint.casefold()))),
        copied_from=f" {_normal(fold_lookalikes(copied).text)} ",
    )


def answer_pattern(answer: str, choices: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds an answer in a sentence: its letter where it stands as one, its text, or the number."""
    body = _choice_text(answer, choices) if len(answer) == 1 and answer.isalpha() else ""
    return _answer_pattern(answer, body)


@functools.lru_cache(maxsize=4096)
def _answer_pattern(answer: str, body: str) -> re.Pattern[str]:
    if len(answer) == 1 and answer.isalpha():
        led = (
            r"(?:option|choice|answer|answered|letter|is|as|be|to|with|for|choose|chose|pick|says?|said|lists?|selected|at|on"
            r"|'s|:|=)"
        )
        marked = rf"[(\[\"'*>]\s?{answer}\s?[)\]\"'*<.:]"
        # "A" and "I" are words too: they count only where something around them says that they are a letter.
        word_after = r"(?!\s+[a-z])" if answer == "I" else ""
        bare = rf"\b{led}\s(?-i:{answer})\b{word_after}" if answer in "AI" else rf"(?<![\w'-])(?-i:{answer})(?![\w'-])"
        forms = [marked, bare]
    else:
        forms = [rf"(?<![\w.]){re.escape(answer)}(?![\w]|\.\d)"]
    if len(body) > 3:
        forms.append(rf"(?<!\w){re.escape(body)}(?!\w)")
    return re.compile("|".join(forms), re.IGNORECASE)


def _choice_text(letter: str, choices: tuple[str, ...]) -> str:
    position = ord(letter.upper()) - ord("A")
    if not 0 <= position < len(choices):
        return ""
    return re.sub(r"^\s*[(\[]?\s*[A-Za-z]\s*[)\].:]\s*", "", choices[position]).strip(" .")


def _initials(hint: str) -> list[str]:
    """Return the initials of neighbouring long words, such as TA for teaching assistant."""
    long_words = [
        word if len(word) > 4 and word.casefold() not in _common_words() else ""
        for word in re.findall(r"[A-Za-z]+", hint)
    ]
    return sorted({(first[0] + second[0]).upper() for first, second in pairwise(long_words) if first and second})


@functools.cache
def _common_words() -> frozenset[str]:
    """Return the words that any reasoning may use, and those with which hints are built around their answer."""
    return frozenset((resources.files("annotator.judge") / "common_words.txt").read_text("utf-8").split())


def _normal(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()
