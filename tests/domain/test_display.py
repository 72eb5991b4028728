import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.display import display_line, display_safe, unsafe_count

EVERYTHING = [chr(code) for code in range(sys.maxunicode + 1)]
# What Unicode says may be left out of a rendering ("default ignorable"), as far as it is no format character.
IGNORABLE = {
    *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
    *range(0x180B, 0x1810),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
    *range(0xFFF0, 0xFFF9),
    *range(0xE0000, 0xE1000),
}
HOSTILE = [
    "\x1b[2J",
    "\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\",
    "\x1b]52;c;QUJD\x07",
    "\x9b31m",
    "\x00\r\b\x7f",
    "\u202eabc\u2066",
    "a\u200bb\ufeff",
    "\U000e0041\U000e0042",
    "\ud800",
    "\u2028\u2029\x85",
]


def test_no_control_format_surrogate_or_separator_character_is_left_in_all_of_unicode():
    kept = [character for character in EVERYTHING if display_safe(character) == character]
    bad = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert [c for c in kept if unicodedata.category(c) in bad] == ["\t", "\n"]
    assert not IGNORABLE & {ord(character) for character in kept}


def test_letters_marks_and_signs_stay():
    text = "naïve café, Ω ≈ 3½, 漢字, עברית, العربية, नमस्ते, e\u0301, 😀, [/x] [@click=app.quit]"
    assert display_safe(text) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_becomes_inert_at_the_same_offsets(text):
    safe = display_safe(f"ab{text}cd")
    assert len(safe) == len(text) + 4
    assert (safe[:2], safe[-2:]) == ("ab", "cd")
    assert safe.isprintable()
    assert unsafe_count(text) > 0


ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(st.lists(ANY_TEXT | st.sampled_from(HOSTILE)).map("".join))
def test_the_substitution_is_one_for_one_and_final(text):
    safe = display_safe(text)
    assert len(safe) == len(text)
    assert display_safe(safe) == safe
    assert unsafe_count(safe) == 0
    assert unsafe_count(text) == sum(new != old for new, old in zip(safe, text, strict=True))
    assert safe == "".join(map(display_safe, text))
    safe.encode()


@given(ANY_TEXT, st.none() | st.integers(1, 30))
def test_a_line_is_one_line_and_no_longer_than_asked(text, width):
    line = display_line(text, width)
    assert "\n" not in line
    assert "\t" not in line
    assert display_safe(line) == line
    if width is not None:
        assert len(line) <= width


def test_a_cut_line_says_so():
    assert display_line("one two three", 8) == "one two…"
    assert display_line("one  two\n", 8) == "one two"
    assert display_line("one" + " " * 100, 8) == "one"
    # The prefix that is read holds nothing but white space.
    assert display_line(" " * 1000 + "one", 8) == "…"
