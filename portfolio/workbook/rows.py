"""The rows below a header: cells to values, values to the dataclasses of the domain."""

from __future__ import annotations

from collections.abc import Sequence

from portfolio.domain.text import Text
from portfolio.workbook.asides import Aside, Asides
from portfolio.workbook.cells import convert
from portfolio.workbook.headers import Heading
from portfolio.workbook.layout import Column, Kind, Sheet
from portfolio.workbook.merges import without_merges
from portfolio.workbook.package import Raw, RawSheet
from portfolio.workbook.problems import Problems, Where
from portfolio.workbook.reading import Manner, is_blank, shown
from portfolio.workbook.records import to_record
from portfolio.workbook.shares import settle_shares
from portfolio.workbook.tables import Row

_BLANK_IS_A_FIGURE = frozenset({"total_cost", "duration_years", "open_lag", "max_share", "public"})
"""Columns whose blank cells stand for a figure of their own (an estimate, the scenario's, 100 %, yes). A
dash there might mean 0 or no, so that it is not taken for a blank. The same goes for seats by year,
where a blank is as the year before."""


def read_rows(raw: RawSheet, sheet: Sheet, heading: Heading, where: Where, problems: Problems) -> list[Row]:
    """Every row of the sheet that holds data."""
    by_key = heading.by_key
    reader = _RowReader(sheet, heading, raw.text_only, problems)
    asides = Asides(sheet, heading)
    rows, hidden = [], []
    for number, cells in without_merges(raw, sheet, heading, where, problems).items():
        place = Where(where.sheet_number, where.title, number, by_key)
        aside = asides.kind_of(cells)
        if aside is not None:
            if aside is not Aside.BLANK:
                first = next(cell for cell in cells if not is_blank(cell))
                problems.notice(place, "", aside.value, shown(first))
            continue
        if number in raw.hidden_rows:
            hidden.append(place)
        rows.append(reader.read(cells, place))
    _tell_hidden(hidden, problems)
    settle_shares(sheet.table, rows, problems)
    for row in rows:
        _finish(row, sheet, problems)
    _without_basis(sheet, rows, problems)
    return rows


class _RowReader:
    """Reads the rows of one sheet."""

    def __init__(self, sheet: Sheet, heading: Heading, text_only: bool, problems: Problems) -> None:
        self._problems = problems
        self._columns = [
            (column, heading.columns[column.key], manner_of(column, heading, text_only))
            for column in sheet.columns
            if column.key in heading.columns
        ]
        self._years = [
            (column, number, manner_of(column, heading, text_only))
            for column, number in (
                (sheet.column(str(year)), number) for year, number in heading.years.items()
            )
        ]
        self._needed = [column for column, _, _ in self._columns if column.needed]

    def read(self, cells: Sequence[Raw], where: Where) -> Row:
        """The row with every value that can be read; what cannot is told."""
        row = Row(where, {})
        for column, number, manner in self._columns:
            if number <= len(cells) and cells[number - 1] is not None:
                self._cell(cells[number - 1], column, manner, row, row.values)
        years: dict[str, object] = {}
        for column, number, manner in self._years:
            if number <= len(cells) and cells[number - 1] is not None:
                self._cell(cells[number - 1], column, manner, row, years)
        row.years = {int(year): value for year, value in years.items() if isinstance(value, int)}
        self._blanks(row)
        return row

    def _cell(self, raw: Raw, column: Column, manner: Manner, row: Row, into: dict[str, object]) -> None:
        if is_blank(raw):
            return
        reading = convert(raw, column, manner)
        if not reading.ok:
            row.unreadable.add(column.key)
        elif not reading.blank:
            into[column.key] = reading.value
        if reading.remark is not None:
            self._problems.add(reading.severity, row.where, column.key, reading.remark, shown(raw))

    def _blanks(self, row: Row) -> None:
        """Needed cells that are blank; all of them together are one mistake."""
        blank = [column for column in self._needed if row.is_blank(column.key)]
        row.unreadable.update(column.key for column in blank)
        if len(blank) > 1 and len(blank) == len(self._needed):
            text = Text(
                f"本行缺少 {'、'.join(column.zh for column in blank)}；请补上，或删去本行",
                f"the row lacks {', '.join(column.key for column in blank)}; fill them in, or delete the row",
            )
            self._problems.error(row.where, blank[0].key, text)
            return
        for column in blank:
            text = Text(
                f"{column.zh} 不能空白；请填写：{column.note.zh}",
                f"{column.key} is blank; write: {column.note.en}",
            )
            self._problems.error(row.where, column.key, text)


def manner_of(column: Column, heading: Heading, text_only: bool = False) -> Manner:
    """How the cells of a column are taken under this heading."""
    by_year = column.kind is Kind.INT and column.key.isdecimal()
    dash = not (column.needed or by_year or column.key in _BLANK_IS_A_FIGURE)
    return Manner(heading.units.get(column.key, ""), dash, text_only)


def _finish(row: Row, sheet: Sheet, problems: Problems) -> None:
    """Make the record of a row with which nothing is wrong."""
    if row.unreadable or any(column.needed and column.key not in row.values for column in sheet.columns):
        return
    try:
        row.record = to_record(sheet.table, row.values, row.years)
    except (ValueError, TypeError) as problem:
        # Every rule has its own message; this is the net below them.
        row.unreadable.add("")
        text = Text(f"本行无法使用：{problem}", f"the row cannot be used: {problem}")
        problems.error(row.where, "", text)


def _tell_hidden(rows: Sequence[Where], problems: Problems) -> None:
    if rows:
        listed = ", ".join(str(where.row) for where in rows[:20]) + (" …" if len(rows) > 20 else "")
        text = Text(
            f"隐藏或被筛选的 {len(rows)} 行也已读入：第 {listed} 行",
            f"{len(rows)} hidden or filtered rows were read too: rows {listed}",
        )
        problems.notice(rows[0], "", text)


def _without_basis(sheet: Sheet, rows: Sequence[Row], problems: Problems) -> None:
    """One warning for all rows that do not say where their figures come from."""
    if not any(column.key == "basis" for column in sheet.columns):
        return
    needed = [column.key for column in sheet.columns if column.needed]
    blank = [row for row in rows if row.is_blank("basis") and not row.unreadable.issuperset(needed or [""])]
    if blank:
        text = Text(
            f"{len(blank)} 行没有数据性质，按“假定 assumed”处理",
            f"no basis, taken as assumed (rows: {len(blank)})",
        )
        problems.warning(blank[0].where, "basis", text)
