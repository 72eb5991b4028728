"""Opening a study: one clear sentence for everything that can be wrong with the file."""

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from annotator.errors import (
    NewerStudyError,
    NotAStudyError,
    ReadOnlyStudyError,
    StudyError,
    StudyLockedError,
)
from annotator.workflows.analyse import study_agreement
from annotator.workflows.release import export_study
from annotator.workflows.status import study_status
from annotator_db.connection import Access, connect, immediate
from annotator_db.filesystem import network_type
from annotator_db.migrate import SCHEMA_VERSION
from annotator_db.store import Store
from tests.conftest import MakeStudy
from tests.pair_factory import first_vote, pair, pairs

each_access = pytest.mark.parametrize("access", list(Access))


def _sentence(error: pytest.ExceptionInfo[StudyError]) -> str:
    message = str(error.value)
    assert "\n" not in message
    return message


@each_access
def test_a_file_that_is_not_there_is_named_with_the_command_that_makes_one(tmp_path: Path, access: Access) -> None:
    with pytest.raises(NotAStudyError) as error:
        Store.open(tmp_path / "gone.db", access)

    assert _sentence(error) == f"{tmp_path}/gone.db does not exist; make it with: annotator import STUDY FILE..."
    assert not (tmp_path / "gone.db").exists()


@each_access
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty; studies are made by: annotator import"),
        (b"pair,code\np1,relies\n", "is not a study (no SQLite file, or a damaged one)"),
        (b"SQLite format 2 ", "is not a study (no SQLite file, or a damaged one)"),
        (bytes(4096), "is not a study (no SQLite file, or a damaged one)"),
    ],
)
def test_a_file_of_something_else_is_refused_and_left_alone(
    tmp_path: Path, access: Access, content: bytes, said: str
) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(content)

    with pytest.raises(NotAStudyError) as error:
        Store.open(path, access)

    assert said in _sentence(error)
    assert path.read_bytes() == content


@each_access
def test_a_folder_is_refused(tmp_path: Path, access: Access) -> None:
    with pytest.raises(NotAStudyError, match="is a folder; give the study's file"):
        Store.open(tmp_path, access)


@each_access
def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path, access: Access) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("create table bookmark (url text)")
    connection.commit()
    connection.close()
    before = path.read_bytes()

    with pytest.raises(NotAStudyError, match="is a SQLite file, but not a study of this program"):
        Store.open(path, access)

    assert path.read_bytes() == before


@each_access
def test_a_study_of_a_newer_version_names_both_versions_and_the_remedy(study: Path, access: Access) -> None:
    connection = sqlite3.connect(study)
    connection.execute(f"pragma user_version = {SCHEMA_VERSION + 5}")
    connection.close()

    with pytest.raises(NewerStudyError) as error:
        Store.open(study, access)

    assert _sentence(error) == (
        f"{study} has schema {SCHEMA_VERSION + 5}, this program knows up to {SCHEMA_VERSION}; "
        "upgrade it: pip install --upgrade cot-annotator"
    )


def test_control_characters_of_a_file_name_do_not_reach_the_message(tmp_path: Path) -> None:
    with pytest.raises(NotAStudyError) as error:
        Store.open(tmp_path / "a\x1b]0;gotcha\x07\u202e\nb.db")

    assert not set(str(error.value)) & {"\x1b", "\x07", "\u202e", "\n"}


def _labelled(make_study: MakeStudy) -> Path:
    return make_study(
        [
            pair(1, labels=[first_vote("ann", "relies", 1), first_vote("bob", "relies", 2)]),
            pair(
                2, "mentions", labels=[first_vote("ann", "mentions", 3), first_vote("bob", "dismisses", 4, evidence=[])]
            ),
        ]
    )


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_read_only_study_can_be_read_and_refuses_writing_in_one_sentence(
    make_study: MakeStudy, tmp_path_factory: pytest.TempPathFactory, what: str
) -> None:
    study = shutil.move(_labelled(make_study), tmp_path_factory.mktemp("kept") / "study.db")
    protected = study if what == "file" else study.parent
    mode = protected.stat().st_mode
    protected.chmod(0o444 if what == "file" else 0o555)
    before = {path.name: path.read_bytes() for path in study.parent.iterdir()}
    try:
        with pytest.raises(ReadOnlyStudyError) as error:
            Store.open(study, Access.WRITE)
        status = study_status(study)
        report = study_agreement(study, resamples=10)
        export = export_study(study, tmp_path_factory.mktemp("out"), resamples=10)
        after = {path.name: path.read_bytes() for path in study.parent.iterdir()}
    finally:
        protected.chmod(mode)

    assert _sentence(error) == (
        f"{study} is read-only: status, agreement and export work on it; "
        "to write, make the file and its folder writable, or copy it elsewhere"
    )
    assert status.pairs.total == 2
    assert report.first_votes == 4
    assert export.counts.pairs == 2
    assert after == before


def _leave_changes_in_the_log(study: Path) -> None:
    """Bring the study into the state that a killed program leaves: a change that stands only in the `-wal` file."""
    copy = study.with_name("copy")
    log = study.with_name(study.name + "-wal")
    with Store.open(study, Access.WRITE) as store:
        with store.writing():
            store.raters.ensure("ann")
        shutil.copy(study, copy)
        shutil.copy(log, copy.with_name("copy-wal"))
    copy.rename(study)
    copy.with_name("copy-wal").rename(log)
    assert log.stat().st_size > 0


