"""The built-in study: made once, then gone on with; nothing of a user's is ever replaced."""

from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

from annotator.domain.display import display_line
from annotator.errors import StudyError
from annotator.workflows.import_pairs import import_pairs
from annotator.workflows.prelabel import judge_for, prelabel
from annotator_db.store import Store

DEMO_RATER: Final = "you"
"""Who labels at the demo's screen."""

_STUDY: Final = "demo.db"
_EXPORT: Final = "export"
_SEED: Final = 2025
"""Fixed, so that the demo draws the same exposures for everyone."""


@dataclass(frozen=True, slots=True)
class PreparedDemo:
    """The demo's files."""

    study: Path
    export: Path
    is_new: bool
    pairs: int


def prepare_demo(folder: Path) -> PreparedDemo:
    """Make the demo study in a folder, imported and pre-labelled, or find it there.

    Raises:
        StudyError: The folder is a file, or cannot be written.
    """
    study = folder / _STUDY
    is_new = not study.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudyError(f"{display_line(str(folder))} cannot be made: {error.strerror}; give another --dir") from error
    if is_new:
        with resources.as_file(resources.files("annotator.demo_study") / "pairs.jsonl") as pairs:
            import_pairs(study, [pairs], seed=_SEED)
    # A run that was cut off before the judge had finished is gone on with.
    prelabel(study, judge_for(study, "lexical", model=None))
    with Store.open(study) as store:
        return PreparedDemo(study, folder / _EXPORT, is_new, store.pairs.counts().total)
