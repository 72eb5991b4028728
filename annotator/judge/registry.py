"""Make a judge by its kind."""

from pathlib import Path
from typing import Final

from annotator.domain.codebook import Codebook
from annotator.domain.judgement import JudgeConfig
from annotator.errors import JudgeSetupError
from annotator.judge.lexical import LexicalJudge
from annotator.judge.protocol import Judge
from annotator.llm.endpoint import ANTHROPIC_URL, host_of_url

KINDS: Final = ("lexical", "anthropic")

DEFAULT_MODEL: Final = "claude-haiku-5-5"


def make_judge(kind: str, codebook: Codebook, *, model: str | None = None, pack_directory: Path | None = None) -> Judge:
    """Return a judge for a study's codebook.

    Args:
        kind: One of `KINDS`.
        codebook: What the judge is asked by; the lexical judge only maps its findings to it.
        model: For `anthropic`: the model to ask, by default `DEFAULT_MODEL`.
        pack_directory: For `lexical`: a directory of cue packs of the user's own, read beside the built-in ones.

    Raises:
        JudgeSetupError: The kind is not known or does not go with `model`, or a cue pack cannot be read.
    """
    if kind == "lexical":
        if model is not None:
            raise JudgeSetupError(f"the lexical judge has no model; leave out {model!r}, or choose the anthropic judge")
        return LexicalJudge(pack_directory)
    if kind == "anthropic":
        # Loads pydantic, which nothing but this judge needs.
        from annotator.judge.anthropic_judge import AnthropicJudge

        return AnthropicJudge(codebook, model=model or DEFAULT_MODEL)
    raise JudgeSetupError(f"no judge is called {kind!r}; choose one of: {', '.join(KINDS)}")


def host_of(config: JudgeConfig) -> str | None:
    """Return the host that a judge sends texts to; None for one that sends nothing."""
    return None if config.kind == "lexical" else host_of_url(config.base_url or ANTHROPIC_URL)
