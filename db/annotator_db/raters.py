"""The raters of a study."""

import sqlite3
from dataclasses import dataclass

from annotator_db.rows import utc_now


@dataclass(frozen=True, slots=True)
class Rater:
    """A person who labels, or whose labels came with a file."""

    rater_id: int
    key: str
    name: str
    kind: str


def rater_key(name: str) -> str:
    """Fold a name: `Ann Lee`, `ann lee` and `annlee` are one rater."""
    return "".join(name.casefold().split())


class RaterTable:
    """Reads and adds raters; the caller holds the transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def find(self, name: str) -> Rater | None:
        """Return the rater of that name, compared without case and white space."""
        row = self._connection.execute(
            "select rater_id, rater_key, name, kind from rater where rater_key = ?", (rater_key(name),)
        ).fetchone()
        return Rater(*row) if row else None

    def all(self) -> list[Rater]:
        """Return every rater in the order of their coming."""
        rows = self._connection.execute("select rater_id, rater_key, name, kind from rater order by rater_id")
        return [Rater(*row) for row in rows]

    def ensure(self, name: str, kind: str = "human") -> Rater:
        """Return the rater of that name; add them where they are new.

        A rater known from a file who labels here becomes `human`.
        """
        rater = self.find(name)
        if rater is None:
            self._connection.execute(
                "insert into rater (rater_key, name, kind, added_at) values (?, ?, ?, ?)",
                (rater_key(name), " ".join(name.split()), kind, utc_now()),
            )
        elif kind == "human" and rater.kind != "human":
            self._connection.execute("update rater set kind = 'human' where rater_id = ?", (rater.rater_id,))
        found = self.find(name)
        assert found is not None
        return found
