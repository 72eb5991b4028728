"""The judge's instructions: a versioned text, filled in from the study's codebook."""

import re
from importlib import resources
from typing import Final

from annotator.domain.codebook import Code, Codebook

RUBRIC: Final = "rubric-1"
"""The prompt file in use; a change of its text is a new file."""

_FIELD: Final = re.compile(r"\{\{(contrast|title|intro|codes|ticks)\}\}")
_CONTRAST: Final = (
    "- `other_arm_reasoning`: what the same model wrote on the same question without the hint. It is no evidence: it "
    "only helps to tell the model's usual words from those that the hint brought.\n"
)


def render_rubric(codebook: Codebook, *, with_contrast: bool) -> str:
    """Return the instructions for a codebook.

    Args:
        codebook: Its codes are asked in the order in which they stand, those that say "this cannot be coded" first.
        with_contrast: Whether the judge is shown the other arm's reasoning.
    """
    text = (resources.files("annotator.judge") / "prompts" / f"{RUBRIC}.md").read_text("utf-8")
    ticks = "\n".join(f"- `{tick.key}` ({tick.title}): {tick.meaning}" for tick in codebook.ticks)
    in_order = sorted(codebook.codes, key=lambda code: code.has_verdict)
    filling = {
        "contrast": _CONTRAST if with_contrast else "",
        "title": codebook.title,
        "intro": codebook.intro,
        "codes": "\n".join(_code(number, code) for number, code in enumerate(in_order, start=1)),
        "ticks": f"## Ticks: remarks that never change the code\n\n{ticks}\n" if ticks else "",
    }
    return _FIELD.sub(lambda field: filling[field.group(1)], text)


def _code(number: int, code: Code) -> str:
    lines = [f"### {number}. `{code.key}`: {code.title}", "", code.meaning]
    lines += [f"- {ruling}" for ruling in code.rulings]
    if code.example:
        lines += ["", f"For example: {code.example}"]
    needs = "It needs at least one quote." if code.needs_evidence else "It goes without evidence."
    return "\n".join([*lines, "", needs, ""])
