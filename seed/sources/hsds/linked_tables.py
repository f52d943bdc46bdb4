"""The tables of HSDS, their columns and links, and how linked rows are nested into organizations, as in the HSDS API."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any

from msgspec import Struct

from directory.errors import BadInput
from seed.clean.values import dates

HsdsObject = dict[str, Any]
NumberedRecord = tuple[int, Mapping[str, object]]

ORGANIZATIONS_TABLE = "organizations"
MIN_KNOWN_SHARE = 0.7  # share of a table's headings that must be columns of an HSDS table
MAX_LISTED_LINES = 5  # lines of a table that a note lists
_LINE_KEY = " line"  # no column has this name
_LIST_SEPARATOR = re.compile(r"(?:(?<!\s)\s+)?[,;]\s*")

_COLUMN_TEXT: Mapping[str, str] = {
    ORGANIZATIONS_TABLE: "id name alternate_name description email website url tax_status tax_id year_incorporated"
    " date_incorporated legal_status logo uri parent_organization_id accreditations funding_sources licenses",
    "services": "id organization_id location_id program_id name alternate_name description url website email status"
    " interpretation_services application_process fees_description wait_time fees accreditations eligibility_description"
    " eligibility minimum_age maximum_age assured_date assurer_email licenses alert last_modified accepted_payments audience"
    " funding_sources keywords languages required_documents service_areas taxonomy_ids",
    "locations": "id organization_id location_type url name alternate_name description transportation latitude longitude"
    " external_identifier external_identifier_type accessibility admin_emails email languages short_desc website virtual",
    "addresses": "id location_id attention address_1 address_2 city region state_province postal_code country address_type",
    "mail_addresses": "id location_id attention address_1 address_2 city state_province postal_code country",
    "contacts": "id organization_id service_id service_at_location_id location_id name title department email",
    "phones": "id location_id service_id organization_id contact_id service_at_location_id number extension type description"
    " country_prefix department number_type vanity_number language",
    "programs": "id organization_id name alternate_name description",
    "service_at_location": "id service_id location_id description",
    "service_areas": "id service_id service_at_location_id name description extent extent_type uri service_area",
    "languages": "id service_id location_id phone_id name code note language",
    "organization_identifiers": "id organization_id identifier_scheme identifier_type identifier",
    "url": "id label url organization_id service_id",
    "funding": "id organization_id service_id source",
    "attributes": "id link_id taxonomy_term_id link_type link_entity value label",
    "metadata": "id resource_id resource_type last_action_date last_action_type field_name previous_value replacement_value"
    " updated_by",
    "taxonomies": "id name description uri version",
    "taxonomy_terms": "id code name description parent_id taxonomy language taxonomy_id term_uri",
    "taxonomy": "taxonomy_id name parent_id parent_name",
    "schedules": "id service_id location_id service_at_location_id valid_from valid_to dtstart timezone until count wkst freq"
    " interval byday byweekno bymonthday byyearday description opens_at closes_at schedule_link attending_type notes",
    "regular_schedules": "id location_id service_id weekday opens_at closes_at",
    "holiday_schedules": "id location_id service_id start_date end_date closed opens_at closes_at",
    "accessibility": "id location_id description details url accessibility",
    "accessibility_for_disabilities": "id location_id accessibility details",
    "cost_options": "id service_id valid_from valid_to option currency amount amount_description",
    "required_documents": "id service_id document uri",
    "service_capacity": "id service_id unit_id available maximum description updated",
    "units": "id name scheme identifier uri",
    "meta_table_descriptions": "id name language character_set",
}
COLUMNS: Mapping[str, frozenset[str]] = {table: frozenset(columns.split()) for table, columns in _COLUMN_TEXT.items()}
_ORGANIZATION_ONLY_COLUMNS = COLUMNS[ORGANIZATIONS_TABLE] - {"id", "name", "description", "email", "website", "url", "logo"}
_TABLE_ALIASES = {
    "service_at_locations": "service_at_location",
    "urls": "url",
    "metadatas": "metadata",
    "service_capacities": "service_capacity",
}


class TableLink(Struct, frozen=True):
    """Rows of `table` whose `column` holds the id of a row of `owner` are listed in that row's `field`."""

    table: str
    column: str
    owner: str
    field: str


