"""The first line: where the session stands."""

from textual.content import Content

from annotator.domain.display import display_line
from annotator.domain.label import Exposure
from annotator.tui.widgets.one_line import fitting
from annotator.tui.wording import counted, duration
from annotator.workflows.rating_view import Progress


def status_line(
    study_name: str, rater: str, progress: Progress, exposure: Exposure, failed: int, looks_left: int, width: int
) -> tuple[Content, Content]:
    """Return what the line says at the left and at the right.

    Args:
        study_name: The study's file name.
        rater: The rater's name.
        progress: Of the session.
        exposure: Of the pair on the screen.
        failed: How many labels could not be saved.
        looks_left: Second looks left in a running second pass; 0 outside one.
        width: Cells.
    """
    right = Content.styled(exposure.value if not looks_left else f"second pass, {looks_left} left", "$foreground-muted")
    pace = f"{duration(progress.ms_per_pair)} a pair" if progress.ms_per_pair is not None else ""
    left_words = f"{duration(progress.ms_left)} left" if progress.ms_left else ""
    parts = [
        (3, Content.styled(display_line(study_name, 30), "bold")),
        (4, Content(display_line(rater, 20))),
        (0, Content(f"pair {progress.number} of {progress.total}")),
        (1, Content(f"{progress.saved} saved")),
        (
            0,
            Content.styled(f" {counted(failed, 'label')} not saved: R retries ", "bold reverse")
            if failed
            else Content(),
        ),
        (5, Content.styled(pace, "$foreground-muted")),
        (6, Content.styled(left_words, "$foreground-muted")),
    ]
    return fitting(parts, width - right.cell_length - 3), right