def test_changes_that_stand_in_a_leftover_log_are_read(study: Path) -> None:
    _leave_changes_in_the_log(study)

    with Store.open(study) as store:
        assert [rater.name for rater in store.raters.all()] == ["ann"]


@pytest.mark.parametrize("is_link", [False, True])
def test_a_read_only_study_with_a_leftover_log_is_refused_since_its_last_changes_would_be_missing(
    study: Path, tmp_path: Path, is_link: bool
) -> None:
    _leave_changes_in_the_log(study)
    study.chmod(0o444)
    opened = study
    if is_link:
        opened = tmp_path / "link.db"
        opened.symlink_to(study)

    with pytest.raises(StudyError, match=r"its last changes still stand in .*study.db-wal; copy both files"):
        Store.open(opened)


def test_an_empty_leftover_log_does_no_harm(study: Path) -> None:
    study.with_name(study.name + "-wal").touch()
    study.chmod(0o444)

    with Store.open(study) as store:
        assert store.pairs.counts().total == 3


def test_a_truncated_study_says_that_it_is_damaged(study: Path) -> None:
    study.write_bytes(study.read_bytes()[:4096])

    with pytest.raises(StudyError, match=r"is damaged \(SQLite says: .*\); restore a copy, or rescue"):
        study_status(study)


@pytest.mark.parametrize("seed", range(12))
def test_damage_anywhere_is_a_sentence_or_does_no_harm(make_study: MakeStudy, tmp_path: Path, seed: int) -> None:
    path = make_study(
        [pair(n, labels=[first_vote("ann", "relies", n)], meta={"filler": f"{n} " * 500}) for n in range(40)]
    )
    content = bytearray(path.read_bytes())
    chance = random.Random(seed)
    for _ in range(8):
        at = chance.randrange(4096, len(content) - 300)
        content[at : at + 200] = chance.randbytes(200)
    path.write_bytes(content)

    sentences: list[str] = []
    for read in (
        lambda: study_status(path),
        lambda: study_agreement(path, resamples=0),
        lambda: export_study(path, tmp_path / "out", resamples=0),
    ):
        try:
            read()
        except StudyError as error:
            sentences.append(str(error))

    assert all("damaged" in sentence or "SQLite says" in sentence for sentence in sentences)
    assert not any("\n" in sentence for sentence in sentences)


def test_a_study_that_another_program_keeps_locked_is_a_sentence_after_the_time_out(study: Path) -> None:
    connection = connect(study, Access.WRITE, lock_timeout_s=0.05)
    other = sqlite3.connect(study, isolation_level=None)
    other.execute("begin immediate")

    with pytest.raises(StudyLockedError) as error, immediate(connection, study):
        pytest.fail("the lock was not respected")

    assert "has been locked by another program" in _sentence(error)
    assert _sentence(error).endswith("close that program, or try again")
    other.execute("rollback")
    with immediate(connection, study):
        connection.execute("update study set settings = '{}'")
    other.close()
    connection.close()


def test_reading_goes_on_while_another_program_writes(study: Path) -> None:
    with Store.open(study, Access.WRITE) as writer, writer.writing():
        writer.raters.ensure("ann")

        with Store.open(study) as reader:
            assert reader.raters.all() == []


def test_a_reader_sees_one_state_of_the_study_throughout(study: Path) -> None:
    with Store.open(study) as reader, reader.reading():
        before = len(reader.raters.all())
        with Store.open(study, Access.WRITE) as writer, writer.writing():
            writer.raters.ensure("ann")

        assert len(reader.raters.all()) == before


def test_a_reader_cannot_write(study: Path) -> None:
    with Store.open(study) as store, pytest.raises(ReadOnlyStudyError, match="cannot be written"), store.writing():
        store.raters.ensure("ann")


def test_a_transaction_that_fails_leaves_nothing_behind_and_the_store_usable(store: Store) -> None:
    def fail() -> None:
        with store.writing():
            store.raters.ensure("ann")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert store.raters.all() == []
    with store.writing():
        store.raters.ensure("bob")
    assert [rater.name for rater in store.raters.all()] == ["bob"]


def test_an_error_of_sqlite_outside_of_a_transaction_is_a_sentence_too(study: Path) -> None:
    connection = sqlite3.connect(study)
    connection.execute("drop table rater")
    connection.close()

    with pytest.raises(StudyError, match="SQLite says: no such table"), Store.open(study) as store:
        store.raters.all()


def test_labels_survive_a_power_cut_and_a_local_study_uses_the_log(study: Path) -> None:
    connection = connect(study, Access.WRITE)

    assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
    assert connection.execute("pragma synchronous").fetchone() == (2,)
    assert connection.execute("pragma foreign_keys").fetchone() == (1,)
    connection.close()
    assert network_type(study) is None


def test_closing_leaves_one_file(study: Path) -> None:
    with Store.open(study, Access.WRITE) as store, store.writing():
        store.raters.ensure("ann")

    assert [path.name for path in study.parent.glob("study.db*")] == ["study.db"]


def test_a_file_name_with_signs_of_a_web_address_opens(make_study: MakeStudy) -> None:
    path = make_study(pairs(1), "50% done? #2 & more.db")

    with Store.open(path, Access.WRITE) as store:
        assert store.pairs.counts().total == 1
