"""Create all tables: organizations and their parts, the ledger and the head."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

AUDIENCES = "PUBLIC MEMBERS STAFF"
KINDS = (
    "GRASSROOTS_GROUP COLLECTIVE WORKER_CENTER LEGAL_ORGANIZATION SERVICE_PROVIDER ADVOCACY_ORGANIZATION NATIONAL_ORGANIZATION "
    "NETWORK CAMPAIGN FAITH_ORGANIZATION UNION RESEARCH ARTS FUNDER PUBLIC_BODY OTHER"
)
NAME_KINDS = "LEGAL ACRONYM SHORT FORMER TRANSLATED ALSO_KNOWN_AS"
STATUSES = "ACTIVE PROSPECT LAPSED NONE"
RELATION_KINDS = "BRANCH_OF SUCCESSOR_OF FISCAL_SPONSOR SISTER PARTNER FUNDER HOST"
DISCLOSURES = "EXACT POSTAL_CODE CITY COUNTY STATE HIDDEN"
PRECISIONS = "EXACT STREET POSTAL_CODE CITY COUNTY STATE UNKNOWN"
FACETS = "languages issue_areas communities work_areas"
TABLES = (
    "slugs organizations organization_names links identifiers terms service_areas sites private_places contacts relations "
    "sources changes change_private seen head"
)


def upgrade() -> None:
    _organizations()
    _names_and_numbers()
    _terms_and_areas()
    _sites()
    _people_and_relations()
    _ledger()
    _head()


def downgrade() -> None:
    for table in reversed(TABLES.split()):
        op.drop_table(table)


def _organizations() -> None:
    op.create_table(
        "slugs",
        sa.Column("slug", sa.Text, nullable=False),
        *_required_columns(sa.Text, "organization_id", "audience"),
        _one_of("slugs", "audience", AUDIENCES),
        sa.PrimaryKeyConstraint("slug", name="pk_slugs"),
    )
    op.create_index("ix_slugs_organization_id", "slugs", ["organization_id"])
    op.create_table(
        "organizations",
        sa.Column("key", sa.Integer, autoincrement=False, nullable=False),
        *_required_columns(sa.Text, "id", "slug", "name", "kind"),
        *_optional(sa.Text, "summary", "description"),
        sa.Column("founded", sa.Integer),
        sa.Column("website", sa.Text),
        sa.Column("verified_at", sa.DateTime(timezone=True)),
        *_required_columns(sa.Text, "audience"),
        *_optional(sa.Text, "parent"),
        *_required_columns(sa.Text, "membership_status"),
        *_optional(sa.Date, "membership_joined_on", "membership_ended_on"),
        *_required_columns(sa.BigInteger, "revision"),
        _one_of("organizations", "audience", AUDIENCES),
        _one_of("organizations", "kind", KINDS),
        _one_of("organizations", "membership_status", STATUSES),
        sa.CheckConstraint("founded BETWEEN 1 AND 9999", name=op.f("ck_organizations_founded_is_a_year")),
        sa.CheckConstraint("parent <> id", name=op.f("ck_organizations_parent_is_another")),
        _refers_later("organizations", "parent"),
        sa.ForeignKeyConstraint(["slug"], ["slugs.slug"], name="fk_organizations_slug"),
        sa.PrimaryKeyConstraint("key", name="pk_organizations"),
        sa.UniqueConstraint("id", name="uq_organizations_id"),
        sa.UniqueConstraint("slug", name="uq_organizations_slug"),
    )
    op.create_index("ix_organizations_parent", "organizations", ["parent"])


def _names_and_numbers() -> None:
    _create_list_table(
        "organization_names",
        *_required_columns(sa.Text, "name", "kind"),
        *_optional(sa.Text, "language"),
        _one_of("organization_names", "kind", NAME_KINDS),
    )
    _create_list_table("links", *_required_columns(sa.Text, "kind", "url"))
    _create_list_table(
        "identifiers",
        *_required_columns(sa.Text, "scheme", "value"),
        sa.UniqueConstraint("scheme", "value", name="uq_identifiers_scheme_value"),
    )


def _terms_and_areas() -> None:
    op.create_table(
        "terms",
        sa.Column("organization_key", sa.Integer, autoincrement=False, nullable=False),
        *_required_columns(sa.Text, "facet"),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        *_required_columns(sa.Text, "slug"),
        _one_of("terms", "facet", FACETS),
        _belongs("terms"),
        sa.PrimaryKeyConstraint("organization_key", "facet", "position", name="pk_terms"),
        sa.UniqueConstraint("organization_key", "facet", "slug", name="uq_terms_organization_key_facet_slug"),
        sqlite_with_rowid=False,
    )
    _create_list_table(
        "service_areas",
        *_required_columns(sa.Text, "region"),
        sa.UniqueConstraint("organization_key", "region", name="uq_service_areas_organization_key_region"),
    )


def _sites() -> None:
    _create_list_table(
        "sites",
        *_required_columns(sa.Text, "id"),
        *_optional(sa.Text, "name"),
        *_required_columns(sa.Text, "country"),
        *_optional(sa.Text, "state", "county", "city", "postal_code", "disclosure"),
        *_required_columns(sa.Text, "known"),
        *_required_columns(sa.Boolean, "is_primary"),
        _one_of("sites", "disclosure", DISCLOSURES),
        _one_of("sites", "known", PRECISIONS),
        sa.UniqueConstraint("id", name="uq_sites_id"),
    )
    op.create_table(
        "private_places",
        *_required_columns(sa.Text, "site_id"),
        *_optional(sa.Text, "street"),
        *_optional(sa.Double, "latitude", "longitude"),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_private_places_whole_point")),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_private_places_latitude_on_earth")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_private_places_longitude_on_earth")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_private_places_site_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", name="pk_private_places"),
    )


def _people_and_relations() -> None:
    _create_list_table(
        "contacts",
        *_optional(sa.Text, "role", "name", "email", "phone", "phone_extension"),
        *_required_columns(sa.Text, "audience", "languages"),
        _one_of("contacts", "audience", AUDIENCES),
    )
    _create_list_table(
        "relations",
        *_required_columns(sa.Text, "kind"),
        *_optional(sa.Text, "organization", "actor", "note", "url"),
        _one_of("relations", "kind", RELATION_KINDS),
        sa.CheckConstraint("(organization IS NULL) <> (actor IS NULL)", name=op.f("ck_relations_organization_or_actor")),
        _refers_later("relations", "organization"),
    )
    op.create_index("ix_relations_organization", "relations", ["organization"])
    _create_list_table(
        "sources",
        *_required_columns(sa.Text, "field", "title"),
        *_optional(sa.Text, "url"),
        *_optional(sa.Date, "date"),
        *_required_columns(sa.Text, "tells"),
        _one_of("sources", "tells", DISCLOSURES),
    )


def _ledger() -> None:
    op.create_table(
        "changes",
        *_change_key(),
        *_optional(sa.Text, "organization_id"),
        *_required_columns(sa.DateTime(timezone=True), "at"),
        *_required_columns(sa.Text, "actor", "reason", "kind"),
        *_optional(sa.Text, "before", "after"),
        _one_of("changes", "kind", "CREATED CHANGED REMOVED ERASED NETWORK"),
        sa.PrimaryKeyConstraint("revision", "position", name="pk_changes"),
        sa.UniqueConstraint("organization_id", "revision", name="uq_changes_organization_id_revision"),
    )
    names = ["revision", "position"]
    op.create_table(
        "change_private",
        *_change_key(),
        *_optional(sa.Text, "before", "after"),
        sa.ForeignKeyConstraint(names, [f"changes.{name}" for name in names], name="fk_change_private_revision_position"),
        sa.PrimaryKeyConstraint(*names, name="pk_change_private"),
    )


def _head() -> None:
    op.create_table(
        "seen",
        *_required_columns(sa.Text, "organization_id", "audience"),
        *_required_columns(sa.BigInteger, "seq"),
        *_required_columns(sa.DateTime(timezone=True), "at"),
        *_required_columns(sa.Text, "kind"),
        *_required_columns(sa.BigInteger, "revision"),
        _one_of("seen", "audience", AUDIENCES),
        _one_of("seen", "kind", "ADDED CHANGED REMOVED"),
        sa.PrimaryKeyConstraint("organization_id", "audience", name="pk_seen"),
        sa.UniqueConstraint("audience", "seq", name="uq_seen_audience_seq"),
    )
    op.create_index("ix_seen_revision", "seen", ["revision"])
    op.create_table(
        "head",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        *_required_columns(sa.BigInteger, "revision", "seen_public", "seen_members", "seen_staff"),
        *_required_columns(sa.LargeBinary, "key"),
        *_optional(sa.Text, "network_id"),
        *_required_columns(sa.Boolean, "fictional"),
        sa.CheckConstraint("id = 1", name=op.f("ck_head_one_row")),
        _refers_later("head", "network_id"),
        sa.PrimaryKeyConstraint("id", name="pk_head"),
    )


def _create_list_table(table: str, *columns: Any) -> None:
    """Create a table for a field that holds several values per organization."""
    op.create_table(
        table,
        sa.Column("organization_key", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        *columns,
        _belongs(table),
        sa.PrimaryKeyConstraint("organization_key", "position", name=f"pk_{table}"),
        sqlite_with_rowid=False,
    )


def _required_columns(kind: Any, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]


def _optional(kind: Any, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind) for name in names]


def _change_key() -> list[sa.Column[Any]]:
    revision = sa.Column("revision", sa.BigInteger, autoincrement=False, nullable=False)
    return [revision, sa.Column("position", sa.Integer, autoincrement=False, nullable=False)]


def _one_of(table: str, column: str, values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values.split())
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}_known"))


def _belongs(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_organization_key"
    return sa.ForeignKeyConstraint(["organization_key"], ["organizations.key"], name=name, ondelete="CASCADE")


def _refers_later(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], ["organizations.id"], name=name, deferrable=True, initially="DEFERRED")
