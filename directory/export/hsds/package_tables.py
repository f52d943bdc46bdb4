"""The HSDS 3.1 tables in our data packages: their columns, types and foreign keys."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from directory.export.hsds.profile import (
    PROFILE,
    TAXONOMIES,
    TERM_DEFINITIONS,
    HsdsObject,
    profile_term,
    taxonomy_id,
    vocabulary_term,
)


class PackageColumn(Struct, frozen=True):
    """A column. `referenced_table` is the path of the table whose `id` it holds."""

    name: str
    type: str = "string"
    format: str | None = None
    required: bool = False
    referenced_table: str | None = None


class PackageTable(Struct, frozen=True):
    """A table. `name` is the HSDS name of one of its rows; `path` is its file."""

    name: str
    path: str
    columns: tuple[PackageColumn, ...]


_TYPES = ("number", "date", "datetime", "year")
_FORMATS = ("uuid", "uri", "email")
# "!" marks required columns. After the name comes the type, the format, or the referenced table.
_TABLE_DEFINITIONS = """
organization  organizations.csv
    id! uuid | name! | alternate_name | description! | email email | website uri | year_incorporated year
    parent_organization_id uuid
service  services.csv
    id! uuid | organization_id! organizations.csv | name! | description | status! | assured_date date | last_modified datetime
location  locations.csv
    id! uuid | location_type! | organization_id organizations.csv | name | latitude number | longitude number
address  addresses.csv
    id! uuid | location_id! locations.csv | address_1! | city! | state_province! | postal_code! | country! | address_type!
service_at_location  service_at_location.csv
    id! uuid | service_id! services.csv | location_id! locations.csv
service_area  service_areas.csv
    id! uuid | service_id services.csv | name
contact  contacts.csv
    id! uuid | organization_id organizations.csv | name | title | email email
phone  phones.csv
    id! uuid | contact_id contacts.csv | number! | extension number | type
language  languages.csv
    id! uuid | service_id services.csv | phone_id phones.csv | name | code
organization_identifier  organization_identifiers.csv
    id! uuid | organization_id! organizations.csv | identifier_scheme | identifier_type! | identifier!
url  url.csv
    id! uuid | organization_id organizations.csv | label | url! uri
attribute  attributes.csv
    id! uuid | link_id! uuid | taxonomy_term_id! taxonomy_terms.csv | link_entity! | value
taxonomy  taxonomies.csv
    id! uuid | name! | description!
taxonomy_term  taxonomy_terms.csv
    id! uuid | code | name! | description! | parent_id taxonomy_terms.csv | taxonomy | language | taxonomy_id taxonomies.csv
metadata  metadata.csv
    id! uuid | resource_id! uuid | resource_type! | last_action_date! date | last_action_type! | field_name!
    previous_value! | replacement_value! | updated_by!
