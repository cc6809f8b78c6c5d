"""The rows below a header: cells to values, values to the dataclasses of the domain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from openpyxl.utils import get_column_letter

from portfolio.domain.text import Text
from portfolio.workbook.cells import Share, convert, is_blank, shown
from portfolio.workbook.headers import Heading
from portfolio.workbook.layout import Column, Sheet
from portfolio.workbook.package import Raw, RawSheet
from portfolio.workbook.problems import Problems, Where
from portfolio.workbook.records import SHARE_COLUMNS, to_record, to_values
from portfolio.workbook.words import clean_key


@dataclass(slots=True)
class Row:
    """A row of a table: where it stands, its values by column key (blank cells have none), the
    columns that could not be read, and the record, if nothing was wrong."""

    where: Where
    values: dict[str, object]
    years: dict[int, int] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    record: object | None = None

    def text(self, key: str) -> str:
        """Text, a key or the code of a listed value; "" if blank or unreadable."""
        value = self.values.get(key, "")
        return value if isinstance(value, str) else ""

    def whole(self, key: str) -> int | None:
        """A whole number, a year, or money in hundredths of 万元."""
        value = self.values.get(key)
        return value if isinstance(value, int) else None

    def exact(self, key: str) -> Decimal | None:
        value = self.values.get(key)
        return value if isinstance(value, Decimal) else None

    def is_blank(self, key: str) -> bool:
        """Blank, not merely unreadable."""
        return key not in self.values and key not in self.unreadable


@dataclass(frozen=True, slots=True)
class Tables:
    """Table -> its rows, those of the workbook or those the database keeps. `incomplete` tables lack
    their sheet, header or a needed column: checks against them would only repeat that."""

    rows: Mapping[str, list[Row]]
    incomplete: frozenset[str] = frozenset()

    def __getitem__(self, table: str) -> list[Row]:
        return self.rows[table]

    def complete(self, *tables: str) -> bool:
        return not self.incomplete.intersection(tables)


def kept_rows(sheet: Sheet, number: int, records: tuple[object, ...]) -> list[Row]:
    """The rows of a table that the workbook lacks and the database holds."""
    rows = []
    for record in records:
        values, years = to_values(sheet, record)
        rows.append(Row(Where(number, sheet.title, kept=True), values, years, record=record))
    return rows


def read_rows(raw: RawSheet, sheet: Sheet, heading: Heading, number: int, problems: Problems) -> list[Row]:
    """Every row of the sheet that is not blank and not a total."""
    by_key = heading.by_key
    reader = _RowReader(sheet, heading, problems)
    rows = []
    cells_of = _without_merges(raw, sheet, heading, number, problems)
    hidden = []
    for row_number, cells in cells_of.items():
        where = Where(number, raw.title, row_number, by_key)
        if reader.skipped(cells, where):
            continue
        if row_number in raw.hidden_rows:
            hidden.append(row_number)
        rows.append(reader.read(cells, where))
    if hidden:
        _hidden(hidden, Where(number, raw.title, hidden[0], by_key), problems)
    _without_basis(sheet, rows, problems)
    return rows


_TOTAL = re.compile(r"(合计|小计|总计|共计|累计)|(grand|sub)?totals?[:：]?$", re.IGNORECASE)
_FOOTER = re.compile(r"(注|备注|说明|note|notes|source)\d*[:：]", re.IGNORECASE)


class _RowReader:
    """Reads the rows of one sheet."""

    def __init__(self, sheet: Sheet, heading: Heading, problems: Problems) -> None:
        self._sheet, self._heading, self._problems = sheet, heading, problems
        self._columns = [(c, heading.columns[c.key]) for c in sheet.columns if c.key in heading.columns]
        self._needed = [c for c, _ in self._columns if c.needed]
        self._years = [(year, sheet.column(str(year)), n) for year, n in heading.years.items()]

    def skipped(self, cells: tuple[Raw, ...], where: Where) -> bool:
        """Whether the row is blank, a total or a footer; a notice for all but blank ones."""
        filled = [cell for cell in cells if not is_blank(cell)]
        known = [number for number in where.columns.values() if number <= len(cells)]
        if all(is_blank(cells[number - 1]) for number in known):
            return True
        first = re.sub(r"\s", "", clean_key(shown(filled[0])))
        first_known = re.sub(
            r"\s", "", clean_key(shown(cells[min(n for n in known if not is_blank(cells[n - 1])) - 1]))
        )
        if any(_TOTAL.match(text) for text in (first, first_known)):
            text = Text("合计行，已跳过", "a total row, skipped")
        elif len(filled) == 1 and _FOOTER.match(first):
            text = Text("脚注，已跳过", "a footer, skipped")
        else:
            return False
        self._problems.notice(where, "", text, shown(filled[0]))
        return True

    def read(self, cells: tuple[Raw, ...], where: Where) -> Row:
        """The row with every value that can be read; what cannot is told."""
        row = Row(where, {})
        for column, number in self._columns:
            self._cell(cells, number, column, row, row.values)
        years: dict[str, object] = {}
        for _, column, number in self._years:
            self._cell(cells, number, column, row, years)
        row.years = {int(year): value for year, value in years.items() if isinstance(value, int)}
        self._blanks(row)
        _settle_shares(self._sheet, row, self._problems)
        self._finish(row)
        return row

    def _cell(
        self, cells: tuple[Raw, ...], number: int, column: Column, row: Row, into: dict[str, object]
    ) -> None:
        raw = cells[number - 1] if number <= len(cells) else None
        if is_blank(raw):
            return
        reading = convert(raw, column)
        if reading.ok:
            into[column.key] = reading.value
        else:
            row.unreadable.add(column.key)
        if reading.remark:
            self._problems.add(reading.severity, row.where, column.key, reading.remark, shown(raw))

    def _blanks(self, row: Row) -> None:
        for column in self._needed:
            if row.is_blank(column.key):
                row.unreadable.add(column.key)
                self._problems.error(
                    row.where,
                    column.key,
                    Text(
                        f"{column.zh} 不能空白；请填写：{column.note.zh}",
                        f"{column.key} is blank; write: {column.note.en}",
                    ),
                )

    def _finish(self, row: Row) -> None:
        if row.unreadable or any(c.needed and c.key not in row.values for c in self._sheet.columns):
            return
        try:
            row.record = to_record(self._sheet.table, row.values, row.years)
        except (ValueError, TypeError) as problem:
            # Every rule has its own message; this is the net below them.
            row.unreadable.add("")
            self._problems.error(
                row.where, "", Text(f"本行无法使用：{problem}", f"the row cannot be used: {problem}")
            )


# --- shares -------------------------------------------------------------------------------------


def _settle_shares(sheet: Sheet, row: Row, problems: Problems) -> None:
    """Turn the `Share`s of a row into fractions, or tell why they mean nothing."""
    shares = {key: value for key, value in row.values.items() if isinstance(value, Share)}
    if sheet.table == "spending":
        _settle_profile(row, shares, problems)
        return
    for key, share in shares.items():
        if share.number > 1:
            _bare_percent(row, key, share, problems)
        else:
            row.values[key] = share.number
    low, high = row.exact("min_share"), row.exact("max_share")
    if low is not None and high is not None and low > high:
        row.unreadable.add("max_share")
        problems.error(
            row.where,
            "max_share",
            Text(
                f"最高占比低于最低占比 {low:.2%}；请改其中一个",
                f"is below min_share {low:.2%}; change one of them",
            ),
            f"{high:.2%}",
        )


def _bare_percent(row: Row, key: str, share: Share, problems: Problems) -> None:
    del row.values[key]
    row.unreadable.add(key)
    number = f"{share.number:f}"
    problems.error(
        row.where,
        key,
        Text(
            f"大于 1；是否指 {number}%？请填 {number}% 或 {share.number / 100:f}",
            f"is more than 1; did you mean {number}%? Write {number}% or {share.number / 100:f}",
        ),
        number,
    )


def _settle_profile(row: Row, shares: Mapping[str, Share], problems: Problems) -> None:
    """The shares of a spending row: fractions that add up to 1, or bare percents that add up to 100."""
    if any(key in row.unreadable for key in SHARE_COLUMNS):
        for key in shares:
            del row.values[key]
        return
    fractions = {key: share.number for key, share in shares.items()}
    bare = [key for key, share in shares.items() if share.number > 1]
    if bare:
        as_percent = {k: s.number if s.percent else s.number.scaleb(-2) for k, s in shares.items()}
        if _total(as_percent) != 1:
            for key in bare:
                _bare_percent(row, key, shares[key], problems)
            fractions = {key: value for key, value in fractions.items() if key not in bare}
        else:
            fractions = as_percent
            text = Text("按百分数读取，全行合计 100%", "read as percent; the row adds up to 100 %")
            problems.notice(row.where, bare[0], text, f"{shares[bare[0]].number:f}")
    row.values.update(fractions)
    if not any(key in row.unreadable for key in SHARE_COLUMNS):
        _check_profile(row, fractions, problems)


_NOISE = Fraction(1, 10**9)


def _check_profile(row: Row, fractions: dict[str, Decimal], problems: Problems) -> None:
    total = _total(fractions)
    if total == 1:
        return
    if abs(total - 1) <= _NOISE:
        # Thirds from a formula end in the 15th digit; the last share takes what is missing.
        last = list(fractions)[-1]
        row.values[last] = fractions[last] + Decimal(1) - sum(fractions.values(), Decimal(0))
        return
    row.unreadable.add("year_1")
    percent = f"{float(total * 100):.10g}%"
    problems.error(
        row.where,
        "year_1",
        Text(
            f"全行占比合计 {percent}；请改为合计 100%",
            f"the shares add up to {percent}; make them add up to 100%",
        ),
    )


def _total(shares: Mapping[str, Decimal]) -> Fraction:
    return sum(map(Fraction, shares.values()), Fraction(0))


# --- whole sheets -------------------------------------------------------------------------------


def _without_merges(
    raw: RawSheet, sheet: Sheet, heading: Heading, number: int, problems: Problems
) -> dict[int, tuple[Raw, ...]]:
    """The rows below the header, merged cells filled down. A merge across columns is an error:
    nobody can tell which column the value belongs to."""
    rows = {row: cells for row, cells in raw.rows.items() if row > heading.row}
    key_of = {column: key for key, column in heading.by_key.items()}
    for first_column, first_row, last_column, last_row in raw.merged:
        inside = [column for column in range(first_column, last_column + 1) if column in key_of]
        if first_row <= heading.row or not inside:
            continue
        key = key_of[inside[0]]
        where = Where(number, raw.title, first_row, heading.by_key)
        area = f"{get_column_letter(first_column)}{first_row}:{get_column_letter(last_column)}{last_row}"
        reader = _RowReader(sheet, heading, Problems())
        if reader.skipped(rows.get(first_row, ()), where):
            continue
        if first_column != last_column:
            problems.error(
                where,
                key,
                Text(
                    f"合并单元格 {area} 跨列；请取消合并，每列各填",
                    f"the merged cells {area} cross columns; unmerge them and fill each column",
                ),
            )
            continue
        _fill_down(rows, first_column, first_row, last_row)
        text = Text(f"合并单元格 {area} 已向下填充", f"the merged cells {area} were filled down")
        problems.notice(where, key, text, shown(_at(rows, first_row, first_column)))
    return dict(sorted(rows.items()))


def _at(rows: Mapping[int, tuple[Raw, ...]], row: int, column: int) -> Raw:
    cells = rows.get(row, ())
    return cells[column - 1] if column <= len(cells) else None


def _fill_down(rows: dict[int, tuple[Raw, ...]], column: int, first_row: int, last_row: int) -> None:
    value = _at(rows, first_row, column)
    for row in range(first_row + 1, last_row + 1):
        cells = list(rows.get(row, ()))
        if not cells:
            continue  # a blank row inside a merge stays blank
        cells += [None] * (column - len(cells))
        cells[column - 1] = value
        rows[row] = tuple(cells)


def _hidden(rows: list[int], where: Where, problems: Problems) -> None:
    listed = ", ".join(map(str, rows[:20])) + (" …" if len(rows) > 20 else "")
    problems.notice(
        where,
        "",
        Text(
            f"隐藏或被筛选的 {len(rows)} 行也已读入：第 {listed} 行",
            f"{len(rows)} hidden or filtered rows were read too: rows {listed}",
        ),
    )


def _without_basis(sheet: Sheet, rows: list[Row], problems: Problems) -> None:
    """One warning for all rows that do not say where their figures come from."""
    if not any(column.key == "basis" for column in sheet.columns):
        return
    blank = [row for row in rows if row.is_blank("basis")]
    if blank:
        problems.warning(
            blank[0].where,
            "basis",
            Text(
                f"{len(blank)} 行没有数据性质，按“假定 assumed”处理",
                f"no basis, taken as assumed (rows: {len(blank)})",
            ),
        )


def records(rows: list[Row]) -> Iterator[object]:
    """The records of the rows that have one."""
    return (row.record for row in rows if row.record is not None)
