"""A desk: one database, several people's workbooks, and the command line in this process."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from portfolio.cli.main import main
from portfolio.db.repository import load_portfolio
from portfolio.db.session import Database
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import Basis
from portfolio.imports import import_workbook
from portfolio.imports.history import exported
from portfolio.workbook.reader import read
from portfolio.workbook.revision import read_revision
from portfolio.workbook.writer import write
from tests.builders import a_project, a_source, capacity, caps, demand, seats

P = a_project("p", cost=100, name_zh="一小", duration=2, basis=Basis.STATED, priority=3)
Q = replace(P, key="q", name_zh="二小")
R = replace(P, key="r", name_zh="三小")


def a_portfolio(**tables: Any) -> Portfolio:
    """Three projects with seats, one source; it imports without a word."""
    given: dict[str, Any] = {
        "projects": (P, Q, R),
        "seats": tuple(seats(key, 90) for key in "pqr"),
        "funding_sources": (a_source(),),
        "funding_caps": (caps(50, 60),),
        "capacity": (capacity(500),),
        "demand": (demand(600, 700),),
    }
    return Portfolio(**{**given, **tables})


def changed(key: str, **cells: Any) -> Callable[[Portfolio], Portfolio]:
    """An edit of one project."""

    def edit(portfolio: Portfolio) -> Portfolio:
        rows = (replace(p, **cells) if p.key == key else p for p in portfolio.projects)
        return replace(portfolio, projects=tuple(rows))

    return edit


def without(key: str) -> Callable[[Portfolio], Portfolio]:
    """An edit that deletes a project and its seats."""

    def edit(portfolio: Portfolio) -> Portfolio:
        return replace(
            portfolio,
            projects=tuple(p for p in portfolio.projects if p.key != key),
            seats=tuple(s for s in portfolio.seats if s.project != key),
        )

    return edit


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Desk:
    """Runs commands in a folder; `file` and `edit` do what people do in Excel."""

    folder: Path
    run: Callable[..., Done]

    def file(self, name: str, portfolio: Portfolio) -> Path:
        """A workbook typed from scratch."""
        path = self.folder / name
        write(portfolio, path)
        return path

    def export(self, *names: str) -> None:
        for name in names:
            assert self.run("export", name).code == 0

    def edit(self, name: str, change: Callable[[Portfolio], Portfolio]) -> None:
        """Changes a workbook and saves it; its revision stays, as Excel keeps it."""
        path = self.folder / name
        portfolio = read(path).portfolio
        assert portfolio is not None
        write(change(portfolio), path, revision=read_revision(path.read_bytes()))

    def take_in(self, name: str, *options: str) -> Done:
        """An import that must succeed."""
        done = self.run("import", name, *options)
        assert done.code == 0, done.err
        return done

    def held(self) -> Portfolio:
        with Database(self.url) as database, database.snapshot() as session:
            return load_portfolio(session)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'portfolio.db'}"

    def stored(self) -> bytes:
        """The bytes of the database."""
        return (self.folder / "portfolio.db").read_bytes()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOGNAME", "li")
    monkeypatch.delenv("PORTFOLIO_DATABASE_URL", raising=False)

    def run(*arguments: str, user: str = "li") -> Done:
        monkeypatch.setenv("LOGNAME", user)
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main(list(arguments))
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return Done(int(end.value.code or 0), told.out, told.err)

    return Desk(tmp_path, run)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the database and the exports of `shared`, made once."""
    folder = tmp_path_factory.mktemp("prepared")
    write(a_portfolio(), folder / "first.xlsx")
    with Database(f"sqlite:///{folder / 'portfolio.db'}") as database:
        import_workbook(database, folder / "first.xlsx")
        portfolio, revision = exported(database)
    write(portfolio, folder / "a.xlsx", revision=revision)
    shutil.copy(folder / "a.xlsx", folder / "b.xlsx")
    return folder


@pytest.fixture
def shared(desk: Desk, prepared: Path) -> Desk:
    """A database with the portfolio (import 1), and two exports of it: a.xlsx and b.xlsx."""
    shutil.copytree(prepared, desk.folder, dirs_exist_ok=True)
    return desk
