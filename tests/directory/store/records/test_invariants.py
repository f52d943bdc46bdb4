"""A record that the tables cannot hold is rejected by its field."""

import datetime as dt

import pytest
from msgspec.structs import replace

from directory.errors import BadInput
from directory.records import Identifier, PrivatePlace, Relation, RelationKind, Source, StoredContact, StoredOrganization
from directory.store.ledger.edits import Put
from directory.store.store import Store
from tests.builders import a_stored_organization, an_id
from tests.directory.store.stored_organizations import (
    a_stored_location,
    expect_refusal,
    load_organization,
    put_organizations,
)

VALID = a_stored_organization("Valid")
INVALID: dict[str, StoredOrganization] = {
    "id": replace(VALID, id=VALID.id.upper()),
    "slug": replace(VALID, slug="No Slug"),
    "name": replace(VALID, name="  "),
    "founded": replace(VALID, founded=19710),
    "verified_at": replace(VALID, verified_at=dt.datetime(2026, 1, 1)),  # noqa: DTZ001 - this is the violation
    "issue_areas": replace(VALID, issue_areas=("housing", "housing")),
    "service_areas": replace(VALID, service_areas=("US", "US")),
    "identifiers": replace(VALID, identifiers=(Identifier("A", "1"), Identifier("A", "1"))),
    "contacts": replace(VALID, contacts=(StoredContact(languages=("en us",)),)),
    "sites": replace(VALID, sites=(replace(a_stored_location(), id="1"),)),
    "parent": replace(VALID, parent=VALID.id),
    "sources": replace(VALID, sources=(Source("name", "A list", row=2**31),)),
    "relations": replace(VALID, relations=(Relation(RelationKind.HOST),)),
}


MORE_INVALID: list[tuple[str, StoredOrganization]] = [
    ("founded", replace(VALID, founded=0)),
    ("founded", replace(VALID, founded=-5)),
    ("languages", replace(VALID, languages=("en us",))),
    ("issue_areas", replace(VALID, issue_areas=("",))),
    ("communities", replace(VALID, communities=("youth\n",))),
    ("work_areas", replace(VALID, work_areas=("a\u3000b",))),
    ("service_areas", replace(VALID, service_areas=(" US",))),
    ("sources", replace(VALID, sources=(Source("summary name", "A list"),))),
    ("sources", replace(VALID, sources=(Source("", "A list"),))),
    ("sources", replace(VALID, sources=(Source("name", "A list", row=0),))),
    ("sites", replace(VALID, sites=(a_stored_location(county="US-GA"),))),
    ("sites", replace(VALID, sites=(a_stored_location(county="US-GA-999"),))),
    ("relations", replace(VALID, relations=(Relation(RelationKind.HOST, an_id("Fine"), actor="Both"),))),
    ("relations", replace(VALID, relations=(Relation(RelationKind.HOST, VALID.id),))),
]


@pytest.mark.parametrize(("argument", "record"), MORE_INVALID)
def test_values_just_outside_of_what_a_table_can_hold_are_rejected(
    sqlite_store: Store, argument: str, record: StoredOrganization
) -> None:
    assert expect_refusal(sqlite_store, [Put(a_stored_organization("Fine")), Put(record)]).params["argument"] == argument
    put_organizations(sqlite_store, a_stored_organization("First", founded=1), a_stored_organization("Last", founded=9999))


@pytest.mark.parametrize("argument", INVALID)
def test_a_value_that_no_table_can_hold_is_rejected_by_its_field(sqlite_store: Store, argument: str) -> None:
    error = expect_refusal(sqlite_store, [Put(a_stored_organization("Fine")), Put(INVALID[argument])])
    assert isinstance(error, BadInput)
    assert error.params["argument"] == argument


@pytest.mark.parametrize(
    "location",
    [
        {"county": "US-GA-999"},
        {"county": "US-GA"},
        {"county": "Fulton County"},
        {"county": ""},
        {"postal_code": "30312-1234"},
        {"postal_code": "３０３１２"},
        {"postal_code": "3031"},
        {"postal_code": "30312\n"},
        {"postal_code": ""},
    ],
)
def test_a_place_is_in_a_county_and_has_a_zip_code_of_five_digits(sqlite_store: Store, location: dict[str, str]) -> None:
    error = expect_refusal(sqlite_store, [Put(a_stored_organization("A", sites=(a_stored_location(**location),)))])
    assert error.params["argument"] == "sites"
    abroad = a_stored_location(country="NL", state=None, county=None, postal_code="1016 GV 267")
    put_organizations(sqlite_store, a_stored_organization("A", sites=(abroad,)))


@pytest.mark.parametrize("text", ["zero \x00", "half \ud800", "back \\\x00"])
def test_a_text_that_cannot_be_stored_is_rejected(store: Store, text: str) -> None:
    assert isinstance(expect_refusal(store, [Put(a_stored_organization("A", summary=text))]), BadInput)
    hidden = replace(a_stored_location(), private=PrivatePlace(street=text))
    assert isinstance(expect_refusal(store, [Put(a_stored_organization("A", sites=(hidden,)))]), BadInput)


def test_an_escape_sequence_written_out_is_text(store: Store) -> None:
    record = a_stored_organization("A", summary="the code \\u0000 in words")
    put_organizations(store, record)
    assert load_organization(store, record.id) == record
