"""Measure how an import decides whether rows are about organizations that the directory has, on labelled pairs."""

import io
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from enum import StrEnum
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from benchmarks import targets
from benchmarks.fictional_networks import NOW, SEED
from benchmarks.matching.row_pairs import RowPair, read_row_pairs, write_rows
from benchmarks.tables import Table, compare_with_target
from cli.fictional.organizations import seed_fictional_network
from directory.live import Directory
from directory.matching.decide import compare_records
from directory.matching.evidence import Evidence, Verdict
from directory.matching.match_index import MatchIndex
from directory.matching.match_record import build_match_record
from directory.matching.token_frequency import TokenFrequency
from directory.records import StoredOrganization
from directory.store.store import Store
from seed.plan.import_plan import apply_plan, plan_import
from seed.plan.planned_row import OrganizationPlan, OrganizationRow, RowAction, with_answers
from seed.sources.dataset import Dataset, ReadOptions
from seed.sources.dataset_loader import load_dataset

FICTIONAL_RECORDS = targets.SMALL  # in the directory, beside the records of the pairs


class Outcome(StrEnum):
    """What the import decided about a row.

    SAME, POSSIBLE and DIFFERENT are about the record of its pair. With SAME_AS_ANOTHER and POSSIBLY_ANOTHER, the import found
    only other records.
    """

    SAME = "same"
    POSSIBLE = "possible"
    DIFFERENT = "different"
    SAME_AS_ANOTHER = "same as another"
    POSSIBLY_ANOTHER = "possibly another"
    REFUSED = "refused"


RIGHT_OUTCOMES = {Verdict.SAME: Outcome.SAME, Verdict.POSSIBLE: Outcome.POSSIBLE, Verdict.DIFFERENT: Outcome.DIFFERENT}


class DecidedPair(Struct, frozen=True):
    """A pair, what the import decided, and the evidence for it in words."""

    pair: RowPair
    outcome: Outcome
    reasons: str

    @property
    def is_right(self) -> bool:
        return self.outcome is RIGHT_OUTCOMES[self.pair.label]


def measure(folder: Path) -> list[Table]:
    """Measure the pairs in one directory, which is what the targets are for, and each pair in its own."""
    pairs = read_row_pairs()
    return build_tables(decide_together(pairs, FICTIONAL_RECORDS, folder), decide_alone(pairs, folder / "alone"))


def decide_together(pairs: Sequence[RowPair], fictional: int, folder: Path) -> list[DecidedPair]:
    """Import all rows as one list into a directory with all records of the pairs and this many fictional ones."""
    with closing(_create_store(folder)) as store:
        if fictional:
            seed_fictional_network(Directory(store), fictional, seed=SEED, now=NOW)
        return _decide(pairs, store, folder)


def decide_alone(pairs: Sequence[RowPair], folder: Path) -> list[DecidedPair]:
    """Import each row into a directory that has only the record of its pair."""
    folder.mkdir(exist_ok=True)
    _create_store(folder).close()
    empty, copy = folder / "directory.sqlite3", folder / "copy.sqlite3"
    decided = list[DecidedPair]()
    for pair in pairs:
        shutil.copy(empty, copy)
        with closing(Store.open(f"sqlite:///{copy}")) as store:
            decided += _decide([pair], store, folder)
        for file in folder.glob("copy.sqlite3*"):
            file.unlink()
    return decided


def compute_precision(decided_pairs: Sequence[DecidedPair]) -> float:
    """Return the share of rows decided to be the same that are labelled SAME and got their own record; 1 without such rows."""
    same = [decided for decided in decided_pairs if decided.outcome in (Outcome.SAME, Outcome.SAME_AS_ANOTHER)]
    return sum(decided.is_right for decided in same) / len(same) if same else 1.0


def compute_recall(decided_pairs: Sequence[DecidedPair]) -> float:
    """Return the share of pairs labelled SAME whose own record was found to be the same or possible; 1 without such pairs."""
    duplicates = [decided for decided in decided_pairs if decided.pair.label is Verdict.SAME]
    found = sum(decided.outcome in (Outcome.SAME, Outcome.POSSIBLE) for decided in duplicates)
    return found / len(duplicates) if duplicates else 1.0


def _create_store(folder: Path) -> Store:
    store = Store.open(f"sqlite:///{folder / 'directory.sqlite3'}")
    store.migrate()
    return store


def _decide(pairs: Sequence[RowPair], store: Store, folder: Path) -> list[DecidedPair]:
    records = _create_records(store, [pair.record for pair in pairs], folder)
    with store.begin_read() as reading:
        index = MatchIndex(build_match_record(record) for record, _ in reading.load_organizations())
    index.index_pending()
    items = _plan(store, _load_rows("rows", [pair.row for pair in pairs], folder)).items
    decisions = (_find_outcome(item, record, index.token_frequency) for item, record in zip(items, records, strict=True))
    return [DecidedPair(pair, *decision) for pair, decision in zip(pairs, decisions, strict=True)]


