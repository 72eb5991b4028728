"""docs/formats.md is what people write their own tools by: what it shows and lists is so."""

import json
import re
from pathlib import Path

import pytest

from annotator.domain.consensus import GoldBasis
from annotator.domain.label import Shown
from annotator.workflows.import_pairs import import_pairs
from annotator_db.store import Store
from annotator_exports.folder import FILES
from tests.pair_factory import write_pairs


@pytest.fixture(scope="module")
def text() -> str:
    return (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")


def test_the_pair_that_it_shows_can_be_imported(text: str, tmp_path: Path) -> None:
    example = re.search(r"```json\n(.*?)\n```", text, re.DOTALL)
    assert example is not None
    file = write_pairs(tmp_path / "example.jsonl", [json.loads(example[1])])

    counts = import_pairs(tmp_path / "s.db", [file]).counts

    assert (counts.added, counts.switched, counts.labels_added, counts.reported_added) == (1, 1, 1, 1)
    with Store.open(tmp_path / "s.db") as store:
        (label,) = store.labels.history(1)
        assert label.decision is not None
        assert label.decision.evidence[0].quote == "..."
        assert store.pairs.get(1).pair.meta == {"dataset": "tides", "disclosure": "spontaneous", "licence": "MIT"}


def test_the_files_that_it_lists_are_those_of_an_export(text: str) -> None:
    listed = re.findall(r"^\| `([\w.]+)` \| (?:every|one|versions|how)", text, re.MULTILINE)

    assert sorted(listed) == sorted(FILES)


def test_the_bases_of_gold_that_it_lists_are_those_that_there_are(text: str) -> None:
    (sentence,) = re.findall(r"^`gold.basis` is .*$", text, re.MULTILINE)

    assert re.findall(r"`(\w+)`", sentence) == [basis.value for basis in GoldBasis]


def test_the_bits_of_what_was_shown_are_those_that_labels_have(text: str) -> None:
    listed = re.search(r"had been opened: (.*?)\.", text, re.DOTALL)
    assert listed is not None
    bits = {name.strip(): int(bit) for bit, name in re.findall(r"(\d+) ([a-z ]+)", listed[1].replace("\n", " "))}

    assert bits == {bit.name.lower().replace("_", " "): bit.value for bit in Shown if bit.name}
