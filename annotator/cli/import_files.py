"""`annotator import`."""

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.arguments import JsonOption, StudyArgument
from annotator.cli.talk import ProgressLine, say, table, tell, tell_json


def import_files(
    study: StudyArgument,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Canonical pair files (JSONL).")],
    codebook: Annotated[
        str | None,
        typer.Option(help="For a new study: hint-verbalization (default), yes-no, or a TOML file.", show_default=False),
    ] = None,
    complete: Annotated[
        bool, typer.Option("--complete", help="Declare that the study holds all pairs of its cells, not a sample.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Import pair files; make the study with its codebook where there is none. All of it, or nothing."""
    from annotator.workflows.import_pairs import ImportProgress, import_pairs

    with ProgressLine("import") as progress_line:

        def show(progress: ImportProgress) -> None:
            share = progress.bytes_read / progress.bytes_total if progress.bytes_total else 0.0
            progress_line.at(share, f"{progress.pairs:,} pairs", progress.pairs)

        report = import_pairs(study, files, codebook=codebook, is_complete=complete, on_progress=show)
    counts = report.counts
    if as_json:
        tell_json(
            {
                "new_study": report.is_new_study,
                "codebook": report.codebook,
                "files": report.files,
                "pairs": {
                    "added": counts.added,
                    "skipped": counts.skipped,
                    "switched": counts.switched,
                    "unknown": counts.unknown,
                    "without_reasoning": counts.without_reasoning,
                    "per_hint_type": dict(counts.per_hint_type),
                },
                "echoes_cut": counts.echoes_cut,
                "surrogates_replaced": counts.surrogates_replaced,
                "labels_added": counts.labels_added,
                "reported_added": counts.reported_added,
                "study": {"pairs": report.total_pairs, "switched": report.total_switched},
            }
        )
        return
    made = f"made, codebook {report.codebook}" if report.is_new_study else f"codebook {report.codebook}"
    tell(f"{study.name}: {made}")
    hint_types = sorted(counts.per_hint_type.items(), key=lambda item: (-item[1], item[0]))
    rows = [
        ["pairs added", f"{counts.added:,}", f"from {report.files} file{'s' * (report.files != 1)}"],
        ["  switched", f"{counts.switched:,}", ""],
        ["  unknown", f"{counts.unknown:,}", "the unhinted arm has no answer"],
        ["  without reasoning", f"{counts.without_reasoning:,}", ""],
        *([f"  hint {hint_type}", f"{count:,}", ""] for hint_type, count in hint_types),
        ["pairs skipped", f"{counts.skipped:,}", "already there with the same content"],
        ["prompt echoes cut", f"{counts.echoes_cut:,}", ""],
        ["labels added", f"{counts.labels_added:,}", ""],
        ["booleans reported", f"{counts.reported_added:,}", ""],
    ]
    for line in table(rows, right=frozenset({1})):
        tell(line)
    tell(f"study: {report.total_pairs:,} pairs, {report.total_switched:,} switched")
    if counts.surrogates_replaced:
        say(f"{counts.surrogates_replaced} lone surrogates became U+FFFD: they are no characters, and cannot be stored")
