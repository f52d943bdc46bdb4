"""What the places of two parties say: the pair of places that fits best."""

from msgspec import Struct
from msgspec.structs import replace

from directory.matching.evidence import Evidence, EvidenceKind
from directory.matching.pairing import spelled_alike
from directory.matching.streets import Street, other_unit, same_door
from directory.matching.traits import Place, Traits
from directory.matching.weights import (
    CITY,
    CITY_OTHER_STREET,
    DOOR,
    DOOR_OTHER_TOWN,
    OTHER_CITY,
    OTHER_CITY_AND_STREET,
    OTHER_COUNTRY,
    OTHER_STATE,
    OTHER_STATE_AND_STREET,
    OTHER_UNIT,
    POSTAL_CODE,
    POSTAL_CODE_OTHER_STREET,
)


class Placed(Struct, frozen=True, gc=False):
    """`evidence` is None where nothing can be compared.

    `other_street`: both say one, and not the same. `other_town`: not even the city is the same.
    """

    evidence: Evidence | None
    same_door: bool = False
    other_street: bool = False
    other_town: bool = False


_NOTHING = Placed(None)


def placed(one: Traits, other: Traits) -> Placed:
    found = (_compared(mine, its) for mine in one.places for its in other.places)
    return max((each for each in found if each.evidence), key=_points, default=_NOTHING)


def _points(each: Placed) -> float:
    return each.evidence.points if each.evidence else 0.0


def _compared(one: Place, other: Place) -> Placed:
    if _differ(one.country, other.country):
        return _apart(f"other country: {one.country} / {other.country}", OTHER_COUNTRY, OTHER_COUNTRY, False)
    doors = one.street is not None and other.street is not None
    if one.street and other.street and same_door(one.street, other.street) and not _differ(one.state, other.state):
        return _door(one, other, one.street, other.street)
    if one.postal_code and one.postal_code == other.postal_code:
        return _area(f"same postal code: {one.postal_code}", POSTAL_CODE, POSTAL_CODE_OTHER_STREET, doors)
    if _differ(one.state, other.state):
        return _apart(f"other state: {one.state} / {other.state}", OTHER_STATE, OTHER_STATE_AND_STREET, doors)
    if one.city and other.city:
        return _cities(one.city, other.city, doors)
    if _differ(one.postal_code[:3], other.postal_code[:3]):
        return _apart(f"far postal codes: {one.postal_code} / {other.postal_code}", OTHER_CITY, OTHER_CITY_AND_STREET, doors)
    return _NOTHING


def _door(one: Place, other: Place, mine: Street, its: Street) -> Placed:
    said = f"{mine.number} {mine.name}" if mine.name != "box" else f"PO box {mine.number}"
    if _other_town(one, other):
        towns = f"{one.city or one.postal_code} / {other.city or other.postal_code}"
        detail = f"same street and number in towns of two names: {said}, {towns}"
        return Placed(Evidence(EvidenceKind.STREET, detail, DOOR_OTHER_TOWN), same_door=True)
    if other_unit(mine, its):
        detail = f"same building, another suite: {said}, {mine.unit} / {its.unit}"
        return Placed(Evidence(EvidenceKind.STREET, detail, OTHER_UNIT), same_door=True)
    return Placed(Evidence(EvidenceKind.STREET, f"same street and number: {said}", DOOR), same_door=True)


def _other_town(one: Place, other: Place) -> bool:
    if one.postal_code and one.postal_code == other.postal_code:
        return False
    if one.city and other.city:
        return not _one_city(one.city, other.city)
    return _differ(one.postal_code, other.postal_code)


def _cities(one: str, other: str, doors: bool) -> Placed:
    if _one_city(one, other):
        return _area(f"same city: {one.title()}", CITY, CITY_OTHER_STREET, doors)
    return _apart(f"other city: {one.title()} / {other.title()}", OTHER_CITY, OTHER_CITY_AND_STREET, doors)


def _one_city(one: str, other: str) -> bool:
    return one == other or bool(spelled_alike(one, other))


def _area(detail: str, points: float, with_other_street: float, doors: bool) -> Placed:
    if doors:
        return Placed(Evidence(EvidenceKind.CITY, f"{detail}, other street", with_other_street), other_street=True)
    return Placed(Evidence(EvidenceKind.CITY, detail, points))


def _apart(detail: str, points: float, with_other_street: float, doors: bool) -> Placed:
    return replace(_area(detail, points, with_other_street, doors), other_town=True)


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)
