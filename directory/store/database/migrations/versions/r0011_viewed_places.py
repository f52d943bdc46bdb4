"""Remember who looked at private streets, and which rows of lists are to leave a removed record removed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

KINDS = "'ORGANIZATION', 'COALITION', 'EVENT', 'INSTRUMENT', 'PROVISION'"


def upgrade() -> None:
    op.create_table(
        "viewed_places",
        sa.Column("revision", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("record_kind", sa.Text, nullable=False),
        sa.Column("record_id", sa.Text, nullable=False),
        sa.CheckConstraint(f"record_kind IN ({KINDS})", name=op.f("ck_viewed_places_record_kind_known")),
        sa.ForeignKeyConstraint(["revision"], ["revisions.revision"], name="fk_viewed_places_revision"),
        sa.PrimaryKeyConstraint("revision", "position", name="pk_viewed_places"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_viewed_places_record_id", "viewed_places", ["record_id"])
    op.create_table(
        "removal_decisions",
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("row_key", sa.Text, nullable=False),
        sa.Column("revision", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("record_id", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["revision"], ["revisions.revision"], name="fk_removal_decisions_revision"),
        sa.PrimaryKeyConstraint("origin", "row_key", "revision", name="pk_removal_decisions"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Older tables cannot hold either. The revisions remain, so who looked and decided, and why, is not lost."""
    op.drop_table("removal_decisions")
    op.drop_table("viewed_places")
