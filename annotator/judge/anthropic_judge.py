"""A language model as judge, asked through the Messages API, one request a pair."""

import json
import secrets
from typing import Final

from pydantic import BaseModel, ValidationError

from annotator.domain.codebook import Codebook
from annotator.domain.display import display_line
from annotator.domain.judgement import JudgeConfig, Judgement, JudgementState
from annotator.domain.pair import Section
from annotator.judge.evidence import SUSPECT_CONFIDENCE, locate, suspicions
from annotator.judge.reply_form import RATIONALE_WORDS, ReplyForm, UnreadableReplyError, read_reply, reply_schema
from annotator.judge.rubric import RUBRIC, render_rubric
from annotator.judge.shown import SECTION_LIMIT, pair_block, shown_section
from annotator.judge.view import JudgeView
from annotator.llm.endpoint import ANTHROPIC_URL, base_url, host_of_url, is_anthropic, public_url
from annotator.llm.messages import MessagesClient
from annotator.llm.reply import NO_ANSWER, RawReply
from annotator.llm.request import MessageRequest, Patience

MAX_TOKENS: Final = 8192
"""Of a reply, thinking included: a judge that thinks must not be cut off before its verdict."""

_OK: Final = 200
_MOST_QUOTES: Final = 8
_DETAIL_WIDTH: Final = 240
_CUT_OFF: Final = frozenset({"max_tokens", "model_context_window_exceeded"})


class AnthropicJudge:
    """Asks a model by the study's codebook, and checks each of its quotes against the text."""

    def __init__(
        self,
        codebook: Codebook,
        *,
        model: str,
        with_contrast: bool = False,
        keeps_to_schema: bool | None = None,
        patience: Patience | None = None,
    ) -> None:
        """Set up the judge; nothing is sent, and the SDK is not loaded.

        Args:
            codebook: What is asked.
            model: The model's name, as the server knows it.
            with_contrast: Whether the other arm's reasoning is shown too. It gives away whether the answer switched.
            keeps_to_schema: Whether the server keeps its reply to a JSON schema; by default only Anthropic's is
                believed to. To others the schema is told in the prompt, and their reply is read leniently.
            patience: How long to try.
        """
        url = base_url()
        self._keeps_to_schema = is_anthropic(url) if keeps_to_schema is None else keeps_to_schema
        self._with_contrast = with_contrast
        self._schema = reply_schema(codebook)
        self._client = MessagesClient(url, patience)
        self._model = model
        instructions = render_rubric(codebook, with_contrast=with_contrast)
        if not self._keeps_to_schema:
            instructions += f"\nThe object keeps to this JSON schema:\n\n{json.dumps(self._schema, indent=1)}\n"
        self._instructions = instructions
        self.config = JudgeConfig(
            name=model,
            kind="anthropic",
            model=model,
            base_url=None if url.rstrip("/") == ANTHROPIC_URL else public_url(url),
            prompt_text=instructions,
            parameters={
                "rubric": RUBRIC,
                "max_tokens": MAX_TOKENS,
                "contrast": with_contrast,
                "schema": "kept" if self._keeps_to_schema else "told",
                "section_limit": SECTION_LIMIT,
            },
        )

    async def ask(self, view: JudgeView) -> RawReply:
        """Send one pair.

        Raises:
            JudgeSetupError: There is no key.
            JudgeRunStoppedError: The server refuses the key, the model or the account.
        """
        request = MessageRequest(
            model=self._model,
            system=self._instructions,
            user=pair_block(view, secrets.token_hex(8), with_contrast=self._with_contrast),
            max_tokens=MAX_TOKENS,
            reply_schema=self._schema if self._keeps_to_schema else None,
            is_system_cached=self._keeps_to_schema,
        )
        return await self._client.send(request)

    def read(self, raw: RawReply, view: JudgeView) -> Judgement:
        """Read a reply; what is not one clear answer in the form gets no code."""
        if raw.status != _OK:
            return Judgement(JudgementState.ERROR, detail=self._failure(raw))
        try:
            message = _Message.model_validate_json(raw.body)
        except ValidationError:
            return self._unread(JudgementState.UNPARSED, "the reply is not a message of the Messages API")
        if message.stop_reason == "refusal":
            category = message.stop_details.category if message.stop_details else None
            reason = f" ({display_line(category, _DETAIL_WIDTH)})" if category else ""
            return self._unread(JudgementState.REFUSED, f"the judge refused to answer{reason}")
        if message.stop_reason in _CUT_OFF:
            return self._unread(JudgementState.TRUNCATED, f"the reply was cut off ({message.stop_reason})")
        text = "".join(block.text for block in message.content if block.type == "text" and block.text)
        try:
            form = read_reply(text, view.codebook, leniently=not self._keeps_to_schema)
        except UnreadableReplyError as error:
            detail = f"the reply is not in the form asked for: {display_line(str(error), _DETAIL_WIDTH)}"
            return self._unread(JudgementState.UNPARSED, detail)
        return self._judgement(form, view)

    def _judgement(self, form: ReplyForm, view: JudgeView) -> Judgement:
        code = view.codebook.code(form.code)
        quotes = tuple(
            locate(view, item.quote, Section(item.section), item.role) for item in form.evidence[:_MOST_QUOTES]
        )
        known_ticks = [tick.key for tick in view.codebook.ticks]
        suspect = suspicions(view, code, quotes)
        if unknown := [tick for tick in form.ticks if tick not in known_ticks]:
            suspect = (*suspect, f"its tick {display_line(unknown[0], _DETAIL_WIDTH)!r} is not of the codebook")
        return Judgement(
            state=JudgementState.OK,
            code=code.key,
            confidence=min(form.confidence, SUSPECT_CONFIDENCE) if suspect else form.confidence,
            ticks=tuple(tick for tick in known_ticks if tick in form.ticks),
            quotes=quotes,
            rationale=_at_most_words(form.rationale, RATIONALE_WORDS),
            seen=tuple(shown for section in Section for shown in shown_section(view, section).seen),
            suspect=suspect,
        )

    def _unread(self, state: JudgementState, detail: str) -> Judgement:
        return Judgement(state, detail=detail)

    def _failure(self, raw: RawReply) -> str:
        """Say in one sentence why there is no answer."""
        host = host_of_url(self.config.base_url or ANTHROPIC_URL)
        tries = f" after {len(raw.attempts)} attempts" if len(raw.attempts) > 1 else ""
        if raw.status == NO_ANSWER:
            return f"{host} did not answer{tries}"
        try:
            said = _Refusal.model_validate_json(raw.body).error.message
        except ValidationError:
            said = ""
        return f"{host} answered {raw.status}{tries}" + (f": {display_line(said, _DETAIL_WIDTH)}" if said else "")


class _Block(BaseModel):
    type: str
    text: str | None = None


class _StopDetails(BaseModel):
    category: str | None = None


class _Message(BaseModel):
    """The part of a message that is read; servers differ in the rest."""

    content: list[_Block]
    stop_reason: str | None = None
    stop_details: _StopDetails | None = None


class _Error(BaseModel):
    message: str


class _Refusal(BaseModel):
    error: _Error


def _at_most_words(text: str, most: int) -> str:
    words = text.split()
    return text.strip() if len(words) <= most else " ".join(words[:most]) + " …"
