"""From a table to a dataset: whose columns they are, or what each of them holds."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import Path

from msgspec.structs import replace

from directory.errors import BadInput, Code
from directory.problems import Problem
from directory.records import Identifier
from seed.came_back import ADDED, answered, as_written, is_part, source_of
from seed.clean.rows import cleaned
from seed.columns.guess import Guess, guess
from seed.columns.labels import labels
from seed.columns.mapping import Mapping
from seed.columns.mapping import rows as mapped
from seed.columns.people import describes_people
from seed.columns.profile import Profile, applied, found, profile_of
from seed.dataset import Dataset
from seed.instructions import Instructions
from seed.readers import exported, hsds, irs, openstreetmap
from seed.rows import Row
from seed.tables import Table

WHO = frozenset({"name", "id", "slug", "same_as", "source_id", "identifier:US-EIN"})  # fields that tell whom a row is about
SAMPLE = 200  # rows by which columns are guessed
IRS_TITLE = "Internal Revenue Service: Exempt Organizations Business Master File"
IRS_URL = "https://www.irs.gov/charities-non-profits/exempt-organizations-business-master-file-extract-eo-bmf"
OWN = "This directory"  # as the source of what came out of it
OSM_TITLE = "OpenStreetMap"
OSM_URL = "https://www.openstreetmap.org/copyright"  # what its licence asks to be named
LISTED = "A list that the network keeps"  # what everybody is told of a source that nobody named
SURE = 0.95  # confidence, 0 to 1, from which a guess needs no mention


def from_table(
    table: Table, folder: Path, how: Instructions, profile: Profile | None, reread: Callable[[Profile], Table] | None = None
) -> Dataset:
    """The dataset of a table in that folder, where a profile of it may lie: one that says how to read is obeyed by `reread`.

    Raises BadInput for a list of people, unless the instructions allow it.
    """
    table = as_written(table)
    at = found(folder, table.headings) if profile is None and _is_mapped(table.headings) else None
    if at is not None:
        profile = at[1]
        if reread and says_how_to_read(profile) and not is_part(table.headings):
            table = reread(profile)
    rows = iter(table.rows)
    numbered = list(islice(rows, SAMPLE))
    sample = [cells for _, cells in numbered]
    dataset = _dataset(replace(table, rows=chain(numbered, rows)), sample, how, profile)
    if at is not None:
        dataset = replace(dataset, notes=(f"{at[0].name}, which lies here, says what the columns are.", *dataset.notes))
    headings = labels(table.headings, _width(sample))
    if not is_part(table.headings):
        return replace(dataset, headings=headings)
    key = dataset.key or source_of(table.headings, sample)
    return replace(dataset, key=key, is_part=True, headings=headings, rows=answered(iter(dataset.rows)))


def says_how_to_read(profile: Profile) -> bool:
    """A file of the source. One of rows that came back is read as we wrote it."""
    return any(one is not None for one in (profile.encoding, profile.delimiter, profile.header, profile.sheet))


def _width(sample: Sequence[Sequence[str]]) -> int:
    return max((len(cells) for cells in sample), default=0)


def _is_mapped(headings: Sequence[str] | None) -> bool:
    """Whether a profile or a guess has to say what these columns hold."""
    known = (irs.is_irs, openstreetmap.is_osm, exported.is_ours, hsds.is_organizations)
    return not any(are_known(headings) for are_known in known) and not hsds.linked_table(headings or ())


def _dataset(table: Table, sample: Sequence[Sequence[str]], how: Instructions, profile: Profile | None) -> Dataset:
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
    return _mapped(table, sample, how, profile)


def _of_ours(table: Table, how: Instructions) -> Dataset:
    rows = exported.rows(table, clean=partial(cleaned, today=how.today), clear_empty=how.clear_empty)
    unread = _listed("Not taken, as this directory did not write them", _not_added(exported.unread(table.headings or ())))
    return Dataset("", OWN, rows, notes=(*table.notes, *unread), states_sources=True)


def _of_irs(table: Table, how: Instructions) -> Dataset:
    counted = irs.Filtered()
    there: set[Identifier] = set()
    rows = irs.rows(_noted(table, there), ntee=how.ntee, states=how.states, filtered=counted)
    return Dataset("", IRS_TITLE, rows, url=IRS_URL, notes=table.notes, found=lambda: counted.notes, left_out=lambda: there)


def _noted(table: Table, there: set[Identifier]) -> Table:
    """The IRS's table, which notes as it is read who is in it, whatever filter comes after it."""

    def rows() -> Iterator[tuple[int, tuple[str, ...]]]:
        place = [heading.strip().upper() for heading in table.headings or ()].index("EIN")
        for number, cells in table.rows:
            digits = cells[place].strip().replace("-", "").zfill(irs.EIN_DIGITS)
            there.add(Identifier("US-EIN", f"{digits[:2]}-{digits[2:]}"))
            yield number, cells

    return replace(table, rows=rows())


