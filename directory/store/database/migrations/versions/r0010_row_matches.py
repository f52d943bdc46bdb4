"""Remember which rows of lists refer to an organization, or may do so."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

TABLE = "row_matches"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("organization_key", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("row_key", sa.Text, nullable=False),
        sa.Column("is_decided", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_key"], ["organizations.key"], name=f"fk_{TABLE}_organization_key", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_key", "position", name=f"pk_{TABLE}"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Older tables cannot hold the decisions. The ledger keeps them."""
    op.drop_table(TABLE)
