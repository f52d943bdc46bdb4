"""The linked tables of an HSDS data set put together: organizations with all that leads to them, nested as the API has it."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from seed.readers.hsds_layout import LINKS, ORGANIZATIONS_TABLE, UNLINKED_TABLES
from seed.readers.hsds_values import HsdsObject, list_objects, read_text

MAX_LISTED_LINES = 5  # lines of a table that a note names
_LINE_KEY = " line"  # no column is called so


class NestedOrganizations(Struct, frozen=True):
    """`organizations` each with the number of its row. `notes` tell of rows that lead to none of them."""

    organizations: tuple[tuple[int, HsdsObject], ...]
    notes: tuple[str, ...]


def nest_tables(tables: Mapping[str, Iterable[tuple[int, Mapping[str, object]]]]) -> NestedOrganizations:
    """The organizations of the tables, by the names of hsds_layout.py; each row with its number in its file."""
    rows = {table: [_number_row(number, row) for number, row in listed] for table, listed in tables.items()}
    by_id = {table: {read_text(row.get("id")): row for row in reversed(listed)} for table, listed in rows.items()}
    for link in LINKS:
        owners = by_id.get(link.owner, {})
        for row in rows.get(link.table, ()):
            _append_to_owner(owners.get(read_text(row.get(link.column))), link.field, row)
    _link_locations(rows, by_id)
    _link_terms(rows)
    _link_by_entity(rows.get("attributes", ()), "link_id", "link_entity", by_id, "attributes")
    _link_by_entity(rows.get("metadata", ()), "resource_id", "resource_type", by_id, "metadata")
    organizations = rows.get(ORGANIZATIONS_TABLE, [])
    notes = tuple(_describe_unlinked_rows(rows, organizations))
    numbered = tuple((row[_LINE_KEY], row) for row in organizations)
    for listed in rows.values():
        for row in listed:
            row.pop(_LINE_KEY, None)
    return NestedOrganizations(numbered, notes)


def _number_row(number: int, row: Mapping[str, object]) -> HsdsObject:
    return {_LINE_KEY: number, **{column: value for column, value in row.items() if value not in (None, "")}}


def _append_to_owner(owner: HsdsObject | None, field: str, row: HsdsObject) -> None:
    if owner is not None and owner is not row:
        listed = owner.get(field)
        if not isinstance(listed, list):  # a column of text of the same name gives way, but is kept
            owner[field] = listed = [] if listed is None else [{"name": listed}]
        listed.append(row)


def _link_locations(rows: Mapping[str, list[HsdsObject]], by_id: Mapping[str, Mapping[str, HsdsObject]]) -> None:
    for row in rows.get("service_at_location", ()):
        location = by_id.get("locations", {}).get(read_text(row.get("location_id")))
        if location is not None:
            row["location"] = location


def _link_terms(rows: Mapping[str, list[HsdsObject]]) -> None:
    """Attributes get their terms; Ohana's services, which number theirs, get attributes."""
    terms = {read_text(row.get("id")): row for row in rows.get("taxonomy_terms", ())}
    old = {read_text(row.get("taxonomy_id")): row for row in rows.get("taxonomy", ())}
    for row in rows.get("attributes", ()):
        term = terms.get(read_text(row.get("taxonomy_term_id")))
        if term is not None:
            row["taxonomy_term"] = term
    for service in rows.get("services", ()):
        numbers = [number.strip() for number in read_text(service.pop("taxonomy_ids", "")).split(",") if number.strip()]
        for number in numbers:
            _append_to_owner(service, "attributes", {"taxonomy_term": old.get(number, {"name": number})})


def _link_by_entity(
    rows: Iterable[HsdsObject], column: str, entity: str, by_id: Mapping[str, Mapping[str, HsdsObject]], field: str
) -> None:
    """Rows that may lead to one of any table: of the one that they name, else of whichever has a row with that id."""
    for row in rows:
        key, named = read_text(row.get(column)), _find_table_by_entity(read_text(row.get(entity)), by_id)
        searched = [by_id[named]] if named else list(by_id.values())
        _append_to_owner(next((known[key] for known in searched if key in known), None) if key else None, field, row)


def _find_table_by_entity(entity: str, tables: Mapping[str, object]) -> str | None:
    known = (entity, f"{entity}s", f"{entity}es")
    return next((name for name in known if entity and name in tables), None)


def _describe_unlinked_rows(rows: Mapping[str, list[HsdsObject]], organizations: Iterable[HsdsObject]) -> Iterator[str]:
    reached = set(_iterate_linked_rows(organizations))
    for table, listed in rows.items():
        lines = [row[_LINE_KEY] for row in listed if id(row) not in reached]
        if lines and table not in UNLINKED_TABLES and table != ORGANIZATIONS_TABLE:
            shown = ", ".join(str(line) for line in lines[:MAX_LISTED_LINES]) + (", …" if len(lines) > MAX_LISTED_LINES else "")
            what = "1 row belongs to none" if len(lines) == 1 else f"{len(lines):,} rows belong to none"
            yield f"{table}.csv: {what} of the organizations, and nothing of it was taken (row {shown})."


def _iterate_linked_rows(organizations: Iterable[HsdsObject]) -> Iterator[int]:
    seen: set[int] = set()
    left = list(organizations)
    while left:
        row = left.pop()
        if id(row) not in seen:
            seen.add(id(row))
            yield id(row)
            left += [one for value in row.values() for one in list_objects(value)]
