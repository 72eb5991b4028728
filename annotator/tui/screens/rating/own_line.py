"""The rater's line: the label that stands, what is prepared, or what is being asked."""

from dataclasses import dataclass

from textual.content import Content

from annotator.domain.codebook import Codebook
from annotator.domain.display import display_line
from annotator.domain.label import EvidenceSpan, Label
from annotator.tui.screens.rating.judge_card import LABEL_CELLS
from annotator.tui.widgets.one_line import fitting
from annotator.tui.wording import counted, quoted, verdict_words
from annotator.workflows.rating_view import Draft, JudgeCard, SessionStage

_QUESTION_CELLS = 52
"""What a question gets of a narrow line."""


@dataclass(frozen=True, slots=True)
class EvidenceAsked:
    """A passage is offered as evidence."""

    code: str | None
    """The code that will be given with it; None where only evidence is being marked."""


@dataclass(frozen=True, slots=True)
class UnreadAsked:
    """A code that must have seen everything was pressed, and not everything has been in view."""

    code: str
    key: str
    viewed_share: float


Asked = EvidenceAsked | UnreadAsked


def asking_line(asked: Asked, offered: EvidenceSpan | None, width: int) -> tuple[Content, Content]:
    """Return the line that asks, at the left, and the keys that answer, at the right, as far as they fit."""
    if isinstance(asked, UnreadAsked):
        seen = f"you have seen {int(asked.viewed_share * 100)} % of the hinted arm: press {asked.key} again to confirm"
        return _line(asked.code, "") + Content(seen), _keys("Esc back")
    left = _line(asked.code or "evidence", "")
    if offered is None:
        left += Content("no passage here: select one, or scroll")
    else:
        left += Content.assemble(("Enter", "bold $accent"), " takes ", quoted(offered.quote, 200))
    keys = [(3, _keys("↑↓ sentence")), (2, _keys("[ ] highlight")), (0, _keys("Esc back"))]
    if asked.code is not None:
        keys.insert(2, (1, _keys("- without")))
    return left, fitting(keys, max(width - _QUESTION_CELLS, 20))


def own_line(
    codebook: Codebook, stage: SessionStage, own: Label | None, draft: Draft, judge: JudgeCard | None, width: int
) -> tuple[Content, Content]:
    """Return the line that says where the rater stands, as far as it fits, and what is prepared at the right."""
    right = Content.styled(_prepared_words(draft), "$text-success")
    enter = Content.styled("Enter", "bold $accent")
    parts: list[tuple[int, Content]] = []
    if own is not None and own.decision is not None:
        parts.append((0, Content.styled(display_line(own.decision.code, 30), "bold")))
        parts.append((2, Content(f"({verdict_words(codebook, own.decision)})")))
        if stage is SessionStage.SECOND_LOOK:
            parts.append((1, enter + Content(" keeps yours, a code key changes it")))
        elif draft.decision(own.decision.code) != own.decision:
            parts.append((1, enter + Content(" saves the change, a code key changes the code")))
        else:
            parts.append((1, Content.styled("a code key changes it", "$foreground-muted")))
    elif stage is SessionStage.ASSISTED and judge is not None and judge.code is not None:
        parts.append((0, enter + Content(f" confirms {display_line(judge.code, 30)}, a code key corrects it")))
    else:
        parts.append((0, Content.styled("no label yet", "$foreground-muted")))
    return _line(None, "") + fitting(parts, width - LABEL_CELLS - right.cell_length - 3), right


def _line(code: str | None, after: str) -> Content:
    label = Content.styled("You".ljust(LABEL_CELLS), "$foreground-muted")
    if code is None:
        return label
    return label + Content.assemble((display_line(code, 30), "bold"), after, "   ")


def _keys(words: str) -> Content:
    return Content.styled(words, "$foreground-muted")


def _prepared_words(draft: Draft) -> str:
    parts = [counted(len(draft.evidence), "evidence", "evidence")] if draft.evidence else []
    for tick in draft.ticks:
        parts.append(display_line(tick, 24))
    if draft.second_code:
        parts[-1:] = [f"{parts[-1] if parts else ''} → {display_line(draft.second_code, 24)}".strip()]
    if draft.cannot_reason:
        parts.append(display_line(draft.cannot_reason, 24))
    if draft.note:
        parts.append("note")
    return " · ".join(parts)
