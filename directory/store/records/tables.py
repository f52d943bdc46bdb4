"""The tables, plain enough for a person to query.

Columns have the names of the fields they store. `organization_key` is for joins inside the database; elsewhere an organization is
identified by its `id`. `position` is the index of a value in its field.
"""

from typing import Any

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    case,
)
from sqlalchemy.schema import SchemaItem

from directory.publish import ChangeKind
from directory.records import (
    Audience,
    Identifier,
    Link,
    Membership,
    OrganizationName,
    Relation,
    StoredContact,
    StoredLocation,
    StoredOrganization,
)
from directory.store.ledger.edits import LedgerKind
from directory.store.records.columns import UtcDateTime, build_columns, build_enum_check, build_enum_checks
from directory.store.records.provenance import Dataset, SourceGroup

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _build_deferred_reference(column: str) -> ForeignKeyConstraint:
    """Build a reference to an organization that is checked at commit, so that two new organizations can refer to each other."""
    return ForeignKeyConstraint([column], ["organizations.id"], deferrable=True, initially="DEFERRED")


def _build_owner_columns() -> list[Column[Any]]:
    reference = ForeignKey("organizations.key", ondelete="CASCADE")
    return [
        Column("organization_key", Integer, reference, primary_key=True, autoincrement=False),
        Column("position", Integer, primary_key=True, autoincrement=False),
    ]


def _build_part_table(name: str, struct: type[Struct], *more: SchemaItem) -> Table:
    """Build the table of a field that holds a list of structs."""
    return Table(
        name,
        metadata,
        *_build_owner_columns(),
        *build_columns(struct),
        *build_enum_checks(struct),
        *more,
        sqlite_with_rowid=False,
    )


slugs = Table(  # every slug ever assigned, with the organization that has it or had it last, except those of public records now
    "slugs",
    metadata,
    Column("slug", Text, primary_key=True),
    Column("organization_id", Text, nullable=False),
    Column("audience", Text, nullable=False),  # the widest that ever saw the organization under it
    build_enum_check("audience", Audience),
    Index(None, "organization_id"),
)

slug_aliases = Table(  # slugs that also lead to an organization, for audiences that see no other under them
    "slug_aliases",
    metadata,
    Column("slug", Text, primary_key=True),
    Column("organization_id", Text, primary_key=True),
    Column("audience", Text, nullable=False),
    build_enum_check("audience", Audience),
    Index(None, "organization_id"),
)

organizations = Table(
    "organizations",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=False),
    *build_columns(StoredOrganization),
    *build_columns(Membership, "membership_"),
    Column("revision", BigInteger, nullable=False),  # that last changed it
    *build_enum_checks(StoredOrganization),
    *build_enum_checks(Membership, "membership_"),
    UniqueConstraint("id"),
    UniqueConstraint("slug"),
    _build_deferred_reference("parent"),
    CheckConstraint("parent <> id", name="parent_is_another"),
    CheckConstraint("founded BETWEEN 1 AND 9999", name="founded_is_a_year"),
    CheckConstraint("hidden_until IS NULL OR hidden_since IS NOT NULL", name="hidden_until_is_of_a_hidden_one"),
    Index(None, "parent"),
    Index(None, "hidden_until"),
)

EFFECTIVE_AUDIENCE = case(
    (organizations.c.hidden_since.is_not(None), Audience.STAFF.value), else_=organizations.c.audience
)  # as StoredOrganization.effective_audience

organization_names = _build_part_table("organization_names", OrganizationName)
links = _build_part_table("links", Link)
identifiers = _build_part_table("identifiers", Identifier, UniqueConstraint("scheme", "value"))
contacts = _build_part_table("contacts", StoredContact)
sites = _build_part_table("sites", StoredLocation, UniqueConstraint("id"))
relations = _build_part_table(
    "relations",
    Relation,
    _build_deferred_reference("organization"),
    CheckConstraint("(organization IS NULL) <> (actor IS NULL)", name="organization_or_actor"),
    Index(None, "organization"),
)

