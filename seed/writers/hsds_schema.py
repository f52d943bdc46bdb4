"""The tables of HSDS 3.1 that our data packages have: columns, what they hold, and which table a column leads to."""

from collections.abc import Mapping

from msgspec import Struct


class PackageColumn(Struct, frozen=True):
    """`leads_to` names the table whose `id` stands here."""

    name: str
    type: str = "string"
    format: str | None = None
    required: bool = False
    referenced_table: str | None = None


class PackageTable(Struct, frozen=True):
    """`name` is what HSDS calls one row of it, `path` the file."""

    name: str
    path: str
    columns: tuple[PackageColumn, ...]


_TYPES = {"number": ("number", None), "date": ("date", None), "datetime": ("datetime", None), "year": ("year", None)}
_FORMATS = ("uuid", "uri", "email")
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


def _parse_column(text: str) -> PackageColumn:
    name, _, kind = text.strip().partition(" ")
    type_, _ = _TYPES.get(kind, ("string", None))
    leads_to = kind if kind.endswith(".csv") else None
    format_ = "uuid" if leads_to else kind if kind in _FORMATS else None
    return PackageColumn(name.removesuffix("!"), type_, format_, name.endswith("!"), leads_to)


def _parse_tables(text: str) -> Mapping[str, PackageTable]:
    found: dict[str, PackageTable] = {}
    name = path = ""
    for line in text.strip().splitlines():
        if not line.startswith(" "):
            name, path = line.split()
            found[path] = PackageTable(name, path, ())
        else:
            columns = tuple(_parse_column(column) for column in line.split("|"))
            found[path] = PackageTable(name, path, (*found[path].columns, *columns))
    return found


PACKAGE_TABLES = _parse_tables(_TABLE_DEFINITIONS)


def build_resource(table: PackageTable) -> dict[str, object]:
    """The table in datapackage.json (Frictionless Tabular Data Resource)."""
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
    found: dict[str, object] = {"name": column.name, "type": column.type}
    if column.format:
        found["format"] = column.format
    constraints = {"required": True} if column.required else {}
    if column.name == "id":
        constraints["unique"] = True
    return found | ({"constraints": constraints} if constraints else {})
