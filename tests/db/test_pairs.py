"""Pairs in a study: what went in comes out, in the study's order, and is counted once."""

import os
from pathlib import Path

import pytest

from annotator.domain.assignment import PairFilter
from annotator.domain.codebook_file import load_codebook
from annotator.domain.pair import Disclosure, ReasoningKind
from annotator.errors import StudyError
from annotator.ingest.canonical import read_pair_file
from annotator_db.bodies import PLAIN, ZSTD, pack, serialise, unpack
from annotator_db.connection import Access
from annotator_db.store import Store, creating_study, lost_reservations
from tests.conftest import MakeStudy
from tests.pair_factory import pair, pairs, write_pairs

HOSTILE = "NUL \x00 ESC \x1b[31m bidi \u202e CRLF \r\n LS \u2028 emoji 🙂 tag \U000e0041 combining e\u0301"


def test_a_pair_comes_out_as_it_was_read(tmp_path: Path, make_study: MakeStudy) -> None:
    lines = [
        pair(1, model=HOSTILE, question=HOSTILE, hint_text=HOSTILE, meta={"note": HOSTILE, "n": [1, 2.5, None, {}]}),
        pair(2, choices=None, correct_answer=None, hint_type=None, hint_text=None, model=None, unhinted=None),
        pair(3, "silent", hinted={"reasoning": "<think>\nAbout 30 m.\n</think>\nC", "answer": "C"}),
        pair(4, "relies", hinted={"reasoning": "long " * 50_000, "response": HOSTILE, "answer": None}),
        pair(5, meta={"disclosure": "instructed", "licence": "MIT"}),
    ]
    study = make_study(lines)
    read = [
        record.pair
        for record in read_pair_file(write_pairs(tmp_path / "again.jsonl", lines), load_codebook("hint-verbalization"))
    ]

    with Store.open(study) as store:
        stored = [found.pair for found in store.pairs.all()]

    assert stored == read
    assert stored[2].hinted.passages == read[2].hinted.passages != ()
    assert stored[3].switched is False
    assert stored[1].switched is None
    assert stored[4].disclosure is Disclosure.INSTRUCTED


def test_every_pair_comes_once_and_in_order_over_several_pages(make_study: MakeStudy) -> None:
    study = make_study(pairs(450))

    with Store.open(study) as store:
        ids = [stored.pair.pair_id for stored in store.pairs.all()]
        places = [store.pairs.pos_of(pair_id) for pair_id in ids]

    assert ids == [f"fence-{number:04}" for number in range(1, 451)]
    assert places == list(range(1, 451))


def test_pairs_are_counted_by_their_switch_and_excluded_ones_apart(make_study: MakeStudy) -> None:
    study = make_study(
        [
            *pairs(4),
            pair(5, hinted={"reasoning": "24 m", "answer": "B"}),
            pair(6, unhinted={"reasoning": "cut", "answer": None}),
            pair(7, question=pair(1)["question"], hint_type=None, hinted={"response": "30 m", "answer": "C"}),
        ]
    )
    with Store.open(study, Access.WRITE) as store:
        with store.writing():
            store._connection.execute("update pair set excluded_because = 'broken' where pos = 1")
        counts = store.pairs.counts()

        assert [store.pairs.count(which) for which in PairFilter] == [4, 1, 6]
    assert (counts.total, counts.switched, counts.unswitched, counts.unknown, counts.excluded) == (6, 4, 1, 1, 1)
    assert (counts.without_reasoning, counts.questions) == (1, 6)
    assert counts.per_hint_type == {"grader_hacking": 2, "metadata": 1, "sycophancy": 2, "": 1}


def test_a_place_without_a_pair_is_a_key_error(store: Store) -> None:
    with pytest.raises(KeyError):
        store.pairs.get(99)
    assert store.pairs.pos_of("nobody") is None


@pytest.mark.parametrize(("text", "codec"), [("short", PLAIN), ("a long one, " * 100, ZSTD)])
def test_texts_are_packed_where_it_pays(text: str, codec: int) -> None:
    used, packed = pack(serialise({"question": text}))

    assert used == codec
    assert unpack(used, packed) == {"question": text}


@pytest.mark.parametrize(("codec", "packed"), [(ZSTD, b"no frame"), (PLAIN, b"{half"), (PLAIN, b"\xff\xfe")])
def test_a_damaged_text_is_a_sentence(codec: int, packed: bytes) -> None:
    with pytest.raises(StudyError, match="a text in the study is damaged"):
        unpack(codec, packed)


def test_an_absent_reasoning_is_kept_as_absent(make_study: MakeStudy) -> None:
    with Store.open(make_study([pair(1, hinted={"response": "30 m", "answer": "C"})])) as store:
        assert store.pairs.get(1).pair.hinted.reasoning_kind is ReasoningKind.ABSENT


def test_a_study_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new.db"

    def fail() -> None:
        with creating_study(path, load_codebook("yes-no"), "read this") as store:
            store.raters.ensure("ann")
            assert not path.exists()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []

    with creating_study(path, load_codebook("yes-no"), "read this", seed=5):
        pass
    assert [found.name for found in tmp_path.iterdir()] == ["new.db"]
    with Store.open(path) as store:
        study = store.study()
    assert (study.seed, study.guidelines_text, study.settings) == (5, "read this", {})
    assert study.codebook_sha == load_codebook("yes-no").sha


def test_a_study_that_appears_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "new.db"

    def race() -> None:
        with creating_study(path, load_codebook("yes-no"), "read this"):
            path.write_text("mine")

    with pytest.raises(StudyError, match="appeared while it was being made; give another name"):
        race()

    assert path.read_text() == "mine"
    assert [found.name for found in tmp_path.iterdir()] == ["new.db"]


def test_a_study_in_a_folder_that_is_not_there_cannot_be_made(tmp_path: Path) -> None:
    with (
        pytest.raises(StudyError, match=r"new.db cannot be made: unable to open database file; is its folder there"),
        creating_study(tmp_path / "gone" / "new.db", load_codebook("yes-no"), "read this"),
    ):
        pytest.fail("there is no folder")


def test_two_new_studies_have_different_ids_and_seeds(tmp_path: Path) -> None:
    made = []
    for name in ("a.db", "b.db"):
        with creating_study(tmp_path / name, load_codebook("yes-no"), "read this"):
            pass
        with Store.open(tmp_path / name) as store:
            made.append(store.study())

    assert made[0].study_id != made[1].study_id
    assert made[0].origin != made[1].origin
    assert made[0].seed != made[1].seed


def test_only_old_drafts_of_the_same_study_are_taken_for_lost(tmp_path: Path) -> None:
    names = (".s[1].db.importing-1-a", ".s[1].db.importing-2-b", ".t.db.importing-1-a")
    old, fresh, other = (tmp_path / name for name in names)
    for path in (old, fresh, other):
        path.touch()
    for path in (old, other):
        os.utime(path, (0, 0))

    assert lost_reservations(tmp_path / "s[1].db") == [old]
