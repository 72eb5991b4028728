"""Read canonical pair files: JSONL, one pair an object, one object a line."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from annotator.domain.codebook import Codebook
from annotator.domain.pair import ArmName, Disclosure, Json, Pair
from annotator.domain.record import PairRecord
from annotator.errors import ImportFormatError
from annotator.ingest.arms import ArmContext, ReadArm, read_arm
from annotator.ingest.evidence import HintedTexts
from annotator.ingest.fields import answer_of, choices_of, hint_answer_of, object_of, optional_text, pair_id_of
from annotator.ingest.json_lines import ObjectLine, file_name, read_objects, refuse_depth
from annotator.ingest.labels import LineLabels, read_labels
from annotator.ingest.place import Place
from annotator.ingest.strict_json import JsonObject

_PAIR_FIELDS: Final = frozenset({"id", "question", "choices", "correct_answer", "model", "unhinted", "hinted"})
_HINT_FIELDS: Final = frozenset({"hint_type", "hint_text", "hint_answer"})
_FIELDS: Final = _PAIR_FIELDS | _HINT_FIELDS | {"labels", "meta"}
_HASHES: Final = frozenset({"content_sha", "question_sha"})
"""The mark of a line of our own export."""
_DERIVED_FIELDS: Final = _HASHES | {
    "switched",
    "split",
    "excluded_because",
    "gold",
    "judgements",
    "assignments",
    "reported",
}
"""What an export adds that follows from the rest, or is no property of the pair: it would be stale in meta."""
_DISCLOSURES: Final = tuple(Disclosure)


def read_pair_file(
    path: Path, codebook: Codebook, on_bytes: Callable[[int], None] | None = None
) -> Iterator[PairRecord]:
    """Yield the pairs of a file in order, one line in memory at a time.

    Args:
        path: The file.
        codebook: What the codes and ticks of labels must belong to.
        on_bytes: Called now and then, and at the end, with the number of bytes read so far; see `file_bytes`.

    Raises:
        ImportFormatError: Names file, line, field, value, what was expected and what to do. Records before the line
            have been yielded by then: whoever stores them must do so all or nothing.
    """
    for line in read_objects(path, on_bytes):
        yield _record(line, codebook)


def file_bytes(path: Path) -> int:
    """Return the size of a file, 0 for a pipe.

    Raises:
        ImportFormatError: There is no such file.
    """
    try:
        return path.stat().st_size
    except OSError as error:
        raise ImportFormatError(
            f"{file_name(path)}: cannot be read: {error.strerror}; expected a file of pairs; check the name"
        ) from error


def _record(line: ObjectLine, codebook: Codebook) -> PairRecord:
    values, place = line.values, line.place
    pair_id = pair_id_of(values, place)
    question = optional_text(values, "question", place) or ""
    choices = choices_of(values, place)
    hint_text = optional_text(values, "hint_text", place)
    hint_answer = hint_answer_of(values, choices, place)
    context = ArmContext(question, choices, hint_text, place)
    hinted = read_arm(values, ArmName.HINTED, context)
    unhinted = read_arm(values, ArmName.UNHINTED, context)
    labels = None
    if values.get("labels") not in (None, []):
        refuse_depth(values["labels"], place)
        labels = read_labels(values["labels"], HintedTexts(hinted.arm, hinted.texts.response_was_cut), codebook, place)
    pair = Pair(
        pair_id,
        question,
        hint_answer,
        hinted.arm,
        unhinted.arm,
        choices,
        answer_of(values, "correct_answer", choices, place),
        optional_text(values, "hint_type", place),
        hint_text,
        optional_text(values, "model", place),
        _meta(values, hinted, unhinted, labels, place),
    )
    return PairRecord(
        pair,
        str(place),
        tuple(labels.labels) if labels else (),
        tuple(labels.reported) if labels else (),
        hinted.texts.has_echo + unhinted.texts.has_echo,
        line.surrogates_replaced,
    )


def _meta(
    values: JsonObject, hinted: ReadArm, unhinted: ReadArm, labels: LineLabels | None, place: Place
) -> dict[str, Json]:
    """Gather what the program has no field for: the file's meta, unknown fields, other tools' labels."""
    meta: dict[str, Json] = dict(object_of(values, "meta", place) or {})
    refuse_depth(meta, place)
    if not values.keys() <= _FIELDS:
        known = _FIELDS | _DERIVED_FIELDS if values.keys() >= _HASHES else _FIELDS
        _merge(meta, {key: value for key, value in values.items() if key not in known}, "", place)
    for name, arm in ((ArmName.UNHINTED, unhinted), (ArmName.HINTED, hinted)):
        if arm.unknown:
            inner = meta.get(name.value, {})
            if not isinstance(inner, dict):
                raise place.refuse(f"meta.{name}", inner, "an object, to hold the arm's other fields", "rename it")
            inner = dict(inner)
            _merge(inner, arm.unknown, f"{name}.", place)
            meta[name.value] = inner
    if labels:
        _keep(meta, "judge_labels", labels.judge_labels, place)
        _keep(meta, "labels_without_value", labels.without_value, place)
    disclosure = meta.get("disclosure")
    if disclosure is not None and disclosure not in _DISCLOSURES:
        raise place.refuse("meta.disclosure", disclosure, ", ".join(Disclosure), "leave it out where it is not known")
    return meta


def _merge(meta: dict[str, Json], unknown: dict[str, Json], parent: str, place: Place) -> None:
    refuse_depth(unknown, place)
    for key, value in unknown.items():
        if key in meta and meta[key] != value:
            raise place.refuse(
                f"{parent}{key}",
                value,
                "the same as in meta, where fields without a place of their own go",
                "rename it",
            )
        meta[key] = value


def _keep(meta: dict[str, Json], key: str, entries: list[Json], place: Place) -> None:
    """Add entries of `labels` to a list in meta, each once: a file of our own may hold them there already."""
    if not entries:
        return
    kept = meta.get(key, [])
    if not isinstance(kept, list):
        raise place.refuse(f"meta.{key}", kept, "a list, to hold entries of labels", "rename it")
    meta[key] = [*kept, *(entry for entry in entries if entry not in kept)]
