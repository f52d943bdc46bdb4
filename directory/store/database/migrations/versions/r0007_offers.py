"""Add what an organization can give to partners."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column in place, as in 0002."""
    op.add_column("organizations", sa.Column("offers", sa.Text))


def downgrade() -> None:
    """Older tables cannot hold the texts. The ledger keeps them."""
    op.execute("ALTER TABLE organizations DROP COLUMN offers")
