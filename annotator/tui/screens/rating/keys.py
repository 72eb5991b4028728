"""The keys of the rating screen: those of commands are listed here, those of codes come from the codebook."""

from typing import Final

from textual.binding import Binding

from annotator.domain.codebook import Codebook
from annotator.domain.display import display_line

COMMANDS: Final[list[Binding]] = [
    Binding(
        "enter",
        "enter",
        "Keep, confirm, take",
        tooltip="Keep your label, confirm the verdict, or take the passage.",
        id="rating.enter",
    ),
    Binding(
        "minus",
        "without",
        "Without evidence",
        tooltip="Give the code without evidence.",
        key_display="-",
        id="rating.without",
    ),
    Binding("escape", "back", "Back", tooltip="Cancel what is being asked; clear the selection.", id="rating.back"),
    Binding("z", "undo", "Undo", tooltip="Withdraw your latest label and go back to its pair.", id="rating.undo"),
    Binding("right,n", "next", "Next pair", tooltip="Go to the next pair without deciding.", id="rating.next"),
    Binding("left,p", "previous", "Previous pair", tooltip="Go to the previous pair.", id="rating.previous"),
    Binding(
        "u",
        "unlabelled",
        "First unlabelled",
        tooltip="Go to the first pair without your label.",
        id="rating.unlabelled",
    ),
    Binding(
        "tab,shift+tab", "other_arm", "Other arm", tooltip="Give the keys to the other arm.", id="rating.other_arm"
    ),
    Binding(
        "right_square_bracket",
        "highlight(1)",
        "Next highlight",
        tooltip="Go to the next highlight.",
        key_display="]",
        id="rating.next_highlight",
    ),
    Binding(
        "left_square_bracket",
        "highlight(-1)",
        "Previous highlight",
        tooltip="Go to the previous highlight.",
        key_display="[",
        id="rating.previous_highlight",
    ),
    Binding(
        "e",
        "mark",
        "Mark evidence",
        tooltip="Mark the selection, the current highlight, or a sentence.",
        id="rating.mark",
    ),
    Binding("E", "evidence", "Evidence list", tooltip="List the marked evidence, and remove it.", id="rating.evidence"),
    Binding("k", "ticks", "Ticks", tooltip="Set or remove ticks.", id="rating.ticks"),
    Binding("c", "note", "Note", tooltip="Write a note on this pair.", id="rating.note"),
    Binding(
        "a", "answers", "Answers", tooltip="Show the answers; that they were opened is recorded.", id="rating.answers"
    ),
    Binding("t", "text", "Whole text", tooltip="Read the whole question and hint.", id="rating.text"),
    Binding(
        "P",
        "prompts",
        "Prompts",
        tooltip="Read the full prompts, the planted hint marked; recorded.",
        id="rating.prompts",
    ),
    Binding("w", "why", "Why", tooltip="Read the judge's reasons, where its verdict may be seen.", id="rating.why"),
    Binding(
        "R", "retry", "Retry saving", tooltip="Try again to save labels that could not be saved.", id="rating.retry"
    ),
    Binding(
        "question_mark,f1", "help", "Help", tooltip="Keys, codes and guidelines.", key_display="?", id="rating.help"
    ),
    Binding("q", "leave", "Quit", tooltip="Leave the session; it resumes where it stops.", id="rating.quit"),
]


def code_bindings(codebook: Codebook) -> list[Binding]:
    """Return a letter and a digit for every code."""
    return [
        Binding(
            _key_name(key),
            f"code({number})",
            display_line(code.key, 40),
            tooltip=display_line(code.title, 80),
            key_display=key,
            id=f"code.{code.key}.{'digit' if key.isdigit() else 'letter'}",
        )
        for number, code in enumerate(codebook.codes)
        for key in (code.letter, str(number + 1))
    ]


def _key_name(character: str) -> str:
    # A comma separates keys in a binding.
    return "comma" if character == "," else character