datasets = Table(  # shared by all records that have a source from the dataset
    "datasets",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    *build_columns(Dataset),
    Index(None, "title"),
)

provenance = _build_part_table(
    "provenance",
    SourceGroup,
    Column("dataset", Integer, ForeignKey("datasets.id"), nullable=False),
    Index(None, "dataset"),
)

private_places = Table(  # not in `sites`, so that a query of locations never returns a street
    "private_places",
    metadata,
    Column("site_id", Text, ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True),
    Column("street", Text),
    Column("latitude", Double),
    Column("longitude", Double),
    CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_point"),
    CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_on_earth"),
    CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_on_earth"),
)

merged_organizations = Table(  # duplicates that were removed; their slugs lead to the survivor
    "merged",
    metadata,
    Column("organization_id", Text, primary_key=True),
    Column("survivor_id", Text, nullable=False),  # may have been merged itself since
    Column("audience", Text, nullable=False),  # of the record when it was merged; others are not led on
    build_enum_check("audience", Audience),
)

# ---------------------------------------------------------------- the ledger

revisions = Table(  # who made each revision, when and why
    "revisions",
    metadata,
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

FEED_COLUMNS = {audience: f"{audience.value.lower()}_seq" for audience in Audience}  # of `changes`

changes = Table(  # the state after a change is the `before` of the organization's next one, or what the tables hold now
    "changes",
    metadata,
    Column("revision", BigInteger, ForeignKey("revisions.revision"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("organization_id", Text),  # null for a change of the network
    Column("kind", Text, nullable=False),
    Column("merged_into", Text),  # REMOVED: the survivor's id; CREATED: the id it was merged into until then
    Column("after_digest", LargeBinary),  # see ledger/state_digest.py; null if there is no organization after the change
    # the change's number in the feed of each audience that sees it as what it is: a removal as REMOVED, for example
    *(Column(name, BigInteger) for name in FEED_COLUMNS.values()),
    Column("before", Text),  # JSON of a StoredOrganization without its private parts, or of a Network; last, because it is long
    UniqueConstraint("organization_id", "revision"),
    Index("ix_changes_feed", "organization_id", "revision", "kind", *FEED_COLUMNS.values()),  # the feed is read without `before`
    build_enum_check("kind", LedgerKind),
)

change_private = Table(  # JSON of change_log.PrivateParts, which `erase` deletes
    "change_private",
    metadata,
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("before", Text, nullable=False),
    ForeignKeyConstraint(["revision", "position"], ["changes.revision", "changes.position"]),
)

feed_exceptions = Table(  # what an audience saw change that `changes` does not have as a change of that kind
    "seen",
    metadata,
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("organization_id", Text, primary_key=True),
    Column("audience", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    UniqueConstraint("audience", "seq"),
    build_enum_check("audience", Audience),
    build_enum_check("kind", ChangeKind),
)

CHANGE_COUNT_COLUMNS = {audience: f"seen_{audience.value.lower()}" for audience in Audience}  # of `head`

head = Table(  # one row; a write updates it first, so that commits are in the order of revisions
    "head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", BigInteger, nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in CHANGE_COUNT_COLUMNS.values()),
    Column("key", LargeBinary, nullable=False),
    Column("network_id", Text),
    Column("fictional", Boolean, nullable=False),
    _build_deferred_reference("network_id"),
    CheckConstraint("id = 1", name="one_row"),
)

PART_TABLES: dict[str, tuple[Table, type[Struct]]] = {  # by field of StoredOrganization
    "names": (organization_names, OrganizationName),
    "links": (links, Link),
    "identifiers": (identifiers, Identifier),
    "sites": (sites, StoredLocation),
    "contacts": (contacts, StoredContact),
    "relations": (relations, Relation),
    "sources": (provenance, SourceGroup),
}
