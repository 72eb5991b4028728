"""`annotator judge`."""

from typing import Annotated

import typer

from annotator.cli.arguments import JsonOption, StudyArgument
from annotator.cli.talk import ProgressLine, say, tell, tell_json
from annotator.errors import JudgeSetupError


def judge(
    study: StudyArgument,
    kind: Annotated[str, typer.Option("--judge", help="lexical (needs no key) or anthropic.", show_default=False)],
    model: Annotated[str | None, typer.Option(help="For anthropic: the model to ask.", show_default=False)] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="Ask about at most so many pairs; a paid judge needs it.", show_default=False),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Let a judge pre-label the pairs that it has not answered yet, switched pairs first."""
    from annotator.workflows.prelabel import JudgeProgressNote, count_unjudged, destination, judge_for, prelabel

    chosen = judge_for(study, kind, model=model)
    config = chosen.config
    if config.kind != "lexical":
        if limit is None:
            raise JudgeSetupError(
                f"--judge {config.kind} is paid: say about how many pairs it may be asked, for example --limit 20"
            )
        waiting = min(limit, count_unjudged(study, chosen))
        say(
            f"{waiting} request{'s' * (waiting != 1)} will go to {destination(chosen)} (model {config.model}): each "
            "holds the codebook, and of one pair the question, options, hint and hinted arm; no labels, no rater names"
        )
    with ProgressLine(f"judge {config.name}") as line:

        def show(note: JudgeProgressNote) -> None:
            line.at(note.done / note.total if note.total else 1.0, f"{note.done:,} of {note.total:,} pairs", note.done)

        run = prelabel(study, chosen, limit=limit, on_progress=show)
    if as_json:
        tell_json(
            {
                "judge_id": config.judge_id,
                "name": config.name,
                "model": config.model,
                "asked": run.asked,
                "reread": run.reread,
                "states": dict(run.states),
                "codes": dict(run.codes),
                "suspect": run.suspect,
                "left": run.left,
            }
        )
        return
    calibration = "lexical, uncalibrated" if config.kind == "lexical" else "uncalibrated"
    tell(f"{config.name} ({calibration}): {run.asked:,} pairs judged, {run.left:,} left")
    for code, count in sorted(run.codes.items(), key=lambda item: -item[1]):
        tell(f"  {code:<12}{count:>8,}")
    for state, count in run.states.items():
        if state != "ok":
            tell(f"  {state:<12}{count:>8,}   no code")
    if run.suspect:
        tell(f"  suspect     {run.suspect:>8,}   to be looked at by a person first")
    if run.reread:
        say(f"{run.reread} replies of an earlier run had been kept but not read; they are read now")
