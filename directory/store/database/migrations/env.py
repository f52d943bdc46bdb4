"""Runs the migrations on the connection, and in the transaction, that directory/store/database/migrate.py hands over."""

from alembic import context

from directory.store.records.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # on SQLite too: a migration that is killed leaves the tables as they were
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
