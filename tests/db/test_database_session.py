"""Opening a database: what goes wrong is told with the path and what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

from portfolio.db import migrate
from portfolio.db.session import Database
from portfolio.errors import PortfolioError, UsageError

ADD_NORM = text(
    "INSERT INTO norms (position, county, basis, source, locator, notes) VALUES (:position, '', 'stated', '', '', '')"
)


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def test_making_a_database_opens_nothing(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "portfolio.db"))

    assert database.current() is None
    assert list(tmp_path.iterdir()) == []


def test_a_session_is_kept_at_its_end_and_undone_by_an_exception(database: Database) -> None:
    with database.session() as session:
        session.execute(ADD_NORM, {"position": 1})
    with pytest.raises(ValueError, match="stop"):
        _add_and_stop(database)

    with database.snapshot() as session:
        assert session.execute(text("SELECT position FROM norms")).scalars().all() == [1]


def _add_and_stop(database: Database) -> None:
    with database.session() as session:
        session.execute(ADD_NORM, {"position": 2})
        raise ValueError("stop")


def test_the_file_is_in_write_ahead_mode_with_foreign_keys_on(tmp_path: Path) -> None:
    with Database(sqlite_url(tmp_path / "portfolio.db")) as database:
        database.upgrade()
        with database.session() as session:
            settings = [
                session.execute(text(f"PRAGMA {name}")).scalar()
                for name in ("journal_mode", "foreign_keys", "busy_timeout")
            ]

    assert settings == ["wal", 1, 30_000]


def test_a_database_in_memory_works_with_foreign_keys_on_after_its_upgrade() -> None:
    with Database("sqlite://") as database:
        database.upgrade()
        database.check()
        with database.session() as session:
            assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("portfolio.db", 'write, for example, sqlite:///portfolio.db'),
        ("mysql://root@localhost/x", "use sqlite:/// or postgresql://"),
        ("sqlite+aiosqlite:///x.db", "use sqlite:/// or postgresql://"),
        ("sqlite:////no/such/folder/x.db", "folder /no/such/folder does not exist"),
    ],
)  # fmt: skip
def test_a_url_that_cannot_be_used_is_a_usage_error(url: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        Database(url)

    assert words in str(caught.value)


@pytest.mark.parametrize("url", ["postgresql://u:secret@h/x", "postgres://u:secret@h/x"])
def test_postgresql_is_reached_with_psycopg_and_its_password_is_never_told(url: str) -> None:
    with Database(url) as database:
        assert database.engine.url.drivername == "postgresql+psycopg"
        assert database.place == "postgresql://u:***@h/x"


def test_a_folder_is_not_a_database(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"这是文件夹.* / is a folder; add a file name"):
        Database(sqlite_url(tmp_path))


def test_a_file_of_another_kind_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "projects.xlsx"
    file.write_bytes(b"PK\x03\x04" + b"x" * 2000)

    with pytest.raises(UsageError, match=f"{file}: 不是 SQLite 数据库.*not an SQLite database"):
        Database(sqlite_url(file))

    assert file.read_bytes() == b"PK\x03\x04" + b"x" * 2000


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != tmp_path)

    with pytest.raises(UsageError, match="cannot be read and written"):
        Database(sqlite_url(tmp_path / "portfolio.db"))


def test_a_locked_database_is_told_clearly(database: Database) -> None:
    lock = text("LOCK TABLE norms" if database.engine.dialect.name == "postgresql" else "SELECT 1")
    with database.session() as first:
        first.execute(lock)

        with pytest.raises(PortfolioError, match="in use by another program"), database.session() as second:
            second.execute(text("DELETE FROM norms"))


def test_a_database_without_tables_is_told_clearly(database_url: str) -> None:
    with Database(database_url) as database:
        with pytest.raises(PortfolioError, match="portfolio db upgrade"), database.session() as session:
            session.execute(text("SELECT * FROM projects"))
        with pytest.raises(PortfolioError, match="has no tables yet; run `portfolio db upgrade`"):
            database.check()


def test_a_mistake_in_a_statement_is_not_disguised(database: Database) -> None:
    with pytest.raises((OperationalError, ProgrammingError)), database.session() as session:
        session.execute(text("SELEC 1"))


def test_an_upgrade_at_head_does_not_import_alembic(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "portfolio.db")
    with Database(url) as database:
        database.upgrade()
    program = (
        "import sys; from portfolio.db.session import Database; database = Database(sys.argv[1]); "
        "database.upgrade(); database.check(); print('alembic' in sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, url], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "False"


def test_programs_that_start_together_make_the_tables_once(database_url: str, tmp_path: Path) -> None:
    program = "import sys; from portfolio.db.session import Database; Database(sys.argv[1]).upgrade()"
    started = [
        subprocess.Popen([sys.executable, "-c", program, database_url], cwd=tmp_path, stderr=subprocess.PIPE)
        for _ in range(3)
    ]

    errors = [program.communicate()[1].decode() for program in started]

    assert errors == ["", "", ""]
    with Database(database_url) as database:
        assert database.current() == migrate.head()
