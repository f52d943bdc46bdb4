"""A change may tighten visibility; what stays as it is loosens nothing."""

import pytest
from msgspec.structs import replace

from directory.geo import Disclosure
from directory.published_places import determine_disclosure
from directory.records import Audience, PrivatePlace, StoredContact, StoredLocation, StoredOrganization
from directory.visibility import apply_strictest_disclosure, find_loosening, find_lost_disclosure
from tests.builders import a_stored_organization
from tests.directory.store.stored_organizations import a_full_organization, a_stored_location, an_exact_location

OFFICE, SHELTER = an_exact_location(), a_stored_location(disclosure=Disclosure.HIDDEN)
LINE = StoredContact(role="office", phone="+14045550100", audience=Audience.PUBLIC)
PERSON = StoredContact(name="A Person", phone="+14045550100", audience=Audience.MEMBERS)


def paths(before: StoredOrganization, after: StoredOrganization) -> list[str]:
    return [problem.path_text for problem in find_loosening(before, after)]


BOTH = a_stored_organization("A", sites=(SHELTER, OFFICE, a_stored_location()), contacts=(LINE, PERSON))


@pytest.mark.parametrize("entry", [a_full_organization(), BOTH, replace(BOTH, sites=BOTH.sites[::-1])])
def test_what_stays_loosens_nothing(entry: StoredOrganization) -> None:
    """Also where two places lie in one area, or two contacts share a number, and one of them is told less."""
    assert paths(entry, entry) == []
    unread = tuple(replace(site, private=None) for site in entry.sites)
    assert paths(entry, replace(entry, sites=unread, summary="New.")) == []


def test_a_told_street_that_changes_may_be_the_hidden_one() -> None:
    moved = replace(OFFICE, private=PrivatePlace("3 New Street"))
    assert paths(BOTH, replace(BOTH, sites=(SHELTER, moved, BOTH.sites[2]))) == ["locations[1].disclosure"]


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
def test_a_place_that_may_be_the_hidden_one_is_not_told_more_exactly(site: StoredLocation) -> None:
    assert paths(a_stored_organization("A", sites=(SHELTER, OFFICE)), a_stored_organization("A", sites=(site,))) == [
        "locations[0].disclosure"
    ]


ELSEWHERE = an_exact_location(city="Macon", county=None, postal_code=None)


def test_a_place_elsewhere_is_another_one() -> None:
    assert paths(a_stored_organization("A", sites=(OFFICE,)), a_stored_organization("A", sites=(ELSEWHERE, OFFICE))) == []
    undecided = a_stored_location(disclosure=None, private=None)
    assert paths(a_stored_organization("A", sites=(undecided,)), a_stored_organization("A", sites=(ELSEWHERE, undecided))) == []


COMMERCE = a_stored_location(
    disclosure=None, private=None, city="Commerce", county=None, postal_code=None
)  # over several counties


def test_a_place_of_which_more_is_known_now_is_told_more_exactly() -> None:
    located = replace(COMMERCE, county="US-GA-157", postal_code="30529")
    assert (determine_disclosure(COMMERCE, ()), determine_disclosure(located, ())) == (Disclosure.STATE, Disclosure.COUNTY)
    assert paths(a_stored_organization("A", sites=(COMMERCE,)), a_stored_organization("A", sites=(located,))) == []
    decided = replace(located, disclosure=Disclosure.CITY)
    assert paths(a_stored_organization("A", sites=(COMMERCE,)), a_stored_organization("A", sites=(decided,))) == [
        "locations[0].disclosure"
    ]


def test_of_a_place_of_which_more_is_known_now_no_more_is_told_than_its_themes_asked_for() -> None:
    before = a_stored_organization("A", sites=(COMMERCE,), issue_areas=("gender-violence",))
    after = a_stored_organization("A", sites=(replace(COMMERCE, county="US-GA-157", postal_code="30529"),))
    assert paths(before, after) == ["locations[0].disclosure"]


def test_a_place_beside_a_decided_one_is_told_by_an_area_that_is_large_enough() -> None:
    entry = a_stored_organization("A", sites=(a_stored_location(disclosure=Disclosure.COUNTY),))
    charlottesville = a_stored_location(
        disclosure=None, state="US-VA", city="Charlottesville", county="US-VA-540", postal_code="22902"
    )
    assert determine_disclosure(charlottesville, ()) is Disclosure.CITY
    assert (
        apply_strictest_disclosure(charlottesville, entry).disclosure is Disclosure.STATE
    )  # the city proper has two of its ZIP codes
    assert apply_strictest_disclosure(replace(charlottesville, county="US-VA-003"), entry).disclosure is Disclosure.COUNTY


@pytest.mark.parametrize("told", [Disclosure.EXACT, Disclosure.CITY, None])
def test_beside_a_hidden_place_a_new_one_is_not_told(told: Disclosure | None) -> None:
    """It may be the city to which the shelter moved, or the one it is run from: whoever hid the place decides."""
    site = replace(ELSEWHERE, disclosure=told)
    assert paths(
        a_stored_organization("A", sites=(SHELTER, OFFICE)), a_stored_organization("A", sites=(site, SHELTER, OFFICE))
    ) == ["locations[0].disclosure"]
    hidden = apply_strictest_disclosure(replace(site, disclosure=None), a_stored_organization("A", sites=(SHELTER, OFFICE)))
    assert hidden.disclosure is Disclosure.HIDDEN
    assert paths(a_stored_organization("A", sites=(SHELTER,)), a_stored_organization("A", sites=(hidden, SHELTER))) == []


