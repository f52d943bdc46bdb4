"""Compare what two records state beside their names: the pair of addresses that agrees best, and their contacts."""

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from directory.matching.evidence import Evidence, EvidenceKind
from directory.matching.match_record import AddressFeatures, MatchFeatures
from directory.matching.name_similarity import spelling_similarity
from directory.matching.street_lines import StreetAddress, are_different, is_other_unit, is_same_building
from directory.matching.token_frequency import TokenFrequency
from directory.matching.web_domains import email_domain
from directory.matching.weights import (
    CITY,
    CITY_OTHER_STREET,
    DOMAIN,
    DOMAIN_OTHER_PAGE,
    EMAIL_ADDRESS,
    EMAIL_OF_PERSON,
    HOSTED_PAGE,
    MIN_SHARING_DISCOUNT,
    OTHER_CITY,
    OTHER_CITY_AND_STREET,
    OTHER_CONTACT_SAME_BUILDING,
    OTHER_COUNTRY,
    OTHER_DOMAIN,
    OTHER_PHONE,
    OTHER_STATE,
    OTHER_STATE_AND_STREET,
    OTHER_UNIT,
    PHONE,
    PHONE_TOLL_FREE,
    POSTAL_CODE,
    POSTAL_CODE_OTHER_STREET,
    SAME_BUILDING,
    SAME_BUILDING_OTHER_TOWN,
    SHARING_DISCOUNTS,
)
from directory.vocabulary.regions import REGIONS

_PERSON_ADDRESS = re.compile(r"[^\W\d_]{2,}\.[^\W\d_]{2,}@")  # first.last@
TOLL_FREE_AREA_CODES = frozenset(("800", "833", "844", "855", "866", "877", "888"))  # North American Numbering Plan


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


def compare_contacts(
    one: MatchFeatures, other: MatchFeatures, frequency: TokenFrequency, same_building: bool
) -> Iterator[Evidence]:
    """Yield the evidence of phone numbers, and of websites or else e-mail addresses."""
    yield from _compare_phones(one, other, frequency, same_building)
    web_evidence = list(_compare_websites(one, other, frequency))
    yield from web_evidence
    if web_evidence:
        return
    shared = [address for address in one.emails if address in other.emails]
    if shared:
        yield Evidence(
            EvidenceKind.EMAIL,
            f"same e-mail address: {shared[0]}",
            EMAIL_ADDRESS * _sharing_discount(frequency.count_sharers(shared[0])),
        )
    elif one.website.domain and other.website.domain:
        points = OTHER_CONTACT_SAME_BUILDING if same_building else OTHER_DOMAIN
        yield Evidence(EvidenceKind.WEBSITE, f"different websites: {one.website.domain} / {other.website.domain}", points)


def share_local_phone(one: MatchFeatures, other: MatchFeatures) -> bool:
    """Return whether the records share a local phone number. Branches may share a toll-free one."""
    return any(number in other.phones and number[:3] not in TOLL_FREE_AREA_CODES for number in one.phones)


def have_different_phones(one: MatchFeatures, other: MatchFeatures) -> bool:
    """Return whether both records have phone numbers and share none."""
    return bool(one.phones and other.phones) and not set(one.phones).intersection(other.phones)


def _compare_phones(
    one: MatchFeatures, other: MatchFeatures, frequency: TokenFrequency, same_building: bool
) -> Iterator[Evidence]:
    shared = [number for number in one.phones if number in other.phones]
    if shared:
        rarest = min(shared, key=frequency.count_sharers)
        sharers = frequency.count_sharers(rarest)
        points = PHONE if share_local_phone(one, other) else PHONE_TOLL_FREE
        yield Evidence(
            EvidenceKind.PHONE,
            f"same phone number: {_format_phone(rarest)}{_format_sharers(sharers)}",
            points * _sharing_discount(sharers),
        )
    elif one.phones and other.phones:
        points = OTHER_CONTACT_SAME_BUILDING if same_building else OTHER_PHONE
        numbers = f"{_format_phone(one.phones[0])} / {_format_phone(other.phones[0])}"
        yield Evidence(EvidenceKind.PHONE, f"different phone numbers: {numbers}", points)


def _format_phone(digits: str) -> str:
    """Return a North American number as 404-555-0100; the digits of any other."""
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}" if len(digits) == 10 else digits


def _compare_websites(one: MatchFeatures, other: MatchFeatures, frequency: TokenFrequency) -> Iterator[Evidence]:
    if one.website.page and one.website.page == other.website.page:
        yield Evidence(
            EvidenceKind.WEBSITE,
            f"same page: {one.website.page}",
            HOSTED_PAGE * _sharing_discount(frequency.count_sharers(one.website.page)),
        )
    shared = [domain for domain in one.domains if domain in other.domains]
    if not shared:
        return
    rarest = min(shared, key=frequency.count_sharers)
    sharers = frequency.count_sharers(rarest)
    if rarest == one.website.domain == other.website.domain:
        has_other_page = are_different(one.website.path, other.website.path)
        detail = f"different pages of the same website: {rarest}" if has_other_page else f"same website: {rarest}"
        points = DOMAIN_OTHER_PAGE if has_other_page else DOMAIN
        yield Evidence(EvidenceKind.WEBSITE, f"{detail}{_format_sharers(sharers)}", points * _sharing_discount(sharers))
    else:
        points = EMAIL_OF_PERSON if _share_person(one, other, rarest) else DOMAIN
        detail = f"same domain: {rarest}{_format_sharers(sharers)}"
        yield Evidence(EvidenceKind.EMAIL, detail, points * _sharing_discount(sharers))


def _share_person(one: MatchFeatures, other: MatchFeatures, domain: str) -> bool:
    """Return whether the records share only a person's address of the domain, and neither has a website there."""
    if domain in (one.website.domain, other.website.domain):
        return False
    addresses = {address for address in (*one.emails, *other.emails) if email_domain(address) == domain}
    return len(addresses) == 1 and _PERSON_ADDRESS.match(addresses.pop()) is not None


def _sharing_discount(sharers: int) -> float:
    return next((share for most, share in SHARING_DISCOUNTS if sharers <= most), MIN_SHARING_DISCOUNT)


def _format_sharers(sharers: int) -> str:
    return f" (shared by {sharers} records)" if sharers > SHARING_DISCOUNTS[0][0] else ""
