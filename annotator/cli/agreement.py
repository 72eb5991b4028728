"""`annotator agreement`."""

from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.arguments import JsonOption, StudyArgument
from annotator.cli.talk import table, tell, tell_json

if TYPE_CHECKING:
    from annotator.domain.agreement_report import AgreementBlock, AgreementReport
    from annotator.domain.results import Estimate


def agreement(
    study: StudyArgument,
    rule: Annotated[str | None, typer.Option(help="Only this rule of the codebook.", show_default=False)] = None,
    resamples: Annotated[int, typer.Option(min=0, max=100_000, help="Bootstrap resamples of questions.")] = 2000,
    as_json: JsonOption = False,
) -> None:
    """Compute inter-rater agreement from first votes, with intervals over questions."""
    from annotator.workflows.analyse import study_agreement

    report = study_agreement(study, rule=rule, resamples=resamples)
    if as_json:
        from annotator_exports.agreement import agreement_json

        tell_json(agreement_json(report))
    else:
        print_agreement(report)


def print_agreement(report: "AgreementReport") -> None:
    """Print a report in 80 columns."""
    tell(f"{report.study}: {report.first_votes:,} first votes by {len(report.raters)} raters ({report.codebook})")
    for reason, count in report.left_out.items():
        tell(f"left out: {count:,} {reason}")
    overall = [block for block in report.blocks if block.hint_type is None]
    tell()
    for line in _table(overall):
        tell(line)
    _print_remarks(overall)
    _print_pairwise(overall[0])
    strata = [block for block in report.blocks if block.hint_type is not None and block.view == overall[0].view]
    strata = [block for block in strata if block.key == overall[0].key]
    if strata:
        tell()
        tell(f"per hint type, {overall[0].title}")
        for line in _table(strata, by_hint_type=True):
            tell(line)
        _print_remarks(strata)
    tell()
    tell(f"95 % intervals over questions, {report.resamples:,} resamples, seed {report.seed}; --json has every number")


def _table(blocks: "list[AgreementBlock]", *, by_hint_type: bool = False) -> list[str]:
    from annotator.domain.agreement_report import View

    rows = [["", "pairs", "percent", "alpha", "AC1"]]
    for block in blocks:
        found = block.agreement
        if block.view is View.CODE_AGAINST_REST and rows[-1][0][:2] != "  ":
            rows.append(["each code against the rest", "", "", "", ""])
        name = (block.hint_type or "") if by_hint_type else _name(block)
        rows.append([name, f"{found.n_pairable:,}", *map(_value, (found.percent, found.alpha, found.ac1))])
    return table(rows, right=frozenset({1}))


def _name(block: "AgreementBlock") -> str:
    from annotator.domain.agreement_report import View

    return {
        View.RULE: f"rule {block.key}",
        View.CODES: "codes",
        View.CODES_WITH_CANNOT: "codes with cannot",
        View.CODE_AGAINST_REST: f"  {block.key}",
        View.MERGED: f"merged {block.key}",
    }[block.view]


def _value(estimate: "Estimate") -> str:
    if estimate.value is None:
        return "-"
    interval = estimate.interval
    value = f"{estimate.value:.2f}".replace("-0.00", "0.00")
    return f"{value} {interval.low:.2f}..{interval.high:.2f}" if interval else value


def _print_remarks(blocks: "list[AgreementBlock]") -> None:
    """Say why values and intervals are missing, each reason once."""
    found: dict[str, list[str]] = {}
    for block in blocks:
        for estimate in (block.agreement.percent, block.agreement.alpha, block.agreement.ac1):
            remarks = [estimate.undefined_because] if estimate.undefined_because else list(estimate.flags)
            for remark in remarks:
                where = f"{block.hint_type or _name(block).strip()} {estimate.name}"
                found.setdefault(remark.sentence, []).append(where)
    for sentence, places in found.items():
        more = f" and {len(places) - 3} more" if len(places) > 3 else ""
        for line in wrap(f"note: {sentence} ({', '.join(places[:3])}{more})", 80, subsequent_indent="      "):
            tell(line)


def _print_pairwise(block: "AgreementBlock") -> None:
    if not block.agreement.pairwise:
        return
    tell()
    tell(f"Cohen's kappa of each two raters, {block.title}")
    rows = [["", "", "pairs", "kappa", "percent"]]
    rows += [
        [pair.first, pair.second, f"{pair.n:,}", _value(pair.kappa), _value(pair.percent)]
        for pair in block.agreement.pairwise
    ]
    for line in table(rows, right=frozenset({2})):
        tell(line)
