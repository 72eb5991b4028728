"""The command line in the tests' own process: for the many cases in which a process of its own would show no more."""

import io
import sys
from pathlib import Path

import pytest

from annotator.cli.main import main
from tests.conftest import Annotator, Ran


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Annotator:
    """Run `annotator ARGUMENTS...` in `tmp_path`, as `annotator` does, but within this process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str | Path, lines: str = "") -> Ran:
        monkeypatch.setattr(sys, "argv", ["annotator", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
        capsys.readouterr()
        try:
            main()
        except SystemExit as ended:
            code = ended.code
        else:
            code = 0
        printed = capsys.readouterr()
        assert code is None or isinstance(code, int)
        return Ran(code or 0, printed.out, printed.err)

    return run
