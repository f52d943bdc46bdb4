"""Log only the state before each change, sign revisions instead of changes, and number changes where they are logged."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from directory.store.database.migrations.ledger_states import digest_state, iterate_states

revision = "0004"
down_revision = "0003"

BATCH = 1_000  # rows written at a time
AUDIENCES = ("PUBLIC", "MEMBERS", "STAFF")
FEED_COLUMNS = ("public_seq", "members_seq", "staff_seq")
FEED_KIND = "CASE c.kind WHEN 'CREATED' THEN 'ADDED' ELSE c.kind END"
NEXT_REVISION = """(SELECT min(o.revision) FROM changes o
    WHERE o.organization_id = c.organization_id AND o.revision > c.revision AND o.kind <> 'ERASED')"""
IS_ERASED = """EXISTS (SELECT 1 FROM changes e
    WHERE e.organization_id = c.organization_id AND e.revision >= c.revision AND e.kind = 'ERASED')"""


def upgrade() -> None:
    """Copy the rows to tables of the new form. The numbers of changes that an audience saw change again are not known."""
    _create_revisions()
    op.execute("INSERT INTO revisions SELECT revision, min(at), min(actor), min(reason) FROM changes GROUP BY revision")
    _stage_digests()
    numbers = ", ".join(f"{audience}.seq AS {audience}_seq" for audience in AUDIENCES)
    feeds = " ".join(f"LEFT JOIN seen {audience} ON {_is_own_row(audience, repr(audience))}" for audience in AUDIENCES)
    op.execute(
        f"""CREATE TABLE new_changes AS
        SELECT c.revision, c.position, c.organization_id, c.kind, c.merged_into, d.after_digest, {numbers}, c.before
        FROM changes c LEFT JOIN digests d ON d.revision = c.revision AND d.position = c.position {feeds}"""  # noqa: S608 - built from constants
    )
    op.execute("CREATE TABLE new_private AS SELECT revision, position, before FROM change_private WHERE before IS NOT NULL")
    op.execute(
        f"""CREATE TABLE new_seen AS SELECT s.revision, s.organization_id, s.audience, s.seq, s.kind FROM seen s
        WHERE NOT EXISTS (SELECT 1 FROM changes c WHERE {_is_own_row("s", "s.audience")})"""  # noqa: S608 - built from constants
    )
    _drop_tables("seen", "change_private", "changes", "digests")
    _create_changes()
    _create_private(before_nullable=False)
    _create_seen()
    _fill(changes="new_changes", change_private="new_private", seen="new_seen")
    op.create_index("ix_changes_feed", "changes", ["organization_id", "revision", "kind", *FEED_COLUMNS])


def downgrade() -> None:
    """Restore the states after changes: from the next change, or from the tables after the last one."""
    _stage_states_after()
    op.execute(
        """CREATE TABLE old_changes AS
        SELECT c.revision, c.position, c.organization_id, r.at, r.actor, r.reason, c.kind, c.before, a.after, c.merged_into
        FROM changes c JOIN revisions r ON r.revision = c.revision
        LEFT JOIN states_after a ON a.revision = c.revision AND a.position = c.position"""
    )
    op.execute(
        """CREATE TABLE old_private AS SELECT c.revision, c.position, p.before, a.private AS after FROM changes c
        LEFT JOIN change_private p ON p.revision = c.revision AND p.position = c.position
        LEFT JOIN states_after a ON a.revision = c.revision AND a.position = c.position
        WHERE p.before IS NOT NULL OR a.private IS NOT NULL"""
    )
    _stage_last_visible_changes()
    _drop_tables("seen", "change_private", "changes", "revisions", "states_after")
    _create_old_changes()
    _create_private(sa.Column("after", sa.Text), before_nullable=True)
    _create_old_seen()
    _fill(changes="old_changes", change_private="old_private", seen="old_seen")


def _is_own_row(feed: str, audience: str) -> str:
    """Build the condition that a row of the feed shows the change `c` to the audience as what it is."""
    return (
        f"{feed}.organization_id = c.organization_id AND {feed}.revision = c.revision "
        f"AND {feed}.audience = {audience} AND {feed}.kind = {FEED_KIND}"
    )


def _stage_digests() -> None:
    """Write the digest of the state after each change to a table `digests`."""
    op.create_table("digests", *_change_key(), sa.Column("after_digest", sa.LargeBinary), _primary_key("digests"))
    query = sa.text(
        """SELECT revision, position, after FROM changes
        WHERE after IS NOT NULL AND kind IN ('CREATED', 'CHANGED') AND (revision, position) > (:revision, :position)
        ORDER BY revision, position LIMIT :most"""
    )
    insert = sa.text("INSERT INTO digests VALUES (:revision, :position, :after_digest)")
    last = {"revision": 0, "position": 0}
    while rows := op.get_bind().execute(query, {**last, "most": BATCH}).all():
        digests = [{"revision": row[0], "position": row[1], "after_digest": digest_state(row[2])} for row in rows]
        op.get_bind().execute(insert, digests)
        last = {"revision": rows[-1][0], "position": rows[-1][1]}


def _stage_states_after() -> None:
    """Write the state after each change to a table `states_after`, with its private parts unless they were erased."""
    columns = sa.Column("after", sa.Text), sa.Column("private", sa.Text)
    op.create_table("states_after", *_change_key(), *columns, _primary_key("states_after"))
    op.execute(
        f"""INSERT INTO states_after
        SELECT c.revision, c.position, n.before, CASE WHEN {IS_ERASED} THEN NULL ELSE p.before END FROM changes c
        JOIN changes n ON n.organization_id = c.organization_id AND n.revision = {NEXT_REVISION}
        LEFT JOIN change_private p ON p.revision = n.revision AND p.position = n.position
        WHERE c.kind IN ('CREATED', 'CHANGED')"""  # noqa: S608 - built from constants
    )
    op.execute(
        """INSERT INTO states_after
        SELECT c.revision, c.position, coalesce(
            (SELECT o.before FROM changes o WHERE o.kind = 'NETWORK' AND o.revision > c.revision ORDER BY o.revision LIMIT 1),
            (SELECT '{"organization_id":' || coalesce('"' || network_id || '"', 'null')
                || ',"fictional":' || CASE WHEN fictional THEN 'true' ELSE 'false' END || '}' FROM head)
        ), NULL FROM changes c WHERE c.kind = 'NETWORK'"""
    )
    _stage_current_states()


def _stage_current_states() -> None:
    """Write the states after the last changes."""
    connection = op.get_bind()
    query = sa.text(
        f"""SELECT c.organization_id, c.revision, c.position, {IS_ERASED} FROM changes c
        WHERE c.kind IN ('CREATED', 'CHANGED') AND {NEXT_REVISION} IS NULL"""  # noqa: S608 - built from constants
    )
    last_changes = {row[0]: row[1:] for row in connection.execute(query)}
    insert = sa.text("INSERT INTO states_after VALUES (:revision, :position, :after, :private)")
    batch: list[dict[str, Any]] = []
    for organization_id, after, private in iterate_states(connection):
        if organization_id in last_changes:
            number, position, is_erased = last_changes[organization_id]
            batch.append({"revision": number, "position": position, "after": after, "private": None if is_erased else private})
        if len(batch) == BATCH:
            connection.execute(insert, batch)
            batch.clear()
    if batch:
        connection.execute(insert, batch)


def _stage_last_visible_changes() -> None:
    """Write the last change of each organization that each audience could see to a table `old_seen`."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    whole_seconds = "substr(r.at, 1, 19) || '.000000'" if is_sqlite else "date_trunc('second', r.at)"
    own = (
        f"""SELECT c.organization_id, '{audience}' AS audience, c.{audience}_seq AS seq, {FEED_KIND} AS kind, c.revision
        FROM changes c WHERE c.{audience}_seq IS NOT NULL"""  # noqa: S608 - built from constants
        for audience in AUDIENCES
    )
    feed = " UNION ALL ".join((*own, "SELECT organization_id, audience, seq, kind, revision FROM seen"))
    op.execute(
        f"""CREATE TABLE old_seen AS SELECT f.organization_id, f.audience, f.seq, {whole_seconds} AS at, f.kind, f.revision
        FROM (SELECT u.*, row_number() OVER (PARTITION BY organization_id, audience ORDER BY seq DESC) AS age FROM ({feed}) u) f
        JOIN revisions r ON r.revision = f.revision WHERE f.age = 1"""  # noqa: S608 - built from constants
    )


