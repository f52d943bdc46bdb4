"""Turn a table into a dataset: recognize the columns of a known source, or map them by a profile or a guess."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import Path

from msgspec.structs import replace

from directory.drafts.normalize import EIN_SCHEME, parse_ein
from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from directory.records import Identifier
from seed.clean.cleaning_log import ValueCache
from seed.clean.row_cleaning import clean_row
from seed.mapping.column_mapping import TableMapping, filter_rows, map_rows, parse_filter
from seed.mapping.consent_columns import ConsentAnswers
from seed.mapping.guess import ColumnGuess, guess_columns
from seed.mapping.heading_meaning import interpret_heading
from seed.mapping.headings import column_labels
from seed.mapping.people_lists import describes_people
from seed.mapping.person_rows import PeopleColumns, find_people_columns, mentions_person, names_organizations, read_people
from seed.mapping.profile import Profile, apply_profile, build_profile, find_profile_file
from seed.mapping.profile_values import read_tag_table
from seed.rows import Row, Table
from seed.sources import irs, openstreetmap, own_tables
from seed.sources.dataset import DEFAULT_TITLE, OWN_TITLE, ColumnSample, Dataset, ReadOptions
from seed.sources.formats.extra_rows import ListedMemberships
from seed.sources.hsds import hsds_reader
from seed.sources.own_tables import CORRECTION_COLUMNS, apply_answers, find_source_key, is_corrections_table, restore_table

IDENTIFYING_FIELDS = frozenset({"name", "id", "slug", "same_as", "source_id", "identifier:US-EIN"})  # a row needs one of these
SAMPLE_SIZE = 200  # rows from which columns are guessed
SHOWN_VALUES = 3  # of each column, for a person who checks the guesses
IRS_TITLE = "Internal Revenue Service: Exempt Organizations Business Master File"
IRS_URL = "https://www.irs.gov/charities-non-profits/exempt-organizations-business-master-file-extract-eo-bmf"
OSM_TITLE = "OpenStreetMap"
OSM_URL = "https://www.openstreetmap.org/copyright"  # its licence requires this link
CERTAIN_CONFIDENCE = 0.95  # confidence, 0 to 1, from which a note does not state it


def dataset_from_table(
    table: Table, folder: Path, options: ReadOptions, profile: Profile | None, reread: Callable[[Profile], Table] | None = None
) -> Dataset:
    """Return the dataset of a table. Without a profile, one that fits is looked for in the folder.

    `reread` reads the table again if that profile states an encoding, delimiter, header or sheet. Rows that a filter of the
    options, or otherwise of the profile, does not keep are left out and counted. Raises BadInput for an export
    of records that are not organizations, and for a list of people, unless the options allow it.
    """
    table = own_tables.restore_spanish_headings(restore_table(table))
    own_tables.refuse_other_kinds(table)
    profile_notes: list[str] = []
    looks_for_profile = profile is None and _needs_mapping(table.headings)
    profile_file = find_profile_file(folder, table.headings, profile_notes) if looks_for_profile else None
    if profile_file is not None:
        profile = profile_file[1]
        if reread and has_read_options(profile) and not is_corrections_table(table.headings):
            table = reread(profile)
    where, left_out = options.where or (profile.where if profile else ()), Counter[str]()
    table = filter_rows(table, [parse_filter(text) for text in where], left_out) if where else table
    rows = iter(table.rows)
    numbered = list(islice(rows, SAMPLE_SIZE))
    sample = [cells for _, cells in numbered]
    dataset = _build_dataset(replace(table, rows=chain(numbered, rows)), sample, options, profile)
    if where:
        dataset = _describe_filters(dataset, where, left_out, is_partial=bool(options.where))
    if profile_file is not None:
        note = f"Profile: {profile_file[0].name}, from the folder of the file."
        dataset = replace(dataset, notes=(note, *dataset.notes), profile_file=profile_file[0])
    dataset = replace(dataset, notes=(*profile_notes, *dataset.notes))
    headings = column_labels(table.headings, _count_columns(sample))
    if not is_corrections_table(table.headings):
        return replace(dataset, headings=headings)
    key = dataset.key or find_source_key(table.headings, sample)
    return replace(dataset, key=key, is_partial=True, headings=headings, rows=apply_answers(iter(dataset.rows)))


def _describe_filters(dataset: Dataset, where: Sequence[str], left_out: Counter[str], *, is_partial: bool) -> Dataset:
    """Add the filters and the number of rows that they left out to the notes.

    With an option, the dataset `is_partial`: the rows that were left out are in the source. The filters of a profile belong to
    its source, so there they are not.
    """
    quoted = ", ".join(f'"{text}"' for text in where)
    notes_before = dataset.list_final_notes

    def list_notes() -> Sequence[str]:
        count = left_out.total()
        return (*notes_before(), f"Left out because of the filter {quoted}: {count:,} {'row' if count == 1 else 'rows'}.")

    return replace(dataset, list_final_notes=list_notes, is_partial=dataset.is_partial or is_partial)


def has_read_options(profile: Profile) -> bool:
    """Return whether the profile states how to read its source's files. Corrections files are read as we wrote them."""
    return any(option is not None for option in (profile.encoding, profile.delimiter, profile.header, profile.sheet))


