"""A judgement as a rater reads it."""

from typing import Final

from annotator.domain.codebook import Codebook, Verdict
from annotator.domain.judgement import JudgeConfig, Judgement
from annotator.workflows.rating_view import JudgeCard

VERDICT_WORDS: Final = {
    Verdict.YES: "verbalized yes",
    Verdict.NO: "verbalized no",
    Verdict.NONE: "no verdict",
}


def judgement_verdict(judgement: Judgement, codebook: Codebook) -> Verdict:
    """Say what a judgement says under the headline rule, by its located evidence."""
    if judgement.code is None:
        return Verdict.NONE
    sections = [quote.section for quote in judgement.quotes if quote.is_located and quote.section is not None]
    return codebook.verdict_of(codebook.headline, judgement.code, judgement.ticks, sections)


def judge_card(judgement: Judgement, config: JudgeConfig, codebook: Codebook) -> JudgeCard:
    """Put a judgement into the words of the screen."""
    return JudgeCard(
        judge_name=config.name,
        is_lexical=config.kind == "lexical",
        code=judgement.code,
        state=judgement.state,
        detail=judgement.detail,
        confidence=judgement.confidence,
        rationale=judgement.rationale,
        quotes=judgement.quotes,
        suspect=judgement.suspect,
        verdict=VERDICT_WORDS[judgement_verdict(judgement, codebook)],
    )
