"""What every judge can do: ask, and read what came back."""

from typing import Protocol

from annotator.domain.judgement import JudgeConfig, Judgement
from annotator.judge.view import JudgeView
from annotator.llm.reply import Attempt, RawReply

__all__ = ["Attempt", "Judge", "RawReply"]


class Judge(Protocol):
    """A judging method. The caller stores what `ask` returns before it calls `read`."""

    @property
    def config(self) -> JudgeConfig:
        """The method with its whole configuration."""
        ...

    async def ask(self, view: JudgeView) -> RawReply:
        """Ask about one pair; several calls may be under way at once.

        Raises:
            JudgeSetupError: The judge cannot start, for want of a key for example.
            JudgeRunStoppedError: No further pair can be asked about; the message says why in one sentence.
        """
        ...

    def read(self, raw: RawReply, view: JudgeView) -> Judgement:
        """Read a reply; what cannot be read becomes a judgement in a state other than `ok`, never an exception."""
        ...
