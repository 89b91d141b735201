"""The migrated catalog equals the models, what `alembic check` does not see included."""

from __future__ import annotations

import re

from sqlalchemy import CheckConstraint, Connection, Inspector, inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, Table

from shared.events import EVENTS_SCHEMA
from shared.events.tables import METADATA
from tests.support.postgres import Postgres

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy leaves this constructor untyped


async def test_migrated_tables_equal_the_models(postgres: Postgres) -> None:
    async with postgres.database([EVENTS_SCHEMA]) as database, database.engine.connect() as connection:
        found = await connection.run_sync(_catalog)
    assert found == {table.name: _model(table) for table in METADATA.tables.values()}


def _catalog(connection: Connection) -> dict[str, dict[str, object]]:
    inspector = inspect(connection)
    names = [name for name in inspector.get_table_names("events") if name != "schema_version"]
    return {name: _table(inspector, name) for name in names}


def _table(inspector: Inspector, name: str) -> dict[str, object]:
    return {
        "columns": {
            column["name"]: (str(column["type"].compile(DIALECT)), column["nullable"], _default(column["default"]))
            for column in inspector.get_columns(name, "events")
        },
        "key": (inspector.get_pk_constraint(name, "events")["name"], *_key(inspector, name)),
        "checks": {
            str(check["name"]): _plain(check["sqltext"]) for check in inspector.get_check_constraints(name, "events")
        },
        "indexes": {
            str(index["name"]): (
                index["unique"],
                tuple(index["column_names"]),
                _plain(index.get("dialect_options", {}).get("postgresql_where", "")),
            )
            for index in inspector.get_indexes(name, "events")
        },
    }


def _key(inspector: Inspector, name: str) -> tuple[str, ...]:
    return tuple(inspector.get_pk_constraint(name, "events")["constrained_columns"])


def _model(table: Table) -> dict[str, object]:
    return {
        "columns": {
            column.name: (
                column.type.compile(DIALECT),
                column.nullable,
                _generated(table, column.name) or _default(getattr(column.server_default, "arg", None)),
            )
            for column in table.columns
        },
        "key": (f"pk_{table.name}", *(column.name for column in table.primary_key)),
        "checks": {
            str(DIALECT.identifier_preparer.format_constraint(check)): _plain(str(check.sqltext))
            for check in table.constraints
            if isinstance(check, CheckConstraint)
        },
        "indexes": {
            str(index.name): (
                index.unique,
                tuple(column.name for column in index.columns),
                _plain(_where(str(CreateIndex(index).compile(dialect=DIALECT)))),
            )
            for index in table.indexes
        },
    }


def _generated(table: Table, column: str) -> str | None:
    return _default(f"nextval('events.{table.name}_id_seq'::regclass)") if column == "id" else None


def _default(said: object) -> str:
    """Write a default as the catalog does, without its quotes and type: PostgreSQL adds both."""
    return "" if said is None else re.sub(r"::\w+$", "", str(said)).strip("'")


def _where(statement: str) -> str:
    return statement.partition(" WHERE ")[2]


def _plain(expression: str) -> str:
    return re.sub(r"[()\s]|\bqueue\.", "", str(expression)).lower()
