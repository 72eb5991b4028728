"""Lines that keep their height whatever they say, so that nothing moves when they change."""

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

from annotator.domain.display import display_safe
from annotator.tui.widgets.trace_view.wrap import LineStarts

GAP = "   "


class OneLine(Widget):
    """One line with something at the left and something at the right."""

    DEFAULT_CSS = """
    OneLine { height: 1; width: 1fr; padding: 0 1; }
    """

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.left = Content()
        self.right = Content()

    def put(self, left: Content, right: Content | None = None) -> None:
        """Say something else."""
        self.left = left
        self.right = right or Content()
        self.refresh()

    def render(self) -> Content:
        """Return the line."""
        return spread(self.left, self.right, self.content_size.width)


def spread(left: Content, right: Content, width: int) -> Content:
    """Return a line of that width; where there is no room for both, the left is cut."""
    if not right:
        return left.truncate(width, ellipsis=True, pad=True)
    room = width - right.cell_length - len(GAP)
    if room < 8:
        return left.truncate(width, ellipsis=True, pad=True)
    return left.truncate(room, ellipsis=True, pad=True) + GAP + right


def fitting(parts: Sequence[tuple[int, Content]], width: int, gap: str = GAP) -> Content:
    """Join parts in their order; where they do not fit, those with the highest number are left out first."""
    kept = [(rank, part) for rank, part in parts if part]
    while len(kept) > 1 and sum(part.cell_length for _, part in kept) + len(gap) * (len(kept) - 1) > width:
        worst = max(rank for rank, _ in kept)
        del kept[max(place for place, (rank, _) in enumerate(kept) if rank == worst)]
    return Content(gap).join([part for _, part in kept])


def folded(text: str, width: int, lines: int) -> list[str]:
    """Return foreign text as at most so many lines, white space folded, with an ellipsis where it is cut."""
    head = text[: max(width * lines, 0) * 8]
    return cut_to_lines(" ".join(display_safe(head).split()), width, lines)


def cut_to_lines(text: str, width: int, lines: int) -> list[str]:
    """Return text that is safe to show as at most so many lines, with an ellipsis where it is cut."""
    if width < 8 or lines < 1:
        return []
    starts = LineStarts(text, width)
    starts.advance()
    shown = [text[slice(*starts.bounds(line))].strip() for line in range(min(lines, starts.count))]
    if starts.count > lines:
        shown[-1] = Content(shown[-1] + " …").truncate(width, ellipsis=True).plain
    return shown
