"""Add provenance of facts (dataset, file, row), the verification method, and merged records."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

METHODS = "PHONE EMAIL VISIT WEBSITE DOCUMENT OTHER"
AUDIENCES = "PUBLIC MEMBERS STAFF"
ADDED = {"sources": ("origin", "file", "row"), "changes": ("merged_into",), "organizations": ("verification_method",)}


def upgrade() -> None:
    """Add columns in place. A batch migration on SQLite replaces the table, which would delete the rows that refer to it."""
    for name in ("origin", "file"):
        op.add_column("sources", sa.Column(name, sa.Text))
    op.add_column("sources", sa.Column("row", sa.Integer))
    op.add_column("changes", sa.Column("merged_into", sa.Text))
    # column and check in one statement, because SQLite cannot add a check later
    check = f"CONSTRAINT ck_organizations_verification_method_known CHECK (verification_method IN ({_quote_values(METHODS)}))"
    op.execute(f"ALTER TABLE organizations ADD COLUMN verification_method TEXT {check}")
    op.create_table(
        "merged",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("organization_id", "survivor_id", "audience")),
        sa.CheckConstraint(f"audience IN ({_quote_values(AUDIENCES)})", name=op.f("ck_merged_audience_known")),
        sa.PrimaryKeyConstraint("organization_id", name="pk_merged"),
    )


def downgrade() -> None:
    """Drop what the older tables cannot hold. The ledger keeps it."""
    op.drop_table("merged")
    for table, names in ADDED.items():
        for name in names:
            op.execute(f'ALTER TABLE {table} DROP COLUMN "{name}"')


def _quote_values(values: str) -> str:
    return ", ".join(f"'{value}'" for value in values.split())
