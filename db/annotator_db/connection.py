"""Open a study file: the right pragmas, and one clear sentence for everything that can be wrong with it."""

import errno
import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import quote

from annotator.domain.display import display_line
from annotator.errors import (
    NewerStudyError,
    NotAStudyError,
    ReadOnlyStudyError,
    StudyError,
    StudyLockedError,
)
from annotator_db.filesystem import is_writable, network_type
from annotator_db.migrate import APPLICATION_ID, SCHEMA_VERSION, migrate

LOCK_TIMEOUT_S: Final = 10.0
"""How long a write waits for another program's write."""

_OUR_FAULTS: Final = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError, sqlite3.NotSupportedError)


class Access(StrEnum):
    """What a study is opened for."""

    READ = "read"
    WRITE = "write"


def shown(path: Path) -> str:
    """Return a path as an error may show it."""
    return display_line(str(path))


def connect(path: Path, access: Access, *, lock_timeout_s: float = LOCK_TIMEOUT_S) -> sqlite3.Connection:
    """Open an existing study.

    The connection is in autocommit mode: transactions are begun by `immediate`. It may be used from one thread at a
    time.

    Raises:
        NotAStudyError: No such file, a folder, no SQLite file, or no study.
        NewerStudyError: Written by a newer version of this program.
        ReadOnlyStudyError: Opened for writing, but file or folder cannot be written.
        StudyError: Damaged, or from an older version and not writable.
    """
    _check_file(path)
    writable = is_writable(path)
    if access is Access.WRITE and not writable:
        raise ReadOnlyStudyError(
            f"{shown(path)} is read-only: status, agreement and export work on it; "
            "to write, make the file and its folder writable, or copy it elsewhere"
        )
    with translating(path):
        connection = _open(path, access, writable=writable, lock_timeout_s=lock_timeout_s)
        try:
            _check_study(connection, path)
            (version,) = connection.execute("pragma user_version").fetchone()
            if version < SCHEMA_VERSION:
                _upgrade(path, writable=writable)
            if access is Access.WRITE:
                _prepare_writing(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def _check_file(path: Path) -> None:
    """Refuse what cannot be a study, without opening it.

    A file that is closed takes with it every lock that this process has on it (POSIX): another program would then take
    itself for the only one, and remove the log that our other connections write to. Only SQLite may open a study.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise NotAStudyError(f"{shown(path)} does not exist; make it with: annotator import STUDY FILE...") from error
    except OSError as error:
        raise NotAStudyError(f"{shown(path)} cannot be read: {error.strerror}") from error
    if path.is_dir():
        raise NotAStudyError(f"{shown(path)} is a folder; give the study's file")
    if not os.access(path, os.R_OK):
        raise NotAStudyError(f"{shown(path)} cannot be read: {os.strerror(errno.EACCES)}")
    if size == 0:
        raise NotAStudyError(f"{shown(path)} is empty; studies are made by: annotator import STUDY FILE...")


def _open(path: Path, access: Access, *, writable: bool, lock_timeout_s: float) -> sqlite3.Connection:
    # As bytes: a file's name need not be text.
    uri = f"file:{quote(os.fsencode(path.absolute()))}"
    if writable:
        # For reading too: who opens with mode=ro leaves the log and its index lying beside the study.
        options = "mode=rw"
    else:
        # SQLite keeps the log beside the file itself, not beside a link to it.
        real = path.resolve()
        log = real.with_name(real.name + "-wal")
        if log.exists() and log.stat().st_size > 0:
            raise StudyError(
                f"{shown(path)} is read-only and its last changes still stand in {shown(log)}; "
                "copy both files to a writable folder and open the copy"
            )
        options = "mode=ro&immutable=1"
    # The pre-fetching thread and the screen share a reading connection under a lock of their own.
    connection = sqlite3.connect(
        f"{uri}?{options}", uri=True, isolation_level=None, timeout=lock_timeout_s, check_same_thread=False
    )
    connection.execute("pragma foreign_keys = on")
    if access is Access.READ:
        connection.execute("pragma query_only = on")
    return connection


def _check_study(connection: sqlite3.Connection, path: Path) -> None:
    try:
        (application_id,) = connection.execute("pragma application_id").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_NOTADB:
            raise
        raise NotAStudyError(
            f"{shown(path)} is not a study (no SQLite file, or a damaged one); "
            "studies are made by: annotator import STUDY FILE..."
        ) from error
    if application_id != APPLICATION_ID:
        raise NotAStudyError(
            f"{shown(path)} is a SQLite file, but not a study of this program; give a file made by: annotator import"
        )
    (version,) = connection.execute("pragma user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise NewerStudyError(
            f"{shown(path)} has schema {version}, this program knows up to {SCHEMA_VERSION}; "
            "upgrade it: pip install --upgrade cot-annotator"
        )


def _upgrade(path: Path, *, writable: bool) -> None:
    if not writable:
        raise StudyError(f"{shown(path)} is of an older version and read-only; open a writable copy once to upgrade it")
    connection = _open(path, Access.WRITE, writable=True, lock_timeout_s=LOCK_TIMEOUT_S)
    try:
        migrate(connection)
    finally:
        connection.close()


def _prepare_writing(connection: sqlite3.Connection, path: Path) -> None:
    if network_type(path) is None:
        connection.execute("pragma journal_mode = wal")
    else:
        connection.execute("pragma journal_mode = delete")
    # A label is minutes of a person's attention: it survives a power cut, at .2 ms.
    connection.execute("pragma synchronous = full")


@contextmanager
def immediate(connection: sqlite3.Connection, path: Path) -> Generator[sqlite3.Connection]:
    """Run a write transaction that takes its lock at once.

    A deferred one that reads before it writes fails, whatever the time-out, when another program wrote in between.
    """
    with translating(path):
        connection.execute("begin immediate")
        try:
            yield connection
            connection.execute("commit")
        except BaseException:
            if connection.in_transaction:
                connection.execute("rollback")
            raise


@contextmanager
def translating(path: Path) -> Generator[None]:
    """Turn what SQLite says into what a user can act on."""
    try:
        yield
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        explained = explanation(error, path)
        if explained is None:
            raise
        raise explained from error


def explanation(error: BaseException | None, path: Path) -> StudyError | None:
    """Return what an error of SQLite means to a user; None for any other, and for what is a fault of this program."""
    # Text that is no text is how damage shows that SQLite does not see.
    if not isinstance(error, (sqlite3.DatabaseError, UnicodeDecodeError)) or isinstance(error, _OUR_FAULTS):
        return None
    # It may quote what it could not read.
    message = display_line(str(error), 120)
    if not isinstance(error, sqlite3.OperationalError) or message.startswith("Could not decode"):
        return StudyError(
            f"{shown(path)} is damaged (SQLite says: {message}); "
            "restore a copy, or rescue what is left with: sqlite3 STUDY .recover"
        )
    if "locked" in message or "busy" in message:
        return StudyLockedError(
            f"{shown(path)} has been locked by another program for {LOCK_TIMEOUT_S:.0f} s; "
            "close that program, or try again"
        )
    if "readonly" in message or "read-only" in message:
        return ReadOnlyStudyError(f"{shown(path)} cannot be written: {message}")
    if "full" in message:
        return StudyError(f"{shown(path)}: the disk is full; free some space and try again")
    return StudyError(f"{shown(path)}: SQLite says: {message}")
