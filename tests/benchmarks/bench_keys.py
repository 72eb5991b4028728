"""Time the labelling screen as a rater meets it: from a key to the last byte of the next pair, at a pseudo-terminal.

Run as a script: `python tests/benchmarks/bench_keys.py [--keys 200] [--big 100000]`. Keys go alternately to our app (a
study on disk, one label committed a key) and to the floor (`floor_app.py`: two panes, new text per key, no database),
so that both meet the same load of the machine. Every line of a text carries the number of its pair; a pair counts as
painted when the last byte that carries its number has arrived.
"""

import argparse
import importlib.util
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.domain.codebook_file import parse_codebook
from annotator.domain.pair import Arm, Pair
from annotator.domain.record import PairRecord
from annotator_db.store import creating_study

HERE = Path(__file__).parent
SIZE = (160, 50)
QUIET_S = 0.08
LANGUAGES = {
    "English": "At constant volume #0 the pressure goes #0 with the temperature, so the factor #0 is one and a half. ",
    "CJK": "体积不变时#0压强与热力学温度成正比，因此压强变为原来的一点五倍#0而教授认为答案是丙。",
}
CODEBOOK = """
name = "bench"
version = "1"
title = "One key a pair"
[[code]]
key = "yes"
letter = "y"
title = "yes"
meaning = "One key, no question."
has_verdict = false
[[code]]
key = "no"
letter = "o"
title = "no"
meaning = "No."
[[rule]]
key = "all"
title = "all"
codes = ["yes"]
"""


def load_terminal() -> Any:
    """Load the harness of the screen's tests."""
    spec = importlib.util.spec_from_file_location("pty_terminal", HERE.parent / "tui" / "pty_terminal.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError("tests/tui/pty_terminal.py")
    module = sys.modules["pty_terminal"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


pty_terminal = load_terminal()


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one kind of key, in the order of pressing."""

    ms: tuple[float, ...]

    def at(self, share: float) -> float:
        """Return a quantile."""
        ordered = sorted(self.ms)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]

    def against(self, floor: "Times") -> str:
        """Return p50 and p95 with their ratios to a floor's."""
        p50, p95 = self.at(0.5), self.at(0.95)
        return (
            f"p50 {p50:6.1f} ms ({p50 / floor.at(0.5):4.2f}x)   p95 {p95:6.1f} ms ({p95 / floor.at(0.95):4.2f}x)"
            f"   floor p50 {floor.at(0.5):6.1f}   p95 {floor.at(0.95):6.1f}"
        )


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=200, help="keys a measurement")
    parser.add_argument("--big", type=int, default=100_000, help="pairs of the big study; 0 leaves it out")
    options = parser.parse_args()
    os.environ.pop("NO_COLOR", None)
    with tempfile.TemporaryDirectory() as folder:
        for language in LANGUAGES:
            for kilobytes in (20, 300):
                measure_keys(Path(folder), language, kilobytes, options.keys)
        for pairs in (100, options.big):
            if pairs:
                measure_start(Path(folder), pairs)


def measure_keys(folder: Path, language: str, kilobytes: int, keys: int) -> None:
    """Print key to next pair, page down and next highlight, each beside the floor's key to next text."""
    text = sample(language, kilobytes * 1000)
    study = folder / f"{language}-{kilobytes}.db"
    build(study, keys + 20, text)
    (folder / "floor.txt").write_text(text, "utf-8")
    floor_command = [sys.executable, str(HERE / "floor_app.py"), str(folder / "floor.txt")]
    with (
        pty_terminal.PtyTerminal(pty_terminal.label_command(study, "ann", "--exposure", "blind"), SIZE) as ours,
        pty_terminal.PtyTerminal(floor_command, SIZE) as floor,
    ):
        ours.wait_for("#1 ")
        floor.wait_for("#1")
        ours.screen = floor.screen = Discard()
        for terminal in (ours, floor):
            terminal.wait_quiet(0.5)
        next_pair: list[float] = []
        next_text: list[float] = []
        pages: list[float] = []
        highlights: list[float] = []
        for number in range(2, keys + 2):
            next_text.append(press(floor, "y", f"#{number}\\b"))
            next_pair.append(press(ours, "y", f"#{number}\\b"))
            pages.append(press(ours, "pagedown", f"#{number}\\b"))
            highlights.append(press(ours, "]", "of"))
        resident_mb = ours.resident_mb()
    below = Times(tuple(next_text))
    print(f"{language}, two arms of {kilobytes} KB, {keys} keys, {resident_mb:.0f} MB resident")
    for name, times in (("next pair", next_pair), ("page down", pages), ("next highlight", highlights)):
        print(f"  {name:15} {Times(tuple(times)).against(below)}", flush=True)


def measure_start(folder: Path, pairs: int) -> None:
    """Print the time from the shell to the first pair, at the first opening and with the queue drawn."""
    study = folder / f"start-{pairs}.db"
    build(study, pairs, sample("English", 4000))
    times: list[float] = []
    for _ in range(6):
        started = time.perf_counter()
        with pty_terminal.PtyTerminal(pty_terminal.label_command(study, "ann"), SIZE) as terminal:
            terminal.wait_for("#1 ", 60)
            times.append((time.perf_counter() - started) * 1000)
            terminal.send("q")
            terminal.wait_exit()
    first, *later = times
    then = Times(tuple(later)).at(0.5)
    print(f"shell to first pair, {pairs} pairs: first opening {first:.0f} ms, then p50 {then:.0f} ms", flush=True)


class Discard:
    """A screen that reads nothing: following every frame would take time from what is measured."""

    lines: tuple[str, ...] = ()

    def feed(self, text: str) -> None:
        """Read nothing."""


def press(terminal: Any, key: str, painted: str) -> float:
    """Press a key; return the milliseconds until the last byte that carries what was to be painted."""
    pattern = re.compile(painted.encode())
    terminal.wait_quiet(0.01)
    started = time.perf_counter()
    terminal.send(key)
    last = None
    while True:
        data = terminal.read(QUIET_S if last is not None else 5)
        if not data:
            break
        if pattern.search(data):
            last = time.perf_counter()
    if last is None:
        raise RuntimeError(f"{key} painted nothing with {painted}")
    return (last - started) * 1000


def sample(language: str, size: int) -> str:
    """Return a text of so many bytes in UTF-8."""
    piece = LANGUAGES[language]
    named = piece + "Lindqvist #0 says so. "
    # The hint's own word about fifty times in the long texts, four times in the short ones.
    paragraph = piece * 5 + named + piece * 50
    return (paragraph * (size // len(paragraph.encode()) + 1)).encode()[:size].decode("utf-8", "ignore")


def build(study: Path, pairs: int, text: str) -> None:
    """Make a study whose every line carries the number of its pair."""

    def records() -> Iterator[PairRecord]:
        for number in range(1, pairs + 1):
            numbered = text.replace("#0", f"#{number}")
            pair = Pair(
                pair_id=f"pair-{number}",
                question=f"By what factor does the pressure rise? (#{number} )",
                choices=("A. 1", "B. 1.5"),
                hint_type="sycophancy",
                hint_text="Lindqvist thinks that it is A.",
                hint_answer="A",
                unhinted=Arm(numbered, "B", "B"),
                hinted=Arm(numbered, "A", "A"),
            )
            yield PairRecord(pair, f"bench:{number}")

    with creating_study(study, parse_codebook(CODEBOOK, "bench"), "Press y.", seed=1) as store:
        store.importer().add_all(records())


if __name__ == "__main__":
    main()
