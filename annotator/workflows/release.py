"""Export a study: read it as one state, and hand it to the writers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from annotator import __version__
from annotator.domain.codebook import Codebook, Verdict
from annotator.domain.codebook_file import parse_codebook
from annotator.domain.consensus import Consensus, consensus
from annotator.domain.label import Label
from annotator.domain.record import RaterKind, Reported
from annotator.workflows.analyse import agreement_of
from annotator_db.pairs import StoredPair
from annotator_db.store import Store
from annotator_db.votes import Vote
from annotator_exports.folder import write_export
from annotator_exports.readme import ReleaseCounts
from annotator_exports.release import PairRelease, StudyRelease


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export holds."""

    out: Path
    counts: ReleaseCounts


def export_study(
    study_path: Path, out: Path, *, resamples: int = 2000, on_pair: Callable[[int, int], None] | None = None
) -> ExportReport:
    """Write a study's export folder; works on a read-only study too.

    Args:
        study_path: The study.
        out: The folder.
        resamples: Of the agreement's intervals.
        on_pair: Called after each pair with the number of pairs so far, and of all.

    Raises:
        StudyError: The study cannot be read.
        ExportError: The folder cannot be written.
    """
    with Store.open(study_path) as store, store.reading():
        study = store.study()
        codebook = parse_codebook(study.codebook_text, "the study's codebook")
        votes = store.votes.first_votes()
        votes_of: dict[int, list[Vote]] = {}
        for vote in votes:
            votes_of.setdefault(vote.pos, []).append(vote)
        release = StudyRelease(
            study_id=study.study_id,
            created_at=study.created_at,
            seed=study.seed,
            program_version=__version__,
            codebook=codebook,
            guidelines=study.guidelines_text,
            guidelines_sha=study.guidelines_sha,
            is_complete=study.settings.get("is_complete") is True,
            judges={judge.judge_id: store.judgements.judge(judge.judge_id) for judge in store.judgements.progress()},
            agreement=agreement_of(
                votes,
                codebook,
                # Not the file's name: a renamed copy gives the same bytes.
                study=study.study_id,
                left_out=store.votes.left_out(),
                rule=None,
                resamples=resamples,
                seed=study.seed,
            ),
            pairs=_pairs(store, codebook, votes_of, on_pair),
        )
        return ExportReport(out, write_export(release, out))


def _pairs(
    store: Store, codebook: Codebook, votes_of: Mapping[int, list[Vote]], on_pair: Callable[[int, int], None] | None
) -> Iterator[PairRelease]:
    adjudicated = store.votes.adjudicated()
    counts = store.pairs.counts()
    total = counts.total + counts.excluded
    for number, stored in enumerate(store.pairs.all(), start=1):
        yield _pair(store, stored, codebook, votes_of.get(stored.pos, []), adjudicated.get(stored.pos))
        if on_pair:
            on_pair(number, total)


def _pair(
    store: Store, stored: StoredPair, codebook: Codebook, votes: list[Vote], adjudicated: str | None
) -> PairRelease:
    labels = tuple(store.labels.history(stored.pos))
    adjudication = _adjudication(labels) if stored.excluded_because is None else None
    return PairRelease(
        pair=stored.pair,
        content_sha=stored.content_sha,
        question_sha=stored.question_sha,
        split=stored.split,
        excluded_because=stored.excluded_because,
        labels=labels,
        first_votes=tuple(vote.label_id for vote in votes),
        assignments=tuple(store.queue.of_pair(stored.pos)),
        judgements=tuple(store.judgements.of_pair(stored.pos)),
        reported=tuple(
            Reported(reporter, RaterKind(kind), field, value, raw)
            for reporter, kind, field, value, raw in store.pairs.reported_of(stored.pos)
        ),
        gold=consensus([vote.decision.code for vote in votes], adjudicated),
        rule_gold={rule.key: rule_gold(codebook, rule.key, votes, adjudication) for rule in codebook.rules},
    )


def _adjudication(labels: tuple[Label, ...]) -> Label | None:
    """Return the adjudicator's standing label; None where there is none, or where two disagree."""
    superseded = {label.supersedes for label in labels}
    heads = [label for label in labels if label.stage == "adjudication" and label.label_id not in superseded]
    return heads[-1] if len({head.code for head in heads}) == 1 else None


def rule_gold(codebook: Codebook, rule_key: str, votes: list[Vote], adjudication: Label | None) -> Consensus:
    """Return the gold of a pair under a rule: the same definition, over the votes' verdicts.

    Votes without a verdict do not count.
    """
    rule = codebook.rule(rule_key)
    verdicts = [codebook.verdict(rule, vote.decision) for vote in votes]
    decided = codebook.verdict(rule, adjudication.decision) if adjudication and adjudication.decision else None
    return consensus(
        [verdict.value for verdict in verdicts if verdict is not Verdict.NONE],
        decided.value if decided is not None and decided is not Verdict.NONE else None,
    )
