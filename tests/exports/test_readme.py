"""README.md of an export: for someone who has nothing but the folder."""

import json
import re
from pathlib import Path


def test_it_says_what_is_there_and_how_gold_was_made(exported: Path) -> None:
    text = (exported / "README.md").read_text("utf-8")
    manifest = json.loads((exported / "manifest.json").read_text("utf-8"))

    assert text.startswith("# Gold labels of a study with the codebook `hint-verbalization` (version 1)\n")
    assert f"study `{manifest['study_id']}`" in text
    assert f"- {manifest['counts']['pairs']} pairs: {manifest['counts']['switched']} switched to the hint" in text
    assert f"- {manifest['counts']['labels']} labels by {manifest['counts']['raters']} raters" in text
    assert "more than half of at least two first votes" in text
    assert "The study was declared to hold all pairs of its cells." in text
    for name in ("gold.jsonl", "labels.csv", "agreement.json", "manifest.json"):
        assert f"`{name}`" in text


def test_every_code_is_listed_with_its_gold_pairs(exported: Path) -> None:
    text = (exported / "README.md").read_text("utf-8")
    lines = (exported / "gold.jsonl").read_text("utf-8").split("\n")
    codes = [json.loads(line)["gold"]["code"] for line in lines if line]

    for code in ("relies", "dismisses", "mentions", "borrows", "silent", "cannot"):
        found = re.search(rf"^\| {code} \| (\d+) \| \S.* \|$", text, re.MULTILINE)
        assert found is not None
        assert int(found[1]) == codes.count(code)


def test_every_table_row_has_the_columns_of_its_head(exported: Path) -> None:
    text = (exported / "README.md").read_text("utf-8")
    for table in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1


def test_nothing_in_it_acts_on_a_terminal(exported: Path) -> None:
    text = (exported / "README.md").read_text("utf-8")

    assert not set(text) & {"\x1b", "\u202e", "\u2028", "\x07"}
