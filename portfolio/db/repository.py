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

from portfolio.db import trail
from portfolio.db.difference import RowChange, count_changes, difference
from portfolio.db.failures import readable
from portfolio.db.mapping import (
    TABLE_MAPS,
    Figures,
    TableMap,
    domain_row,
    estimate_values,
    figure_values,
    row_values,
)
from portfolio.db.records import ImportRecord, RunRecord, RunSummary
from portfolio.db.runs import list_runs, load_run, reserve_run_name, save_run
from portfolio.db.session import one_writer
from portfolio.db.tables import EstimateRow, ImportChangeRow, ImportKeptRow, ImportRow
from portfolio.db.trail import import_changes, last_import, list_imports
from portfolio.domain.fingerprint import portfolio_sha256
from portfolio.domain.portfolio import Portfolio
from portfolio.errors import InputRefusedError

__all__ = [
    "ImportRecord",
    "RunRecord",
    "RunSummary",
    "hold_writers",
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
    """The portfolio exactly as it was saved, rows in their order; empty before the first import.

    Raises:
        PortfolioError: the tables hold what no portfolio can; see `readable`.
    """
    with readable():
        return Portfolio(**{table.name: _load_table(session, table) for table in TABLE_MAPS})


def portfolio_as_of(session: Session, import_id: int) -> Portfolio:
    """The portfolio as that import left it, rows in their order; proven by the hash kept with it.

    Raises:
        UsageError: there is no such import.
        VerificationError: what the database keeps does not lead to it.
    """
    return trail.portfolio_as_of(session, import_id, load_portfolio(session))


def hold_writers(session: Session) -> None:
    """Keeps other imports waiting until the end of this transaction."""
    one_writer(session, ImportRow.__tablename__)


def save_import(
    session: Session,
    portfolio: Portfolio,
    *,
    user: str,
    file_name: str,
    file_sha256: str,
    now: datetime,
    revision: int | None = None,
    file_content: Portfolio | None = None,
    changes: tuple[RowChange, ...] | None = None,
) -> ImportRecord:
    """Makes `portfolio` the content of the database and records what changed, who did it and when;
    with it, what norms estimate where it is blank.

    `now` needs a time zone. An import that changes nothing is recorded too. `revision` is the import
    that the file was edited from, `file_content` what the file says where others' edits were merged in.
    `changes` is what leads from the database's content to `portfolio`, of a caller who compared them in
    this state of the database.

    Raises:
        InputRefusedError: a key is double, a reference leads nowhere or a figure is out of bounds;
            the database stays as it was.
    """
    hold_writers(session)
    if changes is None:
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
        revision=revision,
    )
    # a savepoint: a caller who catches the error must not keep a half-replaced portfolio
    with session.begin_nested():
        session.execute(delete(EstimateRow))
        if changes:
            _replace_contents(session, portfolio)
        if filled := estimate_values(portfolio):
            session.execute(insert(EstimateRow), filled)
        session.add(row)
        session.flush()
        trail.save_changes(session, ImportChangeRow, row.id, changes)
        if file_content is not None and file_content is not portfolio:
            trail.save_changes(session, ImportKeptRow, row.id, difference(portfolio, file_content))
    return trail.import_record(row)


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
        raise InputRefusedError(
            f"表 {table} 被数据库拒绝，未存入任何数据 / the table {table} was refused, nothing was stored: {cause}"
        ) from error
