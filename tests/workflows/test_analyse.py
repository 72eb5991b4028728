"""Agreement of a study's first votes, worked by hand, and what is said where there is nothing to compute."""

from pathlib import Path
from typing import Any

import pytest

from annotator.domain.agreement_report import AgreementBlock, AgreementReport, View
from annotator.domain.results import Remark
from annotator.errors import AnnotatorError
from annotator.workflows.analyse import study_agreement
from tests.conftest import MakeStudy
from tests.pair_factory import QUOTES, STANCES, first_vote, label, pair

ANN = ("relies", "relies", "silent", "mentions")
BOB = ("relies", "silent", "silent", "dismisses")


def _pairs(votes: dict[str, tuple[str | None, ...]], **changes: Any) -> list[dict[str, Any]]:
    """Return pairs with the first votes of raters; the evidence of a vote is a quote of the pair's own stance."""
    lines: list[dict[str, Any]] = []
    number = 0
    for place, codes in enumerate(zip(*votes.values(), strict=True), start=1):
        stance = STANCES[place % 4]
        labels = []
        for rater, code in zip(votes, codes, strict=True):
            number += 1
            if code is not None:
                evidence = [] if code in ("silent", "cannot") else [QUOTES[stance]]
                labels.append(first_vote(rater, code, number, evidence=evidence))
        lines.append(pair(place, stance, labels=labels, **changes))
    return lines


def _block(report: AgreementReport, view: View, key: str = "", hint_type: str | None = None) -> AgreementBlock:
    (found,) = [block for block in report.blocks if (block.view, block.key, block.hint_type) == (view, key, hint_type)]
    return found


@pytest.fixture
def study(make_study: MakeStudy) -> Path:
    return make_study(_pairs({"ann": ANN, "bob": BOB}))


def test_the_headline_rule_comes_first_and_is_what_the_hand_gives(study: Path) -> None:
    # Under `reliance`: ann yes yes no no, bob yes no no no.
    # Percent 3/4. Alpha: 3 yes and 5 no among 8 votes; De = 2*3*5/(8*7), Do = 1/4.
    # Kappa: chance .5*.25 + .5*.75 = .5, so (.75 - .5)/.5.
    report = study_agreement(study, resamples=50)

    block = report.blocks[0]
    assert (block.view, block.key, block.hint_type) == (View.RULE, "reliance", None)
    assert block.agreement.percent.value == 0.75
    assert block.agreement.alpha.value == pytest.approx(1 - 0.25 / (30 / 56))
    (pairwise,) = block.agreement.pairwise
    assert (pairwise.first, pairwise.second, pairwise.n) == ("ann", "bob", 4)
    assert pairwise.kappa.value == pytest.approx(0.5)


def test_the_other_views_are_what_the_hand_gives(study: Path) -> None:
    report = study_agreement(study, resamples=0)

    assert _block(report, View.CODES).agreement.percent.value == 0.5
    assert _block(report, View.MERGED, "dismisses+mentions").agreement.percent.value == 0.75
    # `mention`: relies, dismisses and mentions are yes; only the second pair differs.
    assert _block(report, View.RULE, "mention").agreement.percent.value == 0.75
    assert _block(report, View.CODE_AGAINST_REST, "silent").agreement.percent.value == 0.75
    assert _block(report, View.CODE_AGAINST_REST, "mentions").agreement.percent.value == 0.75
    assert _block(report, View.CODES_WITH_CANNOT).agreement.n_categories == 6
    assert _block(report, View.CODES).agreement.n_categories == 5


def test_every_rule_and_every_code_has_its_block_over_all_pairs_and_each_hint_type(study: Path) -> None:
    report = study_agreement(study, resamples=0)
    keys = [(block.view.value, block.key) for block in report.blocks if block.hint_type is None]

    assert keys == [
        *(("rule", rule) for rule in ("reliance", "reliance_either", "mention", "trace", "disclaims")),
        ("codes", ""),
        ("codes_with_cannot", ""),
        *(("code_against_rest", code) for code in (*STANCES, "cannot")),
        ("merged", "dismisses+mentions"),
    ]
    for hint_type in ("grader_hacking", "metadata", "sycophancy"):
        assert [(b.view.value, b.key) for b in report.blocks if b.hint_type == hint_type] == keys
    assert _block(report, View.CODES, hint_type="metadata").agreement.n_pairs == 2


def test_one_hint_type_is_not_told_twice(make_study: MakeStudy) -> None:
    study = make_study(_pairs({"ann": ANN, "bob": BOB}, hint_type="metadata"))

    assert {block.hint_type for block in study_agreement(study, resamples=0).blocks} == {None}


def test_a_label_without_evidence_has_no_verdict_under_a_rule_with_a_scope_and_is_counted(
    make_study: MakeStudy,
) -> None:
    lines = _pairs({"ann": ANN, "bob": BOB})
    lines[0]["labels"][0]["evidence"] = []
    report = study_agreement(make_study(lines), resamples=0)

    reliance = _block(report, View.RULE, "reliance")
    assert (reliance.without_verdict, reliance.agreement.n_pairable) == (1, 3)
    assert _block(report, View.RULE, "mention").without_verdict == 0


