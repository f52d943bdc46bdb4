"""The records of the directory.

`StoredOrganization` is an organization as stored, including private parts. Only the store, the ledger, `publish` and the code
that writes changes use it; no interface ever shows one.
`Organization` is an organization as one audience sees it: published, frozen, searched and served as it is.
Both extend `Profile`, the fields that are the same for every audience that sees the organization.

None means "not stated"; an empty tuple means "none stated". No value is ever guessed.
"""

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from directory.fields import FIELDS, PlainFields
from directory.geo import Disclosure, Point, Precision
from directory.vocabulary.choices import Audience as Audience
from directory.vocabulary.choices import MembershipStatus as MembershipStatus
from directory.vocabulary.choices import NameKind as NameKind
from directory.vocabulary.choices import OrganizationKind as OrganizationKind
from directory.vocabulary.choices import RecordKind as RecordKind
from directory.vocabulary.choices import RelationKind as RelationKind
from directory.vocabulary.choices import SearchEngines as SearchEngines
from directory.vocabulary.choices import VerificationMethod as VerificationMethod

VERIFICATION_PERIOD = dt.timedelta(days=365)  # a record should be verified again after this time
SOURCE_SCHEME_PREFIX = "X-"  # starts the scheme of a source's own record numbers, for example X-BAPD


@lru_cache(maxsize=4)
def find_verification_cutoff(today: dt.date) -> dt.datetime:
    """Return the moment before which a verification is too long ago, on a day in UTC."""
    return dt.datetime.combine(today - VERIFICATION_PERIOD, dt.time(), dt.UTC)


def is_verification_due(verified_at: dt.datetime | None, today: dt.date) -> bool:
    """Return whether a record should be verified again on a day in UTC. A record that was never verified is due."""
    return verified_at is None or verified_at < find_verification_cutoff(today)


class Reference(Struct, frozen=True):
    """Marks a field that holds the id of a record of this kind. Tables, checks and merges follow it."""

    kind: RecordKind


OrganizationId = Annotated[str, Reference(RecordKind.ORGANIZATION)]


class OrganizationName(Struct, frozen=True, gc=False):
    """A name in addition to `Profile.name`. `language` is a BCP 47 tag."""

    name: str
    kind: NameKind
    language: str | None = None


class Link(Struct, frozen=True, gc=False):
    """A web link. `kind` is a lower-case word such as instagram, donate or newsletter; `url` is http or https."""

    kind: str
    url: str


class Identifier(Struct, frozen=True, gc=False):
    """A number in a register. `scheme` is a code such as US-EIN (see org-id.guide), `value` is in its canonical form.

    A scheme that starts with SOURCE_SCHEME_PREFIX is a source's own numbering of its records. Only staff see these.
    """

    scheme: str
    value: str


class Membership(Struct, frozen=True, gc=False):
    status: MembershipStatus = MembershipStatus.ACTIVE
    joined_on: dt.date | None = None
    ended_on: dt.date | None = None


class Relation(Struct, frozen=True, gc=False):
    """A relation to `organization` (an id) or to `actor` (a name without a record here); exactly one of them is set."""

    kind: RelationKind
    organization: OrganizationId | None = None
    actor: str | None = None
    note: str | None = None
    url: str | None = None


class Source(Struct, frozen=True, gc=False):
    """Where a fact comes from. `field` is one of SOURCED_FIELDS.

    `tells` is how precisely the source itself states a location; EXACT if unknown, and meaningless for other fields.
    `origin` is the key of the dataset that contained the fact; `file` and `row` (from 1) are its position there.
    These four are stored but not published: every published source has their defaults.
    """

    field: str
    title: str
    url: str | None = None
    date: dt.date | None = None
    tells: Disclosure = Disclosure.EXACT
    origin: str | None = None
    file: str | None = None
    row: int | None = None


