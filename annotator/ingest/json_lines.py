"""Read the JSON objects of a file, one a line: strictly, and one line in memory at a time."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias, cast

from annotator.domain.display import display_line
from annotator.domain.pair import Json
from annotator.errors import ImportFormatError
from annotator.ingest.place import Place, shown
from annotator.ingest.strict_json import (
    MAX_DEPTH,
    STRICT_DECODER,
    SURROGATE_ESCAPE,
    JsonObject,
    NotStrictJsonError,
    SurrogateMender,
    is_too_deep,
)

_BufferedFile: TypeAlias = "io.BufferedReader[io.FileIO]"

_BUFFER_BYTES: Final = 1 << 20
_REPORT_EVERY_BYTES: Final = 1 << 18
_PEEKED_BYTES: Final = 1 << 13
_REMEDIES: Final[dict[type[OSError], str]] = {
    FileNotFoundError: "check the name",
    IsADirectoryError: "name the files in it",
    PermissionError: "ask for the right to read it",
}
_ONE_A_LINE: Final = "write one object a line: jq -c"
_CONVERT: Final = "convert the file: iconv -f ITS_ENCODING -t UTF-8"


@dataclass(frozen=True, slots=True)
class ObjectLine:
    """One line's object."""

    place: Place
    values: JsonObject
    surrogates_replaced: int


def file_name(path: Path) -> str:
    """Return a path as errors and records name it: safe to show and to store."""
    return display_line(str(path))


def read_objects(path: Path, on_bytes: Callable[[int], None] | None = None) -> Iterator[ObjectLine]:
    r"""Yield the object of every line that is not blank.

    Lines end at `\n` only; a byte order mark before the first line and a `\r` before the end of a line are passed over.

    Args:
        path: A regular file or a pipe.
        on_bytes: Called now and then, and at the end, with the number of bytes read so far.

    Raises:
        ImportFormatError: The file cannot be read, is no text, holds no object, or a line is no JSON object.
    """
    name = file_name(path)
    try:
        with io.BufferedReader(io.FileIO(path), _BUFFER_BYTES) as file:
            _refuse_binary(file, name)
            yield from _objects(file, name, on_bytes)
    except OSError as error:
        remedy = _REMEDIES.get(type(error), "check the file and its disk")
        reason = error.strerror or display_line(str(error))
        raise ImportFormatError(f"{name}: cannot be read: {reason}; expected a file of pairs; {remedy}") from error


def _objects(file: _BufferedFile, name: str, on_bytes: Callable[[int], None] | None) -> Iterator[ObjectLine]:
    bytes_read = reported_bytes = 0
    found = False
    for number, line in enumerate(file, start=1):
        start = bytes_read
        bytes_read += len(line)
        if on_bytes and bytes_read - reported_bytes >= _REPORT_EVERY_BYTES:
            reported_bytes = bytes_read
            on_bytes(bytes_read)
        bare = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not bare or bare.isspace():
            continue
        found = True
        yield _object(bare, Place(name, number), start + len(line) - len(bare))
    if not found:
        raise ImportFormatError(f"{name}: holds no pair; expected one JSON object a line; check how it was written")
    if on_bytes:
        on_bytes(bytes_read)


def _object(line: bytes, place: Place, start: int) -> ObjectLine:
    """Read one line; `start` is where it begins in the file, in bytes."""
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        wrong = error.object[error.start]
        raise place.broken(
            f"byte {start + error.start} of the file ({wrong:#04x}) is not UTF-8",
            _CONVERT,
        ) from error
    try:
        value: object = STRICT_DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _not_json(line, text, place, error) from error
    except NotStrictJsonError as error:
        raise place.broken(str(error), "mend or remove the line") from error
    except RecursionError as error:
        raise _too_deep(place) from error
    except ValueError as error:
        # The one other complaint of the decoder: Python refuses to convert integers of thousands of digits.
        raise place.broken("a number has too many digits to be read", "write it in quotes, as text") from error
    if not isinstance(value, dict):
        kind = "a list" if isinstance(value, list) else shown(cast("Json", value))
        raise place.broken(f"the line is {kind}", f"{_ONE_A_LINE} '.[]'" if isinstance(value, list) else _ONE_A_LINE)
    values = cast("JsonObject", value)
    if SURROGATE_ESCAPE.search(line):
        refuse_depth(values, place)
        try:
            mender = SurrogateMender()
            return ObjectLine(place, mender.mended_object(values), mender.replaced)
        except NotStrictJsonError as error:
            raise place.broken(str(error), "mend or remove the line") from error
    return ObjectLine(place, values, 0)


def refuse_depth(value: Json, place: Place) -> None:
    """Refuse lists and objects nested more deeply than `MAX_DEPTH`: whatever compares or writes them recurses.

    Raises:
        ImportFormatError: They are.
    """
    if is_too_deep(value):
        raise _too_deep(place)


def _too_deep(place: Place) -> ImportFormatError:
    return place.broken(
        f"lists and objects are nested more than {MAX_DEPTH} deep", "flatten the line's meta and labels"
    )


def _refuse_binary(file: _BufferedFile, name: str) -> None:
    """Refuse a file that is no text, before its first line is looked for."""
    # Peeking, not seeking: the file may be a pipe.
    head = file.peek(_PEEKED_BYTES)[:_PEEKED_BYTES]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        what, remedy = "is UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8"
    elif head.startswith(b"\x1f\x8b"):
        what, remedy = "is not a text file (gzip)", "unpack it: gunzip"
    elif head.startswith(b"\x28\xb5\x2f\xfd"):
        what, remedy = "is not a text file (zstd)", "unpack it: zstd -d"
    elif head.startswith(b"SQLite format 3\0"):
        what, remedy = "is not a text file (SQLite)", "name the pair files after the study"
    elif b"\0" in head:
        what, remedy = "is not a text file (it holds NUL bytes)", "check the name"
    else:
        return
    raise ImportFormatError(f"{name}: {what}; expected one JSON object a line, in UTF-8; {remedy}")


def _not_json(line: bytes, text: str, place: Place, error: json.JSONDecodeError) -> ImportFormatError:
    """Say where a line stops being JSON, and what the file rather looks like."""
    if b"\0" in line:
        return place.broken("the line holds NUL bytes: this is not a text file", "check how it was written")
    near = shown(text[max(error.pos - 10, 0) : error.pos + 20])
    if not line.endswith(b"\n"):
        remedy = "the file's last line may be cut off: mend or remove it"
    elif text.lstrip().startswith("["):
        remedy = f"{_ONE_A_LINE} '.[]'"
    elif not text.lstrip().startswith("{"):
        remedy = "convert the file to JSON lines"
    elif error.pos >= len(text.rstrip()):
        remedy = f"if the object goes on in the next line, {_ONE_A_LINE} ."
    else:
        remedy = "mend or remove the line"
    return place.broken(f"column {error.pos + 1} is not JSON ({error.msg}) near {near}", remedy)
