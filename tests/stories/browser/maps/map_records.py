"""Organizations for the tests of the map of places. A word in their names finds a group of them. None of them exists."""

from directory.geo import Disclosure, Point, Precision
from directory.records import PrivatePlace, StoredLocation, StoredOrganization
from tests.builders import a_stored_location, a_stored_organization

ISSUES = ("housing",)


def _with_address(name: str, latitude: float, longitude: float, state: str, country: str = "US") -> StoredOrganization:
    site = a_stored_location(
        name,
        state,
        country=country,
        disclosure=Disclosure.EXACT,
        known=Precision.EXACT,
        private=PrivatePlace("1 Main Street", Point(latitude, longitude)),
    )
    return _place(name, site)


def _place(name: str, *sites: StoredLocation) -> StoredOrganization:
    return a_stored_organization(f"{name} Friends", sites=sites, issue_areas=ISSUES)


def _in_area(name: str, disclosure: Disclosure, **place: str) -> StoredOrganization:
    return _place(name, a_stored_location(disclosure=disclosure, known=Precision.CITY, **place))


# "harbor": everywhere in the United States, also on islands and around a lake in which the middle of two of them lies.
HARBOR = (
    _with_address("Harbor Milwaukee", 43.04, -87.91, "US-WI"),
    _with_address("Harbor Muskegon", 43.23, -86.25, "US-MI"),
    _with_address("Harbor Seattle", 47.61, -122.33, "US-WA"),
    _with_address("Harbor Honolulu", 21.31, -157.86, "US-HI"),
    _with_address("Harbor Hilo", 19.72, -155.08, "US-HI"),
    _with_address("Harbor San Juan", 18.47, -66.11, "US-PR"),
    _with_address("Harbor Christiansted", 17.75, -64.70, "US-VI"),
    _with_address("Harbor Eastport", 44.91, -66.99, "US-ME"),
)
# "voyage": in other countries. The two in Toronto share a mark.
VOYAGE = (
    _with_address("Voyage Toronto", 43.65, -79.38, "CA-ON", "CA"),
    _with_address("Voyage Toronto Second", 43.66, -79.39, "CA-ON", "CA"),
    _with_address("Voyage Tijuana", 32.52, -117.03, "MX-BCN", "MX"),
)
# "meridian": on both sides of the antimeridian.
MERIDIAN = (_with_address("Meridian Hagatna", 13.47, 144.75, "US-GU"), _with_address("Meridian Atlanta", 33.75, -84.39, "US-GA"))
LEVY = _in_area("Estuary", Disclosure.COUNTY, state="US-FL", county="US-FL-075", city="Bronson")
OHIO = _in_area("Buckeye", Disclosure.STATE, state="US-OH", city="Columbus")
HAWAII = _in_area("Lava", Disclosure.STATE, state="US-HI", city="Honolulu")
DECATUR = _in_area("Peach", Disclosure.CITY, state="US-GA", county="US-GA-089", city="Decatur")
MAP_RECORDS = (*HARBOR, *VOYAGE, *MERIDIAN, LEVY, OHIO, HAWAII, DECATUR)
