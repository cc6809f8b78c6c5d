"""Versions of the tables. Alembic is imported only when there is something to migrate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

VERSION_TABLE = "alembic_version"


def folder() -> Path:
    """The folder of the migrations: inside the installed package, else beside it in the repository."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def revisions() -> tuple[str, ...]:
    """Every version this program knows, oldest first; the files are named `<revision>_<what>.py`."""
    return tuple(sorted(file.name.split("_")[0] for file in (folder() / "versions").glob("[0-9]*_*.py")))


def head() -> str:
    """The version this program works with."""
    return revisions()[-1]


def upgrade(connection: Connection, before: Callable[[Connection], None]) -> None:
    """Runs the missing migrations on `connection`, in one transaction, which `before` begins."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["before"] = before
    command.upgrade(config, "head")