_LINK_TEXT = """
services organization_id organizations services · services location_id locations services
locations organization_id organizations locations
programs organization_id organizations programs
organization_identifiers organization_id organizations organization_identifiers
url organization_id organizations additional_websites · url service_id services additional_urls
funding organization_id organizations funding · funding service_id services funding
contacts organization_id organizations contacts · contacts service_id services contacts
contacts location_id locations contacts · contacts service_at_location_id service_at_location contacts
phones organization_id organizations phones · phones service_id services phones · phones location_id locations phones
phones contact_id contacts phones · phones service_at_location_id service_at_location phones
addresses location_id locations addresses · mail_addresses location_id locations mail_addresses
service_at_location service_id services service_at_locations
service_areas service_id services service_areas
service_areas service_at_location_id service_at_location service_areas
languages service_id services languages · languages location_id locations languages · languages phone_id phones languages
schedules service_id services schedules · schedules location_id locations schedules
schedules service_at_location_id service_at_location schedules
regular_schedules service_id services schedules · regular_schedules location_id locations schedules
holiday_schedules service_id services holiday_schedules · holiday_schedules location_id locations holiday_schedules
accessibility location_id locations accessibility
accessibility_for_disabilities location_id locations accessibility
cost_options service_id services cost_options
required_documents service_id services required_documents
service_capacity service_id services capacities
"""
LINKS = tuple(TableLink(*link.split()) for line in _LINK_TEXT.strip().splitlines() for link in line.split("·"))
UNLINKED_TABLES = frozenset(  # tables that do not belong to an organization
    {"taxonomies", "taxonomy_terms", "taxonomy", "units", "meta_table_descriptions"}
)
_LINKING_COLUMNS = frozenset({"link_id", "resource_id", *(link.column for link in LINKS)})
_DISTINCTIVE_COLUMNS = {  # the column that identifies a table without a linking column
    "taxonomies": "version",
    "taxonomy_terms": "parent_id",
    "taxonomy": "taxonomy_id",
    "units": "scheme",
    "meta_table_descriptions": "character_set",
    "url": "label",
}


def find_table_by_file_name(path: str) -> str | None:
    """Return the table in a file of that name (organizations.csv, but also organization.csv); None for another file."""
    name = PurePath(path.replace("\\", "/")).name.lower()
    stem = name.removesuffix(".csv")
    if stem == name:
        return None
    candidates = (stem, _TABLE_ALIASES.get(stem, ""), f"{stem}s", f"{stem}es", f"{stem.removesuffix('y')}ies")
    return next((name for name in candidates if name in COLUMNS), None)


def find_table_by_headings(headings: Collection[str]) -> str | None:
    """Return the HSDS table with these columns; None when there is none.

    `name` is too common to identify organizations: two columns that only organizations have are required.
    """
    columns = {heading.strip().lower() for heading in headings}
    if {"id", "name"} <= columns and len(columns & _ORGANIZATION_ONLY_COLUMNS) >= 2 and not columns & _LINKING_COLUMNS:
        return ORGANIZATIONS_TABLE
    known = {table: len(columns & COLUMNS[table]) for table in COLUMNS if _is_possible_table(table, columns)}
    best = max(known, key=lambda table: (known[table], -len(COLUMNS[table])), default=None)
    return best if best and known[best] >= MIN_KNOWN_SHARE * len(columns) else None


def _is_possible_table(table: str, columns: set[str]) -> bool:
    if distinctive := _DISTINCTIVE_COLUMNS.get(table):
        return columns <= COLUMNS[table] and distinctive in columns
    return bool(columns & COLUMNS[table] & _LINKING_COLUMNS)


def read_text(value: object) -> str:
    """Return a value as text; "" for a missing value or one that is not plain. 12.0 is "12"."""
    if isinstance(value, bool) or value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def read_date(value: object) -> dt.date | None:
    """Return a value as a date; None when it is missing or not a date."""
    text = read_text(value)
    try:
        return dates.parse_date(text).value if text else None
    except BadInput:
        return None


def split_list(text: str) -> list[str]:
    """Return the parts of a text separated by commas or semicolons, as Ohana lists values. Parts may be empty."""
    return _LIST_SEPARATOR.split(text)


def list_objects(value: object) -> list[HsdsObject]:
    """Return the objects in a list; [] for anything else. A single object counts as a list of one."""
    items = [value] if isinstance(value, dict) else value
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def collect_objects(owners: Iterable[HsdsObject], field: str) -> list[HsdsObject]:
    """Return the objects in that field of all owners, in order."""
    return [item for owner in owners for item in list_objects(owner.get(field))]


def deduplicate_objects(candidates: Iterable[HsdsObject]) -> list[HsdsObject]:
    """Return each object once, by its id or else by its content. Of two with one id, the one with more fields is kept."""
    distinct: dict[str, HsdsObject] = {}
    for candidate in candidates:
        key = read_text(candidate.get("id")) or repr(candidate)
        if key not in distinct or len(candidate) > len(distinct[key]):
            distinct[key] = candidate
    return list(distinct.values())


