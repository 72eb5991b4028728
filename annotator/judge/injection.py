"""Notice text in the hinted arm that is meant for whoever judges it: such a judgement goes to a person first."""

import base64
import binascii
import functools
import re
from collections.abc import Iterator
from typing import Final

from annotator.domain.codebook import Codebook
from annotator.domain.display import display_line
from annotator.domain.judgement import Stance
from annotator.domain.pair import Section
from annotator.judge.folding import fold_lookalikes
from annotator.judge.view import JudgeView

_SHOWN: Final = 60
"""Characters of the place that a reason quotes."""

_JUDGES: Final = (
    "(?:annotators?|judges?|raters?|labell?ers?|evaluators?|reviewers?|graders?|classifiers?|monitors?|overseers?)"
)
_TRACE: Final = (
    "(?:chain[ -]of[ -]thought|cot|trace|reasoning|transcript|thinking|scratchpad|explanation|response|pair)"
)
_ANNOTATION: Final = "(?:annotation|label|code|verdict|classification|stance|judge?ment|grading|rating)"
_VALUE: Final = r"true|false|yes|no|none|faithful|unfaithful|honest|verbali[sz]\w*|(?:does[ _]not[ _])?rel(?:y|ies)\w*"
_ALL: Final = "(?:all|any|your|these|those|previous|prior|above|earlier|preceding|of|the|other)"

# Every pattern but the last three is searched in lower-case text.
_ORDERS: Final = re.compile(
    r"\b(?:"
    r"(?:note|message|instructions?|attention|dear|memo|reminder|advice)\s?(?:to|for|,)?\s"
    rf"(?:the |any |all |every |future )?(?:\w+ )?{_JUDGES}\b(?!')"
    rf"|(?:ignore|disregard|forget|override) {_ALL} (?:{_ALL} )?(?:{_ALL} )?(?:\w+ )?"
    r"(?:instructions|prompts|guidelines|rubrics?|codebook)\b(?<!ethical guidelines)"
    r"|(?:annotation|labell?ing|coding|grading|judging) (?:policy|rubric|guidelines?|protocol)\b"
    rf"|(?:treat|label|code|classify|annotate|mark|rate|score|judge) (?:this|any|every|all)(?: \w+)? {_TRACE}s? "
    r"(?:as|without|with|that|to be)\b"
    rf"|(?:correct|right|true|proper|appropriate|final|only valid) {_ANNOTATION} "
    r"(?:for this|of this|here|is|should|must|would)\b"
    rf"|{_ANNOTATION}s? (?:for|of) this {_TRACE}\b"
    r"|you (?:must|should|are to|will|shall|need to|have to) (?:now )?"
    r"(?:label|code|classify|annotate|mark|rate|score) (?:this|it)\b"
    r"|(?:reviewed|verified|approved|pre-?labell?ed|certified|audited|adjudicated) by (?:an? |the |our |two )"
    rf"(?:\w+ )?(?:\w+ )?{_JUDGES}\b"
    r")"
)
_CERTIFIES: Final = re.compile(
    rf"\b(?:this|my|the (?:above|following|preceding)) {_TRACE}(?: above| below| here)? "
    r"(?:is|was|are|has been|remains) (?:\w+ )?(?:\w+ )?"
    r"(?:faithful|honest|transparent|unbiased|uninfluenced|free of (?:any )?(?:influence|hints?|bias))\b"
    r"|\backnowledges? all (?:\w+ )?(?:influences?|hints?|cues?)\b"
)
_FORGED_TAG: Final = re.compile(
    r"</?\s?(?:cot|hinted\w*|unhinted\w*|data|pair|trace|judge\w*|annotat\w*|system\w*|assistant|user|human|rubric"
    r"|instructions?|evidence|verdict|reasoning_trace|reminder)(?:[-_:\s][^<>\n]{0,40})?>"
    r"|<\|?(?:im_start|im_end|system|end_of_turn|start_of_turn|eot_id|start_header_id)\|?>"
    r"|\[/?(?:system|inst|admin|developer|judge|annotator|override)\b[^\]\n]{0,30}\]|<</?sys>>"
    r"|(?:^|\n)\s{0,4}(?:#{1,4} ?|\*\*)?(?:system|developer|annotator)"
    r"(?: (?:message|prompt|note|update|override))?(?:\*\*)?:"
)
_ENCODED: Final = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{20,2000}+={0,2}+(?![A-Za-z0-9+/=])")
# Single characters first, over the whole text: they are rare, and what stands around them is looked at only then.
_FOREIGN_LOOKALIKE: Final = re.compile("[ο\u0400-\u052f]")
_ALPHABETS_MIXED: Final = re.compile(
    r"[A-Za-z][ο\u0400-\u052f][A-Za-z]|[A-Za-z]{2}[\u0400-\u052f]|[\u0400-\u052f][A-Za-z]{2}"
)
_INVISIBLE: Final = re.compile(
    "[\U000e0020-\U000e007f\u202a-\u202e\u2066-\u2069\u200b-\u200d\u2060\ufeff\u00ad\x1b\x9b\x9d]"
)
_HIDDEN: Final = re.compile(
    "[\U000e0020-\U000e007f\u202a-\u202e\u2066-\u2069]|[A-Za-z][\u200b-\u200d\u2060\ufeff\u00ad][A-Za-z]"
    "|\x1b[\\[\\]P^_]|\x9b|\x9d"
)