def _refused(table: Table, sentence: str) -> Iterator[Row]:
    for number, cells in table.rows:
        told = dict(zip(table.headings or (), cells, strict=False))
        yield Row(table.file, number, {}, cells=told, problems=(Problem((), Code.BAD_INPUT, sentence),))


def _mapped(table: Table, sample: Sequence[Sequence[str]], how: Instructions, known: Profile | None) -> Dataset:
    people = None if how.allow_people or is_part(table.headings) else describes_people(table.headings, sample)
    if people:
        raise BadInput(f"{people} If its rows are organizations all the same, say so with --allow-people.", file=table.file)
    guesses = () if known else _guessed(table.headings, sample)
    profile = known or profile_of(guesses, header=table.headings is not None)
    mapping, notes = applied(profile, table.headings, _width(sample))
    rows = map(partial(cleaned, terms=profile.terms, today=how.today), mapped(table, mapping, clear_empty=how.clear_empty))
    told = (
        *table.notes,
        *notes,
        *_told(guesses),
        *(_said(profile) if known else ()),
        *_listed("Not taken", _not_added(mapping.unmapped)),
        *_nameless(mapping),
        *(f"{one.reason[0].upper()}{one.reason[1:]}." for one in guesses if one.field is None and one.confidence),
    )
    title, key = profile.title or LISTED, profile.key or ""
    return Dataset(key, title, rows, date=profile.date, url=profile.url, notes=told, profile=profile)


def _guessed(headings: Sequence[str] | None, sample: Sequence[Sequence[str]]) -> tuple[Guess, ...]:
    """Among rows that came back most values may be wrong: there a heading counts whatever they look like."""
    found = guess(headings, sample)
    if not is_part(headings):
        return found
    taken = {one.field for one in found}
    said = {one.column: one for one in guess(headings, ()) if one.field not in taken}
    return tuple(one if one.field else said.get(one.column, one) for one in found)


def _told(guesses: Iterable[Guess]) -> Iterator[str]:
    """How the columns were understood, with how sure that is."""
    taken = [one for one in guesses if one.field]
    if taken:
        yield "Columns: " + ", ".join(f'"{one.heading}" is {one.field}{_doubt(one)}' for one in taken) + "."


def _said(profile: Profile) -> Iterator[str]:
    """What a profile says, as it may have lain here unseen: a constant could publish every street."""
    yield "Columns: " + ", ".join(f'"{name}" is {rule.field}' for name, rule in profile.columns.items() if rule.field) + "."
    if profile.constants:
        every = ", ".join(f'{field} is "{text}"' for field, text in profile.constants.items())
        yield f"Wherever a row says nothing else: {every}."


def _nameless(mapping: Mapping) -> Iterator[str]:
    """One sentence instead of the same for every row."""
    fields = {one.field for one in mapping.columns} | mapping.constants.keys()
    if not fields & WHO:
        yield "No column holds the organizations' names. --save-profile FILE lets you say which does."


def _doubt(one: Guess) -> str:
    return "" if one.confidence >= SURE else f" ({one.confidence:.0%}: {one.reason})"


def _not_added(columns: Iterable[str]) -> list[str]:
    return [column for column in columns if column not in ADDED]


def _listed(title: str, columns: Sequence[str]) -> tuple[str, ...]:
    quoted = ", ".join(f'"{column}"' for column in columns)
    return (f"{title}: {quoted}.",) if columns else ()
