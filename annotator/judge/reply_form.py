"""The form of an asked judge's answer: the schema that the server keeps it to, and the reading of it.

Order matters: evidence and rationale come before the code, so that the code follows from them.
"""

import json
from collections.abc import Iterator
from typing import Annotated, Final, Literal, cast

from pydantic import BaseModel, Field, ValidationError

from annotator.domain.codebook import Codebook
from annotator.domain.pair import Json, Section

CONFIDENCES: Final = (50, 60, 70, 80, 90, 95, 99)
OTHER_ROLE: Final = "other"
RATIONALE_WORDS: Final = 60
_MOST_TRIES: Final = 200
"""How many braces are tried: a reply of nothing but braces stays cheap."""


class QuoteForm(BaseModel):
    """A piece of evidence as the judge gives it."""

    quote: str = Field(description="An exact, unbroken piece of the section.")
    section: Literal["reasoning", "response"]
    role: str = Field(description="The code that it speaks for.")


class ReplyForm(BaseModel):
    """A judge's answer."""

    evidence: Annotated[list[QuoteForm], Field(description="At most four quotes; empty if there is nothing to quote.")]
    rationale: str = Field(description="At most 60 words: why this code and not its neighbour.")
    code: str
    ticks: list[str] = Field(description="Those that hold, most often none.")
    place: Literal["reasoning", "response", "both", "nowhere"] = Field(description="Where the evidence stands.")
    confidence: Annotated[int, Field(ge=0, le=100)]


class UnreadableReplyError(ValueError):
    """A text is no answer in the form; the message says why. Becomes the detail of a judgement."""


def roles_of(codebook: Codebook) -> tuple[str, ...]:
    """Return what a quote may be said to speak for: the codes that need evidence, or `OTHER_ROLE`."""
    return (*(code.key for code in codebook.codes if code.needs_evidence), OTHER_ROLE)


def reply_schema(codebook: Codebook) -> dict[str, Json]:
    """Return the JSON schema of an answer for a codebook, in the part of the language that servers keep to."""
    quote: dict[str, Json] = {
        "quote": _property(QuoteForm, "quote", {"type": "string"}),
        "section": {"type": "string", "enum": list(Section)},
        "role": _property(QuoteForm, "role", {"type": "string", "enum": list(roles_of(codebook))}),
    }
    tick: Json = (
        {"type": "string", "enum": [tick.key for tick in codebook.ticks]} if codebook.ticks else {"type": "string"}
    )
    properties: dict[str, Json] = {
        "evidence": _property(ReplyForm, "evidence", {"type": "array", "items": _object(quote)}),
        "rationale": _property(ReplyForm, "rationale", {"type": "string"}),
        "code": {"type": "string", "enum": [code.key for code in codebook.codes]},
        "ticks": _property(ReplyForm, "ticks", {"type": "array", "items": tick}),
        "place": _property(ReplyForm, "place", {"type": "string", "enum": [*Section, "both", "nowhere"]}),
        "confidence": {"type": "integer", "enum": list(CONFIDENCES)},
    }
    return _object(properties)


def read_reply(text: str, codebook: Codebook, *, leniently: bool) -> ReplyForm:
    """Read an answer.

    Args:
        text: What the judge wrote.
        codebook: What its code must belong to.
        leniently: Whether something may stand around the JSON object, as servers without schemas leave it. Of several
            objects in the form all must say the same: one of them may be copied from the trace.

    Raises:
        UnreadableReplyError: It is not one answer in the form, or its code is not of the codebook.
    """
    if not leniently:
        return _checked(_validated(text), codebook)
    forms: list[ReplyForm] = []
    reason = "it holds no JSON object"
    for candidate in _objects(text):
        try:
            forms.append(_checked(_validated(candidate), codebook))
        except UnreadableReplyError as error:
            reason = str(error) if reason.startswith("it holds") else reason
    if not forms:
        raise UnreadableReplyError(reason)
    if len({form.code for form in forms}) > 1:
        raise UnreadableReplyError(f"it gives {len(forms)} answers that differ")
    return forms[0]


def _validated(text: str) -> ReplyForm:
    try:
        return ReplyForm.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise UnreadableReplyError(f"{place}: {first['msg']}" if place else first["msg"]) from error


def _checked(form: ReplyForm, codebook: Codebook) -> ReplyForm:
    codes = [code.key for code in codebook.codes]
    if form.code not in codes:
        raise UnreadableReplyError(f"its code is {form.code!r}; expected one of: {', '.join(codes)}")
    return form


def _objects(text: str) -> Iterator[str]:
    """Yield the outermost JSON objects of a text, in order."""
    decoder = json.JSONDecoder()
    place = text.find("{")
    tries = 0
    while place >= 0 and tries < _MOST_TRIES:
        tries += 1
        try:
            end = cast("tuple[object, int]", decoder.raw_decode(text, place))[1]
        except (ValueError, RecursionError):
            place = text.find("{", place + 1)
            continue
        yield text[place:end]
        place = text.find("{", end)


def _object(properties: dict[str, Json]) -> dict[str, Json]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _property(form: type[BaseModel], name: str, schema: dict[str, Json]) -> dict[str, Json]:
    """Return a property's schema with the description that its model gives."""
    description = form.model_fields[name].description
    return {**schema, "description": description} if description else schema
