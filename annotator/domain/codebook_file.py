"""Read a codebook from its TOML; every error names file, key and remedy."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Final, cast

from annotator.domain.codebook import RESERVED_KEYS, Code, Codebook, Rule, Tick
from annotator.domain.pair import Section
from annotator.errors import CodebookError

BUILT_IN: Final = ("hint-verbalization", "yes-no")
"""Names of the codebooks that come with the program; the first is the default."""

_KEY: Final = re.compile(r"[\w.-]{1,64}")


def load_codebook(name_or_path: str) -> Codebook:
    """Read a built-in codebook by name, or one from a file.

    Raises:
        CodebookError: Neither a built-in name nor a readable file, or its contents are not a codebook.
    """
    if name_or_path in BUILT_IN:
        text = (resources.files("annotator.domain") / "codebooks" / f"{name_or_path}.toml").read_text("utf-8")
        return parse_codebook(text, name_or_path)
    try:
        return parse_codebook(Path(name_or_path).read_text("utf-8").removeprefix("\ufeff"), name_or_path)
    except OSError as error:
        raise CodebookError(
            f"codebook {name_or_path!r}: {error.strerror or error}; give a TOML file, or one of: {', '.join(BUILT_IN)}"
        ) from error
    except UnicodeDecodeError as error:
        raise CodebookError(f"codebook {name_or_path!r}: not UTF-8 text at byte {error.start}") from error


def parse_codebook(text: str, source: str) -> Codebook:
    """Read a codebook from TOML text.

    Args:
        text: The TOML.
        source: What to call it in errors.

    Raises:
        CodebookError: With source, key, value and remedy.
    """
    try:
        table = _Table(tomllib.loads(text), source, "")
    except tomllib.TOMLDecodeError as error:
        raise CodebookError(f"{source}: not TOML: {error}") from error
    except RecursionError as error:
        raise CodebookError(f"{source}: lists are nested too deeply; expected at most lists of lists") from error
    codes = tuple(_code(entry) for entry in table.tables("code"))
    ticks = tuple(_tick(entry) for entry in table.tables("tick"))
    rules = tuple(_rule(entry) for entry in table.tables("rule"))
    codebook = Codebook(
        name=table.text("name"),
        version=table.text("version"),
        title=table.text("title"),
        intro=table.text("intro", ""),
        codes=codes,
        ticks=ticks,
        rules=rules,
        merges=tuple(tuple(group) for group in table.text_lists("merge")),
        text=text,
    )
    _check(codebook, source)
    table.refuse_unknown("code", "tick", "rule")
    return codebook


class _Table:
    """A TOML table that knows where it stands, and which of its keys have been read."""

    def __init__(self, values: Mapping[str, object], source: str, place: str) -> None:
        self.values = values
        self.place = f"{source}: {place}" if place else source
        self._source = source
        self._read: set[str] = set()

    def text(self, key: str, default: str | None = None) -> str:
        self._read.add(key)
        value = self.values.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            given = "is missing" if key not in self.values else f"is {value!r}"
            raise CodebookError(f"{self.place}: {key!r} {given}; expected text")
        return value.strip()

    def key(self) -> str:
        """Return the table's own key: a word, since labels, files and the line session write it between spaces."""
        value = self.text("key")
        if not _KEY.fullmatch(value):
            raise CodebookError(f"{self.place}: 'key' is {value!r}; expected one word of letters, digits, _ . -")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        self._read.add(key)
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            raise CodebookError(f"{self.place}: {key!r} is {value!r}; expected true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        self._read.add(key)
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in cast("list[object]", value)):
            raise CodebookError(f"{self.place}: {key!r} is {value!r}; expected a list of texts")
        return tuple(item.strip() for item in cast("list[str]", value))

    def text_lists(self, key: str) -> list[list[str]]:
        self._read.add(key)
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise CodebookError(f"{self.place}: {key!r} is {value!r}; expected a list of lists of codes")
        for group in cast("list[object]", value):
            if not isinstance(group, list) or not all(isinstance(item, str) for item in cast("list[object]", group)):
                raise CodebookError(f"{self.place}: {key!r} holds {group!r}; expected a list of codes")
        return cast("list[list[str]]", value)

    def tables(self, key: str) -> list["_Table"]:
        self._read.add(key)
        value = self.values.get(key, [])
        entries = cast("list[object]", value) if isinstance(value, list) else None
        if entries is None or not all(isinstance(entry, dict) for entry in entries):
            raise CodebookError(f"{self.place}: {key!r} is {value!r}; write [[{key}]] before each one")
        return [
            _Table(cast("Mapping[str, object]", entry), self._source, f"[[{key}]] number {number}")
            for number, entry in enumerate(entries, start=1)
        ]

    def refuse_unknown(self, *known: str) -> None:
        for key in self.values:
            if key not in self._read and key not in known:
                raise CodebookError(f"{self.place}: {key!r} is not a key of a codebook; remove it or mend its name")


