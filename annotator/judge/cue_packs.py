"""Read cue packs from TOML; every error names file, key and what was expected."""

import functools
import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from importlib import resources
from pathlib import Path
from typing import Final, cast

from annotator.errors import JudgeSetupError
from annotator.judge.cues import CuePack, CueRole

GENERAL: Final = "general"
"""The pack that is read for every hint type, and whose words every pack may use."""


def load_packs(extra: Path | None = None) -> tuple[CuePack, ...]:
    """Read the built-in packs, and those of a directory; a pack of a built-in name takes its place.

    Raises:
        JudgeSetupError: A pack cannot be read; names the file, the key and what was expected.
    """
    packs = {pack.name: pack for pack in _built_in_packs()}
    if extra is not None:
        words = _shared_words(packs[GENERAL])
        packs |= {pack.name: pack for pack in (parse_pack(text, path, words) for path, text in _files_of(extra))}
    return tuple(packs.values())


def packs_sha(packs: Iterable[CuePack]) -> str:
    """Hash the packs: a judge with other cues is another judge."""
    return hashlib.sha256("\0".join(sorted(pack.text for pack in packs)).encode()).hexdigest()[:16]


def packs_for(hint_type: str | None, packs: Sequence[CuePack]) -> tuple[CuePack, ...]:
    """Return the general pack and those of the hint's family; all of them where no pack knows the hint type."""
    kind = (hint_type or "").casefold()
    family = [pack for pack in packs if any(fnmatchcase(kind, pattern) for pattern in pack.hint_types)]
    return tuple(pack for pack in packs if not family or pack in family or pack.name == GENERAL)


def parse_pack(text: str, source: str, shared_words: Mapping[str, str] | None = None) -> CuePack:
    """Read a cue pack from TOML text.

    Args:
        text: The TOML.
        source: What to call it in errors.
        shared_words: Named alternatives that its cues may use beside its own.

    Raises:
        JudgeSetupError: With source, key and what was expected.
    """
    try:
        table = cast("dict[str, object]", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise JudgeSetupError(f"{source}: not TOML: {error}") from error
    name = table.get("name")
    if not isinstance(name, str) or not name:
        raise JudgeSetupError(f"{source}: 'name' is {name!r}; expected the name of the hint family")
    words = _words(table.get("words", {}), source, shared_words or {})
    cue_table = table.get("cues", {})
    if not isinstance(cue_table, dict):
        raise JudgeSetupError(f"{source}: 'cues' is {cue_table!r}; expected a table [cues]")
    cues: dict[CueRole, tuple[str, ...]] = {}
    for key, value in cast("dict[str, object]", cue_table).items():
        if key not in tuple(CueRole):
            raise JudgeSetupError(f"{source}: [cues] {key!r} is no role; expected one of: {', '.join(CueRole)}")
        place = f"{source}: [cues] {key}"
        cues[CueRole(key)] = tuple(_cue(cue, words, place) for cue in _texts(value, place))
    return CuePack(
        name=name,
        hint_types=tuple(
            pattern.casefold() for pattern in _texts(table.get("hint_types", []), f"{source}: hint_types")
        ),
        tuned_on=_texts(table.get("tuned_on", []), f"{source}: tuned_on"),
        cues=cues,
        text=text,
    )


_WORD_NAME: Final = re.compile(r"<([a-z]+)>")
# A repeated group, or an unbounded repeat of a wildcard or a class, can take exponential or high polynomial time on a
# hostile trace. An optional group, a bounded gap and `\w*` cannot within a sentence of bounded length.
_UNSAFE: Final = re.compile(r"(?<!\\)\)(?:[*+]|\{)|(?<!\\)[.\]](?:[*+]|\{\d+,\})|\\[WSD](?:[*+]|\{\d+,\})")
_GAP: Final = re.compile(r"(?<!\\)[.\]]\{\d*,\d+\}")
_MOST_GAPS: Final = 2
_UPPER_CASE: Final = re.compile(r"(?<!\\)[A-Z]")


def _cue(cue: str, words: Mapping[str, str], place: str) -> str:
    filled = _filled(cue, words, f"{place}: {cue!r}")
    if _UNSAFE.search(filled) or len(_GAP.findall(filled)) > _MOST_GAPS:
        raise JudgeSetupError(
            f"{place}: {cue!r} could take very long on some texts; write no repeated group, no '.*' and at most "
            f"{_MOST_GAPS} gaps such as '.{{0,60}}?'"
        )
    if _UPPER_CASE.search(filled):
        raise JudgeSetupError(f"{place}: {cue!r} has an upper-case letter; cues are searched in lower-case text")
    try:
        groups = re.compile(filled).groups
    except re.error as error:
        raise JudgeSetupError(f"{place}: {cue!r} is no regular expression: {error}") from error
    if groups:
        raise JudgeSetupError(f"{place}: {cue!r} has a capturing group; write (?: … )")
    return filled


def _filled(pattern: str, words: Mapping[str, str], place: str) -> str:
    """Put the alternatives of each <name> in its place; a gap stands bare, so that its repeat is seen as bounded."""

    def fill(match: re.Match[str]) -> str:
        if match.group(1) not in words:
            raise JudgeSetupError(f"{place}: <{match.group(1)}> is not in [words]; known: {', '.join(sorted(words))}")
        return f"(?:{words[match.group(1)]})"

    return _WORD_NAME.sub(fill, pattern)


def _words(value: object, source: str, shared: Mapping[str, str]) -> dict[str, str]:
    """Return the shared words and a pack's own, in which earlier ones are filled in."""
    if not isinstance(value, dict):
        raise JudgeSetupError(f"{source}: 'words' is {value!r}; expected a table [words]")
    words = dict(shared)
    for key, alternatives in cast("dict[str, object]", value).items():
        if not isinstance(alternatives, str):
            raise JudgeSetupError(f"{source}: [words] {key!r} is {alternatives!r}; expected alternatives such as 'a|b'")
        words[key] = _filled(alternatives, words, f"{source}: [words] {key}")
    return words


def _texts(value: object, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in cast("list[object]", value)):
        raise JudgeSetupError(f"{place} is {value!r}; expected a list of texts")
    return tuple(cast("list[str]", value))


def _shared_words(pack: CuePack) -> dict[str, str]:
    return _words(tomllib.loads(pack.text).get("words", {}), pack.name, {})


def _files_of(directory: Path) -> list[tuple[str, str]]:
    """Return the paths and texts of a directory's TOML files, in order of name."""
    try:
        paths = sorted(path for path in directory.iterdir() if path.suffix == ".toml")
        texts = [(str(path), path.read_text("utf-8")) for path in paths]
    except (OSError, UnicodeDecodeError) as error:
        raise JudgeSetupError(f"cue packs {str(directory)!r}: {error}; expected a directory of TOML files") from error
    if not texts:
        raise JudgeSetupError(f"cue packs {str(directory)!r}: no file ends in .toml")
    return texts


@functools.cache
def _built_in_packs() -> tuple[CuePack, ...]:
    folder = resources.files("annotator.judge") / "packs"
    general = parse_pack((folder / f"{GENERAL}.toml").read_text("utf-8"), GENERAL)
    words = _shared_words(general)
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml"))
    families = [name for name in names if name != f"{GENERAL}.toml"]
    return (general, *(parse_pack((folder / name).read_text("utf-8"), name, words) for name in families))
