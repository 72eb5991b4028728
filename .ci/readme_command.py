"""Print the one command of the README that ends in a word: `annotator demo` or `pytest`."""

import re
import sys
from pathlib import Path

wanted = sys.argv[1]
readme = Path(__file__).parent.parent.joinpath("README.md").read_text("utf-8")
blocks = re.findall(r"^```(?:sh|bash|console)\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)
commands = [line for block in blocks for line in block.splitlines() if line.startswith("python3 -m venv")]
found = [command for command in commands if command.rstrip().endswith(wanted)]
if len(found) != 1:
    sys.exit(f"README.md: {len(found)} commands that begin with 'python3 -m venv' end in {wanted!r}; expected one")
print(found[0])
