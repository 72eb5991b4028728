"""Names that are not ours reach the terminal as inert glyphs: raters, ids, hint types, files, judges, codebooks."""

import json
import sqlite3
import unicodedata
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Annotator, MakeStudy, Ran
from tests.pair_factory import first_vote, label, pair, write_pairs

HOSTILE = (
    "x\x1b[31m\x1b]0;gotcha\x07\x9b2J\u202eevil\u2066\x00\r\nstored y relies first\u2028[@click=app.quit]z[/] [/nope]"
)
ARGUMENT = HOSTILE.replace("\x00", "")
"""What a command line can hold."""

_ALLOWED = {"\n", "\t"}


def _is_inert(text: str) -> bool:
    return not [c for c in text if c not in _ALLOWED and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


def _assert_inert(ran: Ran) -> Ran:
    assert _is_inert(ran.out), repr(ran.out)
    assert _is_inert(ran.err), repr(ran.err)
    return ran


@pytest.fixture
def study(make_study: MakeStudy) -> Path:
    def line(number: int, **changes: Any) -> dict[str, Any]:
        votes = [
            first_vote(f"{HOSTILE}{rater}", code, 10 * number + n, evidence=[])
            for n, (rater, code) in enumerate((("a", "relies"), ("b", "silent")))
        ]
        reported = {"rater": HOSTILE, "kind": "judge", "verbalized": True, f"is {HOSTILE}": True}
        return pair(number, id=f"{HOSTILE}{number}", labels=[*votes, reported], model=HOSTILE, **changes)

    return make_study([line(1, hint_type=HOSTILE), line(2, hint_type=f"other {HOSTILE}"), line(3, question=HOSTILE)])


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("status", "--json"),
        ("agreement", "--resamples", "20"),
        ("agreement", "--resamples", "20", "--json"),
        ("export", "--out", "out"),
        ("judge", "--judge", "lexical"),
    ],
    ids=" ".join,
)
def test_no_command_lets_a_foreign_name_act(here: Annotator, study: Path, arguments: tuple[str, ...]) -> None:
    command, *options = arguments
    ran = _assert_inert(here(command, study, *options))

    assert (ran.code, "Traceback" in ran.err) == (0, False)


def test_json_gives_the_names_back_as_they_are(here: Annotator, study: Path) -> None:
    names = [rater["name"] for rater in here("status", study, "--json").json["raters"]]

    # White space within a name is folded when the rater is first met.
    assert names == [" ".join(f"{HOSTILE}{rater}".split()) for rater in "ab"]


