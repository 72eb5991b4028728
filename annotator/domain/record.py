"""What one line of a pair file brings: a pair, the labels that came with it, and the hashes that identify it."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from annotator.domain.label import Decision, Exposure, LabelStage
from annotator.domain.pair import Arm, Pair


class RaterKind(StrEnum):
    """Whether a published label or boolean came from a person or a judge."""

    HUMAN = "human"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class FileLabel:
    """A person's label as a file gives it. What the file does not say is unknown, not guessed."""

    rater: str
    decision: Decision | None
    """None for a withdrawal in a restored history."""
    stage: LabelStage = LabelStage.IMPORTED
    exposure: Exposure = Exposure.UNKNOWN
    made_at: str | None = None
    active_ms: int | None = None
    round: int = 1
    label_id: str | None = None
    """Given in our own exports: a label with a known id is the same label wherever it comes from."""
    supersedes: str | None = None
    seen_judgement_id: str | None = None
    shown: int = 0
    viewed: float | None = None
    verdicts_seen: int = 0
    guidelines_sha: str | None = None
    codebook_sha: str | None = None
    origin: str | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """A published boolean about a pair; never a code, never gold."""

    reporter: str
    kind: RaterKind
    field: str
    """`verbalized`, `mentions_hint`, `relied_on_hint`, `hint_present`, or another name as published."""
    value: bool
    raw: str | None = None
    """The value's label as it stood in the file, as JSON."""


@dataclass(frozen=True, slots=True)
class PairRecord:
    """One line of a pair file."""

    pair: Pair
    source: str
    """`file name:line`, for errors that must name both places."""
    labels: tuple[FileLabel, ...] = ()
    reported: tuple[Reported, ...] = ()
    echoes_cut: int = 0
    """How many of the two arms carried a copy of the prompt."""
    surrogates_replaced: int = 0


def question_sha(question: str) -> str:
    """Hash a question with case and white space folded: pairs with the same hash are about the same question."""
    return hashlib.sha256(" ".join(question.casefold().split()).encode()).hexdigest()


def content_sha(pair: Pair) -> str:
    """Hash all of a pair but its id, its labels and its meta."""
    hasher = hashlib.sha256()
    for part in (
        pair.question,
        str(len(pair.choices)),
        *pair.choices,
        pair.correct_answer,
        pair.hint_type,
        pair.hint_text,
        pair.hint_answer,
        pair.model,
        *_arm_parts(pair.unhinted),
        *_arm_parts(pair.hinted),
    ):
        # Each part says its length first, so that no two different pairs read the same; a missing one says so.
        text = b"" if part is None else part.encode()
        hasher.update(b"-" if part is None else b"%d:" % len(text))
        hasher.update(text)
    return hasher.hexdigest()


def _arm_parts(arm: Arm) -> tuple[str | None, ...]:
    return (arm.system, arm.prompt, arm.reasoning, arm.response, arm.answer, arm.reasoning_kind.value)
