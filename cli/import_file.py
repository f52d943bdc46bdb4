"""One import in the terminal: read, planned, settled, told, written, reported."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from msgspec.structs import replace
from rich.console import Console

from cli.command_group import escape_line
from cli.database import utc_now
from cli.import_options import ImportOptions
from cli.progress import watch_rows
from cli.terminal_report import format_counts, format_plan
from cli.terminal_report import format_review_row as doubtful_lines
from directory.errors import BadInput
from directory.store.ledger.edits import EditOutcome, Receipt
from directory.store.store import Store
from seed.mapping.profile import save_profile
from seed.output_files import OUTPUT_OPTIONS, require_distinct_files, require_extension
from seed.plan.import_plan import apply_plan, plan_import
from seed.plan.online_geocoder import build_geocoder
from seed.plan.planned_row import Plan, PlannedRow, RowAction, list_rows_to_review, with_answers
from seed.report.corrections import CORRECTIONS_EXTENSIONS, write_corrections
from seed.report.plan_report import build_plan_report
from seed.report.report_file import REPORT_WRITERS, write_report
from seed.resolve.row_statement import NEW_RECORD
from seed.rows import Row
from seed.sources.dataset import Dataset
from seed.sources.dataset_loader import load_dataset

LATER = "later"
FICTIONAL_DIRECTORY_MESSAGE = (
    "This directory holds a fictional network; real records do not belong into it. Use another database."
)


def import_file(file: Path, store: Store, options: ImportOptions) -> Plan:
    """The whole walk; returns the plan as it was at the end. Raises what reading, planning and writing raise."""
    _require_valid_outputs(file, options)
    if store.load_head().fictional:
        raise BadInput(FICTIONAL_DIRECTORY_MESSAGE)
    dataset = load_dataset(file, options.read_options, sys.stdin.buffer)
    if options.save_profile and dataset.profile:
        save_profile(options.save_profile, dataset.profile)
    planned = _plan_import(dataset, store, options)
    if options.interactive and list_rows_to_review(planned):
        planned = _plan_import(replace(dataset, rows=_ask_for_decisions(planned)), store, options)
    _print_plan(planned, dataset, options.show)
    _write_files(planned, dataset, options)
    if not options.apply:
        click.echo("Nothing was written; --apply writes it.")
    else:
        _write_report(planned, dataset, options, _apply_plan(planned, dataset, store, options))
    return planned


def _require_valid_outputs(file: Path, options: ImportOptions) -> None:
    require_extension("report", options.report, REPORT_WRITERS)
    require_extension("corrections", options.corrections, CORRECTIONS_EXTENSIONS)
    require_distinct_files(file, {name: getattr(options, name) for name in OUTPUT_OPTIONS})


def _plan_import(dataset: Dataset, store: Store, options: ImportOptions) -> Plan:
    return plan_import(
        dataset,
        store,
        today=utc_now().date(),
        geocode=build_geocoder(options.geocoder, domain=options.geocoder_domain) if options.geocoder else None,
        may_loosen=options.loosen_visibility,
        overwrites_edits=options.overwrite_edits,
        progress=watch_rows("Planning", dataset.estimated_row_count, Console(stderr=True)),
    )


def _ask_for_decisions(planned: Plan) -> Iterator[Row]:
    """Asks whom each doubtful row is about. An answer of "later" leaves it doubtful."""
    answers = {}
    for position, item in list_rows_to_review(planned):
        for line in doubtful_lines(item):
            click.echo(escape_line(line))
        choice = click.prompt(f"  {_format_choices(item)}", type=click.Choice(_list_choices(item)), show_choices=False)
        if choice != LATER:
            answers[position] = NEW_RECORD if choice == NEW_RECORD else item.candidates[int(choice) - 1].id
    return with_answers(planned, answers)


def _list_choices(item: PlannedRow) -> list[str]:
    return [*(str(number) for number in range(1, len(item.candidates) + 1)), NEW_RECORD, LATER]


def _format_choices(item: PlannedRow) -> str:
    named = ", ".join(f"{number} for {one.name}" for number, one in enumerate(item.candidates, start=1))
    return f"The same as: {named}; {NEW_RECORD} for another organization; {LATER}"


def _print_plan(planned: Plan, dataset: Dataset, shown: int) -> None:
    for note in (*dataset.notes, *dataset.list_final_notes()):
        click.echo(escape_line(note))
    for line in format_plan(planned, shown):
        click.echo(line)
    click.echo(f"\n{format_counts(planned)}")


def _apply_plan(planned: Plan, dataset: Dataset, store: Store, options: ImportOptions) -> Receipt:
    receipt = apply_plan(planned, store, now=utc_now(), reason=f"import of {dataset.key}", retire_missing=options.retire_missing)
    done = [
        f"{receipt.count(outcome):,} {outcome.value.lower()}" for outcome in EditOutcome if outcome is not EditOutcome.UNCHANGED
    ]
    if any(result.outcome is not EditOutcome.UNCHANGED for result in receipt.results):
        click.echo(
            f"Written: {', '.join(done)}, at revision {receipt.revision}; directory undo {receipt.revision} takes it back."
        )
    else:
        click.echo("Nothing was to be written.")
    return receipt


def _write_files(planned: Plan, dataset: Dataset, options: ImportOptions) -> None:
    """Before anything is applied: where these cannot be written nothing else is, and what was done is told even after a crash."""
    if options.report:
        _write_report(planned, dataset, options)
        click.echo(f"{options.report} tells every row.")
    if options.corrections and (count := write_corrections(planned, dataset, options.corrections)):
        click.echo(f"{options.corrections} holds {count:,} {'row' if count == 1 else 'rows'} to correct; feed it again.")
    elif planned.select(RowAction.REJECT, RowAction.REVIEW).items and not options.corrections:
        click.echo("--corrections FILE writes the refused and doubtful rows as a file to correct and feed again.")


def _write_report(planned: Plan, dataset: Dataset, options: ImportOptions, receipt: Receipt | None = None) -> None:
    if options.report:
        write_report(build_plan_report(planned, dataset.notes, receipt.revision if receipt else None), options.report)
