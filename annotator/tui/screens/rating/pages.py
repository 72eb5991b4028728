"""The pages that open over the rating screen."""

from collections.abc import Iterable

from textual.binding import ActiveBinding, Binding

from annotator.domain.card import PairCard
from annotator.domain.codebook import Codebook
from annotator.domain.display import display_line, display_safe
from annotator.tui.screens.help import KeyHelp, help_page
from annotator.tui.screens.rating.judge_card import judge_document, judge_words
from annotator.tui.screens.reading import ReadingScreen
from annotator.tui.widgets.trace_view.document import SPACER, Document, Part, PartKind
from annotator.tui.widgets.trace_view.highlights import HighlightKind, Highlights, Span
from annotator.workflows.rating_view import JudgeCard, Prompts

_HINTED = "hinted prompt"
_HELP_ORDER = ("code", "rating", "trace", "app")


def text_screen(card: PairCard) -> ReadingScreen:
    """Return the whole question, choices and hint."""
    texts = {"question": card.question, "choices": "\n".join(card.choices), "hint": card.hint_text}
    return ReadingScreen(f"Pair {display_line(card.pair_id, 60)}", _page(texts))


def prompt_screen(prompts: Prompts) -> ReadingScreen:
    """Return the full prompts, the planted hint marked."""
    document = _page(
        {
            "hinted system prompt": prompts.hinted_system,
            _HINTED: prompts.hinted or "(the file gives no prompt of the hinted arm)",
            "unhinted system prompt": prompts.unhinted_system,
            "unhinted prompt": prompts.unhinted or "(the file gives no prompt of the unhinted arm)",
        }
    )
    spans: list[Span] = []
    if prompts.hint_span is not None:
        base = document.display_offset(_HINTED, 0)
        spans.append(Span(base + prompts.hint_span.start, base + prompts.hint_span.end, HighlightKind.HINT))
    return ReadingScreen("Prompts", document, Highlights(spans))


def judge_screen(card: JudgeCard) -> ReadingScreen:
    """Return the judge's reasons."""
    return ReadingScreen(f"Judge: {judge_words(card)}", judge_document(card))


def help_screen(codebook: Codebook, guidelines: str, bindings: Iterable[tuple[str, ActiveBinding]]) -> ReadingScreen:
    """Return the help.

    Args:
        codebook: The study's.
        guidelines: Markdown.
        bindings: Keys in words, and what they are bound to.
    """
    keys: dict[str, list[str]] = {}
    first: dict[str, Binding] = {}
    for shown, active in sorted(bindings, key=_help_rank):
        if active.binding.description:
            keys.setdefault(active.binding.action, []).append(shown)
            first.setdefault(active.binding.action, active.binding)
    lines = [KeyHelp(" ".join(keys[action]), _what(binding)) for action, binding in first.items()]
    return ReadingScreen("Help", *help_page(codebook, guidelines, lines))


def _help_rank(binding: tuple[str, ActiveBinding]) -> int:
    """Put the keys of codes first, then those of the screen, of the text, and of the program."""
    kind = (binding[1].binding.id or "").partition(".")[0]
    return _HELP_ORDER.index(kind) if kind in _HELP_ORDER else len(_HELP_ORDER)


def _what(binding: Binding) -> str:
    is_code = (binding.id or "").startswith("code.")
    return f"{binding.description}: {binding.tooltip}" if is_code else binding.tooltip or binding.description


def _page(texts: dict[str, str | None]) -> Document:
    parts: list[Part] = []
    for title, text in texts.items():
        if text:
            parts += [SPACER] * bool(parts)
            parts += [Part(PartKind.DIVIDER, title), SPACER, Part(PartKind.TEXT, display_safe(text), title, text)]
    return Document(parts)
