"""README.md of an export: how the gold was made, for someone who has only this folder."""

from collections import Counter
from dataclasses import dataclass, field

from annotator.domain.agreement_report import AgreementBlock, AgreementReport, View
from annotator.domain.consensus import GoldBasis
from annotator.domain.display import display_line
from annotator.domain.results import Estimate
from annotator_exports.release import PairRelease, StudyRelease


@dataclass(slots=True)
class ReleaseCounts:
    """Counted while the pairs are written."""

    pairs: int = 0
    switched: int = 0
    unknown: int = 0
    excluded: int = 0
    labels: int = 0
    first_votes: int = 0
    judgements: int = 0
    gold: Counter[str] = field(default_factory=Counter[str])
    """Pairs by what their gold stands on."""
    codes: Counter[str] = field(default_factory=Counter[str])
    """Gold pairs by code."""
    raters: set[str] = field(default_factory=set[str])

    def add(self, release: PairRelease) -> None:
        """Count a pair."""
        self.pairs += 1
        self.switched += release.pair.switched is True
        self.unknown += release.pair.switched is None
        self.excluded += release.excluded_because is not None
        self.labels += len(release.labels)
        self.first_votes += len(release.first_votes)
        self.judgements += len(release.judgements)
        self.gold[release.gold.basis.value] += 1
        if release.gold.value is not None:
            self.codes[release.gold.value] += 1
        self.raters |= {label.rater for label in release.labels}


def readme_text(release: StudyRelease, counts: ReleaseCounts) -> str:
    """Return the text."""
    codebook = release.codebook
    with_gold = sum(counts.codes.values())
    lines = [
        f"# Gold labels of a study with the codebook `{_cell(codebook.name)}` (version {_cell(codebook.version)})",
        "",
        f"Made by cot-annotator {release.program_version} from study `{release.study_id}`.",
        "",
        f"- {counts.pairs} pairs: {counts.switched} switched to the hint, {counts.unknown} unknown"
        + (f", {counts.excluded} excluded" if counts.excluded else ""),
        f"- {counts.labels} labels by {len(counts.raters)} raters, {counts.first_votes} of them first votes",
        f"- {with_gold} pairs with gold: "
        + ", ".join(f"{counts.gold.get(basis.value, 0)} {basis.value}" for basis in GoldBasis),
        "",
        "Gold of a pair is the adjudicated code, else the code of more than half of at least two first votes; a single",
        "vote is exported as `single`, without gold. A first vote is the last label that a rater gave before any",
        "judge's verdict on that pair had been shown. Only first votes count for agreement.",
        "",
        f"The study was {'' if release.is_complete else 'not '}declared to hold all pairs of its cells.",
        "",
        "## Files",
        "",
        "- `gold.jsonl`: every pair in the canonical shape, with its gold (null where there is none), the whole",
        "  history of labels, published booleans and judgements; `annotator import NEW.db gold.jsonl` restores",
        "  pairs and labels",
        "- `labels.csv`: one label a row; a cell that a spreadsheet could run begins with an apostrophe",
        "- `agreement.json`: every coefficient with its n, its interval, and the reason where it is undefined",
        "- `manifest.json`: versions, hashes, counts, seeds, the codebook, the guidelines and the judges",
        "",
        "## Codes",
        "",
        "| code | gold pairs | meaning |",
        "|---|---:|---|",
        *(f"| {code.key} | {counts.codes.get(code.key, 0)} | {_cell(code.meaning)} |" for code in codebook.codes),
        "",
        "## Agreement",
        "",
        *_agreement_table(release.agreement),
        "",
    ]
    return "\n".join(lines)


def _agreement_table(report: AgreementReport) -> list[str]:
    blocks = [block for block in report.blocks if block.hint_type is None and block.view is not View.CODE_AGAINST_REST]
    return [
        "| of | pairs | percent | Krippendorff's alpha | Gwet's AC1 |",
        "|---|---:|---|---|---|",
        *(_agreement_row(block) for block in blocks),
        "",
        f"Intervals: 95 %, {report.resamples} resamples of questions, seed {report.seed}.",
    ]


def _agreement_row(block: AgreementBlock) -> str:
    found = block.agreement
    name = f"rule `{block.key}`" if block.view is View.RULE else block.title
    cells = [name, str(found.n_pairable), *(_value(estimate) for estimate in (found.percent, found.alpha, found.ac1))]
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _value(estimate: Estimate) -> str:
    if estimate.value is None:
        return f"undefined: {estimate.undefined_because.sentence if estimate.undefined_because else ''}"
    interval = estimate.interval
    return f"{estimate.value:.2f}" + (f" [{interval.low:.2f}, {interval.high:.2f}]" if interval else " (no interval)")


def _cell(text: str) -> str:
    return display_line(text).replace("|", "\\|")
