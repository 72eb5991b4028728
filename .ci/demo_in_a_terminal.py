"""Run an installed `annotator demo` on a pseudo-terminal: the screen comes up, `q` leaves, the gold is there."""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time
from pathlib import Path

LIMIT_S = 60


def main() -> None:
    """Drive the demo; exit with an error where it does not do its job."""
    folder = Path("in-a-terminal")
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
        os.execv(sys.argv[1], [sys.argv[1], "demo", "--dir", str(folder)])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    seen = b""
    has_quit = False
    started = time.monotonic()
    while time.monotonic() - started < LIMIT_S:
        readable, _, _ = select.select([terminal], [], [], 0.5)
        if readable:
            try:
                chunk = os.read(terminal, 1 << 16)
            except OSError:
                break
            if not chunk:
                break
            seen += chunk
        elif not has_quit and b"relies" in seen:
            has_quit = True
            os.write(terminal, b"q")
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code or not has_quit or not (folder / "export" / "gold.jsonl").exists():
        sys.exit(f"the demo ended with {code}; screen seen: {has_quit}; last output: {seen[-600:]!r}")
    print("the demo's screen came up in a terminal, and left its gold")


main()
