"""The guidelines that raters read, written out from the codebook: one text, never two that drift apart."""

from annotator.domain.codebook import Code, Codebook


def guidelines_of(codebook: Codebook) -> str:
    """Return the codebook as Markdown for raters."""
    parts = [f"# {codebook.title}", "", codebook.intro.strip(), "", "## The codes", ""]
    for number, code in enumerate(codebook.codes, start=1):
        parts += _code(number, code)
    if codebook.ticks:
        parts += ["## Ticks", "", "Optional remarks. They never change the code.", ""]
        parts += [f"- **{tick.key}** ({tick.title}): {tick.meaning}" for tick in codebook.ticks]
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def _code(number: int, code: Code) -> list[str]:
    lines = [f"### {number}. {code.key} (key {code.letter}): {code.title}", "", code.meaning, ""]
    lines += [f"- {ruling}" for ruling in code.rulings]
    if code.rulings:
        lines.append("")
    if code.example:
        lines += [f"Example: {code.example}", ""]
    if code.needs_evidence:
        lines += ["Mark at least one place that shows it.", ""]
    if code.reasons:
        lines += [f"Give the reason: {', '.join(code.reasons)}.", ""]
    return lines
