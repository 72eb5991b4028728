"""The labelling session as lines: one line is a key and, after a space, its argument; an empty line is Enter."""

import sys
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, TextIO

from annotator.cli.plain_text import help_lines, pair_lines, verdict_lines
from annotator.cli.talk import say, tell
from annotator.domain.label import EvidenceSpan, Label
from annotator.domain.pair import Section
from annotator.domain.spans import locate_quote
from annotator.errors import LabelNotSavedError
from annotator.workflows.rating import RatingSession
from annotator.workflows.rating_view import SessionStage

_NEXT: Final = ("n", "next")
_PREVIOUS: Final = ("p", "previous")


class PlainSession:
    """Reads lines and writes `stored PAIR CODE STAGE ID` on stdout after each commit; all else goes to stderr."""

    def __init__(self, session: RatingSession, lines: TextIO) -> None:
        self._session = session
        self._lines = lines
        self._shown: tuple[int, SessionStage] | None = None
        self._commands: dict[str, Callable[[str], None]] = {
            "z": self._undo,
            "e": self._add_evidence,
            "E": self._remove_evidence,
            "k": self._toggle_tick,
            "c": self._set_note,
            "a": self._show_answers,
            "t": self._show_whole,
            "P": self._show_prompts,
            "w": self._show_why,
            "?": self._show_help,
        }

    def run(self) -> None:
        """Go on until `q`, the end of the input, or the end of the queue; first votes are kept in any case."""
        for note in self._session.notes:
            say(note)
        while self._session.stage is not SessionStage.DONE:
            self._show_pair()
            line = self._read_line()
            if line is None or line == "q":
                return
            self._session.touch()
            self._do(line)
        say(self._session.queue_note)

    def _read_line(self) -> str | None:
        """Return the next line without its break, None at the end of the input."""
        prompt = "keep>" if self._session.stage is SessionStage.SECOND_LOOK else "vote>"
        if sys.stdin.isatty():
            print(prompt, end=" ", file=sys.stderr, flush=True)
        else:
            # On a line of its own, so that what is stored begins a line also where the streams are one.
            say(prompt)
        line = self._lines.readline()
        return line.removesuffix("\n").removesuffix("\r") if line else None

    def _show_pair(self) -> None:
        """Print the pair when it, or what is asked about it, has changed."""
        card, stage = self._session.card, self._session.stage
        if card is None or self._shown == (card.pos, stage):
            return
        if self._shown is None or self._shown[0] != card.pos:
            for line in pair_lines(self._session, card):
                say(line)
            # Everything has been printed; how much of it was read cannot be known, so no share in view is recorded.
            self._session.see_unhinted()
        for line in verdict_lines(self._session):
            say(line)
        self._shown = (card.pos, stage)

    def _do(self, line: str) -> None:
        key, _, argument = line.partition(" ")
        argument = argument.strip()
        if not line.strip():
            self._keep()
        elif (code := self._session.codebook.code_of_key(key)) is not None:
            self._vote(code.key, argument)
        elif key in self._commands:
            self._commands[key](argument)
        elif key in _NEXT:
            self._move(self._session.go_next(), "this is the last pair of the queue")
        elif key in _PREVIOUS:
            self._move(self._session.go_previous(), "this is the first pair of the queue")
        else:
            say(f"{key[:40]!r} is no key here; ? lists them; nothing stored")

    def _keep(self) -> None:
        future = self._session.keep()
        if future is None:
            say("Enter has nothing to keep or confirm here; give a code; nothing stored")
        else:
            self._await(future)

    def _vote(self, code_key: str, quote: str) -> None:
        if quote and not self._mark(quote):
            return
        if self._session.asks_evidence(code_key):
            say(f"warning: {code_key} asks for a quote; stored without evidence")
        self._await(self._session.vote(code_key))

    def _undo(self, _: str) -> None:
        future = self._session.undo()
        if future is None:
            say("nothing to undo")
            return
        self._shown = None
        self._await(future)

    def _await(self, future: "Future[Label]") -> None:
        """Wait for the commit, and say what was stored."""
        try:
            stored = future.result()
        except LabelNotSavedError as error:
            say(f"NOT SAVED: {error}")
            self._retry()
            return
        tell(f"stored {stored.pair_id} {stored.code or '-'} {stored.stage} {stored.label_id}")

    def _retry(self) -> None:
        """Try once more what could not be saved; a second failure ends the session with its reason."""
        for future in self._session.retry_unsaved():
            stored = future.result()
            tell(f"stored {stored.pair_id} {stored.code or '-'} {stored.stage} {stored.label_id}")

    def _mark(self, quote: str) -> bool:
        """Add a quote as evidence; False where it does not stand in the hinted arm."""
        card = self._session.card
        if card is None:
            return False
        for section in Section:
            span = locate_quote(card.hinted.arm.section(section), quote)
            if span is not None:
                text = card.hinted.arm.section(section)[span.start : span.end]
                self._session.add_evidence(EvidenceSpan(section, span.start, span.end, text))
                return True
        say("this quote does not stand in the hinted arm; nothing stored")
        return False

    def _move(self, has_moved: bool, otherwise: str) -> None:
        if not has_moved:
            say(otherwise)

    def _add_evidence(self, argument: str) -> None:
        if not argument:
            for number, span in enumerate(self._session.draft.evidence, start=1):
                say(f"{number} {span.section}: {span.quote}")
            say("e QUOTE adds evidence, E NUMBER removes it")
        elif self._mark(argument):
            say(f"evidence: {len(self._session.draft.evidence)}")

    def _remove_evidence(self, argument: str) -> None:
        if argument.isdigit() and 1 <= int(argument) <= len(self._session.draft.evidence):
            self._session.remove_evidence(int(argument) - 1)
            say(f"evidence: {len(self._session.draft.evidence)}")
        else:
            say("E takes the number of a piece of evidence; e lists them")

    def _toggle_tick(self, argument: str) -> None:
        key, _, second = argument.partition(" ")
        codebook = self._session.codebook
        if key not in [tick.key for tick in codebook.ticks]:
            say("k takes one of: " + ", ".join(tick.key for tick in codebook.ticks))
            return
        second_code = codebook.code_of_key(second.strip()) if second.strip() else None
        if second.strip() and second_code is None:
            say(f"{second.strip()[:40]!r} is no code's key; nothing ticked")
            return
        is_set = self._session.toggle_tick(key)
        if is_set and second_code is not None:
            self._session.set_second_code(second_code.key)
        elif is_set and codebook.tick(key).asks_second_code:
            say(f"k {key} KEY also names the second code")
        say(f"{key} {'ticked' if is_set else 'not ticked'}")

    def _set_note(self, argument: str) -> None:
        self._session.set_note(argument)
        say("note kept for this pair's label" if argument else "note removed")

    def _show_answers(self, _: str) -> None:
        answers = self._session.open_answers()
        switched = {True: "switched to the hint", False: "not switched", None: "unknown whether it switched"}
        say(
            f"unhinted {answers.unhinted or 'none'}; hinted {answers.hinted or 'none'}; hint {answers.hint}; "
            f"{switched[answers.switched]}"
        )

    def _show_whole(self, _: str) -> None:
        card = self._session.card
        if card is not None:
            for line in pair_lines(self._session, card):
                say(line)

    def _show_prompts(self, _: str) -> None:
        prompts = self._session.open_prompts()
        for title, text in (
            ("unhinted system", prompts.unhinted_system),
            ("unhinted prompt", prompts.unhinted),
            ("hinted system", prompts.hinted_system),
            ("hinted prompt", prompts.hinted),
        ):
            if text:
                say(f"-- {title}")
                say(text)

    def _show_why(self, _: str) -> None:
        card = self._session.judge_card
        if card is None:
            say("the judge is hidden until your vote")
        else:
            say(card.rationale or "the judge gives no reason")
            for reason in card.suspect:
                say(f"suspect: {reason}")

    def _show_help(self, _: str) -> None:
        for line in help_lines(self._session.codebook, self._session.guidelines):
            say(line)