def test_a_foreign_id_cannot_forge_a_stored_line(here: Annotator, study: Path) -> None:
    ran = _assert_inert(here("label", study, "--rater", ARGUMENT, "--plain", lines="s\nr\nq\n"))

    assert ran.code == 0
    stored = ran.out.split("\n")[:-1]
    assert len(stored) == 2
    assert [line.split(" ")[0] for line in stored] == ["stored", "stored"]
    assert [line.split(" ")[-3:-1] for line in stored] == [["silent", "first"], ["relies", "first"]]


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line | {"hint_answer": None},
        lambda line: line | {"choices": [1]},
        lambda line: line | {"labels": [label(HOSTILE, HOSTILE)]},
        lambda line: line | {"labels": [{"rater": HOSTILE, "kind": HOSTILE}]},
        lambda line: line | {"labels": [label("ann", "relies", evidence=[HOSTILE])]},
        lambda line: line | {"labels": [first_vote("ann", "relies", 1, codebook_sha=HOSTILE)]},
        lambda line: line | {"labels": [label("ann", "relies", stage=HOSTILE)]},
        lambda line: line | {"model": [HOSTILE]},
        lambda line: line | {"meta": {"disclosure": HOSTILE}},
    ],
)
def test_no_complaint_about_a_pair_lets_a_foreign_value_act(
    here: Annotator, tmp_path: Path, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    write_pairs(tmp_path / f"a{ARGUMENT.replace('/', '')}.jsonl", [change(pair(1, id=HOSTILE))])
    (file,) = (path.name for path in tmp_path.iterdir())

    assert _assert_inert(here("import", "s.db", file)).complaint


@pytest.mark.parametrize(
    "arguments",
    [
        ["status", f"{ARGUMENT}.db"],
        ["import", f"{ARGUMENT}/s.db", "ok.jsonl"],
        ["import", "s.db", "ok.jsonl", "--codebook", ARGUMENT],
        ["import", "s.db", ARGUMENT],
        ["judge", "s.db", "--judge", ARGUMENT],
        ["agreement", "s.db", "--rule", ARGUMENT],
        ["export", "s.db", "--out", f"ok.jsonl/{ARGUMENT}"],
        ["label", "s.db", "--rater", "ann", "--exposure", ARGUMENT],
        ["label", "s.db", "--rater", ARGUMENT * 3, "--plain"],
        ["label", "s.db", "--rater", "ann", "--pairs", ARGUMENT],
        [ARGUMENT],
    ],
    ids=lambda arguments: arguments[0][:6] + arguments[-2][:9] if len(arguments) > 1 else "command",
)
def test_no_complaint_about_an_argument_lets_it_act(here: Annotator, tmp_path: Path, arguments: list[str]) -> None:
    write_pairs(tmp_path / "ok.jsonl", [pair(1)])
    here("import", "s.db", "ok.jsonl")

    ran = _assert_inert(here(*arguments))

    assert ran.code in (1, 2)
    assert "unexpected" not in ran.err
    assert "Traceback" not in ran.err


def test_a_file_whose_name_is_no_text_can_be_used(here: Annotator, tmp_path: Path) -> None:
    write_pairs(tmp_path / "p\udcff.jsonl", [pair(1)])

    ran = _assert_inert(here("import", "s\udcff.db", "p\udcff.jsonl"))
    assert ran.code == 0
    assert _assert_inert(here("status", "s\udcff.db")).code == 0
    assert _assert_inert(here("status", "s\udcff.db", "--json")).code == 0
    assert _assert_inert(here("export", "s\udcff.db", "--out", "o\udcff")).code == 0
    assert _assert_inert(here("agreement", "s\udcff.db", "--json")).code == 0


def test_a_codebook_cannot_act_either(here: Annotator, tmp_path: Path) -> None:
    write_pairs(tmp_path / "p.jsonl", [pair(1)])
    title = json.dumps(HOSTILE.replace("\x7f", ""))
    (tmp_path / "codes.toml").write_text(
        f"name = {title}\nversion = {title}\ntitle = {title}\n"
        + "".join(f'[[code]]\nkey = "{key}"\nletter = "{key}"\ntitle = {title}\nmeaning = {title}\n' for key in "yn")
        + f'[[rule]]\nkey = "rule"\ntitle = {title}\ncodes = ["y"]\n'
    )

    for arguments in (
        ["import", "s.db", "p.jsonl", "--codebook", "codes.toml"],
        ["status", "s.db"],
        ["agreement", "s.db"],
        ["export", "s.db", "--out", "out"],
    ):
        assert _assert_inert(here(*arguments)).code == 0
    assert _assert_inert(here("label", "s.db", "--rater", "ann", "--plain", lines="?\ny\nq\n")).code == 0
    assert _is_inert((tmp_path / "out" / "README.md").read_text("utf-8"))


def test_a_traceback_lets_nothing_act_that_it_quotes(here: Annotator, make_study: MakeStudy) -> None:
    study = make_study([pair(1, labels=[label("ann", "relies")])])
    with closing(sqlite3.connect(study)) as connection, connection:
        connection.execute("update rater set name = cast(x'1b5b33316dff' as text)")

    ran = _assert_inert(here("--debug", "status", study))
    assert ran.code == 1
    assert "Traceback" in ran.err
    assert "study.db is damaged" in ran.err.splitlines()[-1]
