"""How values are put into words on the screens."""

from annotator.domain.codebook import Codebook
from annotator.domain.display import display_line
from annotator.domain.label import Decision


def duration(ms: int) -> str:
    """Return a time as a person would say it: `45 s`, `3 min 10 s`, `2 h 5 min`, `14 h`."""
    seconds = round(ms / 1000)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 600:
        minutes, rest = divmod(seconds, 60)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest and hours < 10 else f"{hours} h"


def verdict_words(codebook: Codebook, decision: Decision) -> str:
    """Say what a decision says under the headline rule."""
    verdict = codebook.verdict(codebook.headline, decision)
    return {"yes": "verbalized yes", "no": "verbalized no"}.get(verdict, "no verdict")


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def quoted(text: str, width: int = 60) -> str:
    """Return foreign text on one line in quotation marks, cut to a width."""
    return f"“{display_line(text, width)}”"
