"""Make the README's picture: the labelling screen on the demo study, drawn by the app itself.

Run: python docs/make_picture.py
"""

import re
import tempfile
from pathlib import Path

from annotator.domain.label import Exposure
from annotator.tui.app import screenshot_svg
from annotator.workflows.demo import DEMO_RATER, prepare_demo
from annotator.workflows.rating import RatingSession
from annotator.workflows.rating_view import SessionOptions

SIZE = (120, 36)
KEYS = ("]", "]")

with tempfile.TemporaryDirectory() as folder:
    study = prepare_demo(Path(folder)).study
    session = RatingSession.open(study, DEMO_RATER, SessionOptions(exposure=Exposure.BLIND))
    try:
        picture = screenshot_svg(session, SIZE, KEYS)
    finally:
        session.close()
# Whoever looks at the README fetches nothing from elsewhere: the reader's own monospaced font does.
picture = re.sub(r"@font-face\s*\{[^}]*\}\s*", "", picture)
Path(__file__).with_name("labelling-screen.svg").write_text(picture, "utf-8")
