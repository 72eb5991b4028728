"""The view of one arm, in a small app of its own."""

from collections.abc import Sequence

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from annotator.domain.display import display_safe
from annotator.tui.widgets.trace_view.document import Document, Part, PartKind, Stretch
from annotator.tui.widgets.trace_view.highlights import HighlightKind, Highlights, Span
from annotator.tui.widgets.trace_view.text_view import WRAP_AHEAD
from annotator.tui.widgets.trace_view.view import TraceView

SENTENCE = "The factor is one and a half, as the flask keeps its volume. "


class ViewApp(App[None]):
    CSS = "TraceView { border: round blue; height: 100%; }"

    def __init__(self, document: Document, highlights: Highlights | None = None) -> None:
        super().__init__()
        self.animation_level = "none"
        self.seen: list[Stretch] = []
        self.view = TraceView("hinted", self.note_seen, id="hinted")
        self.document = document
        self.highlights = highlights or Highlights()

    def note_seen(self, stretches: Sequence[Stretch]) -> None:
        self.seen += stretches

    def compose(self) -> ComposeResult:
        yield self.view

    def on_mount(self) -> None:
        self.view.focus()
        self.view.show(self.document, self.highlights)


def reasoning(raw: str, *more: Part) -> Document:
    return Document([Part(PartKind.TEXT, display_safe(raw), "reasoning", raw), *more])


def line_text(view: TraceView, y: int) -> str:
    return view.render_line(y).text


def seen_share(app: ViewApp, length: int) -> float:
    return len({offset for stretch in app.seen for offset in range(stretch.start, stretch.end)}) / length


async def test_what_is_in_view_is_reported_from_the_first_frame_on() -> None:
    raw = SENTENCE * 100
    app = ViewApp(reasoning(raw))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        first = seen_share(app, len(raw))
        assert 0 < first < 0.2
        await pilot.press("pagedown")
        assert seen_share(app, len(raw)) == pytest.approx(2 * first, rel=0.15)
        await pilot.press("end")
        assert app.seen[-1].end == len(raw)
        assert seen_share(app, len(raw)) < 1


async def test_what_was_skipped_is_not_reported() -> None:
    raw = SENTENCE * 100
    app = ViewApp(reasoning(raw))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("end", "home")
        middle = len(raw) // 2
        assert not any(stretch.start <= middle < stretch.end for stretch in app.seen)


async def test_paging_leaves_no_line_out() -> None:
    raw = "\n".join(f"line {number}" for number in range(200))
    app = ViewApp(reasoning(raw))
    async with app.run_test(size=(60, 20)) as pilot:
        for _ in range(15):
            await pilot.press("space")
        missed = set(range(len(raw))) - {at for stretch in app.seen for at in range(stretch.start, stretch.end)}
        assert all(raw[offset] == "\n" for offset in missed)


async def test_a_new_width_keeps_the_place() -> None:
    raw = "".join(f"[{number:04}] {SENTENCE}" for number in range(200))
    app = ViewApp(reasoning(raw))
    async with app.run_test(size=(80, 20)) as pilot:
        for _ in range(5):
            await pilot.press("pagedown")
        place = app.view.visible_range.start
        await pilot.resize_terminal(50, 20)
        await pilot.pause()
        assert app.view.visible_range.start <= place < app.view.visible_range.start + 50


async def test_a_drag_selects_raw_text() -> None:
    raw = "keeps its\x1b[2J volume, and\nthe pressure rises"
    app = ViewApp(reasoning(raw))
    async with app.run_test(size=(60, 12)) as pilot:
        await drag(pilot, (3, 1), (11, 1))
        assert app.screen.get_selected_text() == "keeps its"
        await drag(pilot, (3, 1), (5, 2))
        assert app.screen.get_selected_text() == raw[: raw.index("the") + 3]


