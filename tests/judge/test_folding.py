"""Folding sees through disguises and always knows the way back to the raw text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.judge.folding import fold_lookalikes
from annotator.judge.sentences import LONGEST_SENTENCE, split_sentences


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("plain", "plain"),
        ("prоfessоr", "professor"),
        ("Ｔｈｅ 𝐡𝐢𝐧𝐭", "The hint"),
        ("h\u200bi\u00adnt", "hint"),
        ("naïve “C” – it’s", 'naive "C" - it\'s'),
        ("ΔG 漢字 ½", "ΔG 漢字 ½"),
    ],
)
def test_look_alikes_are_folded_and_other_signs_are_left(raw: str, folded: str) -> None:
    assert fold_lookalikes(raw).text == folded


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_every_folded_character_knows_where_it_came_from(raw: str) -> None:
    folded = fold_lookalikes(raw)
    places = [folded.raw_offset(place) for place in range(len(folded.text) + 1)]
    assert places == sorted(places)
    assert places[-1] == len(raw)
    for place in range(len(folded.text)):
        assert folded.raw_end(place + 1) == folded.raw_offset(place) + 1
        assert fold_lookalikes(raw[places[place] : folded.raw_end(place + 1)]).text == folded.text[place]
    assert len(folded.text.lower()) == len(folded.text)


@given(st.text(st.sampled_from("ab .!?\n\"')"), max_size=2000))
def test_sentences_are_ordered_disjoint_and_leave_out_only_white_space(text: str) -> None:
    spans = list(split_sentences(text))
    end = 0
    for span in spans:
        assert text[end : span.start].strip(" \n\"')") == ""
        assert 0 < span.end - span.start <= LONGEST_SENTENCE
        assert not text[span.start].isspace()
        end = span.end
    assert text[end:].strip(" \n\"')") == ""


def test_a_line_without_end_is_cut_at_spaces() -> None:
    text = "word " * 400
    spans = list(split_sentences(text))
    assert len(spans) > 2
    assert all(text[span.start : span.end].startswith("word") for span in spans)
