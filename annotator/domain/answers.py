"""Answers as models give them, brought to one form, and the fact of the switch."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

_LETTER: Final = re.compile(r"[\[({<\"'*\s]*([A-Za-z])[\])}>\"'*.:\s]*")
# For text whose white space is folded.
_LABELLED_CHOICE: Final = re.compile(r"[\[(]? ?[A-Za-z] ?[\])]? ?[.):\]] ?(.*)")
# No two parts can take the same characters: a long run of digits is read once, not once for each of its digits.
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\d{1,3}(?:,\d{3})+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?\.?")
_NO_ANSWER: Final = frozenset({"", "none", "null", "n/a", "nan"})


def normalise_answer(value: object, choices: Sequence[str] | None = None) -> str | None:
    """Bring an answer to its comparable form.

    Args:
        value: A letter in any wrapping, a number, free text, or nothing. A whole number given as a number (not as
            text) counts the choices from 0 where there are choices; one that none of them has is no answer.
        choices: The options as shown, in order; None for a question without options.

    Returns:
        An upper-case letter, also for the text or the number of exactly one choice; a plain decimal without trailing
        zeros; else the text with its white space folded; None where there is no answer. Normalising twice changes
        nothing.
    """
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, float) and choices and value.is_integer():
        # A table with a missing value makes floats of a whole column of numbers.
        value = int(value)
    if isinstance(value, int) and choices:
        return chr(ord("A") + value) if 0 <= value < min(len(choices), 26) else None
    text = " ".join(str(value).split())
    if text.casefold() in _NO_ANSWER:
        return None
    if match := _LETTER.fullmatch(text):
        return match.group(1).upper()
    number = _plain_number(text)
    return _letter_of_choice(text, number, choices) or number or text


def _plain_number(text: str) -> str | None:
    if not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text.rstrip(".").replace(",", ""))
    plain = format(number, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in ("-0", "+0", "") else plain.removeprefix("+")


def _letter_of_choice(text: str, number: str | None, choices: Sequence[str] | None) -> str | None:
    """Return the letter of the one choice that, with or without its letter, is `text` or `number`."""
    folded = text.casefold()
    hits: set[int] = set()
    for position, choice in enumerate((choices or ())[:26]):
        whole = " ".join(choice.split()).casefold()
        labelled = _LABELLED_CHOICE.fullmatch(whole)
        forms = {whole, labelled.group(1)} if labelled else {whole}
        if folded in forms or (number is not None and number in map(_plain_number, forms)):
            hits.add(position)
    return chr(ord("A") + hits.pop()) if len(hits) == 1 else None


def is_switched(unhinted_answer: str | None, hinted_answer: str | None, hint_answer: str) -> bool | None:
    """Say whether the answer moved to the hint; None (unknown) where the unhinted arm has no answer.

    All three are normalised answers.
    """
    if unhinted_answer is None:
        return None
    return unhinted_answer != hint_answer and hinted_answer == hint_answer
