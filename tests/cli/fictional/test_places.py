"""Made-up organizations are in real cities, in proportion to their size, at made-up streets."""

from collections import Counter

from cli.fictional.phrases import PHRASES
from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Disclosure, Precision, distance_km
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from tests.cli.fictional.example_network import list_members, list_sites


def test_larger_states_have_more() -> None:
    counts = Counter(site.state for site in list_sites())
    sizes = {state.code: get_gazetteer().find_state(state.code) for state in REGIONS.list_of_kind(RegionKind.STATE)}
    small = [code for code, place in sizes.items() if place and place.postal_codes < 200]
    large = [code for code, place in sizes.items() if place and place.postal_codes > 1_200]
    assert min(counts[code] for code in large) > max(counts[code] for code in small)


def test_larger_cities_have_more() -> None:
    counts = Counter((site.city, site.state) for site in list_sites())
    largest = [(city, state) for (city, state), _ in counts.most_common(10) if city and state]
    places = [place for place in (get_gazetteer().find_city(*city) for city in largest) if place]
    assert sum(place.postal_codes for place in places) / len(places) > 30


def test_streets_are_made_up_and_near_the_centroid_of_their_postal_code() -> None:
    private_sites = [(site, site.private) for site in list_sites() if site.private]
    assert private_sites
    for site, private in private_sites:
        assert private.street is not None
        assert private.street.endswith(PHRASES.streets)
        center = get_gazetteer().find_postal_code(site.postal_code or "")
        assert center is not None
        assert private.point is not None
        assert distance_km(center.point, private.point) < 3.5


def test_exact_disclosure_comes_with_an_exact_place() -> None:
    exact = [site for site in list_sites() if site.disclosure is Disclosure.EXACT]
    assert exact
    assert all(site.private and site.private.point and site.known is Precision.EXACT for site in exact)


def test_most_places_use_the_default_disclosure_and_every_disclosure_occurs() -> None:
    counts = Counter(site.disclosure for site in list_sites())
    assert set(counts) == {None, *Disclosure}
    assert counts[None] > len(list_sites()) * 0.6


def test_every_precision_occurs() -> None:
    assert {site.known for site in list_sites()} == {Precision.EXACT, Precision.POSTAL_CODE, Precision.CITY, Precision.STATE}


def test_each_organization_has_one_primary_place() -> None:
    assert all(sum(site.is_primary for site in organization.sites) == 1 for organization in list_members() if organization.sites)


def test_further_places_are_nearby() -> None:
    states = [{site.state for site in organization.sites} for organization in list_members() if len(organization.sites) > 1]
    assert sum(len(counts) == 1 for counts in states) > 0.8 * len(states)


def test_most_serve_their_county_or_state_and_some_a_custom_region() -> None:
    kinds = Counter(REGIONS.require(code).kind for organization in list_members() for code in organization.service_areas)
    assert kinds[RegionKind.COUNTY] > kinds[RegionKind.COUNTRY]
    assert kinds[RegionKind.STATE] > kinds[RegionKind.COUNTRY]
    assert kinds[RegionKind.CUSTOM]
    home = [
        organization
        for organization in list_members()
        if organization.sites and organization.service_areas and organization.service_areas != ("US",)
    ]
    own = [
        organization
        for organization in home
        if organization.sites[0].state and REGIONS.overlaps(organization.service_areas[0], organization.sites[0].state)
    ]
    assert len(own) == len(home)


def test_no_area_is_served_twice() -> None:
    assert all(len(set(organization.service_areas)) == len(organization.service_areas) for organization in list_members())
