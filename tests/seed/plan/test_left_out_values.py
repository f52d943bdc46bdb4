"""Rows with an optional value that cannot be used are imported without it."""

from collections.abc import Mapping

import pytest

from directory.geo import Disclosure
from directory.records import Audience, MembershipStatus, StoredOrganization
from directory.store.store import Store
from seed.clean.row_cleaning import clean_row
from seed.plan.import_plan import plan_import
from seed.plan.planned_row import OrganizationPlan, RowAction
from seed.report_files import format_reasons
from seed.rows import Row
from seed.sources.dataset import Dataset
from tests.seed.plan_builders import NOW

TODAY = NOW.date()


def plan_rows(store: Store, *cells: Mapping[str, object], is_strict: bool = False) -> OrganizationPlan:
    """Return the plan for rows of flat fields, or of draft fields if they are no text."""
    rows = [clean_row(Row("list.csv", number, dict(fields)), today=TODAY) for number, fields in enumerate(cells, start=2)]
    return plan_import(Dataset("list", "A list", rows), store, today=TODAY, is_strict=is_strict)


def import_one(store: Store, **fields: object) -> tuple[StoredOrganization, list[str]]:
    """Return the record that the row would create, and the paths of the values that are left out."""
    item = plan_rows(store, {"name": "Tenants United", **fields}).items[0]
    assert item.action is RowAction.CREATE, item.problems
    assert item.record_after is not None
    return item.record_after, [problem.path_text for problem in item.left_out]


BAD_VALUES: Mapping[str, tuple[dict[str, object], list[str]]] = {
    "phone": ({"phone": "call Ana"}, ["contacts[0].phone"]),
    "part of a phone": ({"phone": "404-555-0100 / 01"}, ["contacts[0].phone"]),
    "email": ({"email": "office at x"}, ["contacts[0].email"]),
    "website": ({"website": "our page"}, ["website"]),
    "year": ({"founded": "1980s or so"}, ["founded"]),
    "future year": ({"founded": "2999"}, ["founded"]),
    "state": ({"location.city": "Omaha", "location.state": "Nebrasca"}, ["locations[0].state"]),
    "zip": ({"location.city": "Omaha", "location.state": "NE", "location.postal_code": "99999"}, ["locations[0].postal_code"]),
    "point": ({"location.latitude": "0", "location.longitude": "0", "location.state": "GA"}, ["locations[0].latitude"]),
    "parent": ({"parent": "The Big One"}, ["parent"]),
    "dangling parent": ({"parent": "6d7b2b3e-0000-4000-8000-000000000001"}, ["parent"]),
    "ein": ({"identifier:US-EIN": "12-34"}, ["identifiers[0].value"]),
    "link": ({"link:facebook": "our page there"}, ["links[0].url"]),
    "date": ({"membership.joined_on": "2/30/2020"}, ["membership.joined_on"]),
}


@pytest.mark.parametrize(("fields", "paths"), BAD_VALUES.values(), ids=BAD_VALUES)
def test_a_row_is_imported_without_a_bad_optional_value(store: Store, fields: dict[str, object], paths: list[str]) -> None:
    record, left_out = import_one(store, summary="We help tenants.", **fields)
    assert left_out == paths
    assert record.summary == "We help tenants."


@pytest.mark.parametrize("fields", [fields for fields, _ in BAD_VALUES.values()], ids=BAD_VALUES)
def test_strict_imports_reject_the_row(store: Store, fields: dict[str, object]) -> None:
    item = plan_rows(store, {"name": "Tenants United", **fields}, is_strict=True).items[0]
    assert item.action is RowAction.REJECT
    assert item.problems
    assert not item.left_out


@pytest.mark.parametrize(
    "fields",
    [
        *({"name": "\u202eTenants"}, {"id": "12"}, {"audience": "friends"}, {"search_engines": "perhaps"}),
        {"location.city": "Omaha", "location.state": "NE", "location.disclosure": "near the river"},
        {"contact.name": "Ana\u202e", "contact.phone": "404-555-0100"},
        {"contact.name": "Ana", "contact.phone": "404-555-0100", "contact.audience": "friends"},
        {"issue_areas": "; ".join(f"tag {number}" for number in range(101))},
        *({"audiance": "STAFF"}, {"contacts": [{"role": "Office", "audiance": "STAFF"}]}),
        {"locations": [{"city": "Omaha", "state": "NE", "disclosur": "HIDDEN"}]},
    ],
)
def test_a_bad_name_id_or_visibility_rejects_the_row(store: Store, fields: dict[str, object]) -> None:
    item = plan_rows(store, {"name": "Tenants United", **fields}).items[0]
    assert item.action is RowAction.REJECT
    assert item.record_after is None


def test_several_bad_values_of_one_row_are_all_reported(store: Store) -> None:
    bad = {"phone": "call Ana", "founded": "2999", "location.state": "Nebrasca", "location.city": "Omaha", "parent": "Big"}
    plan = plan_rows(store, {"name": "Tenants United", **bad}, {"name": "Plains Legal Aid"})
    left_out = {problem.path_text for problem in plan.items[0].left_out}
    assert left_out == {"contacts[0].phone", "parent", "founded", "locations[0].state"}
    assert plan.left_out_count == 4
    assert plan.needs_a_person
    assert not plan.select(RowAction.REJECT).items
    assert format_reasons(plan.items[0]).count("Not imported: ") == 4


