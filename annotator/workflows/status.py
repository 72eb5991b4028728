"""What stands in a study: pairs, judges, raters, the last activity."""

from dataclasses import dataclass
from pathlib import Path

from annotator.domain.codebook_file import parse_codebook
from annotator.domain.consensus import GoldBasis
from annotator_db.judgements import JudgeProgress
from annotator_db.pairs import PairCounts
from annotator_db.store import Store


@dataclass(frozen=True, slots=True)
class RaterProgress:
    """How far a rater is."""

    name: str
    kind: str
    queue: int
    labelled: int
    first_votes: int


@dataclass(frozen=True, slots=True)
class StudyStatus:
    """Everything that `annotator status` says."""

    study: str
    codebook: str
    is_complete: bool
    pairs: PairCounts
    judges: list[JudgeProgress]
    shown_judge_id: str | None
    raters: list[RaterProgress]
    gold: dict[GoldBasis, int]
    reported: dict[str, int]
    last_activity: str | None
    warnings: list[str]


def study_status(study_path: Path) -> StudyStatus:
    """Read a study's status; works on a read-only study too."""
    with Store.open(study_path) as store, store.reading():
        study = store.study()
        codebook = parse_codebook(study.codebook_text, "the study's codebook")
        warning = store.network_warning()
        return StudyStatus(
            study=study_path.name,
            codebook=codebook.name,
            is_complete=study.settings.get("is_complete") is True,
            pairs=store.pairs.counts(),
            judges=store.judgements.progress(),
            shown_judge_id=store.judgements.shown_judge(),
            raters=[
                RaterProgress(
                    rater.name,
                    rater.kind,
                    store.queue.whole_size(rater.rater_id),
                    store.labels.labelled_pairs(rater.rater_id),
                    store.votes.count_of(rater.rater_id),
                )
                for rater in store.raters.all()
            ],
            gold={GoldBasis(basis): count for basis, count in store.votes.gold_counts().items()},
            reported=store.pairs.reported_counts(),
            last_activity=store.last_activity(),
            warnings=[warning] if warning else [],
        )
