"""Read the `labels` of a pair line: people's codes, published booleans, and what other judges said."""

import json
from dataclasses import dataclass, field
from typing import Final

from annotator.domain.codebook import Codebook
from annotator.domain.pair import Json
from annotator.domain.record import FileLabel, RaterKind, Reported
from annotator.ingest.evidence import HintedTexts
from annotator.ingest.fields import required_text
from annotator.ingest.human_labels import LABEL_FIELDS, is_label, read_human_label
from annotator.ingest.place import Place
from annotator.ingest.strict_json import JsonObject

KNOWN_BOOLEANS: Final = frozenset({"verbalized", "mentions_hint", "relied_on_hint", "hint_present"})
"""Booleans with a fixed meaning; these may also be spelled `"True"`, `"FALSE"`, 0 or 1, as tables write them."""

_SPELLED: Final = {"true": True, "false": False, "1": True, "0": False}
_NOT_GIVEN: Final = frozenset({"", "null", "none", "nan", "n/a"})


@dataclass(slots=True)
class LineLabels:
    """What the `labels` of one line hold."""

    labels: list[FileLabel] = field(default_factory=list[FileLabel])
    reported: list[Reported] = field(default_factory=list[Reported])
    judge_labels: list[Json] = field(default_factory=list[Json])
    """Entries of judges with codes: another tool's codes are no judgements of ours, so they are kept as they stand."""
    without_value: list[Json] = field(default_factory=list[Json])
    """Entries whose only boolean is null or empty: the reporter was asked and gave nothing."""


def read_labels(value: Json, texts: HintedTexts, codebook: Codebook, place: Place) -> LineLabels:
    """Read the value of `labels`.

    Raises:
        ImportFormatError: An entry is no object, says not who or what kind, holds nothing that can be used, or
            contradicts another one.
    """
    read = LineLabels()
    if value is None:
        return read
    if not isinstance(value, list):
        raise place.refuse("labels", value, "a list of objects", "write [] where there are none")
    for number, entry in enumerate(value):
        name = f"labels[{number}]"
        if not isinstance(entry, dict):
            raise place.refuse(name, entry, "an object with rater and kind", "write it as one")
        _read_entry(entry, read, texts, codebook, place, name)
    return read


def _read_entry(
    entry: JsonObject, read: LineLabels, texts: HintedTexts, codebook: Codebook, place: Place, name: str
) -> None:
    rater = required_text(entry, "rater", place, f"{name}.").strip()
    kind = _kind(entry, place, name)
    is_used = False
    if is_label(entry):
        is_used = True
        if kind is RaterKind.HUMAN:
            read.labels.append(read_human_label(rater, entry, texts, codebook, place, f"{name}."))
        elif entry not in read.judge_labels:
            read.judge_labels.append(entry)
    raw = None
    is_asked = False
    for key, value in entry.items():
        is_known = key in KNOWN_BOOLEANS
        if not is_known and (not isinstance(value, bool) or key in LABEL_FIELDS):
            continue
        said = _boolean(value, place, f"{name}.{key}") if is_known else bool(value)
        if said is None:
            is_asked = True
            continue
        is_used = True
        raw = raw or json.dumps(entry, ensure_ascii=False)
        _add_reported(Reported(rater, kind, key, said, raw), read.reported, place, name)
    if not is_used:
        if not is_asked:
            raise place.missing(
                f"{name}.code",
                f"a code ({', '.join(code.key for code in codebook.codes)}), or a boolean such as 'verbalized'",
                "add one, or remove the entry",
            )
        read.without_value.append(entry)


def _kind(entry: JsonObject, place: Place, name: str) -> RaterKind:
    if "kind" not in entry:
        raise place.missing(f"{name}.kind", " or ".join(RaterKind), "say whether a person or a judge said so")
    value = entry["kind"]
    if value not in tuple(RaterKind):
        raise place.refuse(f"{name}.kind", value, " or ".join(RaterKind), "say whether a person or a judge said so")
    return RaterKind(value)


def _boolean(value: Json, place: Place, name: str) -> bool | None:
    """Return a known boolean however it is spelled; None where nothing was given."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (str, int, float)):
        spelled = value.strip().casefold() if isinstance(value, str) else format(value, "g")
        if spelled in _SPELLED:
            return _SPELLED[spelled]
        if spelled in _NOT_GIVEN:
            return None
    raise place.refuse(name, value, "true or false", "use null where it is not known")


def _add_reported(new: Reported, reported: list[Reported], place: Place, name: str) -> None:
    """Add a boolean unless the same reporter has already said the same."""
    for old in reported:
        if (old.reporter, old.kind, old.field) == (new.reporter, new.kind, new.field):
            if old.value != new.value:
                raise place.refuse(
                    f"{name}.{new.field}",
                    new.value,
                    f"what the same {new.kind} says in an earlier entry, {json.dumps(old.value)}",
                    "give the two different raters' names, or keep one",
                )
            return
    reported.append(new)
