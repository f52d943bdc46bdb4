"""What the places of two parties say: the pair of places that fits best."""

from msgspec import Struct
from msgspec.structs import replace

from directory.matching.evidence import Evidence, EvidenceKind
from directory.matching.match_record import AddressFeatures, MatchFeatures
from directory.matching.street_lines import StreetAddress, is_other_unit, is_same_building
from directory.matching.token_pairs import spelling_similarity
from directory.matching.weights import (
    CITY,
    CITY_OTHER_STREET,
    OTHER_CITY,
    OTHER_CITY_AND_STREET,
    OTHER_COUNTRY,
    OTHER_STATE,
    OTHER_STATE_AND_STREET,
    OTHER_UNIT,
    POSTAL_CODE,
    POSTAL_CODE_OTHER_STREET,
    SAME_BUILDING,
    SAME_BUILDING_OTHER_TOWN,
)


class PlaceComparison(Struct, frozen=True, gc=False):
    """`evidence` is None where nothing can be compared.

    `other_street`: both say one, and not the same. `other_town`: not even the city is the same.
    """

    evidence: Evidence | None
    same_building: bool = False
    other_street: bool = False
    other_town: bool = False


_NO_COMPARISON = PlaceComparison(None)


def compare_places(one: MatchFeatures, other: MatchFeatures) -> PlaceComparison:
    found = (_compare_addresses(mine, its) for mine in one.addresses for its in other.addresses)
    return max((each for each in found if each.evidence), key=_evidence_points, default=_NO_COMPARISON)


def _evidence_points(each: PlaceComparison) -> float:
    return each.evidence.points if each.evidence else 0.0


def _compare_addresses(one: AddressFeatures, other: AddressFeatures) -> PlaceComparison:
    if _are_different(one.country, other.country):
        return _build_other_town(f"other country: {one.country} / {other.country}", OTHER_COUNTRY, OTHER_COUNTRY, False)
    doors = one.street is not None and other.street is not None
    if one.street and other.street and is_same_building(one.street, other.street) and not _are_different(one.state, other.state):
        return _compare_same_building(one, other, one.street, other.street)
    if one.postal_code and one.postal_code == other.postal_code:
        return _build_comparison(f"same postal code: {one.postal_code}", POSTAL_CODE, POSTAL_CODE_OTHER_STREET, doors)
    if _are_different(one.state, other.state):
        return _build_other_town(f"other state: {one.state} / {other.state}", OTHER_STATE, OTHER_STATE_AND_STREET, doors)
    if one.city and other.city:
        return _compare_cities(one.city, other.city, doors)
    if _are_different(one.postal_code[:3], other.postal_code[:3]):
        return _build_other_town(
            f"far postal codes: {one.postal_code} / {other.postal_code}", OTHER_CITY, OTHER_CITY_AND_STREET, doors
        )
    return _NO_COMPARISON


def _compare_same_building(
    one: AddressFeatures, other: AddressFeatures, mine: StreetAddress, its: StreetAddress
) -> PlaceComparison:
    said = f"{mine.number} {mine.name}" if mine.name != "box" else f"PO box {mine.number}"
    if _is_other_town(one, other):
        towns = f"{one.city or one.postal_code} / {other.city or other.postal_code}"
        detail = f"same street and number in towns of two names: {said}, {towns}"
        return PlaceComparison(Evidence(EvidenceKind.STREET, detail, SAME_BUILDING_OTHER_TOWN), same_building=True)
    if is_other_unit(mine, its):
        detail = f"same building, another suite: {said}, {mine.unit} / {its.unit}"
        return PlaceComparison(Evidence(EvidenceKind.STREET, detail, OTHER_UNIT), same_building=True)
    return PlaceComparison(Evidence(EvidenceKind.STREET, f"same street and number: {said}", SAME_BUILDING), same_building=True)


def _is_other_town(one: AddressFeatures, other: AddressFeatures) -> bool:
    if one.postal_code and one.postal_code == other.postal_code:
        return False
    if one.city and other.city:
        return not _is_same_city(one.city, other.city)
    return _are_different(one.postal_code, other.postal_code)


def _compare_cities(one: str, other: str, doors: bool) -> PlaceComparison:
    if _is_same_city(one, other):
        return _build_comparison(f"same city: {one.title()}", CITY, CITY_OTHER_STREET, doors)
    return _build_other_town(f"other city: {one.title()} / {other.title()}", OTHER_CITY, OTHER_CITY_AND_STREET, doors)


def _is_same_city(one: str, other: str) -> bool:
    return one == other or bool(spelling_similarity(one, other))


def _build_comparison(detail: str, points: float, with_other_street: float, doors: bool) -> PlaceComparison:
    if doors:
        return PlaceComparison(Evidence(EvidenceKind.CITY, f"{detail}, other street", with_other_street), other_street=True)
    return PlaceComparison(Evidence(EvidenceKind.CITY, detail, points))


def _build_other_town(detail: str, points: float, with_other_street: float, doors: bool) -> PlaceComparison:
    return replace(_build_comparison(detail, points, with_other_street, doors), other_town=True)


def _are_different(one: str, other: str) -> bool:
    return bool(one and other and one != other)
