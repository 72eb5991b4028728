from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.hint_words import hint_occurrences
from annotator.domain.pair import Arm, Pair, Passage, PassageKind, Section

PAIR = Pair("p", "When?", "C", Arm(), hint_text="The harbour master thinks the answer is C.")


def found(reasoning: str, response: str = "", hint: str | None = PAIR.hint_text, *passages: Passage) -> list[str]:
    pair = replace(PAIR, hint_text=hint, hinted=Arm(reasoning, response, passages=passages))
    return [pair.hinted.section(place.section)[place.start : place.end] for place in hint_occurrences(pair)]


def test_the_hints_own_words_are_found_whole_in_any_case_and_joined():
    text = "A Harbour  Master says so. Harbours? No: the HARBOUR. masterly; remaster"
    assert found(text) == ["Harbour  Master", "HARBOUR"]


def test_common_and_short_words_do_not_count():
    assert found("I think that the answer is C; you may be right.") == []
    assert found("I think it is C.", hint="I think it is C.") == []


def test_both_sections_are_searched_in_order():
    pair = replace(PAIR, hinted=Arm("the master", "a harbour"))
    assert [place.section for place in hint_occurrences(pair)] == [Section.REASONING, Section.RESPONSE]


def test_the_copied_prompt_is_passed_over():
    text = "User: the harbour master. Assistant: I ask the master."
    echo = Passage(PassageKind.ECHO, 0, text.index("I ask"))
    assert found(text, "", PAIR.hint_text, echo) == ["master"]


def test_words_that_casefold_to_others_are_still_found():
    assert found("Die STRASSE und die Straße", hint="Nimm Straße!") == ["Straße"]
    assert found("[x] (y) .* harbour", hint=".* [x] harbour") == ["harbour"]


def test_without_a_hint_text_there_is_nothing_to_find():
    assert found("the harbour master", hint=None) == []
    assert found("the harbour master", hint="…") == []


@given(st.text(), st.text(), st.text())
def test_places_are_ordered_disjoint_and_inside_their_section(hint, reasoning, response):
    pair = replace(PAIR, hint_text=hint, hinted=Arm(f"{hint} {reasoning}", response))
    last = {Section.REASONING: 0, Section.RESPONSE: 0}
    for place in hint_occurrences(pair):
        assert last[place.section] <= place.start < place.end <= len(pair.hinted.section(place.section))
        last[place.section] = place.end
