"""How raters meet pairs: drawn once by the study's seed, with known probabilities, in the study's own order."""

from collections import Counter

import pytest

from annotator.domain.assignment import Assignment
from annotator.domain.label import Exposure, RevealWhen
from annotator.workflows.drawing import (
    HIGHLIGHT_SHARE,
    PLAIN_LABELLING,
    SHAM_SHARE,
    ExposurePolicy,
    draw,
    policy_of,
    uniforms,
)

MANY = 6000
PAIRS = [(pos, f"pair-{pos}") for pos in range(1, MANY + 1)]


def _draw(pairs: list[tuple[int, str]] = PAIRS, **changes: object) -> list[Assignment]:
    arguments = {"policy": PLAIN_LABELLING, "seed": 7, "rater_key": "ann", "judge_id": "judge"} | changes
    return draw(pairs, **arguments)  # pyright: ignore[reportArgumentType]


def _is_near(count: int, of: int, share: float) -> bool:
    """Whether a count lies within four standard deviations of what a share makes likely."""
    return abs(count - of * share) < 4 * (of * share * (1 - share)) ** 0.5


def test_every_pair_is_drawn_once_in_the_order_of_the_study() -> None:
    assignments = _draw()

    assert [assignment.pos for assignment in assignments] == list(range(1, MANY + 1))
    assert [assignment.ord for assignment in assignments] == sorted(assignment.ord for assignment in assignments)
    assert {assignment.judge_id for assignment in assignments} == {"judge"}


def test_the_same_study_gives_the_same_rater_the_same_draw() -> None:
    assert _draw() == _draw()
    assert _draw() != _draw(seed=8)
    assert _draw() != _draw(rater_key="bob")


def test_pairs_that_come_later_do_not_change_what_was_drawn() -> None:
    assert _draw(PAIRS[:50]) + _draw(PAIRS[50:]) == _draw()


def test_plain_labelling_reveals_four_of_five_and_keeps_the_probability() -> None:
    assignments = _draw()
    counts = Counter(assignment.exposure for assignment in assignments)

    assert set(counts) == {Exposure.REVEAL, Exposure.BLIND}
    assert _is_near(counts[Exposure.BLIND], MANY, 0.2)
    for assignment in assignments:
        assert assignment.exposure is assignment.exposure_drawn
        assert assignment.exposure_probability == dict(PLAIN_LABELLING.shares)[assignment.exposure]
        assert assignment.reveal_when is RevealWhen.EACH


def test_a_share_of_the_second_looks_is_sham_and_blind_pairs_have_none() -> None:
    assignments = _draw()
    revealed = [assignment for assignment in assignments if assignment.exposure is Exposure.REVEAL]

    assert _is_near(sum(assignment.is_sham for assignment in revealed), len(revealed), SHAM_SHARE)
    assert not any(assignment.is_sham for assignment in assignments if assignment.exposure is Exposure.BLIND)


def test_highlighting_is_off_for_a_share_whatever_the_exposure() -> None:
    assignments = _draw()

    for exposure in (Exposure.REVEAL, Exposure.BLIND):
        of_it = [assignment for assignment in assignments if assignment.exposure is exposure]
        assert _is_near(sum(assignment.has_highlights for assignment in of_it), len(of_it), HIGHLIGHT_SHARE)


def test_three_shares_are_drawn_as_they_are_given() -> None:
    shares = ((Exposure.ASSISTED, 0.6), (Exposure.REVEAL, 0.2), (Exposure.BLIND, 0.2))
    counts = Counter(assignment.exposure for assignment in _draw(policy=ExposurePolicy(shares)))

    for exposure, share in shares:
        assert _is_near(counts[exposure], MANY, share)


@pytest.mark.parametrize("exposure", [Exposure.BLIND, Exposure.REVEAL, Exposure.ASSISTED])
def test_an_exposure_that_is_asked_for_is_drawn_for_all_with_certainty(exposure: Exposure) -> None:
    policy = policy_of(exposure, RevealWhen.END)
    assignments = _draw(PAIRS[:200], policy=policy)

    assert {assignment.exposure for assignment in assignments} == {exposure}
    assert {assignment.exposure_probability for assignment in assignments} == {1.0}
    assert {assignment.reveal_when for assignment in assignments} == {RevealWhen.END}


def test_a_session_that_asks_for_nothing_gets_plain_labelling() -> None:
    assert policy_of(None, None) == PLAIN_LABELLING
    assert policy_of(None, RevealWhen.BLOCK) == ExposurePolicy(PLAIN_LABELLING.shares, RevealWhen.BLOCK)


def test_the_uniform_numbers_are_spread_and_do_not_depend_on_each_other() -> None:
    numbers = [uniforms(f"assign:7:ann:{pair_id}") for _, pair_id in PAIRS]

    for place in range(4):
        column = [four[place] for four in numbers]
        assert all(0 <= number < 1 for number in column)
        assert all(_is_near(sum(tenth / 10 <= u < (tenth + 1) / 10 for u in column), MANY, 0.1) for tenth in range(10))
        for other in range(place):
            both_low = sum(four[place] < 0.5 and four[other] < 0.5 for four in numbers)
            assert _is_near(both_low, MANY, 0.25)


def test_an_id_of_any_characters_can_be_drawn_for() -> None:
    (assignment,) = _draw([(1, "a\x00b\u202e\ud800🙂")])

    assert 0 <= assignment.draw_u < 1


def test_a_draw_never_changes_between_versions() -> None:
    # Studies under way keep the assignments that they have, but a rater who joins must fit in.
    drawn = _draw(PAIRS[:12])
    short = [
        ("r" if found.exposure is Exposure.REVEAL else "b") + "s" * found.is_sham + "-" * (not found.has_highlights)
        for found in drawn
    ]

    assert " ".join(short) == "r r r- r b rs r rs r r- b r"
