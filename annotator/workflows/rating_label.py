"""Make the rows and the sums of a session out of what its rater did."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import uuid4

from annotator.domain.codebook import Codebook
from annotator.domain.label import Decision, Exposure, LabelStage, Shown
from annotator.workflows.rating_pair import PairInHand, PairMemory
from annotator.workflows.rating_view import Summary
from annotator_db.labels import NewLabel
from annotator_db.raters import Rater
from annotator_db.store import Study


def new_label(
    in_hand: PairInHand,
    study: Study,
    rater: Rater,
    stage: LabelStage,
    decision: Decision | None,
    *,
    supersedes: str | None,
    seen_judgement_id: str | None,
    verdicts_seen: int,
) -> NewLabel:
    """Return a label with the circumstances of its making; its id is made here, at the key press."""
    memory, assignment = in_hand.memory, in_hand.assignment
    # With no verdict to show, an assisted assignment is a blind one.
    is_unaided = assignment.exposure is Exposure.ASSISTED and not in_hand.is_assisted
    return NewLabel(
        label_id=uuid4().hex,
        pos=assignment.pos,
        rater_id=rater.rater_id,
        stage=stage,
        decision=decision,
        exposure=Exposure.BLIND if is_unaided else assignment.exposure,
        made_at=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        codebook_sha=study.codebook_sha,
        guidelines_sha=study.guidelines_sha,
        supersedes=supersedes,
        seen_judgement_id=seen_judgement_id,
        shown=memory.shown | (Shown.HIGHLIGHTS if assignment.has_highlights else Shown.NOTHING),
        viewed=in_hand.viewed_for_label,
        verdicts_seen=verdicts_seen,
        active_ms=memory.active_ms,
    )


def summary_of(
    memories: Iterable[PairMemory],
    codebook: Codebook,
    *,
    changed: int,
    withdrawn: int,
    saved: int,
    unsaved: int,
) -> Summary:
    """Sum up a session from what it remembers of each pair."""
    codes = {code.key: 0 for code in codebook.codes}
    active_ms = 0
    for memory in memories:
        active_ms += memory.active_ms
        if memory.is_labelled and memory.labels[-1].code is not None:
            codes[memory.labels[-1].code] += 1
    return Summary(
        labelled=sum(codes.values()),
        changed=changed,
        withdrawn=withdrawn,
        saved=saved,
        unsaved=unsaved,
        active_ms=active_ms,
        codes=codes,
    )
