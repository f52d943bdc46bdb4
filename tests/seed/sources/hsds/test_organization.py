"""One HSDS organization as a row: the values that are used, those that are listed, and invalid ones."""

import copy
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from directory.errors import BadInput
from directory.records import Audience
from seed.resolve.row_statement import parse_statement
from seed.sources.hsds import hsds_reader
from seed.sources.hsds.organization import UNMAPPED_PREFIX
from tests.builders import NOW
from tests.seed.sources.formats.hsds_samples import FULL, ORGANIZATION_ID, SERVICE, a_full_row, list_places, the_only_row

STRUCTURE = {"id", "location_type", "address_type", "type", "identifier_type", "taxonomy_term"}  # structure rather than content


def test_all_fields_are_read() -> None:
    row = a_full_row()
    assert row.problems == ()
    assert row.fields["name"] == "Harbor Tenants Union"
    assert row.fields["names"] == [{"name": "Harbor Tenants", "kind": "ALSO_KNOWN_AS"}]
    assert row.fields["description"] == "Tenants who organize.\n\nSince the flood."
    assert row.fields["website"] == "https://tenants.example.org/"
    assert row.fields["founded"] == 1987
    assert row.fields["links"] == [
        {"kind": "uri", "url": "https://register.example.org/77"},
        {"kind": "donate", "url": "https://give.example.org/tenants"},
    ]
    assert row.fields["identifiers"] == [{"scheme": "US-EIN", "value": "52-1633883"}]
    assert row.fields["languages"] == ["es", "ht"]
    assert row.fields["service_areas"] == ["US-GA-121"]
    assert row.fields["issue_areas"] == ["tenants"]
    assert row.fields["verified_at"] == dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
    assert row.fields["verification_method"] == "OTHER"
    assert row.as_of == dt.date(2025, 2, 3)


def test_a_location_is_read_completely_without_a_disclosure() -> None:
    assert a_full_row().fields["locations"] == [
        {
            "name": "Harbor House",
            "street": "100 Peachtree St, Suite 5",
            "city": "Atlanta",
            "state": "GA",
            "postal_code": "30303",
            "country": "US",
            "latitude": 33.749,
            "longitude": -84.388,
        }
    ]


def test_contacts_are_read_without_an_audience() -> None:
    assert a_full_row().fields["contacts"] == [
        {"role": "Office", "email": "info@tenants.example.org", "phone": "+14045889761", "phone_extension": "12"},
        {
            "name": "Ana Ejemplo",
            "role": "Coordinator, Intake",
            "email": "ana@tenants.example.org",
            "phone": "+14045889761",
            "phone_extension": "12",
            "languages": ["ht"],
        },
        {"role": "Hotline", "phone": "+14045880000"},
        {"email": "hotline@tenants.example.org"},
    ]


def test_a_named_person_is_for_members() -> None:
    said = parse_statement(a_full_row(), key="hsds", today=NOW.date()).record
    assert {contact.audience for contact in said.contacts if contact.name} == {Audience.MEMBERS}


def test_its_id_becomes_the_source_id() -> None:
    row = a_full_row()
    assert row.source_id == ORGANIZATION_ID
    assert "id" not in row.fields
    assert "parent" not in row.fields


def test_every_value_is_used_or_listed() -> None:
    row = a_full_row()
    text_of_row = "\n".join([*row.cells.values(), *row.unknown_terms, *(repair.before for repair in row.repairs)])
    missing = {path for path, text in iterate_leaves(FULL) if text not in text_of_row}
    assert missing <= {
        "services.last_modified",  # is as_of
        "additional_websites.label",  # is the kind of the link
        "organization_identifiers.identifier_scheme",
        *("services.languages.name", "locations.languages.name"),  # their codes are used
        *(f"{where}phones.languages.name" for where in ("", "contacts.", "locations.", "locations.contacts.")),
        *(f"services.service_at_locations.location.{where}languages.name" for where in ("", "phones.", "contacts.phones.")),
    }


