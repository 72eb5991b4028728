"""Reading a pair: the lines, the two arms, and the pages that open over them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import getters, on
from textual.app import App, ComposeResult
from textual.content import Content
from textual.screen import Screen

from annotator.domain.pair import Section
from annotator.tui.screens.rating.arms import Arms
from annotator.tui.screens.rating.code_bar import CodeBar
from annotator.tui.screens.rating.evidence import evidence_of
from annotator.tui.screens.rating.judge_card import judge_line
from annotator.tui.screens.rating.own_line import Asked, asking_line, own_line
from annotator.tui.screens.rating.pages import help_screen, judge_screen, prompt_screen, text_screen
from annotator.tui.screens.rating.pair_header import Opened, PairHeader
from annotator.tui.screens.rating.status_line import status_line
from annotator.tui.widgets.one_line import OneLine
from annotator.tui.widgets.trace_view.document import Stretch
from annotator.tui.widgets.trace_view.highlights import HighlightKind
from annotator.tui.widgets.trace_view.view import TraceView
from annotator.workflows.rating import RatingSession
from annotator.workflows.rating_view import SessionStage


class PairScreen(Screen[None]):
    """Shows the pair on which a session stands; what is decided about it is left to `RatingScreen`."""

    if TYPE_CHECKING:
        app = getters.app(App[None])

    CSS_PATH = "rating.tcss"
    AUTO_FOCUS = None

    def __init__(self, session: RatingSession) -> None:
        super().__init__()
        self.session = session
        self.asked: Asked | None = None
        """What the rater's line asks."""
        self.judge = session.judge_card
        """The verdict, where it may be seen. Asking the session for it is recorded, so it is asked once a pair."""
        self.arms = Arms(self._note_seen, session.see_unhinted)
        self._opened = Opened()
        self._pos: int | None = None
        """Place of the pair whose texts are in the views."""

    def compose(self) -> ComposeResult:
        """Lay out lines of fixed height round the two arms."""
        yield OneLine(id="status")
        yield PairHeader()
        yield self.arms
        yield OneLine(id="judge")
        yield OneLine(id="own")
        yield CodeBar(self.session.codebook)

    def on_resize(self) -> None:
        """Fit the lines to the width."""
        self.show_lines()

    def show_pair(self, remark: str = "") -> None:
        """Show what the session stands at, with a remark in the rater's line."""
        card = self.session.card
        self.asked = None
        if card is None:
            return
        self.judge = self.session.judge_card
        quotes = self.judge.quotes if self.judge else ()
        if card.pos != self._pos:
            self._pos = card.pos
            self._opened = Opened()
            self.arms.show(card, quotes, self.session.draft.evidence)
        else:
            self.arms.hinted.offer(None)
            self.arms.light(card, quotes, self.session.draft.evidence)
        if self.session.stage is SessionStage.SECOND_LOOK:
            self.arms.hinted.go_to_first(HighlightKind.JUDGE)
        self.show_lines(remark)

    def show_lines(self, remark: str = "") -> None:
        """Bring every line up to date; a remark of ours stands in the rater's line until the next time."""
        card, stage = self.session.card, self.session.stage
        if card is None:
            return
        self.show_status()
        self.query_one(PairHeader).show(card, self._opened)
        width = self.size.width - 2
        self.query_one("#judge", OneLine).put(*judge_line(self.judge, stage, self.session.exposure, width))
        if self.asked is not None:
            hinted = self.arms.hinted
            offered = evidence_of(hinted, hinted.offered) if hinted.offered else None
            left, right = asking_line(self.asked, offered, width)
        else:
            own, draft = self.session.own_label, self.session.draft
            left, right = own_line(self.session.codebook, stage, own, draft, self.judge, width)
        self.query_one("#own", OneLine).put(left, Content.styled(remark, "italic") if remark else right)

    def show_status(self) -> None:
        """Bring the first line up to date."""
        session = self.session
        left, right = status_line(
            f"{session.study_name}",
            session.rater,
            session.progress,
            session.exposure,
            self.failed_count,
            session.looks_left,
            self.size.width - 2,
        )
        self.query_one("#status", OneLine).put(left, right)

    @property
    def failed_count(self) -> int:
        """How many labels could not be saved."""
        return 0

    def _note_seen(self, stretches: Sequence[Stretch]) -> None:
        card = self.session.card
        # Between a decision and the painting of the next pair, the view still holds the last one.
        if card is not None and card.pos == self._pos:
            for stretch in stretches:
                self.session.see(Section(stretch.section), stretch.start, stretch.end)

    @on(TraceView.Moved)
    def _show_offered(self) -> None:
        if self.asked is not None:
            self.show_lines()

    def action_other_arm(self) -> None:
        """Give the keys to the other arm."""
        self.arms.switch()

    def action_highlight(self, direction: int) -> None:
        """Go to the next or previous highlight of the hinted arm."""
        self.arms.bring_forward(self.arms.hinted)
        if not self.arms.hinted.step_highlight(direction):
            self.show_lines("nothing is highlighted here")

    def action_answers(self) -> None:
        """Show or hide the answers."""
        answers = None if self._opened.answers else self.session.open_answers()
        self._opened = replace(self._opened, answers=answers)
        self.show_lines()

    def action_text(self) -> None:
        """Open the whole question and hint."""
        if (card := self.session.card) is not None:
            self.app.push_screen(text_screen(card))

    def action_prompts(self) -> None:
        """Open the prompts."""
        self.app.push_screen(prompt_screen(self.session.open_prompts()))

    def action_why(self) -> None:
        """Open the judge's reasons."""
        if self.judge is not None:
            self.app.push_screen(judge_screen(self.judge))
        else:
            self.show_lines("the judge is hidden here")

    def action_help(self) -> None:
        """Open the help."""
        keys = [(self.app.get_key_display(active.binding), active) for active in self.active_bindings.values()]
        self.app.push_screen(help_screen(self.session.codebook, self.session.guidelines, keys))
