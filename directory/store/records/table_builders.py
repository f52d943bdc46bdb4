"""Build the tables of a kind of records: with a row for each record, and for each item of its lists."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.schema import SchemaItem

from directory.kinds import KINDS
from directory.kinds.kind import Kind, list_reference_fields
from directory.kinds.organization import ORGANIZATION
from directory.store.records.columns import build_columns, build_enum_checks
from directory.store.records.provenance import SourceGroup

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def build_deferred_reference(column: str, target: Kind = ORGANIZATION) -> ForeignKeyConstraint:
    """Build a reference to a record that is checked at commit, so that two new records can refer to each other."""
    return ForeignKeyConstraint([column], [f"{target.table}.id"], deferrable=True, initially="DEFERRED")


def build_references(struct: type[Struct]) -> Iterator[SchemaItem]:
    """Build the constraint and the index of each field that refers to a record."""
    for name, target in list_reference_fields(struct):
        yield build_deferred_reference(name, KINDS[target])
        yield Index(None, name)


def build_part_table(kind: Kind, name: str, struct: type[Struct], *more: SchemaItem) -> Table:
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
        *build_references(struct),
        *more,
        sqlite_with_rowid=False,
    )


def get_owner_key(table: Table) -> Column[Any]:
    """Return the column of a table of parts that holds the key of the record that they belong to."""
    return next(iter(table.primary_key.columns))


def build_main_table(kind: Kind, *more: SchemaItem, embedded: Mapping[str, type[Struct]] = MappingProxyType({})) -> Table:
    """Build the table with a row for each record of a kind. `embedded` is as in KindTables."""
    return Table(
        kind.table,
        metadata,
        Column("key", Integer, primary_key=True, autoincrement=False),
        *build_columns(kind.stored_type),
        *(column for name, struct in embedded.items() for column in build_columns(struct, f"{name}_")),
        Column("revision", BigInteger, nullable=False),  # that last changed it
        *build_enum_checks(kind.stored_type),
        *(check for name, struct in embedded.items() for check in build_enum_checks(struct, f"{name}_")),
        UniqueConstraint("id"),
        UniqueConstraint("slug"),
        *build_references(kind.stored_type),
        CheckConstraint("hidden_until IS NULL OR hidden_since IS NOT NULL", name="hidden_until_is_of_a_hidden_one"),
        Index(None, "hidden_until"),
        *more,
    )


def build_private_table(name: str, sites_table: str) -> Table:
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


def build_provenance_table(kind: Kind, name: str) -> Table:
    dataset = Column("dataset", Integer, ForeignKey("datasets.id"), nullable=False)
    return build_part_table(kind, name, SourceGroup, dataset, Index(None, "dataset"))
