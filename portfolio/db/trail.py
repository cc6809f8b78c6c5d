"""The audit trail: every import with what it changed, read from the newest state back to any of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portfolio.db.difference import KEY_JOINER, NATURAL_KEYS, ChangeKind, RowChange
from portfolio.db.merge import REFERENCES
from portfolio.db.records import ImportRecord
from portfolio.db.replay import replayed
from portfolio.db.tables import Base, ImportChangeRow, ImportKeptRow, ImportRow, ProjectRow
from portfolio.domain.fingerprint import portfolio_sha256
from portfolio.domain.portfolio import Portfolio
from portfolio.errors import UsageError, VerificationError

ChangeTable = type[ImportChangeRow] | type[ImportKeptRow]


def last_import(session: Session) -> ImportRecord | None:
    """The newest import, the one the stored portfolio came from; None before the first."""
    row = session.scalars(select(ImportRow).order_by(ImportRow.id.desc()).limit(1)).first()
    return import_record(row) if row else None


def list_imports(session: Session) -> tuple[ImportRecord, ...]:
    """All imports, oldest first."""
    return tuple(map(import_record, session.scalars(select(ImportRow).order_by(ImportRow.id))))


def import_record(row: ImportRow) -> ImportRecord:
    return ImportRecord(
        id=row.id,
        imported_at=row.imported_at,
        user=row.user,
        file_name=row.file_name,
        file_sha256=row.file_sha256,
        portfolio_sha256=row.portfolio_sha256,
        rows_added=row.rows_added,
        rows_removed=row.rows_removed,
        rows_changed=row.rows_changed,
        revision=row.revision,
    )


def import_changes(session: Session, import_id: int) -> tuple[RowChange, ...]:
    """The difference that an import made, as `difference` gave it."""
    return _changes(session, ImportChangeRow, import_id)


def kept_changes(session: Session, import_id: int) -> tuple[RowChange, ...]:
    """The difference from the portfolio that an import led to, to what its file said; none unless the
    import kept something of the database against the file."""
    return _changes(session, ImportKeptRow, import_id)


def save_changes(session: Session, table: ChangeTable, import_id: int, changes: Iterable[RowChange]) -> None:
    """Stores a difference, in bulk."""
    rows = [
        {
            "import_id": import_id,
            "position": position,
            "table_name": change.table,
            "row_key": change.row,
            "kind": change.kind,
            "column_name": change.column,
            "old_value": change.old,
            "new_value": change.new,
        }
        for position, change in enumerate(changes)
    ]
    if rows:
        # the plain table: bulk inserts by class cost twice the time
        session.execute(insert(Base.metadata.tables[table.__tablename__]), rows)


# --- the data of an import ----------------------------------------------------------------------


def portfolio_as_of(session: Session, import_id: int, current: Portfolio) -> Portfolio:
    """The portfolio as that import left it, rows in their order; proven by the hash kept with it.
    `current` is what the database holds now: no need to go back where that is it.

    Raises:
        UsageError: there is no such import.
        VerificationError: what the database keeps does not lead to it.
    """
    row = session.get(ImportRow, import_id)
    if row is None:
        raise UsageError(f"没有第 {import_id} 次导入 / there is no import {import_id}")
    if portfolio_sha256(current) == row.portfolio_sha256:
        return current
    portfolio = _replayed(session, import_id)
    if portfolio_sha256(portfolio) != row.portfolio_sha256:
        raise _not_kept(import_id, "内容指纹不符 its hash is another")
    return portfolio


def file_as_of(session: Session, import_id: int, current: Portfolio) -> Portfolio:
    """What the file of that import said. Raises: as `portfolio_as_of`."""
    kept = kept_changes(session, import_id)
    if not kept:
        return portfolio_as_of(session, import_id, current)
    return _replayed(session, import_id, kept)


def _replayed(session: Session, import_id: int, *more: tuple[RowChange, ...]) -> Portfolio:
    earlier = session.scalars(select(ImportRow.id).where(ImportRow.id <= import_id).order_by(ImportRow.id))
    trail = [import_changes(session, number) for number in earlier.all()]
    try:
        return replayed((*trail, *more))
    except ValueError as error:
        raise _not_kept(import_id, str(error)) from None


def _not_kept(import_id: int, why: str) -> VerificationError:
    return VerificationError(
        f"导入记录还原不出第 {import_id} 次导入的数据 / the changes kept do not lead to the data of import"
        f" {import_id}: {why}"
    )


# --- who changed what ---------------------------------------------------------------------------


def last_changed_in(session: Session, since: int) -> dict[tuple[str, str], int]:
    """(table, row) -> the newest import after `since` that changed it."""
    row = ImportChangeRow
    query = (
        select(row.table_name, row.row_key, row.import_id)
        .where(row.import_id > since)
        .order_by(row.import_id)
        .distinct()
    )
    return {(table, key): import_id for table, key, import_id in session.execute(query)}


def changes_of_project(session: Session, project: str) -> dict[int, tuple[RowChange, ...]]:
    """Import -> its changes of rows that name the project, in any table; imports oldest first."""
    row = ImportChangeRow
    query = (
        select(row.import_id, *_columns(row))
        .where(row.table_name.in_(_PROJECT_COLUMNS), row.row_key.contains(project, autoescape=True))
        .order_by(row.import_id, row.position)
    )
    found: dict[int, list[RowChange]] = {}
    for import_id, *values in session.execute(query):
        change = RowChange(*values)
        if _names(change.table, change.row, project):
            found.setdefault(import_id, []).append(change)
    return {import_id: tuple(changes) for import_id, changes in found.items()}


def known_projects(session: Session) -> tuple[str, ...]:
    """The key of every project there ever was."""
    row = ImportChangeRow
    query = select(row.row_key).where(row.table_name == "projects", row.kind == ChangeKind.ADDED).distinct()
    return tuple(session.scalars(query))


def project_names(session: Session) -> dict[str, str]:
    """The names of the projects there are now: key -> Chinese name, else the English one."""
    row = ProjectRow
    return {key: zh or en for key, zh, en in session.execute(select(row.key, row.name_zh, row.name_en))}


_PROJECT_COLUMNS = {
    table: tuple(column for column, target in columns if target == "projects")
    for table, columns in REFERENCES.items()
    if any(target == "projects" for _, target in columns)
}
_NUMBER = re.compile(r" #\d+$")


def _names(table: str, row: str, project: str) -> bool:
    """Whether a row names the project, from what changes call it."""
    if table == "projects":
        return row == project
    columns = NATURAL_KEYS[table]
    plain = _NUMBER.sub("", row)
    for words in (row, plain):
        values = words.split(KEY_JOINER)
        if len(values) != len(columns):  # a key that holds the joiner itself
            if f"{KEY_JOINER}{project}{KEY_JOINER}" in f"{KEY_JOINER}{words}{KEY_JOINER}":
                return True
        elif any(values[columns.index(column)] == project for column in _PROJECT_COLUMNS[table]):
            return True
    return False


def _changes(session: Session, table: ChangeTable, import_id: int) -> tuple[RowChange, ...]:
    query = select(*_columns(table)).where(table.import_id == import_id).order_by(table.position)
    return tuple(RowChange(*values) for values in session.execute(query))


def _columns(table: ChangeTable) -> tuple[Any, ...]:
    return (
        table.table_name,
        table.row_key,
        table.kind,
        table.column_name,
        table.old_value,
        table.new_value,
    )