def test_what_is_told_widely_opens_no_new_place() -> None:
    undecided = replace(ELSEWHERE, disclosure=None)
    assert apply_strictest_disclosure(undecided, a_stored_organization("A", sites=(OFFICE,))) == undecided


def test_themes_that_hide_places_hide_the_first_one_too() -> None:
    before = a_stored_organization("A", issue_areas=("gender-violence",))
    assert paths(before, replace(before, sites=(ELSEWHERE,))) == ["locations[0].disclosure"]
    assert paths(before, replace(before, issue_areas=(), sites=(replace(ELSEWHERE, disclosure=None),))) == [
        "locations[0].disclosure"
    ]
    assert paths(before, replace(before, sites=(replace(ELSEWHERE, disclosure=None),))) == []


def test_a_place_that_moved_is_told_as_any_other_where_nobody_decided() -> None:
    """A small town is told by its county, or by less: that is no decision."""
    town = a_stored_location(city="Sparta", county=None, postal_code=None, disclosure=None, private=None)
    moved = replace(town, city="Atlanta")
    assert paths(a_stored_organization("A", sites=(town,)), a_stored_organization("A", sites=(moved,))) == []
    decided = replace(town, disclosure=Disclosure.COUNTY)
    assert paths(a_stored_organization("A", sites=(decided,)), a_stored_organization("A", sites=(moved,))) == [
        "locations[0].disclosure"
    ]


@pytest.mark.parametrize(
    "before",
    [a_stored_organization("A", sites=(SHELTER,)), a_stored_organization("A", issue_areas=("gender-violence",))],
)
def test_what_was_decided_is_not_forgotten_with_the_last_place(before: StoredOrganization) -> None:
    bare = replace(before, sites=(), issue_areas=())
    assert [problem.path_text for problem in find_lost_disclosure(before, bare)] == ["locations"]
    assert find_lost_disclosure(before, before) == ()
    assert find_lost_disclosure(before, replace(bare, issue_areas=("gender-violence",))) == ()


def test_a_place_of_which_nobody_decided_may_go() -> None:
    assert (
        find_lost_disclosure(
            a_stored_organization("A", sites=(OFFICE, a_stored_location(disclosure=None))), a_stored_organization("A")
        )
        == ()
    )


def test_themes_that_hide_places_are_not_taken_away_unasked() -> None:
    hidden = a_stored_organization("A", issue_areas=("gender-violence",), sites=(a_stored_location(),))
    assert paths(hidden, replace(hidden, issue_areas=())) == ["locations[0].disclosure"]


def test_a_number_is_shown_to_no_more_people_in_another_contact() -> None:
    before = a_stored_organization("A", contacts=(PERSON,))
    assert paths(before, replace(before, contacts=(LINE, PERSON))) == ["contacts[0].audience"]
    assert paths(before, replace(before, contacts=(replace(LINE, audience=Audience.MEMBERS), PERSON))) == []


def test_a_number_that_everybody_is_told_is_everybodys_though_a_person_shares_it() -> None:
    before = a_stored_organization("A", contacts=(LINE, PERSON))
    assert paths(before, replace(before, contacts=(replace(LINE, email="office@example.org"), PERSON))) == []
    assert paths(before, replace(before, contacts=(LINE,))) == []
    told = replace(PERSON, audience=Audience.PUBLIC)
    assert paths(before, replace(before, contacts=(LINE, told))) == ["contacts[1].audience"]


def test_a_record_is_shown_to_no_more_people() -> None:
    inner = a_stored_organization("A", audience=Audience.MEMBERS)
    assert paths(inner, replace(inner, audience=Audience.PUBLIC)) == ["audience"]
    assert paths(inner, replace(inner, audience=Audience.STAFF)) == []


@pytest.mark.parametrize(
    ("kept", "stated"),
    [
        ({"name": "Ana Pérez"}, {"name": "ANA PEREZ"}),
        ({"email": "Ana@example.org"}, {"email": "ana@example.org"}),
        ({"name": "櫻"}, {"name": "櫻", "phone": "+14045550100"}),
        ({"role": "Ana, the guard"}, {"role": "ana, the guard"}),
    ],
)
def test_a_contact_is_known_again_however_it_is_written(kept: dict[str, str], stated: dict[str, str]) -> None:
    before = a_stored_organization("A", contacts=(StoredContact(**kept, audience=Audience.STAFF),))  # type: ignore[arg-type]
    after = replace(before, contacts=(StoredContact(**stated, audience=Audience.PUBLIC),))  # type: ignore[arg-type]
    assert paths(before, after) == ["contacts[0].audience"]


def test_two_contacts_of_one_role_are_two() -> None:
    staffs = StoredContact(role="Office", phone="+14045550100", audience=Audience.STAFF)
    public = StoredContact(role="Office", phone="+14045550199", audience=Audience.PUBLIC)
    assert paths(a_stored_organization("A", contacts=(staffs,)), a_stored_organization("A", contacts=(staffs, public))) == []
