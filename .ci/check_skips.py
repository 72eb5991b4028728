"""Count the skipped tests of a pytest run, and fail on one that nobody expects.

A test may skip for want of the shared data or of a program, and then names it. Whoever has the thing must not skip.
"""

import re
import shutil
import sys
from pathlib import Path

log = Path(sys.argv[1]).read_text("utf-8", "replace")
skips = re.findall(r"^SKIPPED \[(\d+)\] (\S+?): (.*)$", log, re.MULTILINE)
unexpected: list[str] = []
for count, place, reason in skips:
    if "needs ../shared" in reason:
        is_expected = not Path("../shared/data/pairs").is_dir()
    elif match := re.search(r"needs the program (\S+)", reason):
        is_expected = shutil.which(match.group(1)) is None
    else:
        is_expected = False
    print(f"skipped {count}: {place}: {reason}{'' if is_expected else '  <- unexpected'}")
    if not is_expected:
        unexpected.append(place)
print(f"{sum(int(count) for count, _, _ in skips)} skips, {len(unexpected)} unexpected")
sys.exit(1 if unexpected else 0)
