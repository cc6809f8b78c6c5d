"""Databases of older and newer programs: brought up to date with everything in them, or left alone."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Boolean, Connection, DateTime, MetaData, insert, text

from portfolio.db import copies, migrate
from portfolio.db.repository import list_imports, list_runs, load_portfolio, load_run, portfolio_as_of
from portfolio.db.session import Database
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.text import Text
from portfolio.errors import PortfolioError

OLDER = Path(__file__).parent / "older"
REVISIONS = sorted(file.stem for file in OLDER.glob("*.json"))
"""Versions of which the rows of a database are kept: `full_portfolio` in two imports, the first of them
without norms, and one run."""


def older(url: str, revision: str) -> None:
    """Makes a database as the program of that revision left it."""
    rows = json.loads((OLDER / f"{revision}.json").read_text("utf-8"))
    with Database(url) as database, database.engine.connect() as connection:
        _alembic(connection, command.upgrade, revision)
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if table.name in rows:
                connection.execute(insert(table), [_typed(table, row) for row in rows[table.name]])
        connection.commit()


def _typed(table: Any, row: dict[str, Any]) -> dict[str, Any]:
    kinds: dict[type[Any], Callable[[Any], Any]] = {DateTime: datetime.fromisoformat, Boolean: bool}
    read: dict[str, Callable[[Any], Any]] = {
        c.name: f for c in table.columns for kind, f in kinds.items() if isinstance(c.type, kind)
    }
    return {name: read.get(name, lambda same: same)(value) for name, value in row.items()}


def _alembic(connection: Connection, verb: Callable[[Config, str], None], revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.folder()))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    verb(config, revision)


def assert_complete(database: Database, portfolio: Portfolio) -> None:
    """Everything that the kept rows tell is there; they hold 0 where new seats were blank."""
    seats = tuple(replace(effect, seats_added=effect.added) for effect in portfolio.seats)
    portfolio = replace(portfolio, seats=seats)
    with database.snapshot() as session:
        assert load_portfolio(session) == portfolio
        assert [record.file_name for record in list_imports(session)] == ["0.xlsx", "1.xlsx"]
        assert portfolio_as_of(session, 1).norms == ()
        assert portfolio_as_of(session, 2) == portfolio
        (run,) = list_runs(session)
        assert load_run(session, run.name).import_id == 2
        assert len(load_run(session, run.name).draws) == 2


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_older_database_is_upgraded_with_everything_in_it(
    database_url: str, backend: str, full_portfolio: Portfolio, revision: str
) -> None:
    older(database_url, revision)
    told: list[Text] = []

    with Database(database_url, tell=told.append) as database:
        with pytest.raises(
            PortfolioError, match=rf"{revision} 版.*has tables of version {revision}, this prog"
        ):
            database.check()
        database.upgrade()
        database.upgrade()
        database.check()
        assert_complete(database, full_portfolio)

    (words,) = told
    assert f"upgraded from version {revision} to {migrate.head()}" in words.en
    assert (".bak" in words.zh) == (".bak" in words.en) == (backend == "sqlite")


@pytest.mark.parametrize("revision", REVISIONS)
def test_the_way_down_to_an_older_version_and_up_again_keeps_everything(
    database_url: str, full_portfolio: Portfolio, revision: str
) -> None:
    older(database_url, revision)

    with Database(database_url) as database:
        database.upgrade()
        with database.engine.connect() as connection:
            _alembic(connection, command.downgrade, revision)
        assert database.current() == revision
        database.upgrade()
        assert_complete(database, full_portfolio)


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    """An SQLite database of the oldest version, that only its owner may read."""
    file = tmp_path / "portfolio.db"
    older(f"sqlite:///{file}", REVISIONS[0])
    file.chmod(0o600)
    return file


def test_a_copy_from_before_the_upgrade_stays_beside_the_file(old_file: Path) -> None:
    for _ in range(2):  # a second upgrade, of the copy put back, does not overwrite the first copy
        with Database(f"sqlite:///{old_file}") as database:
            database.upgrade()
        shutil.copy(f"{old_file}.{REVISIONS[0]}.bak", old_file)

    names = sorted(path.name for path in old_file.parent.iterdir())
    assert names == ["portfolio.db", f"portfolio.db.{REVISIONS[0]}-2.bak", f"portfolio.db.{REVISIONS[0]}.bak"]
    copy = old_file.with_name(names[-1])
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with Database(f"sqlite:///{copy}") as database:
        assert database.current() == REVISIONS[0]


def test_the_copy_has_what_only_the_write_ahead_log_holds(old_file: Path) -> None:
    other = sqlite3.connect(old_file)  # a program that has the file open: its log is not taken in yet
    with other:
        other.execute("UPDATE imports SET user_name = '王' WHERE id = 2")
    with Database(f"sqlite:///{old_file}") as database:
        database.upgrade()
    other.close()

    with sqlite3.connect(f"{old_file}.{REVISIONS[0]}.bak") as copy:
        assert copy.execute("SELECT user_name FROM imports WHERE id = 2").fetchone() == ("王",)
    copy.close()


def test_without_a_copy_there_is_no_upgrade(old_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "_free_name", lambda file, _: file.parent / "no such folder" / "x.bak")
    before = old_file.read_bytes()

    with Database(f"sqlite:///{old_file}") as database:
        with pytest.raises(PortfolioError, match=r"数据库未升级.*not upgraded and is as it was"):
            database.upgrade()
        assert database.current() == REVISIONS[0]

    assert old_file.read_bytes() == before
    assert [path.name for path in old_file.parent.iterdir()] == ["portfolio.db"]


def test_an_upgrade_that_another_program_made_meanwhile_is_not_told(
    old_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Text] = []
    with (
        Database(f"sqlite:///{old_file}") as other,
        Database(f"sqlite:///{old_file}", tell=told.append) as late,
    ):

        def overtaken() -> str:
            other.upgrade()
            return REVISIONS[0]

        monkeypatch.setattr(late, "current", overtaken)
        late.upgrade()
        other.check()

    assert told == []
    assert len(list(old_file.parent.glob("*.bak"))) == 1


def test_a_newer_database_is_refused_and_left_as_it_is(
    database: Database, backend: str, tmp_path: Path
) -> None:
    database.check()
    with database.session() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    file = tmp_path / "portfolio.db"
    before = file.read_bytes() if backend == "sqlite" else b""

    for refused in (database.upgrade, database.check):
        with pytest.raises(
            PortfolioError, match=r"更新版本.*newer version of this program.*9999.*update the prog"
        ):
            refused()

    assert database.current() == "9999"
    if backend == "sqlite":
        assert file.read_bytes() == before
