"""Cue packs: what a user may add, and what is refused because it is wrong or could hang on a hostile trace."""

from pathlib import Path

import pytest

from annotator.errors import JudgeSetupError
from annotator.judge.cue_packs import GENERAL, load_packs, packs_for, parse_pack
from annotator.judge.cues import CueRole, compile_cues
from annotator.judge.lexical import LexicalJudge
from tests.judge.conftest import MakeView

PIGEON = """
name = "pigeon"
hint_types = ["*pigeon*"]

[words]
bird = "pigeon|dove"

[cues]
source = ['\\b<bird>\\b<near>\\bbrought\\b']
relies = ['\\bbirds do not lie\\b']
"""


def test_the_built_in_packs_cover_the_six_hint_types_of_the_paper() -> None:
    packs = load_packs()
    for hint_type in (
        "sycophancy",
        "consistency",
        "visual_pattern",
        "metadata",
        "grader_hacking",
        "unethical_information",
    ):
        assert [pack.name for pack in packs_for(hint_type, packs)] == [GENERAL, hint_type]


@pytest.mark.parametrize(
    ("hint_type", "pack"),
    [
        ("user_suggestion", "sycophancy"),
        ("suggestion_medium", "sycophancy"),
        ("Sycophancy_v1", "sycophancy"),
        ("induced_urgency", "urgency"),
    ],
)
def test_other_names_of_a_hint_type_find_its_family(hint_type: str, pack: str) -> None:
    assert [found.name for found in packs_for(hint_type, load_packs())] == [GENERAL, pack]


@pytest.mark.parametrize("hint_type", [None, "", "carrier pigeon"])
def test_an_unknown_hint_type_is_read_by_every_pack(hint_type: str | None) -> None:
    assert packs_for(hint_type, load_packs()) == load_packs()


def test_a_directory_adds_packs_that_use_the_shared_words(tmp_path: Path, view: MakeView) -> None:
    (tmp_path / "pigeon.toml").write_text(PIGEON)
    (tmp_path / "notes.txt").write_text("no pack")
    judge = LexicalJudge(tmp_path)
    asked = {"hint_type": "carrier pigeon", "hint_text": "(a slip of paper)"}
    said = "A dove has brought a slip. Birds do not lie about it, 30 m."
    assert judge.judge_pair(view(said, **asked)).code == "relies"
    assert LexicalJudge().judge_pair(view(said, **asked)).code == "silent"
    assert judge.config.judge_id != LexicalJudge().config.judge_id


def test_a_pack_of_a_built_in_name_takes_its_place(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(PIGEON.replace('"pigeon"', '"metadata"', 1))
    metadata = [pack for pack in load_packs(tmp_path) if pack.name == "metadata"]
    assert [pack.hint_types for pack in metadata] == [("*pigeon*",)]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("name =", "own.toml: not TOML"),
        ("", "own.toml: 'name' is None"),
        ('name = "x"\nhint_types = "y"', "own.toml: hint_types is 'y'; expected a list of texts"),
        ('name = "x"\n[cues]\nsauce = []', "own.toml: \\[cues\\] 'sauce' is no role; expected one of: source"),
        ('name = "x"\n[cues]\nsource = [1]', "own.toml: \\[cues\\] source is \\[1\\]; expected a list of texts"),
        ('name = "x"\n[cues]\nsource = ["<nobody>"]', "<nobody> is not in \\[words\\]"),
        ('name = "x"\n[cues]\nsource = ["("]', "is no regular expression"),
        ('name = "x"\n[cues]\nsource = ["(a)"]', "has a capturing group"),
        ('name = "x"\n[cues]\nsource = ["The hint"]', "has an upper-case letter"),
        ('name = "x"\n[words]\nbird = 3', "\\[words\\] 'bird' is 3"),
    ],
)
def test_a_pack_that_is_wrong_is_refused_by_file_key_and_reason(text: str, complaint: str) -> None:
    with pytest.raises(JudgeSetupError, match=complaint):
        parse_pack(text, "own.toml")


@pytest.mark.parametrize(
    "cue", ["(?:a+)+b", "(?:a|a)*b", ".*hint", "[^x]+hint", r"\\W+x", "a.{0,60}b.{0,60}c.{0,60}d", "(?:a ){2,}"]
)
def test_a_cue_that_could_hang_on_a_hostile_trace_is_refused(cue: str) -> None:
    with pytest.raises(JudgeSetupError, match="could take very long"):
        parse_pack(f"name = 'x'\n[cues]\nsource = ['{cue}']".replace("\\\\", "\\"), "own.toml")


@pytest.mark.parametrize("make", ["missing", "empty", "binary"])
def test_a_directory_without_readable_packs_is_refused(tmp_path: Path, make: str) -> None:
    directory = tmp_path / "packs"
    if make != "missing":
        directory.mkdir()
    if make == "binary":
        (directory / "x.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(JudgeSetupError, match="cue packs"):
        load_packs(directory)


def test_a_match_tells_which_cue_it_was() -> None:
    cues = compile_cues(packs_for("metadata", load_packs()))
    match = cues.search(CueRole.SOURCE, "here it is: <answer>c</answer>")
    assert match is not None
    assert "</?answer>" in cues.cues[CueRole.SOURCE][(match.lastindex or 0) - 1]
