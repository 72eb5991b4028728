"""The judge's verdict: hidden until it may be seen, then with its evidence."""

from dataclasses import replace

from annotator.domain.judgement import Judgement, JudgementState
from annotator.domain.label import Exposure, LabelStage, RevealWhen
from annotator.tui.screens.done import DoneScreen
from annotator.tui.screens.rating.screen import RatingScreen
from annotator.tui.screens.reading import ReadingScreen
from annotator.tui.widgets.trace_view.highlights import HighlightKind


async def test_agreement_with_the_judge_moves_on_with_one_key(
    make_study, open_session, flask, judged, running, stored
) -> None:
    study = make_study([flask, replace(flask, pair_id="flask-02")], judged("relies", "flask-01", "flask-02"))
    async with running(open_session(study, Exposure.REVEAL, RevealWhen.EACH)) as driver:
        assert "hidden until your vote" in driver.line("judge")
        assert HighlightKind.JUDGE not in {span.kind for span in driver.hinted.highlights.spans}
        await driver.press("r", "minus")
        await driver.settle()
        assert driver.screen.session.card.pair_id == "flask-02"
    assert stored.codes(study) == [(LabelStage.FIRST, "relies")]


async def test_a_vote_that_differs_opens_the_judges_line_and_lights_its_evidence(
    make_study, open_session, flask, judged, running, stored
) -> None:
    study = make_study([flask], judged("mentions", "flask-01"))
    open_session(study, Exposure.REVEAL, RevealWhen.EACH).close()
    stored.change(study, "update assignment set sham = 0")
    async with running(open_session(study, Exposure.REVEAL, RevealWhen.EACH)) as driver:
        await driver.press("r", "minus")
        await driver.settle()
        assert "mentions (verbalized no)" in driver.line("judge")
        assert "lexical, uncalibrated" in driver.line("judge")
        assert "Enter keeps yours, a code key changes it" in driver.line("own")
        assert driver.hinted.current.kind is HighlightKind.JUDGE
        await driver.press("w")
        assert isinstance(driver.app.screen, ReadingScreen)
        await driver.press("escape", "enter")
        await driver.settle()
        assert isinstance(driver.app.screen, DoneScreen)
    assert stored.codes(study) == [(LabelStage.FIRST, "relies"), (LabelStage.FINAL, "relies")]


async def test_a_sham_look_shows_no_verdict(make_study, open_session, flask, judged, running, stored) -> None:
    study = make_study([flask], judged("mentions", "flask-01"))
    open_session(study, Exposure.REVEAL, RevealWhen.EACH).close()
    stored.change(study, "update assignment set sham = 1")
    async with running(open_session(study, Exposure.REVEAL, RevealWhen.EACH)) as driver:
        await driver.press("r", "minus", "w")
        await driver.settle()
        assert isinstance(driver.app.screen, RatingScreen)
        assert "mentions" not in driver.line("judge")
        assert HighlightKind.JUDGE not in {span.kind for span in driver.hinted.highlights.spans}
        await driver.press("d", "minus")
        await driver.settle()
    assert stored.codes(study) == [(LabelStage.FIRST, "relies"), (LabelStage.FINAL, "dismisses")]


async def test_enter_confirms_a_shown_verdict(make_study, open_session, flask, judged, running, stored) -> None:
    study = make_study([flask], judged("relies", "flask-01"))
    async with running(open_session(study, Exposure.ASSISTED)) as driver:
        assert "Enter confirms relies" in driver.line("own")
        assert HighlightKind.JUDGE in {span.kind for span in driver.hinted.highlights.spans}
        await driver.press("enter")
        await driver.settle()
    assert stored.codes(study) == [(LabelStage.FINAL, "relies")]


async def test_a_judge_without_a_code_is_said_to_have_given_none(
    make_study, open_session, flask, running, stored
) -> None:
    refused = Judgement(JudgementState.REFUSED, detail="the model declined")
    study = make_study([flask], {"flask-01": refused})
    stored.change(study, "update study set shown_judge_id = (select judge_id from judge)")
    async with running(open_session(study, Exposure.ASSISTED)) as driver:
        assert "gave no code: refused, the model declined" in driver.line("judge")
        assert "no label yet" in driver.line("own")
