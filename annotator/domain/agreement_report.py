"""The agreement of a study: one block for each view of the labels and each hint type."""

from dataclasses import dataclass
from enum import StrEnum

from annotator.domain.results import Agreement


class View(StrEnum):
    """What of the labels is compared."""

    RULE = "rule"
    """The verdicts under a rule."""
    CODES = "codes"
    """The codes; those that say "cannot be coded" left out."""
    CODES_WITH_CANNOT = "codes_with_cannot"
    """All codes, "cannot be coded" as one of them."""
    CODE_AGAINST_REST = "code_against_rest"
    MERGED = "merged"
    """The codes, with one group of them taken as one."""


@dataclass(frozen=True, slots=True)
class AgreementBlock:
    """The agreement on one view of the labels, of all pairs or of one hint type."""

    view: View
    key: str
    """The rule's or code's key; the merged codes joined by `+`; empty for the codes."""
    title: str
    hint_type: str | None
    """None: all pairs."""
    agreement: Agreement
    without_verdict: int
    """First votes that this view leaves out: no verdict under the rule, or cannot be coded."""


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Everything that `annotator agreement` says."""

    study: str
    codebook: str
    raters: tuple[str, ...]
    first_votes: int
    left_out: dict[str, int]
    """Standing labels that are no first votes, by the reason."""
    blocks: tuple[AgreementBlock, ...]
    """The headline rule over all pairs is the first."""
    seed: int
    resamples: int
