"""The way to the database: one URL, transactions, and the version of the tables."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from portfolio.db import migrate
from portfolio.db.failures import told
from portfolio.errors import PortfolioError, UsageError

SQLITE_HEADER = b"SQLite format 3\x00"
WRITES = "portfolio_writes"
"""Execution option of connections that write: SQLite then takes its write lock at the start, as a
transaction that reads first and writes later would fail at once instead of waiting."""


class Database:
    """A portfolio database, by URL: `sqlite:///portfolio.db` or `postgresql://user@host/name`.

    Making one checks the URL and, for SQLite, the path, but opens nothing. Close it, or use it in
    a `with` statement.

    Raises:
        UsageError: the URL or the path cannot be used.
    """

    def __init__(self, url: str, *, lock_timeout_s: float = 30.0) -> None:
        self._url = _parsed(url)
        self._file = _sqlite_file(self._url)
        self.place = str(self._file) if self._file else self._url.render_as_string(hide_password=True)
        if self._file:
            _check_file(self._file)
        self.engine = _engine(self._url, lock_timeout_s).execution_options(**{WRITES: True})
        reading: dict[str, Any] = {WRITES: False}
        if self._is_postgresql:
            reading |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reading_engine = self.engine.execution_options(**reading)

    @property
    def _is_postgresql(self) -> bool:
        return self._url.get_backend_name() == "postgresql"

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction for reading and writing: kept at the end, undone by any exception.

        Writers wait for one another up to the lock timeout; readers are not held up.

        Raises:
            PortfolioError: the database is locked, full or without tables.
            UsageError: it cannot be opened, reached or written.
        """
        with told(self.place), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """One transaction for reading: it sees one state throughout, whatever is imported meanwhile.

        Raises: as `session`.
        """
        with told(self.place), Session(self._reading_engine) as session, session.begin():
            yield session

    def current(self) -> str | None:
        """The revision of the tables; None: there are none yet.

        Raises:
            PortfolioError: the database is of another program, or its revision is not one.
        """
        if self._file and not self._file.exists():
            return None  # connecting would create the file
        with told(self.place), self._reading_engine.connect() as connection:
            return self._revision(connection)

    def check(self) -> None:
        """Raises:
        PortfolioError: the tables are missing, older or newer than this program.
        """
        current = self.current()
        self._refuse_unknown(current)
        if current != migrate.head():
            state = "has no tables yet" if current is None else f"has tables of version {current}"
            raise PortfolioError(f"Database {self.place} {state}; run `portfolio db upgrade`.")

    def upgrade(self) -> None:
        """Brings the tables to the version of this program, all or nothing; quick if they are.

        Raises:
            PortfolioError: the database is newer than this program, or of another program.
        """
        current = self.current()
        if current == migrate.head():
            return
        self._refuse_unknown(current)
        with told(self.place), self.engine.connect() as connection:
            migrate.upgrade(connection)

    def close(self) -> None:
        """Closes every connection."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _revision(self, connection: Connection) -> str | None:
        tables = set(inspect(connection).get_table_names())
        if migrate.VERSION_TABLE in tables:
            found = connection.execute(text(f"SELECT version_num FROM {migrate.VERSION_TABLE}")).scalars()  # noqa: S608 - a constant
            revisions = found.all()
            if len(revisions) > 1:
                raise PortfolioError(
                    f"Database {self.place} has several versions at once: {', '.join(revisions)}."
                )
            return revisions[0] if revisions else None
        # a PostgreSQL schema may hold tables of extensions; an SQLite file belongs to one program
        if tables and not self._is_postgresql:
            raise UsageError(
                f"Database {self.place} belongs to another program (table {min(tables)}); choose another --database."
            )
        return None

    def _refuse_unknown(self, current: str | None) -> None:
        if current is not None and current not in migrate.revisions():
            raise PortfolioError(
                f"Database {self.place} was written by a newer version of this program (tables {current}, "
                f"this program knows up to {migrate.head()}); update the program."
            )


def one_writer(session: Session, table: str) -> None:
    """Waits until no other transaction writes to `table` and keeps others from it until the end of
    this one. Readers go on. SQLite has only one writer at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))


def _parsed(url: str) -> URL:
    """The URL with the driver this program uses.

    Raises:
        UsageError: it is no database URL, or of a database that is not supported.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UsageError(f'"{url}" is not a database URL; write, for example, sqlite:///{url}') from None
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        return parsed
    if parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    raise UsageError(f"{parsed.drivername} databases are not supported; use sqlite:/// or postgresql://")


def _sqlite_file(url: URL) -> Path | None:
    """The path of an SQLite file; None for PostgreSQL and for a database in memory."""
    name = url.database
    if url.get_backend_name() != "sqlite" or not name or name == ":memory:" or name.startswith("file:"):
        return None
    return Path(name).absolute()


def _check_file(file: Path) -> None:
    """Raises:
    UsageError: `file` cannot hold, or become, a database.
    """
    folder = file.parent
    if not folder.is_dir():
        raise UsageError(
            f"Database {file}: folder {folder} does not exist; create it or choose another --database."
        )
    if file.is_dir():
        raise UsageError(f"Database {file} is a folder; add a file name, such as {file / 'portfolio.db'}.")
    target = file if file.exists() else folder
    # SQLite writes its log beside the database, so the folder counts even if the file may be written
    if not (os.access(target, os.W_OK) and os.access(folder, os.W_OK)):
        raise UsageError(
            f"Database {file} cannot be written; check its permissions or choose another --database."
        )
    if file.exists():
        with file.open("rb") as opened:
            start = opened.read(len(SQLITE_HEADER))
        if start and start != SQLITE_HEADER:
            raise UsageError(f"Database {file} is not an SQLite database; choose another --database.")


def _engine(url: URL, lock_timeout_s: float) -> Engine:
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, lock_timeout_s)
    try:
        engine = create_engine(url, connect_args={"connect_timeout": 10})
    except ModuleNotFoundError as error:
        raise UsageError(f"PostgreSQL needs {error.name}; install school-portfolio[postgres].") from error

    @event.listens_for(engine, "connect")
    def limit_waiting(connection: Any, _: object) -> None:
        connection.execute(f"SET lock_timeout = {round(lock_timeout_s * 1000)}")
        connection.commit()

    return engine


def _sqlite_engine(url: URL, lock_timeout_s: float) -> Engine:
    """SQLite with write-ahead log and foreign keys, and with transactions that hold for reading and
    for changes of tables too: the driver's own start only at the first INSERT."""
    pool: dict[str, Any] = {"poolclass": NullPool} if _sqlite_file(url) else {}
    engine = create_engine(url, connect_args={"timeout": lock_timeout_s}, **pool)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
