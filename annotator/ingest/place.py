"""A line of a pair file, and how an error there is put into words."""

import json
from dataclasses import dataclass
from typing import Final

from annotator.domain.display import display_line
from annotator.domain.pair import Json
from annotator.errors import ImportFormatError

_SHOWN_CHARS: Final = 60
"""How much of a wrong value an error repeats."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, counted from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    def refuse(self, field: str, value: Json, expected: str, remedy: str) -> ImportFormatError:
        """Return the error for a field with a value that it must not have."""
        named = display_line(field, _SHOWN_CHARS)
        return ImportFormatError(f"{self}: field '{named}' is {shown(value)}; expected {expected}; {remedy}")

    def missing(self, field: str, expected: str, remedy: str) -> ImportFormatError:
        """Return the error for a field that is not there."""
        return ImportFormatError(f"{self}: field '{field}' is missing; expected {expected}; {remedy}")

    def broken(self, what: str, remedy: str) -> ImportFormatError:
        """Return the error for a line that holds no object at all."""
        return ImportFormatError(f"{self}: {what}; expected one JSON object a line, in UTF-8; {remedy}")


def shown(value: Json) -> str:
    """Return a value as JSON: safe, on one line, short."""
    # Cut before writing out: a wrong value may be a whole trace.
    if isinstance(value, str):
        cut = value[: _SHOWN_CHARS + 1]
        return display_line(json.dumps(display_line(cut), ensure_ascii=False), _SHOWN_CHARS)
    try:
        return display_line(json.dumps(value, ensure_ascii=False), _SHOWN_CHARS)
    except RecursionError:
        return f"a deeply nested {'list' if isinstance(value, list) else 'object'}"
