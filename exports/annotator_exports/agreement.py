"""agreement.json: every number of the agreement with its n, its interval, and the reason where there is none."""

from annotator.domain.agreement_report import AgreementBlock, AgreementReport
from annotator.domain.pair import Json
from annotator.domain.results import Agreement, Estimate


def agreement_json(report: AgreementReport) -> dict[str, Json]:
    """Return the report as JSON values; undefined numbers are null beside their reason."""
    left_out: dict[str, Json] = dict(report.left_out)
    return {
        "study": report.study,
        "codebook": report.codebook,
        "raters": list(report.raters),
        "first_votes": report.first_votes,
        "left_out": left_out,
        "seed": report.seed,
        "resamples": report.resamples,
        "blocks": [_block(block) for block in report.blocks],
    }


def _block(block: AgreementBlock) -> dict[str, Json]:
    return {
        "view": block.view.value,
        "key": block.key,
        "title": block.title,
        "hint_type": block.hint_type,
        "without_verdict": block.without_verdict,
        **_agreement(block.agreement),
    }


def _agreement(found: Agreement) -> dict[str, Json]:
    others: dict[str, Json] = {estimate.name: estimate_json(estimate) for estimate in found.others}
    pairwise: list[Json] = [
        {
            "first": pair.first,
            "second": pair.second,
            "n": pair.n,
            "kappa": estimate_json(pair.kappa),
            "percent": estimate_json(pair.percent),
        }
        for pair in found.pairwise
    ]
    return {
        "n_pairs": found.n_pairs,
        "n_pairable": found.n_pairable,
        "n_questions": found.n_questions,
        "n_labels": found.n_labels,
        "n_raters": found.n_raters,
        "n_categories": found.n_categories,
        "percent": estimate_json(found.percent),
        "alpha": estimate_json(found.alpha),
        "ac1": estimate_json(found.ac1),
        "positive": estimate_json(found.positive) if found.positive else None,
        "negative": estimate_json(found.negative) if found.negative else None,
        "others": others,
        "pairwise": pairwise,
    }


def estimate_json(estimate: Estimate) -> dict[str, Json]:
    """Return one estimate as JSON values."""
    interval: dict[str, Json] | None = None
    if estimate.interval is not None:
        interval = {
            "low": estimate.interval.low,
            "high": estimate.interval.high,
            "level": estimate.interval.level,
            "unit": estimate.interval.unit.value,
            "method": estimate.interval.method.value,
            "resamples": estimate.interval.resamples,
            "undefined_resamples": estimate.interval.undefined_resamples,
        }
    return {
        "value": estimate.value,
        "interval": interval,
        "n_pairs": estimate.n_pairs,
        "n_questions": estimate.n_questions,
        "n_labels": estimate.n_labels,
        "undefined_because": estimate.undefined_because.value if estimate.undefined_because else None,
        "undefined_sentence": estimate.undefined_because.sentence if estimate.undefined_because else None,
        "flags": [flag.value for flag in estimate.flags],
    }
