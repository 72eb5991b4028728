"""What becomes of labels, leaving, and the palette."""

from annotator.domain.label import LabelStage
from annotator.tui.commands import BindingCommands
from annotator.tui.screens.rating.screen import RatingScreen
from annotator.tui.screens.sheets import Sheet


async def test_a_label_that_cannot_be_saved_is_kept_told_and_retried(make_study, open_session, running, stored) -> None:
    study = make_study()
    session = open_session(study)
    refuse = "create trigger refuse before insert on label begin select raise(abort, 'no room [/nope]'); end"
    async with running(session) as driver:
        stored.change(study, refuse)
        await driver.press("r", "minus")
        await driver.settle()
        assert len(driver.posted(RatingScreen.NotSaved)) == 1
        assert "1 label not saved: R retries" in driver.line("status")
        assert stored.labels(study) == []
        stored.change(study, "drop trigger refuse")
        await driver.press("R")
        await driver.settle()
        assert "not saved" not in driver.line("status")
        assert "1 saved" in driver.line("status")
    assert stored.codes(study) == [(LabelStage.FIRST, "relies")]


async def test_leaving_with_an_unsaved_label_asks(make_study, open_session, running, stored) -> None:
    study = make_study()
    async with running(open_session(study)) as driver:
        refuse = "create trigger refuse before insert on label begin select raise(abort, 'no room'); end"
        stored.change(study, refuse)
        await driver.press("r", "minus")
        await driver.settle()
        await driver.press("q")
        await driver.pilot.pause()
        assert isinstance(driver.app.screen, Sheet)
        await driver.press("escape")
        assert isinstance(driver.app.screen, RatingScreen)
        stored.change(study, "drop trigger refuse")
        await driver.press("R")
        await driver.settle()
        await driver.press("q")
    assert driver.app.return_code == 0


async def test_leaving_with_a_loose_note_asks_and_otherwise_does_not(open_session, running) -> None:
    async with running(open_session()) as driver:
        await driver.press("c", "h", "m", "enter", "q")
        await driver.pilot.pause()
        assert isinstance(driver.app.screen, Sheet)
        await driver.press("escape", "r", "minus")
        await driver.settle()
        await driver.press("q")
        await driver.pilot.pause()
    assert driver.app.return_code == 0
    assert not driver.app.is_running


async def test_every_command_has_an_id_a_name_and_a_help_text_and_is_in_the_palette(open_session, running) -> None:
    async with running(open_session()) as driver:
        actives = list(driver.screen.active_bindings.values())
        offered = " ".join([str(hit.text) async for hit in BindingCommands(driver.screen).discover()])
        await driver.press("ctrl+p")
        await driver.press("escape")
        assert isinstance(driver.app.screen, RatingScreen)
    ours = [
        active.binding for active in actives if active.node is not driver.app and "copy" not in active.binding.action
    ]
    assert len(ours) > 40
    for binding in ours:
        assert binding.id, binding
        assert binding.description, binding
        assert binding.tooltip, binding
        assert binding.description in offered


async def test_the_palette_runs_a_code(make_study, open_session, running) -> None:
    study = make_study()
    async with running(open_session(study)) as driver:
        await driver.press("ctrl+p", *"dismisses")
        await driver.pilot.pause(0.5)
        await driver.press("enter")
        await driver.pilot.pause(0.2)
        assert "dismisses" in driver.line("own")
