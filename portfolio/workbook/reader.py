"""Reading the input workbook: a portfolio, or every reason why not, each with its cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portfolio.domain.notice import Notice
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.text import Text
from portfolio.errors import InputRefusedError
from portfolio.workbook.checks import check_rows
from portfolio.workbook.counties import settle_counties
from portfolio.workbook.headers import find_heading
from portfolio.workbook.layout import SHEETS, Sheet
from portfolio.workbook.package import RawSheet, read_bytes, read_sheets, sha256
from portfolio.workbook.problems import Problems, Where
from portfolio.workbook.references import check_references
from portfolio.workbook.rows import read_rows
from portfolio.workbook.sheets import find_sheets
from portfolio.workbook.tables import Row, Tables, kept_rows, records


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What a workbook says.

    `portfolio` is None if any notice is an error. `sha256` is of the file's bytes; `tables_found`
    are the tables whose sheet is in the workbook, in workbook order.
    """

    portfolio: Portfolio | None
    notices: tuple[Notice, ...]
    sha256: str
    tables_found: tuple[str, ...]


def read(path: Path, existing: Portfolio | None = None) -> ReadResult:
    """Read a workbook. A sheet that is missing leaves what `existing` holds; one with only a header
    empties its table.

    Users' mistakes are notices, all of them at once, in the order of sheet, row and column.

    Raises:
        UsageError: the file does not exist or cannot be opened.
        InputRefusedError: the file is empty, damaged, encrypted, nothing that can be read, or has
            none of our sheets.
    """
    data = read_bytes(path)
    problems = Problems()
    found = find_sheets(read_sheets(data, path), problems)
    if not found.sheets:
        raise _no_table(path)
    rows: dict[str, list[Row]] = {}
    incomplete = set(found.doubled)
    for number, sheet in enumerate(SHEETS):
        if sheet.table in found.sheets:
            read_table = _read_table(found.sheets[sheet.table], sheet, number, problems)
        else:
            read_table = _keep_table(sheet, number, existing, problems)
        rows[sheet.table] = read_table or []
        if read_table is None:
            incomplete.add(sheet.table)
    tables = Tables(rows, frozenset(incomplete))
    settle_counties(tables, problems)
    check_references(tables, problems)
    check_rows(tables, problems)
    portfolio = None if problems.has_errors else _portfolio(rows)
    tables_found = tuple(sheet.table for sheet in SHEETS if sheet.table in found.sheets)
    return ReadResult(portfolio, problems.in_order(), sha256(data), tables_found)


def _no_table(path: Path) -> InputRefusedError:
    """Another workbook altogether: "all sheets are missing" would be taken for an import that changed nothing."""
    names = "、".join(sheet.title for sheet in SHEETS if sheet.needed_to_schedule)
    return InputRefusedError(
        f"{path}: 没有一张认得出的工作表；请确认选对了文件，或把工作表改名，如 {names} /"
        f" none of its sheets is one of the tables; is it the right file? If so name its sheets, e.g. {names}"
    )


def _read_table(raw: RawSheet, sheet: Sheet, number: int, problems: Problems) -> list[Row] | None:
    """The rows of a sheet; None if its header row or a needed column is missing."""
    where = Where(number, raw.title)
    for remark in raw.remarks:
        problems.notice(where, "", remark)
    heading = find_heading(raw, sheet, where, problems)
    if heading is None:
        return None
    rows = read_rows(raw, sheet, heading, where, problems)
    return rows if all(c.key in heading.columns for c in sheet.columns if c.needed) else None


def _keep_table(
    sheet: Sheet, number: int, existing: Portfolio | None, problems: Problems
) -> list[Row] | None:
    """What the database holds of a table that the workbook lacks; None if that cannot do."""
    held: tuple[object, ...] = getattr(existing, sheet.table) if existing else ()
    where = Where(number, sheet.title)
    if sheet.needed_to_schedule and not held:
        text = Text("缺少这张表，排期需要它；请补上", "the sheet is missing, and a schedule needs it; add it")
        problems.error(where, "", text)
        return None
    if held:
        text = Text(
            f"工作簿中没有这张表，保留数据库中的 {len(held)} 行",
            f"the sheet is missing; {len(held)} rows of the database are kept",
        )
        problems.warning(where, "", text)
    return kept_rows(sheet, number, held)


def _portfolio(tables: Mapping[str, list[Row]]) -> Portfolio:
    content: dict[str, Any] = {table: tuple(records(rows)) for table, rows in tables.items()}
    return Portfolio(**content)
