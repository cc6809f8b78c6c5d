"""The databases to test on. A test that asks for `database_url` or `database` runs on SQLite and on
PostgreSQL, each time on a database of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from portfolio.db.session import Database
from tests.postgres import Server, postgresql

__all__ = ["backend", "database", "database_url", "postgresql", "upgraded_file", "upgraded_template"]

TEMPLATE = "with_tables"


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def database_url(request: pytest.FixtureRequest, backend: str, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'portfolio.db'}"
        return
    server: Server = request.getfixturevalue("postgresql")
    name = f"test_{uuid4().hex}"
    yield server.make(name)
    server.drop(name)


@pytest.fixture
def database(request: pytest.FixtureRequest, backend: str, tmp_path: Path) -> Iterator[Database]:
    """A database with tables and nothing in them."""
    if backend == "sqlite":
        file = shutil.copy(request.getfixturevalue("upgraded_file"), tmp_path / "portfolio.db")
        with Database(f"sqlite:///{file}", lock_timeout_s=0.2) as database:
            yield database
        return
    server: Server = request.getfixturevalue("postgresql")
    name = f"test_{uuid4().hex}"
    url = server.make(name, like=request.getfixturevalue("upgraded_template"))
    with Database(url, lock_timeout_s=0.2) as database:
        yield database
    server.drop(name)


@pytest.fixture(scope="session")
def upgraded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file to copy, which is quicker than running the migrations for each test."""
    file = tmp_path_factory.mktemp("tables") / "portfolio.db"
    with Database(f"sqlite:///{file}") as database:
        database.upgrade()
    return file


@pytest.fixture(scope="session")
def upgraded_template(postgresql: Server) -> str:
    """The same on PostgreSQL: the name of a database to copy."""
    with Database(postgresql.make(TEMPLATE)) as database:
        database.upgrade()
    return TEMPLATE
