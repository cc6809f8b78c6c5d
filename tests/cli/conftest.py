"""Runs the real command in a workspace of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portfolio.db import repository
from portfolio.db.session import Database
from portfolio.domain.portfolio import Portfolio

ROOT = Path(__file__).parents[2]

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def shipped() -> Path:
    return ROOT


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder with the shipped workbook and scenarios."""
    return fill(tmp_path)


def fill(folder: Path) -> Path:
    """Puts the shipped workbook and scenarios into the folder."""
    (folder / "data").mkdir()
    shutil.copy(ROOT / "data/projects.xlsx", folder / "data/projects.xlsx")
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    return folder


def keep(folder: Path, portfolio: Portfolio, scenarios: Mapping[str, str]) -> Path:
    """Puts scenarios, and a database with data but no workbook, into the folder."""
    (folder / "scenarios").mkdir()
    for name, text in scenarios.items():
        (folder / "scenarios" / f"{name}.toml").write_text(text, encoding="utf-8")
    with Database(f"sqlite:///{folder / 'portfolio.db'}") as database:
        database.upgrade()
        with database.session() as session:
            now = datetime(2026, 3, 1, tzinfo=UTC)
            repository.save_import(
                session, portfolio, user="li", file_name="projects.xlsx", file_sha256="f" * 64, now=now
            )
    return folder


def environment() -> dict[str, str]:
    """The caller's, without settings of its own for this program."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PORTFOLIO_")}
    return {**kept, "PYTHONUTF8": "1"}


@pytest.fixture
def portfolio(workspace: Path) -> Run:
    """`portfolio("schedule", "--scenario", "base")` in the workspace, as a process."""
    return command(workspace)


def command(folder: Path) -> Run:
    """Runs the command in the folder."""

    def run(*arguments: str, cwd: Path = folder) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "portfolio", *arguments],
            cwd=cwd,
            env=environment(),
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )

    return run