def _drop_tables(*tables: str) -> None:
    for table in tables:
        op.drop_table(table)


def _fill(**staged: str) -> None:
    """Move the rows of the staged tables, which have the same columns in the same order, to their final tables."""
    for table, source in staged.items():
        op.execute(f"INSERT INTO {table} SELECT * FROM {source}")  # noqa: S608 - built from constants
        op.drop_table(source)


# ---------------------------------------------------------------- tables


def _create_revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("revision", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_required_texts("actor", "reason"),
        sa.PrimaryKeyConstraint("revision", name="pk_revisions"),
    )


def _create_changes() -> None:
    op.create_table(
        "changes",
        *_change_key(),
        sa.Column("organization_id", sa.Text),
        *_required_texts("kind"),
        sa.Column("merged_into", sa.Text),
        sa.Column("after_digest", sa.LargeBinary),
        *(sa.Column(name, sa.BigInteger) for name in FEED_COLUMNS),
        sa.Column("before", sa.Text),
        *_change_constraints(),
        sa.ForeignKeyConstraint(["revision"], ["revisions.revision"], name="fk_changes_revision"),
    )


def _create_old_changes() -> None:
    op.create_table(
        "changes",
        *_change_key(),
        sa.Column("organization_id", sa.Text),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_required_texts("actor", "reason", "kind"),
        *(sa.Column(name, sa.Text) for name in ("before", "after", "merged_into")),
        *_change_constraints(),
    )


