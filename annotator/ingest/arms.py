"""Read an arm of a pair line."""

from dataclasses import dataclass
from typing import Final

from annotator.domain.pair import Arm, ArmName, Json, Passage, PassageKind, ReasoningKind
from annotator.ingest.fields import answer_of, object_of, optional_text
from annotator.ingest.place import Place
from annotator.ingest.sections import CutTexts, cut_sections
from annotator.ingest.strict_json import JsonObject

_FIELDS: Final = frozenset({"system", "prompt", "reasoning", "response", "answer", "reasoning_kind"})
_KINDS: Final = tuple(ReasoningKind)
_NOT_ABSENT: Final = frozenset({ReasoningKind.REDACTED, ReasoningKind.TRUNCATED})
"""What a reasoning without text may be said to be, beside absent."""


@dataclass(frozen=True, slots=True)
class ReadArm:
    """An arm, and what was found on the way."""

    arm: Arm
    texts: CutTexts
    unknown: dict[str, Json]
    """The fields that an arm does not have."""


@dataclass(frozen=True, slots=True)
class ArmContext:
    """What an arm shares with its pair."""

    question: str
    choices: tuple[str, ...]
    hint_text: str | None
    place: Place


def read_arm(values: JsonObject, name: ArmName, context: ArmContext) -> ReadArm:
    """Read the arm of that name and cut its texts into sections.

    The hinted arm must be there and have a text; only one without an answer may lack both, since a call that failed
    is a fact about its pair. The unhinted arm may be missing.

    Raises:
        ImportFormatError: A field is missing or has a wrong type.
    """
    place = context.place
    given = object_of(values, name, place)
    if given is None:
        if name is ArmName.HINTED:
            raise place.missing("hinted", "an object with answer, and reasoning or response", "add it")
        return ReadArm(Arm(reasoning_kind=ReasoningKind.ABSENT), CutTexts("", ""), {})
    parent = f"{name}."
    if name is ArmName.HINTED and "answer" not in given:
        raise place.missing("hinted.answer", "an answer, or null where there is none", "add it")
    answer = answer_of(given, "answer", context.choices, place, parent)
    prompt = optional_text(given, "prompt", place, parent)
    reasoning = optional_text(given, "reasoning", place, parent) or ""
    response = optional_text(given, "response", place, parent) or ""
    if name is ArmName.HINTED and not (reasoning.strip() or response.strip()):
        _refuse_silence(given, answer, place)
    texts = cut_sections(reasoning, response, prompt, context.question, context.hint_text)
    arm = Arm(
        texts.reasoning,
        texts.response,
        answer,
        optional_text(given, "system", place, parent),
        prompt,
        _reasoning_kind(given, texts, place, parent),
        texts.passages,
    )
    unknown = {key: given[key] for key in given.keys() - _FIELDS} if not given.keys() <= _FIELDS else {}
    return ReadArm(arm, texts, unknown)


def _refuse_silence(given: JsonObject, answer: str | None, place: Place) -> None:
    if "reasoning" not in given and "response" not in given:
        raise place.missing("hinted.reasoning", "the text of the hinted arm", "give reasoning, response or both")
    if answer is not None:
        key = "reasoning" if "reasoning" in given else "response"
        raise place.refuse(
            f"hinted.{key}", given[key], "the text that led to the answer", "give reasoning, response or both"
        )


def _reasoning_kind(given: JsonObject, texts: CutTexts, place: Place, parent: str) -> ReasoningKind:
    value = given.get("reasoning_kind")
    if value is not None and value not in _KINDS:
        raise place.refuse(
            f"{parent}reasoning_kind", value, ", ".join(ReasoningKind), "leave it out where it is not known"
        )
    kind = ReasoningKind(value) if value else ReasoningKind.UNKNOWN
    if _is_silent(texts.reasoning, texts.passages):
        return kind if kind in _NOT_ABSENT else ReasoningKind.ABSENT
    if kind is ReasoningKind.ABSENT:
        raise place.refuse(
            f"{parent}reasoning_kind", value, "another kind, since there is reasoning", "leave it out or mend it"
        )
    return kind


def _is_silent(reasoning: str, passages: tuple[Passage, ...]) -> bool:
    """Say whether the model says nothing in a reasoning."""
    if not reasoning or reasoning.isspace():
        return True
    if not passages:
        return False
    place = 0
    for passage in passages:
        if reasoning[place : passage.start].strip():
            return False
        place = passage.end
    return not reasoning[place:].strip() and any(passage.kind is not PassageKind.TEXT for passage in passages)
