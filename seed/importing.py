"""One import in the terminal: read, planned, settled, told, written, reported."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from msgspec.structs import replace
from rich.console import Console

from directory.errors import BadInput
from directory.shell import now
from directory.store import Outcome, Receipt, Store
from directory.terminal import plain_line
from seed.apply import apply
from seed.asking import Asked
from seed.columns.profile import save
from seed.dataset import Dataset
from seed.geocoding import geocoder
from seed.items import Fate, Item, Plan
from seed.opening import opened
from seed.outputs import OWN_FILES, require_apart, require_ending
from seed.plan import plan
from seed.progress import watched
from seed.report.corrections import ENDINGS, write_corrections
from seed.report.files import WRITERS, write_report
from seed.report.items import told
from seed.rows import Row
from seed.settling import answered, doubtful
from seed.statement import NEW
from seed.telling import counted, lines
from seed.telling import doubtful as doubtful_lines

LATER = "later"
FICTIONAL = "This directory holds a fictional network; real records do not belong into it. Use another database."


def import_file(file: Path, store: Store, asked: Asked) -> Plan:
    """The whole walk; returns the plan as it was at the end. Raises what reading, planning and writing raise."""
    _require_outputs(file, asked)
    if store.head().fictional:
        raise BadInput(FICTIONAL)
    dataset = opened(file, asked.instructions, sys.stdin.buffer)
    if asked.save_profile and dataset.profile:
        save(asked.save_profile, dataset.profile)
    planned = _planned(dataset, store, asked)
    if asked.interactive and doubtful(planned):
        planned = _planned(replace(dataset, rows=_settled(planned)), store, asked)
    _tell(planned, dataset, asked.show)
    _write_files(planned, dataset, asked)
    if not asked.apply:
        click.echo("Nothing was written; --apply writes it.")
    else:
        _write_report(planned, dataset, asked, _applied(planned, dataset, store, asked))
    return planned


def _require_outputs(file: Path, asked: Asked) -> None:
    require_ending("report", asked.report, WRITERS)
    require_ending("corrections", asked.corrections, ENDINGS)
    require_apart(file, {name: getattr(asked, name) for name in OWN_FILES})


def _planned(dataset: Dataset, store: Store, asked: Asked) -> Plan:
    return plan(
        dataset,
        store,
        today=now().date(),
        geocode=geocoder(asked.geocoder, domain=asked.geocoder_domain) if asked.geocoder else None,
        may_loosen=asked.loosen_visibility,
        overwrites_edits=asked.overwrite_edits,
        progress=watched("Planning", dataset.length, Console(stderr=True)),
    )


def _settled(planned: Plan) -> Iterator[Row]:
    """Asks whom each doubtful row is about. An answer of "later" leaves it doubtful."""
    answers = {}
    for position, item in doubtful(planned):
        for line in doubtful_lines(item):
            click.echo(plain_line(line))
        choice = click.prompt(f"  {_choices(item)}", type=click.Choice(_answers(item)), show_choices=False)
        if choice != LATER:
            answers[position] = NEW if choice == NEW else item.likely[int(choice) - 1].id
    return answered(planned, answers)


def _answers(item: Item) -> list[str]:
    return [*(str(number) for number in range(1, len(item.likely) + 1)), NEW, LATER]


def _choices(item: Item) -> str:
    named = ", ".join(f"{number} for {one.name}" for number, one in enumerate(item.likely, start=1))
    return f"The same as: {named}; {NEW} for another organization; {LATER}"


def _tell(planned: Plan, dataset: Dataset, shown: int) -> None:
    for note in (*dataset.notes, *dataset.found()):
        click.echo(plain_line(note))
    for line in lines(planned, shown):
        click.echo(line)
    click.echo(f"\n{counted(planned)}")


def _applied(planned: Plan, dataset: Dataset, store: Store, asked: Asked) -> Receipt:
    receipt = apply(planned, store, now=now(), reason=f"import of {dataset.key}", retires=asked.retire_missing)
    done = [f"{receipt.count(outcome):,} {outcome.value.lower()}" for outcome in Outcome if outcome is not Outcome.UNCHANGED]
    if any(result.outcome is not Outcome.UNCHANGED for result in receipt.results):
        click.echo(
            f"Written: {', '.join(done)}, at revision {receipt.revision}; directory undo {receipt.revision} takes it back."
        )
    else:
        click.echo("Nothing was to be written.")
    return receipt


def _write_files(planned: Plan, dataset: Dataset, asked: Asked) -> None:
    """Before anything is applied: where these cannot be written nothing else is, and what was done is told even after a crash."""
    if asked.report:
        _write_report(planned, dataset, asked)
        click.echo(f"{asked.report} tells every row.")
    if asked.corrections and (count := write_corrections(planned, dataset, asked.corrections)):
        click.echo(f"{asked.corrections} holds {count:,} {'row' if count == 1 else 'rows'} to correct; feed it again.")
    elif planned.of(Fate.REFUSED, Fate.DOUBTFUL).items and not asked.corrections:
        click.echo("--corrections FILE writes the refused and doubtful rows as a file to correct and feed again.")


def _write_report(planned: Plan, dataset: Dataset, asked: Asked, receipt: Receipt | None = None) -> None:
    if asked.report:
        write_report(told(planned, dataset.notes, receipt.revision if receipt else None), asked.report)
