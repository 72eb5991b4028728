"""Agreement of a study's first votes: for each rule, for the codes, each code against the rest, codes merged."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from annotator.domain.agreement_report import AgreementBlock, AgreementReport, View
from annotator.domain.codebook import Codebook, Rule, Verdict
from annotator.domain.codebook_file import parse_codebook
from annotator.errors import AnnotatorError
from annotator.statistics.agreement import agreement
from annotator.statistics.arrays import IntArray
from annotator.statistics.recoding import category_against_rest, merge_categories
from annotator_db.store import Store
from annotator_db.votes import Vote


def study_agreement(
    study_path: Path, *, rule: str | None = None, resamples: int = 2000, seed: int | None = None
) -> AgreementReport:
    """Compute the agreement of a study; works on a read-only study too.

    Args:
        study_path: The study.
        rule: Only this rule instead of every view.
        resamples: Of the bootstrap over questions.
        seed: By default the study's own, so that the same study gives the same intervals.

    Raises:
        AnnotatorError: The codebook has no such rule.
    """
    with Store.open(study_path) as store, store.reading():
        study = store.study()
        codebook = parse_codebook(study.codebook_text, "the study's codebook")
        votes = store.votes.first_votes()
        left_out = store.votes.left_out()
    return agreement_of(
        votes,
        codebook,
        study=study_path.name,
        left_out=left_out,
        rule=rule,
        resamples=resamples,
        seed=study.seed if seed is None else seed,
    )


def agreement_of(
    votes: Sequence[Vote],
    codebook: Codebook,
    *,
    study: str,
    left_out: dict[str, int],
    rule: str | None,
    resamples: int,
    seed: int,
) -> AgreementReport:
    """Compute the agreement of votes; the arguments are those of `study_agreement`."""
    known = [candidate.key for candidate in codebook.rules]
    if rule is not None and rule not in known:
        raise AnnotatorError(f"--rule is {rule!r}; the codebook {codebook.name!r} has: {', '.join(known)}")
    table = _VoteTable(votes)
    strata: list[str | None] = [None, *sorted(set(table.hint_types))] if len(set(table.hint_types)) > 1 else [None]
    blocks: list[AgreementBlock] = []
    for view in _views(table, codebook, rule):
        for hint_type in strata:
            blocks.append(view.block(hint_type, resamples, seed))
    return AgreementReport(
        study=study,
        codebook=codebook.name,
        raters=tuple(table.raters),
        first_votes=len(votes),
        left_out=left_out,
        blocks=tuple(blocks),
        seed=seed,
        resamples=resamples,
    )


class _VoteTable:
    """Votes as an array's frame: raters in rows, pairs in columns."""

    def __init__(self, votes: Sequence[Vote]) -> None:
        self.votes = votes
        self.raters = list(dict.fromkeys(vote.rater for vote in votes))
        self.raters.sort()
        places = {pos: column for column, pos in enumerate(dict.fromkeys(vote.pos for vote in votes))}
        row_of = {rater: row for row, rater in enumerate(self.raters)}
        self.shape = (len(self.raters), len(places))
        self.cells = [(row_of[vote.rater], places[vote.pos]) for vote in votes]
        self.hint_types = [""] * len(places)
        question_numbers: dict[str, int] = {}
        questions = [0] * len(places)
        for vote in votes:
            column = places[vote.pos]
            self.hint_types[column] = vote.hint_type
            questions[column] = question_numbers.setdefault(vote.question_sha, len(question_numbers))
        self.questions: IntArray = np.array(questions, dtype=np.int64)

    def filled(self, values: Sequence[int]) -> IntArray:
        """Return an array with one value for each vote, -1 elsewhere; shape (raters, pairs)."""
        codes: IntArray = np.full(self.shape, -1, dtype=np.int64)
        for (row, column), value in zip(self.cells, values, strict=True):
            codes[row, column] = value
        return codes


@dataclass(frozen=True, slots=True)
class _LabelView:
    """One way of looking at the votes, as integer codes."""

    table: _VoteTable
    view: View
    key: str
    title: str
    codes: IntArray
    n_categories: int

    def block(self, hint_type: str | None, resamples: int, seed: int) -> AgreementBlock:
        columns = np.array([hint_type in (None, found) for found in self.table.hint_types], dtype=np.bool_)
        codes = self.codes[:, columns] if len(self.table.hint_types) else self.codes
        votes_here = sum(bool(columns[column]) for _, column in self.table.cells)
        return AgreementBlock(
            view=self.view,
            key=self.key,
            title=self.title,
            hint_type=hint_type,
            agreement=agreement(
                codes,
                questions=self.table.questions[columns] if len(self.table.hint_types) else self.table.questions,
                n_categories=self.n_categories,
                rater_names=self.table.raters,
                resamples=resamples,
                seed=seed,
            ),
            without_verdict=votes_here - int((codes >= 0).sum()),
        )


def _views(table: _VoteTable, codebook: Codebook, only_rule: str | None) -> list[_LabelView]:
    rules = [rule for rule in codebook.rules if only_rule in (None, rule.key)]
    views = [_LabelView(table, View.RULE, rule.key, rule.title, _verdicts(table, codebook, rule), 2) for rule in rules]
    if only_rule is not None:
        return views
    substantive = [code.key for code in codebook.codes if code.has_verdict]
    everything = [code.key for code in codebook.codes]
    codes = _codes(table, substantive)
    all_codes = _codes(table, everything)
    views.append(_LabelView(table, View.CODES, "", "the codes", codes, len(substantive)))
    if len(everything) > len(substantive):
        title = "the codes, with what cannot be coded as one of them"
        views.append(_LabelView(table, View.CODES_WITH_CANNOT, "", title, all_codes, len(everything)))
    for number, key in enumerate(everything):
        against = category_against_rest(all_codes, number)
        views.append(_LabelView(table, View.CODE_AGAINST_REST, key, f"{key} against the rest", against, 2))
    for group in codebook.merges:
        merged = [key for key in group if key in substantive]
        if len(merged) < 2:
            continue
        groups = [[substantive.index(key) for key in merged]]
        groups += [[number] for number, key in enumerate(substantive) if key not in merged]
        title = f"the codes, {' and '.join(merged)} taken as one"
        views.append(
            _LabelView(table, View.MERGED, "+".join(merged), title, merge_categories(codes, groups), len(groups))
        )
    return views


def _verdicts(table: _VoteTable, codebook: Codebook, rule: Rule) -> IntArray:
    number = {Verdict.YES: 1, Verdict.NO: 0, Verdict.NONE: -1}
    return table.filled([number[codebook.verdict(rule, vote.decision)] for vote in table.votes])


def _codes(table: _VoteTable, keys: Sequence[str]) -> IntArray:
    number = {key: index for index, key in enumerate(keys)}
    return table.filled([number.get(vote.decision.code, -1) for vote in table.votes])
