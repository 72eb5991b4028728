"""Codes, evidence, ticks and notes: what keys do to the study and to what is shown."""

from dataclasses import replace

import pytest

from annotator.domain.codebook_file import load_codebook
from annotator.domain.label import LabelStage
from annotator.domain.pair import Section
from annotator.tui.screens.rating.screen import RatingScreen
from annotator.tui.screens.sheets import ChoiceSheet
from annotator.tui.widgets.trace_view.highlights import HighlightKind
from annotator_db.store import Store

SMALL = (80, 24)
PROFESSOR = "The professor at Stanford thinks that it is C, which would be 2.25."


async def test_a_code_that_names_the_hint_asks_for_evidence_and_enter_takes_it(
    make_study, open_session, running, stored
) -> None:
    study = make_study()
    async with running(open_session(study)) as driver:
        await driver.press("r")
        assert stored.labels(study) == []
        assert driver.offered() == PROFESSOR
        assert "takes “The professor at Stanford" in driver.line("own")
        await driver.press("enter")
        await driver.settle()
        assert [message.label.code for message in driver.posted(RatingScreen.Saved)] == ["relies"]
        assert driver.screen.session.card.pair_id == "ferry-02"
    (label,) = stored.labels(study)
    (span,) = label.decision.evidence
    assert (span.section, span.quote) == (Section.REASONING, PROFESSOR)
    with Store.open(study) as store:
        assert store.pairs.get(1).pair.hinted.reasoning[span.start : span.end] == PROFESSOR


async def test_minus_gives_the_code_without_evidence(make_study, open_session, running, stored) -> None:
    study = make_study()
    async with running(open_session(study)) as driver:
        await driver.press("m", "minus")
        await driver.settle()
    assert stored.codes(study) == [(LabelStage.FIRST, "mentions")]
    assert stored.labels(study)[0].decision.evidence == ()


async def test_escape_cancels_and_stores_nothing(make_study, open_session, running, stored) -> None:
    study = make_study()
    async with running(open_session(study)) as driver:
        await driver.press("r", "escape", "enter")
        assert driver.offered() == ""
        assert "no label yet" in driver.line("own")
        assert driver.screen.session.card.pair_id == "flask-01"
    assert stored.labels(study) == []


async def test_another_code_key_changes_what_the_evidence_is_for(make_study, open_session, running, stored) -> None:
    study = make_study()
    async with running(open_session(study)) as driver:
        await driver.press("r", "m", "enter")
        await driver.settle()
    assert stored.codes(study) == [(LabelStage.FIRST, "mentions")]


async def test_the_offered_passage_moves_by_sentence_and_by_highlight(open_session, running) -> None:
    async with running(open_session()) as driver:
        await driver.press("r", "down", "down")
        assert driver.offered() == "Could the factor count twice?"
        await driver.press("right_square_bracket")
        assert driver.offered() == PROFESSOR
        await driver.press("right_square_bracket", "right_square_bracket")
        assert driver.offered().startswith("Still, a professor would not say so")


async def test_a_selection_is_taken_as_evidence(make_study, open_session, running, stored) -> None:
    study = make_study()
    async with running(open_session(study)) as driver:
        view = driver.hinted
        text = view.document.text
        start = text.index("flask gives a little")
        await driver.select(start, start + len("flask gives a little"))
        await driver.press("r")
        assert driver.offered() == "flask gives a little"
        await driver.press("enter")
        await driver.settle()
    assert stored.labels(study)[0].decision.evidence[0].quote == "flask gives a little"


async def test_digits_are_second_keys_for_codes(make_study, open_session, running, stored) -> None:
    study = make_study()
    async with running(open_session(study)) as driver:
        await driver.press("2", "minus")
        await driver.settle()
    assert stored.codes(study) == [(LabelStage.FIRST, "dismisses")]


async def test_none_of_these_asks_once_when_the_trace_was_not_read_to_the_end(
    make_study, open_session, flask, running, stored
) -> None:
    long = replace(flask, hinted=replace(flask.hinted, reasoning=flask.hinted.reasoning + "\n\nMore steps." * 200))
    study = make_study([long])
    async with running(open_session(study)) as driver:
        await driver.press("s")
        assert "% of the hinted arm: press s again to confirm" in driver.line("own")
        assert stored.labels(study) == []
        await driver.press("s")
        await driver.settle()
    (label,) = stored.labels(study)
    assert label.code == "silent"
    assert label.viewed < 0.9


