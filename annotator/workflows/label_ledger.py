"""The labels that a session has given: on their way to the disk, saved, and open to undo."""

from concurrent.futures import Future
from pathlib import Path

from annotator.domain.label import Label
from annotator.workflows.label_writer import LabelWriter
from annotator_db.labels import NewLabel


class LabelLedger:
    """Gives labels to the writer and keeps account of them; used from one thread."""

    def __init__(self, study_path: Path, origin: str) -> None:
        self._writer = LabelWriter(study_path, origin)
        self._unsaved: dict[str, NewLabel] = {}
        self._undoable: list[tuple[int, Label]] = []
        self._superseded: set[str] = set()
        self.saved = 0
        """Labels and withdrawals that have been committed."""

    @property
    def unsaved(self) -> int:
        """How many labels have not (yet) been committed."""
        return len(self._unsaved)

    def submit(self, label: NewLabel) -> Future[Label]:
        """Give a label to the writer; the future resolves after the commit."""
        if label.supersedes is not None:
            self._superseded.add(label.supersedes)
        self._unsaved[label.label_id] = label
        future = self._writer.submit(label)
        future.add_done_callback(lambda done: self._note_written(label.label_id, done))
        return future

    def retry(self) -> list[Future[Label]]:
        """Give every label that is not saved to the writer again, oldest first; one saved twice is one label."""
        return [self.submit(label) for label in list(self._unsaved.values())]

    def flush(self, timeout_s: float) -> bool:
        """Wait until all that was given has been tried; False at the time-out."""
        return self._writer.flush(timeout_s)

    def close(self) -> None:
        """Write what is waiting, and end the writer."""
        self._writer.close()

    def note_decision(self, pos: int, label: Label) -> None:
        """Make a label the next one to be undone."""
        self._undoable.append((pos, label))

    def last_decision(self) -> tuple[int, Label] | None:
        """Take place and label of this session's latest decision that has not been undone; None after the last."""
        return self._undoable.pop() if self._undoable else None

    def is_superseded(self, label_id: str) -> bool:
        """Say whether this session has replaced or withdrawn a label."""
        return label_id in self._superseded

    def _note_written(self, label_id: str, future: Future[Label]) -> None:
        # Runs in the writer's thread, which alone removes and counts.
        if future.exception() is None and self._unsaved.pop(label_id, None) is not None:
            self.saved += 1
