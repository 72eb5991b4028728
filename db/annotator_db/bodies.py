"""Pack and unpack the long texts of a pair."""

import json
import threading
from collections.abc import Mapping
from typing import Final, cast

import zstandard

from annotator.domain.pair import Arm, Json, Pair, Passage, PassageKind, ReasoningKind
from annotator.domain.record import PairRecord
from annotator.errors import StudyError
from annotator_db.rows import Columns

PLAIN: Final = 0
ZSTD: Final = 1
_LEVEL: Final = 3
_SMALL: Final = 200
"""Below this many bytes compression does not pay."""

_thread = threading.local()


def _compressor() -> zstandard.ZstdCompressor:
    compressor = getattr(_thread, "compressor", None)
    if compressor is None:
        compressor = _thread.compressor = zstandard.ZstdCompressor(level=_LEVEL)
    return compressor


def _decompressor() -> zstandard.ZstdDecompressor:
    decompressor = getattr(_thread, "decompressor", None)
    if decompressor is None:
        decompressor = _thread.decompressor = zstandard.ZstdDecompressor()
    return decompressor


def serialise(value: Mapping[str, Json]) -> bytes:
    """Return a body's texts as UTF-8 JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def pack(data: bytes) -> tuple[int, bytes]:
    """Return codec and bytes. Safe to call from several threads, and other threads run meanwhile."""
    if len(data) < _SMALL:
        return PLAIN, data
    return ZSTD, _compressor().compress(data)


def unpack(codec: int, packed: bytes) -> Columns:
    """Read what `serialise` and `pack` wrote.

    Raises:
        StudyError: The bytes are damaged.
    """
    try:
        data = _decompressor().decompress(packed) if codec == ZSTD else packed
        return cast("Columns", json.loads(data))
    except (zstandard.ZstdError, ValueError) as error:
        raise StudyError(f"a text in the study is damaged ({error}); restore a copy of the study") from error


def pair_body(record: PairRecord) -> dict[str, Json]:
    """Return the texts that belong to both arms."""
    return {"question": record.pair.question, "choices": list(record.pair.choices)}


def arm_body(arm: Arm) -> dict[str, Json]:
    """Return an arm's texts."""
    return {
        "system": arm.system,
        "prompt": arm.prompt,
        "reasoning": arm.reasoning,
        "response": arm.response,
        "reasoning_kind": arm.reasoning_kind.value,
        "passages": [[passage.kind.value, passage.start, passage.end] for passage in arm.passages],
    }


def arm_from(body: Columns, answer: str | None) -> Arm:
    """Rebuild an arm."""
    return Arm(
        reasoning=body["reasoning"],
        response=body["response"],
        answer=answer,
        system=body["system"],
        prompt=body["prompt"],
        reasoning_kind=ReasoningKind(body["reasoning_kind"]),
        passages=tuple(Passage(PassageKind(kind), start, end) for kind, start, end in body["passages"]),
    )


def pair_from(head: Columns, bodies: Mapping[str, Columns]) -> Pair:
    """Rebuild a pair from its head's columns and its three bodies."""
    return Pair(
        pair_id=head["pair_id"],
        question=bodies["pair"]["question"],
        choices=tuple(bodies["pair"]["choices"]),
        correct_answer=head["correct_answer"],
        hint_type=head["hint_type"],
        hint_text=head["hint_text"],
        hint_answer=head["hint_answer"],
        model=head["model"],
        unhinted=arm_from(bodies["unhinted"], head["unhinted_answer"]),
        hinted=arm_from(bodies["hinted"], head["hinted_answer"]),
        meta=json.loads(head["meta"] or "{}"),
    )
