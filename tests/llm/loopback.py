"""A fake of `/v1/messages` on this machine, scripted by tests and driven by the real SDK."""

import json
import os
import socket
import struct
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pytest

USAGE: Final = {"input_tokens": 1500, "output_tokens": 150}


@dataclass(frozen=True)
class Scripted:
    """One answer of the fake; `status` 0 resets the connection."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def says(text: str, stop_reason: str = "end_turn", **more: Any) -> Scripted:
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-haiku-5-5",
        "content": [{"type": "text", "text": text}] if text else [],
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": USAGE,
        **more,
    }
    return Scripted(200, json.dumps(message).encode(), {"request-id": "req_ok"})


def answers(answer: Mapping[str, Any]) -> Scripted:
    return says(json.dumps(answer))


def refuses(category: str = "cyber") -> Scripted:
    return says("", "refusal", stop_details={"type": "refusal", "category": category, "explanation": "x"})


def fails(status: int, kind: str, message: str, *, code: str | None = None, **headers: str) -> Scripted:
    error: dict[str, Any] = {"type": kind, "message": message}
    if code:
        error["details"] = {"error_code": code}
    body = {"type": "error", "error": error, "request_id": "req_error"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Scripted(status, json.dumps(body).encode(), {"request-id": "req_error", **named})


TOO_MANY: Final = fails(429, "rate_limit_error", "slow down", retry_after="0")
OVERLOADED: Final = fails(529, "overloaded_error", "Overloaded")
BROKEN: Final = fails(500, "api_error", "Internal server error")
RESET: Final = Scripted(0)


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that hangs up in the middle is what some tests are about."""


class Loopback:
    """The fake server: it plays its script, then the last answer of it again and again, or a new script."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self._script: deque[Scripted] = deque()
        self._lock = threading.Lock()
        self._server = _QuietServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def plays(self, *script: Scripted) -> None:
        self._script = deque(script)

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _next(self, body: bytes, headers: Mapping[str, str]) -> Scripted:
        with self._lock:
            self.requests.append(json.loads(body))
            self.headers.append({name.casefold(): value for name, value in headers.items()})
            return self._script.popleft() if len(self._script) > 1 else self._script[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                scripted = loopback._next(body, dict(self.headers.items()))
                if not scripted.status:
                    # Linger of zero: the connection is reset, not closed in good order.
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.close_connection = True
                    return
                self.send_response(scripted.status)
                for name, value in {"content-type": "application/json", **scripted.headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(scripted.body)))
                self.end_headers()
                self.wfile.write(scripted.body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server names it
                pass

        return Handler


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Loopback]:
    """A fake server to which this process's environment points, with a key and nothing else of the machine's own."""
    forget_credentials(monkeypatch, tmp_path)
    server = Loopback()
    monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "a-key-for-tests")
    yield server
    server.close()


def forget_credentials(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Take away what this machine knows of keys, profiles and proxies."""
    for name in list(os.environ):
        if name.startswith("ANTHROPIC_") or name.lower() in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("HOME", str(home))
