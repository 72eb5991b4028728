"""gold.jsonl: one pair a line in the canonical shape, with its gold, the history of its labels, and the judgements."""

import json

from annotator.domain.assignment import Assignment
from annotator.domain.consensus import Consensus
from annotator.domain.judgement import StoredJudgement
from annotator.domain.label import Decision, Label
from annotator.domain.pair import Arm, Json
from annotator_exports.release import PairRelease


def gold_line(release: PairRelease) -> str:
    """Return a pair's line, without the line break: canonical fields first, then what the study adds."""
    pair = release.pair
    value: dict[str, Json] = {
        "id": pair.pair_id,
        "question": pair.question,
        "choices": list(pair.choices) or None,
        "correct_answer": pair.correct_answer,
        "hint_type": pair.hint_type,
        "hint_text": pair.hint_text,
        "hint_answer": pair.hint_answer,
        "model": pair.model,
        "unhinted": _arm(pair.unhinted),
        "hinted": _arm(pair.hinted),
        "labels": [*(_label(label) for label in release.labels), *_reported(release)],
        "meta": dict(pair.meta),
        "switched": pair.switched,
        "split": release.split,
        "excluded_because": release.excluded_because,
        "gold": _gold(release),
        "assignments": [_assignment(rater, assignment) for rater, assignment in release.assignments],
        "reported": [
            {
                "reporter": reported.reporter,
                "kind": reported.kind.value,
                "field": reported.field,
                "value": reported.value,
                "raw": reported.raw,
            }
            for reported in release.reported
        ],
        "judgements": [_judgement(judgement) for judgement in release.judgements],
        "content_sha": release.content_sha,
        "question_sha": release.question_sha,
    }
    return json.dumps(value, ensure_ascii=False)


def _arm(arm: Arm) -> dict[str, Json]:
    return {
        "system": arm.system,
        "prompt": arm.prompt,
        "reasoning": arm.reasoning,
        "response": arm.response,
        "answer": arm.answer,
        "reasoning_kind": arm.reasoning_kind.value,
    }


def _gold(release: PairRelease) -> dict[str, Json]:
    rules: dict[str, Json] = {key: _consensus(found, "verdict") for key, found in release.rule_gold.items()}
    first_votes: list[Json] = list(release.first_votes)
    return {**_consensus(release.gold, "code"), "rules": rules, "first_votes": first_votes}


def _consensus(found: Consensus, name: str) -> dict[str, Json]:
    return {name: found.value, "basis": found.basis.value, "votes": found.votes, "agreeing": found.agreeing}


def _label(label: Label) -> dict[str, Json]:
    value: dict[str, Json] = {
        "rater": label.rater,
        "kind": "human",
        "label_id": label.label_id,
        "stage": label.stage.value,
        "exposure": label.exposure.value,
        "round": label.round,
        "made_at": label.made_at,
        "active_ms": label.active_ms,
        "supersedes": label.supersedes,
        "seen_judgement_id": label.seen_judgement_id,
        "shown": int(label.shown),
        "viewed": label.viewed,
        "verdicts_seen": label.verdicts_seen,
        "guidelines_sha": label.guidelines_sha,
        "codebook_sha": label.codebook_sha,
        "origin": label.origin,
        "seq": label.seq,
    }
    return value | _decision(label.decision)


def _decision(decision: Decision | None) -> dict[str, Json]:
    if decision is None:
        return {"code": None}
    evidence: list[Json] = [
        {"section": span.section.value, "start": span.start, "end": span.end, "quote": span.quote}
        for span in decision.evidence
    ]
    return {
        "code": decision.code,
        "ticks": list(decision.ticks),
        "second_code": decision.second_code,
        "evidence": evidence,
        "note": decision.note,
        "cannot_reason": decision.cannot_reason,
    }


def _reported(release: PairRelease) -> list[Json]:
    return [
        {"rater": reported.reporter, "kind": reported.kind.value, reported.field: reported.value}
        for reported in release.reported
    ]


def _assignment(rater: str, assignment: Assignment) -> dict[str, Json]:
    return {
        "rater": rater,
        "round": assignment.round,
        "ord": assignment.ord,
        "weight": assignment.weight,
        "draw_u": assignment.draw_u,
        "exposure": assignment.exposure.value,
        "exposure_drawn": assignment.exposure_drawn.value,
        "exposure_probability": assignment.exposure_probability,
        "reveal_when": assignment.reveal_when.value,
        "sham": assignment.is_sham,
        "highlights": assignment.has_highlights,
        "judge_id": assignment.judge_id,
    }


def _judgement(stored: StoredJudgement) -> dict[str, Json]:
    judgement = stored.judgement
    quotes: list[Json] = [
        {
            "quote": quote.quote,
            "section": quote.section.value if quote.section else None,
            "start": quote.start,
            "end": quote.end,
            "role": quote.role,
        }
        for quote in judgement.quotes
    ]
    seen: list[Json] = [[part.section.value, part.start, part.end] for part in judgement.seen]
    return {
        "judgement_id": stored.judgement_id,
        "judge_id": stored.judge_id,
        "sample_no": stored.sample_no,
        "state": judgement.state.value,
        "code": judgement.code,
        "confidence": judgement.confidence,
        "ticks": list(judgement.ticks),
        "quotes": quotes,
        "rationale": judgement.rationale,
        "seen": seen,
        "suspect": list(judgement.suspect),
        "detail": judgement.detail,
        "made_at": stored.made_at,
    }
