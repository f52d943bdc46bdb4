"""Compare the phone numbers, websites and e-mail addresses of two records."""

import re
from collections.abc import Iterator

from directory.matching.evidence import Evidence, EvidenceKind
from directory.matching.match_record import MatchFeatures
from directory.matching.street_lines import are_different
from directory.matching.token_frequency import TokenFrequency
from directory.matching.web_domains import email_domain
from directory.matching.weights import (
    DOMAIN,
    DOMAIN_OTHER_PAGE,
    EMAIL_ADDRESS,
    EMAIL_OF_PERSON,
    HOSTED_PAGE,
    MIN_SHARING_DISCOUNT,
    OTHER_CONTACT_SAME_BUILDING,
    OTHER_DOMAIN,
    OTHER_PHONE,
    PHONE,
    PHONE_TOLL_FREE,
    SHARING_DISCOUNTS,
)

_PERSON_ADDRESS = re.compile(r"[^\W\d_]{2,}\.[^\W\d_]{2,}@")  # first.last@
TOLL_FREE_AREA_CODES = frozenset(("800", "833", "844", "855", "866", "877", "888"))  # North American Numbering Plan


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
