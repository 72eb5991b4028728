"""Studies and commands for all tests: real files in `tmp_path`, the real program in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from annotator.workflows.import_pairs import import_pairs
from tests.pair_factory import write_pairs


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What stdout says, read strictly: NaN is no JSON."""
        return json.loads(self.out, parse_constant=pytest.fail)

    @property
    def complaint(self) -> str:
        """The one line on stderr of a command that refused."""
        assert self.code == 1, self
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("annotator: "), self.err
        assert "unexpected" not in lines[0], self.err
        return lines[0].removeprefix("annotator: ")


Annotator = Callable[..., Ran]
MakeStudy = Callable[..., Path]


@pytest.fixture
def annotator(tmp_path: Path) -> Annotator:
    """Run `annotator ARGUMENTS...` in `tmp_path`."""

    def run(*arguments: str | Path, lines: str = "", env: dict[str, str] | None = None) -> Ran:
        own = {name: value for name, value in os.environ.items() if not name.startswith("ANTHROPIC_")}
        done = subprocess.run(
            [sys.executable, "-m", "annotator", *map(str, arguments)],
            input=lines.encode(),
            capture_output=True,
            cwd=tmp_path,
            env={**own, "COLUMNS": "80", **(env or {})},
            timeout=120,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def make_study(tmp_path: Path) -> MakeStudy:
    """Make a study of pair lines."""

    def make(
        lines: Iterable[dict[str, Any] | str], name: str = "study.db", *, codebook: str | None = None, seed: int = 7
    ) -> Path:
        path = tmp_path / name
        file = write_pairs(tmp_path / f"{path.stem}-{len(list(tmp_path.iterdir()))}.jsonl", lines)
        import_pairs(path, [file], codebook=codebook, seed=seed)
        return path

    return make
