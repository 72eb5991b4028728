"""Create and upgrade a study's schema: each step one SQL file, all steps in one immediate transaction."""

import sqlite3
from collections.abc import Callable
from importlib import resources
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

STEPS: Final = ("0001_create_study", "0002_create_views")
"""The migrations, in order. A study's `pragma user_version` is the number of steps it has taken."""

SCHEMA_VERSION: Final = len(STEPS)
"""The version that this program writes."""

APPLICATION_ID: Final = 0x434F5441
"""`COTA`: marks a SQLite file as a study."""


def _sql(step: str) -> str:
    return (resources.files("annotator_db.migrations") / f"{step}.sql").read_text("utf-8")


def migrations(steps: tuple[str, ...] = STEPS) -> "Migrations":
    """Return the steps as a sqlite-utils migration set."""
    # Imported here because it costs 90 ms and pulls in numpy: opening a study that is up to date does without.
    from sqlite_utils.migrations import Migrations

    migration_set = Migrations("annotator")
    for step in steps:
        migration_set(name=step)(_runner(_sql(step)))
    return migration_set


def _runner(sql: str) -> "Callable[[Database], None]":
    def run(db: "Database") -> None:
        db.executescript(sql)

    return run


def migrate(connection: sqlite3.Connection, steps: tuple[str, ...] = STEPS) -> None:
    """Bring the schema up to the last of `steps`; do nothing where it is there already.

    Two programs may do this to one file at once: the outer immediate transaction lets one of them wait, and then find
    nothing left to do. (The library's own transactions are deferred, and fail instead of waiting.)
    """
    from sqlite_utils import Database

    connection.execute("begin immediate")
    try:
        (version,) = connection.execute("pragma user_version").fetchone()
        if version < len(steps):
            migrations(steps).apply(Database(connection))
            connection.execute(f"pragma application_id = {APPLICATION_ID}")
            connection.execute(f"pragma user_version = {len(steps)}")
    except BaseException:
        if connection.in_transaction:
            connection.execute("rollback")
        raise
    connection.execute("commit")


def schema_text() -> str:
    """Return the schema of a fresh study as SQL; `db/schema.sql` holds it for readers, and a test compares the two."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(connection)
        rows = connection.execute(
            "select sql from sqlite_schema where sql is not null and tbl_name <> '_sqlite_migrations' order by rowid"
        ).fetchall()
    finally:
        connection.close()
    return "".join(f"{sql};\n\n" for (sql,) in rows).rstrip() + "\n"
