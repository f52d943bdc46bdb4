"""An HSDS organization, nested as the API has it, as the rows of the tables of a data package."""

from collections.abc import Iterator
from typing import Any

from seed.writers.hsds_profile import (
    PROFILE,
    TAXONOMIES,
    TERM_DEFINITIONS,
    HsdsObject,
    profile_term,
    taxonomy_id,
    vocabulary_term,
)
from seed.writers.hsds_schema import PACKAGE_TABLES

_NESTED_TABLES = {  # by the field of an object: the table of what it holds, and the column there that leads back
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
_LOCATION_FIELD = "location"  # the object whose id is the column location_id

PackageRow = tuple[str, HsdsObject]


def build_rows(organization: HsdsObject) -> Iterator[PackageRow]:
    """Each with the path of its table, its cells in the order of the table's columns."""
    yield from _build_object_rows("organizations.csv", organization)


def build_taxonomy_rows() -> Iterator[PackageRow]:
    """The taxonomies and all their terms, which are the same in every package."""
    for field, (name, vocabulary) in TAXONOMIES.items():
        yield _build_taxonomy_row(name)
        yield from (_build_term_row(vocabulary_term(field, term.slug), name) for term in vocabulary)
    yield _build_taxonomy_row(PROFILE)
    yield from (_build_term_row(profile_term(code), PROFILE) for code in TERM_DEFINITIONS)


def _build_object_rows(path: str, record: HsdsObject) -> Iterator[PackageRow]:
    name = PACKAGE_TABLES[path].name
    yield _build_row(path, record)
    for field, (below, back) in _NESTED_TABLES.get(name, {}).items():
        for one in record.get(field, ()):
            yield from _build_object_rows(below, {**one, back: record["id"]})
    for one in record.get("attributes", ()):
        link = {"link_id": record["id"], "taxonomy_term_id": one["taxonomy_term"]["id"]}
        yield from _build_object_rows("attributes.csv", {**one, **link})


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
