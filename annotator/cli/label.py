"""`annotator label`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.arguments import StudyArgument
from annotator.cli.talk import duration, is_terminal, say
from annotator.domain.assignment import PairFilter
from annotator.domain.display import display_line
from annotator.domain.label import Exposure, RevealWhen
from annotator.errors import QueueError

if TYPE_CHECKING:
    from annotator.workflows.rating_view import SessionOptions, Summary

_EXPOSURES = (Exposure.BLIND, Exposure.REVEAL, Exposure.ASSISTED)


def label(
    study: StudyArgument,
    rater: Annotated[str, typer.Option(help="Your name, the same at every session.", show_default=False)],
    exposure: Annotated[
        str | None,
        typer.Option(help="blind, reveal or assisted; drawn ones may only become blinder.", show_default=False),
    ] = None,
    reveal: Annotated[
        RevealWhen | None, typer.Option(help="When a reveal comes: each, block or end.", show_default=False)
    ] = None,
    pairs: Annotated[PairFilter, typer.Option(help="Which pairs: switched, unknown or all.")] = PairFilter.SWITCHED,
    plain: Annotated[
        bool, typer.Option("--plain", help="Lines instead of a screen: for screen readers and scripts.")
    ] = False,
) -> None:
    """Label pairs where you stopped; quit with q at any time."""
    from annotator.workflows.rating_view import SessionOptions

    if exposure is not None and exposure not in _EXPOSURES:
        raise typer.BadParameter(
            f"{display_line(exposure, 40)!r} is not one of {', '.join(_EXPOSURES)}", param_hint="--exposure"
        )
    options = SessionOptions(pairs, Exposure(exposure) if exposure else None, reveal)
    if plain:
        ask_about_close_names(study, rater)
        run_plain(study, rater, options)
        return
    if not is_terminal():
        raise QueueError("the labelling screen needs a terminal; --plain does the same session as lines")
    ask_about_close_names(study, rater)
    say_summary(run_screen(study, rater, options))


def run_screen(study: Path, rater: str, options: "SessionOptions") -> "Summary":
    """Open the labelling screen; return what the session did."""
    from annotator.tui.app import run_rating
    from annotator.workflows.rating import RatingSession

    session = RatingSession.open(study, rater, options)
    for note in session.notes:
        say(note)
    return run_rating(session)


def run_plain(study: Path, rater: str, options: "SessionOptions") -> None:
    """Run the session as lines on the standard streams."""
    from annotator.cli.plain import PlainSession
    from annotator.workflows.rating import RatingSession

    session = RatingSession.open(study, rater, options)
    try:
        PlainSession(session, sys.stdin).run()
    finally:
        summary = session.close()
    say_summary(summary)


def ask_about_close_names(study: Path, rater: str) -> None:
    """Ask before a new name that is close to a known rater's; without a terminal, say so and go on."""
    from annotator.workflows.rating_queue import close_names
    from annotator_db.store import Store

    with Store.open(study) as store:
        close = close_names(store, rater)
    if not close:
        return
    known = ", ".join(display_line(name, 40) for name in close)
    if not is_terminal():
        say(f"{display_line(rater, 40)} is a new rater; the study knows {known}")
        return
    say(f"{display_line(rater, 40)} is a new rater. The study knows {known}.")
    if not typer.confirm("Is this somebody else?", default=False, err=True):
        raise QueueError(f"start again with the name that the study knows: --rater {close[0]!r}")


def say_summary(summary: "Summary") -> None:
    """Say what a session did; nothing of what others did."""
    codes = ", ".join(f"{count} {code}" for code, count in summary.codes.items() if count)
    say(
        f"{summary.labelled} pair{'s' * (summary.labelled != 1)} labelled in {duration(summary.active_ms / 1000)}"
        + (f" ({codes})" if codes else "")
        + (f", {summary.changed} changed" if summary.changed else "")
        + (f", {summary.withdrawn} withdrawn" if summary.withdrawn else "")
    )
    if summary.unsaved:
        say(f"{summary.unsaved} labels could not be saved")