def test_what_cannot_be_coded_is_left_out_or_a_category_of_its_own(make_study: MakeStudy) -> None:
    study = make_study(_pairs({"ann": ("cannot", "relies", "silent"), "bob": ("cannot", "relies", "cannot")}))
    report = study_agreement(study, resamples=0)

    without, with_it = _block(report, View.CODES), _block(report, View.CODES_WITH_CANNOT)
    assert (without.without_verdict, without.agreement.n_pairable) == (3, 1)
    assert (with_it.without_verdict, with_it.agreement.n_pairable) == (0, 3)
    assert with_it.agreement.percent.value == pytest.approx(2 / 3)


def test_labels_that_are_no_first_votes_are_left_out_and_counted(make_study: MakeStudy) -> None:
    lines = _pairs({"ann": ANN, "bob": BOB})
    lines[0]["labels"].append(label("cho", "silent"))
    lines[1]["labels"].append(label("cho", "silent"))
    report = study_agreement(make_study(lines), resamples=0)

    assert report.raters == ("ann", "bob")
    assert (report.first_votes, report.left_out) == (8, {"imported, exposure unknown": 2})


def test_the_same_study_gives_the_same_intervals_and_another_seed_others(make_study: MakeStudy) -> None:
    study = make_study(_pairs({"ann": ANN * 10, "bob": BOB * 10}))

    assert study_agreement(study, resamples=200) == study_agreement(study, resamples=200)
    one, two = (study_agreement(study, resamples=200, seed=seed).blocks[0].agreement.alpha.interval for seed in (1, 2))
    assert one is not None
    assert one != two
    assert study_agreement(study, resamples=200).seed == 7


def test_intervals_are_drawn_over_questions_not_pairs(make_study: MakeStudy) -> None:
    lines = _pairs({"ann": ANN * 10, "bob": BOB * 10})
    for place, line in enumerate(lines):
        line["question"] = f"Question {place % 4}?"
    report = study_agreement(make_study(lines), resamples=100)

    alpha = report.blocks[0].agreement.alpha
    assert (alpha.n_pairs, alpha.n_questions) == (40, 4)
    assert Remark.FEW_QUESTIONS in alpha.flags


def test_one_rule_alone_can_be_asked_for(study: Path) -> None:
    report = study_agreement(study, rule="mention", resamples=0)

    assert {(block.view, block.key) for block in report.blocks} == {(View.RULE, "mention")}


def test_an_unknown_rule_is_refused_with_the_known_ones(study: Path) -> None:
    with pytest.raises(AnnotatorError) as error:
        study_agreement(study, rule="honesty\x1b[2J")

    assert str(error.value) == (
        "--rule is 'honesty\\x1b[2J'; the codebook 'hint-verbalization' has: "
        "reliance, reliance_either, mention, trace, disclaims"
    )


@pytest.mark.parametrize(
    ("votes", "reason"),
    [
        ({}, Remark.NO_DATA),
        ({"ann": ANN}, Remark.FEWER_THAN_TWO_RATERS),
        ({"ann": (*ANN, None, None), "bob": (None, None, None, None, "relies", "silent")}, Remark.NO_PAIRABLE_PAIRS),
        ({"ann": ("silent",) * 4, "bob": ("silent",) * 4}, Remark.NO_VARIATION),
    ],
    ids=["no label", "one rater", "no overlap", "one code"],
)
def test_what_is_undefined_has_a_reason_and_no_value(
    make_study: MakeStudy, votes: dict[str, tuple[str | None, ...]], reason: Remark
) -> None:
    study = make_study(_pairs(votes) if votes else [pair(1), pair(2)])
    report = study_agreement(study, resamples=20)

    alphas = [_block(report, View.CODES).agreement.alpha, report.blocks[0].agreement.alpha]
    assert [(alpha.value, alpha.interval, alpha.undefined_because) for alpha in alphas] == [(None, None, reason)] * 2


def test_all_the_same_code_is_full_agreement_in_percent_only(make_study: MakeStudy) -> None:
    study = make_study(_pairs({"ann": ("relies",) * 4, "bob": ("relies",) * 4}))
    codes = _block(study_agreement(study, resamples=20), View.CODES).agreement

    assert codes.percent.value == 1.0
    assert codes.alpha.value is None


def test_the_yes_no_codebook_has_its_own_rule(make_study: MakeStudy) -> None:
    labels = [[("yes", ["so I take C"]), ("yes", ["so I take C"])], [("no", []), ("yes", ["so I take C"])]]
    study = make_study(
        [
            pair(
                place,
                labels=[
                    first_vote(rater, code, 10 * place + n, evidence=evidence)
                    for n, (rater, (code, evidence)) in enumerate(zip(("ann", "bob"), votes, strict=True))
                ],
            )
            for place, votes in enumerate(labels, start=1)
        ],
        codebook="yes-no",
    )
    report = study_agreement(study, resamples=0)

    assert (report.codebook, report.blocks[0].key) == ("yes-no", "verbalized")
    assert report.blocks[0].agreement.percent.value == 0.5
