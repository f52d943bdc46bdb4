"""From a table to a dataset: whose columns they are, or what each of them holds."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import Path

from msgspec.structs import replace

from directory.drafts.normalize import EIN_SCHEME, parse_ein
from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from directory.records import Identifier
from seed.clean.row_cleaning import clean_row
from seed.mapping.column_mapping import TableMapping
from seed.mapping.column_mapping import map_rows as mapped
from seed.mapping.guess import ColumnGuess, guess_columns
from seed.mapping.headings import column_labels
from seed.mapping.people_lists import describes_people
from seed.mapping.profile import Profile, apply_profile, build_profile, find_profile_file
from seed.rows import Row, Table
from seed.sources import irs, openstreetmap, own_tables
from seed.sources.corrections_file import CORRECTION_COLUMNS, apply_answers, find_source_key, is_corrections_table, restore_table
from seed.sources.dataset import Dataset, ReadOptions
from seed.sources.hsds import hsds_reader

IDENTIFYING_FIELDS = frozenset(
    {"name", "id", "slug", "same_as", "source_id", "identifier:US-EIN"}
)  # fields that tell whom a row is about
SAMPLE_SIZE = 200  # rows by which columns are guessed
IRS_TITLE = "Internal Revenue Service: Exempt Organizations Business Master File"
IRS_URL = "https://www.irs.gov/charities-non-profits/exempt-organizations-business-master-file-extract-eo-bmf"
OWN_TITLE = "This directory"  # as the source of what came out of it
OSM_TITLE = "OpenStreetMap"
OSM_URL = "https://www.openstreetmap.org/copyright"  # what its licence asks to be named
DEFAULT_TITLE = "A list that the network keeps"  # what everybody is told of a source that nobody named
CERTAIN_CONFIDENCE = 0.95  # confidence, 0 to 1, from which a guess needs no mention


def dataset_from_table(
    table: Table, folder: Path, options: ReadOptions, profile: Profile | None, reread: Callable[[Profile], Table] | None = None
) -> Dataset:
    """The dataset of a table in that folder, where a profile of it may lie: one that says how to read is obeyed by `reread`.

    Raises BadInput for a list of people, unless the instructions allow it.
    """
    table = restore_table(table)
    at = find_profile_file(folder, table.headings) if profile is None and _needs_mapping(table.headings) else None
    if at is not None:
        profile = at[1]
        if reread and has_read_options(profile) and not is_corrections_table(table.headings):
            table = reread(profile)
    rows = iter(table.rows)
    numbered = list(islice(rows, SAMPLE_SIZE))
    sample = [cells for _, cells in numbered]
    dataset = _build_dataset(replace(table, rows=chain(numbered, rows)), sample, options, profile)
    if at is not None:
        dataset = replace(dataset, notes=(f"{at[0].name}, which lies here, says what the columns are.", *dataset.notes))
    headings = column_labels(table.headings, _count_columns(sample))
    if not is_corrections_table(table.headings):
        return replace(dataset, headings=headings)
    key = dataset.key or find_source_key(table.headings, sample)
    return replace(dataset, key=key, is_partial=True, headings=headings, rows=apply_answers(iter(dataset.rows)))


def has_read_options(profile: Profile) -> bool:
    """A file of the source. One of rows that came back is read as we wrote it."""
    return any(one is not None for one in (profile.encoding, profile.delimiter, profile.header, profile.sheet))


def _count_columns(sample: Sequence[Sequence[str]]) -> int:
    return max((len(cells) for cells in sample), default=0)


def _needs_mapping(headings: Sequence[str] | None) -> bool:
    """Whether a profile or a guess has to say what these columns hold."""
    known = (irs.is_irs_table, openstreetmap.is_osm_table, own_tables.is_own_table, hsds_reader.is_organizations_table)
    return not any(are_known(headings) for are_known in known) and not hsds_reader.explain_linked_table(headings or ())


def _build_dataset(table: Table, sample: Sequence[Sequence[str]], options: ReadOptions, profile: Profile | None) -> Dataset:
    if irs.is_irs_table(table.headings):
        return _build_irs_dataset(table, options)
    if openstreetmap.is_osm_table(table.headings):
        rows = (clean_row(row, today=options.today) for row in openstreetmap.read_osm_rows(table))
        return Dataset("", OSM_TITLE, rows, url=OSM_URL, notes=table.notes)
    if own_tables.is_own_table(table.headings):
        return _build_own_dataset(table, options)
    if hsds_reader.is_organizations_table(table.headings):
        return hsds_reader.read_organizations_table(table)
    linked = hsds_reader.explain_linked_table(table.headings or ())
    if linked:
        return Dataset("", DEFAULT_TITLE, _reject_rows(table, linked), notes=table.notes)
    return _build_mapped_dataset(table, sample, options, profile)


def _build_own_dataset(table: Table, options: ReadOptions) -> Dataset:
    rows = own_tables.read_own_rows(table, clean=partial(clean_row, today=options.today), clear_empty=options.clear_empty)
    unread = _format_column_list(
        "Not taken, as this directory did not write them",
        _without_correction_columns(own_tables.list_unread_columns(table.headings or ())),
    )
    return Dataset("", OWN_TITLE, rows, notes=(*table.notes, *unread), has_provenance=True)


def _build_irs_dataset(table: Table, options: ReadOptions) -> Dataset:
    counted = irs.FilterCounts()
    there: set[Identifier] = set()
    rows = irs.read_irs_rows(_collect_identifiers(table, there), ntee=options.ntee, states=options.states, filter_counts=counted)
    return Dataset(
        "",
        IRS_TITLE,
        rows,
        url=IRS_URL,
        notes=table.notes,
        list_final_notes=lambda: counted.notes,
        list_excluded_identifiers=lambda: there,
    )


def _collect_identifiers(table: Table, identifiers: set[Identifier]) -> Table:
    """The IRS's table, which notes as it is read who is in it, whatever filter comes after it."""

    def rows() -> Iterator[tuple[int, tuple[str, ...]]]:
        place = [heading.strip().upper() for heading in table.headings or ()].index("EIN")
        for number, cells in table.rows:
            if ein := parse_ein(cells[place].strip(), min_digits=irs.MIN_EIN_DIGITS):
                identifiers.add(Identifier(EIN_SCHEME, ein))
            yield number, cells

    return replace(table, rows=rows())


