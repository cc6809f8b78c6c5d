"""Runs migrations: on the connection that the program hands over, or, for the `alembic` command, on
PORTFOLIO_DATABASE_URL or the URL in alembic.ini."""

from __future__ import annotations

import os

from alembic import context
from sqlalchemy import Connection, Engine, text

from portfolio.db.migrate import VERSION_TABLE
from portfolio.db.session import Database
from portfolio.db.tables import Base
from portfolio.errors import PortfolioError

LOCK = 7_305_014
"""Any number: PostgreSQL's name for the lock that makes two upgrades run one after the other."""


def migrate(connection: Connection) -> None:
    """All migrations in one transaction, on SQLite too, where Alembic by itself would use none."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # changing a table means copying it; with foreign keys on, dropping the original
        # would break every row that refers to it
        _sqlite_foreign_keys(connection, "OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        version_table=VERSION_TABLE,
        render_as_batch=True,
        transactional_ddl=True,
    )
    try:
        with context.begin_transaction():
            if not sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            if before := context.config.attributes.get("before"):
                before(connection)
            context.run_migrations()
            if sqlite and connection.execute(text("PRAGMA foreign_key_check")).first():
                raise PortfolioError(
                    "升级会破坏表间的引用，未作任何改动 / the upgrade would break references between tables, nothing was"
                    " changed"
                )
    finally:
        if sqlite:
            _sqlite_foreign_keys(connection, "ON")


def _sqlite_foreign_keys(connection: Connection, state: str) -> None:
    """On the driver's connection, as the setting has no effect inside a transaction."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA foreign_keys={state}")


def url() -> str:
    """For the `alembic` command."""
    return os.environ.get("PORTFOLIO_DATABASE_URL") or context.config.get_main_option("sqlalchemy.url") or ""


def print_statements() -> None:
    """`alembic upgrade head --sql`: for an administrator who runs the statements by hand."""
    with Database(url()) as database:
        context.configure(
            dialect_name=database.engine.dialect.name,
            target_metadata=Base.metadata,
            version_table=VERSION_TABLE,
            literal_binds=True,
        )
        with context.begin_transaction():
            context.run_migrations()


def run() -> None:
    given = context.config.attributes.get("connection")
    if isinstance(given, Connection):
        migrate(given)
    elif isinstance(given, Engine):
        with given.connect() as connection:
            migrate(connection)
    else:
        with Database(url()) as database, database.engine.connect() as connection:
            migrate(connection)


if context.is_offline_mode():
    print_statements()
else:
    run()