class NestedOrganizations(Struct, frozen=True):
    """Each organization with its row number. `notes` describe rows that belong to none of them."""

    organizations: tuple[tuple[int, HsdsObject], ...]
    notes: tuple[str, ...]


def nest_tables(tables: Mapping[str, Iterable[NumberedRecord]]) -> NestedOrganizations:
    """Return the organizations in tables that are named as in COLUMNS. Each row comes with its number in its file."""
    rows = {table: [_number_row(number, row) for number, row in numbered_rows] for table, numbered_rows in tables.items()}
    by_id = {table: {read_text(row.get("id")): row for row in reversed(table_rows)} for table, table_rows in rows.items()}
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
    for table_rows in rows.values():
        for row in table_rows:
            row.pop(_LINE_KEY, None)
    return NestedOrganizations(numbered, notes)


def _number_row(number: int, row: Mapping[str, object]) -> HsdsObject:
    return {_LINE_KEY: number, **{column: value for column, value in row.items() if value not in (None, "")}}


def _append_to_owner(owner: HsdsObject | None, field: str, row: HsdsObject) -> None:
    if owner is not None and owner is not row:
        children = owner.get(field)
        if not isinstance(children, list):  # a text column of the same name becomes the first child
            owner[field] = children = [] if children is None else [{"name": children}]
        children.append(row)


def _link_locations(rows: Mapping[str, list[HsdsObject]], by_id: Mapping[str, Mapping[str, HsdsObject]]) -> None:
    for row in rows.get("service_at_location", ()):
        location = by_id.get("locations", {}).get(read_text(row.get("location_id")))
        if location is not None:
            row["location"] = location


def _link_terms(rows: Mapping[str, list[HsdsObject]]) -> None:
    """Add terms to attributes. Services of Ohana, which list the numbers of terms, get attributes."""
    terms = {read_text(row.get("id")): row for row in rows.get("taxonomy_terms", ())}
    ohana_terms = {read_text(row.get("taxonomy_id")): row for row in rows.get("taxonomy", ())}
    for row in rows.get("attributes", ()):
        term = terms.get(read_text(row.get("taxonomy_term_id")))
        if term is not None:
            row["taxonomy_term"] = term
    for service in rows.get("services", ()):
        numbers = [number.strip() for number in read_text(service.pop("taxonomy_ids", "")).split(",") if number.strip()]
        for number in numbers:
            _append_to_owner(service, "attributes", {"taxonomy_term": ohana_terms.get(number, {"name": number})})


def _link_by_entity(
    rows: Iterable[HsdsObject], column: str, entity: str, by_id: Mapping[str, Mapping[str, HsdsObject]], field: str
) -> None:
    """Link rows that may belong to a row of any table: of the table that they name, or else of any table with that id."""
    for row in rows:
        key, table = read_text(row.get(column)), _find_table_by_entity(read_text(row.get(entity)), by_id)
        searched = [by_id[table]] if table else list(by_id.values())
        _append_to_owner(next((owners[key] for owners in searched if key in owners), None) if key else None, field, row)


def _find_table_by_entity(entity: str, tables: Mapping[str, object]) -> str | None:
    candidates = (entity, f"{entity}s", f"{entity}es")
    return next((name for name in candidates if entity and name in tables), None)


def _describe_unlinked_rows(rows: Mapping[str, list[HsdsObject]], organizations: Iterable[HsdsObject]) -> Iterator[str]:
    linked_rows = set(_iterate_linked_rows(organizations))
    for table, table_rows in rows.items():
        lines = [row[_LINE_KEY] for row in table_rows if id(row) not in linked_rows]
        if lines and table not in UNLINKED_TABLES and table != ORGANIZATIONS_TABLE:
            shown = ", ".join(str(line) for line in lines[:MAX_LISTED_LINES]) + (", …" if len(lines) > MAX_LISTED_LINES else "")
            count = "1 row belongs" if len(lines) == 1 else f"{len(lines):,} rows belong"
            yield f"{table}.csv: {count} to no organization and was not imported (row {shown})."


def _iterate_linked_rows(organizations: Iterable[HsdsObject]) -> Iterator[int]:
    seen: set[int] = set()
    pending = list(organizations)
    while pending:
        row = pending.pop()
        if id(row) not in seen:
            seen.add(id(row))
            yield id(row)
            pending += [child for value in row.values() for child in list_objects(value)]
