"""Labelled pairs: two organizations each, and whether they are one. Read from a file, and compared with what matching says."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from benchmarks.tables import Table, compare_with_target
from directory.errors import BadInput
from directory.matching.decide import compare_records
from directory.matching.evidence import Verdict
from directory.matching.match_record import MatchAddress, MatchRecord
from directory.matching.token_frequency import TokenFrequency
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

FIELDS = ("name", "street", "city", "state", "postal_code", "website", "phone")
REQUIRED_COLUMNS = ("left_name", "right_name", "same")
PRECISION_OF_SAME = 0.98  # promised for pairs as hard as ours
RECALL_OF_LIKELY = 0.90
MAX_CELL_LENGTH = 32_768  # characters


class LabelledPair(Struct, frozen=True):
    """`kind` says in a few words what makes the pair hard, "" where nobody said."""

    left: MatchRecord
    right: MatchRecord
    same: bool
    kind: str = ""


class JudgedPair(Struct, frozen=True):
    pair: LabelledPair
    verdict: Verdict


def read_pairs(file: Path) -> list[LabelledPair]:
    """The pairs of a CSV file with the columns left_ and right_ of FIELDS, `same` (0 or 1) and, if there is one, `kind`.

    Empty and absent cells are "not stated". Raises BadInput for a file that is not that.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            csv.field_size_limit(MAX_CELL_LENGTH)
            return _parse_pairs(csv.DictReader(opened))
    except OSError as problem:
        raise BadInput(f"{file} cannot be read: {problem.strerror}.") from problem
    except (UnicodeDecodeError, csv.Error) as problem:
        raise BadInput(f"{file} is no CSV file in UTF-8; save it as one.") from problem


def judge_pairs(pairs: Sequence[LabelledPair]) -> list[JudgedPair]:
    """What matching says of each, with the words of all their names to tell rare ones from common ones."""
    rarity = TokenFrequency({party.name for pair in pairs for party in (pair.left, pair.right)})
    return [JudgedPair(pair, compare_records(pair.left, pair.right, rarity).verdict) for pair in pairs]


def build_tables(found: Sequence[JudgedPair], title: str, with_targets: bool) -> list[Table]:
    kinds = [_build_kind_table(found)] if any(one.pair.kind for one in found) else []
    return [_build_verdict_table(found, title, with_targets), *kinds]


def compute_precision(found: Sequence[JudgedPair], *verdicts: Verdict) -> float | None:
    """Of the pairs with these verdicts the share that is one organization; None where there are none."""
    said = [one for one in found if one.verdict in verdicts]
    return sum(one.pair.same for one in said) / len(said) if said else None


def compute_recall(found: Sequence[JudgedPair], *verdicts: Verdict) -> float | None:
    """Of the pairs that are one organization the share with these verdicts; None where there are none."""
    same = [one for one in found if one.pair.same]
    return sum(one.verdict in verdicts for one in same) / len(same) if same else None


def _build_verdict_table(found: Sequence[JudgedPair], title: str, with_targets: bool) -> Table:
    rows = []
    for verdicts, targets in _TARGETS.items():
        cells = [" or ".join(one.lower() for one in verdicts), f"{sum(one.verdict in verdicts for one in found):,}"]
        for figure, target in zip((compute_precision(found, *verdicts), compute_recall(found, *verdicts)), targets, strict=True):
            told = compare_with_target(figure or 0.0, target if with_targets else None, _format_share, at_least=True)
            cells += ["–" if figure is None else _format_share(figure), *told]
        rows.append(cells)
    return Table(title, ("said", "pairs", "precision", "target", "", "recall", "target", ""), rows)


_TARGETS: dict[tuple[Verdict, ...], tuple[float | None, float | None]] = {
    (Verdict.SAME,): (PRECISION_OF_SAME, None),
    (Verdict.SAME, Verdict.POSSIBLE): (None, RECALL_OF_LIKELY),
}


def _build_kind_table(found: Iterable[JudgedPair]) -> Table:
    counted: dict[tuple[bool, str], Counter[Verdict]] = {}
    for one in found:
        counted.setdefault((not one.pair.same, one.pair.kind), Counter())[one.verdict] += 1
    rows = [
        ("another" if another else "one", kind, *(str(counts[one]) for one in Verdict))
        for (another, kind), counts in sorted(counted.items())
    ]
    return Table("By kind", ("in truth", "what makes it hard", *(f"said {one.lower()}" for one in Verdict)), rows)


def _format_share(value: float) -> str:
    return f"{value:.3f}"


def _parse_pairs(rows: "csv.DictReader[str]") -> list[LabelledPair]:
    missing = [column for column in REQUIRED_COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise BadInput(f"The file has no column {', '.join(missing)}; its first line names the columns, as in left_name.")
    found = [_parse_pair(row, rows.line_num) for row in rows]
    if not found:
        raise BadInput("The file has no pairs; each line below the first is one.")
    return found


def _parse_pair(row: Mapping[str, str | None], line: int) -> LabelledPair:
    same = (row["same"] or "").strip()
    if same not in ("0", "1"):
        raise BadInput(f'Line {line}: same is 1 for one organization and 0 for two; "{same}" is neither.')
    return LabelledPair(
        _parse_record(row, "left", line), _parse_record(row, "right", line), same == "1", (row.get("kind") or "").strip()
    )


def _parse_record(row: Mapping[str, str | None], side: str, line: int) -> MatchRecord:
    cells = {field: (row.get(f"{side}_{field}") or "").strip() or None for field in FIELDS}
    if cells["name"] is None:
        raise BadInput(f"Line {line}: {side}_name is empty; every organization needs its name.")
    place = MatchAddress(cells["street"], cells["city"], _parse_state(cells["state"]), cells["postal_code"])
    phones = (cells["phone"],) if cells["phone"] else ()
    return MatchRecord(f"{side} {line}", cells["name"], website=cells["website"], phones=phones, addresses=(place,))


def _parse_state(written: str | None) -> str | None:
    found = REGIONS.find(written) if written else ()
    return next((region.code for region in found if region.kind is RegionKind.STATE), None)
