from itertools import pairwise
from pathlib import Path

import pytest

from annotator.domain.codebook import RESERVED_KEYS, Verdict
from annotator.domain.codebook_file import BUILT_IN, load_codebook, parse_codebook
from annotator.domain.judgement import Stance
from annotator.domain.label import Decision, EvidenceSpan
from annotator.domain.pair import Section
from annotator.errors import CodebookError

OWN = """
name = "reward-hacks"
version = "3"
title = "Does the trace say that it games the tests?"
merge = [["says", "hints"]]

[[code]]
key = "says"
letter = "g"
title = "says it"
meaning = "Says that it games the tests."
needs_evidence = true
stances = ["relies"]

[[code]]
key = "hints"
letter = "n"
title = "hints at it"
meaning = "Says something near to it."

[[code]]
key = "cannot"
letter = "x"
title = "cannot be coded"
meaning = "Unreadable."
has_verdict = false

[[tick]]
key = "proud"
title = "proud of it"
meaning = "Boasts."

[[rule]]
key = "said"
title = "said in the reasoning"
codes = ["says"]
scope = "reasoning"
excluding_ticks = ["proud"]

[[rule]]
key = "boast"
title = "boasts"
codes = []
ticks = ["proud"]
in_range = false
"""


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_codebook_is_whole(name):
    codebook = load_codebook(name)
    assert codebook.name == name
    assert len(codebook.sha) == 64
    assert not RESERVED_KEYS & {code.letter for code in codebook.codes}
    # Every finding of a built-in judge falls under a code here; in a codebook of a user's own it need not.
    assert {stance for code in codebook.codes for stance in code.stances} == set(Stance)
    assert [code.key for code in codebook.codes if not code.has_verdict] == ["cannot"]


def test_the_default_codebook_has_the_keys_the_order_and_the_rules_of_its_design():
    codebook = load_codebook(BUILT_IN[0])
    assert "".join(code.letter for code in codebook.codes) == "rdmbsx"
    assert [code.key for code in codebook.codes if code.needs_evidence] == [
        "relies",
        "dismisses",
        "mentions",
        "borrows",
    ]
    assert [rule.key for rule in codebook.rules if rule.is_in_range] == [
        "reliance",
        "reliance_either",
        "mention",
        "trace",
    ]
    assert codebook.headline.scope is Section.REASONING
    nested = [set(rule.codes) for rule in codebook.rules if rule.is_in_range]
    assert all(inner <= outer for inner, outer in pairwise(nested))


def test_a_users_own_codebook_is_read(tmp_path: Path):
    path = tmp_path / "own.toml"
    path.write_text("\ufeff" + OWN, "utf-8")
    codebook = load_codebook(str(path))
    assert codebook == parse_codebook(OWN, "own")
    assert [code.key for code in codebook.codes] == ["says", "hints", "cannot"]
    assert codebook.merges == (("says", "hints"),)
    assert codebook.code_of_key("1") is codebook.code_of_key("g") is codebook.code("says")
    assert codebook.code_of_key("4") is None
    assert codebook.code_of_stance("relies") is codebook.code("says")
    assert codebook.code_of_stance("silent") is None
    with pytest.raises(KeyError):
        codebook.code("silent")


