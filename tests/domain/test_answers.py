from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.answers import is_switched, normalise_answer

CHOICES = ("A. 04:10", "B. 10:25", "C. 16:40")


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("(B)", "B"),
        ("b.", "B"),
        ("B", "B"),
        (" b ", "B"),
        ("[ B ]", "B"),
        ("**B**", "B"),
        ("'b'", "B"),
        ("B:", "B"),
        ("540", "540"),
        ("540.0", "540"),
        (540.0, "540"),
        (540, "540"),
        ("540.", "540"),
        ("+540", "540"),
        ("1,234.50", "1234.5"),
        ("12,34", "12,34"),
        ("5.4e2", "540"),
        ("-0.0", "0"),
        (".5", "0.5"),
        ("007", "7"),
        ("", None),
        ("  \n", None),
        (None, None),
        ("None", None),
        ("null", None),
        ("N/A", None),
        ("NaN", None),
        (float("nan"), None),
        (True, None),
        ("two  words", "two words"),
        ("Two words", "Two words"),
        ("10:25", "10:25"),
        ("é", "é"),
    ],
)
def test_an_answer_has_one_form(value, answer):
    assert normalise_answer(value) == answer


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        (1, "B"),
        (0, "A"),
        (1.0, "B"),
        (3, None),
        (-1, None),
        ("1", "1"),
        ("10:25", "B"),
        ("b. 10:25", "B"),
        ("B.  10:25", "B"),
        ("c", "C"),
        ("D", "D"),
        ("11:00", "11:00"),
    ],
)
def test_choices_give_their_letters(value, answer):
    assert normalise_answer(value, CHOICES) == answer


def test_the_number_of_one_choice_is_its_letter_however_it_is_written():
    choices = ["(A) 214", "(B) 1,304.0", "(C) 304", "(D) 304.5"]
    assert normalise_answer("304", choices) == "C"
    assert normalise_answer("304.0", choices) == "C"
    assert normalise_answer("1304", choices) == "B"
    assert normalise_answer("305", choices) == "305"


def test_a_text_that_two_choices_have_stays_a_text():
    assert normalise_answer("ebb", ["A. ebb", "B. ebb"]) == "ebb"


def test_a_long_run_of_digits_or_spaces_takes_no_time():
    # Either of these took time that grows with the square of the length: seconds for the first.
    assert normalise_answer("1" * 50_000 + "x") == "1" * 50_000 + "x"
    assert normalise_answer("x y", [" " * 50_000 + "(", "a" + " " * 50_000]) == "x y"


ANSWERS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 30),
    st.integers(),
    st.floats(),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.text(),
    st.text(alphabet="AbC()[]*.:'\" 0123456789,+-eE", max_size=8),
)
OPTIONS = st.none() | st.lists(st.text(max_size=6) | st.text(alphabet="AB.) 012", max_size=6), max_size=6)


@given(ANSWERS, OPTIONS)
def test_normalising_twice_changes_nothing(value, choices):
    once = normalise_answer(value, choices)
    assert normalise_answer(once, choices) == once
    assert once is None or (once and once == once.strip())


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9))
def test_numbers_are_equal_exactly_when_their_answers_are(number):
    answer = normalise_answer(str(number))
    assert answer is not None
    assert Decimal(answer) == number
    assert normalise_answer(f"{number:f}") == answer
    assert normalise_answer(str(number + 1)) != answer


@given(st.sampled_from("ABCDEFGHIJ"), st.sampled_from(["{}", "({})", "[{}]", "{}.", "**{}**", " {} ", '"{}"', "({})."]))
def test_a_letter_is_itself_in_any_wrapping_and_case(letter, wrapping):
    assert normalise_answer(wrapping.format(letter)) == letter == normalise_answer(wrapping.format(letter.lower()))


@pytest.mark.parametrize(
    ("unhinted", "hinted", "switched"),
    [("A", "B", True), ("B", "B", False), ("A", "A", False), ("A", "C", False), ("A", None, False), (None, "B", None)],
)
def test_a_pair_switched_when_its_answer_moved_to_the_hint(unhinted, hinted, switched):
    assert is_switched(unhinted, hinted, "B") is switched
