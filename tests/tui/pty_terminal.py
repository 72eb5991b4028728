"""A real pseudo-terminal with a program in it, and a small screen that reads what the program writes."""

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rich.cells import get_character_cell_size

KEYS: Final = {
    "enter": b"\r",
    "escape": b"\x1b",
    "tab": b"\t",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "home": b"\x1b[H",
    "end": b"\x1b[F",
    "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~",
    "space": b" ",
    "ctrl+p": b"\x10",
    "ctrl+c": b"\x03",
}
_SEQUENCE: Final = re.compile(
    r"\x1b(?:\[(?P<parameters>[0-9:;<=>?]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)|(?P<other>[PX^_k][^\x1b]*\x1b\\|(?![\[\]PX^_k])[ -~]))"
)


@dataclass(slots=True)
class Cell:
    """One cell of the screen."""

    text: str = " "
    underline: bool = False
    reverse: bool = False
    bold: bool = False


@dataclass(slots=True)
class ScreenReader:
    """Follows cursor movements, text and attributes; notes every kind of sequence that it meets."""

    rows: int
    columns: int
    kinds: set[str] = field(default_factory=set[str])
    """`CSI m`, `OSC 52`, ...: what the program asked of the terminal."""
    texts: list[str] = field(default_factory=list[str])
    """Runs of plain characters, in the order of writing."""
    _grid: list[list[Cell]] = field(default_factory=list[list[Cell]])
    _row: int = 0
    _column: int = 0
    _pen: Cell = field(default_factory=Cell)
    _pending: str = ""

    def __post_init__(self) -> None:
        self._grid = [[Cell() for _ in range(self.columns)] for _ in range(self.rows)]

    def feed(self, text: str) -> None:
        """Read more of the program's output; a sequence that is cut waits for its rest."""
        text = self._pending + text
        self._pending = ""
        place = 0
        while place < len(text):
            escape = text.find("\x1b", place)
            if escape < 0:
                escape = len(text)
            if escape > place:
                self._write(text[place:escape])
            if escape == len(text):
                return
            match = _SEQUENCE.match(text, escape)
            if match is None:
                self._pending = text[escape:]
                return
            self._obey(match)
            place = match.end()

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, line by line."""
        return ["".join(cell.text for cell in row) for row in self._grid]

    def find(self, text: str) -> tuple[int, int] | None:
        """Return row and column, from 0, of the first place where `text` stands."""
        for number, row in enumerate(self._grid):
            # A wide character takes two cells, the second of them empty.
            offsets = [column for column, cell in enumerate(row) for _ in cell.text]
            found = "".join(cell.text for cell in row).find(text)
            if found >= 0:
                return number, offsets[found]
        return None

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell."""
        return self._grid[row][column]

    def _obey(self, match: re.Match[str]) -> None:
        if match["osc"] is not None:
            self.kinds.add(f"OSC {match['osc'].partition(';')[0]}")
        elif match["other"] is not None:
            self.kinds.add(f"ESC {match['other'][0]}")
        else:
            parameters, final = match["parameters"], match["final"]
            private = parameters[:1] if parameters[:1] in "<=>?" else ""
            self.kinds.add(f"CSI {private}{match['between']}{final}")
            if private:
                return
            numbers = [int(number) if number.isdigit() else 0 for number in parameters.split(";")]
            if final in "Hf":
                self._row = max(numbers[0], 1) - 1
                self._column = (max(numbers[1], 1) if len(numbers) > 1 else 1) - 1
            elif final == "m":
                self._set_pen(numbers)
            elif final == "J":
                self.__post_init__()

    def _set_pen(self, numbers: list[int]) -> None:
        place = 0
        while place < len(numbers):
            number = numbers[place]
            if number == 0:
                self._pen = Cell()
            elif number in (38, 48):
                place += 4 if numbers[place + 1 : place + 2] == [2] else 2
            elif number in (1, 22):
                self._pen.bold = number == 1
            elif number in (4, 24):
                self._pen.underline = number == 4
            elif number in (7, 27):
                self._pen.reverse = number == 7
            place += 1

    def _write(self, text: str) -> None:
        self.texts.append(text)
        for character in text:
            if character == "\n":
                self._row, self._column = self._row + 1, 0
                continue
            if character == "\r":
                self._column = 0
                continue
            width = get_character_cell_size(character)
            if self._row >= self.rows or self._column >= self.columns:
                continue
            row = self._grid[self._row]
            if width == 0:
                row[max(self._column - 1, 0)].text += character
                continue
            row[self._column] = Cell(character, self._pen.underline, self._pen.reverse, self._pen.bold)
            if width == 2 and self._column + 1 < self.columns:
                row[self._column + 1] = Cell("", self._pen.underline, self._pen.reverse, self._pen.bold)
            self._column += width


