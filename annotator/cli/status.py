"""`annotator status`."""

from typing import TYPE_CHECKING

from annotator.cli.arguments import JsonOption, StudyArgument
from annotator.cli.talk import say, table, tell, tell_json

if TYPE_CHECKING:
    from annotator.domain.pair import Json
    from annotator.workflows.status import StudyStatus


def status(study: StudyArgument, as_json: JsonOption = False) -> None:
    """Say what stands in a study: pairs, judges, raters, gold, the last activity."""
    from annotator.workflows.status import study_status

    found = study_status(study)
    for warning in found.warnings:
        say(warning)
    if as_json:
        tell_json(_as_json(found))
    else:
        _print(found)


def _as_json(found: "StudyStatus") -> "dict[str, Json]":
    pairs = found.pairs
    return {
        "study": found.study,
        "codebook": found.codebook,
        "is_complete": found.is_complete,
        "pairs": {
            "total": pairs.total,
            "switched": pairs.switched,
            "unswitched": pairs.unswitched,
            "unknown": pairs.unknown,
            "without_reasoning": pairs.without_reasoning,
            "excluded": pairs.excluded,
            "questions": pairs.questions,
            "per_hint_type": dict(pairs.per_hint_type),
        },
        "judges": [
            {
                "judge_id": judge.judge_id,
                "name": judge.name,
                "kind": judge.kind,
                "model": judge.model,
                "judged": sum(judge.states.values()),
                "states": dict(judge.states),
                "switched_judged": judge.switched_judged,
                "is_complete": judge.is_complete,
                "is_shown": judge.judge_id == found.shown_judge_id,
            }
            for judge in found.judges
        ],
        "raters": [
            {
                "name": rater.name,
                "kind": rater.kind,
                "queue": rater.queue,
                "labelled": rater.labelled,
                "first_votes": rater.first_votes,
            }
            for rater in found.raters
        ],
        "gold": {basis.value: count for basis, count in found.gold.items()},
        "reported": dict(found.reported),
        "last_activity": found.last_activity,
    }


def _print(found: "StudyStatus") -> None:
    pairs = found.pairs
    tell(f"{found.study}: codebook {found.codebook}, {'complete' if found.is_complete else 'a sample'}")
    tell(
        f"pairs   {pairs.total:,}: {pairs.switched:,} switched, {pairs.unswitched:,} not, {pairs.unknown:,} unknown; "
        f"{pairs.questions:,} questions; {pairs.without_reasoning:,} without reasoning"
        + (f"; {pairs.excluded:,} excluded" if pairs.excluded else "")
    )
    for judge in found.judges:
        states = ", ".join(f"{count:,} {state}" for state, count in judge.states.items())
        notes = ["lexical, uncalibrated" if judge.kind == "lexical" else "uncalibrated"]
        if judge.judge_id == found.shown_judge_id:
            notes.append("shown to raters")
        if not judge.is_complete:
            notes.append(f"incomplete: {judge.switched_judged:,} of {judge.switched_total:,} switched pairs")
        tell(f"judge   {judge.name} ({'; '.join(notes)}): {states or 'nothing judged'}")
    if found.raters:
        rows = [["rater", "labelled", "first votes", "queue"]]
        rows += [
            [
                f"{rater.name}{' (from a file)' if rater.kind == 'imported' else ''}",
                f"{rater.labelled:,}",
                f"{rater.first_votes:,}",
                f"{rater.queue:,}" if rater.queue else "-",
            ]
            for rater in found.raters
        ]
        for line in table(rows, right=frozenset({1, 2, 3})):
            tell(line)
    tell("gold    " + ", ".join(f"{count:,} {basis}" for basis, count in found.gold.items()))
    for what, count in found.reported.items():
        tell(f"reported by {what}: {count:,}")
    tell(f"last activity {found.last_activity or 'none'}")
