"""Where invented organizations are: in real cities, as many as their size gives, behind invented doors."""

from collections import Counter

from cli.fictional.organizations import generate_fictional_organizations
from cli.fictional.phrases import PHRASES
from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Disclosure, Precision, distance_km
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

MEMBERS = list(generate_fictional_organizations(3_000))[1:]
SITES = [site for one in MEMBERS for site in one.sites]


def test_larger_states_have_more() -> None:
    found = Counter(site.state for site in SITES)
    sizes = {state.code: get_gazetteer().find_state(state.code) for state in REGIONS.list_of_kind(RegionKind.STATE)}
    small = [code for code, place in sizes.items() if place and place.postal_codes < 200]
    large = [code for code, place in sizes.items() if place and place.postal_codes > 1_200]
    assert min(found[code] for code in large) > max(found[code] for code in small)


def test_larger_cities_have_more() -> None:
    found = Counter((site.city, site.state) for site in SITES)
    named = [(city, state) for (city, state), _ in found.most_common(10) if city and state]
    of_many = [place for place in (get_gazetteer().find_city(*city) for city in named) if place]
    assert sum(place.postal_codes for place in of_many) / len(of_many) > 30


def test_a_door_is_invented_and_near_the_centroid_of_its_postal_code() -> None:
    doors = [(site, site.private) for site in SITES if site.private]
    assert doors
    for site, private in doors:
        assert private.street is not None
        assert private.street.endswith(PHRASES.streets)
        centre = get_gazetteer().find_postal_code(site.postal_code or "")
        assert centre is not None
        assert private.point is not None
        assert distance_km(centre.point, private.point) < 3.5


def test_whoever_discloses_everything_has_something_to_disclose() -> None:
    exact = [site for site in SITES if site.disclosure is Disclosure.EXACT]
    assert exact
    assert all(site.private and site.private.point and site.known is Precision.EXACT for site in exact)


def test_most_leave_it_to_the_defaults_and_every_choice_occurs() -> None:
    found = Counter(site.disclosure for site in SITES)
    assert set(found) == {None, *Disclosure}
    assert found[None] > len(SITES) * 0.6


def test_some_places_are_known_coarsely() -> None:
    assert {site.known for site in SITES} == {Precision.EXACT, Precision.POSTAL_CODE, Precision.CITY, Precision.STATE}


def test_one_primary_place_each() -> None:
    assert all(sum(site.is_primary for site in one.sites) == 1 for one in MEMBERS if one.sites)


def test_further_places_are_not_far_away() -> None:
    states = [{site.state for site in one.sites} for one in MEMBERS if len(one.sites) > 1]
    assert sum(len(found) == 1 for found in states) > 0.8 * len(states)


def test_most_serve_their_own_county_or_state_and_some_a_region_with_a_name() -> None:
    kinds = Counter(REGIONS.require(code).kind for one in MEMBERS for code in one.service_areas)
    assert kinds[RegionKind.COUNTY] > kinds[RegionKind.COUNTRY]
    assert kinds[RegionKind.STATE] > kinds[RegionKind.COUNTRY]
    assert kinds[RegionKind.CUSTOM]
    home = [one for one in MEMBERS if one.sites and one.service_areas and one.service_areas != ("US",)]
    own = [one for one in home if one.sites[0].state and REGIONS.overlaps(one.service_areas[0], one.sites[0].state)]
    assert len(own) == len(home)


def test_no_area_is_served_twice() -> None:
    assert all(len(set(one.service_areas)) == len(one.service_areas) for one in MEMBERS)
