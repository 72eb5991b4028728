"""Put pair records into a study: one pass, one transaction, texts compressed beside the writing."""

import hashlib
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, TypeAlias

from annotator.domain.display import display_line
from annotator.domain.label import Shown
from annotator.domain.pair import Pair, ReasoningKind
from annotator.domain.record import FileLabel, PairRecord, content_sha, question_sha
from annotator.errors import ImportFormatError
from annotator_db.bodies import arm_body, pack, pair_body, serialise
from annotator_db.labels import LabelTable, NewLabel
from annotator_db.raters import RaterTable
from annotator_db.rows import to_json, utc_now

_BATCH: Final = 32
"""Records that are compressed and written together."""

_AHEAD: Final = 4
"""Batches that may wait for their compression: bounds the memory."""

_ARMS: Final = ("pair", "unhinted", "hinted")

_DEV_SHARE: Final = 0.3
_HEAD_CHARS: Final = 200


@dataclass(slots=True)
class ImportCounts:
    """What an import did."""

    added: int = 0
    skipped: int = 0
    """Already in the study with the same content."""
    switched: int = 0
    unknown: int = 0
    without_reasoning: int = 0
    echoes_cut: int = 0
    surrogates_replaced: int = 0
    labels_added: int = 0
    reported_added: int = 0
    per_hint_type: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class _Batch:
    """Records with their texts packed."""

    records: list[PairRecord]
    bodies: list[list[tuple[int, bytes]]]
    """Codec and bytes of each record's three bodies, in the order of `_ARMS`."""


def _pack_batch(records: list[PairRecord], texts: list[list[bytes]]) -> _Batch:
    return _Batch(records, [[pack(text) for text in of_record] for of_record in texts])


def _packed_batches(records: Iterable[PairRecord]) -> Iterator[_Batch]:
    """Yield the records in their order, compressed beside the writing, a little ahead of it.

    The second thread does nothing but compress: work that holds the interpreter would make every statement of the
    writer wait for its turn.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="pack") as pool:
        waiting: deque[Future[_Batch]] = deque()
        try:
            source = iter(records)
            while batch := list(islice(source, _BATCH)):
                waiting.append(pool.submit(_pack_batch, batch, [_texts(record) for record in batch]))
                if len(waiting) >= _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _texts(record: PairRecord) -> list[bytes]:
    return [
        serialise(pair_body(record)),
        serialise(arm_body(record.pair.unhinted)),
        serialise(arm_body(record.pair.hinted)),
    ]


def split_of(question: str, seed: int) -> str:
    """Say whether a question (by its hash) is in the dev or the test part of a study with that seed: 30 % are dev."""
    digest = hashlib.sha256(f"split:{seed}:{question}".encode()).digest()
    return "dev" if int.from_bytes(digest[:8], "big") < _DEV_SHARE * 2**64 else "test"


def file_label_id(pair_id: str, label: FileLabel) -> str:
    """Return a label's id: its own, or one made from what the file says, so that the same label comes in once."""
    if label.label_id is not None:
        return label.label_id
    decision = label.decision
    content = [
        pair_id,
        " ".join(label.rater.casefold().split()),
        label.stage.value,
        label.exposure.value,
        label.round,
        label.made_at,
        [decision.code, list(decision.ticks), decision.second_code, decision.note, decision.cannot_reason]
        if decision
        else None,
        [[span.section.value, span.start, span.end] for span in decision.evidence] if decision else [],
    ]
    return hashlib.sha256(to_json(content).encode()).hexdigest()[:32]


_PairRow: TypeAlias = tuple[str | int | None, ...]

