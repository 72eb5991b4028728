"""What is asked of a model, and with how much patience."""

from collections.abc import Mapping
from dataclasses import dataclass

from annotator.domain.pair import Json


@dataclass(frozen=True, slots=True)
class MessageRequest:
    """What to ask of a model."""

    model: str
    system: str
    user: str
    max_tokens: int
    reply_schema: Mapping[str, Json] | None = None
    """The JSON schema that the server must keep its reply to; None where the server has no such thing."""
    is_system_cached: bool = False
    """Whether the server is asked to keep the system text for the next requests."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on trying."""

    attempts: int = 6
    timeout_s: float = 180.0
    """For one attempt."""
    longest_wait_s: float = 120.0
    """Between two attempts, whatever the server asks for: a `retry-after` of an hour would sleep unseen."""
