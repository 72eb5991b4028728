"""Our own connections beside another program's: its coming and going must not pull the log from under ours."""

import sqlite3
import subprocess
import sys
from pathlib import Path

from annotator_db.connection import Access
from annotator_db.store import Store

VISIT = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("select count(*) from label").fetchone()
connection.close()
"""


def test_another_program_that_opens_and_closes_the_study_leaves_our_log_in_place(study: Path) -> None:
    path = study
    with Store.open(path, Access.WRITE) as writer, Store.open(path) as reader:
        with writer.writing():
            writer.raters.ensure("ann")
        # A connection opened later must not give up the locks of the earlier ones.
        Store.open(path).close()
        Store.open(path, Access.WRITE).close()
        subprocess.run([sys.executable, "-c", VISIT, str(path)], check=True, timeout=30)
        assert path.with_name(path.name + "-wal").exists()
        with writer.writing():
            writer.raters.ensure("ben")
        assert [rater.name for rater in reader.raters.all()] == ["ann", "ben"]
    connection = sqlite3.connect(path)
    assert connection.execute("select name from rater order by 1").fetchall() == [("ann",), ("ben",)]
    connection.close()
