"""How strangers can reach an organization: by its published contacts and nothing else."""

from enum import StrEnum

import msgspec
from msgspec import Struct

from cli.verification.letter import format_phone, format_place, load_texts
from directory.records import Organization


class ContactWay(StrEnum):
    """A way to reach an organization, as `--by-contact` names it."""

    PHONE = "phone"
    EMAIL = "email"
    WEBSITE = "website"
    POST = "post"


class Reach(Struct, frozen=True):
    """The published telephone number, e-mail address, website and street of an organization; None for what is not published.

    `post` needs a published street. `is_public` is whether the public sees the organization at all.
    """

    is_public: bool
    phone: str | None = None
    email: str | None = None
    website: str | None = None
    post: str | None = None

    @property
    def ways(self) -> list[ContactWay]:
        return [way for way in ContactWay if getattr(self, way.value)]


NOT_PUBLIC = Reach(is_public=False)


def find_reach(organization: Organization | None) -> Reach:
    """Return how the public can reach an organization. None stands for one that the public does not see."""
    if organization is None:
        return NOT_PUBLIC
    texts = load_texts("en")
    phones = (format_phone(contact, texts) for contact in organization.contacts)
    streets = (place for place in organization.locations if place.address and place.address.street)
    return Reach(
        is_public=True,
        phone=next(filter(None, phones), None),
        email=next((contact.email for contact in organization.contacts if contact.email), None),
        website=organization.website,
        post=next((format_place(place, "en") for place in streets), None),
    )


def format_reach(reach: Reach) -> str:
    """Return the ways as one text for a table."""
    if not reach.is_public:
        return "not public"
    return "; ".join(getattr(reach, way.value) for way in reach.ways) or "nothing published"


def list_reach_facts(reach: Reach) -> dict[str, object]:
    facts: dict[str, object] = msgspec.to_builtins(reach)
    return facts