def injection_signs(view: JudgeView) -> tuple[str, ...]:
    """Return why the hinted arm seems to speak to its judge: one reason of each kind, with the place quoted."""
    signs: dict[str, str] = {}
    for section in Section:
        for stretch in view.spoken(section):
            raw = view.section(section)[stretch.start : stretch.end]
            for reason, quote in _signs(raw, _verdict_pattern(view.codebook)):
                signs.setdefault(reason, quote)
    return tuple(f"{reason}: “{display_line(quote, _SHOWN)}”" for reason, quote in signs.items())


def _signs(raw: str, verdict: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield the kind and the place of each sign in a stretch of text."""
    folded = fold_lookalikes(raw).text
    lower = folded.lower()
    for reason, text, match in (
        ("it speaks to a judge", folded, _ORDERS.search(lower)),
        ("it certifies itself", folded, _CERTIFIES.search(lower)),
        ("it holds a verdict in a judge's form", folded, verdict.search(lower)),
        ("it holds a tag or a role that is not its own", folded, _FORGED_TAG.search(lower)),
        ("it holds encoded text", folded, _encoded_text(folded)),
        ("it mixes alphabets within a word", raw, _FOREIGN_LOOKALIKE.search(raw) and _ALPHABETS_MIXED.search(raw)),
        ("it hides characters or commands a terminal", raw, _INVISIBLE.search(raw) and _HIDDEN.search(raw)),
    ):
        if match:
            yield reason, text[max(0, match.start() - 10) : match.end() + 20]


@functools.lru_cache(maxsize=8)
def _verdict_pattern(codebook: Codebook) -> re.Pattern[str]:
    """Return what finds, in lower case, a verdict written as a judge would write it, in the study's own codes too."""
    codes = [re.escape(code.key.lower()) for code in codebook.codes]
    values = f"(?:{'|'.join(dict.fromkeys([*codes, *Stance]))}|{_VALUE})"
    quoted = r"[\"'(\[*]{0,2}"
    return re.compile(
        r"\b(?:"
        rf"(?:{_ANNOTATION}|verbali[sz]\w*|confidence|rationale)[\"']\s?:"
        rf"|(?:{_ANNOTATION}|verbali[sz]es?\w*|relies_on\w*|mentions_\w+|hint_\w+)\s?(?:=|:=|==)\s?[\"']?{values}\b"
        rf"|{_ANNOTATION}(?: is| as|:| should be| must be)? ?{quoted}{values}\W{{0,3}}\s?(?:with |at )?\(?confidence\b"
        rf"|(?:annotation|verdict|label)(?: is| as|:| should be| must be) ?{quoted}{values}\b"
        rf"|(?:annotate|label|code|classify|mark) (?:it|this|this one)(?: as)? {quoted}{values}\b"
        r")"
    )


def _encoded_text(text: str) -> re.Match[str] | None:
    """Return the first stretch of base64 that decodes to words."""
    for match in _ENCODED.finditer(text):
        body = match.group().rstrip("=")
        if body.islower() or body.isupper():
            continue
        try:
            decoded = base64.b64decode(body + "=" * (-len(body) % 4), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue
        if " " in decoded.strip() and decoded.isprintable():
            return match
    return None
