"""The client against a server that fails in every way that servers do; the SDK is the real one."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.errors import JudgeRunStoppedError, JudgeSetupError
from annotator.llm.messages import MessagesClient
from annotator.llm.reply import NO_ANSWER
from annotator.llm.request import MessageRequest, Patience
from tests.llm.loopback import (
    BROKEN,
    OVERLOADED,
    RESET,
    TOO_MANY,
    USAGE,
    Loopback,
    Scripted,
    fails,
    forget_credentials,
    says,
)

AT_ONCE = Patience(attempts=4, timeout_s=10.0, longest_wait_s=0.01)
REQUEST = MessageRequest(model="claude-haiku-5-5", system="Judge.", user="A pair.", max_tokens=64)


def client_of(loopback: Loopback, patience: Patience = AT_ONCE) -> MessagesClient:
    return MessagesClient(loopback.url, patience)


async def test_a_reply_comes_back_as_it_was_sent_with_its_cost(loopback: Loopback) -> None:
    scripted = says("hello")
    loopback.plays(scripted)
    reply = await client_of(loopback).send(REQUEST)
    assert reply.body == scripted.body
    assert (reply.status, reply.request_id, reply.usage) == (200, "req_ok", USAGE)
    assert [(attempt.status, attempt.usage) for attempt in reply.attempts] == [(200, USAGE)]
    assert reply.sent_at.endswith("+00:00")


async def test_a_body_that_is_no_json_is_kept_all_the_same(loopback: Loopback) -> None:
    loopback.plays(Scripted(200, b"<html>gateway</html>"))
    reply = await client_of(loopback).send(REQUEST)
    assert (reply.body, reply.status, reply.usage) == (b"<html>gateway</html>", 200, None)


@pytest.mark.parametrize("trouble", [TOO_MANY, OVERLOADED, BROKEN, RESET], ids=["429", "529", "500", "reset"])
async def test_trouble_that_passes_is_tried_again_and_every_attempt_is_told(
    loopback: Loopback, trouble: Scripted
) -> None:
    loopback.plays(trouble, trouble, says("at last"))
    reply = await client_of(loopback).send(REQUEST)
    assert reply.status == 200
    assert [attempt.status for attempt in reply.attempts] == [trouble.status, trouble.status, 200]
    assert [attempt.usage for attempt in reply.attempts] == [None, None, USAGE]
    assert len(loopback.requests) == 3


async def test_patience_ends_and_the_last_answer_is_what_comes_back(loopback: Loopback) -> None:
    loopback.plays(OVERLOADED)
    reply = await client_of(loopback).send(REQUEST)
    assert (reply.status, len(reply.attempts), len(loopback.requests)) == (529, 4, 4)
    assert b"Overloaded" in reply.body


async def test_a_server_that_never_answers_is_no_error_of_the_program(loopback: Loopback) -> None:
    loopback.plays(RESET)
    reply = await client_of(loopback).send(REQUEST)
    assert (reply.body, reply.status) == (b"", NO_ANSWER)
    assert [attempt.status for attempt in reply.attempts] == [NO_ANSWER] * 4


@pytest.mark.parametrize("retry_after", ["3600", "Wed, 21 Oct 2099 07:28:00 GMT", "soon", ""])
async def test_no_server_makes_a_request_sleep_longer_than_patience_allows(
    loopback: Loopback, retry_after: str
) -> None:
    loopback.plays(fails(429, "rate_limit_error", "slow down", retry_after=retry_after), says("at last"))
    reply = await asyncio.wait_for(client_of(loopback).send(REQUEST), timeout=8)
    assert reply.status == 200


async def test_a_request_that_the_server_calls_bad_is_sent_once(loopback: Loopback) -> None:
    loopback.plays(fails(400, "invalid_request_error", "prompt is too long"))
    reply = await client_of(loopback).send(REQUEST)
    assert (reply.status, len(loopback.requests)) == (400, 1)


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (fails(401, "authentication_error", "invalid x-api-key"), "does not accept the API key (401)"),
        (fails(403, "permission_error", "not for you"), "does not let this key in (403): not for you"),
        (fails(404, "not_found_error", "model: gone-1"), "does not know the model 'claude-haiku-5-5' (404)"),
        (fails(402, "billing_error", "pay first"), "has reached its limit of money (402): pay first"),
        (
            fails(429, "rate_limit_error", "monthly cap", code="enforced_spend_limit_reached"),
            "has reached its limit of money (429): monthly cap",
        ),
        (
            fails(400, "invalid_request_error", "Your credit balance is too low"),
            "has reached its limit of money (400): Your credit balance is too low",
        ),
    ],
    ids=["401", "403", "404", "402", "spend limit", "credit"],
)
async def test_a_refusal_that_every_pair_would_meet_stops_the_run_with_one_sentence(
    loopback: Loopback, refusal: Scripted, said: str
) -> None:
    loopback.plays(refusal)
    with pytest.raises(JudgeRunStoppedError) as stopped:
        await client_of(loopback).send(REQUEST)
    assert said in str(stopped.value)
    assert loopback.host in str(stopped.value)
    assert "\n" not in str(stopped.value)
    assert len(loopback.requests) == 1


async def test_what_a_server_says_cannot_act_on_the_terminal(loopback: Loopback) -> None:
    loopback.plays(fails(403, "permission_error", "\x1b]52;c;ZXZpbA==\x07 no"))
    with pytest.raises(JudgeRunStoppedError) as stopped:
        await client_of(loopback).send(REQUEST)
    assert "\x1b" not in str(stopped.value)


async def test_without_a_key_one_sentence_says_what_to_set(loopback: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    with pytest.raises(JudgeSetupError, match="no API key was found: set ANTHROPIC_API_KEY"):
        await client_of(loopback).send(REQUEST)
    assert loopback.requests == []


async def test_a_profile_that_cannot_be_read_is_named(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.setenv("ANTHROPIC_CONFIG_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(JudgeSetupError, match=r"no API key was found .*nowhere.*: set ANTHROPIC_API_KEY"):
        await client_of(loopback).send(REQUEST)


async def test_a_profile_of_the_machine_cannot_send_texts_to_a_host_that_was_not_named(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(JudgeSetupError, match=f"sends to {loopback.host}, not to api.anthropic.com"):
        await MessagesClient("https://api.anthropic.com", AT_ONCE).send(REQUEST)
    assert loopback.requests == []


async def test_requests_under_way_share_connections_and_the_last_closes_them(loopback: Loopback) -> None:
    loopback.plays(says("hello"))
    client = client_of(loopback)
    replies = await asyncio.gather(*(client.send(REQUEST) for _ in range(20)))
    assert [reply.status for reply in replies] == [200] * 20
    again = await client.send(REQUEST)
    assert again.status == 200


def test_one_client_serves_one_event_loop_after_another(loopback: Loopback) -> None:
    loopback.plays(says("hello"))
    client = client_of(loopback)
    assert [asyncio.run(client.send(REQUEST)).status for _ in range(2)] == [200, 200]


async def test_a_cancelled_request_leaves_nothing_open(loopback: Loopback) -> None:
    loopback.plays(fails(429, "rate_limit_error", "slow down", retry_after="60"))
    client = client_of(loopback, Patience(attempts=3, longest_wait_s=60.0))
    request = asyncio.create_task(client.send(REQUEST))
    while not loopback.requests:
        await asyncio.sleep(0)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request


async def test_the_request_holds_what_was_asked_and_no_knob_that_the_api_refuses(loopback: Loopback) -> None:
    loopback.plays(says("hello"))
    schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    request = MessageRequest("m", "Judge.", "A pair.", 64, reply_schema=schema, is_system_cached=True)
    await client_of(loopback).send(request)
    assert loopback.requests[0] == {
        "model": "m",
        "max_tokens": 64,
        "system": [{"type": "text", "text": "Judge.", "cache_control": {"type": "ephemeral"}}],
        "messages": [{"role": "user", "content": "A pair."}],
        "output_config": {"format": {"type": "json_schema", "schema": schema}},
    }
    assert any("a-key-for-tests" in value for value in loopback.headers[0].values())


async def test_a_server_without_schemas_is_not_sent_one(loopback: Loopback) -> None:
    loopback.plays(says("hello"))
    await client_of(loopback).send(REQUEST)
    assert set(loopback.requests[0]) == {"model", "max_tokens", "system", "messages"}
    assert loopback.requests[0]["system"] == [{"type": "text", "text": "Judge."}]


def test_the_sdk_is_loaded_by_the_first_request_and_not_before(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forget_credentials(monkeypatch, tmp_path)
    program = (
        "import sys; from annotator.llm.messages import MessagesClient; MessagesClient('http://127.0.0.1:1');"
        "print(sorted({'anthropic', 'pydantic', 'httpx2', 'aiohttp'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
