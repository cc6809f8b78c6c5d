"""Turns what a database driver says into a message with the place and what to do about it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError

from portfolio.domain.text import Text
from portfolio.errors import PortfolioError, UsageError


class Told(NamedTuple):
    """A kind of failure. `detail`: the driver's own words say more than ours can."""

    kind: type[PortfolioError]
    text: Text
    detail: bool = False


_BUSY = Told(
    PortfolioError,
    Text(
        "正被其他程序使用，什么都没有存入；请等它完成后重试",
        "in use by another program, nothing was stored; wait until that has finished and try again",
    ),
)
_FULL = Told(
    PortfolioError,
    Text("磁盘已满，什么都没有存入；请腾出空间后重试", "the disk is full, nothing was stored; make room and try again"),
)  # fmt: skip
_BROKEN_DISK = Told(
    PortfolioError,
    Text(
        "读写失败，什么都没有存入；请检查磁盘是否已满、网络盘是否断开",
        "reading or writing failed, nothing was stored; is the disk full, or a network drive gone?",
    ),
    detail=True,
)
_NO_TABLES = Told(
    PortfolioError,
    Text(
        "缺少本程序的表或列；请运行 portfolio db upgrade，仍不行则恢复备份",
        "lacks tables or columns of this program; run `portfolio db upgrade`, or else restore a copy",
    ),
)
DAMAGED = Told(
    UsageError,
    Text(
        "不是 SQLite 数据库，或已损坏；请换一个文件，或恢复备份",
        "not an SQLite database, or damaged; choose another file or restore a copy",
    ),
)
_CLOSED = Told(
    UsageError,
    Text(
        "打不开；请检查文件夹是否存在、是否可写",
        "cannot be opened; check that the folder exists and may be written",
    ),
)
_READ_ONLY = Told(
    UsageError,
    Text(
        "不能写入；请检查文件和文件夹（或服务器上角色）的权限",
        "cannot be written; check the permissions of the file and its folder, or of the role on the server",
    ),
)
_NO_RIGHT = Told(
    UsageError,
    Text(
        "地址中的角色缺少权限；请管理员把库交给它所有，或授予建表的权限",
        "the role of the URL lacks a right; let an administrator make it the owner of the database, or"
        " grant it CREATE on the schema",
    ),
    detail=True,
)
_UNREACHABLE = Told(
    UsageError,
    Text(
        "连不上；请检查主机、端口、用户、口令和库名",
        "cannot be reached; check host, port, user, password and name of the database",
    ),
    detail=True,
)
_LOST = Told(
    PortfolioError,
    Text(
        "与服务器的连接中断，未完成的内容都没有存入；请稍后重新运行",
        "the connection to the server was lost, nothing unfinished was stored; run the command again later",
    ),
)
_CANCELLED = Told(
    PortfolioError,
    Text(
        "服务器中止了操作（超时，或由管理员取消），什么都没有存入；请稍后重试",
        "the server ended the statement (it took too long, or an administrator cancelled it), nothing was"
        " stored; try again later",
    ),
)
_SERVER_DAMAGED = Told(
    PortfolioError,
    Text("服务器报告数据已损坏；请找管理员", "the server reports damaged data; ask its administrator"),
    detail=True,
)

_SQLITE = {
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_PROTOCOL": _BUSY,
    "SQLITE_NOTADB": DAMAGED,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_CANTOPEN": _CLOSED,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_PERM": _READ_ONLY,
    "SQLITE_FULL": _FULL,
    "SQLITE_IOERR": _BROKEN_DISK,
}
_POSTGRESQL = {
    "25006": _READ_ONLY,
    "3F000": _NO_RIGHT,
    "40001": _BUSY,
    "40P01": _BUSY,
    "42501": _NO_RIGHT,
    "42703": _NO_TABLES,
    "42P01": _NO_TABLES,
    "53100": _FULL,
    "55P03": _BUSY,
    "57014": _CANCELLED,
    "57P01": _LOST,
    "57P02": _LOST,
    "58030": _BROKEN_DISK,
    "XX001": _SERVER_DAMAGED,
    "XX002": _SERVER_DAMAGED,
}
"""By SQLSTATE."""


def message(place: str, text: Text) -> str:
    """What is wrong with the database at `place`."""
    return f"数据库 database {place}: {text.pick('both', ' / ')}"


@contextmanager
def told(place: str) -> Iterator[None]:
    """Raises driver errors that a user can mend as `PortfolioError` or `UsageError`, with `place`
    (a path, or a URL without its password). Others are defects and pass through."""
    try:
        yield
    except (sqlite3.Error, DBAPIError) as error:
        cause: BaseException | None = error
        # what came first counts: SQLite undoes all on a full disk, and then misses the savepoint to undo
        while cause is not None:
            if found := _found(cause):
                raise _in_words(place, found, cause) from error
            cause = cause.__context__
        raise


@contextmanager
def readable() -> Iterator[None]:
    """Raises stored values that no row of the domain can have as a `PortfolioError`: only damage, or
    another program, can have left them."""
    try:
        yield
    except (ValueError, LookupError, ArithmeticError) as error:
        raise PortfolioError(
            "数据库中有读不懂的数据，可能已损坏或被其他程序改过；请恢复备份 / the database holds data that cannot be"
            f" read: it is damaged, or another program changed it; restore a copy: {error}"
        ) from error


def _in_words(place: str, found: Told, cause: BaseException) -> PortfolioError:
    words = message(place, found.text)
    driver_error = cause.orig if isinstance(cause, DBAPIError) else cause
    return found.kind(f"{words}: {' '.join(str(driver_error).split())}" if found.detail else words)


def _found(error: BaseException) -> Told | None:
    driver_error = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(driver_error, sqlite3.Error):
        return _of_sqlite(driver_error)
    return _of_postgresql(error) if isinstance(error, DBAPIError) else None


def _of_sqlite(error: sqlite3.Error) -> Told | None:
    words = str(error)
    if "no such table" in words or "no such column" in words:
        return _NO_TABLES
    name = getattr(error, "sqlite_errorname", None)
    if name is None:  # said by Python's module, not by SQLite
        return DAMAGED if "Could not decode to UTF-8" in words else None
    # extended names start with the plain one: SQLITE_BUSY_SNAPSHOT, SQLITE_READONLY_DBMOVED
    return _SQLITE.get("_".join(name.split("_")[:2]))


def _of_postgresql(error: DBAPIError) -> Told | None:
    state = getattr(error.orig, "sqlstate", None)
    if state in _POSTGRESQL:
        return _POSTGRESQL[state]
    if error.connection_invalidated:
        return _LOST
    # libpq gives no state for what fails before there is a connection; there is no statement then
    return _UNREACHABLE if state is None and error.statement is None else None
