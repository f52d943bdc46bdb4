"""From a table to a dataset: whose columns they are, or what each of them holds."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import Path

from msgspec.structs import replace

from directory.errors import BadInput, Code
from directory.problems import Problem
from seed.came_back import REASON, SOURCE, is_part, source_of
from seed.clean.rows import cleaned
from seed.columns.guess import Guess, guess
from seed.columns.mapping import rows as mapped
from seed.columns.people import describes_people
from seed.columns.profile import Profile, applied, find, profile_of
from seed.dataset import Dataset
from seed.instructions import Instructions
from seed.readers import exported, hsds, irs, openstreetmap
from seed.rows import Row
from seed.tables import Table

SAMPLE = 200  # rows by which columns are guessed
IRS_TITLE = "Internal Revenue Service: Exempt Organizations Business Master File"
IRS_URL = "https://www.irs.gov/charities-non-profits/exempt-organizations-business-master-file-extract-eo-bmf"
OWN = "This directory"  # as the source of what came out of it
OSM_TITLE = "OpenStreetMap"
OSM_URL = "https://www.openstreetmap.org/copyright"  # what its licence asks to be named
LISTED = "A list that the network keeps"  # what everybody is told of a source that nobody named
SURE = 0.95  # confidence, 0 to 1, from which a guess needs no mention


def from_table(table: Table, folder: Path, how: Instructions, profile: Profile | None) -> Dataset:
    """The dataset of a table in that folder, where a profile of it may lie.

    Raises BadInput for a list of people, unless the instructions allow it.
    """
    numbered = list(islice(table.rows, SAMPLE))
    sample = [cells for _, cells in numbered]
    whole = replace(table, rows=chain(numbered, table.rows))
    dataset = _dataset(whole, sample, folder, how, profile)
    return replace(dataset, key=dataset.key or source_of(table.headings, sample), is_part=is_part(table.headings))


def _dataset(table: Table, sample: Sequence[Sequence[str]], folder: Path, how: Instructions, profile: Profile | None) -> Dataset:
    if irs.is_irs(table.headings):
        return _of_irs(table, how)
    if openstreetmap.is_osm(table.headings):
        rows = (cleaned(row, today=how.today) for row in openstreetmap.rows(table))
        return Dataset("", OSM_TITLE, rows, url=OSM_URL, notes=table.notes)
    if exported.is_ours(table.headings):
        return _of_ours(table, how)
    if hsds.is_organizations(table.headings):
        return hsds.organizations(table)
    linked = hsds.linked_table(table.headings or ())
    if linked:
        return Dataset("", LISTED, _refused(table, linked), notes=table.notes)
    return _mapped(table, sample, how, profile or find(folder, table.headings))


def _of_ours(table: Table, how: Instructions) -> Dataset:
    rows = exported.rows(table, clean=partial(cleaned, today=how.today), clear_empty=how.clear_empty)
    unread = _listed("Not taken, as this directory did not write them", exported.unread(table.headings or ()))
    return Dataset("", OWN, rows, notes=(*table.notes, *unread), states_sources=True)


def _of_irs(table: Table, how: Instructions) -> Dataset:
    counted = irs.Filtered()
    rows = irs.rows(table, ntee=how.ntee, states=how.states, filtered=counted)
    return Dataset("", IRS_TITLE, rows, url=IRS_URL, notes=table.notes, found=lambda: counted.notes)


def _refused(table: Table, sentence: str) -> Iterator[Row]:
    for number, cells in table.rows:
        told = dict(zip(table.headings or (), cells, strict=False))
        yield Row(table.file, number, {}, cells=told, problems=(Problem((), Code.BAD_INPUT, sentence),))


def _mapped(table: Table, sample: Sequence[Sequence[str]], how: Instructions, known: Profile | None) -> Dataset:
    people = None if how.allow_people else describes_people(table.headings, sample)
    if people:
        raise BadInput(f"{people} If its rows are organizations all the same, say so with --allow-people.", file=table.file)
    guesses = () if known else guess(table.headings, sample)
    profile = known or profile_of(guesses, header=table.headings is not None)
    mapping, notes = applied(profile, table.headings, max((len(cells) for cells in sample), default=0))
    rows = map(partial(cleaned, terms=profile.terms, today=how.today), mapped(table, mapping, clear_empty=how.clear_empty))
    told = (
        *table.notes,
        *notes,
        *_told(guesses),
        *_listed("Not taken", [one for one in mapping.unmapped if one not in (REASON, SOURCE)]),
    )
    title, key = profile.title or LISTED, profile.key or ""
    return Dataset(key, title, rows, date=profile.date, url=profile.url, notes=told, profile=profile)


def _told(guesses: Iterable[Guess]) -> Iterator[str]:
    """How the columns were understood, with how sure that is."""
    taken = [one for one in guesses if one.field]
    if taken:
        yield "Columns: " + ", ".join(f'"{one.heading}" is {one.field}{_doubt(one)}' for one in taken) + "."


def _doubt(one: Guess) -> str:
    return "" if one.confidence >= SURE else f" ({one.confidence:.0%}: {one.reason})"


def _listed(title: str, columns: Sequence[str]) -> tuple[str, ...]:
    quoted = ", ".join(f'"{column}"' for column in columns)
    return (f"{title}: {quoted}.",) if columns else ()
