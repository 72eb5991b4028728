"""Fetch a pair and make it ready to be shown: done ahead of need, away from the key press."""

from dataclasses import dataclass

from annotator.domain.assignment import Assignment, PairFilter
from annotator.domain.card import ArmCard, PairCard
from annotator.domain.display import display_safe
from annotator.domain.hint_words import hint_occurrences
from annotator.domain.judgement import StoredJudgement
from annotator.domain.label import Label
from annotator.domain.pair import Arm, Pair
from annotator_db.raters import Rater
from annotator_db.store import Store


@dataclass(frozen=True, slots=True)
class LoadedPair:
    """All that a session knows of a pair; the screen gets only `card`."""

    assignment: Assignment
    pair: Pair
    card: PairCard
    judgement: StoredJudgement | None
    history: tuple[Label, ...]
    """The rater's own labels of this pair, oldest first, as the study had them when the pair was fetched."""


def load_pair(store: Store, assignment: Assignment, rater: Rater, which: PairFilter) -> LoadedPair:
    """Read a pair, its judgement and the rater's own labels from one state of the study."""
    with store.reading():
        stored = store.pairs.get(assignment.pos)
        judgement = store.judgements.of(assignment.pos, assignment.judge_id) if assignment.judge_id else None
        history = tuple(label for label in store.labels.history(assignment.pos) if label.rater == rater.name)
        number = store.queue.size(rater.rater_id, which, assignment.ord)
    pair = stored.pair
    card = PairCard(
        pos=assignment.pos,
        pair_id=pair.pair_id,
        number=number,
        question=pair.question,
        choices=pair.choices,
        hint_type=pair.hint_type,
        hint_text=pair.hint_text,
        unhinted=_arm_card(pair.unhinted),
        hinted=_arm_card(pair.hinted),
        highlights=hint_occurrences(pair) if assignment.has_highlights else (),
        disclosure=pair.disclosure,
    )
    return LoadedPair(assignment, pair, card, judgement, history)


def _arm_card(arm: Arm) -> ArmCard:
    return ArmCard(arm, display_safe(arm.reasoning), display_safe(arm.response))
