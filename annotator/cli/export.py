"""`annotator export`."""

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.arguments import JsonOption, StudyArgument
from annotator.cli.talk import ProgressLine, tell, tell_json


def export(
    study: StudyArgument,
    out: Annotated[Path, typer.Option(help="The folder: absent, empty, or an earlier export.", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """Write gold.jsonl, labels.csv, agreement.json, manifest.json and README.md; the same study, the same bytes."""
    from annotator.workflows.release import export_study

    with ProgressLine("export") as line:
        report = export_study(study, out, on_pair=lambda done, total: line.at(done / total, f"{done:,} pairs", done))
    counts = report.counts
    if as_json:
        tell_json(
            {
                "out": str(out),
                "pairs": counts.pairs,
                "labels": counts.labels,
                "first_votes": counts.first_votes,
                "gold": dict(counts.gold),
            }
        )
        return
    tell(f"{out}: {counts.pairs:,} pairs, {counts.labels:,} labels, {counts.first_votes:,} first votes")
    tell("gold: " + ", ".join(f"{count:,} {basis}" for basis, count in sorted(counts.gold.items())))
