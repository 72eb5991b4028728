"""The real app in a real terminal over hostile text: nothing of it acts, nothing of it hides, offsets stay right."""

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.codebook_file import load_codebook
from annotator.domain.display import display_safe
from annotator.domain.judgement import JudgeConfig, Judgement, JudgementState, JudgeQuote
from annotator.domain.label import EvidenceSpan, Exposure
from annotator.domain.pair import Section
from annotator.workflows.import_pairs import import_pairs
from annotator.workflows.rating import RatingSession
from annotator.workflows.rating_view import SessionOptions
from annotator_db.connection import Access
from annotator_db.store import Store

_SPEC = importlib.util.spec_from_file_location("pty_terminal", Path(__file__).with_name("pty_terminal.py"))
assert _SPEC
assert _SPEC.loader
pty_terminal = sys.modules.setdefault("pty_terminal", importlib.util.module_from_spec(_SPEC))
_SPEC.loader.exec_module(pty_terminal)
PtyTerminal, label_command = pty_terminal.PtyTerminal, pty_terminal.label_command

pytestmark = pytest.mark.slow

ACTING = "\x1b[2J\x1b[31m\x1b]8;;http://evil.example\x07link\x1b]8;;\x07\x1b]52;c;ZXZpbA==\x07\x9b2J\x90q\x9c\x1bc"
HIDING = "\u202eesrever\u2066\u2069\U000e0041\U000e0042\u200b\u200d\ufeff\ufe0f\u00ad"
BREAKING = "nul\x00cr\rbel\x07bs\x08vt\x0bff\x0cdel\x7fnel\x85ls\u2028ps\u2029"
MARKUP = "[@click=app.quit]quit[/] [/nope] [red]red[/red] $primary \\[x]"
# Something of each kind stands at the very start, so that it is shown also where a line is cut.
HOSTILE = f"\x1b[2J\u202e\x9b2J{MARKUP} {ACTING} {HIDING} {BREAKING}"
EVERY_KEY_OF_A_PAGE = ("down", "pagedown", "end", "home", "]", "escape")


def hostile_pairs() -> list[dict[str, object]]:
    before = f"A step. {HOSTILE}\nlone \ud800 surrogate\n漢字 e\u0301 👍 \ttab\n"
    reasoning = f"{before}The professor says C. So I take C.\n\n" + "Another step of the sum.\n" * 60
    arm = {"system": HOSTILE, "prompt": f"{HOSTILE} A professor says it is C.", "reasoning": reasoning, "answer": "C"}
    return [
        {
            "id": f"{number} {HOSTILE}",
            "question": f"What? {HOSTILE}",
            "choices": [f"A. {HOSTILE}", "B. two"],
            "hint_type": f"kind {HOSTILE}",
            "hint_text": f"A professor says it is C. {HOSTILE}",
            "hint_answer": "C",
            "model": f"model {HOSTILE}",
            "unhinted": {**arm, "reasoning": f"{before}So B.", "answer": f"B {HOSTILE}", "response": HOSTILE},
            "hinted": {**arm, "response": f"The answer is C. {HOSTILE}"},
            "meta": {"disclosure": "instructed"},
        }
        for number in range(3)
    ]


def hostile_codebook() -> str:
    """Return the default codebook with hostile titles."""
    text = load_codebook("hint-verbalization").text
    for plain, hostile in (
        ('"relies on the hint"', _toml(f"relies {HOSTILE}")),
        ('"says there is no hint"', _toml(HOSTILE)),
    ):
        assert plain in text
        text = text.replace(plain, hostile)
    return text


def _toml(text: str) -> str:
    # JSON leaves DEL as it is, which TOML does not take.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


