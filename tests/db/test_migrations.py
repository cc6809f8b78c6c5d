"""The migrations make exactly the tables that the program uses, and can be undone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from pytest_alembic.tests import (  # noqa: F401 - collected as tests of this file
    test_model_definitions_match_ddl,
    test_single_head_revision,
    test_up_down_consistency,
    test_upgrade,
)
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import IntegrityError

from portfolio.db import migrate
from portfolio.db.repository import load_portfolio
from portfolio.db.session import Database
from portfolio.db.tables import Base
from portfolio.domain.portfolio import Portfolio
from portfolio.errors import PortfolioError

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def alembic_config() -> dict[str, Any]:
    return {"file": str(REPOSITORY / "alembic.ini")}


@pytest.fixture
def alembic_engine(database_url: str) -> Iterator[Engine]:
    with Database(database_url) as database:
        yield database.engine


def structure(engine: Engine) -> dict[str, Any]:
    """Everything the database says about its tables, with names of constraints and their text."""
    found = inspect(engine)

    def by_name(items: Any) -> list[Any]:
        return sorted((dict(item) for item in items), key=lambda item: str(item["name"]))

    return {
        table: {
            "columns": [{k: str(v) for k, v in column.items()} for column in found.get_columns(table)],
            "primary": found.get_pk_constraint(table),
            "foreign": by_name(found.get_foreign_keys(table)),
            "unique": by_name(found.get_unique_constraints(table)),
            "check": by_name(found.get_check_constraints(table)),
            "index": by_name(found.get_indexes(table)),
        }
        for table in found.get_table_names()
        if table != migrate.VERSION_TABLE
    }


def test_migrated_tables_equal_the_programs_in_every_constraint(database_url: str) -> None:
    """More than Alembic compares: checks, keys and the names of all constraints."""
    with Database(database_url) as database:
        database.upgrade()
        migrated = structure(database.engine)
        Base.metadata.drop_all(database.engine)
        Base.metadata.create_all(database.engine)
        assert migrated == structure(database.engine)

    assert set(migrated) == set(Base.metadata.tables)
    assert sum(len(table["check"]) for table in migrated.values()) > 30


def test_every_constraint_has_a_name() -> None:
    nameless = [
        (table.name, constraint)
        for table in Base.metadata.sorted_tables
        for constraint in table.constraints
        if constraint.name is None
    ]

    assert nameless == []


def test_file_names_start_with_the_revision(alembic_config: dict[str, Any]) -> None:
    """The program reads the revisions it knows from the file names, without Alembic."""
    script = ScriptDirectory.from_config(Config(alembic_config["file"]))

    revisions = [revision.revision for revision in script.walk_revisions()]

    assert migrate.revisions() == tuple(reversed(revisions))
    assert migrate.head() == script.get_current_head()


HEAD = migrate.head()
NEXT = f"{int(HEAD) + 1:04}"
ANOTHER = """
import sqlalchemy as sa
from alembic import op
from portfolio.domain.portfolio import Portfolio
from portfolio.errors import PortfolioError

revision, down_revision = "NEXT", "HEAD"

def upgrade():
"""

FAILS = """
    op.create_table("half_done", sa.Column("id", sa.Integer()))
    raise PortfolioError("stop")
"""
COPIES_A_TABLE = """
    with op.batch_alter_table("projects", recreate="always" if SQLITE else "auto") as batch:
        batch.add_column(sa.Column("phase", sa.Text()))
"""
BREAKS_REFERENCES = """
    op.execute("DELETE FROM projects")
"""


@pytest.fixture
def another_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Gives the program one more migration that consists of the given statements."""

    def add(statements: str) -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(migrate.folder(), folder, ignore=shutil.ignore_patterns("__pycache__"))
        header = ANOTHER.replace("NEXT", NEXT).replace("HEAD", HEAD)
        statements = statements.replace("SQLITE", 'op.get_bind().dialect.name == "sqlite"')
        (folder / "versions" / f"{NEXT}_another.py").write_text(header + statements, "utf-8")
        monkeypatch.setattr(migrate, "folder", lambda: folder)

    return add


def test_an_upgrade_that_fails_in_its_last_step_leaves_no_tables(
    database_url: str, another_migration: Callable[[str], None]
) -> None:
    another_migration(FAILS)

    with Database(database_url) as database:
        with pytest.raises(PortfolioError, match="stop"):
            database.upgrade()
        assert database.current() is None
        assert inspect(database.engine).get_table_names() == []


def test_an_upgrade_that_copies_a_table_keeps_the_rows_that_refer_to_it(
    database: Database,
    store: Callable[[Portfolio], None],
    full_portfolio: Portfolio,
    another_migration: Callable[[str], None],
) -> None:
    store(full_portfolio)
    another_migration(COPIES_A_TABLE)

    database.upgrade()

    assert database.current() == NEXT
    with database.snapshot() as session:
        assert load_portfolio(session) == full_portfolio


def test_an_upgrade_that_breaks_references_is_undone(
    database: Database,
    store: Callable[[Portfolio], None],
    full_portfolio: Portfolio,
    another_migration: Callable[[str], None],
) -> None:
    store(full_portfolio)
    another_migration(BREAKS_REFERENCES)

    with pytest.raises((PortfolioError, IntegrityError), match=r"break references|violates foreign key"):
        database.upgrade()

    assert database.current() == HEAD
    with database.snapshot() as session:
        assert load_portfolio(session) == full_portfolio


def test_the_program_finds_its_migrations_from_any_folder(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with Database(database_url) as database:
        database.upgrade()
        assert database.current() == migrate.head()


def test_the_installed_package_brings_its_own_migrations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "portfolio"
    (package / "db").mkdir(parents=True)
    monkeypatch.setattr(migrate, "__file__", str(package / "db" / "migrate.py"))
    assert migrate.folder() == tmp_path / "migrations"

    (package / "migrations").mkdir()

    assert migrate.folder() == package / "migrations"


def test_the_alembic_command_follows_the_environment(database_url: str) -> None:
    command = [sys.executable, "-m", "alembic", "upgrade", "head"]
    environment = os.environ | {"PORTFOLIO_DATABASE_URL": database_url}

    subprocess.run(command, cwd=REPOSITORY, env=environment, check=True, capture_output=True)

    with Database(database_url) as database:
        database.check()
