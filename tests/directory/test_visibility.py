"""Which changes make a record more visible, and which do not."""

import pytest
from msgspec.structs import replace

from directory.geo import Disclosure
from directory.publish import allows_search_engines
from directory.published_places import determine_disclosure
from directory.records import Audience, PrivatePlace, SearchEngines, StoredContact, StoredLocation, StoredOrganization
from directory.visibility import apply_strictest_disclosure, find_loosening, find_lost_disclosure
from tests.builders import a_stored_organization
from tests.directory.store.stored_organizations import a_full_organization, a_stored_location, an_exact_location

OFFICE, SHELTER = an_exact_location(), a_stored_location(disclosure=Disclosure.HIDDEN)
LINE = StoredContact(role="office", phone="+14045550100", audience=Audience.PUBLIC)
PERSON = StoredContact(name="A Person", phone="+14045550100", audience=Audience.MEMBERS)


def list_paths(before: StoredOrganization, after: StoredOrganization) -> list[str]:
    return [problem.path_text for problem in find_loosening(before, after)]


BOTH = a_stored_organization("A", sites=(SHELTER, OFFICE, a_stored_location()), contacts=(LINE, PERSON))


@pytest.mark.parametrize("entry", [a_full_organization(), BOTH, replace(BOTH, sites=BOTH.sites[::-1])])
def test_an_unchanged_record_is_not_more_visible(entry: StoredOrganization) -> None:
    """Even if two places in one area, or two contacts with one number, differ in visibility."""
    assert list_paths(entry, entry) == []
    without_private_parts = tuple(replace(site, private=None) for site in entry.sites)
    assert list_paths(entry, replace(entry, sites=without_private_parts, summary="New.")) == []


def test_a_published_street_that_changes_may_be_the_hidden_one() -> None:
    moved = replace(OFFICE, private=PrivatePlace("3 New Street"))
    assert list_paths(BOTH, replace(BOTH, sites=(SHELTER, moved, BOTH.sites[2]))) == ["locations[1].disclosure"]


@pytest.mark.parametrize(
    "site",
    [
        replace(SHELTER, disclosure=Disclosure.CITY),
        replace(OFFICE, private=SHELTER.private),
        replace(OFFICE, id=SHELTER.id),
        a_stored_location(disclosure=Disclosure.CITY),
        a_stored_location(disclosure=Disclosure.CITY, postal_code=None, private=PrivatePlace("3 New Street")),
    ],
)
def test_a_place_that_may_be_the_hidden_one_must_not_be_published_more_precisely(site: StoredLocation) -> None:
    assert list_paths(a_stored_organization("A", sites=(SHELTER, OFFICE)), a_stored_organization("A", sites=(site,))) == [
        "locations[0].disclosure"
    ]


ELSEWHERE = an_exact_location(city="Macon", county=None, postal_code=None)


def test_a_place_elsewhere_is_a_different_place() -> None:
    assert list_paths(a_stored_organization("A", sites=(OFFICE,)), a_stored_organization("A", sites=(ELSEWHERE, OFFICE))) == []
    undecided = a_stored_location(disclosure=None, private=None)
    assert (
        list_paths(a_stored_organization("A", sites=(undecided,)), a_stored_organization("A", sites=(ELSEWHERE, undecided))) == []
    )


def test_an_exact_place_may_replace_a_removed_one_of_its_town() -> None:
    """A town has several ZIP codes, so the ZIP code does not tell that the place is another one."""
    first, second = (a_stored_location(disclosure=None) for _ in range(2))
    exact = an_exact_location(postal_code="30310")
    before = a_stored_organization("A", sites=(first, second))
    assert list_paths(before, a_stored_organization("A", sites=(exact,))) == ["locations[0].disclosure"]
    assert list_paths(before, a_stored_organization("A", sites=(second, exact))) == ["locations[1].disclosure"]
    assert list_paths(before, a_stored_organization("A", sites=(first, second, exact))) == []
    assert list_paths(before, a_stored_organization("A", sites=(second, ELSEWHERE))) == []
    elsewhere = a_stored_organization("A", sites=(replace(first, disclosure=Disclosure.EXACT), second))
    assert list_paths(elsewhere, a_stored_organization("A", sites=(exact,))) == ["locations[0].disclosure"]


def test_a_place_with_the_default_may_replace_a_removed_one_of_its_town() -> None:
    first, second = (a_stored_location(disclosure=None, private=None) for _ in range(2))
    moved = a_stored_location(disclosure=None, private=None, postal_code="30310")
    assert list_paths(a_stored_organization("A", sites=(first, second)), a_stored_organization("A", sites=(moved,))) == []


