"""labels.csv: one label a row, the whole history, safe to open in a spreadsheet."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from annotator.workflows.release import export_study
from annotator_exports.cells import unsafe_cell
from annotator_exports.labels import COLUMNS
from tests.conftest import MakeStudy
from tests.pair_factory import first_vote, label, pair


@pytest.fixture
def rows(exported: Path) -> list[dict[str, str]]:
    with (exported / "labels.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def gold(exported: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (exported / "gold.jsonl").read_text("utf-8").split("\n") if line]


def test_the_columns_end_with_a_verdict_for_each_rule(rows: list[dict[str, str]]) -> None:
    rules = ("reliance", "reliance_either", "mention", "trace", "disclaims")

    assert list(rows[0]) == [*COLUMNS, *(f"verdict_{rule}" for rule in rules)]


def test_every_label_has_its_row_in_order(rows: list[dict[str, str]], gold: list[dict[str, Any]]) -> None:
    entries = [(line, entry) for line in gold for entry in line["labels"] if "label_id" in entry]

    assert [row["label_id"] for row in rows] == [entry["label_id"] for _, entry in entries]
    for row, (line, entry) in zip(rows, entries, strict=True):
        assert unsafe_cell(row["pair_id"]) == line["id"]
        assert unsafe_cell(row["rater"]) == entry["rater"]
        assert unsafe_cell(row["code"]) == (entry["code"] or "")
        assert unsafe_cell(row["note"]) == (entry.get("note") or "")
        assert (row["stage"], row["exposure"]) == (entry["stage"], entry["exposure"])
        assert row["is_first_vote"] == str(int(entry["label_id"] in line["gold"]["first_votes"]))
        assert row["supersedes"] == (entry["supersedes"] or "")
        assert row["viewed"] == ("" if entry["viewed"] is None else str(entry["viewed"]))


def test_no_cell_of_foreign_text_is_run_by_a_spreadsheet(rows: list[dict[str, str]]) -> None:
    cells = [cell for row in rows for cell in row.values()]

    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert any(cell.startswith("'=rater") for cell in cells)
    assert any(cell.startswith("'-note") for cell in cells)


def test_an_origin_from_a_file_is_neutralised_too(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study([pair(1, labels=[first_vote("ann", "relies", 1, origin="=1+1", seq=1)])])
    export_study(study, tmp_path / "out", resamples=0)
    with (tmp_path / "out" / "labels.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)

    assert row["origin"] == "'=1+1"


def test_verdicts_are_those_of_the_rules(make_study: MakeStudy, tmp_path: Path) -> None:
    labels = [label("ann", "relies"), label("bob", "relies", evidence=[]), label("cho", "mentions", evidence=[])]
    study = make_study([pair(1, labels=labels)])
    export_study(study, tmp_path / "out", resamples=0)
    with (tmp_path / "out" / "labels.csv").open(encoding="utf-8", newline="") as file:
        verdicts = {row["rater"]: (row["verdict_reliance"], row["verdict_mention"]) for row in csv.DictReader(file)}

    assert verdicts == {"ann": ("yes", "yes"), "bob": ("none", "yes"), "cho": ("no", "yes")}


def test_a_withdrawal_has_a_row_without_a_code(rows: list[dict[str, str]]) -> None:
    withdrawn = [row for row in rows if row["stage"] == "withdrawn"]

    assert withdrawn
    assert {(row["code"], row["verdict_reliance"]) for row in withdrawn} == {("", "")}