class Profile(PlainFields, frozen=True, gc=False, kw_only=True):
    """The fields that are the same for every audience that sees an organization, except sources' own record numbers.

    The plain fields are declared in directory/fields.py. These are the nested parts among them, in the same order.
    """

    names: tuple[OrganizationName, ...] = ()
    links: tuple[Link, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    membership: Membership = Membership()


_UNSOURCED_FIELDS = {"id", "slug", *(name for name, field in FIELDS.items() if not field.has_sources)}
# The fields that can have sources: all except those that the directory sets itself and those that are never published.
SOURCED_FIELDS = (
    *(field for field in Profile.__struct_fields__ if field not in _UNSOURCED_FIELDS),
    *("locations", "contacts", "parent", "relations"),
)


# ---------------------------------------------------------------- published records


class Address(Struct, frozen=True, gc=False):
    """The published part of an address. `state` and `county` are written as in an address ("GA", "Fulton County")."""

    country: str  # ISO 3166-1 alpha-2
    state: str | None = None
    county: str | None = None
    city: str | None = None
    postal_code: str | None = None
    street: str | None = None


class Location(Struct, frozen=True, gc=False):
    """A published place of an organization.

    `point` is the published point, never a private one. `regions` are the codes of all regions that contain the published
    area. `radius_km` is how far from the point the actual place may be.
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


class PublishedRecord(Struct, frozen=True, gc=False):
    """What snapshots need of a published record of any kind. Each kind declares these fields itself, as with StoredRecord."""

    if TYPE_CHECKING:

        @property
        def id(self) -> str: ...
        @property
        def slug(self) -> str: ...
        @property
        def name(self) -> str: ...
        @property
        def locations(self) -> tuple[Location, ...]: ...
        @property
        def updated_at(self) -> dt.datetime: ...

    else:
        locations = ()

    @property
    def points(self) -> list[Point]:
        """The published points, which may be empty."""
        return [location.point for location in self.locations if location.point is not None]


class Organization(Profile, PublishedRecord, frozen=True, gc=False, kw_only=True):
    """An organization as one audience sees it: `parent` and `relations` contain only ids of organizations that it sees.

    `updated_at` is when something that this audience sees last changed.
    """

    locations: tuple[Location, ...] = ()
    contacts: tuple[Contact, ...] = ()
    parent: str | None = None
    relations: tuple[Relation, ...] = ()
    sources: tuple[Source, ...] = ()
    updated_at: dt.datetime


# ---------------------------------------------------------------- stored records


class PrivatePlace(Struct, frozen=True, gc=False):
    """The private part of a location. It has its own table and can be erased from the history."""

    street: str | None = None
    point: Point | None = None


class StoredLocation(Struct, frozen=True, gc=False, kw_only=True):
    """A stored place of an organization.

    `disclosure` None means that no decision was made: the default of its issue areas applies, and an area that is too small is
    replaced by the next larger one (published_places.py). `known` is how precisely the place is known. `private` is set when
    saving. Loading leaves it None unless `disclosure` is EXACT, so that no later code can reveal it.
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
    """A contact and the audience that sees it. For a person the default is MEMBERS (drafts/draft_parts.py)."""

    audience: Audience = Audience.MEMBERS


class StoredRecord(Struct, frozen=True, gc=False):
    """What the store needs of a stored record of any kind. Each kind declares these fields itself, in the order of its JSON.

    `hidden_since`: when staff hid the record, None if it is not hidden. `hidden_until`: None means without an end.
    """

    if TYPE_CHECKING:  # a struct can extend only one struct with fields, and organizations extend Profile

        @property
        def id(self) -> str: ...
        @property
        def slug(self) -> str: ...
        @property
        def name(self) -> str: ...
        @property
        def audience(self) -> Audience: ...
        @property
        def hidden_since(self) -> dt.datetime | None: ...
        @property
        def hidden_until(self) -> dt.date | None: ...
        @property
        def issue_areas(self) -> tuple[str, ...]: ...
        @property
        def sites(self) -> tuple[StoredLocation, ...]: ...
        @property
        def contacts(self) -> tuple[StoredContact, ...]: ...
        @property
        def sources(self) -> tuple[Source, ...]: ...

    else:  # a kind without these fields has none of them
        issue_areas = sites = contacts = sources = ()

    @property
    def effective_audience(self) -> Audience:
        """The audience that sees the record: STAFF while it is hidden, else `audience`."""
        return Audience.STAFF if self.is_hidden else self.audience

    @property
    def is_hidden(self) -> bool:
        return self.hidden_since is not None


class RowMatch(Struct, frozen=True, gc=False):
    """A row of a list that refers to the record, or may do so, for later imports of the list. Never published.

    `origin` is the key of the dataset. `row_key` identifies the row: the list's own record number, or its name and town.
    `is_decided`: a person decided that the row refers to the record. Otherwise it is a possible duplicate until a person decides.
    """

    origin: str
    row_key: str
    is_decided: bool


class StoredOrganization(Profile, StoredRecord, frozen=True, gc=False, kw_only=True):
    """A stored organization, before publication. Only staff see `verification_method` and `row_matches`."""

    verification_method: VerificationMethod | None = None
    audience: Audience = Audience.PUBLIC
    hidden_since: dt.datetime | None = None
    hidden_until: dt.date | None = None
    sites: tuple[StoredLocation, ...] = ()
    contacts: tuple[StoredContact, ...] = ()
    parent: OrganizationId | None = None
    relations: tuple[Relation, ...] = ()
    sources: tuple[Source, ...] = ()
    row_matches: tuple[RowMatch, ...] = ()
