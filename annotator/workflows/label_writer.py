"""The one thread that writes labels: nothing cancels a write, and a lock held elsewhere never stalls the screen."""

import queue
import threading
from concurrent.futures import Future
from pathlib import Path

from annotator.domain.label import Label
from annotator.errors import AnnotatorError, LabelNotSavedError
from annotator_db.connection import Access
from annotator_db.labels import NewLabel
from annotator_db.store import Store


class LabelWriter:
    """Writes labels in the order they are given, each in a transaction of its own, on a connection of its own."""

    def __init__(self, study_path: Path, origin: str) -> None:
        self._study_path = study_path
        self._origin = origin
        self._jobs: queue.SimpleQueue[tuple[NewLabel, Future[Label]] | threading.Event | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="label writer", daemon=True)
        self._thread.start()

    def submit(self, label: NewLabel) -> Future[Label]:
        """Queue a label; the future resolves to the stored label after the commit.

        It raises LabelNotSavedError where the commit failed; giving the same label again is safe.
        """
        future: Future[Label] = Future()
        # From here on nothing can cancel it.
        future.set_running_or_notify_cancel()
        self._jobs.put((label, future))
        return future

    def flush(self, timeout_s: float) -> bool:
        """Wait until all labels given so far have been tried; False at the time-out."""
        reached = threading.Event()
        self._jobs.put(reached)
        return reached.wait(timeout_s)

    def close(self) -> None:
        """Write what is queued, then end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        store: Store | None = None
        while (job := self._jobs.get()) is not None:
            if isinstance(job, threading.Event):
                job.set()
                continue
            label, future = job
            try:
                store = store or Store.open(self._study_path, Access.WRITE)
                stored = self._write(store, label)
            except AnnotatorError as error:
                future.set_exception(LabelNotSavedError(str(error)))
                if store is not None:
                    store.close()
                    store = None
            except BaseException as error:
                # The screen must hear of it whatever it is: a future that never resolves is a label lost in silence.
                future.set_exception(error)
            else:
                future.set_result(stored)
        if store is not None:
            store.close()

    def _write(self, store: Store, label: NewLabel) -> Label:
        with store.writing():
            store.labels.add(label, self._origin)
            stored = store.labels.get(label.label_id)
        if stored is None:
            raise LabelNotSavedError(f"label {label.label_id} is not in the study after its commit")
        return stored
