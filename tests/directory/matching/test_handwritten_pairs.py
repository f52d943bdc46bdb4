"""Pairs written before their author had read the matching: branches, renames, shared offices, fiscal sponsors, typing errors."""

from pathlib import Path

from benchmarks import targets
from benchmarks.matching.labelled_pairs import compute_precision, compute_recall, judge_pairs, read_pairs
from directory.matching.evidence import Verdict

PAIRS = read_pairs(Path(__file__).with_name("handwritten_pairs.csv"))


def test_matching_meets_its_targets_on_handwritten_pairs() -> None:
    judged_pairs = judge_pairs(PAIRS)
    assert len(judged_pairs) >= 60
    assert (compute_precision(judged_pairs, Verdict.SAME) or 0) >= targets.PRECISION_OF_SAME
    assert (compute_recall(judged_pairs, Verdict.SAME, Verdict.POSSIBLE) or 0) >= targets.RECALL_OF_LIKELY
