"""The labelled pairs of a record and a row are many, hard and complete, and the benchmark counts what an import decides."""

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.matching.import_verdicts import (
    DecidedPair,
    Outcome,
    build_tables,
    compute_precision,
    compute_recall,
    decide_alone,
    decide_together,
)
from benchmarks.matching.row_pairs import HEADINGS, RowPair, read_row_pairs
from directory.matching.evidence import Verdict

PAIRS = read_row_pairs()
MILL = {"name": "Mill Creek Renters Council", "street": "4420 Poplar Bend Rd", "city": "Memphis", "state": "TN", "zip": "38108"}
LANTERN = {"name": "Lantern House", "street": "302 Whaler St", "city": "Portland", "state": "ME", "zip": "04101"}
NUMBERED = {"name": "Elders Against Deportation", "city": "Miami", "state": "FL", "ein": "59-3900118"}
STRANGER = {"name": "Catfish Row Puppet Theater", "city": "Charleston", "state": "SC"}
NAME_AND_STATE = {"name": "Lantern House", "state": "ME"}


def a_pair(label: Verdict, record: dict[str, str], row: dict[str, str]) -> RowPair:
    return RowPair(label, "a case", is_hard=True, record=record, row=row)


def a_decision(label: Verdict, outcome: Outcome) -> DecidedPair:
    return DecidedPair(a_pair(label, MILL, MILL), outcome, "evidence")


def test_there_are_enough_pairs_of_each_label_and_most_are_hard() -> None:
    labels = Counter(pair.label for pair in PAIRS)
    assert len(PAIRS) == 300
    assert min(labels[Verdict.SAME], labels[Verdict.DIFFERENT]) >= 100
    assert labels[Verdict.POSSIBLE] >= 60
    assert sum(pair.is_hard for pair in PAIRS) > len(PAIRS) / 2
    assert len({pair.case for pair in PAIRS}) >= 50


def test_every_kind_of_value_is_stated_and_no_record_twice() -> None:
    sides = [side for pair in PAIRS for side in (pair.record, pair.row)]
    assert {key for side in sides for key, cell in side.items() if cell} == HEADINGS.keys()
    assert all(side["name"] and side["city"] for side in sides)
    records = Counter((pair.record["name"], pair.record["city"], pair.record["state"]) for pair in PAIRS)
    assert max(records.values()) == 1


@pytest.mark.parametrize(
    ("lines", "expected_error"),
    [
        ("## SAME | typing errors\nA | Macon, GA\n", ValueError),
        ("## ALIKE | typing errors\nA | Macon, GA\nB | Macon, GA\n", KeyError),
        ("## SAME\nA | Macon, GA\nB | Macon, GA\n", ValueError),
        ("## SAME | typing errors\nA | Macon, GA\nB | \n", ValueError),
        ("## SAME | typing errors\nA | Macon, GA\nB\n", ValueError),
        ("## SAME | typing errors\nA | Macon, GA\nB | Macon, GA | fax 404-555-0100\n", KeyError),
    ],
)
def test_a_line_that_is_written_otherwise_is_refused(tmp_path: Path, lines: str, expected_error: type[Exception]) -> None:
    file = tmp_path / "pairs.txt"
    file.write_text(lines, encoding="utf-8")
    with pytest.raises(expected_error):
        read_row_pairs(file)


def test_a_line_is_split_into_cells(tmp_path: Path) -> None:
    file = tmp_path / "pairs.txt"
    lines = ("## SAME hard | a case", "A | 1 Oak St, Suite 4, Macon, GA 31201 | tel 404-555-0100 x4", "", "B | Macon")
    file.write_text("\n".join(lines), encoding="utf-8")
    (pair,) = read_row_pairs(file)
    place = {"street": "1 Oak St, Suite 4", "city": "Macon", "state": "GA", "zip": "31201"}
    assert pair.record == {"name": "A", **place, "tel": "404-555-0100 x4"}
    assert pair.row == {"name": "B", "street": "", "city": "Macon", "state": "", "zip": ""}
    assert (pair.label, pair.case, pair.is_hard) == (Verdict.SAME, "a case", True)


