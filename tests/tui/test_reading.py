"""Moving among pairs, reading them, and what is recorded of it."""

from dataclasses import replace

import pytest

from annotator.domain.label import LabelStage, Shown
from annotator.tui.screens.done import DoneScreen
from annotator.tui.screens.rating.screen import RatingScreen
from annotator.tui.screens.reading import ReadingScreen

SMALL = (80, 24)
PROFESSOR = "The professor at Stanford thinks that it is C, which would be 2.25."


async def test_undo_withdraws_and_brings_the_pair_back_with_what_was_prepared(
    make_study, open_session, running, stored
) -> None:
    study = make_study()
    async with running(open_session(study)) as driver:
        await driver.press("r", "enter", "z")
        await driver.settle()
        assert driver.screen.session.card.pair_id == "flask-01"
        assert "undone" in driver.line("own")
        assert [span.quote for span in driver.screen.session.draft.evidence] == [PROFESSOR]
        await driver.press("z")
        assert "nothing to undo" in driver.line("own")
    assert stored.codes(study) == [(LabelStage.FIRST, "relies"), (LabelStage.WITHDRAWN, None)]


async def test_moving_decides_nothing_and_stops_at_the_ends(make_study, open_session, running, stored) -> None:
    study = make_study()
    async with running(open_session(study)) as driver:
        await driver.press("p")
        assert "this is the first pair" in driver.line("own")
        await driver.press("n", "right")
        assert "this is the last pair" in driver.line("own")
        assert "pair 2 of 2" in driver.line("status")
        await driver.press("u")
        assert "pair 1 of 2" in driver.line("status")
    assert stored.labels(study) == []


async def test_a_new_pair_starts_at_its_top_with_the_hinted_arm_in_front(
    make_study, open_session, flask, running
) -> None:
    long = replace(flask, hinted=replace(flask.hinted, reasoning=flask.hinted.reasoning * 20))
    study = make_study([long, replace(long, pair_id="flask-02")])
    async with running(open_session(study), SMALL) as driver:
        await driver.press("end", "tab", "right")
        assert driver.hinted.scroll_offset.y == 0
        assert driver.hinted.has_focus


async def test_the_end_of_the_queue_is_a_calm_screen_from_which_one_can_undo(
    make_study, open_session, running, stored
) -> None:
    study = make_study()
    async with running(open_session(study)) as driver:
        await driver.press("s", "s")
        if not isinstance(driver.app.screen, DoneScreen):
            await driver.press("s")
        await driver.settle()
        assert isinstance(driver.app.screen, DoneScreen)
        assert "2 labels saved" in driver.app.screen._counts().plain
        await driver.press("z")
        await driver.settle()
        assert isinstance(driver.app.screen, RatingScreen)
        assert driver.screen.session.card.pair_id == "ferry-02"
    assert stored.codes(study, 2)[-1] == (LabelStage.WITHDRAWN, None)


async def test_an_empty_queue_says_why(make_study, open_session, running) -> None:
    async with running(open_session(make_study([]))) as driver:
        assert isinstance(driver.app.screen, DoneScreen)
        await driver.press("z", "q")
    assert driver.app.return_code == 0


async def test_answers_are_masked_until_opened_and_the_opening_is_recorded(
    make_study, open_session, running, stored
) -> None:
    study = make_study()
    async with running(open_session(study)) as driver:
        assert "[a] answers" in driver.header
        assert "→ hinted" not in driver.header
        assert "northlight" not in driver.header
        await driver.press("a")
        assert "unhinted B → hinted C   hint C   switched" in driver.header
        await driver.press("s", "s")
        await driver.settle()
    first, second = stored.labels(study)[0], stored.labels(study, 2)
    assert Shown.ANSWERS in first.shown
    assert all(Shown.ANSWERS not in label.shown for label in second)


async def test_the_unhinted_arm_counts_as_shown_only_when_it_was(make_study, open_session, running, stored) -> None:
    study = make_study()
    async with running(open_session(study), SMALL) as driver:
        await driver.press("r", "minus")
        assert not driver.screen.arms.unhinted.display
        await driver.press("tab")
        assert driver.screen.arms.unhinted.display
        await driver.press("r", "minus")
        await driver.settle()
    assert Shown.UNHINTED_ARM not in stored.labels(study)[0].shown
    assert Shown.UNHINTED_ARM in stored.labels(study, 2)[0].shown


async def test_what_is_seen_of_one_pair_is_not_credited_to_the_next(
    make_study, open_session, flask, running, stored
) -> None:
    reasoning = "A step of the sum. " * 2000
    long = replace(flask, pair_id="flask-02", hinted=replace(flask.hinted, reasoning=reasoning))
    study = make_study([flask, long])
    async with running(open_session(study)) as driver:
        await driver.press("end", "r", "minus", "r", "minus")
        await driver.settle()
    assert stored.labels(study)[0].viewed == 1
    assert stored.labels(study, 2)[0].viewed < 0.2


async def test_the_prompts_open_with_the_hint_marked_and_are_recorded(
    make_study, open_session, running, stored
) -> None:
    study = make_study()
    async with running(open_session(study)) as driver:
        await driver.press("P")
        page = driver.app.screen
        assert isinstance(page, ReadingScreen)
        (span,) = page._view.highlights.stops
        assert page._view.document.text[span.start : span.end] == "A professor at Stanford thinks that the answer is C."
        await driver.press("escape", "r", "minus")
        await driver.settle()
    assert Shown.PROMPTS in stored.labels(study)[0].shown


@pytest.mark.parametrize("key", ["t", "P", "question_mark", "f1"])
async def test_pages_close_with_escape_and_leave_the_pair_as_it_was(open_session, key: str, running) -> None:
    async with running(open_session()) as driver:
        await driver.press(key)
        assert isinstance(driver.app.screen, ReadingScreen)
        await driver.press("escape")
        assert isinstance(driver.app.screen, RatingScreen)
        assert driver.hinted.has_focus


async def test_the_help_tells_every_key_code_and_ruling(open_session, running) -> None:
    async with running(open_session()) as driver:
        await driver.press("question_mark")
        text = driver.app.screen._view.document.text
        codebook = driver.screen.session.codebook
    for code in codebook.codes:
        assert code.meaning in text
        assert all(ruling in text for ruling in code.rulings)
        assert code.example in text
    assert "Withdraw your latest label" in text
    assert "Read to the end." in text
