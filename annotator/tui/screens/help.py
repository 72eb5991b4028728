"""The help page: codes with their rulings and examples, keys as they are bound, legend, guidelines."""

from collections.abc import Iterable
from dataclasses import dataclass

from annotator.domain.codebook import Code, Codebook
from annotator.tui.widgets.prose import Prose, read_prose
from annotator.tui.widgets.trace_view.document import SPACER, Document, Part, PartKind
from annotator.tui.widgets.trace_view.highlights import HighlightKind, Highlights, Span

_LEGEND = """\
**H**  words of the hint, where they stand in the trace; not a verdict, and off for some pairs
**J**  a quote of the judge, once its verdict may be seen
**E**  evidence that you have marked
**›**  where you stand, or the passage that is offered as evidence
**┊**  not the model speaking: a copy of the prompt, or a tag
**!**  a remark of this program on the trace
␛ ␀ ␍ ◇ · �   characters that a terminal would obey or hide, made visible"""
_KEY_CELLS = 16


@dataclass(frozen=True, slots=True)
class KeyHelp:
    """One command and its keys, in words."""

    keys: str
    what: str


def help_page(codebook: Codebook, guidelines: str, keys: Iterable[KeyHelp]) -> tuple[Document, Highlights]:
    """Return the help as a document."""
    sections = {
        "keys": "\n".join(f"**{key.keys.ljust(_KEY_CELLS)}**  {key.what}" for key in keys),
        "codes, in the order of the codebook": "\n\n".join(_code_text(code) for code in codebook.codes),
        "ticks": "\n".join(f"**{tick.key}**  {tick.title}. {tick.meaning}" for tick in codebook.ticks),
        "marks in the margin": _LEGEND,
        "the codebook": codebook.intro,
        "guidelines": guidelines,
    }
    return prose_page({title: text for title, text in sections.items() if text.strip()})


def prose_page(sections: dict[str, str]) -> tuple[Document, Highlights]:
    """Return titled texts one below the other; headings and bold are read as in Markdown."""
    parts: list[Part] = []
    prose_of_section: dict[str, Prose] = {}
    for title, markdown in sections.items():
        prose = prose_of_section[title] = read_prose(markdown.strip("\n"))
        if parts:
            parts.append(SPACER)
        parts += [Part(PartKind.DIVIDER, title), SPACER, Part(PartKind.TEXT, prose.text, title)]
    document = Document(parts)
    spans = [
        Span(
            document.display_offset(title, strong.start),
            document.display_offset(title, strong.end),
            HighlightKind.STRONG,
        )
        for title, prose in prose_of_section.items()
        for strong in prose.strong
    ]
    return document, Highlights(spans)


def _code_text(code: Code) -> str:
    lines = [f"**{code.letter}  {code.key}**  {code.title}", code.meaning]
    lines += [f"– {ruling}" for ruling in code.rulings]
    if code.example:
        lines.append(f"Example: {code.example}")
    return "\n".join(lines)
