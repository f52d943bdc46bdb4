"""The report as a file: JSON, CSV or XLSX, by its ending."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from directory.errors import BadInput
from seed.replacing import replaced
from seed.report.changes import FieldChange
from seed.report.items import EvidenceTold, ItemTold, Told, TroubleTold
from seed.report.tables import write_csv, write_xlsx

HEADINGS = ("file", "row", "fate", "name", "organization", "changes", "proposed", "evidence", "problems", "repairs")


def write_report(told: Told, path: Path) -> None:
    """Writes every row with its fate. Raises BadInput for another ending, or a place that cannot be written to."""
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise BadInput(f"A report ends in {', '.join(WRITERS)}; {path.name} does not.", argument="report")
    try:
        write(told, path)
    except OSError as problem:
        raise BadInput(f"{path} cannot be written: {problem.strerror}.", argument="report") from problem


def _json(told: Told, path: Path) -> None:
    with replaced(path) as out:
        out.write(msgspec.json.format(msgspec.json.encode(told)) + b"\n")


def _csv(told: Told, path: Path) -> None:
    write_csv(path, HEADINGS, _rows(told))


def _xlsx(told: Told, path: Path) -> None:
    write_xlsx(path, HEADINGS, _rows(told))


def _rows(told: Told) -> Iterator[Sequence[str]]:
    for item in told.items:
        yield _cells(item)
    for one in told.missing_organizations:
        yield ("", "", "missing", one.name, one.organization, "", "", "", "", "")


def _cells(item: ItemTold) -> Sequence[str]:
    lists = (
        [_change(one) for one in item.changes],
        [_change(one) for one in item.proposed],
        [_evidence(one) for one in item.evidence],
        [trouble_line(one) for one in item.problems],
        [f"{one.column}: {one.before!r} to {one.after!r} {one.reason}".rstrip() for one in item.repairs],
    )
    return (item.file, str(item.row), item.fate, item.name, item.organization or "", *("\n".join(lines) for lines in lists))


def _change(change: FieldChange) -> str:
    return f"{change.field}: {change.old or 'not stated'} → {change.new or 'not stated'}"


def _evidence(evidence: EvidenceTold) -> str:
    return (
        f"{evidence.name} ({evidence.organization}), {evidence.verdict.lower()} {evidence.score}: {'; '.join(evidence.because)}"
    )


def trouble_line(trouble: TroubleTold) -> str:
    where = (
        f'{trouble.column} "{trouble.value}"' if trouble.column and trouble.value is not None else trouble.column or trouble.path
    )
    return f"{where}: {trouble.message} ({trouble.code})" if where else f"{trouble.message} ({trouble.code})"


WRITERS: dict[str, Callable[[Told, Path], None]] = {".json": _json, ".csv": _csv, ".xlsx": _xlsx}
