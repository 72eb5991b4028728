"""What came back from a server, raw: to be stored before anyone reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from annotator.domain.pair import Json

NO_ANSWER = 0
"""The status of an attempt that no server answered: a connection that failed or timed out."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One HTTP request: what is paid is paid per attempt."""

    sent_at: str
    """UTC, ISO 8601."""
    status: int
    """The HTTP status, or `NO_ANSWER`."""
    request_id: str | None = None
    usage: Mapping[str, Json] | None = None
    """The tokens as the server counts them; None where it named none."""


@dataclass(frozen=True, slots=True)
class RawReply:
    """The last answer to a request, whatever it is, and all attempts that it took."""

    body: bytes
    """As received; empty where there was no answer, or where nothing was asked of a server."""
    status: int
    """The HTTP status, or `NO_ANSWER`."""
    sent_at: str
    """When the last attempt was sent: UTC, ISO 8601."""
    request_id: str | None = None
    usage: Mapping[str, Json] | None = None
    attempts: tuple[Attempt, ...] = ()
    """In order; the last is the one that `body` answers. Empty where nothing was asked of a server."""


def utc_now() -> str:
    """Return the time as the program writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
