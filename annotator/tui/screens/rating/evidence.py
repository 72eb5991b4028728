"""What a key that asks for evidence takes: the selection, a highlight in view, or the sentence being read."""

from annotator.domain.label import EvidenceSpan
from annotator.domain.pair import Section
from annotator.tui.widgets.trace_view.passages import passage_of
from annotator.tui.widgets.trace_view.ranges import Range
from annotator.tui.widgets.trace_view.view import TraceView


def chosen_passage(view: TraceView) -> Range | None:
    """Return what the rater has chosen explicitly: the selection, or the current highlight where it is in view."""
    if view.selected_range is not None:
        return view.selected_range
    visible = view.visible_range
    if view.current is not None and visible.touches(view.current.start, view.current.end):
        return passage_of(view.document, view.current)
    return None


def passage_to_offer(view: TraceView) -> Range | None:
    """Return the likeliest passage.

    The chosen one; else the highlight nearest to the top third of what is in view; else the sentence there.
    """
    if chosen := chosen_passage(view):
        return chosen
    visible = view.visible_range
    reading = view.line_start(view.reading_line)
    in_view = [stop for stop in view.highlights.stops if visible.touches(stop.start, stop.end)]
    if in_view:
        return passage_of(view.document, min(in_view, key=lambda stop: abs(stop.start - reading)))
    return view.sentence_in_view()


def evidence_of(view: TraceView, passage: Range) -> EvidenceSpan | None:
    """Return a passage as evidence: within the section where it starts, without white space around; None if empty."""
    for stretch in view.document.stretches(passage.start, passage.end):
        raw = view.document.raw(stretch)
        start = stretch.start + len(raw) - len(raw.lstrip())
        end = stretch.end - (len(raw) - len(raw.rstrip()))
        if start < end:
            return EvidenceSpan(Section(stretch.section), start, end, raw.strip())
    return None
