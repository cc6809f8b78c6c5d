"""The way to the database: one URL, transactions, and the version of the tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, inspect, text
from sqlalchemy.orm import Session

from portfolio.db import address, migrate
from portfolio.db.copies import keep_copy
from portfolio.db.failures import DAMAGED, message, told
from portfolio.db.tables import Base, ImportRow
from portfolio.domain.text import Text
from portfolio.errors import PortfolioError, UsageError

WRITES = "portfolio_writes"
"""Execution option of connections that write: SQLite then takes its write lock at the start, as a
transaction that reads first and writes later would fail at once instead of waiting."""


CONNECTING = {"connect_timeout": 10, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""A server that is gone is noticed within a minute, whatever the network does."""


class Database:
    """A portfolio database, by URL: `sqlite:///portfolio.db` or `postgresql://user@host/name`.

    Making one checks the URL and, for SQLite, the path, but opens nothing. Close it, or use it in
    a `with` statement. `tell` is given what a user should know of an upgrade: that it was made, and
    where the copy from before it is.

    Raises:
        UsageError: the URL or the path cannot be used.
    """

    def __init__(
        self, url: str, *, lock_timeout_s: float = 30.0, tell: Callable[[Text], object] = lambda _: None
    ) -> None:
        self._url = address.parsed(url)
        self._file = address.sqlite_file(self._url)
        self._tell = tell
        self.place = address.place(self._url)
        if self._file:
            address.check_file(self._file)
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
        """The revision of the tables; None: there are none yet. Changes nothing.

        Raises:
            PortfolioError: its revision is not one.
            UsageError: the database is of another program, or cannot be opened.
        """
        if self._file and not self._file.exists():
            return None  # connecting would create the file
        with told(self.place), self._reading_engine.connect() as connection:
            return self._revision(connection)

    def check(self) -> None:
        """Raises:
        PortfolioError: the tables are missing, older or newer than this program.
        UsageError: the file is damaged.
        """
        current = self.current()
        self._refuse_unknown(current)
        if current is None:
            raise self._error(
                "还没有表；请运行 portfolio db upgrade", "has no tables yet; run `portfolio db upgrade`"
            )
        if current != migrate.head():
            raise self._error(
                f"表是 {current} 版，本程序用 {migrate.head()} 版；请运行 portfolio db upgrade",
                f"has tables of version {current}, this program works with {migrate.head()}; run `portfolio db upgrade`",
            )
        if not self._is_postgresql:
            with self.snapshot() as session:
                if session.execute(text("PRAGMA integrity_check(1)")).scalar() != "ok":
                    raise UsageError(message(self.place, DAMAGED.text))

    def upgrade(self) -> None:
        """Brings the tables to the version of this program, all or nothing; quick if they are. An
        SQLite file with older tables is copied first.

        Raises:
            PortfolioError: the database is newer than this program, or no copy can be made.
            UsageError: the database is of another program, or cannot be opened.
        """
        current, head = self.current(), migrate.head()
        if current == head:
            return
        self._refuse_unknown(current)
        kept: list[Path] = []
        upgraded = False

        def before(connection: Connection) -> None:
            # in the transaction of the upgrade: nobody else writes or upgrades any more
            nonlocal upgraded
            upgraded = current is not None and self._revision(connection) == current
            if upgraded and self._file and current:
                kept.append(keep_copy(self._file, current))

        with told(self.place), self.engine.connect() as connection:
            migrate.upgrade(connection, before)
        if upgraded:
            copy = kept[0] if kept else None
            self._tell(
                Text(
                    f"数据库 {self.place} 已从 {current} 版升级到 {head} 版"
                    + (f"，升级前的副本：{copy}" if copy else ""),
                    f"database upgraded from version {current} to {head}"
                    + (f"; the copy from before: {copy}" if copy else ""),
                )
            )

    def close(self) -> None:
        """Closes every connection."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _revision(self, connection: Connection) -> str | None:
        tables = set(inspect(connection).get_table_names())
        found: list[str] = []
        if migrate.VERSION_TABLE in tables:
            query = text(f"SELECT version_num FROM {migrate.VERSION_TABLE}")  # noqa: S608 - a constant
            found = sorted(map(str, connection.execute(query).scalars()))
        if len(found) > 1:
            raise self._error(
                f"同时有几个版本：{'、'.join(found)}；请恢复备份",
                f"has several versions at once: {', '.join(found)}; restore a copy",
            )
        if found and ImportRow.__tablename__ in tables:
            return found[0]
        self._refuse_foreign(tables, versioned=bool(found))
        return None

    def _refuse_foreign(self, tables: set[str], *, versioned: bool) -> None:
        """A PostgreSQL schema may hold tables of extensions; an SQLite file belongs to one program."""
        foreign = tables - {migrate.VERSION_TABLE}
        if self._is_postgresql and not versioned:
            foreign &= set(Base.metadata.tables)
        if foreign or versioned:
            table = min(foreign, default=migrate.VERSION_TABLE)
            raise UsageError(
                message(
                    self.place,
                    Text(
                        f"属于其他程序（有表 {table}），未作改动；请换一个 --database",
                        f"belongs to another program (table {table}) and was left alone; choose another --database",
                    ),
                )
            )

    def _refuse_unknown(self, current: str | None) -> None:
        if current is not None and current not in migrate.revisions():
            raise self._error(
                f"由本程序的更新版本写成（表为 {current} 版，本程序只认识到 {migrate.head()} 版），未作改动；请更新程序",
                f"was written by a newer version of this program (tables {current}, this program knows up to"
                f" {migrate.head()}) and was left alone; update the program",
            )

    def _error(self, zh: str, en: str) -> PortfolioError:
        return PortfolioError(message(self.place, Text(zh, en)))


def one_writer(session: Session, table: str) -> None:
    """Waits until no other transaction writes to `table` and keeps others from it until the end of
    this one. Readers go on. SQLite has only one writer at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))


def _engine(url: URL, lock_timeout_s: float) -> Engine:
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, lock_timeout_s)
    try:
        engine = create_engine(url, connect_args=CONNECTING)
    except ModuleNotFoundError as error:
        raise UsageError(
            f"使用 PostgreSQL 须安装 {error.name}：pip install school-portfolio[postgres] / PostgreSQL needs {error.name};"
            " install school-portfolio[postgres]"
        ) from error

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise UsageError(
                message(
                    address.place(url),
                    Text(
                        f"编码是 {encoding}，存不了汉字；请用 ENCODING 'UTF8' 另建一个库",
                        f"its encoding is {encoding}, which cannot hold Chinese; create one with ENCODING 'UTF8'",
                    ),
                )
            )
        connection.execute(f"SET lock_timeout = {round(lock_timeout_s * 1000)}")
        connection.commit()

    return engine


def _sqlite_engine(url: URL, lock_timeout_s: float) -> Engine:
    """SQLite with write-ahead log and foreign keys, and with transactions that hold for reading and
    for changes of tables too: the driver's own start only at the first INSERT."""
    pool: dict[str, Any] = {"poolclass": NullPool} if address.sqlite_file(url) else {}
    engine = create_engine(url, connect_args={"timeout": lock_timeout_s}, **pool)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not connection.get_execution_options().get(WRITES, False):
            connection.exec_driver_sql("BEGIN")
            return
        # Not at connecting: the file may turn out to be of another program. It holds for good. Where
        # it cannot be had (a network drive, others at work) the file works without, readers then wait.
        driver: Any = connection.connection.driver_connection
        with suppress(sqlite3.OperationalError):
            driver.execute("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