COMMERCE = a_stored_location(disclosure=None, private=None, city="Commerce", county=None, postal_code=None)  # in several counties


def test_a_place_that_is_known_more_precisely_may_be_published_more_precisely() -> None:
    located = replace(COMMERCE, county="US-GA-157", postal_code="30529")
    assert (determine_disclosure(COMMERCE, ()), determine_disclosure(located, ())) == (Disclosure.STATE, Disclosure.COUNTY)
    assert list_paths(a_stored_organization("A", sites=(COMMERCE,)), a_stored_organization("A", sites=(located,))) == []
    decided = replace(located, disclosure=Disclosure.CITY)
    assert list_paths(a_stored_organization("A", sites=(COMMERCE,)), a_stored_organization("A", sites=(decided,))) == [
        "locations[0].disclosure"
    ]


def test_a_place_that_is_known_more_precisely_keeps_the_default_of_its_issue_areas() -> None:
    before = a_stored_organization("A", sites=(COMMERCE,), issue_areas=("gender-violence",))
    after = a_stored_organization("A", sites=(replace(COMMERCE, county="US-GA-157", postal_code="30529"),))
    assert list_paths(before, after) == ["search_engines", "locations[0].disclosure"]


def test_a_new_place_is_published_as_an_area_that_is_large_enough() -> None:
    entry = a_stored_organization("A", sites=(a_stored_location(disclosure=Disclosure.COUNTY),))
    charlottesville = a_stored_location(
        disclosure=None, state="US-VA", city="Charlottesville", county="US-VA-540", postal_code="22902"
    )
    assert determine_disclosure(charlottesville, ()) is Disclosure.CITY
    assert (
        apply_strictest_disclosure(charlottesville, entry).disclosure is Disclosure.STATE
    )  # the independent city has two of its ZIP codes
    assert apply_strictest_disclosure(replace(charlottesville, county="US-VA-003"), entry).disclosure is Disclosure.COUNTY


@pytest.mark.parametrize("disclosure", [Disclosure.EXACT, Disclosure.CITY, None])
def test_a_new_place_of_a_record_with_a_hidden_place_is_hidden(disclosure: Disclosure | None) -> None:
    """The shelter may have moved to that city, or its office may be there."""
    site = replace(ELSEWHERE, disclosure=disclosure)
    assert list_paths(
        a_stored_organization("A", sites=(SHELTER, OFFICE)), a_stored_organization("A", sites=(site, SHELTER, OFFICE))
    ) == ["locations[0].disclosure"]
    hidden = apply_strictest_disclosure(replace(site, disclosure=None), a_stored_organization("A", sites=(SHELTER, OFFICE)))
    assert hidden.disclosure is Disclosure.HIDDEN
    assert list_paths(a_stored_organization("A", sites=(SHELTER,)), a_stored_organization("A", sites=(hidden, SHELTER))) == []


def test_an_exact_place_does_not_make_new_places_exact() -> None:
    undecided = replace(ELSEWHERE, disclosure=None)
    assert apply_strictest_disclosure(undecided, a_stored_organization("A", sites=(OFFICE,))) == undecided


def test_issue_areas_that_hide_places_hide_the_first_one_too() -> None:
    before = a_stored_organization("A", issue_areas=("gender-violence",))
    assert list_paths(before, replace(before, sites=(ELSEWHERE,))) == ["locations[0].disclosure"]
    assert list_paths(before, replace(before, issue_areas=(), sites=(replace(ELSEWHERE, disclosure=None),))) == [
        "search_engines",
        "locations[0].disclosure",
    ]
    assert list_paths(before, replace(before, sites=(replace(ELSEWHERE, disclosure=None),))) == []


def test_a_place_without_a_decision_that_moves_gets_the_default() -> None:
    """That a small town is published as its county is not a decision."""
    town = a_stored_location(city="Sparta", county=None, postal_code=None, disclosure=None, private=None)
    moved = replace(town, city="Atlanta")
    assert list_paths(a_stored_organization("A", sites=(town,)), a_stored_organization("A", sites=(moved,))) == []
    decided = replace(town, disclosure=Disclosure.COUNTY)
    assert list_paths(a_stored_organization("A", sites=(decided,)), a_stored_organization("A", sites=(moved,))) == [
        "locations[0].disclosure"
    ]


@pytest.mark.parametrize(
    "before",
    [a_stored_organization("A", sites=(SHELTER,)), a_stored_organization("A", issue_areas=("gender-violence",))],
)
def test_removing_the_last_place_would_lose_its_disclosure(before: StoredOrganization) -> None:
    bare = replace(before, sites=(), issue_areas=())
    assert [problem.path_text for problem in find_lost_disclosure(before, bare)] == ["locations"]
    assert find_lost_disclosure(before, before) == ()
    assert find_lost_disclosure(before, replace(bare, issue_areas=("gender-violence",))) == ()


