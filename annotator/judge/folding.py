"""Look through look-alike letters and invisible characters, keeping the way back to the raw text."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

# Letters of other alphabets that are drawn like Latin ones; NFKC leaves them alone.
_LOOKALIKES: Final = dict(
    zip(
        "АВЕКМНОРСТХІЈЅаеорсухіјѕһԁԛԝ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο" + "‘’‚‛′´" + "“”„‟″«»" + "‐‑‒–—―−",
        "ABEKMHOPCTXIJSaeopcyxijshdqw" + "ABEZHIKMNOPTYXo" + "'" * 6 + '"' * 7 + "-" * 7,
        strict=True,
    )
)
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef]+"
)


class _FoldingTable(dict[int, str]):
    """A translation table that works out each character when it first meets it."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = _LOOKALIKES.get(character)
        if folded is None:
            composed = unicodedata.normalize("NFKC", character)
            bare = unicodedata.normalize("NFD", composed)[:1]
            folded = bare if len(composed) == 1 and bare.isascii() and bare.isprintable() else character
        self[code] = folded
        return folded


_TABLE: Final = _FoldingTable({code: chr(code) for code in range(128)})


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A text for matching: look-alikes in Latin letters, invisible characters gone."""

    text: str
    offsets: tuple[int, ...] | None
    """For each character of `text`, and for its end, the offset in the raw text; None: they are the same."""

    def raw_offset(self, offset: int) -> int:
        """Return where in the raw text the character at `offset` stands."""
        return offset if self.offsets is None else self.offsets[offset]

    def raw_end(self, end: int) -> int:
        """Return where in the raw text a span that ends (excluded) at `end` ends."""
        return end if self.offsets is None or end == 0 else self.offsets[end - 1] + 1


def fold_lookalikes(raw: str) -> FoldedText:
    """Fold a raw text for matching."""
    if raw.isascii():
        return FoldedText(raw, None)
    if not _INVISIBLE.search(raw):
        return FoldedText(raw.translate(_TABLE), None)
    kept: list[str] = []
    offsets: list[int] = []
    position = 0
    for match in _INVISIBLE.finditer(raw):
        kept.append(raw[position : match.start()])
        offsets.extend(range(position, match.start()))
        position = match.end()
    kept.append(raw[position:])
    offsets.extend(range(position, len(raw) + 1))
    return FoldedText("".join(kept).translate(_TABLE), tuple(offsets))
