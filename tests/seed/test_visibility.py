import pytest

from directory.geo import Disclosure
from directory.published_places import places
from directory.records import Address
from directory.store import Store
from seed.items import Fate
from tests.seed.planning import EIN, at, planned, seeded, the_item


def test_an_import_tightens_visibility_and_loosens_it_only_when_told_to(store: Store) -> None:
    seeded(store, at(disclosure="CITY") | {"contacts": [{"name": "A. Person", "audience": "PUBLIC"}]})
    tight = at() | {"audience": "STAFF", "contacts": [{"name": "A. Person", "audience": "MEMBERS"}]}
    assert planned(store, tight).items[0].fate is Fate.CHANGED
    seeded(store, tight)
    loose = at(disclosure="CITY") | {"audience": "PUBLIC", "contacts": [{"name": "A. Person", "audience": "PUBLIC"}]}
    refused = planned(store, loose).items[0]
    assert [problem.path for problem in refused.problems] == [
        ("audience",),
        ("locations", 0, "disclosure"),
        ("contacts", 0, "audience"),
    ]
    allowed = planned(store, loose, may_loosen=True).items[0]
    assert allowed.fate is Fate.CHANGED
    assert allowed.entry is not None
    assert allowed.entry.sites[0].disclosure is Disclosure.CITY


def test_dropping_a_theme_does_not_uncover_a_shelter(store: Store) -> None:
    place = [{"city": "Atlanta", "state": "GA"}]
    seeded(store, {"slug": "tu", "name": "Shelter", "issue_areas": ["gender-violence"], "locations": place})
    item = the_item(store, slug="tu", name="Shelter", issue_areas=["housing"], locations=place)
    assert item.fate is Fate.REFUSED
    assert item.problems[0].path == ("locations", 0, "disclosure")


def test_a_number_that_members_see_does_not_become_public_as_another_contact(store: Store) -> None:
    seeded(store, at() | {"contacts": [{"name": "A. Person", "phone": "404 588 9761", "audience": "MEMBERS"}]})
    bare = planned(store, at() | {"contacts": [{"role": "Office", "phone": "404 588 9761", "audience": "PUBLIC"}]}).items[0]
    assert [problem.path for problem in bare.problems] == [("contacts", 0, "audience")]


def test_a_staff_contact_is_not_shown_with_something_added_to_it(store: Store) -> None:
    seeded(store, at() | {"contacts": [{"name": "A. Person", "audience": "STAFF"}]})
    more = {"name": "A. Person", "email": "person@example.org", "audience": "PUBLIC"}
    assert planned(store, at() | {"contacts": [more]}).items[0].fate is Fate.REFUSED


def test_a_hidden_place_is_known_again_in_another_position(store: Store) -> None:
    hidden = {"city": "Savannah", "state": "GA", "disclosure": "HIDDEN"}
    office = {"city": "Atlanta", "state": "GA", "disclosure": "CITY"}
    seeded(store, {"slug": "tu", "name": "Shelter", "locations": [hidden]})
    told = {**hidden, "disclosure": "CITY"}
    item = the_item(store, slug="tu", name="Shelter", locations=[{**office, "city": "Macon"}, told])
    assert item.fate is Fate.REFUSED
    assert [problem.path for problem in item.problems] == [("locations", 0, "disclosure"), ("locations", 1, "disclosure")]


@pytest.mark.parametrize(
    "hidden",
    [{"locations": [{"city": "Savannah", "state": "GA", "disclosure": "HIDDEN"}]}, {"issue_areas": ["gender-violence"]}],
)
def test_a_list_that_knows_of_other_places_does_not_tell_them(store: Store, hidden: dict[str, object]) -> None:
    """The tax office's list has another city, or two: all that is told of the shelter stays its state."""
    seeded(store, {"slug": "tu", "name": "Shelter", "identifiers": [EIN], **hidden})
    cities = [{"city": city, "state": "GA", "street": "1 Main St"} for city in ("Macon", "Athens")]
    item = the_item(store, name="SHELTER INC", identifiers=[EIN], locations=cities)
    assert item.fate is Fate.CHANGED
    seeded(store, {"name": "SHELTER INC", "identifiers": [EIN], "locations": cities})
    ((entry, _),) = store.entries()
    assert len(entry.sites) > 1
    told = [location.address for location in places(entry).locations]
    assert told == [Address("US", state="GA")]


def test_a_new_shelter_is_told_no_more_exactly_than_its_themes_ask_for(store: Store) -> None:
    """One line of a profile could say EXACT of every row."""
    stated = at(disclosure="EXACT") | {"issue_areas": ["gender-violence"]}
    (item,) = planned(store, stated).items
    assert [problem.path for problem in item.problems] == [("locations", 0, "disclosure")]
    assert planned(store, stated, may_loosen=True).counts[Fate.CREATED] == 1
    assert planned(store, at(disclosure=None) | {"issue_areas": ["gender-violence"]}).counts[Fate.CREATED] == 1
    assert planned(store, at(disclosure="EXACT")).counts[Fate.CREATED] == 1


def test_places_that_are_cleared_do_not_come_back_told(store: Store) -> None:
    seeded(store, at())
    item = the_item(store, slug="tu", locations=[])
    assert item.fate is Fate.REFUSED
    assert [problem.path for problem in item.problems] == [("locations",)]
    assert the_item(store, slug="tu", locations=[], issue_areas=["gender-violence"]).fate is Fate.CHANGED


def test_a_street_does_not_come_to_light_by_a_swap(store: Store) -> None:
    shelter = {"city": "Atlanta", "state": "GA", "postal_code": "30312", "disclosure": "HIDDEN", "street": "1 Secret St"}
    office = {"city": "Atlanta", "state": "GA", "postal_code": "30312", "disclosure": "EXACT", "street": "2 Office Ave"}
    seeded(store, {"slug": "tu", "name": "Shelter", "locations": [shelter, office]})
    bare = [{name: value for name, value in one.items() if name != "street"} for one in (office, shelter)]
    seeded(store, {"slug": "tu", "name": "Shelter", "locations": bare}, may_loosen=True)
    streets = [site.private.street for entry, _ in store.entries() for site in entry.sites if site.private]
    assert "1 Secret St" not in streets
