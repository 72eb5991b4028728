"""Draw how a rater meets each pair: by a seed, so that the same study gives the same rater the same draw."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from annotator.domain.assignment import Assignment
from annotator.domain.label import Exposure, RevealWhen

HIGHLIGHT_SHARE: Final = 0.85
"""Assignments with highlighting on; the rest are there to tell its effect."""

SHAM_SHARE: Final = 0.15
"""Second looks that show no verdict, to tell the judge's pull from mere re-reading."""


@dataclass(frozen=True, slots=True)
class ExposurePolicy:
    """Shares of the exposures, and when a reveal comes."""

    shares: tuple[tuple[Exposure, float], ...]
    """Sum to 1."""
    reveal_when: RevealWhen = RevealWhen.EACH


PLAIN_LABELLING: Final = ExposurePolicy(((Exposure.REVEAL, 0.8), (Exposure.BLIND, 0.2)))
"""What a session draws where nothing else is asked for."""


def policy_of(exposure: Exposure | None, reveal_when: RevealWhen | None) -> ExposurePolicy:
    """Return the policy of a session: one exposure for all where it is asked for."""
    shares = PLAIN_LABELLING.shares if exposure is None else ((exposure, 1.0),)
    return ExposurePolicy(shares, reveal_when or RevealWhen.EACH)


def draw(
    pairs: Sequence[tuple[int, str]], *, policy: ExposurePolicy, seed: int, rater_key: str, judge_id: str | None
) -> list[Assignment]:
    """Draw assignments.

    Args:
        pairs: Place and id of each pair, in the order of the queue.
        policy: Shares of the exposures.
        seed: The study's.
        rater_key: The rater's folded name.
        judge_id: The study's shown judge; None where there is none yet.

    Returns:
        One assignment a pair, in the study's own order, so that raters who stop early overlap.
    """
    return [_draw_one(pos, pair_id, policy, seed, rater_key, judge_id) for pos, pair_id in pairs]


def _draw_one(
    pos: int, pair_id: str, policy: ExposurePolicy, seed: int, rater_key: str, judge_id: str | None
) -> Assignment:
    exposure_u, sham_u, highlight_u, draw_u = uniforms(f"assign:{seed}:{rater_key}:{pair_id}")
    exposure, probability = policy.shares[-1]
    reached = 0.0
    for candidate, share in policy.shares:
        reached += share
        if exposure_u < reached:
            exposure, probability = candidate, share
            break
    return Assignment(
        pos=pos,
        ord=float(pos),
        exposure=exposure,
        exposure_drawn=exposure,
        exposure_probability=probability,
        reveal_when=policy.reveal_when,
        is_sham=exposure is Exposure.REVEAL and sham_u < SHAM_SHARE,
        has_highlights=highlight_u < HIGHLIGHT_SHARE,
        judge_id=judge_id,
        draw_u=draw_u,
    )


def uniforms(key: str) -> tuple[float, float, float, float]:
    """Return four independent uniform numbers in [0, 1) for a key."""
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
    first, second, third, fourth = (int.from_bytes(digest[at : at + 8], "big") / 2**64 for at in (0, 8, 16, 24))
    return first, second, third, fourth
