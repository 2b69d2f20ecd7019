"""The revisions of the schema, in order; Alembic runs them when a store opens."""
