"""Texts that a study keeps whole: codebook, guidelines, prompts."""

import hashlib
import sqlite3

from annotator_db.rows import utc_now


class DocumentTable:
    """Documents by the hash of their text; the caller holds the transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def ensure(self, kind: str, body: str) -> str:
        """Keep a text; return its SHA-256."""
        sha = hashlib.sha256(body.encode()).hexdigest()
        self._connection.execute(
            "insert into document (sha, kind, body, added_at) values (?, ?, ?, ?) on conflict (sha) do nothing",
            (sha, kind, body, utc_now()),
        )
        return sha

    def body(self, sha: str) -> str | None:
        """Return a text by its hash."""
        row = self._connection.execute("select body from document where sha = ?", (sha,)).fetchone()
        return row[0] if row else None