def test_an_import_decides_about_the_record_of_the_pair_or_another(tmp_path: Path) -> None:
    pairs = [
        a_pair(Verdict.SAME, MILL, MILL),
        a_pair(Verdict.DIFFERENT, LANTERN, STRANGER),
        a_pair(Verdict.DIFFERENT, {**STRANGER, "name": "Rivers Without Pipelines"}, LANTERN),
        a_pair(Verdict.POSSIBLE, {**STRANGER, "name": "Anti-Trafficking Hotline"}, {**LANTERN, "street": "9 Cask St"}),
        a_pair(Verdict.SAME, NUMBERED, NUMBERED),
        a_pair(Verdict.SAME, {**MILL, "name": "Roofs Without Landlords"}, NUMBERED),
    ]
    decided = decide_together(pairs, 0, tmp_path)
    assert [one.outcome for one in decided] == [
        Outcome.SAME,
        Outcome.DIFFERENT,
        Outcome.SAME_AS_ANOTHER,
        Outcome.POSSIBLY_ANOTHER,
        Outcome.SAME,
        Outcome.REFUSED,
    ]
    assert "different states: South Carolina / Maine" in decided[1].reasons
    assert decided[2].reasons.startswith("Lantern House: ")
    assert "describes the same organization" in decided[5].reasons


def test_each_pair_can_have_its_own_directory(tmp_path: Path) -> None:
    pairs = [
        a_pair(Verdict.SAME, LANTERN, LANTERN),
        a_pair(Verdict.POSSIBLE, MILL, LANTERN),
        a_pair(Verdict.SAME, LANTERN, NAME_AND_STATE),
    ]
    outcomes = [decided.outcome for decided in decide_alone(pairs, tmp_path / "alone")]
    assert outcomes == [Outcome.SAME, Outcome.DIFFERENT, Outcome.POSSIBLE]


def test_a_row_that_finds_a_wrong_record_counts_against_both_shares() -> None:
    decided = [
        a_decision(Verdict.SAME, Outcome.SAME),
        a_decision(Verdict.SAME, Outcome.POSSIBLE),
        a_decision(Verdict.SAME, Outcome.SAME_AS_ANOTHER),
        a_decision(Verdict.SAME, Outcome.POSSIBLY_ANOTHER),
        a_decision(Verdict.SAME, Outcome.REFUSED),
        a_decision(Verdict.POSSIBLE, Outcome.SAME),
        a_decision(Verdict.DIFFERENT, Outcome.SAME),
        a_decision(Verdict.DIFFERENT, Outcome.POSSIBLE),
    ]
    assert compute_precision(decided) == 1 / 4
    assert compute_recall(decided) == 2 / 5
    assert compute_precision([]) == compute_recall([]) == 1.0


def test_the_tables_show_the_shares_the_counts_and_every_wrong_pair() -> None:
    together = [a_decision(Verdict.SAME, Outcome.SAME), a_decision(Verdict.DIFFERENT, Outcome.SAME)]
    shares, matrix, wrong, shares_alone, _ = build_tables(together, together[:1])
    assert [row[1:] for row in shares.rows] == [("0.500", "≥ 0.980", "**missed**"), ("1.000", "≥ 0.950", "met")]
    assert [row[:4] for row in matrix.rows] == [
        ("same", "1", "0", "0"),
        ("possible", "0", "0", "0"),
        ("different", "1", "0", "0"),
    ]
    assert wrong.rows == [("different", "same", "a case", MILL["name"], MILL["name"], "evidence")]
    assert [row[1:] for row in shares_alone.rows] == [("1.000", "", ""), ("1.000", "", "")]