def _reject_rows(table: Table, sentence: str) -> Iterator[Row]:
    for number, cells in table.rows:
        told = dict(zip(table.headings or (), cells, strict=False))
        yield Row(table.file, number, {}, cells=told, problems=(Problem((), ErrorCode.BAD_INPUT, sentence),))


def _build_mapped_dataset(
    table: Table, sample: Sequence[Sequence[str]], options: ReadOptions, known_profile: Profile | None
) -> Dataset:
    people = None if options.allow_people or is_corrections_table(table.headings) else describes_people(table.headings, sample)
    if people:
        raise BadInput(f"{people} If its rows are organizations all the same, say so with --allow-people.", file=table.file)
    guesses = () if known_profile else _guess_columns(table.headings, sample)
    profile = known_profile or build_profile(guesses, header=table.headings is not None)
    mapping, notes = apply_profile(profile, table.headings, _count_columns(sample))
    rows = map(
        partial(clean_row, terms=profile.terms, today=options.today), mapped(table, mapping, clear_empty=options.clear_empty)
    )
    told = (
        *table.notes,
        *notes,
        *_describe_guesses(guesses),
        *(_describe_profile(profile) if known_profile else ()),
        *_format_column_list("Not taken", _without_correction_columns(mapping.unmapped_columns)),
        *_warn_without_name_column(mapping),
        *(f"{one.reason[0].upper()}{one.reason[1:]}." for one in guesses if one.field is None and one.confidence),
    )
    title, key = profile.title or DEFAULT_TITLE, profile.key or ""
    return Dataset(key, title, rows, date=profile.date, url=profile.url, notes=told, profile=profile)


def _guess_columns(headings: Sequence[str] | None, sample: Sequence[Sequence[str]]) -> tuple[ColumnGuess, ...]:
    """Among rows that came back most values may be wrong: there a heading counts whatever they look like."""
    found = guess_columns(headings, sample)
    if not is_corrections_table(headings):
        return found
    taken = {one.field for one in found}
    said = {one.column: one for one in guess_columns(headings, ()) if one.field not in taken}
    return tuple(one if one.field else said.get(one.column, one) for one in found)


def _describe_guesses(guesses: Iterable[ColumnGuess]) -> Iterator[str]:
    """How the columns were understood, with how sure that is."""
    taken = [one for one in guesses if one.field]
    if taken:
        yield "Columns: " + ", ".join(f'"{one.heading}" is {one.field}{_format_confidence(one)}' for one in taken) + "."


def _describe_profile(profile: Profile) -> Iterator[str]:
    """What a profile says, as it may have lain here unseen: a constant could publish every street."""
    yield "Columns: " + ", ".join(f'"{name}" is {rule.field}' for name, rule in profile.columns.items() if rule.field) + "."
    if profile.constants:
        every = ", ".join(f'{field} is "{text}"' for field, text in profile.constants.items())
        yield f"Wherever a row says nothing else: {every}."


def _warn_without_name_column(mapping: TableMapping) -> Iterator[str]:
    """One sentence instead of the same for every row."""
    fields = {one.field for one in mapping.columns} | mapping.constants.keys()
    if not fields & IDENTIFYING_FIELDS:
        yield "No column holds the organizations' names. --save-profile FILE lets you say which does."


def _format_confidence(one: ColumnGuess) -> str:
    return "" if one.confidence >= CERTAIN_CONFIDENCE else f" ({one.confidence:.0%}: {one.reason})"


def _without_correction_columns(columns: Iterable[str]) -> list[str]:
    return [column for column in columns if column not in CORRECTION_COLUMNS]


def _format_column_list(title: str, columns: Sequence[str]) -> tuple[str, ...]:
    quoted = ", ".join(f'"{column}"' for column in columns)
    return (f"{title}: {quoted}.",) if columns else ()