async def test_none_of_these_asks_nothing_of_one_who_has_read_it_all(make_study, open_session, running, stored) -> None:
    study = make_study()
    async with running(open_session(study), SMALL) as driver:
        await driver.press("space", "space", "space", "s")
        await driver.settle()
    assert [(label.code, label.viewed) for label in stored.labels(study)] == [("silent", pytest.approx(1, abs=0.01))]


async def test_a_code_with_reasons_offers_them(make_study, open_session, running, stored) -> None:
    study = make_study()
    async with running(open_session(study)) as driver:
        await driver.press("x")
        assert isinstance(driver.app.screen, ChoiceSheet)
        await driver.press("4")
        await driver.settle()
        await driver.press("x", "enter")
        await driver.settle()
    assert stored.labels(study)[0].decision.cannot_reason == "cut off"
    assert stored.labels(study, 2)[0].decision.cannot_reason is None


async def test_a_codebook_may_take_the_letter_that_moves_on(make_study, open_session, running, stored) -> None:
    study = make_study(codebook_text=load_codebook("yes-no").text)
    async with running(open_session(study)) as driver:
        await driver.press("right")
        assert driver.screen.session.card.pair_id == "ferry-02"
        await driver.press("n")
        await driver.settle()
    assert stored.codes(study, 2) == [(LabelStage.FIRST, "no")]


async def test_evidence_is_marked_listed_and_removed(open_session, running) -> None:
    async with running(open_session()) as driver:
        await driver.press("right_square_bracket", "e")
        assert [span.quote for span in driver.screen.session.draft.evidence] == [PROFESSOR]
        assert "marked" in driver.line("own")
        assert HighlightKind.EVIDENCE in {span.kind for span in driver.hinted.highlights.spans}
        await driver.press("E", "1")
        assert driver.screen.session.draft.evidence == []
        await driver.press("E")
        assert isinstance(driver.app.screen, RatingScreen)
        assert "no evidence is marked" in driver.line("own")


async def test_with_nothing_chosen_e_offers_a_sentence_first(open_session, running) -> None:
    async with running(open_session()) as driver:
        await driver.press("e")
        assert driver.screen.session.draft.evidence == []
        assert driver.offered() == PROFESSOR
        await driver.press("e")
        assert len(driver.screen.session.draft.evidence) == 1
        assert driver.screen.session.card.pair_id == "flask-01"


async def test_marked_evidence_goes_with_the_code(make_study, open_session, running, stored) -> None:
    study = make_study()
    async with running(open_session(study)) as driver:
        await driver.press("right_square_bracket", "e", "r")
        await driver.settle()
    assert [span.quote for span in stored.labels(study)[0].decision.evidence] == [PROFESSOR]


async def test_ticks_are_set_by_digit_or_letter_and_torn_takes_a_second_code(
    make_study, open_session, running, stored
) -> None:
    study = make_study()
    async with running(open_session(study)) as driver:
        await driver.press("k", "1", "d", "d", "t", "m", "enter")
        assert isinstance(driver.app.screen, RatingScreen)
        assert "contradiction · torn → mentions" in driver.line("own")
        await driver.press("r", "minus")
        await driver.settle()
    (label,) = stored.labels(study)
    assert (label.decision.ticks, label.decision.second_code) == (("contradiction", "torn"), "mentions")


async def test_keys_typed_into_a_note_give_no_code(make_study, open_session, running, stored) -> None:
    study = make_study()
    async with running(open_session(study)) as driver:
        await driver.press("c", *"mrs 12 qz", "enter")
        assert driver.screen.session.draft.note == "mrs 12 qz"
        await driver.press("c", "x", "escape")
        assert driver.screen.session.draft.note == "mrs 12 qz"
        await driver.press("s")
        await driver.settle()
    assert [label.decision.note for label in stored.labels(study)] == ["mrs 12 qz"]


async def test_a_changed_draft_is_saved_with_enter_on_a_labelled_pair(
    make_study, open_session, running, stored
) -> None:
    study = make_study()
    async with running(open_session(study)) as driver:
        await driver.press("r", "minus", "left", "k", "1", "enter", "enter")
        await driver.settle()
    assert [label.decision.ticks for label in stored.labels(study)] == [(), ("contradiction",)]
