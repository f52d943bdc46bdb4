"""An import meets its targets on pairs that were labelled by someone who had not read how matching works."""

from pathlib import Path

import pytest

from benchmarks import targets
from benchmarks.matching.import_verdicts import FICTIONAL_RECORDS, compute_precision, compute_recall, decide_together
from benchmarks.matching.row_pairs import read_row_pairs


@pytest.mark.slow
def test_an_import_meets_its_targets_on_the_row_pairs(tmp_path: Path) -> None:
    decided = decide_together(read_row_pairs(), FICTIONAL_RECORDS, tmp_path)
    wrong = [(one.pair.label, one.outcome, one.pair.record["name"], one.pair.row["name"]) for one in decided if not one.is_right]
    assert compute_precision(decided) >= targets.ROW_PRECISION_OF_SAME, wrong
    assert compute_recall(decided) >= targets.ROW_RECALL_OF_LIKELY, wrong
