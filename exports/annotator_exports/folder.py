"""The export folder: written beside its place, then put there whole."""

import hashlib
import json
import os
import secrets
import shutil
from pathlib import Path
from typing import Final

from annotator.domain.display import display_line
from annotator.domain.pair import Json
from annotator.errors import ExportError
from annotator_exports.agreement import agreement_json
from annotator_exports.gold import gold_line
from annotator_exports.labels import LabelsCsv
from annotator_exports.readme import ReleaseCounts, readme_text
from annotator_exports.release import StudyRelease

FORMAT: Final = "cot-annotator export 1"
"""Names the layout of the folder, in its manifest."""

FILES: Final = ("README.md", "agreement.json", "gold.jsonl", "labels.csv", "manifest.json")
"""All that an export holds."""


def write_export(release: StudyRelease, out: Path) -> ReleaseCounts:
    """Write an export; the same study gives the same bytes.

    Args:
        release: The study.
        out: The folder. It may be absent, empty, or an earlier export, which is replaced.

    Raises:
        ExportError: The folder holds something else, or cannot be written.
    """
    _refuse_foreign(out)
    # A link to a folder stays a link: what it leads to is replaced.
    place = out.resolve()
    draft = place.with_name(f".{place.name}.writing-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        draft.mkdir(parents=True)
        counts = _write_files(release, draft)
        _put_in_place(draft, place)
    except OSError as error:
        raise ExportError(f"{display_line(str(out))} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return counts


def _refuse_foreign(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise ExportError(f"{display_line(str(out))} is a file; give a folder for --out")
    names = sorted(path.name for path in out.iterdir())
    foreign = [name for name in names if name not in FILES]
    if names and not foreign and not _is_export(out):
        foreign = names
    if foreign:
        raise ExportError(
            f"{display_line(str(out))} holds {display_line(foreign[0], 60)!r}, which is no file of an export of this "
            "program; move it away, or give another --out"
        )


def _is_export(folder: Path) -> bool:
    try:
        return f'"format": "{FORMAT}"' in (folder / "manifest.json").read_text("utf-8")
    except (OSError, ValueError):
        return False


def _write_files(release: StudyRelease, folder: Path) -> ReleaseCounts:
    counts = ReleaseCounts()
    with (
        (folder / "gold.jsonl").open("w", encoding="utf-8", newline="\n") as gold,
        (folder / "labels.csv").open("w", encoding="utf-8", newline="") as labels_file,
    ):
        labels = LabelsCsv(labels_file, release.codebook)
        for pair in release.pairs:
            gold.write(gold_line(pair) + "\n")
            labels.add(pair)
            counts.add(pair)
    _write_json(folder / "agreement.json", agreement_json(release.agreement))
    (folder / "README.md").write_text(readme_text(release, counts), "utf-8")
    files: dict[str, Json] = {}
    for name in FILES[:-1]:
        with (folder / name).open("rb") as file:
            sha = hashlib.file_digest(file, "sha256").hexdigest()
        files[name] = {"sha256": sha, "bytes": (folder / name).stat().st_size}
    _write_json(folder / "manifest.json", _manifest(release, counts, files))
    return counts


def _manifest(release: StudyRelease, counts: ReleaseCounts, files: dict[str, Json]) -> dict[str, Json]:
    codebook = release.codebook
    judges: dict[str, Json] = {
        judge_id: {
            "name": judge.name,
            "kind": judge.kind,
            "model": judge.model,
            "base_url": judge.base_url,
            "prompt_sha": judge.prompt_sha,
            "prompt": judge.prompt_text,
            "parameters": dict(judge.parameters),
        }
        for judge_id, judge in sorted(release.judges.items())
    }
    gold: dict[str, Json] = dict(sorted(counts.gold.items()))
    left_out: dict[str, Json] = dict(release.agreement.left_out)
    return {
        "format": FORMAT,
        "program": "cot-annotator",
        "program_version": release.program_version,
        "study_id": release.study_id,
        "study_created_at": release.created_at,
        "is_complete": release.is_complete,
        "seeds": {"study": release.seed, "agreement": release.agreement.seed},
        "resamples": release.agreement.resamples,
        "headline_rule": codebook.headline.key,
        "gold_basis": "first",
        "counts": {
            "pairs": counts.pairs,
            "switched": counts.switched,
            "unknown": counts.unknown,
            "excluded": counts.excluded,
            "raters": len(counts.raters),
            "labels": counts.labels,
            "first_votes": counts.first_votes,
            "labels_left_out": left_out,
            "judgements": counts.judgements,
            "gold": gold,
        },
        "codebook": {"name": codebook.name, "version": codebook.version, "sha": codebook.sha, "text": codebook.text},
        "guidelines": {"sha": release.guidelines_sha, "text": release.guidelines},
        "judges": judges,
        "files": files,
    }


def _write_json(path: Path, value: dict[str, Json]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _put_in_place(draft: Path, out: Path) -> None:
    if out.exists():
        old = draft.with_name(draft.name + "-old")
        out.rename(old)
        draft.rename(out)
        shutil.rmtree(old)
    else:
        draft.rename(out)
