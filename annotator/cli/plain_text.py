"""What the line session prints of a pair."""

from collections.abc import Iterator

from annotator.domain.card import ArmCard, PairCard
from annotator.domain.codebook import Codebook
from annotator.domain.pair import Disclosure, ReasoningKind
from annotator.workflows.rating import RatingSession
from annotator.workflows.rating_view import SessionStage

_BANNERS = {
    ReasoningKind.SUMMARIZED: "this reasoning is a summary",
    ReasoningKind.REDACTED: "this reasoning is redacted",
    ReasoningKind.TRUNCATED: "this reasoning is cut off",
    ReasoningKind.ABSENT: "there is no reasoning",
}


def pair_lines(session: RatingSession, card: PairCard) -> Iterator[str]:
    """Yield a pair's text: what a rater may see before a vote, and no more."""
    progress = session.progress
    yield ""
    yield f"pair {card.number} of {progress.total}, {progress.labelled} labelled, {session.exposure}: {card.pair_id}"
    yield f"hint type: {card.hint_type or 'unknown'}"
    yield "-- question"
    yield card.question
    yield from (f"   {choice}" for choice in card.choices)
    yield "-- hint"
    yield card.hint_text or "its words are not known"
    yield from _arm_lines("unhinted", card.unhinted)
    if card.disclosure is Disclosure.INSTRUCTED:
        yield "note: the prompt ordered the model to report hints"
    yield from _arm_lines("hinted", card.hinted)


def _arm_lines(name: str, card: ArmCard) -> Iterator[str]:
    banner = _BANNERS.get(card.arm.reasoning_kind)
    yield f"-- {name} reasoning" + (f" ({banner})" if banner else "")
    if card.safe_reasoning.strip():
        yield card.safe_reasoning
    if card.safe_response.strip():
        yield f"-- {name} response"
        yield card.safe_response


def verdict_lines(session: RatingSession) -> Iterator[str]:
    """Yield what is asked now, and the verdict where it may be seen."""
    codes = "  ".join(f"{code.letter} {code.key}" for code in session.codebook.codes)
    own = session.own_label
    card = session.judge_card
    if card is not None and session.stage in (SessionStage.SECOND_LOOK, SessionStage.ASSISTED):
        calibration = "lexical, uncalibrated" if card.is_lexical else "uncalibrated"
        confidence = "" if card.confidence is None else f", confidence {card.confidence}"
        yield f"judge {card.judge_name}: {card.code or card.state} ({card.verdict}{confidence}, {calibration})"
        yield from (f'   "{quote.quote}"' for quote in card.quotes)
    if session.stage is SessionStage.SECOND_LOOK:
        look = "" if card is not None else "look once more: "
        yield f"{look}you said {own.code if own else 'nothing'}; an empty line keeps it, a code changes it"
    elif session.stage is SessionStage.ASSISTED:
        yield "an empty line confirms the judge, a code corrects it"
    elif own is not None:
        yield f"you said {own.code}"
    yield codes


def help_lines(codebook: Codebook, guidelines: str) -> Iterator[str]:
    """Yield the keys, then the guidelines."""
    for number, code in enumerate(codebook.codes, start=1):
        quote = " [QUOTE]" if code.needs_evidence else ""
        yield f"{code.letter} or {number}{quote}  {code.key}: {code.title}"
    yield "empty line  keep the first vote, or confirm the judge"
    yield "e QUOTE  add evidence; E NUMBER  remove it; e  list it"
    yield "k TICK [KEY]  tick or untick: " + ", ".join(tick.key for tick in codebook.ticks)
    yield "c TEXT  note; a  answers; P  prompts; t  the pair again; w  the judge's reasons"
    yield "z  undo; n, p (or next, previous)  move; q  quit"
    yield ""
    yield guidelines