"""

_NESTED_TABLES = {  # by object and field: the table of the nested objects, and its column for the id of the object
    "organization": {
        "additional_websites": ("url.csv", "organization_id"),
        "organization_identifiers": ("organization_identifiers.csv", "organization_id"),
        "contacts": ("contacts.csv", "organization_id"),
        "locations": ("locations.csv", "organization_id"),
        "services": ("services.csv", "organization_id"),
        "metadata": ("metadata.csv", "resource_id"),
    },
    "location": {"addresses": ("addresses.csv", "location_id")},
    "contact": {"phones": ("phones.csv", "contact_id")},
    "phone": {"languages": ("languages.csv", "phone_id")},
    "service": {
        "service_areas": ("service_areas.csv", "service_id"),
        "service_at_locations": ("service_at_location.csv", "service_id"),
        "languages": ("languages.csv", "service_id"),
    },
}
_LOCATION_FIELD = "location"  # the nested object whose id fills the column location_id


def _parse_column(text: str) -> PackageColumn:
    name, _, kind = text.strip().partition(" ")
    referenced_table = kind if kind.endswith(".csv") else None
    return PackageColumn(
        name=name.removesuffix("!"),
        type=kind if kind in _TYPES else "string",
        format="uuid" if referenced_table else kind if kind in _FORMATS else None,
        required=name.endswith("!"),
        referenced_table=referenced_table,
    )


def _parse_tables(text: str) -> Mapping[str, PackageTable]:
    tables: dict[str, PackageTable] = {}
    name = path = ""
    for line in text.strip().splitlines():
        if not line.startswith(" "):
            name, path = line.split()
            tables[path] = PackageTable(name, path, ())
        else:
            columns = tuple(_parse_column(column) for column in line.split("|"))
            tables[path] = PackageTable(name, path, (*tables[path].columns, *columns))
    return tables


PACKAGE_TABLES = _parse_tables(_TABLE_DEFINITIONS)


def build_resource(table: PackageTable) -> dict[str, object]:
    """Return the description of the table in datapackage.json (Frictionless Tabular Data Resource)."""
    keys = [
        {"fields": column.name, "reference": {"resource": PACKAGE_TABLES[column.referenced_table].name, "fields": "id"}}
        for column in table.columns
        if column.referenced_table
    ]
    schema: dict[str, object] = {"fields": [_build_field(column) for column in table.columns], "primaryKey": "id"}
    return {
        "name": table.name,
        "path": table.path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema | ({"foreignKeys": keys} if keys else {}),
    }


def _build_field(column: PackageColumn) -> dict[str, object]:
    field: dict[str, object] = {"name": column.name, "type": column.type}
    if column.format:
        field["format"] = column.format
    constraints = {"required": True} if column.required else {}
    if column.name == "id":
        constraints["unique"] = True
    return field | ({"constraints": constraints} if constraints else {})


PackageRow = tuple[str, HsdsObject]


def build_rows(organization: HsdsObject) -> Iterator[PackageRow]:
    """Yield the rows of an organization and its parts: the path of the table, and the cells in column order."""
    yield from _build_object_rows("organizations.csv", organization)


def build_taxonomy_rows() -> Iterator[PackageRow]:
    """Yield the taxonomies and all their terms. They are the same in every package."""
    for field, (name, vocabulary) in TAXONOMIES.items():
        yield _build_taxonomy_row(name)
        yield from (_build_term_row(vocabulary_term(field, term.slug), name) for term in vocabulary)
    yield _build_taxonomy_row(PROFILE)
    yield from (_build_term_row(profile_term(code), PROFILE) for code in TERM_DEFINITIONS)


def _build_object_rows(path: str, record: HsdsObject) -> Iterator[PackageRow]:
    name = PACKAGE_TABLES[path].name
    yield _build_row(path, record)
    for field, (nested_path, key_column) in _NESTED_TABLES.get(name, {}).items():
        for nested in record.get(field, ()):
            yield from _build_object_rows(nested_path, {**nested, key_column: record["id"]})
    for attribute in record.get("attributes", ()):
        link = {"link_id": record["id"], "taxonomy_term_id": attribute["taxonomy_term"]["id"]}
        yield from _build_object_rows("attributes.csv", {**attribute, **link})


def _build_row(path: str, record: HsdsObject) -> PackageRow:
    return path, {column.name: _get_cell(record, column.name) for column in PACKAGE_TABLES[path].columns}


def _get_cell(record: HsdsObject, column: str) -> Any:
    if column == "location_id" and _LOCATION_FIELD in record:
        return record[_LOCATION_FIELD]["id"]
    return record.get(column)


def _build_taxonomy_row(name: str) -> PackageRow:
    return _build_row("taxonomies.csv", {"id": taxonomy_id(name), "name": name, "description": name})


def _build_term_row(term: HsdsObject, taxonomy: str) -> PackageRow:
    return _build_row("taxonomy_terms.csv", {**term, "taxonomy_id": taxonomy_id(taxonomy)})
