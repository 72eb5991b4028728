"""An empty-handed study for tests of the tables: pairs, raters, and labels written straight to the store."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from annotator.domain.label import Decision, Exposure, LabelStage
from annotator.workflows.import_pairs import import_pairs
from annotator_db.connection import Access
from annotator_db.labels import NewLabel
from annotator_db.store import Store
from tests.pair_factory import pairs, write_pairs

AddLabel = Callable[..., str]


@pytest.fixture(scope="session")
def three_pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of three pairs at the places 1, 2 and 3; not to be written to."""
    folder = tmp_path_factory.mktemp("three")
    import_pairs(folder / "study.db", [write_pairs(folder / "pairs.jsonl", pairs(3))], seed=7)
    return folder / "study.db"


@pytest.fixture
def study(three_pairs: Path, tmp_path: Path) -> Path:
    """A copy of that study."""
    return Path(shutil.copy(three_pairs, tmp_path))


@pytest.fixture
def store(study: Path) -> Iterator[Store]:
    """The same study, open for writing."""
    with Store.open(study, Access.WRITE) as opened:
        yield opened


@pytest.fixture
def add_label(store: Store) -> AddLabel:
    """Write a label in a transaction of its own; return its id. A code of None is a withdrawal."""

    def add(rater: str = "ann", code: str | None = "relies", pos: int = 1, **fields: Any) -> str:
        facts = store.study()
        label_id = fields.pop("label_id", uuid4().hex)
        decision = fields.pop("decision", Decision(code) if code is not None else None)
        with store.writing():
            store.labels.add(
                NewLabel(
                    label_id=label_id,
                    pos=pos,
                    rater_id=store.raters.ensure(rater).rater_id,
                    decision=decision,
                    codebook_sha=facts.codebook_sha,
                    **{
                        "stage": LabelStage.FIRST if decision else LabelStage.WITHDRAWN,
                        "exposure": Exposure.BLIND,
                        "made_at": "2026-03-01T10:00:00.000Z",
                        **fields,
                    },
                ),
                facts.origin,
            )
        return label_id

    return add
