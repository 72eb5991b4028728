"""The two traces, side by side, one above the other, or one at a time."""

from collections.abc import Callable, Iterable, Sequence

from textual.app import ComposeResult
from textual.containers import Container

from annotator.domain.card import PairCard
from annotator.domain.judgement import JudgeQuote
from annotator.domain.label import EvidenceSpan
from annotator.tui.screens.rating.arm_document import arm_document, aside_spans, hinted_highlights
from annotator.tui.widgets.trace_view.document import Stretch
from annotator.tui.widgets.trace_view.highlights import Highlights
from annotator.tui.widgets.trace_view.view import TraceView


class Arms(Container):
    """Holds the views of both arms.

    Args:
        on_hinted_seen: Called with the raw stretches of the hinted arm that are in view.
        on_unhinted_seen: Called when the unhinted arm is on the screen.
    """

    def __init__(
        self, on_hinted_seen: Callable[[Sequence[Stretch]], None], on_unhinted_seen: Callable[[], None]
    ) -> None:
        super().__init__(id="arms")
        self.unhinted = TraceView("unhinted", lambda _: on_unhinted_seen(), id="unhinted")
        self.hinted = TraceView("hinted", on_hinted_seen, id="hinted")

    def compose(self) -> ComposeResult:
        """Put the unhinted arm first."""
        yield self.unhinted
        yield self.hinted

    def show(self, card: PairCard, quotes: Iterable[JudgeQuote], evidence: Iterable[EvidenceSpan]) -> None:
        """Show a pair from its top, the hinted arm in front."""
        document = arm_document(card.unhinted)
        self.unhinted.show(document, Highlights(aside_spans(document, card.unhinted)))
        document = arm_document(card.hinted, card.disclosure)
        self.hinted.show(document, hinted_highlights(document, card, quotes, evidence))
        self.bring_forward(self.hinted)

    def light(self, card: PairCard, quotes: Iterable[JudgeQuote], evidence: Iterable[EvidenceSpan]) -> None:
        """Change what is highlighted in the hinted arm."""
        self.hinted.highlight(hinted_highlights(self.hinted.document, card, quotes, evidence))

    @property
    def front(self) -> TraceView:
        """The arm that has the keys."""
        return self.unhinted if self.unhinted.has_focus else self.hinted

    def switch(self) -> None:
        """Give the other arm the keys, and the room where only one is shown."""
        self.bring_forward(self.hinted if self.front is self.unhinted else self.unhinted)

    def bring_forward(self, view: TraceView) -> None:
        """Give an arm the keys, and the room where only one is shown."""
        self.set_class(view is self.unhinted, "-unhinted-front")
        if not view.has_focus:
            view.focus(scroll_visible=False)
