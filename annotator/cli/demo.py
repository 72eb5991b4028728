"""`annotator demo`."""

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.talk import is_terminal, say, tell


def demo(
    folder: Annotated[Path, typer.Option("--dir", help="Where the study and its export go.")] = Path("annotator-demo"),
) -> None:
    """Do the whole job on a built-in study: import, pre-label, label as a third rater, agreement, gold."""
    from annotator.cli.agreement import print_agreement
    from annotator.cli.label import run_screen, say_summary
    from annotator.workflows.analyse import study_agreement
    from annotator.workflows.demo import DEMO_RATER, prepare_demo
    from annotator.workflows.rating_view import SessionOptions
    from annotator.workflows.release import export_study

    prepared = prepare_demo(folder)
    if prepared.is_new:
        say(
            f"{prepared.study}: {prepared.pairs} pairs, labelled by two built-in raters, pre-labelled by the judge "
            "(lexical, uncalibrated)"
        )
    else:
        say(f"{prepared.study} is there already: going on with it")
    if is_terminal():
        say_summary(run_screen(prepared.study, DEMO_RATER, SessionOptions()))
    else:
        say("no terminal here, so no labelling screen: the rest of the job is done without it")
    print_agreement(study_agreement(prepared.study))
    report = export_study(prepared.study, prepared.export)
    tell()
    gold = sum(report.counts.codes.values())
    tell(f"gold of {gold} pairs: {prepared.export / 'gold.jsonl'}")
    say(f"label on: annotator label {prepared.study} --rater {DEMO_RATER}")
