"""Read JSON strictly, and mend what SQLite cannot hold."""

import json
import math
import re
from typing import Final, TypeAlias

from annotator.domain.display import display_line
from annotator.domain.pair import Json
from annotator.ingest.place import shown

JsonObject: TypeAlias = dict[str, Json]

MAX_DEPTH: Final = 64
"""How deeply lists and objects may be nested. Python's own limit depends on its version and on the caller."""

SURROGATE_ESCAPE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
"""What may bring in a lone surrogate: only an escape can, since UTF-8 cannot spell one."""
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class NotStrictJsonError(ValueError):
    """What Python's decoder would let pass: a repeated key, NaN, a number beyond all bounds."""


def is_too_deep(value: Json) -> bool:
    """Say whether lists and objects are nested more deeply than `MAX_DEPTH`, without recursion."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(MAX_DEPTH):
        deeper: list[dict[str, Json] | list[Json]] = []
        for container in level:
            inner = container.values() if isinstance(container, dict) else container
            deeper += [member for member in inner if isinstance(member, (dict, list))]
        if not deeper:
            return False
        level = deeper
    return True


def _object_of_pairs(pairs: list[tuple[str, Json]]) -> JsonObject:
    values = dict(pairs)
    if len(values) != len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise NotStrictJsonError(f"key {shown(repeated)} stands twice in one object")
    return values


def _refuse_constant(name: str) -> Json:
    raise NotStrictJsonError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise NotStrictJsonError(f"number {display_line(digits, 40)} is too large")
    return number


STRICT_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object_of_pairs, parse_constant=_refuse_constant, parse_float=_finite
)
"""Raises `NotStrictJsonError`, JSONDecodeError, RecursionError, or ValueError for an integer of thousands of digits."""


class SurrogateMender:
    """Replaces lone surrogates, which SQLite cannot hold, by U+FFFD one for one, and counts them."""

    def __init__(self) -> None:
        self.replaced = 0

    def mended_object(self, values: JsonObject) -> JsonObject:
        """Return an object with every key and text mended; it must not be too deep.

        Raises:
            NotStrictJsonError: Two keys have become the same.
        """
        return _object_of_pairs([(self._text(key), self._value(value)) for key, value in values.items()])

    def _value(self, value: Json) -> Json:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self._value(member) for member in value]
        if isinstance(value, dict):
            return self.mended_object(value)
        return value

    def _text(self, text: str) -> str:
        if text.isascii():
            return text
        mended, count = _LONE_SURROGATE.subn("\ufffd", text)
        self.replaced += count
        return mended
