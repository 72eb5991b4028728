"""Read single fields of a pair line, each with its error."""

from annotator.domain.answers import normalise_answer
from annotator.domain.pair import Json
from annotator.ingest.place import Place
from annotator.ingest.strict_json import JsonObject

MAX_ID_CHARS = 512
_LEAVE_OUT = "leave it out, or use null, where it is not known"


def optional_text(values: JsonObject, key: str, place: Place, parent: str = "") -> str | None:
    """Return a text, or None where it is absent or null.

    Raises:
        ImportFormatError: It is something else.
    """
    value = values.get(key)
    if value is None or isinstance(value, str):
        return value
    raise place.refuse(parent + key, value, "text", _LEAVE_OUT)


def required_text(values: JsonObject, key: str, place: Place, parent: str = "") -> str:
    """Return a text that is not blank, as it stands.

    Raises:
        ImportFormatError: It is absent, blank or something else.
    """
    value = values.get(key)
    if isinstance(value, str) and value.strip():
        return value
    if key not in values:
        raise place.missing(parent + key, "text", "add it")
    remedy = "write it in quotes" if isinstance(value, (int, float)) and not isinstance(value, bool) else "give it"
    raise place.refuse(parent + key, value, "text that is not blank", remedy)


def pair_id_of(values: JsonObject, place: Place) -> str:
    """Return the pair's id.

    Raises:
        ImportFormatError: It is absent, blank, no text or too long.
    """
    pair_id = required_text(values, "id", place)
    if len(pair_id) > MAX_ID_CHARS:
        raise place.refuse("id", pair_id, f"at most {MAX_ID_CHARS} characters (it has {len(pair_id)})", "shorten it")
    return pair_id


def choices_of(values: JsonObject, place: Place) -> tuple[str, ...]:
    """Return the options as shown; empty where there are none.

    Raises:
        ImportFormatError: They are no list of texts.
    """
    value = values.get("choices")
    if value is None:
        return ()
    if not isinstance(value, list):
        raise place.refuse("choices", value, "a list of texts", _LEAVE_OUT)
    texts = [choice for choice in value if isinstance(choice, str)]
    if len(texts) != len(value):
        number, wrong = next((n, choice) for n, choice in enumerate(value) if not isinstance(choice, str))
        raise place.refuse(f"choices[{number}]", wrong, "text", "write it in quotes")
    return tuple(texts)


def answer_of(values: JsonObject, key: str, choices: tuple[str, ...], place: Place, parent: str = "") -> str | None:
    """Return a normalised answer; None where there is none.

    Raises:
        ImportFormatError: It is neither text nor a number nor null.
    """
    value = values.get(key)
    if value is None:
        return None
    if isinstance(value, str):
        # By far the most frequent: a letter that is its own normal form.
        return value if len(value) == 1 and "A" <= value <= "Z" else normalise_answer(value, choices)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise place.refuse(parent + key, value, "text, a number or null", "write the answer as it was given")
    return normalise_answer(value, choices)


def hint_answer_of(values: JsonObject, choices: tuple[str, ...], place: Place) -> str:
    """Return the normalised answer that the hint points at.

    Raises:
        ImportFormatError: It is absent or empty.
    """
    if "hint_answer" not in values:
        raise place.missing("hint_answer", "the answer that the hint points at", "add it")
    answer = answer_of(values, "hint_answer", choices, place)
    if answer is None:
        what = "an answer"
        if choices and isinstance(values["hint_answer"], int):
            what = f"the number of a choice, 0 to {min(len(choices), 26) - 1}"
        raise place.refuse(
            "hint_answer", values["hint_answer"], what, "a pair without one cannot be judged: leave it out"
        )
    return answer


def object_of(values: JsonObject, key: str, place: Place) -> JsonObject | None:
    """Return an object, or None where it is absent or null.

    Raises:
        ImportFormatError: It is something else.
    """
    value = values.get(key)
    if value is None or isinstance(value, dict):
        return value
    raise place.refuse(key, value, "an object", _LEAVE_OUT)


def whole_number(values: JsonObject, key: str, place: Place, parent: str, least: int = 0) -> int | None:
    """Return a whole number that SQLite can hold, or None where it is absent or null.

    Raises:
        ImportFormatError: It is something else, or out of range.
    """
    value: Json = values.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 2**53:
        raise place.refuse(parent + key, value, f"a whole number from {least} on", _LEAVE_OUT)
    return value
