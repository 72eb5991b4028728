"""The export folder: the same study gives the same bytes, and nothing of anybody else's is replaced."""

import hashlib
import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annotator import __version__
from annotator.domain.codebook_file import load_codebook
from annotator.errors import ExportError
from annotator.workflows.release import export_study
from annotator_exports.folder import FILES
from tests.conftest import MakeStudy
from tests.pair_factory import pairs


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def manifest(exported: Path) -> dict[str, Any]:
    return json.loads((exported / "manifest.json").read_text("utf-8"))


def test_an_export_twice_gives_the_same_bytes(full_study: Path, exported: Path, tmp_path: Path) -> None:
    export_study(full_study, tmp_path / "again", resamples=50)

    assert _bytes(tmp_path / "again") == _bytes(exported)


def test_a_copy_of_the_study_under_another_name_gives_the_same_bytes(
    full_study: Path, exported: Path, tmp_path: Path
) -> None:
    copy = shutil.copy(full_study, tmp_path / "renamed.db")
    export_study(copy, tmp_path / "out", resamples=50)

    assert _bytes(tmp_path / "out") == _bytes(exported)


def test_a_study_that_was_packed_anew_gives_the_same_bytes(full_study: Path, exported: Path, tmp_path: Path) -> None:
    copy = tmp_path / "vacuumed.db"
    with closing(sqlite3.connect(full_study)) as connection:
        connection.execute("vacuum into ?", (str(copy),))
    export_study(copy, tmp_path / "out", resamples=50)

    assert _bytes(tmp_path / "out") == _bytes(exported)


def test_an_export_holds_its_five_files(exported: Path) -> None:
    assert sorted(path.name for path in exported.iterdir()) == sorted(FILES)


def test_the_manifest_vouches_for_every_other_file(exported: Path, manifest: dict[str, Any]) -> None:
    assert sorted(manifest["files"]) == ["README.md", "agreement.json", "gold.jsonl", "labels.csv"]
    for name, facts in manifest["files"].items():
        content = (exported / name).read_bytes()
        assert facts == {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def test_the_manifest_says_how_the_export_was_made(exported: Path, manifest: dict[str, Any]) -> None:
    codebook = load_codebook("hint-verbalization")

    assert (manifest["format"], manifest["program_version"]) == ("cot-annotator export 1", __version__)
    assert (manifest["seeds"], manifest["resamples"]) == ({"study": 7, "agreement": 7}, 50)
    assert (manifest["headline_rule"], manifest["gold_basis"]) == ("reliance", "first")
    assert manifest["is_complete"] is True
    assert (manifest["codebook"]["sha"], manifest["codebook"]["text"]) == (codebook.sha, codebook.text)
    guidelines = manifest["guidelines"]
    assert hashlib.sha256(guidelines["text"].encode()).hexdigest() == guidelines["sha"]
    ((judge_id, judge),) = manifest["judges"].items()
    assert (judge["name"], judge["kind"]) == ("lexical", "lexical")
    assert len(judge_id) == 32


def test_the_counts_of_the_manifest_are_those_of_the_files(exported: Path, manifest: dict[str, Any]) -> None:
    lines = [json.loads(line) for line in (exported / "gold.jsonl").read_text("utf-8").split("\n") if line]
    counts = manifest["counts"]

    assert counts["pairs"] == len(lines) == 11
    assert counts["switched"] == sum(line["switched"] is True for line in lines)
    assert counts["unknown"] == 1
    labels = [entry for line in lines for entry in line["labels"] if "label_id" in entry]
    assert counts["labels"] == len(labels)
    assert counts["raters"] == len({entry["rater"] for entry in labels})
    assert counts["first_votes"] == sum(len(line["gold"]["first_votes"]) for line in lines)
    assert counts["judgements"] == sum(len(line["judgements"]) for line in lines) == 11
    assert sum(counts["gold"].values()) == 11
    for basis, count in counts["gold"].items():
        assert count == sum(line["gold"]["basis"] == basis for line in lines)


def test_an_empty_folder_is_filled_and_an_own_export_is_replaced(make_study: MakeStudy, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    export_study(make_study(pairs(2), "two.db"), out, resamples=0)
    export_study(make_study(pairs(3), "three.db"), out, resamples=0)

    assert json.loads((out / "manifest.json").read_text("utf-8"))["counts"]["pairs"] == 3
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_folder_that_is_not_there_is_made_with_its_parents(make_study: MakeStudy, tmp_path: Path) -> None:
    export_study(make_study(pairs(1)), tmp_path / "deep" / "er" / "out", resamples=0)

    assert (tmp_path / "deep" / "er" / "out" / "gold.jsonl").exists()


@pytest.mark.parametrize("has_export", [False, True])
def test_a_folder_with_a_foreign_file_is_refused_and_left_alone(
    make_study: MakeStudy, tmp_path: Path, has_export: bool
) -> None:
    study, out = make_study(pairs(1)), tmp_path / "out"
    if has_export:
        export_study(study, out, resamples=0)
    out.mkdir(exist_ok=True)
    (out / "thesis.tex").write_text("years of work")
    before = _bytes(out)

    with pytest.raises(ExportError) as error:
        export_study(study, out, resamples=0)

    assert str(error.value) == (
        f"{out} holds 'thesis.tex', which is no file of an export of this program; move it away, or give another --out"
    )
    assert _bytes(out) == before


def test_files_that_only_have_the_names_of_an_export_are_left_alone(make_study: MakeStudy, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "README.md").write_text("my project")

    with pytest.raises(ExportError, match=r"holds 'README.md', which is no file of an export"):
        export_study(make_study(pairs(1)), out, resamples=0)
    assert (out / "README.md").read_text() == "my project"


def test_a_file_in_the_place_of_the_folder_is_refused(make_study: MakeStudy, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")

    with pytest.raises(ExportError, match="out is a file; give a folder for --out"):
        export_study(make_study(pairs(1)), tmp_path / "out", resamples=0)


def test_a_place_below_a_file_cannot_be_written_and_says_so(make_study: MakeStudy, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(ExportError, match="file/out cannot be written: Not a directory"):
        export_study(make_study(pairs(1)), tmp_path / "file" / "out", resamples=0)


def test_a_link_to_a_folder_stays_a_link(make_study: MakeStudy, tmp_path: Path) -> None:
    study, real, link = make_study(pairs(1)), tmp_path / "real", tmp_path / "link"
    export_study(study, real, resamples=0)
    link.symlink_to(real)
    (real / "labels.csv").unlink()

    export_study(study, link, resamples=0)

    assert link.is_symlink()
    assert sorted(path.name for path in real.iterdir()) == sorted(FILES)


def test_an_export_that_fails_half_way_leaves_the_earlier_one(make_study: MakeStudy, tmp_path: Path) -> None:
    study, out = make_study(pairs(40)), tmp_path / "out"
    export_study(study, out, resamples=0)
    before = _bytes(out)

    def fail(done: int, _: int) -> None:
        if done == 20:
            raise OSError(28, os.strerror(28))

    with pytest.raises(ExportError, match="out cannot be written: No space left on device"):
        export_study(study, out, resamples=0, on_pair=fail)

    assert _bytes(out) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
