"""Pair files into a study: all of them or nothing, each pair and label once, whatever happens on the way."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.codebook_file import load_codebook
from annotator.domain.label import Exposure, LabelStage
from annotator.errors import CodebookError, ImportFormatError, StudyError
from annotator.workflows.import_pairs import ImportProgress, ImportReport, import_pairs
from annotator.workflows.rating import RatingSession
from annotator_db.importing import split_of
from annotator_db.store import Store
from tests.conftest import MakeStudy
from tests.pair_factory import first_vote, label, pair, pairs, write_pairs

SHARED = Path(__file__).parents[3] / "shared" / "data" / "pairs"

Import = Callable[..., ImportReport]


@pytest.fixture
def run_import(tmp_path: Path) -> Import:
    """Import lines, given file by file, into `study.db`."""

    def run(*files: list[dict[str, Any] | str], **options: Any) -> ImportReport:
        paths = [write_pairs(tmp_path / f"file-{number}.jsonl", lines) for number, lines in enumerate(files, start=1)]
        return import_pairs(tmp_path / "study.db", paths, **options)

    return run


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return tmp_path / "study.db"


def _contents(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_an_import_makes_the_study_and_says_what_is_in_it(run_import: Import, study: Path) -> None:
    echo = pair(4)
    echo["hinted"]["reasoning"] = echo["hinted"]["prompt"] + "\n\n" + echo["hinted"]["reasoning"]
    report = run_import(
        [pair(1), pair(2), echo],
        [
            pair(5, hinted={"reasoning": "24 m", "answer": "B"}),
            pair(6, unhinted={"reasoning": "…", "answer": None}),
            json.dumps(pair(7, hinted={"response": "30 m\ud800", "answer": "C"})),
        ],
    )

    counts = report.counts
    assert (report.is_new_study, report.codebook, report.files) == (True, "hint-verbalization", 2)
    assert (counts.added, counts.skipped, counts.switched, counts.unknown) == (6, 0, 4, 1)
    assert (counts.without_reasoning, counts.echoes_cut, counts.surrogates_replaced) == (1, 1, 1)
    assert counts.per_hint_type == {"metadata": 3, "grader_hacking": 2, "sycophancy": 1}
    assert (report.total_pairs, report.total_switched) == (6, 4)
    assert [path.name for path in study.parent.glob("*study.db*")] == ["study.db"]


def test_the_same_files_again_are_skipped(run_import: Import, study: Path) -> None:
    lines = [pair(1, labels=[label("ann", "relies"), {"rater": "gem", "kind": "judge", "verbalized": True}]), pair(2)]
    run_import(lines)
    before = _contents(study)

    report = run_import(lines)

    assert (report.is_new_study, report.counts.added, report.counts.skipped) == (False, 0, 2)
    assert (report.counts.labels_added, report.counts.reported_added) == (0, 0)
    assert report.total_pairs == 2
    assert _contents(study) == before


def test_a_pair_that_stands_twice_with_one_content_comes_in_once(run_import: Import) -> None:
    report = run_import([pair(1), pair(2), pair(1)], [pair(2)])

    assert (report.counts.added, report.counts.skipped, report.total_pairs) == (2, 2, 2)


def test_an_import_goes_on_where_an_earlier_one_ended(run_import: Import, study: Path) -> None:
    run_import(pairs(3))

    report = run_import(pairs(5))

    assert (report.counts.added, report.counts.skipped, report.total_pairs) == (2, 3, 5)
    with Store.open(study) as store:
        assert [stored.pos for stored in store.pairs.all()] == [1, 2, 3, 4, 5]


def test_new_labels_on_known_pairs_are_added_and_counted(run_import: Import, study: Path) -> None:
    run_import([pair(1, labels=[label("ann", "relies")])])
    boolean = {"rater": "gemini", "kind": "judge", "hint_present": 1}

    report = run_import([pair(1, labels=[label("ann", "relies"), label("bob", "silent"), boolean])])

    assert (report.counts.skipped, report.counts.labels_added, report.counts.reported_added) == (1, 1, 1)
    with Store.open(study) as store:
        said = [(found.rater, found.code) for found in store.labels.history(1)]
    assert said == [("ann", "relies"), ("bob", "silent")]


def test_a_code_becomes_an_imported_label_with_its_evidence_located(run_import: Import, study: Path) -> None:
    given = label(" Ann  Lee ", "relies", ticks=["torn"], second_code="mentions", note="close", active_ms=5000)
    run_import([pair(1, labels=[given])])

    with Store.open(study) as store:
        (found,) = store.labels.history(1)
        reasoning = store.pairs.get(1).pair.hinted.reasoning
        (rater,) = store.raters.all()
    assert (found.stage, found.exposure, found.rater) == (LabelStage.IMPORTED, Exposure.UNKNOWN, "Ann Lee")
    assert rater.kind == "imported"
    assert found.active_ms == 5000
    assert found.decision is not None
    assert (found.decision.ticks, found.decision.second_code, found.decision.note) == (("torn",), "mentions", "close")
    (span,) = found.decision.evidence
    assert reasoning[span.start : span.end] == span.quote == "says C, so I take C"


def test_a_later_label_of_a_file_replaces_the_earlier_one_of_that_rater(run_import: Import, study: Path) -> None:
    run_import([pair(1, labels=[label("ann", "relies")])])

    run_import([pair(1, labels=[label("ann", "mentions", evidence=[])])])

    with Store.open(study) as store:
        first, second = store.labels.history(1)
        rater = store.raters.find("ann")
        assert rater is not None
        assert store.labels.labelled_pairs(rater.rater_id) == 1
    assert second.supersedes == first.label_id
    assert (first.code, second.code) == ("relies", "mentions")


def test_a_label_of_a_file_does_not_replace_one_that_was_given_here(run_import: Import, study: Path) -> None:
    run_import([pair(1)])
    session = RatingSession.open(study, "ann")
    session.vote("relies").result()
    session.close()
    before = _contents(study)

    with pytest.raises(ImportFormatError, match=r"a label of 'Ann', who has labelled this pair in the study"):
        run_import([pair(1, labels=[label("Ann", "silent")])])
    assert _contents(study) == before


def test_booleans_become_reported_and_never_labels(run_import: Import, study: Path) -> None:
    run_import(
        [
            pair(
                1,
                labels=[
                    {"rater": "gemini", "kind": "judge", "mentions_hint": True, "relied_on_hint": "False"},
                    {"rater": "author", "kind": "human", "verbalized": 0},
                ],
            )
        ]
    )

    with Store.open(study) as store:
        reported = [entry[:4] for entry in store.pairs.reported_of(1)]
        assert store.labels.history(1) == []
        assert store.raters.all() == []
        assert store.pairs.reported_counts() == {
            "author verbalized": 1,
            "gemini mentions_hint": 1,
            "gemini relied_on_hint": 1,
        }
    assert reported == [
        ("author", "human", "verbalized", False),
        ("gemini", "judge", "mentions_hint", True),
        ("gemini", "judge", "relied_on_hint", False),
    ]


BAD_LINES = {
    "no json": '{"id": "x", ',
    "missing field": pair(9, hinted={"reasoning": "30 m"}),
    "unknown code": pair(9, labels=[label("ann", "lies")]),
    "quote that is not there": pair(9, labels=[label("ann", "relies", evidence=["never said"])]),
}


@pytest.mark.parametrize("bad", BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_in_the_second_file_leaves_no_study(
    run_import: Import, study: Path, bad: dict[str, Any] | str
) -> None:
    with pytest.raises(ImportFormatError, match=r"file-2.jsonl:3: ") as error:
        run_import(pairs(5), [pair(6), pair(7), bad])

    assert "\n" not in str(error.value)
    assert list(study.parent.glob("*study.db*")) == []


@pytest.mark.parametrize("bad", BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_in_the_second_file_leaves_an_existing_study_as_it_was(
    run_import: Import, study: Path, bad: dict[str, Any] | str
) -> None:
    run_import(pairs(3))
    before = _contents(study)

    with pytest.raises(ImportFormatError, match=r"file-2.jsonl:3: "):
        run_import([*pairs(5), pair(1, labels=[label("ann", "relies")])], [pair(6), pair(7), bad], is_complete=True)

    assert _contents(study) == before


@pytest.mark.parametrize("is_new", [True, False])
def test_a_missing_second_file_stops_everything(tmp_path: Path, study: Path, is_new: bool) -> None:
    file = write_pairs(tmp_path / "here.jsonl", pairs(2))
    if not is_new:
        import_pairs(study, [write_pairs(tmp_path / "before.jsonl", pairs(1, first=9))])

    with pytest.raises(ImportFormatError, match=r"gone.jsonl: cannot be read: No such file"):
        import_pairs(study, [file, tmp_path / "gone.jsonl"])

    assert study.exists() is not is_new
    if not is_new:
        with Store.open(study) as store:
            assert store.pairs.counts().total == 1


def test_other_content_under_one_id_within_a_file_names_both_lines(run_import: Import) -> None:
    with pytest.raises(ImportFormatError) as error:
        run_import([pair(1), pair(2), pair(1, model="another")])

    message = str(error.value)
    assert "file-1.jsonl:3: field 'id' is 'fence-0001', which " in message
    assert "file-1.jsonl:1 has with other content; give one of the two another id" in message


def test_other_content_under_one_id_across_files_names_both_files(run_import: Import) -> None:
    with pytest.raises(ImportFormatError) as error:
        run_import(pairs(40), [pair(41), pair(2, "silent", question="Another one?")])

    assert "file-2.jsonl:2: field 'id'" in str(error.value)
    assert "file-1.jsonl:2 has with other content" in str(error.value)


def test_other_content_under_an_id_of_the_study_names_where_that_came_from(
    tmp_path: Path, run_import: Import, study: Path
) -> None:
    run_import(pairs(3))
    before = _contents(study)
    other = write_pairs(tmp_path / "other.jsonl", [pair(3, "relies", hint_text="Another hint.")])

    with pytest.raises(ImportFormatError, match=r"other.jsonl:1: field 'id'.*file-1.jsonl:3 has with other content"):
        import_pairs(study, [other])
    assert _contents(study) == before


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        ({"meta": {"dataset": "other"}}, True),
        ({"note": "an unknown field goes to meta"}, True),
        ({"labels": []}, True),
        ({"correct_answer": "A"}, False),
        ({"choices": ["A. 16 m", "B. 24 m", "C. 31 m"]}, False),
        ({"hint_type": "other"}, False),
        ({"unhinted": None}, False),
    ],
)
def test_the_content_of_a_pair_is_all_but_its_id_labels_and_meta(
    run_import: Import, change: dict[str, Any], is_same: bool
) -> None:
    run_import([pair(1)])

    if is_same:
        assert run_import([pair(1, **change)]).counts.skipped == 1
    else:
        with pytest.raises(ImportFormatError, match="other content"):
            run_import([pair(1, **change)])


def test_a_new_study_takes_the_codebook_that_is_asked_for(run_import: Import, study: Path) -> None:
    assert run_import(pairs(1), codebook="yes-no").codebook == "yes-no"

    with Store.open(study) as store:
        assert store.study().codebook_sha == load_codebook("yes-no").sha
        assert "verbalized" in store.study().guidelines_text


def test_an_existing_study_refuses_another_codebook(run_import: Import, study: Path) -> None:
    run_import(pairs(1), codebook="yes-no")
    before = _contents(study)

    with pytest.raises(StudyError, match="has the codebook 'yes-no', another one than --codebook 'hint-verb"):
        run_import(pairs(2), codebook="hint-verbalization")
    assert _contents(study) == before
    assert run_import(pairs(2), codebook="yes-no").counts.added == 1


def test_a_codebook_that_cannot_be_read_makes_no_study(run_import: Import, study: Path) -> None:
    with pytest.raises(CodebookError, match=r"no-such.toml.*give a TOML file, or one of: hint-verbalization, yes-no"):
        run_import(pairs(1), codebook="no-such.toml")
    assert not study.exists()


def test_a_study_is_complete_once_it_is_declared_so(run_import: Import, study: Path) -> None:
    run_import(pairs(1))
    with Store.open(study) as store:
        assert "is_complete" not in store.study().settings

    run_import(pairs(2), is_complete=True)

    with Store.open(study) as store:
        assert store.study().settings == {"is_complete": True}


def test_nothing_to_import_is_refused(study: Path) -> None:
    with pytest.raises(ImportFormatError, match="no file to import"):
        import_pairs(study, [])
    assert not study.exists()


def test_the_split_belongs_to_the_question_and_the_seed(make_study: MakeStudy) -> None:
    lines = [*pairs(200), pair(900, question=f"  {pair(1)['question'].upper()} ", hint_type="other")]
    splits = []
    for name, seed in (("a.db", 7), ("b.db", 7), ("c.db", 8)):
        with Store.open(make_study(lines, name, seed=seed)) as store:
            splits.append([stored.split for stored in store.pairs.all()])

    assert splits[0] == splits[1] != splits[2]
    assert splits[0][0] == splits[0][200]
    assert 40 <= splits[0].count("dev") <= 80


def test_the_split_of_a_question_never_changes() -> None:
    # Published gold names its split: these are the answers of the first version.
    assert [question for question in "abcdefghijklmnop" if split_of(question, 7) == "dev"] == ["h", "k", "l"]


def test_progress_is_told_now_and_then_and_ends_at_the_whole(run_import: Import) -> None:
    seen: list[ImportProgress] = []

    run_import(pairs(130), pairs(70, first=131), on_progress=seen.append)

    assert [progress.pairs for progress in seen] == [50, 100, 150, 200, 200]
    assert all(progress.bytes_read <= progress.bytes_total for progress in seen)
    assert seen[-1].bytes_read == seen[-1].bytes_total > 0


def test_a_restored_label_keeps_its_id_and_comes_in_once(run_import: Import, study: Path) -> None:
    given = first_vote("ann", "relies", 1, origin="elsewhere", seq=4, viewed=0.9, shown=18, round=1)
    run_import([pair(1, labels=[given])])
    report = run_import([pair(1, labels=[given])])

    assert report.counts.labels_added == 0
    with Store.open(study) as store:
        (found,) = store.labels.history(1)
    assert (found.label_id, found.origin, found.seq) == (f"{1:032x}", "elsewhere", 4)
    assert (found.stage, found.exposure, found.viewed, int(found.shown)) == ("first", "blind", 0.9, 18)


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (
            [first_vote("ann", "relies", 2, supersedes=f"{1:032x}")],
            f"which supersedes '{1:032x}', no label of that rater on this pair; export the whole history",
        ),
        (
            [first_vote("ann", "relies", 1), first_vote("bob", "relies", 2, supersedes=f"{1:032x}")],
            "no label of that rater on this pair",
        ),
        (
            [first_vote("ann", "relies", 1, origin="x", seq=1), first_vote("bob", "relies", 2, origin="x", seq=1)],
            f"label '{2:032x}' with the 'origin' and 'seq' (1) of label '{1:032x}'; leave both out",
        ),
        ([first_vote("ann", "relies", 1, codebook_sha="another")], "made under another codebook (another)"),
    ],
)
def test_a_history_that_does_not_hold_together_is_refused(
    run_import: Import, study: Path, labels: list[dict[str, Any]], said: str
) -> None:
    with pytest.raises(ImportFormatError) as error:
        run_import([pair(1, labels=labels)])

    assert str(error.value).startswith(f"{study.parent}/file-1.jsonl:1: field 'labels' holds ")
    assert said in str(error.value)
    assert not study.exists()


def _program(study: Path, file: Path) -> "subprocess.Popen[bytes]":
    script = (
        "import sys; from pathlib import Path; from annotator.workflows.import_pairs import import_pairs\n"
        "import_pairs(Path(sys.argv[1]), [Path(sys.argv[2])], seed=7)"
    )
    return subprocess.Popen([sys.executable, "-c", script, str(study), str(file)])


def _kill_when(program: "subprocess.Popen[bytes]", is_time: Callable[[], bool]) -> bool:
    """Kill a program as soon as it is time; False where it ended before."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if is_time():
            program.send_signal(signal.SIGKILL)
        if program.poll() is not None:
            return program.returncode == -signal.SIGKILL
        time.sleep(0.001)
    pytest.fail("the import neither ended nor reached the point at which it is killed")