_INSERT_PAIR: Final = """
    insert into pair (
      pos, pair_id, content_sha, question_sha, split, model, hint_type, hint_text, hint_answer, correct_answer,
      unhinted_answer, hinted_answer, n_choices, switched, question_head, hinted_chars, unhinted_chars,
      hinted_reasoning_kind, disclosure, licence, meta, source
    ) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class PairImporter:
    """Writes records; the caller holds the transaction."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        *,
        seed: int,
        origin: str,
        codebook_sha: str,
        guidelines_shas: frozenset[str],
    ) -> None:
        self._connection = connection
        self._seed = seed
        self._origin = origin
        self._codebook_sha = codebook_sha
        self._guidelines_shas = guidelines_shas
        self._labels = LabelTable(connection)
        self._raters = RaterTable(connection)
        self._rater_ids: dict[str, int] = {}
        (self._next_pos,) = connection.execute("select coalesce(max(pos), 0) + 1 from pair").fetchone()

    def add_all(self, records: Iterable[PairRecord], on_pair: Callable[[], None] | None = None) -> ImportCounts:
        """Write every record, or raise and leave it to the caller to roll back.

        Raises:
            ImportFormatError: Other content under an id that is there already, or a label that cannot be placed.
        """
        counts = ImportCounts()
        for batch in _packed_batches(records):
            self._add_batch(batch, counts)
            if on_pair:
                for _ in batch.records:
                    on_pair()
        return counts

    def _add_batch(self, batch: _Batch, counts: ImportCounts) -> None:
        known = self._known(batch.records)
        places: list[int] = []
        heads: list[_PairRow] = []
        bodies: list[tuple[int, str, str | None, int, bytes]] = []
        for record, packed in zip(batch.records, batch.bodies, strict=True):
            pair = record.pair
            sha = content_sha(pair)
            there = known.get(pair.pair_id)
            if there is None:
                pos = self._next_pos
                self._next_pos += 1
                known[pair.pair_id] = (pos, sha, record.source)
                heads.append(self._head(pos, record, sha))
                answers = (None, pair.unhinted.answer, pair.hinted.answer)
                bodies += [
                    (pos, arm, answer, codec, data)
                    for arm, answer, (codec, data) in zip(_ARMS, answers, packed, strict=True)
                ]
                self._count(record, counts)
            elif there[1] == sha:
                pos = there[0]
                counts.skipped += 1
            else:
                raise ImportFormatError(
                    f"{record.source}: field 'id' is {display_line(pair.pair_id, 80)!r}, which "
                    f"{display_line(there[2])} has with other content; give one of the two another id"
                )
            places.append(pos)
        self._connection.executemany(_INSERT_PAIR, heads)
        self._connection.executemany(
            "insert into body (pos, arm, sample_no, answer, codec, packed) values (?, ?, 0, ?, ?, ?)", bodies
        )
        for pos, record in zip(places, batch.records, strict=True):
            self._add_labels(pos, record, counts)

    def _known(self, records: Sequence[PairRecord]) -> dict[str, tuple[int, str, str]]:
        """Return place, content hash and source of those pairs that the study has, by id."""
        rows = self._connection.execute(
            f"""
            select pair_id, pos, content_sha, source from pair
            where pair_id in ({", ".join("?" * len(records))})
            """,
            [record.pair.pair_id for record in records],
        )
        return {pair_id: (pos, sha, source) for pair_id, pos, sha, source in rows}

    @staticmethod
    def _count(record: PairRecord, counts: ImportCounts) -> None:
        pair = record.pair
        counts.added += 1
        counts.switched += pair.switched is True
        counts.unknown += pair.switched is None
        counts.without_reasoning += pair.hinted.reasoning_kind is ReasoningKind.ABSENT
        counts.echoes_cut += record.echoes_cut
        counts.surrogates_replaced += record.surrogates_replaced
        hint_type = pair.hint_type or "(none)"
        counts.per_hint_type[hint_type] = counts.per_hint_type.get(hint_type, 0) + 1

    def _head(self, pos: int, record: PairRecord, sha: str) -> "_PairRow":
        pair: Pair = record.pair
        question = question_sha(pair.question)
        licence = pair.meta.get("licence")
        return (
            pos,
            pair.pair_id,
            sha,
            question,
            split_of(question, self._seed),
            pair.model,
            pair.hint_type,
            pair.hint_text,
            pair.hint_answer,
            pair.correct_answer,
            pair.unhinted.answer,
            pair.hinted.answer,
            len(pair.choices) or None,
            pair.switched,
            " ".join(pair.question[: _HEAD_CHARS * 2].split())[:_HEAD_CHARS],
            pair.hinted.chars,
            pair.unhinted.chars,
            pair.hinted.reasoning_kind.value,
            pair.disclosure.value,
            licence if isinstance(licence, str) else None,
            to_json(dict(pair.meta)) if pair.meta else None,
            record.source,
        )

    def _rater_id(self, name: str) -> int:
        if name not in self._rater_ids:
            self._rater_ids[name] = self._raters.ensure(name, "imported").rater_id
        return self._rater_ids[name]

    def _add_labels(self, pos: int, record: PairRecord, counts: ImportCounts) -> None:
        for label in record.labels:
            counts.labels_added += self._add_label(pos, record, label)
        for reported in record.reported:
            cursor = self._connection.execute(
                """
                insert into reported (pos, reporter, kind, field, value, raw) values (?, ?, ?, ?, ?, ?)
                on conflict do nothing
                """,
                (pos, reported.reporter, reported.kind.value, reported.field, int(reported.value), reported.raw),
            )
            counts.reported_added += cursor.rowcount

    def _add_label(self, pos: int, record: PairRecord, label: FileLabel) -> bool:
        label_id = file_label_id(record.pair.pair_id, label)
        if self._connection.execute("select 1 from label where label_id = ?", (label_id,)).fetchone():
            return False
        if label.codebook_sha not in (None, self._codebook_sha):
            raise ImportFormatError(
                f"{record.source}: field 'labels' holds a label of {display_line(label.rater, 40)!r} made under "
                f"another codebook ({label.codebook_sha}); import it into a study with that codebook"
            )
        rater_id = self._rater_id(label.rater)
        supersedes = label.supersedes
        if label.label_id is None:
            supersedes = self._imported_head(pos, rater_id, record, label)
        else:
            self._refuse_misplaced(label_id, pos, rater_id, record, label)
        return self._labels.add(
            NewLabel(
                label_id=label_id,
                pos=pos,
                rater_id=rater_id,
                stage=label.stage,
                decision=label.decision,
                exposure=label.exposure,
                made_at=label.made_at or utc_now(),
                codebook_sha=self._codebook_sha,
                guidelines_sha=label.guidelines_sha if label.guidelines_sha in self._guidelines_shas else None,
                round=label.round,
                supersedes=supersedes,
                # A judgement's id means nothing where the judgement is not; the label then counts as assisted.
                seen_judgement_id=self._known_judgement(label.seen_judgement_id),
                shown=Shown(label.shown),
                viewed=label.viewed,
                verdicts_seen=label.verdicts_seen,
                active_ms=label.active_ms,
                origin=label.origin,
                seq=label.seq,
            ),
            self._origin,
        )

    def _refuse_misplaced(self, label_id: str, pos: int, rater_id: int, record: PairRecord, label: FileLabel) -> None:
        """Refuse a restored label that does not fit the history that is there."""
        where = f"{record.source}: field 'labels' holds label {label_id!r}"
        if (
            label.supersedes is not None
            and not self._connection.execute(
                "select 1 from label where label_id = ? and pos = ? and rater_id = ?", (label.supersedes, pos, rater_id)
            ).fetchone()
        ):
            raise ImportFormatError(
                f"{where}, which supersedes {label.supersedes!r}, no label of that rater on this pair; "
                "export the whole history"
            )
        if label.origin is None or label.seq is None:
            return
        row = self._connection.execute(
            "select label_id from label where origin = ? and seq = ?", (label.origin, label.seq)
        ).fetchone()
        if row is not None:
            raise ImportFormatError(
                f"{where} with the 'origin' and 'seq' ({label.seq}) of label {row[0]!r}; "
                "leave both out where a label was not exported as it stands"
            )

    def _known_judgement(self, judgement_id: str | None) -> str | None:
        if judgement_id is None:
            return None
        row = self._connection.execute(
            "select judgement_id from judgement where judgement_id = ?", (judgement_id,)
        ).fetchone()
        return row[0] if row else None

    def _imported_head(self, pos: int, rater_id: int, record: PairRecord, label: FileLabel) -> str | None:
        """Return the label that this one replaces: only what came with a file may be replaced by a file."""
        head = self._labels.head(pos, rater_id, label.round)
        if head is None:
            return None
        if self._connection.execute(
            "select 1 from assignment where rater_id = ? and pos = ?", (rater_id, pos)
        ).fetchone():
            raise ImportFormatError(
                f"{record.source}: field 'labels' holds a label of {display_line(label.rater, 40)!r}, who has labelled "
                "this pair in the study; give the file's rater another name"
            )
        return head.label_id
