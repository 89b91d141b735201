"""Schemas brought to their newest version by Alembic, each with a version table of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from shared.database import Database

VERSION_TABLE = "schema_version"
MIGRATION_LOCK = 0x4845_4544
"""An advisory lock, so that processes that start together migrate one after the other."""


@dataclass(frozen=True)
class Schema:
    """A schema of the database and the folder of its migrations (which holds `env.py` and `versions/`)."""

    name: str
    migrations: Path

    def config(self) -> Config:
        """Return Alembic's configuration for this schema."""
        config = Config()
        config.set_main_option("script_location", str(self.migrations))
        config.set_main_option("path_separator", "os")
        return config


async def upgrade(database: Database, *schemas: Schema) -> None:
    """Bring schemas to their newest version; does nothing where they are."""
    async with database.engine.connect() as connection:
        await connection.run_sync(lambda sync: _upgrade(sync, schemas))


async def behind(database: Database, *schemas: Schema) -> list[str]:
    """Return the names of schemas that are not at their newest version."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(lambda sync: [schema.name for schema in schemas if _is_behind(sync, schema)])


def _upgrade(connection: Connection, schemas: tuple[Schema, ...]) -> None:
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK})
    connection.commit()
    try:
        for schema in schemas:
            if not _is_behind(connection, schema):
                continue
            connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema.name}"'))
            connection.commit()
            config = schema.config()
            config.attributes["connection"] = connection
            config.attributes["schema"] = schema.name
            command.upgrade(config, "head")
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": MIGRATION_LOCK})
        connection.commit()


def _is_behind(connection: Connection, schema: Schema) -> bool:
    head = ScriptDirectory.from_config(schema.config()).get_current_head()
    options = {"version_table": VERSION_TABLE, "version_table_schema": schema.name}
    current = MigrationContext.configure(connection, opts=options).get_current_revision()
    connection.rollback()
    return current != head


def run_migrations(metadata: MetaData) -> None:
    """Run from a schema's `env.py`, on the connection that `upgrade` opened."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table=VERSION_TABLE,
        version_table_schema=context.config.attributes["schema"],
        include_schemas=False,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
