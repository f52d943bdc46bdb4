"""The tables, plain enough for a person to query.

Columns have the names of the fields they store. `organization_key` is for joins inside the database; elsewhere an organization is
identified by its `id`. `position` is the index of a value in its field. The tables of other kinds of records are built in the
same way, with the kind before the names of their parts (`coalition_links`, `coalition_key`).
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
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

from directory.kinds import KINDS
from directory.kinds.kind import Kind, list_part_types, list_reference_fields
from directory.kinds.organization import ORGANIZATION
from directory.publish import ChangeKind
from directory.records import (
    Audience,
    Identifier,
    Link,
    Membership,
    OrganizationName,
    RecordKind,
    Relation,
    StoredContact,
    StoredLocation,
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


def _build_deferred_reference(column: str, target: Kind = ORGANIZATION) -> ForeignKeyConstraint:
    """Build a reference to a record that is checked at commit, so that two new records can refer to each other."""
    return ForeignKeyConstraint([column], [f"{target.table}.id"], deferrable=True, initially="DEFERRED")


def _build_references(struct: type[Struct]) -> Iterator[SchemaItem]:
    """Build the constraint and the index of each field that refers to a record."""
    for name, target in list_reference_fields(struct):
        yield _build_deferred_reference(name, KINDS[target])
        yield Index(None, name)


def _build_part_table(kind: Kind, name: str, struct: type[Struct], *more: SchemaItem) -> Table:
    """Build the table of a field that holds a list of structs. It belongs to the records of a kind."""
    owner = f"{kind.noun}_key"
    reference = ForeignKey(f"{kind.table}.key", ondelete="CASCADE")
    return Table(
        name,
        metadata,
        Column(owner, Integer, reference, primary_key=True, autoincrement=False),
        Column("position", Integer, primary_key=True, autoincrement=False),
        *build_columns(struct),
        *build_enum_checks(struct),
        *_build_references(struct),
        *more,
        sqlite_with_rowid=False,
    )


def get_owner_key(table: Table) -> Column[Any]:
    """Return the column of a table of parts that holds the key of the record that they belong to."""
    return next(iter(table.primary_key.columns))


def _build_main_table(kind: Kind, *more: SchemaItem, embedded: Mapping[str, type[Struct]] = MappingProxyType({})) -> Table:
    """Build the table with a row for each record of a kind. `embedded` is as in KindTables."""
    return Table(
        kind.table,
        metadata,
        Column("key", Integer, primary_key=True, autoincrement=False),
        *build_columns(kind.stored),
        *(column for name, struct in embedded.items() for column in build_columns(struct, f"{name}_")),
        Column("revision", BigInteger, nullable=False),  # that last changed it
        *build_enum_checks(kind.stored),
        *(check for name, struct in embedded.items() for check in build_enum_checks(struct, f"{name}_")),
        UniqueConstraint("id"),
        UniqueConstraint("slug"),
        *_build_references(kind.stored),
        CheckConstraint("hidden_until IS NULL OR hidden_since IS NOT NULL", name="hidden_until_is_of_a_hidden_one"),
        Index(None, "hidden_until"),
        *more,
    )


def _build_private_table(name: str, sites_table: str) -> Table:
    """Build the table of private places. They are not in that of locations, so that a query of it never returns a street."""
    return Table(
        name,
        metadata,
        Column("site_id", Text, ForeignKey(f"{sites_table}.id", ondelete="CASCADE"), primary_key=True),
        Column("street", Text),
        Column("latitude", Double),
        Column("longitude", Double),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_point"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_on_earth"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_on_earth"),
    )


_RECORD_KIND = "record_kind"
_EMBEDDED_IN_ORGANIZATION: Mapping[str, type[Struct]] = {"membership": Membership}


slugs = Table(  # every slug ever assigned, with the record that has it or had it last, except those of public records now
    "slugs",
    metadata,
    Column(_RECORD_KIND, Text, primary_key=True),
    Column("slug", Text, primary_key=True),
    Column("record_id", Text, nullable=False),
    Column("audience", Text, nullable=False),  # the widest that ever saw the record under it
    build_enum_check(_RECORD_KIND, RecordKind),
    build_enum_check("audience", Audience),
    Index(None, "record_id"),
)

slug_aliases = Table(  # slugs that also lead to a record, for audiences that see no other under them
    "slug_aliases",
    metadata,
    Column(_RECORD_KIND, Text, primary_key=True),
    Column("slug", Text, primary_key=True),
    Column("record_id", Text, primary_key=True),
    Column("audience", Text, nullable=False),
    build_enum_check(_RECORD_KIND, RecordKind),
    build_enum_check("audience", Audience),
    Index(None, "record_id"),
)

organizations = _build_main_table(
    ORGANIZATION,
    CheckConstraint("parent <> id", name="parent_is_another"),
    CheckConstraint("founded BETWEEN 1 AND 9999", name="founded_is_a_year"),
    embedded=_EMBEDDED_IN_ORGANIZATION,
)

organization_names = _build_part_table(ORGANIZATION, "organization_names", OrganizationName)
links = _build_part_table(ORGANIZATION, "links", Link)
identifiers = _build_part_table(ORGANIZATION, "identifiers", Identifier, UniqueConstraint("scheme", "value"))
contacts = _build_part_table(ORGANIZATION, "contacts", StoredContact)
sites = _build_part_table(ORGANIZATION, "sites", StoredLocation, UniqueConstraint("id"))
relations = _build_part_table(
    ORGANIZATION,
    "relations",
    Relation,
    CheckConstraint("(organization IS NULL) <> (actor IS NULL)", name="organization_or_actor"),
)

datasets = Table(  # shared by all records that have a source from the dataset
    "datasets",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    *build_columns(Dataset),
    Index(None, "title"),
)


def _build_provenance_table(kind: Kind, name: str) -> Table:
    dataset = Column("dataset", Integer, ForeignKey("datasets.id"), nullable=False)
    return _build_part_table(kind, name, SourceGroup, dataset, Index(None, "dataset"))


provenance = _build_provenance_table(ORGANIZATION, "provenance")

private_places = _build_private_table("private_places", "sites")

merged_records = Table(  # duplicates that were removed; their slugs lead to the survivor
    "merged",
    metadata,
    Column("record_id", Text, primary_key=True),
    Column(_RECORD_KIND, Text, nullable=False),
    Column("survivor_id", Text, nullable=False),  # may have been merged itself since
    Column("audience", Text, nullable=False),  # of the record when it was merged; others are not led on
    build_enum_check(_RECORD_KIND, RecordKind),
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
    Column(_RECORD_KIND, Text),  # null for a change of the network, like the id
    Column("record_id", Text),
    Column("kind", Text, nullable=False),
    Column("merged_into", Text),  # REMOVED: the survivor's id; CREATED: the id it was merged into until then
    Column("after_digest", LargeBinary),  # see ledger/state_digest.py; null if there is no record after the change
    # the change's number in the feed of each audience that sees it as what it is: a removal as REMOVED, for example
    *(Column(name, BigInteger) for name in FEED_COLUMNS.values()),
    Column("before", Text),  # JSON of a stored record without its private parts, or of a Network; last, because it is long
    UniqueConstraint("record_id", "revision"),
    # the feed is read without `before`
    Index("ix_changes_feed", "record_id", "revision", "kind", _RECORD_KIND, *FEED_COLUMNS.values()),
    build_enum_check("kind", LedgerKind),
    build_enum_check(_RECORD_KIND, RecordKind),
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
    Column("record_id", Text, primary_key=True),
    Column("audience", Text, primary_key=True),
    Column(_RECORD_KIND, Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    UniqueConstraint("audience", "seq"),
    build_enum_check(_RECORD_KIND, RecordKind),
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

# ---------------------------------------------------------------- the tables of each kind


class KindTables(Struct, frozen=True):
    """The tables of a kind: one with a row for each record, and one for each list of structs, by field.

    `embedded` are structs that are columns of the main table: "membership" in columns that start with "membership_".
    `private_places` is None for a kind that has no places.
    """

    kind: Kind
    main: Table
    parts: dict[str, tuple[Table, type[Struct]]]
    private_places: Table | None = None
    embedded: Mapping[str, type[Struct]] = {}

    @property
    def effective_audience(self) -> ColumnElement[str]:
        """As StoredRecord.effective_audience."""
        return case((self.main.c.hidden_since.is_not(None), Audience.STAFF.value), else_=self.main.c.audience)


def _build_kind_tables(kind: Kind) -> KindTables:
    """Build the tables of a kind from the fields of its stored struct."""
    main = _build_main_table(kind, *(UniqueConstraint(*unique.fields) for unique in kind.unique))
    parts: dict[str, tuple[Table, type[Struct]]] = {}
    for field, struct in list_part_types(kind.stored):
        name = f"{kind.noun}_{field}"
        if field == "sources":
            parts[field] = _build_provenance_table(kind, name), SourceGroup
        else:
            more = (UniqueConstraint("id"),) if field == "sites" else ()
            parts[field] = _build_part_table(kind, name, struct, *more), struct
    private = _build_private_table(f"{kind.noun}_private_places", f"{kind.noun}_sites") if "sites" in parts else None
    return KindTables(kind, main, parts, private)


ORGANIZATION_TABLES = KindTables(
    ORGANIZATION,
    organizations,
    {
        "names": (organization_names, OrganizationName),
        "links": (links, Link),
        "identifiers": (identifiers, Identifier),
        "sites": (sites, StoredLocation),
        "contacts": (contacts, StoredContact),
        "relations": (relations, Relation),
        "sources": (provenance, SourceGroup),
    },
    private_places,
    _EMBEDDED_IN_ORGANIZATION,
)
TABLES: Mapping[RecordKind, KindTables] = {
    RecordKind.ORGANIZATION: ORGANIZATION_TABLES,
    **{name: _build_kind_tables(kind) for name, kind in KINDS.items() if kind is not ORGANIZATION},
}
