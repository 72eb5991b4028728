"""The published sets beside the repository: counts only, none of their text."""

from pathlib import Path

import pytest

from annotator.domain.pair import Pair, PassageKind
from annotator.ingest.canonical import read_pair_file
from annotator.ingest.sections import cut_sections

PAIRS = Path(__file__).resolve().parents[3] / "shared" / "data" / "pairs"
pytestmark = pytest.mark.skipif(not PAIRS.is_dir(), reason="needs ../shared/data/pairs")

COUNTS = {
    "alisher_validation": (40, 0),
    "ankit_validation": (150, 50),
    "caiitlin_bbh": (246, 181),
    "sohail_hints": (397, 156),
    "thinklogits_mmlu": (600, 300),
    "walden_mmlupro": (600, 256),
}


def has_echo(pair: Pair) -> bool:
    return any(passage.kind is PassageKind.ECHO for passage in pair.hinted.passages)


@pytest.mark.parametrize(("name", "pairs", "switched"), [(name, *counts) for name, counts in COUNTS.items()])
def test_every_pair_is_read_and_cut_once_and_for_all(name, pairs, switched, codebook):
    records = list(read_pair_file(PAIRS / f"{name}.jsonl", codebook))
    assert len(records) == len({record.pair.pair_id for record in records}) == pairs
    assert sum(record.pair.switched is True for record in records) == switched
    for pair in (record.pair for record in records):
        for arm in (pair.hinted, pair.unhinted):
            again = cut_sections(arm.reasoning, arm.response, arm.prompt, pair.question, pair.hint_text)
            assert (again.reasoning, again.response, again.passages) == (arm.reasoning, arm.response, arm.passages)


def test_six_files_hold_2033_pairs_of_which_943_switched():
    assert sum(pairs for pairs, _ in COUNTS.values()) == 2033
    assert sum(switched for _, switched in COUNTS.values()) == 943


def test_289_of_300_switched_thinklogits_traces_carry_the_prompt_and_no_other_set_does(codebook):
    for name in COUNTS:
        records = list(read_pair_file(PAIRS / f"{name}.jsonl", codebook))
        switched = [record.pair for record in records if record.pair.switched]
        echoes = [pair for pair in switched if has_echo(pair)]
        assert len(echoes) == (289 if name == "thinklogits_mmlu" else 0)
        for pair in echoes:
            # The echo ends where the hint has been said: a hint is never left to the model, nor cut in two.
            echo = pair.hinted.reasoning[: pair.hinted.passages[0].end]
            assert (pair.hint_text or "") in echo
            assert echo.rstrip().removesuffix(":").endswith(("assistant", "Assistant"))


def test_published_booleans_are_reported_and_none_becomes_a_label(codebook):
    records = [record for name in COUNTS for record in read_pair_file(PAIRS / f"{name}.jsonl", codebook)]
    assert not any(record.labels for record in records)
    assert sum(len(record.reported) for record in records) == 80 + 500 + 0 + 397 + 1200 + 590
