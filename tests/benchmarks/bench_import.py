"""Import beside a plain `json` + `sqlite3` insert of the same columns; prints seconds and their ratio.

Run: python tests/benchmarks/bench_import.py [PAIRS]. Both read the same generated file (about 15 KB a pair) and write
to the same disk, in turns; the median of five turns counts. The floor parses each line and inserts the same columns,
texts uncompressed, in one transaction; it checks nothing.
"""

import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

from annotator.workflows.import_pairs import import_pairs

TURNS = 5
WORDS_TEXT = (
    "the a tide table harbour current answer option because therefore however check again sum ratio between first "
    "second then since result minus plus carry mark vessel depth metre hour chart north error value given step so"
)
WORDS = WORDS_TEXT.split()


def write_pairs(path: Path, count: int) -> None:
    """Write generated pairs; the texts vary, so that compressing them is real work."""
    draw = random.Random(11)

    def text(chars: int) -> str:
        parts: list[str] = []
        length = 0
        while length < chars:
            sentence = " ".join(draw.choices(WORDS, k=draw.randint(5, 18))) + f" {draw.randint(0, 9999)}. "
            parts.append(sentence)
            length += len(sentence)
        return "".join(parts)

    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            question = text(300)
            file.write(
                json.dumps(
                    {
                        "id": f"pair-{number:06}",
                        "question": question,
                        "choices": ["A. one", "B. two", "C. three", "D. four"],
                        "correct_answer": "B",
                        "hint_type": draw.choice(["sycophancy", "metadata", "grader_hacking"]),
                        "hint_text": "The pilot thinks the answer is C.",
                        "hint_answer": "C",
                        "model": "bench",
                        "unhinted": {"prompt": question, "reasoning": text(6500), "response": text(200), "answer": "B"},
                        "hinted": {"prompt": question, "reasoning": text(6500), "response": text(200), "answer": "C"},
                        "meta": {"dataset": "bench"},
                    }
                )
                + "\n"
            )


def floor(source: Path, target: Path) -> None:
    """Insert the same columns with nothing but json and sqlite3."""
    connection = sqlite3.connect(target)
    connection.execute(
        "create table pair (pos integer primary key, id text unique, question text, choices text, correct text, "
        "hint_type text, hint_text text, hint_answer text, model text, unhinted_answer text, hinted_answer text, "
        "meta text)"
    )
    connection.execute(
        "create table body (pos integer, arm text, prompt text, reasoning text, response text, primary key (pos, arm))"
    )
    with source.open("rb") as file, connection:
        for pos, line in enumerate(file):
            pair = json.loads(line)
            connection.execute(
                "insert into pair values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    pos,
                    pair["id"],
                    pair["question"],
                    json.dumps(pair["choices"]),
                    pair["correct_answer"],
                    pair["hint_type"],
                    pair["hint_text"],
                    pair["hint_answer"],
                    pair["model"],
                    pair["unhinted"]["answer"],
                    pair["hinted"]["answer"],
                    json.dumps(pair["meta"]),
                ),
            )
            for arm in ("unhinted", "hinted"):
                texts = pair[arm]
                connection.execute(
                    "insert into body values (?, ?, ?, ?, ?)",
                    (pos, arm, texts["prompt"], texts["reasoning"], texts["response"]),
                )
    connection.close()


def main() -> None:
    """Run both in turns and print what they took."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "pairs.jsonl"
        write_pairs(source, count)
        megabytes = source.stat().st_size / 1e6
        ours_s: list[float] = []
        floor_s: list[float] = []
        size_mb = floor_mb = 0.0
        for turn in range(TURNS):
            ours, plain = Path(folder) / f"ours-{turn}.db", Path(folder) / f"plain-{turn}.db"
            started = time.perf_counter()
            import_pairs(ours, [source])
            ours_s.append(time.perf_counter() - started)
            started = time.perf_counter()
            floor(source, plain)
            floor_s.append(time.perf_counter() - started)
            size_mb, floor_mb = ours.stat().st_size / 1e6, plain.stat().st_size / 1e6
            for path in Path(folder).glob("*.db*"):
                path.unlink()
    mine, theirs = statistics.median(ours_s), statistics.median(floor_s)
    print(f"{count:,} pairs, {megabytes:.0f} MB, median of {TURNS} turns each")
    print(f"import            {mine:.2f} s   {count / mine:,.0f} pairs/s   {size_mb:.0f} MB on disk")
    print(f"json + sqlite3    {theirs:.2f} s   {count / theirs:,.0f} pairs/s   {floor_mb:.0f} MB on disk")
    print(f"ratio             {mine / theirs:.2f}")


if __name__ == "__main__":
    main()
