"""Where Alembic meets our tables; `assistant.schema` calls it."""

from alembic import context

from assistant.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
