"""The tables, plain enough for a person to query.

Columns have the names of the fields they store. `organization_key` is for joins inside the database; elsewhere an organization is
identified by its `id`. `position` is the index of a value in its field. The tables of other kinds of records are built in the
same way, with the kind before the names of their parts (`coalition_links`, `coalition_key`).
"""

from collections.abc import Mapping

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    case,
)

from directory.kinds import KINDS
from directory.kinds.kind import Kind, list_part_types
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
    RowMatch,
    StoredContact,
    StoredLocation,
)
from directory.store.ledger.edits import LedgerKind
from directory.store.records.columns import UtcDateTime, build_columns, build_enum_check
from directory.store.records.provenance import Dataset, SourceGroup
from directory.store.records.table_builders import (
    build_deferred_reference,
    build_main_table,
    build_part_table,
    build_private_table,
    build_provenance_table,
)
from directory.store.records.table_builders import get_owner_key as get_owner_key
from directory.store.records.table_builders import metadata as metadata

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

organizations = build_main_table(
    ORGANIZATION,
    CheckConstraint("parent <> id", name="parent_is_another"),
    CheckConstraint("founded BETWEEN 1 AND 9999", name="founded_is_a_year"),
    embedded=_EMBEDDED_IN_ORGANIZATION,
)

organization_names = build_part_table(ORGANIZATION, "organization_names", OrganizationName)
links = build_part_table(ORGANIZATION, "links", Link)
identifiers = build_part_table(ORGANIZATION, "identifiers", Identifier, UniqueConstraint("scheme", "value"))
contacts = build_part_table(ORGANIZATION, "contacts", StoredContact)
sites = build_part_table(ORGANIZATION, "sites", StoredLocation, UniqueConstraint("id"))
relations = build_part_table(
    ORGANIZATION,
    "relations",
    Relation,
    CheckConstraint("(organization IS NULL) <> (actor IS NULL)", name="organization_or_actor"),
)

row_matches = build_part_table(ORGANIZATION, "row_matches", RowMatch)

datasets = Table(  # shared by all records that have a source from the dataset
    "datasets",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    *build_columns(Dataset),
    Index(None, "title"),
)

provenance = build_provenance_table(ORGANIZATION, "provenance")

private_places = build_private_table("private_places", "sites")

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

viewed_places = Table(  # the records whose private streets somebody looked at; the revision says who, when and why
    "viewed_places",
    metadata,
    Column("revision", BigInteger, ForeignKey("revisions.revision"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column(_RECORD_KIND, Text, nullable=False),
    Column("record_id", Text, nullable=False),
    build_enum_check(_RECORD_KIND, RecordKind),
    Index(None, "record_id"),
    sqlite_with_rowid=False,
)

removal_decisions = Table(  # rows of lists about a removed record that is to stay removed; the last decision about a row counts
    "removal_decisions",
    metadata,
    *(Column(name, Text, primary_key=True) for name in ("origin", "row_key")),
    Column("revision", BigInteger, ForeignKey("revisions.revision"), primary_key=True, autoincrement=False),
    Column("record_id", Text, nullable=False),
    sqlite_with_rowid=False,
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
    build_deferred_reference("network_id"),
    CheckConstraint("id = 1", name="one_row"),
)

# ---------------------------------------------------------------- the tables of each kind


class KindTables(Struct, frozen=True):
    """The tables of a kind: one with a row for each record, and one for each list of structs, by field.

    `embedded_structs` are columns of the main table: "membership" in columns that start with "membership_".
    `private_places` is None for a kind that has no places.
    """

    kind: Kind
    main: Table
    parts: dict[str, tuple[Table, type[Struct]]]
    private_places: Table | None = None
    embedded_structs: Mapping[str, type[Struct]] = {}

    @property
    def effective_audience(self) -> ColumnElement[str]:
        """As StoredRecord.effective_audience."""
        return case((self.main.c.hidden_since.is_not(None), Audience.STAFF.value), else_=self.main.c.audience)


def _build_kind_tables(kind: Kind) -> KindTables:
    """Build the tables of a kind from the fields of its stored struct."""
    main = build_main_table(kind, *(UniqueConstraint(*unique.fields) for unique in kind.unique))
    parts: dict[str, tuple[Table, type[Struct]]] = {}
    for field, struct in list_part_types(kind.stored_type):
        name = f"{kind.noun}_{field}"
        if field == "sources":
            parts[field] = build_provenance_table(kind, name), SourceGroup
        else:
            more = (UniqueConstraint("id"),) if field == "sites" else ()
            parts[field] = build_part_table(kind, name, struct, *more), struct
    private = build_private_table(f"{kind.noun}_private_places", f"{kind.noun}_sites") if "sites" in parts else None
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
        "row_matches": (row_matches, RowMatch),
    },
    private_places,
    _EMBEDDED_IN_ORGANIZATION,
)
TABLES: Mapping[RecordKind, KindTables] = {
    RecordKind.ORGANIZATION: ORGANIZATION_TABLES,
    **{name: _build_kind_tables(kind) for name, kind in KINDS.items() if kind is not ORGANIZATION},
}
