"""Passages offered as evidence are sentences inside one section."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.tui.widgets.trace_view.document import Document, Part, PartKind
from annotator.tui.widgets.trace_view.highlights import HighlightKind, Span
from annotator.tui.widgets.trace_view.passages import (
    grow_by_sentence,
    passage_of,
    sentence_from,
    sentences_around,
    step_sentence,
)
from annotator.tui.widgets.trace_view.ranges import Range
from annotator.tui.widgets.trace_view.sentences import MAX_SENTENCE_CHARS, sentence_at

TEXT = "The factor is 1.5. The professor says C!\n\nSo it is C."
DOCUMENT = Document(
    [
        Part(PartKind.TEXT, TEXT, "reasoning"),
        Part(PartKind.DIVIDER, "response"),
        Part(PartKind.TEXT, "It is **C**. Done.", "response"),
    ]
)


def shown(passage: Range | None) -> str | None:
    return None if passage is None else DOCUMENT.text[passage.start : passage.end]


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("factor", "The factor is 1.5."),
        ("1.5", "The factor is 1.5."),
        ("says", "The professor says C!"),
        ("So", "So it is C."),
        ("Done", "Done."),
    ],
)
def test_a_sentence_is_found_from_any_word_in_it(word: str, sentence: str) -> None:
    assert shown(sentence_from(DOCUMENT, DOCUMENT.text.index(word))) == sentence


def test_a_gap_leads_to_the_next_sentence() -> None:
    assert shown(sentence_from(DOCUMENT, TEXT.index("\n"))) == "So it is C."


def test_a_divider_is_no_passage() -> None:
    assert sentence_from(DOCUMENT, DOCUMENT.text.index("response")) is None


def test_stepping_goes_through_all_sentences_of_both_sections_and_back() -> None:
    passage = sentence_from(DOCUMENT, 0)
    seen: list[str | None] = []
    while passage is not None:
        seen.append(shown(passage))
        last, passage = passage, step_sentence(DOCUMENT, passage, 1)
    assert seen == ["The factor is 1.5.", "The professor says C!", "So it is C.", "It is **C**.", "Done."]
    back: list[str | None] = []
    step: Range | None = last
    while step is not None:
        back.append(shown(step))
        step = step_sentence(DOCUMENT, step, -1)
    assert back == seen[::-1]


def test_a_passage_grows_and_shrinks_by_sentences() -> None:
    first = Range(0, len("The factor is 1.5."))
    longer = grow_by_sentence(DOCUMENT, first, 1)
    assert shown(longer) == "The factor is 1.5. The professor says C!"
    assert grow_by_sentence(DOCUMENT, longer, -1) == first
    assert grow_by_sentence(DOCUMENT, first, -1) == first


def test_words_of_the_hint_stand_for_their_sentence_and_quotes_for_themselves() -> None:
    at = TEXT.index("professor")
    assert shown(passage_of(DOCUMENT, Span(at, at + 9, HighlightKind.HINT))) == "The professor says C!"
    assert shown(passage_of(DOCUMENT, Span(at, at + 9, HighlightKind.JUDGE))) == "professor"


@given(st.text("ab.!? \n漢。", max_size=200), st.data())
def test_a_sentence_has_text_holds_its_offset_or_follows_it_and_is_not_endless(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    found = sentence_at(text, offset, 0, len(text))
    if found is None:
        assert not text[offset:].strip()
        return
    start, end = found
    assert 0 <= start < end <= len(text)
    assert end > offset
    assert end - start <= MAX_SENTENCE_CHARS
    assert text[start:end].strip() == text[start:end]


@given(st.text("ab. \n", min_size=1, max_size=80), st.data())
def test_growing_to_sentences_never_loses_the_range(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    grown = sentences_around(Document([Part(PartKind.TEXT, text, "reasoning")]), start, end)
    assert grown.start <= start
    assert end <= grown.end
