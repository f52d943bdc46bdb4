"""Labelled pairs of organizations: whether they are duplicates, compared with the verdicts of matching."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from benchmarks import targets
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
MAX_CELL_LENGTH = 32_768  # characters


class LabelledPair(Struct, frozen=True):
    """Two records, and whether they are one organization. `kind` describes what makes the pair hard; it may be ""."""

    left: MatchRecord
    right: MatchRecord
    same: bool
    kind: str = ""


class JudgedPair(Struct, frozen=True):
    """A pair and the verdict of matching."""

    pair: LabelledPair
    verdict: Verdict


def read_pairs(file: Path) -> list[LabelledPair]:
    """Read pairs from a CSV file with columns such as left_name (see FIELDS), `same` (0 or 1) and optionally `kind`.

    Empty and absent cells mean "not stated". Raises BadInput if the file cannot be read or a row is invalid.
    """
    former_limit = csv.field_size_limit(MAX_CELL_LENGTH)  # of the whole process
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            return _parse_pairs(csv.DictReader(text))
    except OSError as problem:
        raise BadInput(f"{file} cannot be read: {problem.strerror}.") from problem
    except (UnicodeDecodeError, csv.Error) as problem:
        raise BadInput(f"{file} is not a CSV file in UTF-8. Save it as one and try again.") from problem
    finally:
        csv.field_size_limit(former_limit)


def judge_pairs(pairs: Sequence[LabelledPair]) -> list[JudgedPair]:
    """Return the verdict on each pair. Word frequencies come from all names in the pairs."""
    frequency = TokenFrequency({record.name for pair in pairs for record in (pair.left, pair.right)})
    return [JudgedPair(pair, compare_records(pair.left, pair.right, frequency).verdict) for pair in pairs]


def build_tables(judged_pairs: Sequence[JudgedPair], title: str, with_targets: bool) -> list[Table]:
    kinds = [_build_kind_table(judged_pairs)] if any(judged.pair.kind for judged in judged_pairs) else []
    return [_build_verdict_table(judged_pairs, title, with_targets), *kinds]


def compute_precision(judged_pairs: Sequence[JudgedPair], *verdicts: Verdict) -> float | None:
    """Return the share of duplicates among pairs with these verdicts, or None if there are no such pairs."""
    matches = [judged for judged in judged_pairs if judged.verdict in verdicts]
    return sum(judged.pair.same for judged in matches) / len(matches) if matches else None


def compute_recall(judged_pairs: Sequence[JudgedPair], *verdicts: Verdict) -> float | None:
    """Return the share of duplicates that have these verdicts, or None if there are no duplicates."""
    duplicates = [judged for judged in judged_pairs if judged.pair.same]
    return sum(judged.verdict in verdicts for judged in duplicates) / len(duplicates) if duplicates else None


def _build_verdict_table(judged_pairs: Sequence[JudgedPair], title: str, with_targets: bool) -> Table:
    rows = []
    for verdicts, promised_shares in _TARGETS.items():
        count = sum(judged.verdict in verdicts for judged in judged_pairs)
        cells = [" or ".join(verdict.lower() for verdict in verdicts), f"{count:,}"]
        shares = compute_precision(judged_pairs, *verdicts), compute_recall(judged_pairs, *verdicts)
        for share, target in zip(shares, promised_shares, strict=True):
            comparison = compare_with_target(share or 0.0, target if with_targets else None, _format_share, at_least=True)
            cells += ["–" if share is None else _format_share(share), *comparison]
        rows.append(cells)
    return Table(title, ("verdict", "pairs", "precision", "target", "", "recall", "target", ""), rows)


_TARGETS: dict[tuple[Verdict, ...], tuple[float | None, float | None]] = {
    (Verdict.SAME,): (targets.PRECISION_OF_SAME, None),
    (Verdict.SAME, Verdict.POSSIBLE): (None, targets.RECALL_OF_LIKELY),
}


def _build_kind_table(judged_pairs: Iterable[JudgedPair]) -> Table:
    counts_by_kind: dict[tuple[bool, str], Counter[Verdict]] = {}
    for judged in judged_pairs:
        counts_by_kind.setdefault((not judged.pair.same, judged.pair.kind), Counter())[judged.verdict] += 1
    rows = [
        ("distinct" if is_distinct else "duplicate", kind, *(str(counts[verdict]) for verdict in Verdict))
        for (is_distinct, kind), counts in sorted(counts_by_kind.items())
    ]
    return Table("By kind", ("label", "kind", *(f"verdict {verdict.lower()}" for verdict in Verdict)), rows)


def _format_share(value: float) -> str:
    return f"{value:.3f}"


def _parse_pairs(rows: "csv.DictReader[str]") -> list[LabelledPair]:
    missing = [column for column in REQUIRED_COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise BadInput(f"The file has no column {', '.join(missing)}. Its first line must name the columns, such as left_name.")
    pairs = [_parse_pair(row, rows.line_num) for row in rows]
    if not pairs:
        raise BadInput("The file has no pairs. Add one per line below the first line.")
    return pairs


def _parse_pair(row: Mapping[str, str | None], line: int) -> LabelledPair:
    same = (row["same"] or "").strip()
    if same not in ("0", "1"):
        raise BadInput(f'Line {line}: same must be 1 for duplicates or 0 for distinct organizations, not "{same}".')
    return LabelledPair(
        _parse_record(row, "left", line), _parse_record(row, "right", line), same == "1", (row.get("kind") or "").strip()
    )


def _parse_record(row: Mapping[str, str | None], side: str, line: int) -> MatchRecord:
    cells = {field: (row.get(f"{side}_{field}") or "").strip() or None for field in FIELDS}
    if cells["name"] is None:
        raise BadInput(f"Line {line}: {side}_name is empty. Every organization needs a name.")
    place = MatchAddress(cells["street"], cells["city"], _parse_state(cells["state"]), cells["postal_code"])
    phones = (cells["phone"],) if cells["phone"] else ()
    return MatchRecord(f"{side} {line}", cells["name"], website=cells["website"], phones=phones, addresses=(place,))


def _parse_state(text: str | None) -> str | None:
    regions = REGIONS.find(text) if text else ()
    return next((region.code for region in regions if region.kind is RegionKind.STATE), None)
