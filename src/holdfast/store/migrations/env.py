"""How Alembic reaches the database: over the connection that `database.py` hands it."""

from alembic import context

from holdfast.store.records import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