def _create_private(*more: sa.Column[Any], before_nullable: bool) -> None:
    names = ["revision", "position"]
    op.create_table(
        "change_private",
        *_change_key(),
        sa.Column("before", sa.Text, nullable=before_nullable),
        *more,
        sa.ForeignKeyConstraint(names, [f"changes.{name}" for name in names], name="fk_change_private_revision_position"),
        _primary_key("change_private"),
    )


def _create_seen() -> None:
    op.create_table(
        "seen",
        sa.Column("revision", sa.BigInteger, nullable=False),
        *_required_texts("organization_id", "audience"),
        sa.Column("seq", sa.BigInteger, nullable=False),
        *_required_texts("kind"),
        sa.PrimaryKeyConstraint("revision", "organization_id", "audience", name="pk_seen"),
        *_feed_constraints(),
    )


def _create_old_seen() -> None:
    op.create_table(
        "seen",
        *_required_texts("organization_id", "audience"),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_required_texts("kind"),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "audience", name="pk_seen"),
        *_feed_constraints(),
    )
    op.create_index("ix_seen_revision", "seen", ["revision"])


def _required_texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _change_key() -> list[sa.Column[Any]]:
    number = sa.Column("revision", sa.BigInteger, autoincrement=False, nullable=False)
    return [number, sa.Column("position", sa.Integer, autoincrement=False, nullable=False)]


def _primary_key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("revision", "position", name=f"pk_{table}")


def _change_constraints() -> list[sa.Constraint]:
    kinds = "'CREATED', 'CHANGED', 'REMOVED', 'ERASED', 'NETWORK'"
    return [
        _primary_key("changes"),
        sa.UniqueConstraint("organization_id", "revision", name="uq_changes_organization_id_revision"),
        sa.CheckConstraint(f"kind IN ({kinds})", name=op.f("ck_changes_kind_known")),
    ]


def _feed_constraints() -> list[sa.Constraint]:
    return [
        sa.UniqueConstraint("audience", "seq", name="uq_seen_audience_seq"),
        sa.CheckConstraint("audience IN ('PUBLIC', 'MEMBERS', 'STAFF')", name=op.f("ck_seen_audience_known")),
        sa.CheckConstraint("kind IN ('ADDED', 'CHANGED', 'REMOVED')", name=op.f("ck_seen_kind_known")),
    ]
