"""Run the migrations on the connection, and in the transaction, of migrate.py."""

from alembic import context

from directory.store.records.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # on SQLite too, so that a migration that is killed leaves the tables unchanged
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
