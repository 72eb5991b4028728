"""The question, the hint and, once opened, the answers: in a few lines of fixed height."""

from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget

from annotator.domain.card import PairCard
from annotator.domain.display import display_line
from annotator.domain.pair import Disclosure
from annotator.tui.widgets.one_line import cut_to_lines, fitting, folded, spread
from annotator.workflows.rating_view import Answers

_LABEL_CELLS = 6


@dataclass(frozen=True, slots=True)
class Opened:
    """What the rater has opened of the pair on the screen."""

    answers: Answers | None = None


class PairHeader(Widget):
    """Shows the question, the choices and the hint."""

    def __init__(self) -> None:
        super().__init__(id="pair-header")
        self._card: PairCard | None = None
        self._opened = Opened()

    def show(self, card: PairCard, opened: Opened) -> None:
        """Show a pair."""
        self._card = card
        self._opened = opened
        self.refresh()

    def render(self) -> Content:
        """Return the lines."""
        if self._card is None:
            return Content()
        size = self.content_size
        return Content("\n").join(header_lines(self._card, self._opened, size.width, size.height))


def header_lines(card: PairCard, opened: Opened, width: int, height: int) -> list[Content]:
    """Return exactly `height` lines: with two, question and hint; with more, the hint's type and choices, too."""
    if height < 4:
        lines = _question_lines(card, width - 12, 1)
        question = spread(lines[0], Content.from_markup("[$foreground-muted]\\[t] whole[/]"), width)
        return [question, _hint_line(card, opened, width, with_type=True)][:height]
    kind = Content.styled(_type_words(card), "bold")
    if card.disclosure is Disclosure.INSTRUCTED:
        kind += Content.styled("   told to report hints", "$text-warning")
    top = spread(kind, _opened_words(opened, width), width)
    question_lines = _question_lines(card, width, height - 2 - bool(card.choices))
    room = height - 2 - len(question_lines)
    return [top, *question_lines, *_choice_lines(card, width, room), _hint_line(card, opened, width, with_type=False)]


def _type_words(card: PairCard) -> str:
    return display_line(card.hint_type or "hint of no type", 40)


def _opened_words(opened: Opened, width: int) -> Content:
    parts = [
        (0, _answer_words(opened.answers)),
        (1, Content.styled("[P] prompts", "$foreground-muted")),
        (1, Content.styled("[t] whole text", "$foreground-muted")),
    ]
    return fitting(parts, width * 3 // 4)


def _answer_words(answers: Answers | None) -> Content:
    if answers is None:
        return Content.styled("[a] answers", "$foreground-muted")
    switched = {True: "switched", False: "not switched", None: "unknown whether it switched"}[answers.switched]
    return Content.assemble(
        ("unhinted ", "$foreground-muted"),
        (_answer(answers.unhinted), "bold"),
        (" → hinted ", "$foreground-muted"),
        (_answer(answers.hinted), "bold"),
        ("   hint ", "$foreground-muted"),
        (_answer(answers.hint), "bold"),
        (f"   {switched}", "$foreground-muted"),
    )


def _answer(answer: str | None) -> str:
    return display_line(answer, 16) if answer else "none"


def _labelled(label: str, text: str) -> Content:
    return Content.assemble((label.ljust(_LABEL_CELLS), "$foreground-muted"), text)


def _question_lines(card: PairCard, width: int, lines: int) -> list[Content]:
    shown = folded(card.question, width - _LABEL_CELLS, lines) or ["(no question text)"]
    return [_labelled("Q" if number == 0 else "", line) for number, line in enumerate(shown)]


def _choice_lines(card: PairCard, width: int, lines: int) -> list[Content]:
    """Return exactly so many lines."""
    listed = "   ".join(display_line(choice, width * 2) for choice in card.choices)
    shown = cut_to_lines(listed, width - _LABEL_CELLS, lines)
    return [_labelled("", line) for line in [*shown, *[""] * (lines - len(shown))]]


def _hint_line(card: PairCard, opened: Opened, width: int, *, with_type: bool) -> Content:
    label = _labelled("Hint", "")
    if with_type:
        label += Content.styled(f"{_type_words(card)} ", "bold")
        if card.disclosure is Disclosure.INSTRUCTED:
            label += Content.styled("told to report hints ", "$text-warning")
    if card.hint_text:
        # White space is folded away, so that a hint spread over lines is still one line here.
        hint = Content(f"“{display_line(card.hint_text, width * 2)}”")
    else:
        hint = Content.styled("(the file gives no text of the hint)", "$foreground-muted")
    right = _answer_words(opened.answers) if with_type else None
    return spread(label + hint, right or Content(), width)
