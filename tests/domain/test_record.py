from dataclasses import replace

import pytest

from annotator.domain.pair import Arm, Pair, Passage, PassageKind, ReasoningKind
from annotator.domain.record import content_sha, question_sha

PAIR = Pair(
    "p", "When?", "C", Arm("so", "C.", "C"), Arm("so", "B.", "B"), ("A. 1", "B. 2"), "B", "sycophancy", "It is C.", "m"
)


def test_a_question_is_the_same_whatever_its_case_and_white_space():
    assert question_sha("When is\n it high?") == question_sha(" when IS it high? ")
    assert question_sha("When is it high?") != question_sha("When is it low?")


def test_content_is_all_but_id_labels_meta_and_the_cuts():
    cut = replace(PAIR.hinted, passages=(Passage(PassageKind.TAG, 0, 1),))
    assert content_sha(replace(PAIR, pair_id="q", meta={"licence": "MIT"}, hinted=cut)) == content_sha(PAIR)


@pytest.mark.parametrize(
    "other",
    [
        replace(PAIR, question="Why?"),
        replace(PAIR, choices=("A. 1",)),
        replace(PAIR, correct_answer=None),
        replace(PAIR, hint_type="metadata"),
        replace(PAIR, hint_text=None),
        replace(PAIR, hint_answer="A"),
        replace(PAIR, model=None),
        replace(PAIR, hinted=PAIR.unhinted, unhinted=PAIR.hinted),
        replace(PAIR, hinted=replace(PAIR.hinted, system="")),
        replace(PAIR, hinted=replace(PAIR.hinted, prompt="When?")),
        replace(PAIR, hinted=replace(PAIR.hinted, reasoning="soC", response=".")),
        replace(PAIR, unhinted=replace(PAIR.unhinted, answer=None)),
        replace(PAIR, unhinted=replace(PAIR.unhinted, reasoning_kind=ReasoningKind.FULL)),
    ],
)
def test_any_other_change_is_other_content(other):
    assert content_sha(other) != content_sha(PAIR)
