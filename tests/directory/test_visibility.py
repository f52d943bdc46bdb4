"""A change may tighten visibility; what stays as it is loosens nothing."""

import pytest
from msgspec.structs import replace

from directory.geo import Disclosure
from directory.records import Audience, Entry, KeptContact, PrivatePlace, Site
from directory.visibility import loosened
from tests.builders import an_entry
from tests.directory.store.entries import a_full_entry, a_site, an_open_site

OFFICE, SHELTER = an_open_site(), a_site(disclosure=Disclosure.HIDDEN)
LINE = KeptContact(role="office", phone="+14045550100", audience=Audience.PUBLIC)
PERSON = KeptContact(name="A Person", phone="+14045550100", audience=Audience.MEMBERS)


def paths(before: Entry, after: Entry) -> list[str]:
    return [problem.where for problem in loosened(before, after)]


BOTH = an_entry("A", sites=(SHELTER, OFFICE, a_site()), contacts=(LINE, PERSON))


@pytest.mark.parametrize("entry", [a_full_entry(), BOTH, replace(BOTH, sites=BOTH.sites[::-1])])
def test_what_stays_loosens_nothing(entry: Entry) -> None:
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
        a_site(disclosure=Disclosure.CITY),
        a_site(disclosure=Disclosure.CITY, postal_code=None, private=PrivatePlace("3 New Street")),
    ],
)
def test_a_place_that_may_be_the_hidden_one_is_not_told_more_exactly(site: Site) -> None:
    assert paths(an_entry("A", sites=(SHELTER, OFFICE)), an_entry("A", sites=(site,))) == ["locations[0].disclosure"]


def test_a_place_elsewhere_is_another_one() -> None:
    elsewhere = an_open_site(city="Macon", county=None, postal_code=None)
    assert paths(an_entry("A", sites=(SHELTER,)), an_entry("A", sites=(elsewhere, SHELTER))) == []


def test_themes_that_hide_places_are_not_taken_away_unasked() -> None:
    hidden = an_entry("A", issue_areas=("gender-violence",), sites=(a_site(),))
    assert paths(hidden, replace(hidden, issue_areas=())) == ["locations[0].disclosure"]


def test_a_number_is_shown_to_no_more_people_in_another_contact() -> None:
    before = an_entry("A", contacts=(LINE, PERSON))
    assert paths(before, replace(before, contacts=(replace(LINE, role="front desk"), PERSON))) == ["contacts[0].audience"]
    assert paths(before, replace(before, contacts=(LINE,))) == []


def test_a_record_is_shown_to_no_more_people() -> None:
    inner = an_entry("A", audience=Audience.MEMBERS)
    assert paths(inner, replace(inner, audience=Audience.PUBLIC)) == ["audience"]
    assert paths(inner, replace(inner, audience=Audience.STAFF)) == []