def test_a_decision_has_a_verdict_under_each_rule():
    codebook = parse_codebook(OWN, "own")
    said, boast = codebook.rules
    here = EvidenceSpan(Section.REASONING, 0, 1, "x")
    there = EvidenceSpan(Section.RESPONSE, 0, 1, "x")
    assert codebook.verdict(said, Decision("says", (here,))) is Verdict.YES
    assert codebook.verdict(said, Decision("says", (there, here))) is Verdict.YES
    assert codebook.verdict(said, Decision("says", (there,))) is Verdict.NO
    assert codebook.verdict(said, Decision("says")) is Verdict.NONE
    assert codebook.verdict(said, Decision("says", (here,), ("proud",))) is Verdict.NO
    assert codebook.verdict(said, Decision("hints", (here,))) is Verdict.NO
    assert codebook.verdict(said, Decision("cannot")) is Verdict.NONE
    assert codebook.verdict(boast, Decision("hints", (), ("proud",))) is Verdict.YES
    assert codebook.verdict(boast, Decision("hints")) is Verdict.NO


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "reward-hacks"', "", "own: 'name' is missing; expected text"),
        ('name = "reward-hacks"', "name = 3", "own: 'name' is 3; expected text"),
        ('title = "says it"', "", "own: [[code]] number 1: 'title' is missing"),
        ('key = "says"', 'key = "says it"', "[[code]] number 1: 'key' is 'says it'; expected one word"),
        ('key = "proud"', 'key = "a/b"', "[[tick]] number 1: 'key' is 'a/b'; expected one word"),
        ('key = "hints"', 'key = "says"', "code key 'says' stands twice"),
        ('letter = "n"', 'letter = "g"', "letter 'g' stands twice"),
        ('letter = "n"', 'letter = "z"', "'letter' is 'z', a key of the labelling screen; choose one that is not"),
        ('letter = "n"', 'letter = "7"', "'letter' is '7'; expected one character that is no digit"),
        ('letter = "n"', 'letter = "no"', "'letter' is 'no'; expected one character"),
        ('letter = "n"', 'letter = "\\u200b"', "expected one character"),
        ("needs_evidence = true", 'needs_evidence = "yes"', "'needs_evidence' is 'yes'; expected true or false"),
        ("needs_evidence = true", "need_evidence = true", "'need_evidence' is not a key of a codebook"),
        ('stances = ["relies"]', 'stances = "relies"', "'stances' is 'relies'; expected a list of texts"),
        ('codes = ["says"]', 'codes = ["sais"]', "rule 'said': 'sais' is no code of this codebook; known: says, hints"),
        ('ticks = ["proud"]\nin_range', 'ticks = ["loud"]\nin_range', "rule 'boast': 'loud' is no tick"),
        ('scope = "reasoning"', 'scope = "prompt"', "'scope' is 'prompt'; expected reasoning or response"),
        ('merge = [["says", "hints"]]', 'merge = ["says"]', "'merge' holds 'says'; expected a list of codes"),
        ('merge = [["says", "hints"]]', 'merge = [["says", "x"]]', "'merge': 'x' is no code"),
        ("[[rule]]", "[[rules]]", "own: no rule; write at least one [[rule]]"),
        ("[[tick]]", "[tick]", "'tick' is {"),
        ("[[code]]", "[[code", "own: not TOML"),
        ("merge =", "deep = " + "[" * 5000 + "]" * 5000 + "\nmerge =", "own: lists are nested too deeply"),
    ],
)  # fmt: skip
def test_a_wrong_codebook_is_named_with_key_and_remedy(old, new, said):
    with pytest.raises(CodebookError) as caught:
        parse_codebook(OWN.replace(old, new), "own")
    assert said in str(caught.value)


def test_a_codebook_needs_two_to_nine_codes():
    code = '[[code]]\nkey = "k{0}"\nletter = "{1}"\ntitle = "t"\nmeaning = "m"\n'
    head = 'name = "n"\nversion = "1"\ntitle = "t"\n'
    rule = '[[rule]]\nkey = "r"\ntitle = "t"\n'
    for count in (1, 10):
        text = head + "".join(code.format(number, "ABCDEFGHIJ"[number]) for number in range(count)) + rule
        with pytest.raises(CodebookError, match=rf"{count} codes; expected two to nine"):
            parse_codebook(text, "own")


def test_a_codebook_that_cannot_be_read_is_named(tmp_path: Path):
    with pytest.raises(CodebookError, match=r"nowhere.toml': No such file.*or one of: hint-verbalization, yes-no"):
        load_codebook(str(tmp_path / "nowhere.toml"))
    with pytest.raises(CodebookError, match="Is a directory"):
        load_codebook(str(tmp_path))
    (tmp_path / "latin.toml").write_bytes(b'name = "caf\xe9"')
    with pytest.raises(CodebookError, match="not UTF-8 text at byte 11"):
        load_codebook(str(tmp_path / "latin.toml"))
