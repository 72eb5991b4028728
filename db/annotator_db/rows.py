"""Rows as SQLite gives them, and the few conversions that every table needs."""

import json
from datetime import UTC, datetime
from typing import Any, TypeAlias

Row: TypeAlias = tuple[Any, ...]
"""One row; its types are those of the query that made it."""

Columns: TypeAlias = dict[str, Any]
"""Named values of one row or one JSON object."""


def utc_now() -> str:
    """Return the time as UTC text, ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_json(value: Any) -> str:
    """Write a value as compact JSON with its keys in order: equal values give equal texts."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Any:
    """Read a JSON column."""
    return json.loads(text)
