"""Open a rater's queue: draw what is missing, bend exposures only towards blinder, say why it is empty."""

from difflib import SequenceMatcher

from annotator.domain.assignment import PairFilter
from annotator.domain.display import display_line
from annotator.domain.label import BLINDNESS, REVEAL_DELAY, Exposure, RevealWhen
from annotator.errors import QueueError
from annotator.workflows.drawing import draw, policy_of
from annotator.workflows.rating_view import SessionOptions
from annotator_db.raters import Rater, rater_key
from annotator_db.store import Store

_CLOSE = 0.8


def close_names(store: Store, name: str) -> list[str]:
    """Return the names of raters that a new name could be a slip for; empty where the name is known.

    Names that differ in their digits alone are taken as meant.

    Raises:
        QueueError: The name is empty, too long, or no text.
    """
    _refuse_bad_name(name)
    if store.raters.find(name) is not None:
        return []
    key = rater_key(name)
    letters = "".join(character for character in key if not character.isdigit())
    close: list[str] = []
    for rater in store.raters.all():
        other = "".join(character for character in rater.key if not character.isdigit())
        if letters == other and key != rater.key:
            continue
        if SequenceMatcher(None, key, rater.key).ratio() >= _CLOSE:
            close.append(rater.name)
    return close


def _refuse_bad_name(name: str) -> None:
    """Refuse a name that is empty, too long, or no text: a terminal can pass bytes that are none."""
    is_text = not any("\ud800" <= character <= "\udfff" for character in name)
    if not rater_key(name) or len(name) > 80 or not is_text:
        raise QueueError(f"--rater is {display_line(name, 80)!r}; give a name of 1 to 80 characters")


def open_queue(store: Store, name: str, options: SessionOptions) -> tuple[Rater, list[str]]:
    """Make a rater's queue ready.

    Args:
        store: Open for writing.
        name: The rater's name.
        options: Which pairs, and how the rater wants to meet the judge.

    Returns:
        The rater, and sentences that the rater should read before starting.

    Raises:
        QueueError: The name is empty or too long, or the exposure would be less blind than what was drawn.
    """
    _refuse_bad_name(name)
    notes: list[str] = []
    rater = store.raters.find(name)
    is_drawn = rater is not None and rater.kind == "human" and store.queue.has_all(rater.rater_id, options.pairs)
    # Which judge is shown takes a look at all judgements, so it is asked only where an assignment waits for one.
    if rater is None or not is_drawn or store.queue.awaits_judge(rater.rater_id):
        shown_judge = store.judgements.shown_judge()
        if shown_judge is None and store.judgements.progress():
            notes.append(
                "no judge has judged every switched pair, so no verdict will be revealed; see: annotator status"
            )
        with store.writing():
            rater = _draw_missing(store, name, options, shown_judge)
            if shown_judge is not None:
                store.queue.set_judge(rater.rater_id, shown_judge)
    if options.exposure is not None or options.reveal_when is not None:
        notes += _override(store, rater, options)
    return rater, notes


def _draw_missing(store: Store, name: str, options: SessionOptions, shown_judge: str | None) -> Rater:
    """Put the pairs that the rater's queue lacks into it; the caller holds the transaction."""
    rater = store.raters.ensure(name)
    assignments = draw(
        store.queue.undrawn(rater.rater_id, options.pairs),
        policy=policy_of(options.exposure, options.reveal_when),
        seed=store.study().seed,
        rater_key=rater.key,
        judge_id=shown_judge,
    )
    store.queue.add(rater.rater_id, options.pairs, assignments)
    return rater


def _override(store: Store, rater: Rater, options: SessionOptions) -> list[str]:
    """Put blinder exposures and later reveals in force; refuse where all would have to become less blind."""
    groups = store.queue.unlabelled_by_exposure(rater.rater_id, options.pairs)
    kept: dict[str, int] = {}
    changes: list[tuple[list[int], Exposure, RevealWhen]] = []
    unchanged = 0
    for (exposure, reveal_when), places in groups.items():
        asked = options.exposure or exposure
        asked_when = options.reveal_when or reveal_when
        blinder = max(exposure, asked, key=BLINDNESS.index)
        later = max(reveal_when, asked_when, key=REVEAL_DELAY.index)
        if blinder is not asked or (later is not asked_when and blinder is Exposure.REVEAL):
            what = blinder.value if blinder is not asked else f"reveal at {later.value}"
            kept[what] = kept.get(what, 0) + len(places)
        elif blinder is exposure and later is reveal_when:
            unchanged += len(places)
        if (blinder, later) != (exposure, reveal_when):
            changes.append((places, blinder, later))
    listed = ", ".join(f"{count} {what}" for what, count in kept.items())
    if kept and not changes and not unchanged:
        asked_for = " ".join(
            [f"--exposure {options.exposure}"] * (options.exposure is not None)
            + [f"--reveal {options.reveal_when}"] * (options.reveal_when is not None)
        )
        raise QueueError(
            f"{asked_for} would make the queue of {display_line(rater.name, 40)!r} less blind than it was drawn "
            f"({listed}); drawn exposures may only become blinder: leave the option out"
        )
    if changes:
        with store.writing():
            for places, exposure, reveal_when in changes:
                store.queue.override(rater.rater_id, places, exposure, reveal_when)
    return [f"as drawn, and blinder than asked for: {listed}"] if kept else []


def empty_queue_note(store: Store, rater: Rater, which: PairFilter) -> str:
    """Say why a queue is empty or through, with the counts and the flag that would fill it."""
    total = store.queue.size(rater.rater_id, which)
    labelled = store.queue.labelled(rater.rater_id, which)
    counts = {other: store.pairs.count(other) for other in PairFilter}
    name = display_line(rater.name, 40)
    if counts[PairFilter.ALL] == 0:
        return "The study has no pairs. Import some: annotator import STUDY FILE..."
    others = [
        f"--pairs {other} has {counts[other]}" for other in PairFilter if other is not which and counts[other] > 0
    ]
    elsewhere = f" {'; '.join(others)}." if others else ""
    if total == 0:
        return f"No pair to label: {counts[which]} of {counts[PairFilter.ALL]} pairs are {which}.{elsewhere}"
    return f"{name} has labelled {labelled} of {total} pairs ({which}).{elsewhere}"