def _count_columns(sample: Sequence[Sequence[str]]) -> int:
    return max((len(cells) for cells in sample), default=0)


def _needs_mapping(headings: Sequence[str] | None) -> bool:
    """Return whether the columns must be mapped by a profile or a guess."""
    known = (irs.is_irs_table, openstreetmap.is_osm_table, own_tables.is_own_table, hsds_reader.is_organizations_table)
    return not any(are_known(headings) for are_known in known) and not hsds_reader.explain_linked_table(headings or ())


def _build_dataset(table: Table, sample: Sequence[Sequence[str]], options: ReadOptions, profile: Profile | None) -> Dataset:
    if irs.is_irs_table(table.headings):
        return _build_irs_dataset(table, options)
    if openstreetmap.is_osm_table(table.headings):
        clean = partial(clean_row, today=options.today, values=ValueCache())
        rows = map(clean, openstreetmap.read_osm_rows(table))
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
    rows = own_tables.read_own_rows(
        table, clean=partial(clean_row, today=options.today, values=ValueCache()), clear_empty=options.clear_empty
    )
    unread = _format_column_list(
        "Not imported, because exports of this directory do not have these columns",
        _without_correction_columns(own_tables.list_unread_columns(table.headings or ())),
    )
    return Dataset("", OWN_TITLE, rows, notes=(*table.notes, *unread), has_provenance=True)


def _build_irs_dataset(table: Table, options: ReadOptions) -> Dataset:
    counts = irs.FilterCounts()
    identifiers: set[Identifier] = set()
    rows = irs.read_irs_rows(
        _collect_identifiers(table, identifiers), ntee=options.ntee, states=options.states, filter_counts=counts
    )
    return Dataset(
        "",
        IRS_TITLE,
        rows,
        url=IRS_URL,
        notes=table.notes,
        list_final_notes=lambda: counts.notes,
        list_excluded_identifiers=lambda: identifiers,
        is_register=True,
    )


def _collect_identifiers(table: Table, identifiers: set[Identifier]) -> Table:
    """Return the table such that reading it adds the EIN of each row, before any filter, to `identifiers`."""

    def rows() -> Iterator[tuple[int, tuple[str, ...]]]:
        position = [heading.strip().upper() for heading in table.headings or ()].index("EIN")
        for number, cells in table.rows:
            if ein := parse_ein(cells[position].strip(), min_digits=irs.MIN_EIN_DIGITS):
                identifiers.add(Identifier(EIN_SCHEME, ein))
            yield number, cells

    return replace(table, rows=rows())


def _reject_rows(table: Table, sentence: str) -> Iterator[Row]:
    for number, cells in table.rows:
        cells_by_heading = dict(zip(table.headings or (), cells, strict=False))
        yield Row(table.file, number, {}, cells=cells_by_heading, problems=(Problem((), ErrorCode.BAD_INPUT, sentence),))


def _build_mapped_dataset(
    table: Table, sample: Sequence[Sequence[str]], options: ReadOptions, known_profile: Profile | None
) -> Dataset:
    guesses = () if known_profile else _guess_columns(table.headings, sample)
    header = options.header if options.header is not None else table.headings is not None
    profile = known_profile or replace(build_profile(guesses, header=header, sheet=options.sheet), where=options.where)
    if options.tags:
        profile = replace(profile, terms={**profile.terms, **read_tag_table(options.tags)})
    mapping, notes = apply_profile(profile, table.headings, _count_columns(sample))
    columns = find_people_columns({column.heading: column.field for column in mapping.columns})
    columns = _judge_people(table, sample, columns, options)
    consent = ConsentAnswers(mapping, (*options.where, *profile.where))
    table = consent.count(table)
    stated = read_people(map_rows(table, mapping, clear_empty=options.clear_empty), columns)
    rows: Iterator[Row] = map(partial(clean_row, terms=profile.terms, today=options.today, values=ValueCache()), stated)
    memberships = ListedMemberships(table, (*columns.types, *filter(_means_membership, mapping.unmapped_columns)))
    all_notes = (
        *table.notes,
        *notes,
        *memberships.notes,
        *_describe_guesses(guesses),
        *(_describe_profile(profile) if known_profile else ()),
        *_format_column_list("Not imported", _without_correction_columns(mapping.unmapped_columns)),
        *_warn_without_name_column(mapping),
        *_describe_ignored_guesses(guesses),
    )
    title, key = profile.title or DEFAULT_TITLE, profile.key or ""
    samples = tuple(_sample_columns(mapping, guesses, sample))
    return Dataset(
        key,
        title,
        memberships.add_to_rows(rows),
        date=profile.date,
        url=profile.url,
        notes=all_notes,
        list_final_notes=consent.list_notes,
        profile=profile,
        columns=samples,
    )


