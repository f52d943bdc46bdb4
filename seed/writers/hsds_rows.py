"""An HSDS organization, nested as the API has it, as the rows of the tables of a data package."""

from collections.abc import Iterator
from typing import Any

from seed.writers.hsds_profile import MEANINGS, PROFILE, TAXONOMIES, Record, profile_term, taxonomy_id, vocabulary_term
from seed.writers.hsds_schema import TABLES

_NESTED = {  # by the field of an object: the table of what it holds, and the column there that leads back
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
_OF_A_SERVICE_AT_LOCATION = "location"  # the object whose id is the column location_id

Row = tuple[str, Record]


def rows(organization: Record) -> Iterator[Row]:
    """Each with the path of its table, its cells in the order of the table's columns."""
    yield from _rows("organizations.csv", organization)


def taxonomy_rows() -> Iterator[Row]:
    """The taxonomies and all their terms, which are the same in every package."""
    for field, (name, vocabulary) in TAXONOMIES.items():
        yield _taxonomy(name)
        yield from (_term(vocabulary_term(field, term.slug), name) for term in vocabulary)
    yield _taxonomy(PROFILE)
    yield from (_term(profile_term(code), PROFILE) for code in MEANINGS)


def _rows(path: str, record: Record) -> Iterator[Row]:
    name = TABLES[path].name
    yield _row(path, record)
    for field, (below, back) in _NESTED.get(name, {}).items():
        for one in record.get(field, ()):
            yield from _rows(below, {**one, back: record["id"]})
    for one in record.get("attributes", ()):
        link = {"link_id": record["id"], "taxonomy_term_id": one["taxonomy_term"]["id"]}
        yield from _rows("attributes.csv", {**one, **link})


def _row(path: str, record: Record) -> Row:
    return path, {column.name: _cell(record, column.name) for column in TABLES[path].columns}


def _cell(record: Record, column: str) -> Any:
    if column == "location_id" and _OF_A_SERVICE_AT_LOCATION in record:
        return record[_OF_A_SERVICE_AT_LOCATION]["id"]
    return record.get(column)


def _taxonomy(name: str) -> Row:
    return _row("taxonomies.csv", {"id": taxonomy_id(name), "name": name, "description": name})


def _term(term: Record, taxonomy: str) -> Row:
    return _row("taxonomy_terms.csv", {**term, "taxonomy_id": taxonomy_id(taxonomy)})
