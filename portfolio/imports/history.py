"""The audit trail for people: who imported which file when, and which cells it changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portfolio.db import repository, trail
from portfolio.db.difference import RowChange
from portfolio.db.records import ImportRecord
from portfolio.db.session import Database
from portfolio.domain.fingerprint import portfolio_sha256
from portfolio.domain.portfolio import Portfolio
from portfolio.errors import UsageError
from portfolio.workbook.revision import Revision
from portfolio.workbook.words import nearest


@dataclass(frozen=True, slots=True)
class Entry:
    """An import with changes it made; `kept` is what it kept of the database, as changes from that to
    what its file said."""

    record: ImportRecord
    changes: tuple[RowChange, ...]
    kept: tuple[RowChange, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """Entries, oldest first, and the names of projects by key, as the database has them now."""

    entries: tuple[Entry, ...]
    names: Mapping[str, str]


def list_imports(database: Database) -> tuple[ImportRecord, ...]:
    """Every import, oldest first."""
    _make_ready(database)
    with database.snapshot() as session:
        return trail.list_imports(session)


def of_import(database: Database, import_id: int) -> History:
    """All that one import changed.

    Raises:
        UsageError: there is no such import.
    """
    _make_ready(database)
    with database.snapshot() as session:
        record = next((r for r in trail.list_imports(session) if r.id == import_id), None)
        if record is None:
            raise UsageError(
                f"没有第 {import_id} 次导入；用 portfolio history 查看各次导入 / there is no import {import_id};"
                " portfolio history lists them"
            )
        entry = Entry(
            record, trail.import_changes(session, import_id), trail.kept_changes(session, import_id)
        )
        return History((entry,), trail.project_names(session))


def of_project(database: Database, project: str) -> History:
    """Every change that touched a row of the project, in any table.

    Raises:
        UsageError: there never was such a project; the message names the nearest key.
    """
    _make_ready(database)
    with database.snapshot() as session:
        known = trail.known_projects(session)
        if project not in known:
            near = nearest(project, known)
            zh, en = (f"；是否指 {near}？", f"; did you mean {near}?") if near else ("", "")
            raise UsageError(f"没有项目 {project}{zh} / there is no project {project}{en}")
        changes = trail.changes_of_project(session, project)
        records = {record.id: record for record in trail.list_imports(session)}
        entries = tuple(Entry(records[number], found) for number, found in changes.items())
        return History(entries, trail.project_names(session))


def exported(database: Database) -> tuple[Portfolio, Revision | None]:
    """What the database holds, and the revision an export of it carries; None before the first import,
    or where something else than an import changed the tables."""
    database.upgrade()
    with database.snapshot() as session:
        portfolio = repository.load_portfolio(session)
        last = trail.last_import(session)
    if last is None or last.portfolio_sha256 != portfolio_sha256(portfolio):
        return portfolio, None
    return portfolio, Revision(last.id, last.portfolio_sha256)


def _make_ready(database: Database) -> None:
    """Raises:
    UsageError: there is no database yet; a command that only reads does not make one.
    """
    if database.current() is None:
        raise UsageError(f"{database.place}: 还没有数据库 / there is no database yet")
    database.upgrade()
