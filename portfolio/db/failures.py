"""Turns what a database driver says into a message with the place and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from portfolio.errors import PortfolioError, UsageError

Told = tuple[type[PortfolioError], str]

_BUSY: Told = (PortfolioError, "in use by another program; wait until that has finished and try again")
_FULL: Told = (PortfolioError, "the disk is full; nothing was stored")
_NO_TABLES: Told = (PortfolioError, "lacks tables of this program; run `portfolio db upgrade`")
_NOT_A_DATABASE: Told = (
    UsageError,
    "not an SQLite database, or damaged; choose another file or restore a copy",
)
_CLOSED: Told = (UsageError, "cannot be opened; check that the folder exists and may be written")
_READ_ONLY: Told = (UsageError, "cannot be written; check the permissions of the file and its folder")

_SQLITE = {
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_NOTADB": _NOT_A_DATABASE,
    "SQLITE_CORRUPT": _NOT_A_DATABASE,
    "SQLITE_CANTOPEN": _CLOSED,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_FULL": _FULL,
}
_POSTGRESQL: dict[str, Told] = {
    "40001": _BUSY,
    "40P01": _BUSY,
    "55P03": _BUSY,
    "42P01": _NO_TABLES,
    "42501": (UsageError, "the role of the URL lacks a right"),
    "53100": _FULL,
}


@contextmanager
def told(place: str) -> Iterator[None]:
    """Raises driver errors that a user can mend as `PortfolioError` or `UsageError`, with `place`
    (a path, or a URL without its password). Others are defects and pass through."""
    try:
        yield
    except DBAPIError as error:
        found = _known(error)
        if found is None:
            raise
        kind, words = found
        raise kind(f"Database {place}: {words}.") from error


def _known(error: DBAPIError) -> Told | None:
    driver_error = error.orig
    name = getattr(driver_error, "sqlite_errorname", None)
    if name is not None:
        # extended names start with the plain one: SQLITE_BUSY_SNAPSHOT, SQLITE_READONLY_DBMOVED
        plain = "_".join(name.split("_")[:2])
        return _NO_TABLES if "no such table" in str(driver_error) else _SQLITE.get(plain)
    state = getattr(driver_error, "sqlstate", None)
    if state is not None:
        return _POSTGRESQL.get(state)
    if type(driver_error).__name__ == "OperationalError":  # psycopg could not connect: no state yet
        return UsageError, f"cannot be reached: {' '.join(str(driver_error).split())}"
    return None
