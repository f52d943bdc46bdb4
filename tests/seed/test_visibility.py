import pytest

from directory.geo import Disclosure
from directory.published_places import publish_places
from directory.records import Address
from directory.store.store import Store
from seed.plan.planned_row import RowAction
from tests.seed.plan_builders import EIN, plan_one_row, plan_rows, record_with_location, seed_rows


def test_an_import_loosens_visibility_only_if_allowed(store: Store) -> None:
    seed_rows(store, record_with_location(disclosure="CITY") | {"contacts": [{"name": "A. Person", "audience": "PUBLIC"}]})
    tight = record_with_location() | {"audience": "STAFF", "contacts": [{"name": "A. Person", "audience": "MEMBERS"}]}
    assert plan_rows(store, tight).items[0].action is RowAction.UPDATE
    seed_rows(store, tight)
    loose = record_with_location(disclosure="CITY") | {
        "audience": "PUBLIC",
        "contacts": [{"name": "A. Person", "audience": "PUBLIC"}],
    }
    refused = plan_rows(store, loose).items[0]
    assert [problem.path for problem in refused.problems] == [
        ("audience",),
        ("locations", 0, "disclosure"),
        ("contacts", 0, "audience"),
    ]
    allowed = plan_rows(store, loose, may_loosen=True).items[0]
    assert allowed.action is RowAction.UPDATE
    assert allowed.record_after is not None
    assert allowed.record_after.sites[0].disclosure is Disclosure.CITY


def test_dropping_a_theme_does_not_uncover_a_shelter(store: Store) -> None:
    place = [{"city": "Atlanta", "state": "GA"}]
    seed_rows(store, {"slug": "tu", "name": "Shelter", "issue_areas": ["gender-violence"], "locations": place})
    item = plan_one_row(store, slug="tu", name="Shelter", issue_areas=["housing"], locations=place)
    assert item.action is RowAction.REJECT
    assert [problem.path for problem in item.problems] == [("search_engines",), ("locations", 0, "disclosure")]


def test_a_number_that_members_see_does_not_become_public_as_another_contact(store: Store) -> None:
    seed_rows(
        store, record_with_location() | {"contacts": [{"name": "A. Person", "phone": "404 588 9761", "audience": "MEMBERS"}]}
    )
    bare = plan_rows(
        store, record_with_location() | {"contacts": [{"role": "Office", "phone": "404 588 9761", "audience": "PUBLIC"}]}
    ).items[0]
    assert [problem.path for problem in bare.problems] == [("contacts", 0, "audience")]


def test_a_staff_contact_is_not_shown_with_something_added_to_it(store: Store) -> None:
    seed_rows(store, record_with_location() | {"contacts": [{"name": "A. Person", "audience": "STAFF"}]})
    more = {"name": "A. Person", "email": "person@example.org", "audience": "PUBLIC"}
    assert plan_rows(store, record_with_location() | {"contacts": [more]}).items[0].action is RowAction.REJECT


def test_a_hidden_place_is_known_again_in_another_position(store: Store) -> None:
    hidden = {"city": "Savannah", "state": "GA", "disclosure": "HIDDEN"}
    office = {"city": "Atlanta", "state": "GA", "disclosure": "CITY"}
    seed_rows(store, {"slug": "tu", "name": "Shelter", "locations": [hidden]})
    told = {**hidden, "disclosure": "CITY"}
    item = plan_one_row(store, slug="tu", name="Shelter", locations=[{**office, "city": "Macon"}, told])
    assert item.action is RowAction.REJECT
    assert [problem.path for problem in item.problems] == [("locations", 0, "disclosure"), ("locations", 1, "disclosure")]


@pytest.mark.parametrize(
    "hidden",
    [{"locations": [{"city": "Savannah", "state": "GA", "disclosure": "HIDDEN"}]}, {"issue_areas": ["gender-violence"]}],
)
def test_a_list_with_other_locations_does_not_reveal_them(store: Store, hidden: dict[str, object]) -> None:
    """The IRS's list has one or two other cities. Only the shelter's state remains public."""
    seed_rows(store, {"slug": "tu", "name": "Shelter", "identifiers": [EIN], **hidden})
    cities = [{"city": city, "state": "GA", "street": "1 Main St"} for city in ("Macon", "Athens")]
    item = plan_one_row(store, name="SHELTER INC", identifiers=[EIN], locations=cities)
    assert item.action is RowAction.UPDATE
    seed_rows(store, {"name": "SHELTER INC", "identifiers": [EIN], "locations": cities})
    ((entry, _),) = store.load_organizations()
    assert len(entry.sites) > 1
    told = [location.address for location in publish_places(entry).locations]
    assert told == [Address("US", state="GA")]


def test_a_new_shelter_is_shown_no_more_precisely_than_its_themes_allow(store: Store) -> None:
    """A single line of a profile could set EXACT for every row."""
    stated = record_with_location(disclosure="EXACT") | {"issue_areas": ["gender-violence"]}
    (item,) = plan_rows(store, stated).items
    assert [problem.path for problem in item.problems] == [("locations", 0, "disclosure")]
    assert plan_rows(store, stated, may_loosen=True).counts[RowAction.CREATE] == 1
    assert (
        plan_rows(store, record_with_location(disclosure=None) | {"issue_areas": ["gender-violence"]}).counts[RowAction.CREATE]
        == 1
    )
    assert plan_rows(store, record_with_location(disclosure="EXACT")).counts[RowAction.CREATE] == 1


def test_cleared_locations_stay_hidden(store: Store) -> None:
    seed_rows(store, record_with_location())
    item = plan_one_row(store, slug="tu", locations=[])
    assert item.action is RowAction.REJECT
    assert [problem.path for problem in item.problems] == [("locations",)]
    assert plan_one_row(store, slug="tu", locations=[], issue_areas=["gender-violence"]).action is RowAction.UPDATE


def test_swapping_locations_does_not_reveal_a_street(store: Store) -> None:
    shelter = {"city": "Atlanta", "state": "GA", "postal_code": "30312", "disclosure": "HIDDEN", "street": "1 Secret St"}
    office = {"city": "Atlanta", "state": "GA", "postal_code": "30312", "disclosure": "EXACT", "street": "2 Office Ave"}
    seed_rows(store, {"slug": "tu", "name": "Shelter", "locations": [shelter, office]})
    bare = [{name: value for name, value in one.items() if name != "street"} for one in (office, shelter)]
    seed_rows(store, {"slug": "tu", "name": "Shelter", "locations": bare}, may_loosen=True)
    streets = [site.private.street for entry, _ in store.load_organizations() for site in entry.sites if site.private]
    assert "1 Secret St" not in streets