def test_a_place_without_a_decision_may_be_removed() -> None:
    assert (
        find_lost_disclosure(
            a_stored_organization("A", sites=(OFFICE, a_stored_location(disclosure=None))), a_stored_organization("A")
        )
        == ()
    )


def test_removing_issue_areas_that_hide_places_needs_permission() -> None:
    hidden = a_stored_organization("A", issue_areas=("gender-violence",), sites=(a_stored_location(),))
    assert list_paths(hidden, replace(hidden, issue_areas=())) == ["search_engines", "locations[0].disclosure"]


def test_listing_by_search_engines_needs_permission_and_refusing_it_does_not() -> None:
    undecided = a_stored_organization("A")
    refused = replace(undecided, search_engines=SearchEngines.REFUSED)
    allowed = replace(undecided, search_engines=SearchEngines.ALLOWED)
    assert list_paths(refused, undecided) == list_paths(refused, allowed) == ["search_engines"]
    assert list_paths(undecided, refused) == list_paths(undecided, allowed) == list_paths(allowed, refused) == []
    (problem,) = find_loosening(refused, allowed)
    assert problem.message == (
        "Search engines could list the organization, which they must not do now. Set search_engines to REFUSED, or allow the "
        "change with --loosen-visibility."
    )


def test_issue_areas_that_hide_places_refuse_search_engines_unless_the_organization_allows_them() -> None:
    undecided = a_stored_organization("A", issue_areas=("gender-violence",))
    assert not allows_search_engines(undecided)
    assert allows_search_engines(replace(undecided, search_engines=SearchEngines.ALLOWED))
    assert allows_search_engines(replace(undecided, issue_areas=("housing",)))
    assert not allows_search_engines(replace(undecided, issue_areas=("housing",), search_engines=SearchEngines.REFUSED))


def test_a_number_must_not_become_more_visible_in_another_contact() -> None:
    before = a_stored_organization("A", contacts=(PERSON,))
    assert list_paths(before, replace(before, contacts=(LINE, PERSON))) == ["contacts[0].audience"]
    assert list_paths(before, replace(before, contacts=(replace(LINE, audience=Audience.MEMBERS), PERSON))) == []


def test_a_public_number_stays_public_if_a_person_shares_it() -> None:
    before = a_stored_organization("A", contacts=(LINE, PERSON))
    assert list_paths(before, replace(before, contacts=(replace(LINE, email="office@example.org"), PERSON))) == []
    assert list_paths(before, replace(before, contacts=(LINE,))) == []
    public_person = replace(PERSON, audience=Audience.PUBLIC)
    assert list_paths(before, replace(before, contacts=(LINE, public_person))) == ["contacts[1].audience"]


def test_a_record_must_not_become_more_visible() -> None:
    inner = a_stored_organization("A", audience=Audience.MEMBERS)
    assert list_paths(inner, replace(inner, audience=Audience.PUBLIC)) == ["audience"]
    assert list_paths(inner, replace(inner, audience=Audience.STAFF)) == []


@pytest.mark.parametrize(
    ("stored", "stated"),
    [
        ({"name": "Ana Pérez"}, {"name": "ANA PEREZ"}),
        ({"email": "Ana@example.org"}, {"email": "ana@example.org"}),
        ({"name": "櫻"}, {"name": "櫻", "phone": "+14045550100"}),
        ({"role": "Ana, the guard"}, {"role": "ana, the guard"}),
    ],
)
def test_a_contact_is_recognized_in_any_spelling(stored: dict[str, str], stated: dict[str, str]) -> None:
    before = a_stored_organization("A", contacts=(StoredContact(**stored, audience=Audience.STAFF),))  # type: ignore[arg-type]
    after = replace(before, contacts=(StoredContact(**stated, audience=Audience.PUBLIC),))  # type: ignore[arg-type]
    assert list_paths(before, after) == ["contacts[0].audience"]


def test_two_contacts_with_one_role_are_different() -> None:
    staff_contact = StoredContact(role="Office", phone="+14045550100", audience=Audience.STAFF)
    public_contact = StoredContact(role="Office", phone="+14045550199", audience=Audience.PUBLIC)
    assert (
        list_paths(
            a_stored_organization("A", contacts=(staff_contact,)),
            a_stored_organization("A", contacts=(staff_contact, public_contact)),
        )
        == []
    )
