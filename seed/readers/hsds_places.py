"""The locations of an HSDS organization as flat fields (seed/fields.py): only places. How much of them is told nobody says here.

A virtual or postal location is no place, nor is the address at which a place takes its mail. A point that is none on earth is
left out, as it says nothing; an address that cannot be is for the cleaning and the draft to refuse.
"""

from collections.abc import Iterator

from directory.errors import BadInput
from seed.clean import points
from seed.readers.hsds_values import HsdsObject, collect_objects, deduplicate_objects, list_objects, read_text
from seed.rows import Repair

MAX_LOCATIONS = 99  # places that flat fields can number
_ADDRESS_COLUMNS = {
    "street": "address_1",
    "street2": "address_2",
    "city": "city",
    "state": "state_province",
    "postal_code": "postal_code",
    "country": "country",
}
_LOCATING_PARTS = ("street", "city", "state", "postal_code", "latitude")  # with none of these nobody can tell where it is
_NON_PHYSICAL_TYPES = ("virtual", "postal")

FlatLocation = dict[str, str]


def list_locations(organization: HsdsObject) -> list[HsdsObject]:
    """Each location once: the organization's own, and those at which its services are."""
    own = list_objects(organization.get("locations"))
    services = [*list_objects(organization.get("services")), *collect_objects(own, "services")]
    return deduplicate_objects([*own, *collect_objects(collect_objects(services, "service_at_locations"), "location")])


def extract_locations(organization: HsdsObject, repairs: list[Repair]) -> Iterator[FlatLocation]:
    """The fields of each place, without "location." before them. What is left out is told in `repairs`."""
    known: dict[tuple[tuple[str, str], ...], str] = {}
    for position, location in enumerate(list_locations(organization)):
        where = f"locations[{position}]"
        for place in _build_locations(location, where, repairs):
            key = tuple(item for item in place.items() if item[0] != "name")
            if key in known:
                repairs.append(Repair(where, read_text(location.get("name")), "", f"the same place as {known[key]}"))
            elif len(known) == MAX_LOCATIONS:
                repairs.append(Repair(where, read_text(location.get("name")), "", f"only {MAX_LOCATIONS} places are taken"))
            else:
                known[key] = where
                yield place


def _build_locations(location: HsdsObject, where: str, repairs: list[Repair]) -> Iterator[FlatLocation]:
    name = read_text(location.get("name"))
    kind = "virtual" if read_text(location.get("virtual")).lower() == "true" or location.get("virtual") is True else ""
    kind = kind or read_text(location.get("location_type")).lower()
    if kind in _NON_PHYSICAL_TYPES:
        repairs.append(Repair(where, name, "", f"a {kind} location is no place"))
        return
    point = _read_point(location, where, repairs)
    addresses = [one for one in list_objects(location.get("addresses")) if _is_physical_address(one, where, repairs)]
    for number, address in enumerate(addresses or [{}]):
        said = {part: read_text(address.get(column)) for part, column in _ADDRESS_COLUMNS.items()}
        place = {"name": name, **said, **(point if number == 0 else {})}
        stated = {part: value for part, value in place.items() if value}
        if any(part in stated for part in _LOCATING_PARTS):
            yield stated
        elif name:
            repairs.append(Repair(where, name, "", "says nothing of where it is, left out"))


def _is_physical_address(address: HsdsObject, where: str, repairs: list[Repair]) -> bool:
    kind = read_text(address.get("address_type")).lower()
    if kind not in _NON_PHYSICAL_TYPES:
        return True
    said = ", ".join(value for column in _ADDRESS_COLUMNS.values() if (value := read_text(address.get(column))))
    repairs.append(Repair(f"{where}.addresses", said, "", f"a {kind} address is no place"))
    return False


def _read_point(location: HsdsObject, where: str, repairs: list[Repair]) -> FlatLocation:
    latitude, longitude = read_text(location.get("latitude")), read_text(location.get("longitude"))
    if not (latitude or longitude):
        return {}
    try:
        points.parse_point(latitude, longitude)
    except BadInput:
        repairs.append(Repair(f"{where}.latitude", f"{latitude}, {longitude}", "", "no point that can be, left out"))
        return {}
    return {"latitude": latitude, "longitude": longitude}
