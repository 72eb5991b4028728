import pytest

from annotator.domain.pair import Arm, ArmName, Disclosure, Pair, Passage, PassageKind, Section

TEXT = "User: C? Assistant: <think>It is C."
ARM = Arm(TEXT, "C.", passages=(Passage(PassageKind.ECHO, 0, 20), Passage(PassageKind.TAG, 20, 27)))


def test_what_the_model_does_not_say_is_blanked_at_the_same_offsets():
    assert ARM.spoken_reasoning() == " " * 27 + "It is C."
    assert Arm(TEXT).spoken_reasoning() == TEXT


def test_an_arm_gives_its_sections_and_their_length():
    assert (ARM.section(Section.REASONING), ARM.section(Section.RESPONSE)) == (TEXT, "C.")
    assert ARM.chars == len(TEXT) + 2


@pytest.mark.parametrize(
    ("meta", "disclosure"),
    [
        ({}, Disclosure.UNKNOWN),
        ({"disclosure": "instructed"}, Disclosure.INSTRUCTED),
        ({"disclosure": "spontaneous"}, Disclosure.SPONTANEOUS),
        ({"disclosure": None}, Disclosure.UNKNOWN),
        ({"disclosure": ["x"]}, Disclosure.UNKNOWN),
    ],
)
def test_disclosure_is_what_meta_says(meta, disclosure):
    assert Pair("p", "", "C", ARM, meta=meta).disclosure is disclosure


def test_switched_needs_the_unhinted_answer():
    pair = Pair("p", "", "C", Arm(answer="C"), Arm(answer="B"))
    assert pair.switched is True
    assert Pair("p", "", "C", Arm(answer="C")).switched is None
    assert (pair.arm(ArmName.HINTED).answer, pair.arm(ArmName.UNHINTED).answer) == ("C", "B")
