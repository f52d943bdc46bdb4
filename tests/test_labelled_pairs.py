"""Matching meets its targets on generated pairs, and pairs are read from files."""

from collections import Counter
from pathlib import Path

import pytest

from benchmarks import targets
from benchmarks.__main__ import main
from benchmarks.matching import labelled_pairs, matching_speed
from benchmarks.matching.duplicate_pairs import DISTINCT_KINDS, DUPLICATE_KINDS, PAIRS, generate_pairs
from benchmarks.matching.labelled_pairs import (
    compute_precision,
    compute_recall,
    judge_pairs,
    read_pairs,
)
from directory.errors import BadInput
from directory.matching.evidence import Verdict

HEADINGS = ",".join([*(f"{side}_{field}" for side in ("left", "right") for field in labelled_pairs.FIELDS), "same"])
LINE = "Harbor Union,12 Main St,Macon,{},31201,,404-555-0100,Harbor Union,,Macon,Georgia,,https://harbor.example/,,{}"


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_matching_meets_its_targets_for_every_seed(seed: int) -> None:
    judged_pairs = judge_pairs(generate_pairs(seed))
    assert (compute_precision(judged_pairs, Verdict.SAME) or 0) >= targets.PRECISION_OF_SAME
    assert (compute_recall(judged_pairs, Verdict.SAME, Verdict.POSSIBLE) or 0) >= targets.RECALL_OF_LIKELY
    assert (compute_recall(judged_pairs, Verdict.SAME) or 0) >= 0.5  # most duplicates need no question to a person


def test_the_pairs_are_the_same_in_every_run_and_half_are_duplicates() -> None:
    pairs = generate_pairs(1)
    assert pairs == generate_pairs(1) != generate_pairs(2)
    assert len(pairs) == PAIRS
    assert sum(pair.same for pair in pairs) == PAIRS // 2
    kinds = Counter((pair.same, pair.kind) for pair in pairs)
    assert kinds.keys() == {*((True, kind) for kind in DUPLICATE_KINDS), *((False, kind) for kind in DISTINCT_KINDS)}
    assert min(kinds.values()) >= 20


def test_pairs_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("\ufeff" + "\n".join((HEADINGS, LINE.format("GA", "1"), LINE.format("", "0"))), encoding="utf-8")
    first, second = read_pairs(file)
    assert first.same
    assert not second.same
    assert first.left.addresses[0].state == first.right.addresses[0].state == "US-GA"
    assert second.left.addresses[0].state is None
    assert (first.left.phones, first.right.phones) == (("404-555-0100",), ())
    assert (first.left.website, first.right.website) == (None, "https://harbor.example/")


def test_missing_columns_are_unknown(tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("same,left_name,right_name\n1,Harbor Union,Harbor Union\n")
    assert read_pairs(file)[0].left.addresses[0].city is None
    assert "1.000" in matching_speed.measure_file(file)[0].to_markdown()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "left_name"),
        (b"a,b\n1,2\n", "left_name, right_name, same"),
        (b"left_name,right_name,same\n", "no pairs"),
        (
            b"left_name,right_name,same\nA,B,yes\n",
            'Line 2: same must be 1 for duplicates or 0 for .*, not "yes"',
        ),
        (b"left_name,right_name,same\nA,,1\n", "Line 2: right_name"),
        (b"left_name,right_name,same\nA\n", "Line 2"),
        (b"left_name,right_name,same\n\xff,B,1\n", "UTF-8"),
        (b"left_name,right_name,same\n" + b"A" * 40_000 + b",B,1\n", "CSV"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "pairs.csv"
    file.write_bytes(content)
    with pytest.raises(BadInput, match=message):
        read_pairs(file)


def test_the_command_refuses_with_a_sentence_and_a_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["matching", "--dry-run", "--labelled", str(tmp_path / "none.csv")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["in-process", "--labelled", "pairs.csv"])


def test_the_command_prints_precision_and_recall(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("\n".join((HEADINGS, LINE.format("GA", "1"))))
    assert main(["matching", "--dry-run", "--labelled", str(file)]) == 0
    output = capsys.readouterr().out
    assert "same or doubtful" in output
    assert str(tmp_path) not in output


def test_rows_find_their_records() -> None:
    timing = matching_speed.measure_speed(200, rows=100)
    assert (timing.records, timing.rows, timing.rows_with_record) == (200, 100, 50)
    assert timing.found_rows >= 0.9 * timing.rows_with_record
    assert len(matching_speed.build_speed_table([timing])[0].rows) == 5
