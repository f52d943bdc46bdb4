"""Add hiding of records in an emergency, and slugs that lead to several records."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

AUDIENCES = "'PUBLIC', 'MEMBERS', 'STAFF'"


def upgrade() -> None:
    """Add columns in place, as in 0002. `Store.migrate` then gives private slugs to records that are not public."""
    op.add_column("organizations", sa.Column("hidden_since", sa.DateTime(timezone=True)))
    # column and check in one statement, because SQLite cannot add a check later
    check = "CONSTRAINT ck_organizations_hidden_until_is_of_a_hidden_one CHECK (hidden_until IS NULL OR hidden_since IS NOT NULL)"
    op.execute(f"ALTER TABLE organizations ADD COLUMN hidden_until DATE {check}")
    op.create_index("ix_organizations_hidden_until", "organizations", ["hidden_until"])
    op.create_table(
        "slug_aliases",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("slug", "organization_id", "audience")),
        sa.CheckConstraint(f"audience IN ({AUDIENCES})", name=op.f("ck_slug_aliases_audience_known")),
        sa.PrimaryKeyConstraint("slug", "organization_id", name="pk_slug_aliases"),
    )
    op.create_index("ix_slug_aliases_organization_id", "slug_aliases", ["organization_id"])


def downgrade() -> None:
    """Older tables cannot hide a record, so hidden ones become visible to STAFF only. The ledger keeps the rest."""
    op.execute("UPDATE organizations SET audience = 'STAFF' WHERE hidden_since IS NOT NULL")
    op.drop_table("slug_aliases")
    op.drop_index("ix_organizations_hidden_until", "organizations")
    op.execute("ALTER TABLE organizations DROP COLUMN hidden_until")
    op.execute("ALTER TABLE organizations DROP COLUMN hidden_since")
