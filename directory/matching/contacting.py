"""What telephone numbers, web and e-mail addresses of two parties say."""

from collections.abc import Iterator

from directory.matching.evidence import Evidence, EvidenceKind
from directory.matching.rarity import Rarity
from directory.matching.traits import Traits
from directory.matching.weights import (
    DOMAIN,
    DOMAIN_OTHER_PAGE,
    MAILBOX,
    OTHER_CONTACT_SAME_DOOR,
    OTHER_DOMAIN,
    OTHER_PHONE,
    PAGE,
    PHONE,
    PHONE_TOLL_FREE,
    SHARED,
    SHARED_BY_MORE,
)

TOLL_FREE = frozenset(("800", "833", "844", "855", "866", "877", "888"))  # area codes of the North American Numbering Plan


def contacted(one: Traits, other: Traits, rarity: Rarity, same_door: bool) -> Iterator[Evidence]:
    yield from _phones(one, other, rarity, same_door)
    addresses = list(_webs(one, other, rarity))
    yield from addresses
    if addresses:
        return
    shared = [address for address in one.mailboxes if address in other.mailboxes]
    if shared:
        yield Evidence(EvidenceKind.EMAIL, f"same e-mail address: {shared[0]}", MAILBOX * _share(rarity.sharers(shared[0])))
    elif one.web.domain and other.web.domain:
        points = OTHER_CONTACT_SAME_DOOR if same_door else OTHER_DOMAIN
        yield Evidence(EvidenceKind.WEBSITE, f"other website: {one.web.domain} / {other.web.domain}", points)


def local_phone(one: Traits, other: Traits) -> bool:
    """Whether they share a number of one place: all branches may have one that is free of charge."""
    return any(number in other.phones and number[:3] not in TOLL_FREE for number in one.phones)


def other_phone(one: Traits, other: Traits) -> bool:
    """Whether both say one, and none is the same."""
    return bool(one.phones and other.phones) and not set(one.phones).intersection(other.phones)


def _phones(one: Traits, other: Traits, rarity: Rarity, same_door: bool) -> Iterator[Evidence]:
    shared = [number for number in one.phones if number in other.phones]
    if shared:
        rarest = min(shared, key=rarity.sharers)
        sharers = rarity.sharers(rarest)
        points = PHONE if local_phone(one, other) else PHONE_TOLL_FREE
        yield Evidence(EvidenceKind.PHONE, f"same telephone: {rarest}{_shared_by(sharers)}", points * _share(sharers))
    elif one.phones and other.phones:
        points = OTHER_CONTACT_SAME_DOOR if same_door else OTHER_PHONE
        yield Evidence(EvidenceKind.PHONE, f"other telephone: {one.phones[0]} / {other.phones[0]}", points)


def _webs(one: Traits, other: Traits, rarity: Rarity) -> Iterator[Evidence]:
    if one.web.page and one.web.page == other.web.page:
        yield Evidence(EvidenceKind.WEBSITE, f"same page: {one.web.page}", PAGE * _share(rarity.sharers(one.web.page)))
    shared = [domain for domain in one.domains if domain in other.domains]
    if not shared:
        return
    rarest = min(shared, key=rarity.sharers)
    sharers = rarity.sharers(rarest)
    if rarest == one.web.domain == other.web.domain:
        apart = one.web.path and other.web.path and one.web.path != other.web.path
        detail = f"other pages of one website: {rarest}" if apart else f"same website: {rarest}"
        points = DOMAIN_OTHER_PAGE if apart else DOMAIN
        yield Evidence(EvidenceKind.WEBSITE, f"{detail}{_shared_by(sharers)}", points * _share(sharers))
    else:
        yield Evidence(EvidenceKind.EMAIL, f"same domain: {rarest}{_shared_by(sharers)}", DOMAIN * _share(sharers))


def _share(sharers: int) -> float:
    return next((share for most, share in SHARED if sharers <= most), SHARED_BY_MORE)


def _shared_by(sharers: int) -> str:
    return f" (that of {sharers} here)" if sharers > SHARED[0][0] else ""
