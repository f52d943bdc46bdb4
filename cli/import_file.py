"""Import one file from the terminal: read, plan, ask about doubtful rows, print, write reports, apply."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from msgspec.structs import replace
from rich.console import Console

from cli.import_options import PROVISIONS, RECORDS, ImportOptions, require_distinct_outputs, require_extension
from cli.import_questions import END, ask_about_columns, ask_about_spellings, ask_about_tags, ask_about_values, ask_where_to_save
from cli.progress import watch_rows
from cli.receipt_output import format_visibility
from cli.terminal import escape_line
from cli.terminal_report import NOTHING_WRITTEN, format_counts, format_plan, format_review_row
from directory.curation.revision_summary import RevisionSummary, summarize_revision
from directory.errors import BadInput
from directory.export.kind_records import EXPORTED_KINDS
from directory.live import Directory
from directory.store.ledger.edits import EditOutcome
from directory.store.store import Store
from seed.mapping.profile import Profile, save_profile
from seed.mapping.profile_values import write_tag_table
from seed.plan.import_plan import ProgressWrapper, apply_plan, plan_import
from seed.plan.online_geocoder import build_geocoder
from seed.plan.planned_row import Plan, list_rows_to_review, with_answers
from seed.plan.provision_plan import plan_provisions
from seed.plan.record_plan import plan_records
from seed.plan_report import (
    RowQuestion,
    build_plan_report,
    format_outcomes,
    format_remembered_rows,
    list_row_questions,
    view_changed_streets,
)
from seed.report_files import CORRECTIONS_EXTENSIONS, REPORT_WRITERS, write_corrections, write_report
from seed.resolve.row_statement import LEAVE_REMOVED, NEW_RECORD
from seed.rows import Row
from seed.sources.dataset import Dataset
from seed.sources.dataset_loader import STANDARD_INPUT, load_dataset, load_records
from seed.sources.provision_table import load_provisions
from web.server.clock import utc_now

LATER = "later"
FICTIONAL_DIRECTORY_MESSAGE = (
    "This directory contains a fictional network, which must not be mixed with real records. Use another database."
)


def import_file(file: Path, directory: Directory, options: ImportOptions) -> Plan:
    """Import the file and return the final plan. Raises what reading, planning and writing raise."""
    _require_valid_outputs(file, options)
    require_real_directory(directory)
    dataset = load_file(file, options)
    if options.interactive and dataset.profile:
        dataset = _ask_about_meanings(file, dataset, directory.store, options)
    if options.save_profile and dataset.profile:
        save_profile(options.save_profile, dataset.profile)
    planned = plan_file(dataset, directory.store, options)
    if options.interactive and list_rows_to_review(planned):
        planned = plan_file(replace(dataset, rows=_ask_for_decisions(planned)), directory.store, options)
    if options.show_streets:
        planned = _show_streets(planned, dataset, directory.store)
    _print_plan(planned, dataset, options)
    _write_files(planned, dataset, options)
    if not options.apply:
        click.echo("Nothing was written. To write the changes, add --apply." if planned.writes_something else NOTHING_WRITTEN)
    else:
        revision, summary = _apply_plan(planned, dataset, directory, options)
        _write_report(planned, dataset, options, revision, summary)
    return planned


def _ask_about_meanings(file: Path, dataset: Dataset, store: Store, options: ImportOptions) -> Dataset:
    """Ask what columns, values and tags mean, and return the dataset read again with the answers, which the person may save."""
    if file == STANDARD_INPUT:
        raise BadInput("--interactive reads your answers from standard input. Name a file to import.", argument="file")
    original = dataset.profile or Profile({})
    profile = ask_about_columns(dataset.columns, original)
    rows = [item.row for item in plan_file(load_file(file, options, profile), store, options).items]
    profile = ask_about_spellings(rows, profile)
    profile = ask_about_tags(rows, ask_about_values(rows, profile))
    if profile == original:
        return load_file(file, options)
    if options.save_profile is None:
        ask_where_to_save(profile, dataset.profile_file or options.read_options.profile or file.with_suffix(".toml"))
    return load_file(file, options, profile)


def require_real_directory(directory: Directory) -> None:
    """Raise BadInput for a directory with fictional records."""
    if directory.store.load_head().fictional:
        raise BadInput(FICTIONAL_DIRECTORY_MESSAGE)


def load_file(file: Path, options: ImportOptions, profile: Profile | None = None) -> Dataset:
    """Return the dataset in the file. Its rows are read while they are iterated."""
    if options.kind in RECORDS:
        return load_records(file, options.kind, options.read_options, sys.stdin.buffer)
    if options.kind == PROVISIONS:
        return load_provisions(file, options.read_options, sys.stdin.buffer)
    return load_dataset(file, options.read_options, sys.stdin.buffer, profile)


def _require_valid_outputs(file: Path, options: ImportOptions) -> None:
    require_extension("report", options.report, REPORT_WRITERS)
    require_extension("corrections", options.corrections, CORRECTIONS_EXTENSIONS)
    require_distinct_outputs(file, options)


def plan_file(dataset: Dataset, store: Store, options: ImportOptions, progress: ProgressWrapper | None = None) -> Plan:
    """Return the plan. `progress` wraps the iteration over the rows; without it, the terminal shows a bar."""
    progress = progress or watch_rows("Planning", dataset.estimated_row_count, Console(stderr=True))
    if options.kind == PROVISIONS:
        return plan_provisions(
            dataset,
            store,
            instrument=options.instrument,
            may_loosen=options.loosen_visibility,
            overwrites_edits=options.overwrite_edits,
            progress=progress,
        )
    if options.kind in RECORDS:
        return plan_records(
            EXPORTED_KINDS[options.kind],
            dataset,
            store,
            may_loosen=options.loosen_visibility,
            overwrites_edits=options.overwrite_edits,
            progress=progress,
        )
    return plan_import(
        dataset,
        store,
        today=utc_now().date(),
        geocode=build_geocoder(options.geocoder, domain=options.geocoder_domain) if options.geocoder else None,
        may_loosen=options.loosen_visibility,
        overwrites_edits=options.overwrite_edits,
        is_strict=options.strict,
        creates_possible=options.create_possible,
        progress=progress,
    )


def _ask_for_decisions(planned: Plan) -> Iterator[Row]:
    """Ask which organization each doubtful row is about, and return all rows with the answers.

    A row that is answered with "later", or with Enter, stays doubtful. END leaves the rest doubtful.
    """
    answers: dict[int, str] = {}
    for question in list_row_questions(planned):
        for line in format_review_row(question.item):
            click.echo(escape_line(line))
        answer_by_choice = _number_choices(question)
        choices = click.Choice([*answer_by_choice, LATER, END])
        prompt = f"  {_format_choices(question)}"
        choice = click.prompt(prompt, type=choices, show_choices=False, default=LATER, show_default=False)
        if choice == END:
            break
        if choice != LATER:
            answers[question.position] = answer_by_choice[choice]
    return with_answers(planned, answers)


def _number_choices(question: RowQuestion) -> dict[str, str]:
    """Return the answers by what a person enters: a number for a record, otherwise the answer itself."""
    named = [choice.answer for choice in question.choices if choice.candidate is None]
    records = [choice.answer for choice in question.choices if choice.candidate is not None]
    return {**{str(number): answer for number, answer in enumerate(records, start=1)}, **{word: word for word in named}}


def _format_choices(question: RowQuestion) -> str:
    candidates = [choice.candidate for choice in question.choices if choice.candidate is not None]
    names = (f"{candidate.name}{', to restore it' if candidate.was_removed else ''}" for candidate in candidates)
    records = ", ".join(f"{number} for {name}" for number, name in enumerate(names, start=1))
    if not records:
        return f"{NEW_RECORD} to create it (Enter to decide later, {END} to end)"
    leave = f"; {LEAVE_REMOVED} to leave it removed" if any(candidate.was_removed for candidate in candidates) else ""
    return f"The same organization as: {records}{leave}; {NEW_RECORD} for a new one (Enter to decide later, {END} to end)"


def _show_streets(planned: Plan, dataset: Dataset, store: Store) -> Plan:
    """Return the plan with the private streets that it changes, and say that the ledger records this."""
    reason = f"private streets in the plan of an import of {dataset.key}"
    shown = view_changed_streets(planned, store, now=utc_now(), reason=reason)
    count = sum(bool(item.viewed_streets) for item in shown.items)
    if count:
        rows = "1 row" if count == 1 else f"{count:,} rows"
        click.echo(f"Private streets of {rows} are shown. The history of each record lists that you looked.")
    else:
        click.echo("No row changes a private street.")
    return shown


def _print_plan(planned: Plan, dataset: Dataset, options: ImportOptions) -> None:
    for note in (*dataset.notes, *dataset.list_final_notes()):
        click.echo(escape_line(note))
    for line in format_plan(planned, options.show):
        click.echo(line)
    click.echo(f"\n{format_counts(planned)}")


def _apply_plan(
    planned: Plan, dataset: Dataset, directory: Directory, options: ImportOptions
) -> tuple[int, RevisionSummary | None]:
    """Write the plan and print what it changed. Returns the revision and its summary; None if there were no changes."""
    receipt = apply_plan(
        planned, directory, now=utc_now(), reason=f"import of {dataset.key}", retire_missing=options.retire_missing
    )
    if not receipt.decision_count and all(result.outcome is EditOutcome.UNCHANGED for result in receipt.results):
        click.echo(NOTHING_WRITTEN)
        return receipt.revision, None
    with directory.store.begin_read() as reading:
        summary = summarize_revision(reading, receipt.revision)
    click.echo("\n".join(format_visibility(summary)))
    click.echo(f"To see this again: directory receipt {receipt.revision}")
    for line in format_remembered_rows(planned):
        click.echo(line)
    counts = format_outcomes(receipt, planned)
    click.echo(f"Written: {counts}, at revision {receipt.revision}. To undo it: {summary.undo_command}")
    return receipt.revision, summary


def _write_files(planned: Plan, dataset: Dataset, options: ImportOptions) -> None:
    """Write the report and the corrections file.

    This happens before anything is applied: if a file cannot be written, nothing is applied, and after a crash the report exists.
    """
    if options.report:
        _write_report(planned, dataset, options)
        click.echo(f"Report of every row: {options.report}")
    if options.save_tags and (count := write_tag_table((item.row for item in planned.items), options.save_tags)):
        click.echo(f"{count:,} unknown {'tag' if count == 1 else 'tags'} to fill in and use with --tags: {options.save_tags}")
    if options.corrections and (count := write_corrections(planned, dataset, options.corrections)):
        rows = "1 row" if count == 1 else f"{count:,} rows"
        click.echo(f"{rows} to correct and import again: {options.corrections}")
    elif planned.needs_a_person and not options.corrections:
        click.echo("To save the rows that need you to a file, where you can correct them, add --corrections FILE.")


def _write_report(
    planned: Plan,
    dataset: Dataset,
    options: ImportOptions,
    revision: int | None = None,
    summary: RevisionSummary | None = None,
) -> None:
    if options.report:
        write_report(build_plan_report(planned, dataset.notes, revision, summary), options.report)
