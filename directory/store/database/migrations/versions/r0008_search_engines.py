"""Add whether search engines may list the page of an organization."""

from alembic import op

revision = "0008"
down_revision = "0007"

VALUES = "'ALLOWED', 'REFUSED'"


def upgrade() -> None:
    """Add the column in place, as in 0002. Nothing is decided yet for existing records."""
    # column and check in one statement, because SQLite cannot add a check later
    check = f"CONSTRAINT ck_organizations_search_engines_known CHECK (search_engines IN ({VALUES}))"
    op.execute(f"ALTER TABLE organizations ADD COLUMN search_engines TEXT {check}")


def downgrade() -> None:
    """Older tables cannot hold the decisions. The ledger keeps them."""
    op.execute("ALTER TABLE organizations DROP COLUMN search_engines")