def test_the_other_parts_of_a_location_stay_if_they_are_certain(store: Store) -> None:
    record, _ = import_one(store, **{"location.city": "Savannah", "location.state": "GA", "location.postal_code": "02134"})
    assert (record.sites[0].city, record.sites[0].state, record.sites[0].postal_code) == ("Savannah", "US-GA", None)


def test_a_zip_code_and_a_state_that_contradict_each_other_are_both_left_out(store: Store) -> None:
    record, _ = import_one(store, **{"location.city": "Nowhereville", "location.state": "GA", "location.postal_code": "02134"})
    assert (record.sites[0].city, record.sites[0].state, record.sites[0].postal_code) == ("Nowhereville", None, None)
    both = {"location.city": "Portland", "location.state": "ME", "location.postal_code": "97201"}  # Portland is in both
    assert import_one(store, **both)[0].sites[0].state is None


def test_a_city_that_names_another_state_leaves_out_both(store: Store) -> None:
    record, left_out = import_one(
        store, **{"location.city": "Lafayette, LA", "location.state": "MS", "location.street": "1 A St"}
    )
    assert left_out == ["locations[0].city"]
    assert (record.sites[0].city, record.sites[0].state) == (None, None)


def test_a_location_in_an_unknown_country_is_not_moved_to_the_united_states(store: Store) -> None:
    record, _ = import_one(store, **{"location.city": "Paris", "location.country": "Frnace"})
    assert record.sites == ()


def test_an_unknown_membership_makes_no_member(store: Store) -> None:
    record, left_out = import_one(store, **{"membership.status": "expelled", "membership.joined_on": "2019-05-01"})
    assert left_out == ["membership.status"]
    assert record.membership.status is MembershipStatus.NONE
    assert import_one(store, **{"membership.joined_on": "soon"})[0].membership.status is MembershipStatus.ACTIVE


@pytest.mark.parametrize("status", ["Paid", "Comp'd", "overdue", "Past due"])
def test_words_about_dues_make_a_member(store: Store, status: str) -> None:
    assert import_one(store, **{"membership.status": status})[0].membership.status is MembershipStatus.ACTIVE


def test_a_text_that_names_a_hidden_place_is_left_out(store: Store) -> None:
    hidden = {"location.city": "Savannah", "location.state": "GA", "location.disclosure": "hidden"}
    record, left_out = import_one(store, offers="A safe house in Savannah.", **hidden)
    assert left_out == ["offers"]
    assert record.offers is None
    assert record.sites[0].disclosure is Disclosure.HIDDEN
    assert all(source.field != "offers" for source in record.sources)


@pytest.mark.parametrize("street", ["CONFIDENTIAL", "Undisclosed location", "Dirección confidencial"])
def test_a_confidential_street_hides_the_location(store: Store, street: str) -> None:
    place = {"location.street": street, "location.city": "Savannah", "location.state": "GA"}
    record, left_out = import_one(store, **place)
    assert (record.sites[0].private, record.sites[0].disclosure) == (None, Disclosure.HIDDEN)
    assert not left_out


def test_an_extension_without_a_number_leaves_the_other_parts_of_a_contact(store: Store) -> None:
    contact = {"name": "Ana", "email": "ana@x.example", "phone_extension": "12"}
    record, left_out = import_one(store, contacts=[contact])
    assert [(one.name, one.email, one.phone_extension) for one in record.contacts] == [("Ana", "ana@x.example", None)]
    assert left_out == ["contacts[0]"]


def test_two_states_in_one_cell(store: Store) -> None:
    record, left_out = import_one(store, **{"location.city": "El Paso", "location.state": "Texas/New Mexico"})
    assert (record.sites[0].city, record.sites[0].state, left_out) == ("El Paso", "US-TX", [])
    record, left_out = import_one(store, **{"location.state": "Texas/New Mexico"})
    assert (record.sites, record.service_areas, left_out) == ((), (), ["locations[0].state"])
    assert import_one(store, service_areas="Texas/New Mexico")[0].service_areas == ("US-TX", "US-NM")


def test_areas_in_place_of_a_city(store: Store) -> None:
    record, left_out = import_one(store, **{"location.city": "Statewide", "location.state": "CA"})
    assert (record.sites[0].city, record.sites[0].state, record.service_areas, left_out) == (None, "US-CA", ("US-CA",), [])
    assert import_one(store, **{"location.state": "Nationwide"})[0].service_areas == ("US",)
    record, left_out = import_one(store, **{"location.city": "International", "location.state": "CA"})
    assert (record.sites[0].city, record.service_areas, left_out) == (None, (), ["locations[0].city"])


def test_labelled_numbers_of_an_office_are_public_and_cell_phones_are_not(store: Store) -> None:
    record, _ = import_one(store, phone="404-555-0100; fax 404-555-0101; crisis line 404-555-0102; cell 404-555-0103")
    assert [(contact.role, contact.audience) for contact in record.contacts] == [
        *(("Office", Audience.PUBLIC), ("Fax", Audience.PUBLIC), ("Crisis line", Audience.PUBLIC), ("Cell", Audience.MEMBERS)),
    ]
