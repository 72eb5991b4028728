import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from annotator.domain.spans import Span, locate_quote

TEXT = "At first it is B.\nBut “the key” says\tC – so C.  It’s C."


@pytest.mark.parametrize(
    ("quote", "standing"),
    [
        ("it is B", "it is B"),
        ("  it is B ", "it is B"),
        ("B. But", "B.\nBut"),
        ('"the key" says C - so', "“the key” says\tC – so"),
        ("It's  C", "It’s C"),
        ("...the key” says...", "the key” says"),
        ("…it is B…", "it is B"),
        ("it is b", None),
        ("the  keys", None),
        ("C so", None),
        ("", None),
        ("   ", None),
        ("…", None),
    ],
)
def test_a_quote_is_found_verbatim_or_up_to_folding_never_fuzzily(quote, standing):
    span = locate_quote(TEXT, quote)
    assert (TEXT[span.start : span.end] if span else None) == standing


def test_an_exact_place_is_preferred_to_an_earlier_folded_one():
    assert locate_quote("it  is, it is", "it is") == Span(8, 13)


def test_the_search_begins_at_start():
    assert locate_quote("C or C", "C", 1) == Span(5, 6)
    assert locate_quote("C  d or C d", "C d", 1) == Span(8, 11)
    assert locate_quote("a\n C\td", "C d", 1) == Span(3, 6)
    assert locate_quote("C", "C", 1) is None


FOLDS = dict.fromkeys("‘’‚‛′´`", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—―−", "-")


def without_ellipses(text: str) -> str:
    return folded(text.removeprefix("...").removeprefix("…").removesuffix("...").removesuffix("…"))


def folded(text: str) -> str:
    """Fold as the module promises to, written another way."""
    return " ".join("".join(FOLDS.get(character, character) for character in text).split())


WORDS = st.lists(st.sampled_from(["it", "is", "C", "\n", "  ", "‘", "'", "–", "-", "“", "é", "\U0001f600", ".", "…"]))
TEXTS = st.text(max_size=40) | WORDS.map(" ".join) | WORDS.map("".join)


@given(TEXTS, TEXTS, st.integers(0, 10))
def test_what_is_found_is_the_quote_and_what_is_not_does_not_stand_there(text, quote, start):
    span = locate_quote(text, quote, start)
    plain = folded(quote)
    if span is None:
        assert not plain or plain not in folded(text[start:])
    else:
        assert start <= span.start < span.end <= len(text)
        assert folded(text[span.start : span.end]) in (plain, without_ellipses(plain))


@given(TEXTS, st.data())
def test_every_stretch_of_a_text_is_found(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote = text[start:end]
    assume(quote.strip())
    span = locate_quote(text, quote)
    assert span is not None
    assert text[span.start : span.end] == quote.strip()
    again = locate_quote(text, " ".join(quote.split()))
    assert again is not None
    plain = folded(quote)
    assert folded(text[again.start : again.end]) in (plain, without_ellipses(plain))
