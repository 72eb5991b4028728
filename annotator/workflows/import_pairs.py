"""Pair files into a study: all of them, or nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotator.domain.codebook import Codebook
from annotator.domain.codebook_file import BUILT_IN, load_codebook, parse_codebook
from annotator.domain.display import display_line
from annotator.domain.guidelines import guidelines_of
from annotator.domain.record import PairRecord
from annotator.errors import ImportFormatError, StudyError
from annotator.ingest.canonical import file_bytes, read_pair_file
from annotator_db.connection import Access
from annotator_db.importing import ImportCounts
from annotator_db.store import Store, creating_study


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is."""

    bytes_read: int
    bytes_total: int
    pairs: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did."""

    is_new_study: bool
    codebook: str
    files: int
    counts: ImportCounts
    total_pairs: int
    total_switched: int


def import_pairs(
    study_path: Path,
    files: Sequence[Path],
    *,
    codebook: str | None = None,
    is_complete: bool = False,
    seed: int | None = None,
    on_progress: Callable[[ImportProgress], None] | None = None,
) -> ImportReport:
    """Import canonical pair files; make the study where there is none.

    Args:
        study_path: The study.
        files: The files, in order.
        codebook: A built-in name or a TOML file, for a new study; for an existing one it must be the study's own.
        is_complete: Declare that the study holds all pairs of its cells, not a sample chosen by outcome.
        seed: Of a new study's draws; by default a random one, kept in the study.
        on_progress: Called now and then.

    Raises:
        ImportFormatError: A file, line or field is wrong; nothing has been imported.
        CodebookError: The codebook cannot be read.
        StudyError: The study cannot be opened, made or written.
    """
    if not files:
        raise ImportFormatError("no file to import; give at least one canonical pair file (JSONL)")
    if study_path.exists():
        with Store.open(study_path, Access.WRITE) as store:
            study = store.study()
            used = parse_codebook(study.codebook_text, "the study's codebook")
            if codebook is not None and load_codebook(codebook).sha != used.sha:
                raise StudyError(
                    f"{display_line(str(study_path))} has the codebook {used.name!r}, another one than "
                    f"--codebook {display_line(codebook)!r}; leave the option out, or make a new study"
                )
            with store.writing():
                counts = _import_into(store, files, used, is_complete, on_progress)
            return _report(store, used, files, counts, is_new_study=False)
    used = load_codebook(codebook or BUILT_IN[0])
    with creating_study(study_path, used, guidelines_of(used), seed=seed) as store:
        counts = _import_into(store, files, used, is_complete, on_progress)
        report = _report(store, used, files, counts, is_new_study=True)
    return report


def _import_into(
    store: Store,
    files: Sequence[Path],
    codebook: Codebook,
    is_complete: bool,
    on_progress: Callable[[ImportProgress], None] | None,
) -> ImportCounts:
    if is_complete:
        store.set_setting("is_complete", True)
    total = sum(file_bytes(path) for path in files)
    read_before = 0
    read_here = 0
    pairs = 0

    def note_bytes(count: int) -> None:
        nonlocal read_here
        read_here = count

    def note_pair() -> None:
        nonlocal pairs
        pairs += 1
        if on_progress and pairs % 50 == 0:
            on_progress(ImportProgress(read_before + read_here, total, pairs))

    def records() -> Iterator[PairRecord]:
        nonlocal read_before, read_here
        for path in files:
            yield from read_pair_file(path, codebook, note_bytes)
            read_before, read_here = read_before + read_here, 0

    counts = store.importer().add_all(records(), note_pair)
    if on_progress:
        on_progress(ImportProgress(total, total, pairs))
    return counts


def _report(
    store: Store, codebook: Codebook, files: Sequence[Path], counts: ImportCounts, *, is_new_study: bool
) -> ImportReport:
    stored = store.pairs.counts()
    return ImportReport(is_new_study, codebook.name, len(files), counts, stored.total, stored.switched)
