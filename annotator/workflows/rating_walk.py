"""Where a session goes next: along the queue, to what is unlabelled, through a second pass; fetching ahead."""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from annotator.domain.assignment import Assignment, PairFilter
from annotator.domain.label import RevealWhen
from annotator.workflows.cards import LoadedPair, load_pair
from annotator.workflows.drawing import uniforms
from annotator.workflows.rating_pair import PairInHand, PairMemory
from annotator_db.raters import Rater
from annotator_db.store import Store

START: Final = float("-inf")
"""Before the first pair of a queue."""
END: Final = float("inf")
"""After its last."""


class QueueWalk:
    """Holds the pair on the screen; reads on its own connections, never writes."""

    def __init__(self, store: Store, rater: Rater, which: PairFilter, seed: int) -> None:
        self._store = store
        self._rater = rater
        self._which = which
        self._seed = seed
        self._fetcher = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fetch ahead")
        self._fetch_store = Store.open(store.path)
        self._ahead: tuple[int, Future[LoadedPair]] | None = None
        self.memories: dict[int, PairMemory] = {}
        """By the pair's place."""
        self.in_hand: PairInHand | None = None
        """The pair on the screen; None when there is nothing left to do."""
        self._looks: list[int] = []
        """Places of the running second pass, the one on the screen first."""

    @property
    def looks_left(self) -> int:
        """How many second looks of the running pass are left, the one on the screen included."""
        return len(self._looks)

    def close(self) -> None:
        """Wait for the fetching thread, and close its connection."""
        self._fetcher.shutdown(wait=True)
        self._fetch_store.close()

    def memory(self, pos: int) -> PairMemory:
        """Return what is remembered of a pair."""
        return self.memories.setdefault(pos, PairMemory())

    def show(self, assignment: Assignment, *, is_in_pass: bool = False) -> PairInHand:
        """Put a pair on the screen, and fetch the one that will be needed after it."""
        if not is_in_pass:
            self._looks = []
        if self._ahead is not None and self._ahead[0] == assignment.pos:
            loaded = self._ahead[1].result()
        else:
            loaded = load_pair(self._store, assignment, self._rater, self._which)
        self.in_hand = PairInHand(loaded, self.memory(assignment.pos), is_in_pass=is_in_pass)
        self._fetch_ahead(assignment.ord)
        return self.in_hand

    def show_at(self, pos: int) -> PairInHand | None:
        """Put the pair at a place on the screen; None where it is not in the queue."""
        assignment = self._store.queue.get(self._rater.rater_id, pos)
        return self.show(assignment) if assignment else None

    def step(self, *, forward: bool) -> bool:
        """Show the neighbour in the queue, labelled or not; False at the ends."""
        at = self.in_hand.assignment.ord if self.in_hand else (START if forward else END)
        if self.in_hand is None and forward:
            return False
        assignment = self._neighbour(at, forward=forward)
        if assignment is None:
            return False
        self.show(assignment)
        return True

    def show_unlabelled(self, after_ord: float) -> bool:
        """Show the first pair after a place that has no standing label; False where there is none."""
        assignment = self._unlabelled(after_ord)
        if assignment is None:
            return False
        self.show(assignment)
        return True

    def start_pass(self, when: RevealWhen) -> bool:
        """Begin the second looks that wait, in an order of their own; False where none does.

        What the session has written must be on the disk.
        """
        places = self._store.queue.pending_looks(self._rater.rater_id, when)
        key = f"look:{self._seed}:{self._rater.key}:"
        self._looks = sorted(places, key=lambda pos: uniforms(f"{key}{pos}")[0])
        return self._show_look()

    def next_look(self) -> bool:
        """Show the next pair of the running second pass; False at its end."""
        del self._looks[:1]
        return self._show_look()

    def finish(self) -> None:
        """Take the pair off the screen: nothing is left to do."""
        self.in_hand = None
        self._looks = []

    def _show_look(self) -> bool:
        while self._looks:
            assignment = self._store.queue.get(self._rater.rater_id, self._looks[0])
            if assignment is not None:
                self.show(assignment, is_in_pass=True)
                return True
            del self._looks[0]
        return False

    def _neighbour(self, at: float, *, forward: bool, unlabelled: bool = False) -> Assignment | None:
        return self._store.queue.step(self._rater.rater_id, self._which, at, forward=forward, unlabelled=unlabelled)

    def _unlabelled(self, after_ord: float) -> Assignment | None:
        """Return the next assignment without a label, also none that is still being written."""
        at = after_ord
        while (assignment := self._neighbour(at, forward=True, unlabelled=True)) is not None:
            memory = self.memories.get(assignment.pos)
            if memory is None or not memory.is_labelled:
                return assignment
            at = assignment.ord
        return None

    def _fetch_ahead(self, after_ord: float) -> None:
        self._ahead = None
        assignment = self._unlabelled(after_ord)
        if assignment is not None:
            future = self._fetcher.submit(load_pair, self._fetch_store, assignment, self._rater, self._which)
            self._ahead = (assignment.pos, future)
