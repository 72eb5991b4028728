"""Schema steps: from every earlier schema with rows in it, all or nothing, also when several programs come at once."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils import Database

from annotator.errors import StudyError
from annotator_db import migrate as migrate_module
from annotator_db.connection import Access
from annotator_db.migrate import APPLICATION_ID, SCHEMA_VERSION, STEPS, migrate, migrations, schema_text
from annotator_db.store import Store

_ROWS = """
    insert into document values ('c0de', 'codebook', 'codes', '2026'), ('601de', 'guidelines', 'read', '2026');
    insert into study values (1, 'study', 'here', 7, 'c0de', '601de', null, '{}', '2026');
    insert into pair (pos, pair_id, content_sha, question_sha, split, hint_answer, hinted_answer, unhinted_answer,
      switched, hinted_chars, unhinted_chars, hinted_reasoning_kind, disclosure, source)
    values (1, 'p1', 'a', 'q', 'dev', 'C', 'C', 'B', 1, 10, 10, 'full', 'unknown', 'old.jsonl:1');
    insert into body values (1, 'pair', 0, null, 0, x'7b7d');
    insert into rater values (1, 'ann', 'Ann', 'human', '2026', null), (2, 'bob', 'Bob', 'human', '2026', null);
    insert into label (label_id, pos, rater_id, stage, code, exposure, shown, codebook_sha, made_at, origin, seq)
    values ('l1', 1, 1, 'first', 'relies', 'blind', 0, 'c0de', '2026', 'here', 1),
      ('l2', 1, 2, 'first', 'relies', 'blind', 0, 'c0de', '2026', 'here', 2);
    insert into label_span values ('l1', 0, 'reasoning', 0, 4, 'says');
"""


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def _old_study(path: Path, steps: int) -> Path:
    """Make a study of an earlier schema, with rows."""
    connection = _connect(path)
    connection.execute("pragma journal_mode = wal")
    migrate(connection, STEPS[:steps])
    connection.executescript(_ROWS)
    connection.close()
    return path


def _schema(path: Path) -> list[tuple[str, str, str]]:
    connection = _connect(path)
    rows = connection.execute("select type, name, sql from sqlite_schema order by type, name").fetchall()
    connection.close()
    return rows


def _value(path: Path, query: str) -> object:
    connection = _connect(path)
    (value,) = connection.execute(query).fetchone()
    connection.close()
    return value


def _fresh(path: Path) -> Path:
    connection = _connect(path)
    migrate(connection)
    connection.close()
    return path


each_earlier_step = pytest.mark.parametrize("steps", range(1, len(STEPS)))


@each_earlier_step
def test_an_earlier_study_with_rows_is_upgraded_when_it_is_opened(tmp_path: Path, steps: int) -> None:
    path = _old_study(tmp_path / "old.db", steps)

    with Store.open(path, Access.WRITE) as store:
        votes = store.votes.first_votes()
        gold = store.votes.gold_counts()

    assert [(vote.pair_id, vote.rater, vote.decision.code) for vote in votes] == [
        ("p1", "Ann", "relies"),
        ("p1", "Bob", "relies"),
    ]
    assert votes[0].decision.evidence[0].quote == "says"
    assert gold == {"unanimous": 1}
    assert _value(path, "pragma user_version") == SCHEMA_VERSION


@each_earlier_step
def test_an_upgraded_study_has_the_schema_of_a_fresh_one(tmp_path: Path, steps: int) -> None:
    path = _old_study(tmp_path / "old.db", steps)
    Store.open(path).close()

    assert _schema(path) == _schema(_fresh(tmp_path / "fresh.db"))


def test_a_study_is_marked_and_numbered(tmp_path: Path) -> None:
    path = _fresh(tmp_path / "fresh.db")

    assert _value(path, "pragma application_id") == APPLICATION_ID
    assert _value(path, "pragma user_version") == SCHEMA_VERSION == len(STEPS)


def test_every_migration_file_is_a_step(tmp_path: Path) -> None:
    folder = Path(migrate_module.__file__).parent / "migrations"

    assert sorted(file.stem for file in folder.glob("*.sql")) == list(STEPS)


def test_the_schema_for_readers_is_the_one_that_studies_have() -> None:
    shown = (Path(__file__).parents[2] / "db" / "schema.sql").read_text("utf-8")

    # Write it anew with:
    # python -c "from annotator_db.migrate import schema_text; print(schema_text(), end='')" > db/schema.sql
    assert shown == schema_text()


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    path = _fresh(tmp_path / "fresh.db")
    before = path.read_bytes()

    connection = _connect(path)
    migrate(connection)
    connection.close()

    assert path.read_bytes() == before


def test_a_step_that_fails_leaves_the_earlier_version_as_it_was(tmp_path: Path) -> None:
    path = _old_study(tmp_path / "old.db", 1)
    connection = _connect(path)
    # The views come one after the other; the last of them meets a name that is taken.
    connection.execute("create table gold (x integer) strict")
    before = _schema(path)

    with pytest.raises(sqlite3.OperationalError, match="gold already exists"):
        migrate(connection)
    assert not connection.in_transaction
    connection.close()

    assert _schema(path) == before
    assert _value(path, "pragma user_version") == 1
    assert _value(path, "select count(*) from label") == 2


def test_four_programs_that_open_one_old_study_at_once_all_survive(tmp_path: Path) -> None:
    path = _old_study(tmp_path / "old.db", 1)
    script = (
        "import sys; from pathlib import Path; from annotator_db.store import Store, Access\n"
        "sys.stdin.readline()\n"
        "with Store.open(Path(sys.argv[1]), Access.WRITE) as store: print(len(store.votes.first_votes()))"
    )
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    ended = [program.communicate(timeout=60) for program in programs]

    assert ended == [("2\n", "")] * 4
    assert _schema(path) == _schema(_fresh(tmp_path / "fresh.db"))
    assert _value(path, "select count(*) from _sqlite_migrations") == len(STEPS)


def test_an_earlier_study_that_cannot_be_written_says_how_to_upgrade_it(tmp_path: Path) -> None:
    path = _old_study(tmp_path / "old.db", 1)
    path.chmod(0o444)

    with pytest.raises(StudyError, match=r"older version and read-only; open a writable copy once to upgrade it"):
        Store.open(path)


def test_steps_are_named_and_recorded_one_by_one(tmp_path: Path) -> None:
    path = _fresh(tmp_path / "fresh.db")
    database = Database(path)

    assert [applied.name for applied in migrations().applied(database)] == list(STEPS)
    assert not migrations().pending(database)
    database.close()
