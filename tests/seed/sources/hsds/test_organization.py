"""One organization of HSDS as a row: what is taken, what is listed, and what files say that cannot be."""

import copy
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from directory.errors import BadInput
from directory.records import Audience
from seed.resolve.row_statement import parse_statement
from seed.sources.hsds import hsds_reader
from seed.sources.hsds.unmapped import UNMAPPED_PREFIX
from tests.builders import NOW
from tests.seed.sources.formats.hsds_samples import FULL, ORGANIZATION_ID, SERVICE, full, only, places

STRUCTURE = {"id", "location_type", "address_type", "type", "identifier_type", "taxonomy_term"}  # say how parts hang together


def test_all_that_the_model_holds_is_taken() -> None:
    row = full()
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


def test_a_place_is_taken_whole_and_nobody_says_how_much_of_it_is_told() -> None:
    assert full().fields["locations"] == [
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


def test_contacts_say_who_they_are_and_nobody_says_whom_they_are_shown_to() -> None:
    assert full().fields["contacts"] == [
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
    said = parse_statement(full(), key="hsds", today=NOW.date()).record
    assert {contact.audience for contact in said.contacts if contact.name} == {Audience.MEMBERS}


def test_its_id_is_the_sources_number_and_not_ours() -> None:
    row = full()
    assert row.source_id == ORGANIZATION_ID
    assert "id" not in row.fields
    assert "parent" not in row.fields


def test_every_word_is_taken_or_listed() -> None:
    row = full()
    told = "\n".join([*row.cells.values(), *row.unknown_terms, *(repair.before for repair in row.repairs)])
    missing = {path for path, text in leaves(FULL) if text not in told}
    assert missing <= {
        "services.last_modified",  # is as_of
        "additional_websites.label",  # is the kind of the link
        "organization_identifiers.identifier_scheme",
        *("services.languages.name", "locations.languages.name"),  # their codes are taken
        *(f"{where}phones.languages.name" for where in ("", "contacts.", "locations.", "locations.contacts.")),
        *(f"services.service_at_locations.location.{where}languages.name" for where in ("", "phones.", "contacts.phones.")),
    }


def leaves(record: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for field, value in record.items():
        if isinstance(value, list | dict) and field not in STRUCTURE:
            for one in value if isinstance(value, list) else [value]:
                yield from leaves(one, f"{path}{field}.")
        elif field not in STRUCTURE:
            yield f"{path}{field}", str(value)


def test_what_is_not_taken_is_listed_by_row_and_in_sum() -> None:
    dataset = hsds_reader.read_document(copy.deepcopy(FULL), "full.json")
    cells = only(dataset).cells
    assert cells[f"{UNMAPPED_PREFIX}legal_status"] == "Nonprofit corporation"
    assert cells[f"{UNMAPPED_PREFIX}funding[0].source"] == "Dues and a fish fry"
    assert cells[f"{UNMAPPED_PREFIX}locations[0].addresses[0].attention"] == "Front desk"
    (note,) = dataset.notes
    for told in ("funding (1)", "schedules (1)", "service fees_description (1)", "programs (1)", "parent_organization_id (1)"):
        assert told in note


def test_an_unknown_term_and_an_area_that_is_no_region_are_told() -> None:
    service = {**SERVICE, "service_areas": [{"name": "Wherever the bus goes, and beyond"}]}
    assert set(full(services=[service]).unknown_terms) == {"Basket weaving", "Wherever the bus goes, and beyond"}


# ---------------------------------------------------------------- what files say that cannot be


@pytest.mark.parametrize("point", [(100, 101), (0, 0), ("x", "y"), (33.7, None), (float("nan"), 1), (-84.388, 33.749)])
def test_a_point_that_cannot_be_is_left_out_and_told(point: tuple[Any, Any]) -> None:
    row = full(locations=[{**FULL["locations"][0], "latitude": point[0], "longitude": point[1]}], services=[])
    (place,) = places(row)
    assert place["city"] == "Atlanta"
    assert "latitude" not in place
    assert any(repair.reason == "no point that can be, left out" for repair in row.repairs)


@pytest.mark.parametrize("kind", ["virtual", "postal"])
def test_a_virtual_or_postal_location_is_no_place(kind: str) -> None:
    row = full(locations=[{**FULL["locations"][0], "location_type": kind}], services=[])
    assert "locations" not in row.fields
    assert any(repair.reason == f"a {kind} location is no place" for repair in row.repairs)


def test_a_postal_address_is_no_place_either() -> None:
    location = {"id": "1", "location_type": "physical", "addresses": [{"city": "Atlanta", "address_type": "postal"}]}
    row = full(locations=[location], services=[])
    assert "locations" not in row.fields
    assert any(repair.before == "Atlanta" and repair.reason == "a postal address is no place" for repair in row.repairs)


def test_an_unknown_state_is_refused_when_the_place_is_located() -> None:
    place = {"location_type": "physical", "addresses": [{"city": "Somewhere", "state_province": "MyState", "country": "US"}]}
    with pytest.raises(BadInput) as refused:
        parse_statement(full(locations=[place], services=[]), key="hsds", today=NOW.date())
    assert [problem.path_text for problem in refused.value.params["problems"]] == ["locations[0].state"]  # type: ignore[attr-defined]


def test_a_number_that_cannot_be_is_a_problem_at_its_field() -> None:
    row = full(contacts=[], phones=[{"number": "123-456-7890"}], services=[], locations=[])
    assert [problem.path_text for problem in row.problems] == ["contacts[0].phone"]
    assert row.columns["contacts[0].phone"] == "phone"
    assert row.cells["phone"] == "123-456-7890"


def test_a_fax_number_is_told_and_not_kept() -> None:
    row = full(contacts=[], phones=[{"number": "404-588-9761", "type": "fax"}], services=[], locations=[], email=None)
    assert "contacts" not in row.fields
    assert [repair.reason for repair in row.repairs if repair.column == "phones"] == ["a fax number is not kept"]


@pytest.mark.parametrize("junk", [None, "text", 7, [None, 1, "x"], {"a": 1}, [[{}]], [{"id": {"x": []}}], True])
def test_parts_of_any_shape_break_nothing(junk: Any) -> None:
    for field in FULL.keys() - {"id", "name"}:
        row = full(**{field: junk})
        assert row.fields["name"] == "Harbor Tenants Union"


def test_an_organization_without_a_name_is_refused() -> None:
    row = full(name=" ")
    assert [problem.path_text for problem in row.problems] == ["name"]


def test_more_tags_and_contacts_than_a_list_takes_are_told() -> None:
    attributes = [{"taxonomy_term": {"name": f"Craft {number}"}} for number in range(150)]
    attributes.append({"taxonomy_term": {"name": "Housing"}})
    people = [{"name": f"Ana {number}"} for number in range(150)]
    row = full(attributes=attributes, contacts=people, services=[])
    assert row.problems == ()
    assert row.fields["issue_areas"] == ["housing"]
    assert {"only 100 tags are taken", "only 99 contacts are taken"} <= {repair.reason for repair in row.repairs}
