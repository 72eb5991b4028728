"""What an export is made from: plain values, read from a study by a workflow."""

from collections.abc import Iterable
from dataclasses import dataclass

from annotator.domain.agreement_report import AgreementReport
from annotator.domain.assignment import Assignment
from annotator.domain.codebook import Codebook
from annotator.domain.consensus import Consensus
from annotator.domain.judgement import JudgeConfig, StoredJudgement
from annotator.domain.label import Label
from annotator.domain.pair import Pair
from annotator.domain.record import Reported


@dataclass(frozen=True, slots=True)
class PairRelease:
    """One pair with everything that the study knows of it."""

    pair: Pair
    content_sha: str
    question_sha: str
    split: str
    excluded_because: str | None
    labels: tuple[Label, ...]
    """The whole history, oldest first within each copy of the study."""
    first_votes: tuple[str, ...]
    """Ids of the labels that count."""
    assignments: tuple[tuple[str, Assignment], ...]
    """Each with its rater's name."""
    judgements: tuple[StoredJudgement, ...]
    reported: tuple[Reported, ...]
    gold: Consensus
    """Of the codes."""
    rule_gold: dict[str, Consensus]
    """Of the verdicts, by the rule's key."""


@dataclass(frozen=True, slots=True)
class StudyRelease:
    """A study, ready to be exported."""

    study_id: str
    created_at: str
    seed: int
    program_version: str
    codebook: Codebook
    guidelines: str
    guidelines_sha: str
    is_complete: bool
    judges: dict[str, JudgeConfig]
    """By id."""
    agreement: AgreementReport
    pairs: Iterable[PairRelease]
    """In the study's order; read once."""
