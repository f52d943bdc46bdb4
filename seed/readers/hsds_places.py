"""The locations of an HSDS organization as flat fields (seed/fields.py): only places. How much of them is told nobody says here.

A virtual or postal location is no place, nor is the address at which a place takes its mail. A point that is none on earth is
left out, as it says nothing; an address that cannot be is for the cleaning and the draft to refuse.
"""

from collections.abc import Iterator

from directory.errors import BadInput
from seed.clean import points
from seed.readers.hsds_values import Object, below, objects, text, unique
from seed.rows import Repair

MOST = 99  # places that flat fields can number
_ADDRESS = {
    "street": "address_1",
    "street2": "address_2",
    "city": "city",
    "state": "state_province",
    "postal_code": "postal_code",
    "country": "country",
}
_AREA = ("street", "city", "state", "postal_code", "latitude")  # with none of these nobody can tell where it is
_NO_PLACES = ("virtual", "postal")

Flat = dict[str, str]


def locations(organization: Object) -> list[Object]:
    """Each location once: the organization's own, and those at which its services are."""
    own = objects(organization.get("locations"))
    services = [*objects(organization.get("services")), *below(own, "services")]
    return unique([*own, *below(below(services, "service_at_locations"), "location")])


def places(organization: Object, repairs: list[Repair]) -> Iterator[Flat]:
    """The fields of each place, without "location." before them. What is left out is told in `repairs`."""
    known: dict[tuple[tuple[str, str], ...], str] = {}
    for position, location in enumerate(locations(organization)):
        where = f"locations[{position}]"
        for place in _places(location, where, repairs):
            key = tuple(item for item in place.items() if item[0] != "name")
            if key in known:
                repairs.append(Repair(where, text(location.get("name")), "", f"the same place as {known[key]}"))
            elif len(known) == MOST:
                repairs.append(Repair(where, text(location.get("name")), "", f"only {MOST} places are taken"))
            else:
                known[key] = where
                yield place


def _places(location: Object, where: str, repairs: list[Repair]) -> Iterator[Flat]:
    name = text(location.get("name"))
    kind = "virtual" if text(location.get("virtual")).lower() == "true" or location.get("virtual") is True else ""
    kind = kind or text(location.get("location_type")).lower()
    if kind in _NO_PLACES:
        repairs.append(Repair(where, name, "", f"a {kind} location is no place"))
        return
    point = _point(location, where, repairs)
    addresses = [one for one in objects(location.get("addresses")) if _is_of_a_place(one, where, repairs)]
    for number, address in enumerate(addresses or [{}]):
        said = {part: text(address.get(column)) for part, column in _ADDRESS.items()}
        place = {"name": name, **said, **(point if number == 0 else {})}
        stated = {part: value for part, value in place.items() if value}
        if any(part in stated for part in _AREA):
            yield stated
        elif name:
            repairs.append(Repair(where, name, "", "says nothing of where it is, left out"))


def _is_of_a_place(address: Object, where: str, repairs: list[Repair]) -> bool:
    kind = text(address.get("address_type")).lower()
    if kind not in _NO_PLACES:
        return True
    said = ", ".join(value for column in _ADDRESS.values() if (value := text(address.get(column))))
    repairs.append(Repair(f"{where}.addresses", said, "", f"a {kind} address is no place"))
    return False


def _point(location: Object, where: str, repairs: list[Repair]) -> Flat:
    latitude, longitude = text(location.get("latitude")), text(location.get("longitude"))
    if not (latitude or longitude):
        return {}
    try:
        points.point(latitude, longitude)
    except BadInput:
        repairs.append(Repair(f"{where}.latitude", f"{latitude}, {longitude}", "", "no point that can be, left out"))
        return {}
    return {"latitude": latitude, "longitude": longitude}