def _code(table: _Table) -> Code:
    code = Code(
        key=table.key(),
        letter=table.text("letter"),
        title=table.text("title"),
        meaning=table.text("meaning"),
        rulings=table.texts("rulings"),
        example=table.text("example", "") or None,
        needs_evidence=table.flag("needs_evidence", default=False),
        has_verdict=table.flag("has_verdict", default=True),
        reasons=table.texts("reasons"),
        stances=table.texts("stances"),
    )
    table.refuse_unknown()
    if len(code.letter) != 1 or not code.letter.isprintable() or code.letter.isdigit() or code.letter.isspace():
        raise CodebookError(f"{table.place}: 'letter' is {code.letter!r}; expected one character that is no digit")
    if code.letter in RESERVED_KEYS:
        raise CodebookError(
            f"{table.place}: 'letter' is {code.letter!r}, a key of the labelling screen; "
            f"choose one that is not among {' '.join(sorted(RESERVED_KEYS))}"
        )
    return code


def _tick(table: _Table) -> Tick:
    tick = Tick(
        key=table.key(),
        title=table.text("title"),
        meaning=table.text("meaning"),
        asks_second_code=table.flag("asks_second_code", default=False),
    )
    table.refuse_unknown()
    return tick


def _rule(table: _Table) -> Rule:
    scope = table.text("scope", "")
    if scope and scope not in tuple(Section):
        raise CodebookError(f"{table.place}: 'scope' is {scope!r}; expected {' or '.join(Section)}, or leave it out")
    rule = Rule(
        key=table.key(),
        title=table.text("title"),
        codes=table.texts("codes"),
        ticks=table.texts("ticks"),
        excluding_ticks=table.texts("excluding_ticks"),
        scope=Section(scope) if scope else None,
        is_in_range=table.flag("in_range", default=True),
    )
    table.refuse_unknown()
    return rule


def _check(codebook: Codebook, source: str) -> None:
    """Refuse a codebook whose parts do not fit together."""
    if len(codebook.codes) < 2 or len(codebook.codes) > 9:
        raise CodebookError(f"{source}: {len(codebook.codes)} codes; expected two to nine [[code]] tables")
    if not codebook.rules:
        raise CodebookError(f"{source}: no rule; write at least one [[rule]]: the first is the headline")
    _refuse_repeats(source, "code key", [code.key for code in codebook.codes])
    _refuse_repeats(source, "letter", [code.letter for code in codebook.codes])
    _refuse_repeats(source, "stance", [stance for code in codebook.codes for stance in code.stances])
    _refuse_repeats(source, "tick key", [tick.key for tick in codebook.ticks])
    _refuse_repeats(source, "rule key", [rule.key for rule in codebook.rules])
    code_keys = [code.key for code in codebook.codes]
    tick_keys = [tick.key for tick in codebook.ticks]
    for rule in codebook.rules:
        _refuse_strangers(f"{source}: rule {rule.key!r}", "code", rule.codes, code_keys)
        _refuse_strangers(f"{source}: rule {rule.key!r}", "tick", (*rule.ticks, *rule.excluding_ticks), tick_keys)
    for group in codebook.merges:
        _refuse_strangers(f"{source}: 'merge'", "code", group, code_keys)


def _refuse_repeats(source: str, what: str, values: Sequence[str]) -> None:
    for value in values:
        if values.count(value) > 1:
            raise CodebookError(f"{source}: {what} {value!r} stands twice; each may stand once")


def _refuse_strangers(place: str, what: str, named: Sequence[str], known: Sequence[str]) -> None:
    for name in named:
        if name not in known:
            raise CodebookError(f"{place}: {name!r} is no {what} of this codebook; known: {', '.join(known) or 'none'}")
