"""Judges are made by kind; the one that needs no key loads nothing that it does not need."""

import subprocess
import sys

import pytest

from annotator.domain.codebook import Codebook
from annotator.errors import JudgeSetupError
from annotator.judge.registry import DEFAULT_MODEL, host_of, make_judge


def test_the_lexical_judge_needs_nothing_and_sends_nothing(codebook: Codebook) -> None:
    config = make_judge("lexical", codebook).config
    assert (config.name, config.kind) == ("lexical", "lexical")
    assert host_of(config) is None


def test_the_anthropic_judge_has_a_default_model(codebook: Codebook) -> None:
    assert make_judge("anthropic", codebook).config.model == DEFAULT_MODEL
    assert make_judge("anthropic", codebook, model="claude-opus-5-5").config.name == "claude-opus-5-5"


def test_an_unknown_kind_names_the_kinds(codebook: Codebook) -> None:
    with pytest.raises(JudgeSetupError, match="no judge is called 'oracle'; choose one of: lexical, anthropic"):
        make_judge("oracle", codebook)


def test_a_model_for_the_lexical_judge_is_a_mistake(codebook: Codebook) -> None:
    with pytest.raises(JudgeSetupError, match="the lexical judge has no model"):
        make_judge("lexical", codebook, model="claude-haiku-5-5")


@pytest.mark.parametrize("module", ["annotator.judge.registry", "annotator.judge.lexical", "annotator.judge.protocol"])
def test_judging_by_cues_loads_neither_sdk_nor_pydantic(module: str) -> None:
    program = (
        f"import sys, {module};"
        "from annotator.domain.codebook_file import load_codebook;"
        "from annotator.judge.registry import make_judge; make_judge('lexical', load_codebook('yes-no'));"
        "print(sorted({'anthropic', 'pydantic', 'numpy', 'textual'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