async def test_a_drag_over_wide_characters_and_tabs_hits_the_characters_under_it() -> None:
    raw = "漢字\tab"
    app = ViewApp(reasoning(raw))
    async with app.run_test(size=(60, 12)) as pilot:
        await drag(pilot, (3, 1), (5, 1))
        assert app.screen.get_selected_text() == "漢字"
        await drag(pilot, (9, 1), (12, 1))
        assert app.screen.get_selected_text() == "\tab"


async def test_a_drag_below_the_end_selects_to_the_end() -> None:
    app = ViewApp(reasoning("one two"))
    async with app.run_test(size=(40, 12)) as pilot:
        await drag(pilot, (7, 1), (20, 8))
        assert app.screen.get_selected_text() == "two"


async def test_a_double_click_selects_a_word() -> None:
    app = ViewApp(reasoning("one two three"))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.double_click(offset=(8, 1))
        assert app.screen.get_selected_text() == "two"


async def test_highlights_are_marked_in_the_gutter_and_stepped_through() -> None:
    raw = "first line\n" * 40 + "the professor says C\n" + "more\n" * 40
    at = raw.index("professor")
    app = ViewApp(reasoning(raw), Highlights([Span(at, at + 9, HighlightKind.HINT)]))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        assert app.view.place == "1 hint word ─ 29 %"
        assert app.view.step_highlight(1)
        await pilot.pause()
        shown = [line_text(app.view, y) for y in range(app.view.page_lines)]
        marked = [line for line in shown if line.startswith("H ")]
        assert [line.strip() for line in marked] == ["H the professor says C"]
        assert shown.index(marked[0]) == app.view.page_lines // 3
        assert app.view.place.startswith("hint word 1 of 1")


async def test_a_divider_reaches_across_the_view() -> None:
    app = ViewApp(reasoning("text", Part(PartKind.DIVIDER, "response"), Part(PartKind.TEXT, "C", "response")))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        line = line_text(app.view, 1)
        assert line.startswith("── response ──")
        assert line.count("─") > 20


async def test_the_arrows_move_an_offered_passage_by_sentences() -> None:
    raw = "One is here. Two is there. Three follows."
    app = ViewApp(reasoning(raw))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        app.view.offer(app.view.sentence_in_view())
        shown: list[str] = []
        for key in ("", "down", "down", "down", "up", "shift+down"):
            await pilot.press(*([key] if key else []))
            offered = app.view.offered
            assert offered is not None
            shown.append(raw[offered.start : offered.end])
        one, two, three = "One is here.", "Two is there.", "Three follows."
        assert shown == [one, two, three, three, two, f"{two} {three}"]


async def test_a_text_that_is_still_being_wrapped_ends_where_it_ends() -> None:
    raw = SENTENCE * (30 * WRAP_AHEAD // len(SENTENCE)) + "\n" + SENTENCE * 1000
    app = ViewApp(reasoning("\n".join([raw, "the end"])))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.press("end")
        assert "the end" in line_text(app.view, app.view.page_lines - 1)


async def test_an_empty_document_is_no_trouble() -> None:
    app = ViewApp(Document())
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("down", "pagedown", "end", "home", "up")
        assert app.view.sentence_in_view() is None
        assert app.seen == []


async def drag(pilot: Pilot[None], start: tuple[int, int], end: tuple[int, int]) -> None:
    await pilot.mouse_down(offset=start)
    await pilot.hover(offset=end)
    await pilot.mouse_up(offset=end)
    await pilot.pause()


async def test_a_click_on_the_last_column_goes_to_the_place_for_which_it_stands() -> None:
    raw = "".join(f"line {number}\n" for number in range(1000))
    app = ViewApp(reasoning(raw))
    async with app.run_test(size=(40, 22)) as pilot:
        await pilot.mouse_down(offset=(38, 11))
        await pilot.pause()
        assert 0.4 < app.view.visible_range.start / len(raw) < 0.6
        thumbs = [y for y in range(app.view.page_lines) if line_text(app.view, y).endswith("┃")]
        assert thumbs in ([9], [10])
