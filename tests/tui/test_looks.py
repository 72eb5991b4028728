"""What the screens look like. The messages, the state and the study are tested elsewhere; these are for the eye."""

import pytest

from annotator.domain.label import Exposure, RevealWhen
from annotator.tui.app import RatingApp

SMALL, WIDE = (80, 24), (160, 50)


@pytest.fixture
def second_look(make_study, open_session, stored, flask, judged):
    """Return an app whose first pair will differ from the judge, with no clock running."""
    study = make_study([flask], judged("mentions", "flask-01"))
    open_session(study, Exposure.REVEAL, RevealWhen.EACH).close()
    stored.change(study, "update assignment set sham = 0, highlights = 1")
    return RatingApp(open_session(study, Exposure.REVEAL, RevealWhen.EACH, clock=lambda: 0.0))


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["80x24", "160x50"])
def test_a_pair_before_its_vote(snap_compare, second_look, size) -> None:
    assert snap_compare(second_look, terminal_size=size)


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["80x24", "160x50"])
def test_a_second_look(snap_compare, second_look, size) -> None:
    assert snap_compare(second_look, terminal_size=size, press=["r", "enter"])


def test_evidence_is_asked_for(snap_compare, second_look) -> None:
    assert snap_compare(second_look, terminal_size=SMALL, press=["r"])


def test_banners_and_a_copied_prompt(snap_compare, make_study, open_session) -> None:
    app = RatingApp(open_session(make_study(), clock=lambda: 0.0))
    assert snap_compare(app, terminal_size=(120, 40), press=["right", "a"])


def test_ticks_in_the_light_theme(snap_compare, second_look) -> None:
    second_look.theme = "paper"
    assert snap_compare(second_look, terminal_size=(120, 40), press=["k", "1"])


def test_the_end_of_the_queue(snap_compare, make_study, open_session) -> None:
    app = RatingApp(open_session(make_study([]), clock=lambda: 0.0))
    assert snap_compare(app, terminal_size=SMALL)
