"""CSV cells that no spreadsheet will run, and that can be read back."""

from typing import Final

_ACTIVE: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet could take for a formula, and before one that has it already.

    Only for texts: a number keeps its minus. `unsafe_cell` takes it back.
    """
    return "'" + text if text.startswith(_ACTIVE) else text


def unsafe_cell(cell: str) -> str:
    """Return the text that `safe_cell` was given."""
    return cell[1:] if cell.startswith("'") else cell
