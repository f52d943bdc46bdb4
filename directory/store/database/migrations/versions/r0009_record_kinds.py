"""Identify records by kind and id in the ledger and among the slugs, and add coalitions, events, instruments and provisions."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

AUDIENCES = ("PUBLIC", "MEMBERS", "STAFF")
KINDS = ("ORGANIZATION", "COALITION", "EVENT", "INSTRUMENT", "PROVISION")
DISCLOSURES = ("EXACT", "POSTAL_CODE", "CITY", "COUNTY", "STATE", "HIDDEN")
PRECISIONS = ("EXACT", "STREET", "POSTAL_CODE", "CITY", "COUNTY", "STATE", "UNKNOWN")
FEED_COLUMNS = ("public_seq", "members_seq", "staff_seq")
MOVED_TABLES = ("slugs", "slug_aliases", "merged", "seen", "changes", "change_private")  # each after those that it refers to
NEW_TABLES = (
    *("coalitions", "coalition_links", "coalition_members", "coalition_sources"),
    *("events", "event_links", "event_sites", "event_private_places", "event_hosts", "event_sources"),
    *("instruments", "instrument_sources", "provisions", "provision_sources"),
)


def upgrade() -> None:
    _copy_rows()
    _create_moved_tables("record_id", has_kind=True)
    kind = "CASE WHEN organization_id IS NULL THEN NULL ELSE 'ORGANIZATION' END"
    _restore_rows("organization_id", "record_id", record_kind=kind)
    _create_coalitions()
    _create_events()
    _create_instruments()


def downgrade() -> None:
    """Older tables cannot hold other kinds of records, and their history must not be lost."""
    others = sa.text("SELECT count(*) FROM changes WHERE record_kind <> 'ORGANIZATION'")
    if op.get_bind().execute(others).scalar():
        raise RuntimeError("The directory holds coalitions, events or instruments. An older version cannot hold their history.")
    for name in reversed(NEW_TABLES):
        op.drop_table(name)
    _copy_rows()
    _create_moved_tables("organization_id", has_kind=False)
    _restore_rows("record_id", "organization_id")


# ---------------------------------------------------------------- tables that identify records


def _copy_rows() -> None:
    """Move the rows to copies without constraints, so that both engines can build the tables again."""
    for name in reversed(MOVED_TABLES):
        op.execute(f"CREATE TABLE copy_of_{name} AS SELECT * FROM {name}")  # noqa: S608 - our own tables
        op.drop_table(name)


def _restore_rows(old_id: str, new_id: str, **more: str) -> None:
    """Fill the new tables from the copies. The values of `more` are SQL over the columns of the copies."""
    inspector = sa.inspect(op.get_bind())
    for name in MOVED_TABLES:
        columns = {column["name"]: column["name"] for column in inspector.get_columns(name)}
        sources = {column: old_id if column == new_id else more.get(column, column) for column in columns}
        op.execute(f"INSERT INTO {name} ({', '.join(sources)}) SELECT {', '.join(sources.values())} FROM copy_of_{name}")  # noqa: S608
        op.drop_table(f"copy_of_{name}")


def _create_moved_tables(identity: str, *, has_kind: bool) -> None:
    """Create the tables with this name of the column that identifies a record."""
    _create_slug_tables(identity, has_kind=has_kind)
    op.create_table(
        "merged",
        *_texts(identity),
        *_kind_column("merged", has_kind=has_kind),
        *_texts("survivor_id", "audience"),
        *_checks("merged", audience=AUDIENCES),
        sa.PrimaryKeyConstraint(identity, name="pk_merged"),
    )
    op.create_table(
        "seen",
        sa.Column("revision", sa.BigInteger, autoincrement=False, nullable=False),
        *_texts(identity, "audience"),
        *_kind_column("seen", has_kind=has_kind),
        sa.Column("seq", sa.BigInteger, nullable=False),
        *_texts("kind"),
        *_checks("seen", audience=AUDIENCES, kind=("ADDED", "CHANGED", "REMOVED")),
        sa.PrimaryKeyConstraint("revision", identity, "audience", name="pk_seen"),
        sa.UniqueConstraint("audience", "seq", name="uq_seen_audience_seq"),
    )
    _create_changes(identity, has_kind=has_kind)


def _create_slug_tables(identity: str, *, has_kind: bool) -> None:
    kind_key = ("record_kind",) if has_kind else ()
    for name, key in (("slugs", ("slug",)), ("slug_aliases", ("slug", identity))):
        op.create_table(
            name,
            *_kind_column(name, has_kind=has_kind),
            *_texts("slug", identity, "audience"),
            *_checks(name, audience=AUDIENCES),
            sa.PrimaryKeyConstraint(*kind_key, *key, name=f"pk_{name}"),
        )
        op.create_index(f"ix_{name}_{identity}", name, [identity])


def _create_changes(identity: str, *, has_kind: bool) -> None:
    key = ("revision", "position")
    op.create_table(
        "changes",
        sa.Column("revision", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        *_kind_column("changes", has_kind=has_kind, nullable=True),
        *_optional_texts(identity),
        *_texts("kind"),
        *_optional_texts("merged_into"),
        sa.Column("after_digest", sa.LargeBinary),
        *(sa.Column(name, sa.BigInteger) for name in FEED_COLUMNS),
        *_optional_texts("before"),
        *_checks("changes", kind=("CREATED", "CHANGED", "REMOVED", "ERASED", "NETWORK")),
        sa.ForeignKeyConstraint(["revision"], ["revisions.revision"], name="fk_changes_revision"),
        sa.PrimaryKeyConstraint(*key, name="pk_changes"),
        sa.UniqueConstraint(identity, "revision", name=f"uq_changes_{identity}_revision"),
    )
    kind_column = ("record_kind",) if has_kind else ()
    op.create_index("ix_changes_feed", "changes", [identity, "revision", "kind", *kind_column, *FEED_COLUMNS])
    op.create_table(
        "change_private",
        sa.Column("revision", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        *_texts("before"),
        sa.ForeignKeyConstraint(key, [f"changes.{name}" for name in key], name="fk_change_private_revision_position"),
        sa.PrimaryKeyConstraint(*key, name="pk_change_private"),
    )


# ---------------------------------------------------------------- new kinds


def _create_coalitions() -> None:
    _create_main_table(
        "coalitions",
        *_texts("kind"),
        *_optional_texts("summary"),
        *_dates("started_on", "ended_on"),
        *_optional_texts("website"),
        *_texts("issue_areas", "regions"),
        *_publication_columns(),
        *_optional_texts("parent"),
        *_checks("coalitions", kind=("CAMPAIGN", "TASK_FORCE", "WORKING_GROUP", "ALLIANCE")),
        _refers_later("coalitions", "parent", "coalitions"),
    )
    op.create_index("ix_coalitions_parent", "coalitions", ["parent"])
    _create_part_table("coalition_links", "coalitions", *_texts("kind", "url"))
    _create_part_table(
        "coalition_members",
        "coalitions",
        *_texts("organization"),
        *_optional_texts("role"),
        *_dates("since", "until"),
        *_optional_texts("note"),
        _refers_later("coalition_members", "organization", "organizations"),
    )
    op.create_index("ix_coalition_members_organization", "coalition_members", ["organization"])
    _create_sources("coalition_sources", "coalitions")


def _create_events() -> None:
    _create_main_table(
        "events",
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True)),
        *(sa.Column(name, sa.Boolean, nullable=False) for name in ("is_all_day", "is_cancelled")),
        *_optional_texts("time_zone", "time_as_stated", "summary", "registration_url"),
        *_texts("issue_areas"),
        *_optional_texts("online_url"),
        *_texts("online_audience"),
        *_publication_columns(),
        *_optional_texts("coalition"),
        *_checks("events", online_audience=AUDIENCES),
        _refers_later("events", "coalition", "coalitions"),
    )
    op.create_index("ix_events_coalition", "events", ["coalition"])
    _create_part_table("event_links", "events", *_texts("kind", "url"))
    _create_event_places()
    _create_part_table(
        "event_hosts",
        "events",
        *_optional_texts("organization", "actor"),
        _refers_later("event_hosts", "organization", "organizations"),
    )
    op.create_index("ix_event_hosts_organization", "event_hosts", ["organization"])
    _create_sources("event_sources", "events")


def _create_event_places() -> None:
    _create_part_table(
        "event_sites",
        "events",
        *_texts("id"),
        *_optional_texts("name"),
        *_texts("country"),
        *_optional_texts("state", "county", "city", "postal_code", "disclosure"),
        *_texts("known"),
        sa.Column("is_primary", sa.Boolean, nullable=False),
        *_checks("event_sites", disclosure=DISCLOSURES, known=PRECISIONS),
        sa.UniqueConstraint("id", name="uq_event_sites_id"),
    )
    name = "event_private_places"
    op.create_table(
        name,
        *_texts("site_id"),
        *_optional_texts("street"),
        *(sa.Column(column, sa.Double) for column in ("latitude", "longitude")),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name=op.f(f"ck_{name}_whole_point")),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f(f"ck_{name}_latitude_on_earth")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f(f"ck_{name}_longitude_on_earth")),
        sa.ForeignKeyConstraint(["site_id"], ["event_sites.id"], name=f"fk_{name}_site_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", name=f"pk_{name}"),
    )


def _create_instruments() -> None:
    _create_main_table(
        "instruments",
        *_optional_texts("name_es"),
        *_texts("kind"),
        *_optional_texts("acronym"),
        *_dates("adopted_on"),
        *_optional_texts("url", "summary"),
        *_texts("issue_areas"),
        *_publication_columns(),
        *_checks("instruments", kind=("DECLARATION", "TREATY", "REVIEW")),
    )
    _create_sources("instrument_sources", "instruments")
    _create_main_table(
        "provisions",
        *_optional_texts("name_es"),
        *_texts("number"),
        *_optional_texts("summary", "cycle", "recommending_state", "response"),
        *_texts("issue_areas", "instrument"),
        *_publication_columns(),
        _refers_later("provisions", "instrument", "instruments"),
        sa.UniqueConstraint("instrument", "cycle", "number", name="uq_provisions_instrument_cycle_number"),
    )
    op.create_index("ix_provisions_instrument", "provisions", ["instrument"])
    _create_sources("provision_sources", "provisions")


def _create_main_table(table: str, *columns: Any) -> None:
    op.create_table(
        table,
        sa.Column("key", sa.Integer, autoincrement=False, nullable=False),
        *_texts("id", "slug", "name"),
        *columns,
        sa.Column("revision", sa.BigInteger, nullable=False),
        *_checks(table, audience=AUDIENCES),
        sa.CheckConstraint(
            "hidden_until IS NULL OR hidden_since IS NOT NULL", name=op.f(f"ck_{table}_hidden_until_is_of_a_hidden_one")
        ),
        sa.PrimaryKeyConstraint("key", name=f"pk_{table}"),
        sa.UniqueConstraint("id", name=f"uq_{table}_id"),
        sa.UniqueConstraint("slug", name=f"uq_{table}_slug"),
    )
    op.create_index(f"ix_{table}_hidden_until", table, ["hidden_until"])


def _create_part_table(table: str, owners: str, *columns: Any) -> None:
    owner_key = f"{owners.removesuffix('s')}_key"
    op.create_table(
        table,
        sa.Column(owner_key, sa.Integer, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        *columns,
        sa.ForeignKeyConstraint([owner_key], [f"{owners}.key"], name=f"fk_{table}_{owner_key}", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint(owner_key, "position", name=f"pk_{table}"),
        sqlite_with_rowid=False,
    )


def _create_sources(table: str, owners: str) -> None:
    _create_part_table(
        table,
        owners,
        sa.Column("row", sa.Integer),
        sa.Column("date", sa.Date),
        *_texts("tells", "fields"),
        sa.Column("dataset", sa.Integer, nullable=False),
        *_checks(table, tells=DISCLOSURES),
        sa.ForeignKeyConstraint(["dataset"], ["datasets.id"], name=f"fk_{table}_dataset"),
    )
    op.create_index(f"ix_{table}_dataset", table, ["dataset"])


def _publication_columns() -> list[sa.Column[Any]]:
    return [*_texts("audience"), sa.Column("hidden_since", sa.DateTime(timezone=True)), *_dates("hidden_until")]


def _kind_column(table: str, *, has_kind: bool, nullable: bool = False) -> list[Any]:
    if not has_kind:
        return []
    return [sa.Column("record_kind", sa.Text, nullable=nullable), *_checks(table, record_kind=KINDS)]


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _optional_texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text) for name in names]


def _dates(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Date) for name in names]


def _checks(table: str, **values: tuple[str, ...]) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(f"{column} IN ({', '.join(map(repr, known))})", name=op.f(f"ck_{table}_{column}_known"))
        for column, known in values.items()
    ]


def _refers_later(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, deferrable=True, initially="DEFERRED")
