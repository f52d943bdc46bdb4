"""The records of a directory.

`Organization` is what one audience sees of a member: published, frozen, searched and served as it is.
`Entry` is what the directory keeps of it: all of the above before publication. Only the store, the ledger,
`publish` and whoever submits changes handle entries; no door ever shows one.
Both share `Profile`, the fields that every audience which sees the organization at all sees alike.

None is "not stated", an empty tuple "none stated". Nothing here is ever guessed.
"""

import datetime as dt
from enum import StrEnum

from msgspec import Struct

from directory.geo import Disclosure, Point, Precision

VERIFICATION_PERIOD = dt.timedelta(days=365)  # after that, a record is to be confirmed again
SOURCE_SCHEME_PREFIX = "X-"  # how the scheme of a source's own record numbers begins: X-BAPD


class Audience(StrEnum):
    """Who is asking, least trusted first. Each sees what those before it see, and more."""

    PUBLIC = "PUBLIC"
    MEMBERS = "MEMBERS"
    STAFF = "STAFF"

    def sees(self, shown_to: "Audience") -> bool:
        """Whether something shown to `shown_to` is shown to this audience."""
        return _TRUST_LEVELS[self] >= _TRUST_LEVELS[shown_to]


_TRUST_LEVELS = {audience: position for position, audience in enumerate(Audience)}


class OrganizationKind(StrEnum):
    GRASSROOTS_GROUP = "GRASSROOTS_GROUP"
    COLLECTIVE = "COLLECTIVE"
    WORKER_CENTER = "WORKER_CENTER"
    LEGAL_ORGANIZATION = "LEGAL_ORGANIZATION"
    SERVICE_PROVIDER = "SERVICE_PROVIDER"
    ADVOCACY_ORGANIZATION = "ADVOCACY_ORGANIZATION"
    NATIONAL_ORGANIZATION = "NATIONAL_ORGANIZATION"
    NETWORK = "NETWORK"
    CAMPAIGN = "CAMPAIGN"
    FAITH_ORGANIZATION = "FAITH_ORGANIZATION"
    UNION = "UNION"
    RESEARCH = "RESEARCH"
    ARTS = "ARTS"
    FUNDER = "FUNDER"
    PUBLIC_BODY = "PUBLIC_BODY"
    OTHER = "OTHER"


class NameKind(StrEnum):
    LEGAL = "LEGAL"
    ACRONYM = "ACRONYM"
    SHORT = "SHORT"
    FORMER = "FORMER"
    TRANSLATED = "TRANSLATED"
    ALSO_KNOWN_AS = "ALSO_KNOWN_AS"


class MembershipStatus(StrEnum):
    ACTIVE = "ACTIVE"
    PROSPECT = "PROSPECT"
    LAPSED = "LAPSED"
    NONE = "NONE"


class RelationKind(StrEnum):
    BRANCH_OF = "BRANCH_OF"
    SUCCESSOR_OF = "SUCCESSOR_OF"
    FISCAL_SPONSOR = "FISCAL_SPONSOR"
    SISTER = "SISTER"
    PARTNER = "PARTNER"
    FUNDER = "FUNDER"
    HOST = "HOST"


class VerificationMethod(StrEnum):
    """How somebody last confirmed a record."""

    PHONE = "PHONE"
    EMAIL = "EMAIL"
    VISIT = "VISIT"
    WEBSITE = "WEBSITE"
    DOCUMENT = "DOCUMENT"
    OTHER = "OTHER"


class OrganizationName(Struct, frozen=True, gc=False):
    """Another name than the one in `Profile.name`. `language` is a BCP 47 tag."""

    name: str
    kind: NameKind
    language: str | None = None


class Link(Struct, frozen=True, gc=False):
    """`kind` is a lower-case word such as instagram, donate or newsletter; `url` is http or https."""

    kind: str
    url: str


class Identifier(Struct, frozen=True, gc=False):
    """`scheme` such as US-EIN (org-id.guide's list codes), `value` in the scheme's canonical form.

    A scheme that begins with OWN_SCHEME is a source's own numbering of its records: kept, and told to staff alone.
    """

    scheme: str
    value: str


class Membership(Struct, frozen=True, gc=False):
    status: MembershipStatus = MembershipStatus.ACTIVE
    joined_on: dt.date | None = None
    ended_on: dt.date | None = None


class Relation(Struct, frozen=True, gc=False):
    """Exactly one of `organization` (an id) and `actor` (somebody who has no record here) is given."""

    kind: RelationKind
    organization: str | None = None
    actor: str | None = None
    note: str | None = None
    url: str | None = None


class Source(Struct, frozen=True, gc=False):
    """Where a fact comes from. `field` is one of SOURCED.

    `tells` is how exactly the source itself places the organization, and matters for locations only; where that is not known, it
    counts as exactly. `origin` is the key of the dataset that the fact came in with, `file` and `row` (from 1) where it stood
    there. These four are kept, and not published: there every source has their defaults.
    """

    field: str
    title: str
    url: str | None = None
    date: dt.date | None = None
    tells: Disclosure = Disclosure.EXACT
    origin: str | None = None
    file: str | None = None
    row: int | None = None


