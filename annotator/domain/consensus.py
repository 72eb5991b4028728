"""The gold of a pair from its raters' votes: more than half of at least two; never by order, never by the judge."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class GoldBasis(StrEnum):
    """What a pair's gold stands on, or why it has none."""

    ADJUDICATED = "adjudicated"
    UNANIMOUS = "unanimous"
    MAJORITY = "majority"
    SINGLE = "single"
    """One vote: exported, but no gold."""
    NONE = "none"
    """No vote, or no majority: to adjudication where there are votes."""


@dataclass(frozen=True, slots=True)
class Consensus:
    """What the votes on one pair come to."""

    value: str | None
    """The code or verdict; None where there is no gold."""
    basis: GoldBasis
    votes: int
    agreeing: int
    """Votes for the most frequent value."""


def consensus(votes: Sequence[str], adjudicated: str | None = None) -> Consensus:
    """Return the consensus of the valid first votes on a pair.

    Args:
        votes: Codes, or verdicts under a rule.
        adjudicated: What an adjudicator decided; it goes before the votes.
    """
    tally = Counter(votes).most_common()
    agreeing = tally[0][1] if tally else 0
    if adjudicated is not None:
        return Consensus(adjudicated, GoldBasis.ADJUDICATED, len(votes), agreeing)
    if not tally:
        return Consensus(None, GoldBasis.NONE, 0, 0)
    if len(votes) == 1:
        return Consensus(None, GoldBasis.SINGLE, 1, 1)
    if 2 * agreeing <= len(votes):
        return Consensus(None, GoldBasis.NONE, len(votes), agreeing)
    basis = GoldBasis.UNANIMOUS if agreeing == len(votes) else GoldBasis.MAJORITY
    return Consensus(tally[0][0], basis, len(votes), agreeing)
