"""Finding the sheets of a workbook, the header row of a sheet, and its columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portfolio.domain.text import Text
from portfolio.workbook.cells import FIRST_YEAR, LAST_YEAR, is_blank, shown
from portfolio.workbook.layout import GUIDE_TITLE, LISTS_TITLE, SHEETS, Kind, Sheet
from portfolio.workbook.package import CellError, Raw, RawSheet
from portfolio.workbook.problems import Problems, Where
from portfolio.workbook.words import both_ways, fold, nearest

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")
_YEAR = re.compile(r"(\d{4})(?:\.0+)?(?:年度?)?")


@dataclass(frozen=True, slots=True)
class Heading:
    """The header row of a sheet: column numbers (from 1) by column key and by year."""

    row: int
    columns: Mapping[str, int]
    years: Mapping[int, int]

    @property
    def by_key(self) -> dict[str, int]:
        """Column numbers by key, years as text."""
        return {**self.columns, **{str(year): number for year, number in self.years.items()}}


# --- sheets -------------------------------------------------------------------------------------


def _sheet_forms(title: str) -> tuple[str, ...]:
    zh, _, en = title.partition(" ")
    return both_ways(zh, en)


_TABLE_OF = {form: sheet.table for sheet in SHEETS for form in _sheet_forms(sheet.title)}
_NOT_TABLES = {form for title in (GUIDE_TITLE, LISTS_TITLE) for form in _sheet_forms(title)}


def find_sheets(raw_sheets: Sequence[RawSheet], problems: Problems) -> dict[str, RawSheet]:
    """Table -> its sheet. Sheets that are unknown are named in a notice; a second sheet for a table
    is an error; an entirely empty sheet counts as missing."""
    found: dict[str, RawSheet] = {}
    for number, raw in enumerate(raw_sheets):
        where = Where(len(SHEETS) + number, raw.title)
        name = fold(raw.title)
        table = _TABLE_OF.get(name)
        if table in found:
            first = found[table].title
            problems.error(
                where, "",
                Text(f"与工作表“{first}”是同一张表；请只留一张", f'is the same table as the sheet "{first}"; keep one'),
            )  # fmt: skip
        elif table is None and name not in _NOT_TABLES:
            problems.notice(where, "", _unknown_sheet(raw.title))
        elif table is not None and raw.rows:
            found[table] = raw
    return found


def _unknown_sheet(title: str) -> Text:
    near = nearest(title, [sheet.title for sheet in SHEETS])
    if near:
        return Text(
            f"不认识的工作表，已忽略；是否指“{near}”？", f'unknown sheet, ignored; did you mean "{near}"?'
        )
    return Text("不认识的工作表，已忽略", "unknown sheet, ignored")


# --- header row ---------------------------------------------------------------------------------


def find_heading(raw: RawSheet, sheet: Sheet, where: Where, problems: Problems) -> Heading | None:
    """The first row whose cells match at least two columns (or all of its cells, if it has fewer).

    Errors: no such row; a needed column is missing; two columns with one name; a unit in the
    header that is not the column's. Notice: unknown columns, listed once.
    """
    forms = _column_forms(sheet)
    for number, cells in raw.rows.items():
        matches = {index: _match(cell, forms, sheet) for index, cell in enumerate(cells, start=1)}
        known = [match for match in matches.values() if match is not None]
        filled = sum(not is_blank(cell) for cell in cells)
        if any(isinstance(match, str) for match in known) and len(known) >= min(2, filled):
            return _Header(sheet, number, cells, where, problems).heading(matches)
    problems.error(
        where, "",
        Text(
            f"没有找到表头行；请保留带有列名（如 {sheet.columns[0].zh} {sheet.columns[0].key}）的一行",
            f"has no header row; keep a row with the column names, such as {sheet.columns[0].key}",
        ),
    )  # fmt: skip
    return None


def _column_forms(sheet: Sheet) -> dict[str, str]:
    """Folded header -> column key: Chinese label with and without its unit, English key, both."""
    forms = {}
    for column in sheet.columns:
        bare = _BRACKETS.sub("", unicodedata.normalize("NFKC", column.zh))
        for label in (column.zh, bare):
            forms.update(dict.fromkeys(both_ways(label, column.key), column.key))
    return forms


def _match(cell: Raw, forms: Mapping[str, str], sheet: Sheet) -> str | int | None:
    """The column key or the year that a header cell names."""
    if is_blank(cell) or isinstance(cell, CellError):
        return None
    if isinstance(cell, date):
        return cell.year if sheet.year_kind else None
    plain = unicodedata.normalize("NFKC", shown(cell))
    bare = _BRACKETS.sub("", plain)
    if sheet.year_kind:
        year = _YEAR.fullmatch(re.sub(r"\s", "", bare))
        if year and FIRST_YEAR <= int(year[1]) <= LAST_YEAR:
            return int(year[1])
    return forms.get(fold(plain)) or forms.get(fold(bare))


_WRONG_UNITS: dict[Kind, tuple[str, frozenset[str]]] = {
    Kind.MONEY_WAN: ("万元", frozenset({"元", "千元", "百万元", "千万元", "亿元", "亿", "yuan"})),
    Kind.MONEY_YUAN: ("元", frozenset({"千元", "万元", "百万元", "亿元"})),
    Kind.DECIMAL: ("平方米", frozenset({"亩", "公顷", "万平方米"})),
}
"""Kind -> its unit, and units in a header that would make every figure of the column wrong."""


class _Header:
    """Judges the matches of one header row."""

    def __init__(
        self, sheet: Sheet, row: int, cells: Sequence[Raw], where: Where, problems: Problems
    ) -> None:
        self._sheet, self._row, self._cells, self._problems = sheet, row, cells, problems
        self._where = where

    def heading(self, matches: Mapping[int, str | int | None]) -> Heading:
        numbers: dict[str | int, int] = {}
        unknown: list[int] = []
        for number, match in matches.items():
            if match is None:
                if not is_blank(self._cells[number - 1]):
                    unknown.append(number)
            elif match in numbers:
                self._twice(str(match), numbers[match], number)
            else:
                numbers[match] = number
                self._check_unit(str(match), number)
        columns = {match: number for match, number in numbers.items() if isinstance(match, str)}
        years = {match: number for match, number in numbers.items() if isinstance(match, int)}
        self._missing(columns, unknown)
        self._ignored(unknown)
        return Heading(self._row, columns, dict(sorted(years.items())))

    def _at(self, number: int) -> Where:
        """The header cell in column `number`."""
        return Where(self._where.sheet_number, self._where.title, self._row, {"": number})

    def _found(self, number: int) -> str:
        return shown(self._cells[number - 1])

    def _twice(self, key: str, first: int, second: int) -> None:
        place = self._at(first).place("")
        self._problems.error(
            self._at(second), key,
            Text(f"与 {place} 是同一列；请删去其中一列", f"is the same column as {place}; delete one of them"),
            self._found(second),
        )  # fmt: skip

    def _check_unit(self, key: str, number: int) -> None:
        unit, wrong = _WRONG_UNITS.get(self._sheet.column(key).kind, ("", frozenset()))
        text = unicodedata.normalize("NFKC", self._found(number)).casefold()
        named = {fold(bracket) for bracket in _BRACKETS.findall(text)}
        if named & wrong:
            self._problems.error(
                self._at(number), key,
                Text(f"单位应为{unit}；请换算后改表头", f"the unit must be {unit}; convert the figures and the header"),
                self._found(number),
            )  # fmt: skip

    def _missing(self, columns: Mapping[str, int], unknown: Sequence[int]) -> None:
        headers = {self._found(number): number for number in unknown}
        for column in self._sheet.columns:
            if not column.needed or column.key in columns:
                continue
            alike = (header for header in headers if column.zh in header or column.key in header)
            near = next(alike, None) or nearest(column.zh, headers) or nearest(column.key, headers)
            hint_zh = f"；是否就是“{near}”？" if near else ""
            hint_en = f'; is it "{near}"?' if near else ""
            self._problems.error(
                self._at(headers[near] if near else 1), column.key,
                Text(
                    f"工作表“{self._sheet.title}”缺少必需的列 {column.zh} {column.key}{hint_zh}",
                    f'the sheet "{self._sheet.title}" lacks the needed column {column.key}{hint_en}',
                ),
                near or "",
            )  # fmt: skip

    def _ignored(self, unknown: Sequence[int]) -> None:
        if unknown:
            names = [self._found(number) for number in unknown]
            self._problems.notice(
                self._at(unknown[0]), "",
                Text(f"不认识的列，已忽略：{'、'.join(names)}", f"unknown columns, ignored: {', '.join(names)}"),
            )  # fmt: skip