class Profile(Struct, frozen=True, gc=False, kw_only=True):
    """What every audience that sees an organization at all sees alike, but for sources' own numbers among the identifiers.

    Terms are slugs of the vocabularies, service areas region codes, languages BCP 47 tags.
    A service area that is a country makes the organization nationwide there.
    """

    id: str  # a UUID, lower case; never reused
    slug: str
    name: str
    names: tuple[OrganizationName, ...] = ()
    kind: OrganizationKind = OrganizationKind.OTHER
    summary: str | None = None
    description: str | None = None
    founded: int | None = None  # a year
    website: str | None = None
    links: tuple[Link, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    languages: tuple[str, ...] = ()
    issue_areas: tuple[str, ...] = ()
    communities: tuple[str, ...] = ()
    work_areas: tuple[str, ...] = ()
    service_areas: tuple[str, ...] = ()
    membership: Membership = Membership()
    verified_at: dt.datetime | None = None  # when somebody last confirmed the record; apart from any edit


# the fields whose facts have sources: not those that the directory itself decides, and never those that nobody is told
SOURCED_FIELDS = (
    *(field for field in Profile.__struct_fields__ if field not in ("id", "slug", "verified_at")),
    *("locations", "contacts", "parent", "relations"),
)


# ---------------------------------------------------------------- as published


class Address(Struct, frozen=True, gc=False):
    """What is published of an address. `state` and `county` are names as people write them ("GA", "Fulton County")."""

    country: str  # ISO 3166-1 alpha-2
    state: str | None = None
    county: str | None = None
    city: str | None = None
    postal_code: str | None = None
    street: str | None = None


class Location(Struct, frozen=True, gc=False):
    """A place of an organization as published: `point` is the published one, never a private one.

    `regions` are all region codes the published area lies in, `radius_km` how far the true place may be.
    """

    id: str
    precision: Precision
    regions: tuple[str, ...]
    name: str | None = None
    address: Address | None = None
    point: Point | None = None
    radius_km: float | None = None
    is_primary: bool = False


class Contact(Struct, frozen=True, gc=False):
    role: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None  # E.164
    phone_extension: str | None = None
    languages: tuple[str, ...] = ()


class Organization(Profile, frozen=True, gc=False, kw_only=True):
    """An organization as one audience sees it.

    `parent` and the organizations of `relations` are ids that this audience may see; a reference to a record it may not
    see is not here. `updated_at` is when something that this audience may see last changed.
    """

    locations: tuple[Location, ...] = ()
    contacts: tuple[Contact, ...] = ()
    parent: str | None = None
    relations: tuple[Relation, ...] = ()
    sources: tuple[Source, ...] = ()
    updated_at: dt.datetime

    @property
    def points(self) -> list[Point]:
        """The published points, of which there may be none."""
        return [location.point for location in self.locations if location.point is not None]


# ---------------------------------------------------------------- as kept


class PrivatePlace(Struct, frozen=True, gc=False):
    """The part of a site that is kept in a table of its own, and can be erased from the past."""

    street: str | None = None
    point: Point | None = None


class StoredLocation(Struct, frozen=True, gc=False, kw_only=True):
    """A place of an organization as kept.

    `disclosure` None means that nobody decided: the default of its themes applies, and an area that is too small is replaced by
    the next larger one (publish.py). `known` is how exactly the point is known. `private` is given when saving; loading leaves it
    None unless `disclosure` is EXACT, so that nothing built on top can tell what it was not handed.
    """

    id: str  # a UUID, lower case
    name: str | None = None
    country: str = "US"
    state: str | None = None  # a region code: US-GA
    county: str | None = None  # a region code: US-GA-121
    city: str | None = None
    postal_code: str | None = None
    disclosure: Disclosure | None = None
    known: Precision = Precision.UNKNOWN
    is_primary: bool = False
    private: PrivatePlace | None = None


class StoredContact(Contact, frozen=True, gc=False, kw_only=True):
    """A contact with whom it is shown to. A named person's defaults to MEMBERS (drafts.py)."""

    audience: Audience = Audience.MEMBERS


class StoredOrganization(Profile, frozen=True, gc=False, kw_only=True):
    """An organization as kept, before publication. How it was last verified (`verified_at`) is staff's to know.

    `hidden_since`: when staff hid it (hiding.py), None if it is not hidden. `hidden_until`: None means without an end.
    """

    verification_method: VerificationMethod | None = None
    audience: Audience = Audience.PUBLIC
    hidden_since: dt.datetime | None = None
    hidden_until: dt.date | None = None
    sites: tuple[StoredLocation, ...] = ()
    contacts: tuple[StoredContact, ...] = ()
    parent: str | None = None
    relations: tuple[Relation, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def effective_audience(self) -> Audience:
        """Who sees the record: STAFF alone while it is hidden, else its `audience`."""
        return Audience.STAFF if self.is_hidden else self.audience

    @property
    def is_hidden(self) -> bool:
        return self.hidden_since is not None