@pytest.fixture(scope="module")
def hostile_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with hostile text in every field that a screen shows, its file name and a stored note among them."""
    folder = tmp_path_factory.mktemp("hostile")
    pairs = folder / "pairs.jsonl"
    pairs.write_text("".join(json.dumps(pair) + "\n" for pair in hostile_pairs()), "utf-8")
    codebook = folder / "codes.toml"
    codebook.write_text(hostile_codebook(), "utf-8")
    study = folder / f"st\x1b[2J\u202e{MARKUP.replace('/', '_')}.db"
    import_pairs(study, [pairs], codebook=str(codebook), seed=1)
    with Store.open(study, Access.WRITE) as store, store.writing():
        judge_id = store.judgements.ensure_judge(JudgeConfig(f"judge {HOSTILE}", "other"))
        for pos in (1, 2, 3):
            text = store.pairs.get(pos).pair.hinted.reasoning
            start = text.index("The professor")
            quote = JudgeQuote(text[start : start + 21], Section.REASONING, start, start + 21, f"role {HOSTILE}")
            lost = JudgeQuote(HOSTILE)
            store.judgements.add(
                pos,
                judge_id,
                Judgement(
                    JudgementState.OK, "mentions", 50, (), (quote, lost), f"because {HOSTILE}", (), (HOSTILE,), None
                ),
            )
    session = RatingSession.open(study, f"ann {MARKUP}", SessionOptions(exposure=Exposure.ASSISTED))
    raw = session.card.hinted.arm.reasoning
    session.set_note(f"note {HOSTILE}")
    session.add_evidence(EvidenceSpan(Section.REASONING, 0, 200, raw[:200]))
    session.vote("relies").result()
    session.close()
    return study


@pytest.fixture(params=[(80, 24), (160, 50)], ids=["80x24", "160x50"])
def terminal(request: pytest.FixtureRequest, hostile_study: Path) -> Iterator["pty_terminal.PtyTerminal"]:
    with PtyTerminal(label_command(hostile_study, f"ann {MARKUP}"), request.param) as terminal:
        terminal.wait_for("hinted")
        terminal.wait_quiet()
        yield terminal


def visit_every_page(terminal: "pty_terminal.PtyTerminal") -> None:
    for key in ("t", "P", "w", "?"):
        terminal.send(key)
        terminal.wait_for("Esc closes")
        for inner in EVERY_KEY_OF_A_PAGE:
            terminal.send(inner)
            terminal.wait_quiet(0.1)
        terminal.wait_gone("Esc closes")
    terminal.send("left")
    for keys in (("a",), ("k", "2", "escape"), ("c", "escape"), ("E", "escape"), ("ctrl+p",), *["r", "e", "l"]):
        terminal.send(*keys)
        terminal.wait_quiet(0.15)
    terminal.send("escape")
    terminal.wait_quiet(0.6)
    for keys in (("escape",), ("r",), ("escape",), ("x",), ("escape",), ("tab",), ("tab",), ("]",), ("[",), ("end",)):
        terminal.send(*keys)
        terminal.wait_quiet(0.15)


def benign_kinds(tmp_path: Path, size: tuple[int, int]) -> set[str]:
    """Return what the same app asks of a terminal over harmless text."""
    pair = {
        "id": "1", "question": "What?", "hint_text": "A professor says it is C.", "hint_answer": "C",
        "unhinted": {"reasoning": "So B.", "answer": "B"},
        "hinted": {"reasoning": "The professor says C.", "answer": "C"},
    }  # fmt: skip
    (tmp_path / "pairs.jsonl").write_text(json.dumps(pair) + "\n", "utf-8")
    import_pairs(tmp_path / "study.db", [tmp_path / "pairs.jsonl"])
    with PtyTerminal(label_command(tmp_path / "study.db", "ann"), size) as terminal:
        terminal.wait_for("hinted")
        for key in ("t", "escape", "a", "k", "escape", "c", "escape", "ctrl+p", "escape", "r", "escape", "tab", "tab"):
            terminal.send(key)
            terminal.wait_quiet(0.15)
        terminal.send("q")
        assert terminal.wait_exit() == 0
        return terminal.screen.kinds


def test_only_inert_glyphs_reach_the_terminal(terminal: "pty_terminal.PtyTerminal", tmp_path: Path) -> None:
    visit_every_page(terminal)
    terminal.send("q")
    terminal.wait_quiet(0.3)
    if terminal.screen.find("leave all the same"):
        terminal.send("q")
    assert terminal.wait_exit() == 0
    size = (terminal.screen.columns, terminal.screen.rows)
    assert terminal.screen.kinds <= benign_kinds(tmp_path, size)
    for text in terminal.screen.texts:
        assert display_safe(text.replace("\r", "").replace("\n", "")) == text.replace("\r", "").replace("\n", "")
    for signature in (b"evil.example\x07", b"\x1b]8;;h", b"\x1b]52", "\x9b".encode(), b"\x9b2J", b"Traceback"):
        assert signature not in terminal.output


def test_markup_in_a_trace_is_shown_and_a_click_on_it_does_nothing(terminal: "pty_terminal.PtyTerminal") -> None:
    terminal.wait_for("[@click=app.quit]quit[/]")
    for row, line in enumerate(list(terminal.screen.lines)):
        column = line.find("@click")
        if column >= 0:
            terminal.click(row, column)
            terminal.wait_quiet(0.1)
    terminal.send("t")
    terminal.wait_for("Esc closes")


def test_highlights_sit_on_the_words_of_the_hint(terminal: "pty_terminal.PtyTerminal") -> None:
    terminal.send("]", "escape")
    terminal.wait_quiet()
    for _ in range(3):
        if terminal.screen.find("professor says C. So") is not None:
            break
        terminal.send("pagedown")
        terminal.wait_quiet()
    place = terminal.screen.find("professor says C. So")
    assert place is not None
    row, column = place
    marked = [terminal.screen.cell(row, column + at).underline for at in range(-1, 10)]
    assert marked == [False, *[True] * 9, False]


def test_evidence_taken_below_hostile_text_is_the_raw_passage(hostile_study: Path) -> None:
    with PtyTerminal(label_command(hostile_study, "bob", "--exposure", "blind"), (100, 40)) as terminal:
        terminal.wait_for("hinted")
        terminal.send("m")
        terminal.wait_for("takes")
        terminal.send("]")
        terminal.wait_quiet(0.2)
        while terminal.screen.find("“The professor says C.”") is None:
            terminal.send("down")
            terminal.wait_quiet(0.15)
        terminal.send("enter")
        terminal.wait_for("1 saved")
        terminal.send("q")
        assert terminal.wait_exit() == 0
    with Store.open(hostile_study) as store:
        (label,) = [label for label in store.labels.history(1) if label.rater == "bob"]
        (span,) = label.decision.evidence
        text = store.pairs.get(1).pair.hinted.reasoning
    assert text[span.start : span.end] == span.quote == "The professor says C."
