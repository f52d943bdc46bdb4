"""The linked tables of an HSDS data set put together: organizations with all that leads to them, nested as the API has it."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from seed.readers.hsds_layout import BESIDE, LINKS, ORGANIZATIONS
from seed.readers.hsds_values import Object, objects, text

SHOWN = 5  # lines of a table that a note names
_LINE = " line"  # no column is called so


class Nested(Struct, frozen=True):
    """`organizations` each with the number of its row. `notes` tell of rows that lead to none of them."""

    organizations: tuple[tuple[int, Object], ...]
    notes: tuple[str, ...]


def nested(tables: Mapping[str, Iterable[tuple[int, Mapping[str, object]]]]) -> Nested:
    """The organizations of the tables, by the names of hsds_layout.py; each row with its number in its file."""
    rows = {table: [_row(number, row) for number, row in listed] for table, listed in tables.items()}
    by_id = {table: {text(row.get("id")): row for row in reversed(listed)} for table, listed in rows.items()}
    for link in LINKS:
        owners = by_id.get(link.owner, {})
        for row in rows.get(link.table, ()):
            _put(owners.get(text(row.get(link.column))), link.field, row)
    _link_locations(rows, by_id)
    _link_terms(rows)
    _link_any(rows.get("attributes", ()), "link_id", "link_entity", by_id, "attributes")
    _link_any(rows.get("metadata", ()), "resource_id", "resource_type", by_id, "metadata")
    organizations = rows.get(ORGANIZATIONS, [])
    notes = tuple(_unreached(rows, organizations))
    numbered = tuple((row[_LINE], row) for row in organizations)
    for listed in rows.values():
        for row in listed:
            row.pop(_LINE, None)
    return Nested(numbered, notes)


def _row(number: int, row: Mapping[str, object]) -> Object:
    return {_LINE: number, **{column: value for column, value in row.items() if value not in (None, "")}}


def _put(owner: Object | None, field: str, row: Object) -> None:
    if owner is not None and owner is not row:
        listed = owner.get(field)
        if not isinstance(listed, list):  # a column of text of the same name gives way, but is kept
            owner[field] = listed = [] if listed is None else [{"name": listed}]
        listed.append(row)


def _link_locations(rows: Mapping[str, list[Object]], by_id: Mapping[str, Mapping[str, Object]]) -> None:
    for row in rows.get("service_at_location", ()):
        location = by_id.get("locations", {}).get(text(row.get("location_id")))
        if location is not None:
            row["location"] = location


def _link_terms(rows: Mapping[str, list[Object]]) -> None:
    """Attributes get their terms; Ohana's services, which number theirs, get attributes."""
    terms = {text(row.get("id")): row for row in rows.get("taxonomy_terms", ())}
    old = {text(row.get("taxonomy_id")): row for row in rows.get("taxonomy", ())}
    for row in rows.get("attributes", ()):
        term = terms.get(text(row.get("taxonomy_term_id")))
        if term is not None:
            row["taxonomy_term"] = term
    for service in rows.get("services", ()):
        numbers = [number.strip() for number in text(service.pop("taxonomy_ids", "")).split(",") if number.strip()]
        for number in numbers:
            _put(service, "attributes", {"taxonomy_term": old.get(number, {"name": number})})


def _link_any(rows: Iterable[Object], column: str, entity: str, by_id: Mapping[str, Mapping[str, Object]], field: str) -> None:
    """Rows that may lead to one of any table: of the one that they name, else of whichever has a row with that id."""
    for row in rows:
        key, named = text(row.get(column)), _table_named(text(row.get(entity)), by_id)
        searched = [by_id[named]] if named else list(by_id.values())
        _put(next((known[key] for known in searched if key in known), None) if key else None, field, row)


def _table_named(entity: str, tables: Mapping[str, object]) -> str | None:
    known = (entity, f"{entity}s", f"{entity}es")
    return next((name for name in known if entity and name in tables), None)


def _unreached(rows: Mapping[str, list[Object]], organizations: Iterable[Object]) -> Iterator[str]:
    reached = set(_reached(organizations))
    for table, listed in rows.items():
        lines = [row[_LINE] for row in listed if id(row) not in reached]
        if lines and table not in BESIDE and table != ORGANIZATIONS:
            shown = ", ".join(str(line) for line in lines[:SHOWN]) + (", …" if len(lines) > SHOWN else "")
            what = "1 row belongs to none" if len(lines) == 1 else f"{len(lines):,} rows belong to none"
            yield f"{table}.csv: {what} of the organizations, and nothing of it was taken (row {shown})."


def _reached(organizations: Iterable[Object]) -> Iterator[int]:
    seen: set[int] = set()
    left = list(organizations)
    while left:
        row = left.pop()
        if id(row) not in seen:
            seen.add(id(row))
            yield id(row)
            left += [one for value in row.values() for one in objects(value)]
