"""Make foreign text safe to show: one character for one, so that offsets into the raw text stay right.

A terminal obeys control characters wherever they come from, and no widget filters them. The database keeps the raw
text; every string that is not ours passes through `display_safe` on its way to a screen, a terminal or an error.
"""

from typing import Final


def _substitutes() -> dict[str, str]:
    table: dict[int, str] = {code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)}
    table[0x7F] = "\u2421"
    table |= dict.fromkeys(range(0x80, 0xA0), "\ufffd")
    # NEL, LINE SEPARATOR and PARAGRAPH SEPARATOR break lines in str.splitlines but not in SQLite or JSON.
    table |= dict.fromkeys((0x85, 0x2028, 0x2029), "\u2424")
    bidi = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
    table |= dict.fromkeys(bidi, "\u25c7")
    # Invisible or zero-width: hidden text for the reader, and terminals disagree on their width.
    invisible = (0x00AD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B, 0x200C, 0x200D, 0x3164, 0xFEFF, 0xFFA0)
    table |= dict.fromkeys(invisible, "\u00b7")
    table |= dict.fromkeys((*range(0x180B, 0x1810), *range(0x2060, 0x2066), *range(0x206A, 0x2070)), "\u00b7")
    table |= dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFFC), *range(0x1D173, 0x1D17B)), "\u00b7")
    table |= dict.fromkeys((*range(0x1BCA0, 0x1BCA4), *range(0x13430, 0x13440)), "\u00b7")
    # Signs that enclose the digits after them: some terminals give them a column, some none.
    enclosing = (*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD)
    table |= dict.fromkeys(enclosing, "\u00b7")
    # Tag characters and variation selectors of plane 14 carry text that nobody sees.
    table |= dict.fromkeys(range(0xE0000, 0xE1000), "\u25c7")
    table |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    return {chr(code): substitute for code, substitute in table.items()}


_SUBSTITUTE: Final = _substitutes()
_UNSAFE: Final = frozenset(_SUBSTITUTE)


def display_safe(text: str) -> str:
    """Replace every character that could act on a terminal or hide from a reader by a visible, inert one.

    Newline and tab stay. The result has as many code points as `text`, so a span of the one is a span of the other.
    """
    if text.isascii() and text.isprintable():
        return text
    for character in _UNSAFE.intersection(set(text)):
        text = text.replace(character, _SUBSTITUTE[character])
    return text


def display_line(text: str, width: int | None = None) -> str:
    """Return `text` safe and on one line, cut to `width` characters with an ellipsis: for titles, tables and errors."""
    if width is None:
        return " ".join(display_safe(text).split())
    # A prefix is enough, unless it is mostly white space: then what is left out still shows as an ellipsis.
    read = width * 8
    line = " ".join(display_safe(text[:read]).split())
    if len(line) > width or text[read:].strip():
        return line[: max(width - 1, 0)] + "…"
    return line


def unsafe_count(text: str) -> int:
    """Count the characters of `text` that `display_safe` replaces."""
    return sum(text.count(character) for character in _UNSAFE.intersection(set(text)))
