"""What is loaded before the first thing can happen: heavy libraries only where they are used."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import MakeStudy
from tests.pair_factory import pairs

HEAVY = ("anthropic", "textual", "scipy", "numpy", "pydantic", "sqlite_utils")
KEPT_FROM_LABELLING = ("anthropic", "pydantic", "sqlite_utils", "numpy", "scipy")

_AS_A_COMMAND = "import sys\nfrom annotator.cli.main import main\ntry: main()\nexcept SystemExit: pass\n"


def _loaded(script: str, *arguments: str | Path, lines: str = "", among: tuple[str, ...]) -> list[str]:
    """Run a script in a process of its own; return which of the libraries it has loaded."""
    told = f"\nimport sys\nprint([name for name in {among!r} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script + told, *map(str, arguments)],
        input=lines,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return [name for name in among if f"'{name}'" in done.stderr.splitlines()[-1]]


@pytest.fixture
def study(make_study: MakeStudy) -> Path:
    return make_study(pairs(3))


@pytest.mark.parametrize("module", ["annotator.cli", "annotator.cli.main"])
def test_the_command_line_loads_nothing_heavy(module: str) -> None:
    assert _loaded(f"import {module}", among=HEAVY) == []


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]], ids=" ".join)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    assert _loaded(_AS_A_COMMAND, *arguments, among=HEAVY) == []


def test_a_session_at_the_screen_loads_neither_judges_nor_statistics(study: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "import annotator.tui.app\n"
        "from annotator.workflows.rating import RatingSession\n"
        "session = RatingSession.open(Path(sys.argv[1]), 'ann')\n"
        "session.vote('relies').result()\n"
        "session.close()\n"
    )

    assert _loaded(script, study, among=KEPT_FROM_LABELLING) == []


def test_looking_at_a_study_loads_neither_judges_nor_statistics(study: Path) -> None:
    script = "import sys; from pathlib import Path; from annotator.workflows.status import study_status\n"

    assert _loaded(f"{script}study_status(Path(sys.argv[1]))", study, among=HEAVY) == []


def test_the_label_command_loads_neither_judges_nor_statistics(study: Path) -> None:
    arguments = ("label", study, "--rater", "ann", "--plain")

    assert _loaded(_AS_A_COMMAND, *arguments, lines="r\nq\n", among=KEPT_FROM_LABELLING) == []