def _create_records(store: Store, rows: Sequence[Mapping[str, str]], folder: Path) -> list[StoredOrganization]:
    """Import the rows as new records, even if some of them are alike. Raises ValueError if a row cannot be imported."""
    dataset = _load_rows("records", rows, folder)
    answers = dict.fromkeys(range(len(rows)), "new")
    plan = _plan(store, replace(dataset, rows=list(with_answers(_plan(store, dataset), answers))))
    problems = [problem.message for item in plan.items for problem in (*item.problems, *item.left_out)]
    if problems or plan.counts[RowAction.CREATE] < len(rows):
        raise ValueError(f"Not every record was created as written: {problems}")
    apply_plan(plan, Directory(store), now=NOW, reason="records of labelled pairs")
    return [item.record_after for item in plan.items if item.record_after is not None]


def _load_rows(key: str, rows: Sequence[Mapping[str, str]], folder: Path) -> Dataset:
    file = folder / f"{key}.csv"
    write_rows(file, rows)
    return load_dataset(file, ReadOptions(today=NOW.date(), key=key), io.BytesIO())


def _plan(store: Store, dataset: Dataset) -> OrganizationPlan:
    return plan_import(dataset, store, today=NOW.date())


def _find_outcome(item: OrganizationRow, record: StoredOrganization, frequency: TokenFrequency) -> tuple[Outcome, str]:
    """Return the outcome and the reasons. `record` is that of the pair."""
    if item.action is RowAction.REJECT:
        return Outcome.REFUSED, " ".join(problem.message for problem in item.problems)
    if item.action is RowAction.REVIEW:
        own = [candidate for candidate in item.candidates if candidate.id == record.id]
        candidate, outcome = (own[0], Outcome.POSSIBLE) if own else (item.candidates[0], Outcome.POSSIBLY_ANOTHER)
        return outcome, _format_evidence(candidate.match_result.evidence, "" if own else candidate.name)
    if item.action is RowAction.CREATE and item.record_after is not None:
        return Outcome.DIFFERENT, _explain_difference(item.record_after, record, frequency)
    found = item.record_before or item.record_after
    if found is not None and found.id == record.id:
        return Outcome.SAME, _format_evidence(item.evidence)
    return Outcome.SAME_AS_ANOTHER, _format_evidence(item.evidence, found.name if found else "")


def _explain_difference(row: StoredOrganization, record: StoredOrganization, frequency: TokenFrequency) -> str:
    """Compare a row with the record of its pair, because the plan says nothing about records that do not match."""
    result = compare_records(build_match_record(row), build_match_record(record), frequency)
    found_by_comparing = result.verdict is not Verdict.DIFFERENT
    return _format_evidence(result.evidence, "not among the candidates, although" if found_by_comparing else "")


def _format_evidence(evidence: Sequence[Evidence], heading: str = "") -> str:
    text = "; ".join(f"{one.detail} {one.points:+.0f}" for one in evidence) or "nothing in common"
    return f"{heading}: {text}" if heading else text


# Tables


def build_tables(together: Sequence[DecidedPair], alone: Sequence[DecidedPair]) -> list[Table]:
    """Build the tables. Only the pairs that were decided together have targets, and a list of the wrong ones."""
    title = f"{len(together):,} rows, one list; the directory has their records and {FICTIONAL_RECORDS:,} others"
    alone_title = "Each row alone; the directory has only the record of its pair"
    return [
        _build_share_table(together, title, with_targets=True),
        _build_matrix(together, "· what was decided"),
        _build_wrong_table(together),
        _build_share_table(alone, alone_title, with_targets=False),
        _build_matrix(alone, "· what was decided, each row alone"),
    ]


def _build_share_table(decided_pairs: Sequence[DecidedPair], title: str, *, with_targets: bool) -> Table:
    shares = {
        'precision of "same"': (compute_precision(decided_pairs), targets.ROW_PRECISION_OF_SAME),
        'recall of "same or possible"': (compute_recall(decided_pairs), targets.ROW_RECALL_OF_LIKELY),
    }
    rows = [
        (measure, f"{share:.3f}", *compare_with_target(share, target if with_targets else None, "{:.3f}".format, at_least=True))
        for measure, (share, target) in shares.items()
    ]
    return Table(title, ("measure", "measured", "target", ""), rows)


def _build_matrix(decided_pairs: Sequence[DecidedPair], title: str) -> Table:
    counts = Counter((decided.pair.label, decided.outcome) for decided in decided_pairs)
    rows = [(RIGHT_OUTCOMES[label], *(str(counts[label, outcome]) for outcome in Outcome)) for label in Verdict]
    return Table(title, ("label", *Outcome), rows)


def _build_wrong_table(decided_pairs: Sequence[DecidedPair]) -> Table:
    return Table("· decided otherwise than labelled", _WRONG_COLUMNS, list(_build_wrong_rows(decided_pairs)))


_WRONG_COLUMNS = ("label", "decided", "case", "record", "row", "evidence")


def _build_wrong_rows(decided_pairs: Sequence[DecidedPair]) -> Iterator[tuple[str, ...]]:
    for decided in decided_pairs:
        if not decided.is_right:
            pair = decided.pair
            names = pair.record["name"], pair.row["name"]
            yield RIGHT_OUTCOMES[pair.label], decided.outcome, pair.case, *names, decided.reasons
