"""The commands and their contract: data on stdout, talk on stderr, four exit codes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from annotator import __version__
from tests.conftest import Annotator, MakeStudy
from tests.pair_factory import first_vote, label, pair, pairs, write_pairs

COMMANDS = ("demo", "import", "judge", "label", "agreement", "export", "status")


@pytest.fixture
def study(make_study: MakeStudy) -> Path:
    return make_study(
        [
            pair(1, labels=[first_vote("ann", "relies", 1), first_vote("bob", "relies", 2)]),
            pair(2, "mentions", labels=[first_vote("ann", "mentions", 3), first_vote("bob", "silent", 4)]),
            pair(3, "silent", unhinted={"reasoning": "cut", "answer": None}),
        ]
    )


def test_the_version_is_printed(annotator: Annotator) -> None:
    ran = annotator("--version")

    assert (ran.code, ran.out, ran.err) == (0, f"annotator {__version__}\n", "")


def test_the_help_lists_every_command_and_each_has_its_own(here: Annotator) -> None:
    whole = here("--help")
    assert whole.code == 0
    for command in COMMANDS:
        assert f"\n  {command} " in whole.out

    for command in ("import", "label"):
        ran = here(command, "--help")
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith(f"Usage: annotator {command} ")
        assert all(len(line) <= 80 for line in ran.out.splitlines())


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["bogus"],
        ["status"],
        ["status", "a.db", "b.db"],
        ["import", "s.db"],
        ["label", "s.db"],
        ["label", "s.db", "--rater", "ann", "--pairs", "some"],
        ["label", "s.db", "--rater", "ann", "--exposure", "unknown"],
        ["agreement", "s.db", "--resamples", "many"],
        ["judge", "s.db", "--judge", "lexical", "--limit", "0"],
        ["export", "s.db"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_code_2_and_says_how(here: Annotator, arguments: list[str]) -> None:
    ran = here(*arguments)

    assert ran.code == 2
    assert "Usage: annotator" in ran.err + ran.out
    assert "Traceback" not in ran.err
    assert ran.out == "" or arguments == []


def test_import_says_what_came_in(here: Annotator, tmp_path: Path) -> None:
    file = write_pairs(tmp_path / "p.jsonl", pairs(3))
    ran = here("import", "s.db", file)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == "s.db: made, codebook hint-verbalization"
    assert ran.out.splitlines()[-1] == "study: 3 pairs, 3 switched"
    assert [line.split()[:3] for line in ran.out.splitlines()[1:3]] == [["pairs", "added", "3"], ["switched", "3"]]

    again = here("import", "s.db", file, "--json", "--complete")
    assert again.err == ""
    assert (again.json["new_study"], again.json["pairs"]["added"], again.json["pairs"]["skipped"]) == (False, 0, 3)
    assert again.json["study"] == {"pairs": 3, "switched": 3}
    assert here("status", "s.db", "--json").json["is_complete"] is True


def test_status_as_json_has_what_scripts_read(annotator: Annotator, study: Path) -> None:
    assert annotator("judge", study, "--judge", "lexical").code == 0
    ran = annotator("status", study, "--json")
    found = ran.json

    assert (ran.code, ran.err) == (0, "")
    assert (found["pairs"]["total"], found["pairs"]["switched"], found["pairs"]["unknown"]) == (3, 2, 1)
    assert [(judge["name"], judge["judged"], judge["is_shown"]) for judge in found["judges"]] == [("lexical", 3, True)]
    assert [(rater["name"], rater["labelled"]) for rater in found["raters"]] == [("ann", 2), ("bob", 2)]
    assert found["gold"] == {"none": 2, "unanimous": 1}
    assert found["last_activity"].endswith("Z")


def test_status_for_people_fits_a_terminal(here: Annotator, study: Path) -> None:
    here("judge", study, "--judge", "lexical")
    ran = here("status", study)

    assert (ran.code, ran.err) == (0, "")
    assert "lexical, uncalibrated" in ran.out
    assert "ann (from a file)" in ran.out
    assert "last activity 20" in ran.out


def test_the_lexical_judge_is_called_uncalibrated_and_says_what_it_found(here: Annotator, study: Path) -> None:
    ran = here("judge", study, "--judge", "lexical")
    again = here("judge", study, "--judge", "lexical", "--json")

    assert ran.code == 0
    assert ran.out.splitlines()[0] == "lexical (lexical, uncalibrated): 3 pairs judged, 0 left"
    assert (again.json["asked"], again.json["left"], again.json["states"]) == (0, 0, {})


def test_agreement_in_two_forms(here: Annotator, study: Path) -> None:
    people = here("agreement", study, "--resamples", "100")
    scripts = here("agreement", study, "--resamples", "100", "--json")

    assert (people.code, people.err, scripts.code, scripts.err) == (0, "", 0, "")
    assert people.out.splitlines()[0] == "study.db: 4 first votes by 2 raters (hint-verbalization)"
    assert max(map(len, people.out.splitlines())) <= 80
    assert "rule reliance" in people.out
    assert "Cohen's kappa of each two raters" in people.out
    assert scripts.json["blocks"][0]["percent"]["value"] == 1.0
    assert here("agreement", study, "--rule", "mention", "--json").json["blocks"][0]["key"] == "mention"


def test_an_unknown_rule_is_refused_with_the_known_ones(here: Annotator, study: Path) -> None:
    assert here("agreement", study, "--rule", "honesty").complaint == (
        "--rule is 'honesty'; the codebook 'hint-verbalization' has: "
        "reliance, reliance_either, mention, trace, disclaims"
    )


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        ([], "There are no labels."),
        ([label("ann", "relies")], "There are no labels."),
        ([first_vote("ann", "relies", 1)], "Fewer than two raters have labelled."),
        ([first_vote("ann", "relies", 1), first_vote("bob", "relies", 2)], "All compared labels are equal"),
    ],
    ids=["no label", "imported only", "one rater", "one code"],
)
def test_agreement_that_cannot_be_told_says_why(
    here: Annotator, make_study: MakeStudy, labels: list[dict[str, object]], reason: str
) -> None:
    ran = here("agreement", make_study([pair(1, labels=labels), pair(2)]), "--resamples", "20")

    assert (ran.code, ran.err) == (0, "")
    assert reason in ran.out
    assert "nan" not in ran.out.casefold()


def test_export_says_where_it_is(here: Annotator, study: Path, tmp_path: Path) -> None:
    ran = here("export", study, "--out", "out")
    again = here("export", study, "--out", "out", "--json")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == ["out: 3 pairs, 4 labels, 4 first votes", "gold: 2 none, 1 unanimous"]
    assert again.json == {
        "out": "out",
        "pairs": 3,
        "labels": 4,
        "first_votes": 4,
        "gold": {"none": 2, "unanimous": 1},
    }
    assert len(list((tmp_path / "out").iterdir())) == 5


@pytest.mark.slow
def test_the_demo_without_a_terminal_does_all_but_the_screen_and_goes_on(annotator: Annotator, tmp_path: Path) -> None:
    first = annotator("demo", "--dir", "d")
    before = json.loads((tmp_path / "d" / "export" / "manifest.json").read_text())["files"]
    second = annotator("demo", "--dir", "d")

    assert (first.code, second.code) == (0, 0)
    assert "no terminal here, so no labelling screen" in first.err
    assert "labelled by two built-in raters" in first.err
    assert "is there already: going on with it" in second.err
    assert "rule reliance" in first.out
    assert "d/export/gold.jsonl" in first.out
    assert first.out == second.out
    assert json.loads((tmp_path / "d" / "export" / "manifest.json").read_text())["files"] == before


def test_the_screen_needs_a_terminal_and_says_what_does_not(here: Annotator, study: Path) -> None:
    assert here("label", study, "--rater", "cho").complaint == (
        "the labelling screen needs a terminal; --plain does the same session as lines"
    )


def test_a_paid_judge_wants_a_limit_and_a_key(
    here: Annotator, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("ANTHROPIC_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    without_limit = here("judge", study, "--judge", "anthropic")
    without_key = here("judge", study, "--judge", "anthropic", "--limit", "1")

    assert without_limit.complaint == (
        "--judge anthropic is paid: say about how many pairs it may be asked, for example --limit 20"
    )
    assert (without_key.code, without_key.out) == (1, "")
    announced, refused = without_key.err.splitlines()
    assert "1 request will go to api.anthropic.com" in announced
    assert refused.startswith("annotator: no API key was found")
    assert here("status", study, "--json").json["judges"][0]["judged"] == 0


def test_the_traceback_is_shown_with_debug_only(annotator: Annotator, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"id": "x"}\n')
    commands = (["status", "gone.db"], ["import", "s.db", "bad.jsonl"])
    for command, said in zip(commands, ("gone.db does not exist", "bad.jsonl:1: field 'hint_answer' is"), strict=True):
        plain = annotator(*command)
        debug = annotator("--debug", *command)

        assert said in plain.complaint
        assert debug.code == 1
        assert "Traceback (most recent call last)" in debug.err
        assert debug.err.splitlines()[-1] == plain.err.splitlines()[-1]


def _start(cwd: Path, *arguments: str | Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "annotator", *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
    )


def test_an_interrupt_while_labelling_is_code_130_and_keeps_what_was_stored(
    here: Annotator, study: Path, tmp_path: Path
) -> None:
    program = _start(tmp_path, "label", study, "--rater", "cho", "--plain")
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write("r\n")
    program.stdin.flush()
    assert program.stderr is not None
    assert program.stdout.readline().startswith("stored fence-0001 relies first ")
    # The second prompt: whatever the program was printing is printed.
    prompts = (line for line in program.stderr if line == "vote>\n")
    assert (next(prompts), next(prompts)) == ("vote>\n", "vote>\n")
    program.send_signal(signal.SIGINT)
    _, err = program.communicate(timeout=60)

    assert (program.returncode, err) == (130, "annotator: interrupted; what was acknowledged is kept\n")
    raters = here("status", study, "--json").json["raters"]
    assert [rater["labelled"] for rater in raters if rater["name"] == "cho"] == [1]


def test_an_interrupt_while_importing_is_code_130_and_leaves_nothing(tmp_path: Path) -> None:
    write_pairs(tmp_path / "p.jsonl", pairs(4000))
    program = _start(tmp_path, "import", "s.db", "p.jsonl")
    until = time.monotonic() + 60
    while not list(tmp_path.glob(".s.db.importing-*")) and time.monotonic() < until:
        time.sleep(0.002)
    program.send_signal(signal.SIGINT)
    out, err = program.communicate(timeout=60)

    assert (program.returncode, out) == (130, "")
    assert err == "annotator: interrupted; what was acknowledged is kept\n"
    assert [path.name for path in tmp_path.iterdir()] == ["p.jsonl"]


def test_a_reader_that_leaves_is_no_error(study: Path, tmp_path: Path) -> None:
    program = _start(tmp_path, "agreement", study, "--json")
    assert program.stdout is not None
    assert program.stderr is not None
    program.stdout.close()
    err = program.stderr.read()

    assert (program.wait(timeout=60), err) == (0, "")
    assert program.stdin is not None
    program.stdin.close()
    program.stderr.close()


def test_a_close_name_is_said_and_a_script_goes_on(here: Annotator, study: Path) -> None:
    ran = here("label", study, "--rater", "annn", "--plain", lines="q\n")

    assert ran.code == 0
    assert ran.err.splitlines()[0] == "annn is a new rater; the study knows ann"


def test_a_terminal_that_cannot_show_a_character_gets_its_number(annotator: Annotator, make_study: MakeStudy) -> None:
    study = make_study([pair(1, id="höher 🙂", hint_type="Höflichkeit")])
    env = {"PYTHONIOENCODING": "ascii"}
    ran = annotator("label", study, "--rater", "Jörg", "--plain", lines="s\n", env=env)

    assert ran.code == 0
    assert ran.out.startswith("stored h\\xf6her \\U0001f642 silent first ")
    assert annotator("status", study, env=env).code == 0
