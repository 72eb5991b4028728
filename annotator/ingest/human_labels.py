"""Read a person's label from a pair file."""

import re
from datetime import UTC, datetime
from typing import Final

from annotator.domain.codebook import Codebook
from annotator.domain.label import Decision, Exposure, LabelStage
from annotator.domain.pair import Json
from annotator.domain.record import FileLabel
from annotator.ingest.evidence import HintedTexts, read_evidence
from annotator.ingest.fields import optional_text, required_text, whole_number
from annotator.ingest.place import Place
from annotator.ingest.strict_json import JsonObject

_TYPED_FIELDS: Final = frozenset({"rater", "kind", "code", "evidence", "ticks", "second_code", "note", "cannot_reason"})
_HISTORY_FIELDS: Final = frozenset({"label_id", "supersedes", "seen_judgement_id", "origin", "seq", "stage", "round"})
_SCREEN_FIELDS: Final = frozenset({"exposure", "made_at", "active_ms", "shown", "viewed", "verdicts_seen"})
LABEL_FIELDS: Final = _TYPED_FIELDS | _HISTORY_FIELDS | _SCREEN_FIELDS | {"guidelines_sha", "codebook_sha"}
"""The fields of an entry that belong to a label; any other boolean is a published one."""

_LABEL_ID: Final = re.compile(r"[0-9a-f]{32}")


def is_label(entry: JsonObject) -> bool:
    """Say whether an entry of `labels` is a label, not only a set of booleans: it has a code, or withdraws one."""
    return entry.get("code") not in (None, "") or entry.get("stage") == LabelStage.WITHDRAWN


def read_human_label(
    rater: str, entry: JsonObject, texts: HintedTexts, codebook: Codebook, place: Place, parent: str
) -> FileLabel:
    """Read a label; what the entry does not say is left unknown.

    Args:
        rater: Who gave it.
        entry: An entry of `labels` that `is_label`.
        texts: The hinted arm, in which the evidence stands.
        codebook: Its codes and ticks are the only ones allowed.
        place: For errors.
        parent: The entry's name in errors, with a dot.

    Raises:
        ImportFormatError: A field has a wrong type, names no code or tick, or a quote does not stand in the arm.
    """
    stage = LabelStage(_one_of(entry, "stage", tuple(LabelStage), LabelStage.IMPORTED, place, parent))
    if stage is LabelStage.WITHDRAWN:
        if entry.get("code") not in (None, ""):
            raise place.refuse(f"{parent}code", entry["code"], "null in a withdrawal", "remove the code or the stage")
        required_text(entry, "supersedes", place, parent)
    return FileLabel(
        rater=rater,
        decision=None if stage is LabelStage.WITHDRAWN else _decision(entry, texts, codebook, place, parent),
        stage=stage,
        exposure=Exposure(_one_of(entry, "exposure", tuple(Exposure), Exposure.UNKNOWN, place, parent)),
        made_at=_made_at(entry, place, parent),
        active_ms=whole_number(entry, "active_ms", place, parent),
        round=whole_number(entry, "round", place, parent, least=1) or 1,
        label_id=_label_id(entry, "label_id", place, parent),
        supersedes=_label_id(entry, "supersedes", place, parent),
        seen_judgement_id=optional_text(entry, "seen_judgement_id", place, parent),
        shown=whole_number(entry, "shown", place, parent) or 0,
        viewed=_share(entry, "viewed", place, parent),
        verdicts_seen=whole_number(entry, "verdicts_seen", place, parent) or 0,
        guidelines_sha=optional_text(entry, "guidelines_sha", place, parent),
        codebook_sha=optional_text(entry, "codebook_sha", place, parent),
        origin=optional_text(entry, "origin", place, parent),
        seq=whole_number(entry, "seq", place, parent),
    )


def _decision(entry: JsonObject, texts: HintedTexts, codebook: Codebook, place: Place, parent: str) -> Decision:
    codes = tuple(code.key for code in codebook.codes)
    code = entry["code"]
    if not isinstance(code, str) or code not in codes:
        raise _no_code(f"{parent}code", code, codes, codebook, place)
    second_code = optional_text(entry, "second_code", place, parent)
    if second_code and second_code not in codes:
        raise _no_code(f"{parent}second_code", second_code, codes, codebook, place)
    return Decision(
        code=code,
        evidence=read_evidence(entry.get("evidence"), texts, place, f"{parent}evidence"),
        ticks=_ticks(entry, codebook, place, parent),
        second_code=second_code or None,
        note=optional_text(entry, "note", place, parent) or None,
        cannot_reason=optional_text(entry, "cannot_reason", place, parent) or None,
    )


def _no_code(field: str, value: Json, codes: tuple[str, ...], codebook: Codebook, place: Place) -> Exception:
    expected = f"a code of codebook {codebook.name!r}: {', '.join(codes)}"
    return place.refuse(field, value, expected, "mend it, or import with the codebook that has it (--codebook)")


def _ticks(entry: JsonObject, codebook: Codebook, place: Place, parent: str) -> tuple[str, ...]:
    value = entry.get("ticks")
    if value is None:
        return ()
    if not isinstance(value, list):
        raise place.refuse(f"{parent}ticks", value, "a list of ticks", "write [] where there are none")
    known = [tick.key for tick in codebook.ticks]
    ticks: list[str] = []
    for number, tick in enumerate(value):
        if not isinstance(tick, str) or tick not in known:
            expected = f"a tick of codebook {codebook.name!r}: {', '.join(known) or 'it has none'}"
            raise place.refuse(f"{parent}ticks[{number}]", tick, expected, "mend it or remove it")
        if tick not in ticks:
            ticks.append(tick)
    return tuple(ticks)


def _one_of(entry: JsonObject, key: str, allowed: tuple[str, ...], default: str, place: Place, parent: str) -> str:
    value = entry.get(key)
    if value is None:
        return default
    if not isinstance(value, str) or value not in allowed:
        raise place.refuse(parent + key, value, ", ".join(allowed), "leave it out where it is not known")
    return value


def _made_at(entry: JsonObject, place: Place, parent: str) -> str | None:
    """Return when the label was made, in UTC; a time that is already in UTC stays as it is written."""
    text = optional_text(entry, "made_at", place, parent)
    if text is None:
        return None
    try:
        when = datetime.fromisoformat(text)
        in_utc = when.astimezone(UTC) if when.tzinfo else None
    except (ValueError, OverflowError):
        in_utc = None
    if in_utc is None:
        expected = "an ISO 8601 time with its zone, such as 2026-01-31T09:30:00Z"
        raise place.refuse(f"{parent}made_at", text, expected, "add the zone, or leave it out where it is not known")
    return text if text.endswith(("Z", "+00:00")) and "T" in text else in_utc.isoformat()


def _label_id(entry: JsonObject, key: str, place: Place, parent: str) -> str | None:
    value = optional_text(entry, key, place, parent)
    if value is not None and not _LABEL_ID.fullmatch(value):
        raise place.refuse(parent + key, value, "32 hexadecimal digits", "leave it out: only our own exports give it")
    return value


def _share(entry: JsonObject, key: str, place: Place, parent: str) -> float | None:
    value = entry.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise place.refuse(parent + key, value, "a share from 0 to 1", "leave it out where it is not known")
    return float(value)