def iterate_leaves(record: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for field, value in record.items():
        if isinstance(value, list | dict) and field not in STRUCTURE:
            for one in value if isinstance(value, list) else [value]:
                yield from iterate_leaves(one, f"{path}{field}.")
        elif field not in STRUCTURE:
            yield f"{path}{field}", str(value)


def test_unused_values_are_listed_by_row_and_in_total() -> None:
    dataset = hsds_reader.read_document(copy.deepcopy(FULL), "full.json")
    cells = the_only_row(dataset).cells
    assert cells[f"{UNMAPPED_PREFIX}legal_status"] == "Nonprofit corporation"
    assert cells[f"{UNMAPPED_PREFIX}funding[0].source"] == "Dues and a fish fry"
    assert cells[f"{UNMAPPED_PREFIX}locations[0].addresses[0].attention"] == "Front desk"
    (note,) = dataset.notes
    for told in ("funding (1)", "schedules (1)", "service fees_description (1)", "programs (1)", "parent_organization_id (1)"):
        assert told in note


def test_an_unknown_term_and_an_unknown_area_are_reported() -> None:
    service = {**SERVICE, "service_areas": [{"name": "Wherever the bus goes, and beyond"}]}
    assert set(a_full_row(services=[service]).unknown_terms) == {"Basket weaving", "Wherever the bus goes, and beyond"}


# ---------------------------------------------------------------- invalid values


@pytest.mark.parametrize("point", [(100, 101), (0, 0), ("x", "y"), (33.7, None), (float("nan"), 1), (-84.388, 33.749)])
def test_an_invalid_point_is_left_out_and_reported(point: tuple[Any, Any]) -> None:
    row = a_full_row(locations=[{**FULL["locations"][0], "latitude": point[0], "longitude": point[1]}], services=[])
    (place,) = list_places(row)
    assert place["city"] == "Atlanta"
    assert "latitude" not in place
    assert any(repair.reason == "left out: not a valid point" for repair in row.repairs)


@pytest.mark.parametrize("kind", ["virtual", "postal"])
def test_a_virtual_or_postal_location_is_left_out(kind: str) -> None:
    row = a_full_row(locations=[{**FULL["locations"][0], "location_type": kind}], services=[])
    assert "locations" not in row.fields
    assert any(repair.reason == f"left out: the location is {kind}" for repair in row.repairs)


def test_a_postal_address_is_left_out() -> None:
    location = {"id": "1", "location_type": "physical", "addresses": [{"city": "Atlanta", "address_type": "postal"}]}
    row = a_full_row(locations=[location], services=[])
    assert "locations" not in row.fields
    assert any(repair.before == "Atlanta" and repair.reason == "left out: the address is postal" for repair in row.repairs)


def test_an_unknown_state_is_rejected_when_the_location_is_parsed() -> None:
    place = {"location_type": "physical", "addresses": [{"city": "Somewhere", "state_province": "MyState", "country": "US"}]}
    with pytest.raises(BadInput) as rejection:
        parse_statement(a_full_row(locations=[place], services=[]), key="hsds", today=NOW.date(), is_strict=True)
    assert [problem.path_text for problem in rejection.value.params["problems"]] == ["locations[0].state"]  # type: ignore[attr-defined]


def test_an_invalid_number_is_a_problem_of_its_field() -> None:
    row = a_full_row(contacts=[], phones=[{"number": "123-456-7890"}], services=[], locations=[])
    assert [problem.path_text for problem in row.problems] == ["contacts[0].phone"]
    assert row.columns["contacts[0].phone"] == "phone"
    assert row.cells["phone"] == "123-456-7890"


def test_a_fax_number_is_left_out_and_reported() -> None:
    row = a_full_row(contacts=[], phones=[{"number": "404-588-9761", "type": "fax"}], services=[], locations=[], email=None)
    assert "contacts" not in row.fields
    assert [repair.reason for repair in row.repairs if repair.column == "phones"] == ["left out: a fax number"]


@pytest.mark.parametrize("junk", [None, "text", 7, [None, 1, "x"], {"a": 1}, [[{}]], [{"id": {"x": []}}], True])
def test_parts_of_any_shape_break_nothing(junk: Any) -> None:
    for field in FULL.keys() - {"id", "name"}:
        row = a_full_row(**{field: junk})
        assert row.fields["name"] == "Harbor Tenants Union"


def test_an_organization_without_a_name_is_refused() -> None:
    row = a_full_row(name=" ")
    assert [problem.path_text for problem in row.problems] == ["name"]


def test_tags_and_contacts_over_the_limit_are_reported() -> None:
    attributes = [{"taxonomy_term": {"name": f"Craft {number}"}} for number in range(150)]
    attributes.append({"taxonomy_term": {"name": "Housing"}})
    people = [{"name": f"Ana {number}"} for number in range(150)]
    row = a_full_row(attributes=attributes, contacts=people, services=[])
    assert row.problems == ()
    assert row.fields["issue_areas"] == ["housing"]
    assert {"left out: the limit is 100 tags", "left out: the limit is 99 contacts"} <= {repair.reason for repair in row.repairs}


def test_an_identifier_without_a_scheme_is_left_out_and_explained() -> None:
    row = a_full_row(tax_id="", organization_identifiers=[{"id": "1", "identifier": "77"}, {"id": "2"}])
    assert "identifiers" not in row.fields
    assert ("organization_identifiers", "77") in [(repair.column, repair.before) for repair in row.repairs]
