"""A study, open: one connection, its tables, and its transactions."""

import os
import secrets
import sqlite3
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from annotator.domain.codebook import Codebook
from annotator.errors import StudyError
from annotator_db.connection import Access, connect, explanation, immediate, shown, translating
from annotator_db.documents import DocumentTable
from annotator_db.filesystem import network_type
from annotator_db.importing import PairImporter
from annotator_db.judgements import JudgementTable
from annotator_db.labels import LabelTable
from annotator_db.migrate import migrate
from annotator_db.pairs import PairTable
from annotator_db.queue import QueueTable
from annotator_db.raters import RaterTable
from annotator_db.rows import from_json, to_json, utc_now
from annotator_db.votes import VoteTable


@dataclass(frozen=True, slots=True)
class Study:
    """The facts of a study."""

    study_id: str
    origin: str
    seed: int
    codebook_sha: str
    codebook_text: str
    guidelines_sha: str
    guidelines_text: str
    settings: dict[str, object]
    created_at: str


class Store:
    """One connection to one study; use it from one thread at a time."""

    def __init__(self, path: Path, connection: sqlite3.Connection, access: Access) -> None:
        self.path = path
        self.access = access
        self._connection = connection
        self.documents = DocumentTable(connection)
        self.pairs = PairTable(connection)
        self.raters = RaterTable(connection)
        self.labels = LabelTable(connection)
        self.judgements = JudgementTable(connection, self.documents)
        self.queue = QueueTable(connection)
        self.votes = VoteTable(connection)

    @classmethod
    def open(cls, path: Path, access: Access = Access.READ) -> Self:
        """Open an existing study; the errors are those of `connection.connect`."""
        return cls(path, connect(path, access), access)

    def close(self) -> None:
        """Close the connection; a second call does nothing."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
        # Most reading happens outside of a transaction of ours: what goes wrong there is a sentence too.
        explained = explanation(exc, self.path)
        if explained is not None:
            raise explained from exc

    @contextmanager
    def writing(self) -> Generator[Self]:
        """Run an immediate transaction: all of it is kept, or nothing."""
        with immediate(self._connection, self.path):
            yield self

    @contextmanager
    def reading(self) -> Generator[Self]:
        """Read several things from one state of the study."""
        with translating(self.path):
            self._connection.execute("begin")
            try:
                yield self
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")

    def study(self) -> Study:
        """Return the facts of the study."""
        with translating(self.path):
            row = self._connection.execute(
                """
                select study_id, origin, seed, codebook_sha, c.body, guidelines_sha, g.body, settings, created_at
                from study join document c on c.sha = codebook_sha join document g on g.sha = guidelines_sha
                """
            ).fetchone()
        if row is None:
            raise StudyError(f"{shown(self.path)} holds no study; it was not made by: annotator import")
        return Study(*row[:7], settings=from_json(row[7]), created_at=row[8])

    def set_setting(self, key: str, value: object) -> None:
        """Keep a setting; the caller holds the transaction."""
        (text,) = self._connection.execute("select settings from study").fetchone()
        self._connection.execute("update study set settings = ?", (to_json(from_json(text) | {key: value}),))

    def importer(self) -> PairImporter:
        """Return a writer of pair records; the caller holds the transaction."""
        study = self.study()
        return PairImporter(
            self._connection,
            seed=study.seed,
            origin=study.origin,
            codebook_sha=study.codebook_sha,
            guidelines_shas=frozenset({study.guidelines_sha}),
        )

    def last_activity(self) -> str | None:
        """Return the time of the last label or judgement, whichever is later."""
        (found,) = self._connection.execute(
            "select max(t) from (select max(made_at) as t from label union all select max(made_at) from judgement)"
        ).fetchone()
        return found

    def network_warning(self) -> str | None:
        """Return a sentence where the study lies on a network file system."""
        kind = network_type(self.path)
        if kind is None:
            return None
        return (
            f"{shown(self.path)} lies on a network file system ({kind}): writing is slower there, and several programs "
            "at once may damage it; a local disk is better"
        )


def lost_reservations(path: Path) -> list[Path]:
    """Return the unfinished studies that an import which was killed left beside `path`, older than an hour."""
    pattern = f".{escape(path.name)}.importing-*"
    return [found for found in path.absolute().parent.glob(pattern) if time.time() - found.stat().st_mtime > 3600]


@contextmanager
def creating_study(path: Path, codebook: Codebook, guidelines: str, *, seed: int | None = None) -> Generator[Store]:
    """Make a study; it appears under `path` whole, at the end, or not at all.

    Args:
        path: Where; must not exist.
        codebook: Kept in the study with its hash.
        guidelines: What raters read, Markdown.
        seed: Of everything that is drawn; by default a random one, kept in the study.

    Raises:
        StudyError: The path exists, or its folder cannot be written.
    """
    if path.exists():
        raise StudyError(f"{shown(path)} exists already; give another name, or import into it")
    for lost in lost_reservations(path):
        lost.unlink(missing_ok=True)
    draft = path.absolute().with_name(f".{path.name}.importing-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        # The file is this program's own until it is renamed: no other program waits for it, and nothing in it is lost.
        connection = sqlite3.connect(draft, isolation_level=None, check_same_thread=False)
    except sqlite3.OperationalError as error:
        raise StudyError(f"{shown(path)} cannot be made: {error}; is its folder there and writable?") from error
    try:
        try:
            with translating(path):
                connection.execute("pragma journal_mode = off")
                connection.execute("pragma synchronous = off")
                connection.execute("pragma foreign_keys = on")
                connection.execute("pragma cache_size = -32000")
                migrate(connection)
                store = Store(path, connection, Access.WRITE)
                connection.execute("begin immediate")
                _write_study(
                    store, connection, codebook, guidelines, secrets.randbelow(2**31) if seed is None else seed
                )
                yield store
                connection.execute("commit")
                connection.execute("pragma journal_mode = delete")
                if network_type(path) is None:
                    connection.execute("pragma journal_mode = wal")
        finally:
            connection.close()
        _publish(draft, path)
    finally:
        for leftover in (draft, draft.with_name(draft.name + "-wal"), draft.with_name(draft.name + "-shm")):
            leftover.unlink(missing_ok=True)


def _write_study(store: Store, connection: sqlite3.Connection, codebook: Codebook, guidelines: str, seed: int) -> None:
    connection.execute(
        """
        insert into study (one, study_id, origin, seed, codebook_sha, guidelines_sha, settings, created_at)
        values (1, ?, ?, ?, ?, ?, '{}', ?)
        """,
        (
            uuid4().hex,
            uuid4().hex,
            seed,
            store.documents.ensure("codebook", codebook.text),
            store.documents.ensure("guidelines", guidelines),
            utc_now(),
        ),
    )


def _publish(draft: Path, path: Path) -> None:
    """Give the finished file its name; refuse to replace one that appeared meanwhile."""
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError as error:
        raise StudyError(f"{shown(path)} appeared while it was being made; give another name") from error
    except OSError:
        # A file system without hard links: the check and the renaming are two steps there.
        if path.exists():
            raise StudyError(f"{shown(path)} appeared while it was being made; give another name") from None
        draft.rename(path)
    folder = os.open(path.absolute().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
