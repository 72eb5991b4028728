"""Send one request to the Messages API and bring back what came, raw, with every attempt that it took."""

import asyncio
import json
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, cast

from annotator.domain.display import display_line
from annotator.domain.pair import Json
from annotator.errors import JudgeRunStoppedError, JudgeSetupError
from annotator.llm.endpoint import host_of_url
from annotator.llm.reply import NO_ANSWER, Attempt, RawReply, utc_now
from annotator.llm.request import MessageRequest, Patience

if TYPE_CHECKING:
    from anthropic import APIStatusError, AsyncAnthropic
    from anthropic.types import MessageParam, OutputConfigParam, TextBlockParam

_TRY_AGAIN: Final = frozenset({408, 409, 429})
_FIRST_BACKOFF_S: Final = 0.5
_LONGEST_BACKOFF_S: Final = 30.0
_API_MESSAGE_WIDTH: Final = 200


class MessagesClient:
    """Sends requests through the SDK, which is loaded by the first; it holds connections only while one is under way.

    The SDK's own retries are off: they are invisible, sleep as long as a server says, and what they paid for is lost.
    """

    def __init__(self, url: str, patience: Patience | None = None) -> None:
        self._url = url
        self._host = host_of_url(url)
        self._patience = patience or Patience()
        self._sdk: AsyncAnthropic | None = None
        self._under_way = 0

    async def send(self, request: MessageRequest) -> RawReply:
        """Send a request until it is answered, refused for good, or patience ends; return the last answer.

        Raises:
            JudgeSetupError: There is no key, or the SDK would send elsewhere than announced.
            JudgeRunStoppedError: No other request to this server would fare better.
        """
        async with self._connection() as sdk:
            attempts: list[Attempt] = []
            while True:
                reply, wait_s = await self._attempt(sdk, request, attempts)
                if wait_s is None or len(attempts) >= self._patience.attempts:
                    return reply
                await asyncio.sleep(min(wait_s, self._patience.longest_wait_s))

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator["AsyncAnthropic"]:
        """Open the SDK's client for the first request under way, and close it after the last."""
        if self._sdk is None:
            self._sdk = self._open()
        sdk = self._sdk
        self._under_way += 1
        try:
            yield sdk
        finally:
            self._under_way -= 1
            if self._under_way == 0:
                # Forgotten first: a request that comes in while this one closes opens its own.
                self._sdk = None
                await sdk.close()

    def _open(self) -> "AsyncAnthropic":
        import anthropic

        try:
            sdk = anthropic.AsyncAnthropic(
                max_retries=0,
                timeout=anthropic.Timeout(self._patience.timeout_s, connect=10.0),
                http_client=anthropic.DefaultAioHttpClient(),
            )
        except anthropic.CredentialsError as error:
            raise _no_key(str(error)) from error
        # A profile on this machine may name another server, which nobody has been told of.
        if host_of_url(str(sdk.base_url)) != self._host:
            elsewhere = host_of_url(str(sdk.base_url))
            raise JudgeSetupError(
                f"the Anthropic profile on this machine sends to {elsewhere}, not to {self._host}; "
                f"set ANTHROPIC_BASE_URL to the one that you want"
            )
        return sdk

    async def _attempt(
        self, sdk: "AsyncAnthropic", request: MessageRequest, attempts: list[Attempt]
    ) -> tuple[RawReply, float | None]:
        """Send once; return what came, and how long to wait before the next attempt, None where there is none."""
        import anthropic

        sent_at = utc_now()
        backoff_s = random.uniform(0, min(_FIRST_BACKOFF_S * 2 ** len(attempts), _LONGEST_BACKOFF_S))
        try:
            raw = await sdk.messages.with_raw_response.create(
                model=request.model,
                max_tokens=request.max_tokens,
                system=_system(request),
                messages=_messages(request),
                output_config=_output_config(request) if request.reply_schema is not None else anthropic.omit,
            )
            body = await raw.read()
        except anthropic.APIStatusError as error:
            attempts.append(Attempt(sent_at, error.status_code, error.request_id))
            self._stop_if_hopeless(error, request.model)
            reply = RawReply(
                error.response.content, error.status_code, sent_at, error.request_id, attempts=tuple(attempts)
            )
            if error.status_code in _TRY_AGAIN or error.status_code >= 500:
                return reply, _retry_after(error.response.headers.get("retry-after"), backoff_s)
            return reply, None
        except anthropic.APIConnectionError:
            attempts.append(Attempt(sent_at, NO_ANSWER))
            return RawReply(b"", NO_ANSWER, sent_at, attempts=tuple(attempts)), backoff_s
        except anthropic.CredentialsError as error:
            raise _no_key(str(error)) from error
        except TypeError as error:
            # This is how the SDK says that it has found no key, before it sends anything.
            if "authentication" not in str(error):
                raise
            raise _no_key() from error
        usage = usage_of(body)
        attempts.append(Attempt(sent_at, raw.status_code, raw.request_id, usage))
        return RawReply(body, raw.status_code, sent_at, raw.request_id, usage, tuple(attempts)), None

    def _stop_if_hopeless(self, error: "APIStatusError", model: str) -> None:
        """Raise where the server refuses this key, this model or this account, and so would refuse any other pair."""
        said = display_line(error.api_message or error.message, _API_MESSAGE_WIDTH)
        kind = f"{error.type or ''} {error.error_code or ''}"
        match error.status_code:
            case 401:
                why = f"{self._host} does not accept the API key (401): {said}; check ANTHROPIC_API_KEY"
            case 403:
                why = f"{self._host} does not let this key in (403): {said}"
            case 404:
                why = f"{self._host} does not know the model {model!r} (404): {said}; check --model"
            case _ if (
                error.status_code == 402 or "billing" in kind or "spend_limit" in kind or "credit balance" in said
            ):
                why = f"the account at {self._host} has reached its limit of money ({error.status_code}): {said}"
            case _:
                return
        raise JudgeRunStoppedError(why) from error


def usage_of(body: bytes) -> dict[str, Json] | None:
    """Return what a reply says it cost in tokens, or None."""
    try:
        message = cast("Json", json.loads(body))
    except ValueError:
        return None
    usage = message.get("usage") if isinstance(message, dict) else None
    return usage if isinstance(usage, dict) else None


def _system(request: MessageRequest) -> "list[TextBlockParam]":
    block: TextBlockParam = {"type": "text", "text": request.system}
    if request.is_system_cached:
        block["cache_control"] = {"type": "ephemeral"}
    return [block]


def _messages(request: MessageRequest) -> "list[MessageParam]":
    return [{"role": "user", "content": request.user}]


def _output_config(request: MessageRequest) -> "OutputConfigParam":
    return {"format": {"type": "json_schema", "schema": dict(request.reply_schema or {})}}


def _retry_after(header: str | None, otherwise_s: float) -> float:
    """Return how long a `retry-after` header, in seconds or as a date, asks to wait, and up to a second more.

    Requests that were turned away together would come back together else.
    """
    if not header:
        return otherwise_s
    try:
        asked_s = float(header)
    except ValueError:
        try:
            asked_s = (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError):
            return otherwise_s
    return max(asked_s, 0.0) + random.uniform(0, min(asked_s, 1.0) if asked_s > 0 else 0.0)


def _no_key(reason: str = "") -> JudgeSetupError:
    detail = f" ({display_line(reason, _API_MESSAGE_WIDTH)})" if reason else ""
    return JudgeSetupError(
        f"no API key was found{detail}: set ANTHROPIC_API_KEY, or take the lexical judge, which needs none"
    )