def _sample_columns(
    mapping: TableMapping, guesses: Sequence[ColumnGuess], sample: Sequence[Sequence[str]]
) -> Iterator[ColumnSample]:
    reasons = {guess.column: guess.reason for guess in guesses}
    for column in mapping.columns:
        values = dict.fromkeys(cells[column.column].strip() for cells in sample if column.column < len(cells))
        shown = tuple(islice(filter(None, values), SHOWN_VALUES))
        yield ColumnSample(column.heading, column.field, shown, reasons.get(column.column, ""))


def _means_membership(heading: str) -> bool:
    """Return whether a column is about the membership. If it is not imported, "Former" in it must not make an active member."""
    return any(meaning.field == "membership.status" for meaning in interpret_heading(heading).meanings)


def _judge_people(table: Table, sample: Sequence[Sequence[str]], columns: PeopleColumns, options: ReadOptions) -> PeopleColumns:
    """Return the columns, with whether the table lists people. Raises BadInput if no row states or names an organization."""
    labels = column_labels(table.headings, _count_columns(sample))
    rows = [dict(zip(labels, cells, strict=False)) for cells in sample]
    people = describes_people(table.headings, sample)
    if people and not (options.allow_people or is_corrections_table(table.headings) or names_organizations(rows, columns)):
        raise BadInput(f"{people} If some rows are about organizations, use --allow-people.", file=table.file)
    return replace(columns, lists_people=bool(people) or any(map(mentions_person, rows)))


def _describe_ignored_guesses(guesses: Iterable[ColumnGuess]) -> Iterator[str]:
    """Yield why columns with a likely meaning are not imported, and then what a person can do about it."""
    ignored = [guess for guess in guesses if guess.field is None and guess.confidence]
    yield from (f"{guess.reason[0].upper()}{guess.reason[1:]}." for guess in ignored)
    if ignored:
        yield "To import such a column anyway, map it in a profile: --save-profile FILE."


def _guess_columns(headings: Sequence[str] | None, sample: Sequence[Sequence[str]]) -> tuple[ColumnGuess, ...]:
    """Guess the columns. Most values of a corrections file may be wrong, so there the headings alone fill the gaps."""
    guesses = guess_columns(headings, sample)
    if not is_corrections_table(headings):
        return guesses
    taken = {guess.field for guess in guesses}
    by_heading = {guess.column: guess for guess in guess_columns(headings, ()) if guess.field not in taken}
    return tuple(guess if guess.field else by_heading.get(guess.column, guess) for guess in guesses)


def _describe_guesses(guesses: Iterable[ColumnGuess]) -> Iterator[str]:
    """Yield how the columns were mapped, with the confidence of each guess."""
    mapped = [guess for guess in guesses if guess.field]
    if mapped:
        yield "Columns:"
        yield from (f'  "{guess.heading}" is {guess.field}{_format_confidence(guess)}' for guess in mapped)


def _describe_profile(profile: Profile) -> Iterator[str]:
    """Yield what a profile states. It may have been found unnoticed, and a constant could publish every street."""
    if profile.mapped_columns:
        yield "Columns:"
        yield from (f'  "{name}" is {profile.columns[name].field}' for name in profile.mapped_columns)
    if profile.constants:
        constants = ", ".join(f'{field} is "{text}"' for field, text in profile.constants.items())
        yield f"Used where a row states no value: {constants}."


def _warn_without_name_column(mapping: TableMapping) -> Iterator[str]:
    """Yield one sentence for the table, instead of a problem for each row, when no column identifies organizations."""
    fields = {column.field for column in mapping.columns} | mapping.constants.keys()
    if not fields & IDENTIFYING_FIELDS:
        yield (
            "No column was recognized as the name of the organization. "
            'Save a profile with --save-profile FILE, map the column to "name" in it, and import again.'
        )


def _format_confidence(guess: ColumnGuess) -> str:
    return "" if guess.confidence >= CERTAIN_CONFIDENCE else f" ({guess.confidence:.0%}: {guess.reason})"


def _without_correction_columns(columns: Iterable[str]) -> list[str]:
    return [column for column in columns if column not in CORRECTION_COLUMNS]


def _format_column_list(title: str, columns: Sequence[str]) -> tuple[str, ...]:
    quoted = ", ".join(f'"{column}"' for column in columns)
    return (f"{title}: {quoted}.",) if columns else ()
