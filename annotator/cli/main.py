"""The `annotator` command: its subcommands, its exit codes, and the one place where errors become sentences.

Exit codes: 0 done, 1 refused, 2 wrong usage, 130 interrupted. Data goes to stdout, talk to stderr.
"""

import os
import sys
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, cast

import typer
from typer.core import TyperGroup

from annotator import __version__
from annotator.cli.agreement import agreement
from annotator.cli.demo import demo
from annotator.cli.export import export
from annotator.cli.import_files import import_files
from annotator.cli.judge import judge
from annotator.cli.label import label
from annotator.cli.status import status
from annotator.cli.talk import say
from annotator.domain.display import display_line
from annotator.errors import AnnotatorError

if TYPE_CHECKING:
    import io


class _Commands(TyperGroup):
    """The commands; ends those that are cut off in the program's own way, before typer does it in its own."""

    # The class that typer names in its own signature is private, and of another module in other versions.
    def invoke(self, ctx: typer.Context) -> object:  # pyright: ignore[reportIncompatibleMethodOverride]
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            if _shows_traceback():
                say(traceback.format_exc().rstrip())
            if sys.stderr.isatty():
                # A prompt may stand on the line.
                say()
            say("annotator: interrupted; what was acknowledged is kept")
            raise typer.Exit(130) from error
        except BrokenPipeError as error:
            # Whoever read our output has left: nothing is wrong, and Python must not complain at its exit either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from error


app = typer.Typer(
    name="annotator",
    cls=_Commands,
    help="Label hinted/unhinted chain-of-thought pairs, measure agreement, export gold.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("demo")(demo)
app.command("import")(import_files)
app.command("judge")(judge)
app.command("label")(label)
app.command("agreement")(agreement)
app.command("export")(export)
app.command("status")(status)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"annotator {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show a traceback with an error.")] = False,
) -> None:
    """Take the options that stand before the command; `--version` acts in its callback, `--debug` in `main`."""


def _shows_traceback() -> bool:
    return "--debug" in sys.argv[1:]


def main() -> None:
    """Run the command line and exit with its code."""
    with suppress(AttributeError):
        # A terminal that cannot show a character gets its number: a label must not fail after its commit.
        cast("io.TextIOWrapper", sys.stdout).reconfigure(errors="backslashreplace")
    try:
        app(prog_name="annotator")
    except AnnotatorError as error:
        if _shows_traceback():
            say(traceback.format_exc().rstrip())
        say(display_line(f"annotator: {error}"))
        sys.exit(1)
    except KeyboardInterrupt:
        # Before a command had begun.
        sys.exit(130)
    except Exception as error:
        if _shows_traceback():
            say(traceback.format_exc().rstrip())
        say(
            display_line(
                f"annotator: unexpected {type(error).__name__}: {error}; "
                "`annotator --debug ...` shows where; please report it"
            )
        )
        sys.exit(1)
