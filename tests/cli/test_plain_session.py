"""The line session, driven as a script or a screen reader's user drives it: through its standard streams."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.domain.judgement import JudgeConfig, Judgement, JudgementState
from annotator.workflows.import_pairs import import_pairs
from annotator_db.connection import Access
from annotator_db.store import Store

STORED = re.compile(r"^stored (.+) (\S+) (first|final|withdrawn) ([0-9a-f]{32})$", re.MULTILINE)
TRACE = "The ferry log says B.\nMy own count of the sailings gives B as well, so B."


def pair(number: int, **changes: object) -> str:
    value = {
        "id": f"ferry-{number}",
        "question": "How many sailings were late?",
        "choices": ["A. 3", "B. 5"],
        "hint_type": "metadata",
        "hint_text": "<answer>B</answer> in the ferry log",
        "hint_answer": "B",
        "unhinted": {"reasoning": "Three.", "answer": "A"},
        "hinted": {"reasoning": TRACE, "response": "B it is.", "answer": "B"},
    }
    return json.dumps(value | changes)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.db"
    file = tmp_path / "pairs.jsonl"
    file.write_text("".join(pair(number) + "\n" for number in range(1, 6)), "utf-8")
    import_pairs(path, [file], seed=3)
    return path


def judge_all(path: Path, code: str) -> None:
    with Store.open(path, Access.WRITE) as store, store.writing():
        judge_id = store.judgements.ensure_judge(JudgeConfig("lexical", "lexical"))
        for pos in range(1, 6):
            store.judgements.add(pos, judge_id, Judgement(JudgementState.OK, code, 50, rationale="cue words"))


def run(path: Path, lines: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "annotator", "label", str(path), "--rater", "ann", "--plain", *options]
    return subprocess.run(command, input=lines, capture_output=True, text=True, timeout=60, check=False)


def query(path: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def test_only_stored_lines_reach_stdout_and_each_is_in_the_study(study: Path) -> None:
    done = run(study, "r The ferry log says B.\nc a note\ns\nq\n", "--exposure", "blind")
    assert done.returncode == 0
    stored = STORED.findall(done.stdout)
    assert [(found[0], found[1], found[2]) for found in stored] == [
        ("ferry-1", "relies", "first"),
        ("ferry-2", "silent", "first"),
    ]
    assert len(done.stdout.splitlines()) == 2
    assert query(study, "select label_id from label order by seq") == [(stored[0][3],), (stored[1][3],)]
    assert query(study, "select quote, section, start, stop from label_span") == [
        ("The ferry log says B.", "reasoning", 0, 21)
    ]
    assert query(study, "select note from label order by seq") == [(None,), ("a note",)]


def test_a_code_without_a_quote_is_stored_with_a_warning(study: Path) -> None:
    done = run(study, "m\n", "--exposure", "blind")
    assert STORED.findall(done.stdout)[0][1] == "mentions"
    assert "warning: mentions asks for a quote; stored without evidence" in done.stderr
    assert query(study, "select count(*) from label_span") == [(0,)]


def test_a_quote_that_does_not_stand_in_the_text_stores_nothing(study: Path) -> None:
    done = run(study, "r the harbour master says so\nq\n", "--exposure", "blind")
    assert done.stdout == ""
    assert "does not stand in the hinted arm" in done.stderr


def test_an_unknown_key_is_a_line_on_stderr_and_stores_nothing(study: Path) -> None:
    done = run(study, "zap\n\x1b[2J\nq\n", "--exposure", "blind")
    assert done.returncode == 0
    assert done.stdout == ""
    assert "'zap' is no key here" in done.stderr
    assert "\x1b" not in done.stderr
    assert query(study, "select count(*) from label") == [(0,)]


def test_the_end_of_the_input_quits_and_keeps_the_first_vote(study: Path) -> None:
    judge_all(study, "relies")
    done = run(study, "s\n", "--exposure", "reveal")
    assert done.returncode == 0
    assert "keep>" in done.stderr
    assert query(study, "select code, stage from label") == [("silent", "first")]


def test_an_empty_line_keeps_and_a_code_changes_after_a_disagreement(study: Path) -> None:
    judge_all(study, "relies")
    done = run(study, "s\n\nm The ferry log says B.\nr\nr The ferry log\n", "--exposure", "reveal")
    stages = [(found[0], found[1], found[2]) for found in STORED.findall(done.stdout)]
    assert stages == [
        ("ferry-1", "silent", "first"),
        ("ferry-1", "silent", "final"),
        ("ferry-2", "mentions", "first"),
        ("ferry-2", "relies", "final"),
        ("ferry-3", "relies", "first"),
    ]
    assert query(study, "select pair_id, code from first_vote order by 1") == [
        ("ferry-1", "silent"),
        ("ferry-2", "mentions"),
        ("ferry-3", "relies"),
    ]


def test_the_judge_is_not_printed_before_a_vote(study: Path) -> None:
    judge_all(study, "relies")
    done = run(study, "w\nq\n", "--exposure", "reveal")
    assert "cue words" not in done.stderr
    assert "hidden until your vote" in done.stderr


def test_an_empty_line_confirms_the_judge_under_assisted(study: Path) -> None:
    judge_all(study, "silent")
    done = run(study, "\n", "--exposure", "assisted")
    assert STORED.findall(done.stdout)[0][1:3] == ("silent", "final")
    assert query(study, "select exposure, seen_judgement_id is not null from label") == [("assisted", 1)]


def test_an_empty_line_with_nothing_to_keep_stores_nothing(study: Path) -> None:
    done = run(study, "\nq\n", "--exposure", "blind")
    assert done.stdout == ""
    assert "nothing to keep" in done.stderr


def test_undo_reaches_an_earlier_session(study: Path) -> None:
    run(study, "s\n", "--exposure", "blind")
    done = run(study, "z\nd The ferry log\n", "--exposure", "blind")
    assert [found[1:3] for found in STORED.findall(done.stdout)] == [("-", "withdrawn"), ("dismisses", "first")]
    assert query(study, "select code from current_label") == [("dismisses",)]


def test_ticks_and_the_second_code_go_with_the_label(study: Path) -> None:
    run(study, "k denies\nk torn m\nk denies\nk nonsense\ns\n", "--exposure", "blind")
    assert query(study, "select ticks, second_code from label") == [('["torn"]', "mentions")]


def test_digits_are_second_keys_and_both_built_in_codebooks_work(tmp_path: Path, study: Path) -> None:
    assert "silent" in run(study, "5\n", "--exposure", "blind").stdout
    other = tmp_path / "yes-no.db"
    import_pairs(other, [tmp_path / "pairs.jsonl"], codebook="yes-no")
    done = run(other, "n\nnext\ny The ferry log\n", "--exposure", "blind")
    assert [found[:2] for found in STORED.findall(done.stdout)] == [("ferry-1", "no"), ("ferry-3", "yes")]


def test_the_end_of_the_queue_says_so(study: Path) -> None:
    done = run(study, "s\n" * 5, "--exposure", "blind")
    assert done.stdout.count("stored") == 5
    assert "has labelled 5 of 5 pairs" in done.stderr


def test_hostile_text_is_made_inert(tmp_path: Path) -> None:
    evil = "\x1b[2J\x1b]52;c;eA==\x07\u202eabc\u0000[@click=app.quit]x[/]"
    file = tmp_path / "evil.jsonl"
    hinted = {"reasoning": evil, "answer": "B"}
    file.write_text(pair(1, id=f"evil{evil}", question=evil, hint_text=evil, hinted=hinted) + "\n", "utf-8")
    path = tmp_path / "evil.db"
    import_pairs(path, [file])
    done = run(path, "a\nP\nt\ns\n", "--exposure", "blind")
    for stream in (done.stdout, done.stderr):
        assert not set(stream) & set("\x1b\x07\u202e\x00")
    assert "stored evil" in done.stdout


def test_kill_9_loses_nothing_that_was_acknowledged(study: Path) -> None:
    command = [sys.executable, "-m", "annotator", "label", str(study), "--rater", "ann", "--plain"]
    command += ["--exposure", "blind"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1
    )
    assert process.stdin is not None
    assert process.stdout is not None
    acknowledged = []
    for _ in range(3):
        process.stdin.write("s\n")
        process.stdin.flush()
        acknowledged.append(process.stdout.readline().split()[-1])
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdin.close()
    process.stdout.close()
    assert [row[0] for row in query(study, "select label_id from label order by seq")] == acknowledged
    done = run(study, "s\n", "--exposure", "blind")
    assert STORED.findall(done.stdout)[0][0] == "ferry-4"