class PtyTerminal:
    """A program on a pseudo-terminal.

    Args:
        arguments: The command line.
        size: Columns and rows.
        environment: Added to the present one.
        folder: Where to start the program.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        size: tuple[int, int] = (80, 24),
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        columns, rows = size
        self.screen = ScreenReader(rows, columns)
        self.output = b""
        self.exit_code: int | None = None
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        # The child must see its size from the start, so that it does not paint twice.
        window = struct.pack("HHHH", rows, columns, 0, 0)
        # A lone Esc must be told from the start of a key's sequence by time; nobody types here.
        settings = {"ESCDELAY": "10", "TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})}
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, window)
                if folder is not None:
                    os.chdir(folder)
                os.execvpe(arguments[0], list(arguments), {**os.environ, **settings})
            finally:
                os._exit(127)

    def __enter__(self) -> "PtyTerminal":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def send(self, *keys: str) -> None:
        """Press keys: names of `KEYS`, or characters."""
        for key in keys:
            self.write(KEYS.get(key, key.encode()))

    def write(self, data: bytes) -> None:
        """Write bytes to the program's input."""
        os.write(self._fd, data)

    def click(self, row: int, column: int) -> None:
        """Click with the left button on a cell, counted from 0."""
        place = f"{column + 1};{row + 1}"
        self.write(f"\x1b[<0;{place}M\x1b[<0;{place}m".encode())

    def read(self, timeout_s: float) -> bytes:
        """Return what the program writes next, b"" at the time-out or after its end."""
        ready, _, _ = select.select([self._fd], [], [], timeout_s)
        if not ready:
            return b""
        try:
            data = os.read(self._fd, 1 << 20)
        except OSError:
            return b""
        self.output += data
        self.screen.feed(self._decoder.decode(data))
        return data

    def wait_for(self, text: str, timeout_s: float = 15) -> None:
        """Wait until `text` stands on the screen; raise AssertionError with the screen where it does not come."""
        ends = time.monotonic() + timeout_s
        while self.screen.find(text) is None:
            if time.monotonic() > ends:
                raise AssertionError(f"{text!r} did not come:\n" + "\n".join(self.screen.lines))
            self.read(0.1)

    def wait_gone(self, text: str, timeout_s: float = 15) -> None:
        """Wait until `text` no longer stands on the screen."""
        ends = time.monotonic() + timeout_s
        while self.screen.find(text) is not None:
            if time.monotonic() > ends:
                raise AssertionError(f"{text!r} did not go:\n" + "\n".join(self.screen.lines))
            self.read(0.1)

    def wait_quiet(self, quiet_s: float = 0.25, timeout_s: float = 10) -> None:
        """Wait until the program has written nothing for a while."""
        ends = time.monotonic() + timeout_s
        while self.read(quiet_s) and time.monotonic() < ends:
            pass

    def wait_exit(self, timeout_s: float = 10) -> int:
        """Wait for the program's end; return its exit code."""
        ends = time.monotonic() + timeout_s
        while time.monotonic() < ends:
            self.read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.exit_code = os.waitstatus_to_exitcode(status)
                return self.exit_code
        raise AssertionError("the program did not end:\n" + "\n".join(self.screen.lines))

    def resident_mb(self) -> float:
        """Return the program's resident memory in MB (Linux)."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def close(self) -> None:
        """End the program if it still runs."""
        if self.exit_code is None:
            pid, _ = os.waitpid(self.pid, os.WNOHANG)
            if not pid:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
            self.exit_code = -signal.SIGKILL
        os.close(self._fd)


def label_command(study: Path, rater: str, *options: str) -> list[str]:
    """Return the command line that opens the labelling screen."""
    return [sys.executable, "-m", "annotator", "label", str(study), "--rater", rater, *options]
