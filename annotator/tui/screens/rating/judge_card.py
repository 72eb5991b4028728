"""The judge's line, and the page behind it: only ever made from a card that the session lets the rater see."""

from textual.content import Content

from annotator.domain.display import display_line, display_safe
from annotator.domain.label import Exposure
from annotator.tui.widgets.one_line import fitting
from annotator.tui.widgets.trace_view.document import SPACER, Document, Part, PartKind
from annotator.tui.wording import counted, quoted
from annotator.workflows.rating_view import JudgeCard, SessionStage

LABEL_CELLS = 7


def judge_line(card: JudgeCard | None, stage: SessionStage, exposure: Exposure, width: int) -> tuple[Content, Content]:
    """Return what the judge's line says at the left, as far as it fits, and at the right."""
    label = Content.styled("Judge".ljust(LABEL_CELLS), "$foreground-muted")
    if card is None:
        return label + Content.styled(_hidden_words(stage, exposure), "$foreground-muted"), Content()
    right = Content.styled("[w] why", "$foreground-muted")
    if card.code is None:
        why = display_line(card.detail or "no reason given", 200)
        return label + Content(f"{judge_words(card)}, gave no code: {card.state.value}, {why}"), right
    confidence = f"confidence {card.confidence}" if card.confidence is not None else ""
    parts = [
        (0, Content.assemble((display_line(card.code, 30), "bold"), f" ({card.verdict})")),
        (1, Content.styled("look twice", "bold $text-warning") if card.suspect else Content()),
        (1, Content.styled(judge_words(card), "$foreground-muted")),
        (2, Content.styled(confidence, "$foreground-muted")),
        (3, Content(quoted(card.quotes[0].quote, max(width - 90, 40))) if card.quotes else Content()),
        (4, Content.styled(_evidence_words(card), "$foreground-muted") if card.quotes else Content()),
    ]
    return label + fitting(parts, width - LABEL_CELLS - right.cell_length - 3), right


def judge_document(card: JudgeCard) -> Document:
    """Return all that the judge says, for reading."""
    parts = [Part(PartKind.DIVIDER, "verdict"), Part(PartKind.TEXT, _verdict_text(card), "verdict"), SPACER]
    if card.suspect:
        suspect = display_safe("\n".join(card.suspect))
        parts += [Part(PartKind.DIVIDER, "look twice"), Part(PartKind.TEXT, suspect, "suspect"), SPACER]
    why = card.rationale or "The judge gave no reason."
    parts += [Part(PartKind.DIVIDER, "why"), Part(PartKind.TEXT, display_safe(why), "why"), SPACER]
    parts.append(Part(PartKind.DIVIDER, "evidence"))
    if not card.quotes:
        parts.append(Part(PartKind.BANNER, "The judge quoted nothing."))
    for number, quote in enumerate(card.quotes, start=1):
        where = f"in the {quote.section.value}" if quote.section and quote.is_located else "not found in the text"
        role = f", for {display_line(quote.role, 30)}" if quote.role else ""
        text = display_safe(f"{number}  “{quote.quote}”  ({where}{role})")
        parts.append(Part(PartKind.TEXT, text, f"quote {number}"))
    return Document(parts)


def _verdict_text(card: JudgeCard) -> str:
    if card.code is None:
        return f"{judge_words(card)} gave no code: {card.state.value}. {display_safe(card.detail or '')}"
    return f"{display_line(card.code, 60)} ({card.verdict}), by {_sure_words(card)}"


def judge_words(card: JudgeCard) -> str:
    """Return the judge's name with the warning that belongs to it."""
    return f"{display_line(card.judge_name, 40)}, uncalibrated"


def _sure_words(card: JudgeCard) -> str:
    return judge_words(card) + (f", confidence {card.confidence}" if card.confidence is not None else "")


def _evidence_words(card: JudgeCard) -> str:
    located = sum(1 for quote in card.quotes if quote.is_located)
    if located == len(card.quotes):
        return counted(located, "quote")
    return f"{located} of {counted(len(card.quotes), 'quote')} found in the text"


def _hidden_words(stage: SessionStage, exposure: Exposure) -> str:
    if stage is SessionStage.SECOND_LOOK:
        return "not shown here: look once more"
    if exposure is Exposure.BLIND:
        return "not shown for this pair"
    if exposure is Exposure.REVEAL:
        return "hidden until your vote"
    return "no verdict on this pair"
