"""Compare the places of two records: the pair of addresses that agrees best."""

from msgspec import Struct
from msgspec.structs import replace

from directory.matching.evidence import Evidence, EvidenceKind
from directory.matching.match_record import AddressFeatures, MatchFeatures
from directory.matching.street_lines import StreetAddress, are_different, is_other_unit, is_same_building
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
from directory.vocabulary.regions import REGIONS


class PlaceComparison(Struct, frozen=True, gc=False):
    """`evidence` is None if nothing can be compared.

    `other_street`: both addresses have a street, and the streets differ. `other_town`: the towns differ as well.
    """

    evidence: Evidence | None
    same_building: bool = False
    other_street: bool = False
    other_town: bool = False


_NO_COMPARISON = PlaceComparison(None)


def compare_places(one: MatchFeatures, other: MatchFeatures) -> PlaceComparison:
    """Return the comparison of the pair of addresses with the most points.

    Streets may be private. The evidence names the street of the first record only, which is the row that somebody has in a file.
    """
    comparisons = (_compare_addresses(left, right) for left in one.addresses for right in other.addresses)
    comparable = (comparison for comparison in comparisons if comparison.evidence)
    return max(comparable, key=_evidence_points, default=_NO_COMPARISON)


def _evidence_points(comparison: PlaceComparison) -> float:
    return comparison.evidence.points if comparison.evidence else 0.0


def _compare_addresses(one: AddressFeatures, other: AddressFeatures) -> PlaceComparison:
    if are_different(one.country, other.country):
        return _build_other_town(f"different countries: {one.country} / {other.country}", OTHER_COUNTRY, OTHER_COUNTRY, False)
    both_have_streets = one.street is not None and other.street is not None
    if one.street and other.street and is_same_building(one.street, other.street) and not are_different(one.state, other.state):
        return _compare_same_building(one, other, one.street, other.street)
    if one.postal_code and one.postal_code == other.postal_code:
        return _build_comparison(f"same postal code: {one.postal_code}", POSTAL_CODE, POSTAL_CODE_OTHER_STREET, both_have_streets)
    if are_different(one.state, other.state):
        return _build_other_town(
            f"different states: {_name_state(one.state)} / {_name_state(other.state)}",
            OTHER_STATE,
            OTHER_STATE_AND_STREET,
            both_have_streets,
        )
    if one.city and other.city:
        return _compare_cities(one, other, both_have_streets)
    if are_different(one.postal_code[:3], other.postal_code[:3]):
        return _build_other_town(
            f"distant postal codes: {one.postal_code} / {other.postal_code}", OTHER_CITY, OTHER_CITY_AND_STREET, both_have_streets
        )
    return _NO_COMPARISON


def _compare_same_building(
    one: AddressFeatures, other: AddressFeatures, street: StreetAddress, other_street: StreetAddress
) -> PlaceComparison:
    building = f"PO box {street.number}" if street.name == "box" else f"{street.number} {_capitalize_words(street.name)}"
    if _is_other_town(one, other):
        towns = f"{_name_city(one) or one.postal_code} / {_name_city(other) or other.postal_code}"
        detail = f"same street and number, different towns: {building}, {towns}"
        return PlaceComparison(Evidence(EvidenceKind.STREET, detail, SAME_BUILDING_OTHER_TOWN), same_building=True)
    if is_other_unit(street, other_street):
        # the other suite may be private
        detail = f"same building, different suites: {building}"
        return PlaceComparison(Evidence(EvidenceKind.STREET, detail, OTHER_UNIT), same_building=True)
    detail = f"same street and number: {building}"
    return PlaceComparison(Evidence(EvidenceKind.STREET, detail, SAME_BUILDING), same_building=True)


def _is_other_town(one: AddressFeatures, other: AddressFeatures) -> bool:
    if one.postal_code and one.postal_code == other.postal_code:
        return False
    if one.city and other.city:
        return not _is_same_city(one.city, other.city)
    return are_different(one.postal_code, other.postal_code)


def _compare_cities(one: AddressFeatures, other: AddressFeatures, both_have_streets: bool) -> PlaceComparison:
    if _is_same_city(one.city, other.city):
        return _build_comparison(f"same city: {_name_city(one)}", CITY, CITY_OTHER_STREET, both_have_streets)
    return _build_other_town(
        f"different cities: {_name_city(one)} / {_name_city(other)}", OTHER_CITY, OTHER_CITY_AND_STREET, both_have_streets
    )


def _is_same_city(one: str, other: str) -> bool:
    return one == other or bool(spelling_similarity(one, other))


def _name_city(place: AddressFeatures) -> str:
    return _capitalize_words(place.city_name) if place.city_name.isupper() or place.city_name.islower() else place.city_name


def _capitalize_words(text: str) -> str:
    return " ".join(word.capitalize() for word in text.split())


def _name_state(code: str) -> str:
    region = REGIONS.get(code)
    return region.name if region else code


def _build_comparison(detail: str, points: float, points_with_streets: float, both_have_streets: bool) -> PlaceComparison:
    if both_have_streets:
        evidence = Evidence(EvidenceKind.CITY, f"{detail}, different streets", points_with_streets)
        return PlaceComparison(evidence, other_street=True)
    return PlaceComparison(Evidence(EvidenceKind.CITY, detail, points))


def _build_other_town(detail: str, points: float, points_with_streets: float, both_have_streets: bool) -> PlaceComparison:
    return replace(_build_comparison(detail, points, points_with_streets, both_have_streets), other_town=True)
