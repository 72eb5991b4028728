"""A codebook: the codes, ticks and rules of a study. No other module knows a code by name."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from annotator.domain.label import Decision
from annotator.domain.pair import Section

RESERVED_KEYS = frozenset("zqekcatPf?[]/=w-")
"""Keys of the labelling screen that no code may take. `n` and `p` may be taken: the arrows do the same."""


class Verdict(StrEnum):
    """What a label says under a rule."""

    YES = "yes"
    NO = "no"
    NONE = "none"
    """The rule cannot tell: it stays out of the statistics, and is counted."""


@dataclass(frozen=True, slots=True)
class Code:
    """One of the answers that a rater chooses from."""

    key: str
    letter: str
    title: str
    meaning: str
    rulings: tuple[str, ...] = ()
    example: str | None = None
    """A worked example."""
    needs_evidence: bool = False
    has_verdict: bool = True
    """False for a code that says "this cannot be coded": no rule gives it a verdict."""
    reasons: tuple[str, ...] = ()
    """Short reasons to choose from, where the code asks for one."""
    stances: tuple[str, ...] = ()
    """The findings of a built-in judge that fall under this code."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A yes/no remark that never changes the code."""

    key: str
    title: str
    meaning: str
    asks_second_code: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A named map from a label to a verdict."""

    key: str
    title: str
    codes: tuple[str, ...]
    ticks: tuple[str, ...] = ()
    """Any of these makes the verdict yes, whatever the code."""
    excluding_ticks: tuple[str, ...] = ()
    """Any of these makes the verdict no."""
    scope: Section | None = None
    """The section in which the evidence must stand; None: anywhere, or nowhere."""
    is_in_range: bool = True
    """Whether the rule is one of the nested ones that make up the sensitivity range."""


@dataclass(frozen=True, slots=True)
class Codebook:
    """The codes, ticks and rules of a study, and the text they were read from."""

    name: str
    version: str
    title: str
    intro: str
    codes: tuple[Code, ...]
    ticks: tuple[Tick, ...]
    rules: tuple[Rule, ...]
    """The first is the headline."""
    merges: tuple[tuple[str, ...], ...]
    """Groups of codes that agreement is also given for, merged."""
    text: str
    """The TOML."""

    @property
    def sha(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def headline(self) -> Rule:
        """The rule that a study reports first."""
        return self.rules[0]

    def code(self, key: str) -> Code:
        """Return the code of that key; raise KeyError where there is none."""
        for code in self.codes:
            if code.key == key:
                return code
        raise KeyError(key)

    def code_of_key(self, pressed: str) -> Code | None:
        """Return the code whose letter or digit (1 for the first) was pressed."""
        for number, code in enumerate(self.codes, start=1):
            if pressed in (code.letter, str(number)):
                return code
        return None

    def tick(self, key: str) -> Tick:
        """Return the tick of that key; raise KeyError where there is none."""
        for tick in self.ticks:
            if tick.key == key:
                return tick
        raise KeyError(key)

    def rule(self, key: str) -> Rule:
        """Return the rule of that key; raise KeyError where there is none."""
        for rule in self.rules:
            if rule.key == key:
                return rule
        raise KeyError(key)

    def code_of_stance(self, stance: str) -> Code | None:
        """Return the code that a built-in judge's finding falls under; None: the judge abstains."""
        return next((code for code in self.codes if stance in code.stances), None)

    def verdict(self, rule: Rule, decision: Decision) -> Verdict:
        """Say what a decision says under a rule.

        A code without evidence counts only under rules without scope: under a rule with one it has no verdict.
        """
        return self.verdict_of(rule, decision.code, decision.ticks, [span.section for span in decision.evidence])

    def verdict_of(self, rule: Rule, code: str, ticks: Sequence[str], evidence: Sequence[Section]) -> Verdict:
        """Say what a code says under a rule, given its ticks and the sections in which its evidence stands."""
        if any(tick in rule.ticks for tick in ticks):
            return Verdict.YES
        if not self.code(code).has_verdict:
            return Verdict.NONE
        if code not in rule.codes or any(tick in rule.excluding_ticks for tick in ticks):
            return Verdict.NO
        if rule.scope is None:
            return Verdict.YES
        if not evidence:
            return Verdict.NONE
        return Verdict.YES if rule.scope in evidence else Verdict.NO
