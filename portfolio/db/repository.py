"""Loads and saves the portfolio with its audit trail; the runs are offered here too. Every function
works inside the caller's transaction: all of one `Database.session()` is kept together, or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import DataError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from portfolio.db.difference import RowChange, count_changes, difference
from portfolio.db.mapping import TABLE_MAPS, Figures, TableMap, domain_row, figure_values, row_values
from portfolio.db.records import ImportRecord, RunRecord, RunSummary
from portfolio.db.replay import replayed
from portfolio.db.runs import list_runs, load_run, reserve_run_name, save_run
from portfolio.db.session import one_writer
from portfolio.db.tables import ImportChangeRow, ImportRow
from portfolio.domain.fingerprint import portfolio_sha256
from portfolio.domain.portfolio import Portfolio
from portfolio.errors import InputRefusedError, UsageError, VerificationError

__all__ = [
    "ImportRecord",
    "RunRecord",
    "RunSummary",
    "import_changes",
    "last_import",
    "list_imports",
    "list_runs",
    "load_portfolio",
    "load_run",
    "portfolio_as_of",
    "reserve_run_name",
    "save_import",
    "save_run",
]


def load_portfolio(session: Session) -> Portfolio:
    """The portfolio exactly as it was saved, rows in their order; empty before the first import."""
    return Portfolio(**{table.name: _load_table(session, table) for table in TABLE_MAPS})


def portfolio_as_of(session: Session, import_id: int) -> Portfolio:
    """The portfolio as that import left it, rows in their order; proven by the hash kept with it.

    Raises:
        UsageError: there is no such import.
        VerificationError: what the database keeps does not lead to it.
    """
    row = session.get(ImportRow, import_id)
    if row is None:
        raise UsageError(f"没有第 {import_id} 次导入 / there is no import {import_id}")
    current = load_portfolio(session)
    if portfolio_sha256(current) == row.portfolio_sha256:
        return current
    earlier = session.scalars(select(ImportRow.id).where(ImportRow.id <= import_id).order_by(ImportRow.id))
    try:
        portfolio = replayed(import_changes(session, number) for number in earlier.all())
    except ValueError as error:
        raise _not_kept(import_id, str(error)) from None
    if portfolio_sha256(portfolio) != row.portfolio_sha256:
        raise _not_kept(import_id, "内容指纹不符 its hash is another")
    return portfolio


def _not_kept(import_id: int, why: str) -> VerificationError:
    return VerificationError(
        f"导入记录还原不出第 {import_id} 次导入的数据 / the changes kept do not lead to the data of import"
        f" {import_id}: {why}"
    )


def save_import(
    session: Session, portfolio: Portfolio, *, user: str, file_name: str, file_sha256: str, now: datetime
) -> ImportRecord:
    """Makes `portfolio` the content of the database and records what changed, who did it and when.

    `now` needs a time zone. An import that changes nothing is recorded too.

    Raises:
        InputRefusedError: a key is double, a reference leads nowhere or a figure is out of bounds;
            the database stays as it was.
    """
    one_writer(session, ImportRow.__tablename__)
    changes = difference(load_portfolio(session), portfolio)
    counts = count_changes(changes)
    row = ImportRow(
        imported_at=now,
        user=user,
        file_name=file_name,
        file_sha256=file_sha256,
        portfolio_sha256=portfolio_sha256(portfolio),
        rows_added=counts.added,
        rows_removed=counts.removed,
        rows_changed=counts.changed,
    )
    # a savepoint: a caller who catches the error must not keep a half-replaced portfolio
    with session.begin_nested():
        if changes:
            _replace_contents(session, portfolio)
        session.add(row)
        session.flush()
        _save_changes(session, row.id, changes)
    return _import_record(row)


def last_import(session: Session) -> ImportRecord | None:
    """The newest import, the one the stored portfolio came from; None before the first."""
    row = session.scalars(select(ImportRow).order_by(ImportRow.id.desc()).limit(1)).first()
    return _import_record(row) if row else None


def list_imports(session: Session) -> tuple[ImportRecord, ...]:
    """All imports, oldest first."""
    return tuple(map(_import_record, session.scalars(select(ImportRow).order_by(ImportRow.id))))


def import_changes(session: Session, import_id: int) -> tuple[RowChange, ...]:
    """The difference that an import made, as `difference` gave it."""
    row = ImportChangeRow
    query = (
        select(row.table_name, row.row_key, row.kind, row.column_name, row.old_value, row.new_value)
        .where(row.import_id == import_id)
        .order_by(row.position)
    )
    return tuple(RowChange(*values) for values in session.execute(query))


def _load_table(session: Session, table: TableMap) -> tuple[Any, ...]:
    columns = table.table.columns
    query = select(columns["position"], *(columns[name] for name in table.columns)).order_by(
        columns["position"]
    )
    figures = _load_figures(session, table.figures) if table.figures else {}
    return tuple(
        domain_row(table, values, figures.get(position, ())) for position, *values in session.execute(query)
    )


def _load_figures(session: Session, figures: Figures) -> dict[int, list[tuple[int, Any]]]:
    """(year, figure) in the order of years, by the position of the parent row."""
    position, year, figure = figures.table.columns
    found: dict[int, list[tuple[int, Any]]] = defaultdict(list)
    for row in session.execute(select(position, year, figure).order_by(position, year)):
        found[row[0]].append((row[1], row[2]))
    return found


def _replace_contents(session: Session, portfolio: Portfolio) -> None:
    for table in reversed(TABLE_MAPS):
        if table.figures:
            session.execute(delete(table.figures.table))
        session.execute(delete(table.table))
    for table in TABLE_MAPS:
        with _input_errors(table.name):
            _insert_table(session, table, getattr(portfolio, table.name))


def _insert_table(session: Session, table: TableMap, items: tuple[Any, ...]) -> None:
    rows = [row_values(table, item, position) for position, item in enumerate(items)]
    if rows:
        session.execute(insert(table.table), rows)
    if table.figures:
        yearly = [v for i, item in enumerate(items) for v in figure_values(table.figures, item, i)]
        if yearly:
            session.execute(insert(table.figures.table), yearly)


@contextmanager
def _input_errors(table: str) -> Iterator[None]:
    """Raises what the database refuses as an error of the input. The reader of the workbook finds
    such faults first and with their cells; this is the last line."""
    try:
        yield
    except (StatementError, OverflowError, UnicodeError) as error:
        cause = error.orig if isinstance(error, StatementError) else error
        if not isinstance(error, IntegrityError | DataError) and not isinstance(
            cause, ValueError | OverflowError
        ):
            raise
        raise InputRefusedError(f"The table {table} was refused, nothing was stored: {cause}") from error


def _save_changes(session: Session, import_id: int, changes: tuple[RowChange, ...]) -> None:
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
        session.execute(insert(ImportChangeRow), rows)


def _import_record(row: ImportRow) -> ImportRecord:
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
    )
