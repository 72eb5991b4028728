"""What has been said stays said: no statement changes or removes labels, judgements, replies or documents."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.judgement import JudgeConfig, Judgement, JudgementState, JudgeQuote
from annotator.domain.label import Decision, EvidenceSpan
from annotator.domain.pair import Section
from annotator_db.judgements import AttemptRow
from annotator_db.store import Store
from tests.db.conftest import AddLabel


@pytest.fixture
def connection(study: Path, store: Store, add_label: AddLabel) -> Iterator[sqlite3.Connection]:
    """A study with a row in every append-only table, as any other program sees it."""
    add_label(decision=Decision("relies", (EvidenceSpan(Section.REASONING, 0, 5, "Three"),)))
    judge = JudgeConfig("test judge", "anthropic", prompt_text="judge this")
    with store.writing():
        store.judgements.ensure_judge(judge)
        store.judgements.add_attempts(1, judge.judge_id, [AttemptRow("a1", "2026", "200", raw=b"reply")])
        store.judgements.add(
            1, judge.judge_id, Judgement(JudgementState.OK, "relies", quotes=(JudgeQuote("Three"),)), "a1"
        )
    other = sqlite3.connect(study, isolation_level=None)
    yield other
    other.close()


@pytest.mark.parametrize(
    "table", ["label", "label_span", "judgement", "judgement_span", "attempt", "document"], ids=lambda table: table
)
def test_no_row_is_removed(connection: sqlite3.Connection, table: str) -> None:
    before = connection.execute(f"select count(*) from {table}").fetchone()

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(f"delete from {table}")

    assert before[0] > 0
    assert connection.execute(f"select count(*) from {table}").fetchone() == before


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("label", "code", "'silent'"),
        ("label", "made_at", "'2027'"),
        ("label", "note", "'later'"),
        ("label_span", "quote", "'other'"),
        ("judgement", "code", "'silent'"),
        ("judgement", "confidence", "99"),
        ("judgement_span", "start", "1"),
        ("attempt", "raw", "x'00'"),
        ("document", "body", "'other'"),
    ],
)
def test_no_row_is_changed(connection: sqlite3.Connection, table: str, column: str, value: str) -> None:
    before = connection.execute(f"select {column} from {table}").fetchall()

    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|kept as it came"):
        connection.execute(f"update {table} set {column} = {value}")

    assert connection.execute(f"select {column} from {table}").fetchall() == before


@pytest.mark.parametrize(("table", "column"), [("label", "code"), ("judgement", "code"), ("attempt", "status")])
def test_replacing_a_row_is_no_way_round(connection: sqlite3.Connection, table: str, column: str) -> None:
    columns = [name for _, name, *_ in connection.execute(f"pragma table_info({table})")]
    values = ["'silent'" if name == column else name for name in columns]

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(
            f"insert or replace into {table} ({', '.join(columns)}) select {', '.join(values)} from {table}"
        )

    assert connection.execute(f"select {column} from {table}").fetchall() != [("silent",)]


def test_a_pair_that_carries_a_label_cannot_be_removed(connection: sqlite3.Connection) -> None:
    connection.execute("pragma foreign_keys = on")

    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        connection.execute("delete from pair where pos = 1")


@pytest.mark.parametrize(
    "column_and_value",
    [
        ("stage", "'guess'"),
        ("exposure", "'half-blind'"),
        ("viewed", "1.5"),
        ("ticks", "'not json'"),
        ("code", "null"),
        ("supersedes", "'nobody'"),
    ],
    ids=lambda column_and_value: column_and_value[0],
)
def test_a_label_outside_of_the_closed_sets_is_refused(
    connection: sqlite3.Connection, column_and_value: tuple[str, str]
) -> None:
    connection.execute("pragma foreign_keys = on")
    column, value = column_and_value
    columns = {
        "label_id": "'new'",
        "pos": "1",
        "rater_id": "1",
        "stage": "'first'",
        "code": "'relies'",
        "exposure": "'blind'",
        "shown": "0",
        "codebook_sha": "(select codebook_sha from study)",
        "made_at": "'2026'",
        "origin": "'here'",
        "seq": "99",
        column: value,
    }

    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(f"insert into label ({', '.join(columns)}) values ({', '.join(columns.values())})")