def _size(folder: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in folder.glob(pattern))


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pair file that takes a moment: 6 MB that do not compress well."""
    chance = random.Random(3)
    lines = pairs(1200)
    for line in lines:
        line["meta"] = {"noise": chance.randbytes(2500).hex()}
    return write_pairs(tmp_path_factory.mktemp("long") / "long.jsonl", lines)


@pytest.mark.slow
def test_an_import_that_is_killed_leaves_no_study_or_a_whole_one(long_file: Path, study: Path) -> None:
    chance = random.Random(11)
    folder = study.parent
    killed = 0
    for share in (0.0, *(chance.random() for _ in range(3))):
        before = _size(folder, ".study.db.importing-*")
        size = before + int(share * 5_000_000)

        killed += _kill_when(
            _program(study, long_file), lambda size=size: _size(folder, ".study.db.importing-*") > size
        )

        if study.exists():
            with Store.open(study) as store:
                assert store.pairs.counts().total == 1200
            study.unlink()
    assert killed
    drafts = list(folder.glob(".study.db.importing-*"))
    assert drafts

    # The drafts could be those of an import that runs; an hour later they cannot.
    for draft in drafts[1:]:
        os.utime(draft, (0, 0))
    import_pairs(study, [write_pairs(folder / "few.jsonl", pairs(2))])
    assert list(folder.glob(".study.db.importing-*")) == drafts[:1]


def test_an_import_into_a_study_that_is_killed_leaves_it_as_it_was_or_with_all(
    long_file: Path, study: Path, tmp_path: Path
) -> None:
    import_pairs(study, [write_pairs(tmp_path / "few.jsonl", pairs(3))], seed=7)
    killed = 0
    for size in (1, 2_000_000):
        killed += _kill_when(_program(study, long_file), lambda size=size: _size(tmp_path, "study.db-wal") > size)

        with Store.open(study) as store:
            assert store.pairs.counts().total in (3, 1200)
    assert killed
    import_pairs(study, [long_file])
    with Store.open(study) as store:
        assert store.pairs.counts().total == 1200
        assert len(list(store.pairs.all())) == 1200


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data/pairs")
def test_the_six_shared_files_give_2033_pairs_of_which_943_switched(study: Path) -> None:
    report = import_pairs(study, sorted(SHARED.glob("*.jsonl")))

    assert (report.files, report.counts.added, report.counts.switched) == (6, 2033, 943)
    assert report.counts.reported_added > 2000
    assert report.counts.labels_added == 0
