"""The header of a sheet: its columns under whatever name, and the units they state."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portfolio.domain.text import Text
from portfolio.workbook.columns import (
    is_calculated,
    last_resort,
    near_name,
    other_name,
    own_name,
    unit_at_end,
    without_brackets,
)
from portfolio.workbook.header_rows import HeaderCell, find_header
from portfolio.workbook.layout import Column, Kind, Sheet
from portfolio.workbook.package import CellError, RawSheet
from portfolio.workbook.problems import Problems, Where
from portfolio.workbook.reading import shown
from portfolio.workbook.units import in_months, money_units_in_title, unit_in_header, units_of
from portfolio.workbook.words import nearest

MOST_COMPARED = 60
"""Of so many headers that name nothing the nearest column is sought; comparing is slow."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The header of a sheet: column numbers (from 1) by column key and by year.

    `row` is its last row. `units` are those the header states, by column key; `calculated` are the
    numbers of the columns that the template fills itself. `names` are the folded header cells by
    column number and `titles` the folded texts above: what printed pages repeat.
    """

    row: int
    columns: Mapping[str, int]
    years: Mapping[int, int]
    units: Mapping[str, str] = field(default_factory=dict)
    calculated: frozenset[int] = frozenset()
    names: Mapping[int, str] = field(default_factory=dict)
    titles: frozenset[str] = frozenset()

    @property
    def by_key(self) -> dict[str, int]:
        """Column numbers by key, years as text."""
        return {**self.columns, **{str(year): number for year, number in self.years.items()}}


def find_heading(raw: RawSheet, sheet: Sheet, where: Where, problems: Problems) -> Heading | None:
    """The header of a sheet, or None if it has none.

    Errors: no header; a needed column is missing; two columns with one name; a unit that does not
    convert. Notices: names that were taken for others; units that are converted; unknown columns.
    """
    header = find_header(raw, sheet)
    if header is None:
        text = Text(
            f"没有找到表头行；请保留带有列名（如 {sheet.columns[0].zh} {sheet.columns[0].key}）的一行",
            f"has no header row; keep a row with the column names, such as {sheet.columns[0].key}",
        )
        problems.error(where, "", text)
        return None
    named = _Naming(sheet, header.cells, where, header.row, problems)
    named.find()
    units = _Units(named, header.titles).find()
    return Heading(
        header.row,
        {key: number for key, number in named.numbers.items() if isinstance(key, str)},
        dict(sorted((key, number) for key, number in named.numbers.items() if isinstance(key, int))),
        units,
        frozenset(cell.number for cell in header.cells if is_calculated(cell.raw)),
        header.folded,
        header.folded_titles,
    )


class _Naming:
    """Finds the column that each cell of a header names, best names first."""

    def __init__(
        self, sheet: Sheet, cells: Sequence[HeaderCell], where: Where, row: int, problems: Problems
    ) -> None:
        self.sheet, self.row, self.problems = sheet, row, problems
        self.cells = {cell.number: cell for cell in cells}
        self.numbers: dict[str | int, int] = {}
        self._where = where
        self._open = [cell for cell in cells if not is_calculated(cell.raw)]

    def at(self, number: int) -> Where:
        """The header cell in column `number`."""
        row = self.cells[number].row if number in self.cells else self.row
        return Where(self._where.sheet_number, self._where.title, row, {"": number})

    def found(self, number: int) -> str:
        return shown(self.cells[number].raw) if number in self.cells else ""

    def find(self) -> None:
        self._errors_for_years()
        self._take({cell.number: self._first_own(cell) for cell in self._open}, told=False)
        self._take({cell.number: other_name(cell.raw, self.sheet) for cell in self._open})
        for names in ("by name", "likely"):
            self._take({cell.number: last_resort(cell.raw, self.sheet, names) for cell in self._open}, names)
        missing = [column.key for column in self.sheet.columns if column.key not in self.numbers]
        near = {cell.number: near_name(cell.raw, self.sheet, missing) for cell in self._open[:MOST_COMPARED]}
        keys = [key for key in near.values() if key]
        self._take({number: key for number, key in near.items() if keys.count(key or "") == 1})
        self._missing()
        self._ignored()

    def _first_own(self, cell: HeaderCell) -> str | int | None:
        return next((name for text in cell.texts if (name := own_name(text, self.sheet)) is not None), None)

    def _take(self, matches: Mapping[int, str | int | None], names: str = "", told: bool = True) -> None:
        """Give the columns that are still open to the cells that name them."""
        before = frozenset(self.numbers)
        for number, match in matches.items():
            if match is None or match in before:
                continue
            self._open = [cell for cell in self._open if cell.number != number]
            if match in self.numbers:
                self._twice(str(match), self.numbers[match], number)
                continue
            self.numbers[match] = number
            if told:
                self._told(str(match), number, names)

    def _told(self, key: str, number: int, names: str) -> None:
        label = f"{self.sheet.column(key).zh} {key}"
        if names == "likely":
            text = Text(
                f"按 {label} 读取；已锁定的开工年请填 既定开工年 fixed_start",
                f"read as {label}; a start that is settled belongs into fixed_start",
            )
            self.problems.warning(self.at(number), key, text, self.found(number))
        else:
            text = Text(f"按 {label} 读取", f"read as the column {label}")
            self.problems.notice(self.at(number), key, text, self.found(number))

    def _twice(self, key: str, first: int, second: int) -> None:
        place = self.at(first).place("")
        text = Text(
            f"与 {place} 是同一列；请删去其中一列", f"is the same column as {place}; delete one of them"
        )
        self.problems.error(self.at(second), key, text, self.found(second))

    def _errors_for_years(self) -> None:
        """Under an error value, nobody knows which year is meant."""
        for cell in self._open if self.sheet.year_kind else ():
            if isinstance(cell.raw, CellError):
                text = Text(
                    "表头是错误值或没有保存结果的公式；请改正，在 Excel 或 WPS 中打开并保存一次",
                    "the header is an error value or a formula without a stored result; mend it, then open and save once in Excel or WPS",
                )
                self.problems.error(self.at(cell.number), "", text, shown(cell.raw))
        if self.sheet.year_kind:
            self._open = [cell for cell in self._open if not isinstance(cell.raw, CellError)]

    def _missing(self) -> None:
        headers = {self.found(cell.number): cell.number for cell in self._open[:MOST_COMPARED]}
        for column in self.sheet.columns:
            if not column.needed or column.key in self.numbers:
                continue
            alike = (header for header in headers if column.zh in header or column.key in header)
            near = next(alike, None) or nearest(column.zh, headers) or nearest(column.key, headers)
            hint_zh = f"；是否就是“{near}”？" if near else ""
            hint_en = f'; is it "{near}"?' if near else ""
            text = Text(
                f"工作表“{self.sheet.title}”缺少必需的列 {column.zh} {column.key}{hint_zh}",
                f'the sheet "{self.sheet.title}" lacks the needed column {column.key}{hint_en}',
            )
            self.problems.error(self.at(headers[near] if near else 1), column.key, text, near or "")

    def _ignored(self) -> None:
        years = [cell for cell in self._open if self.sheet.year_kind and _SOME_YEAR.search(shown(cell.raw))]
        for cell in years:
            if _BARE_YEAR.fullmatch(re.sub(r"\s", "", without_brackets(shown(cell.raw)))):
                text = Text(
                    "不是一个四位年份；请写四位年份，如 2026；跨年的请分成每年一列",
                    "is not one year of four digits; write one, e.g. 2026; a column of its own for each year of a period",
                )
                self.problems.error(self.at(cell.number), "", text, shown(cell.raw))
                continue
            text = Text(
                "含有年份，但不是年份列，已忽略；如是年份列，请只写四位年份，如 2026",
                "names a year, yet is no year column and is ignored; if it is one, write four digits only, e.g. 2026",
            )
            self.problems.warning(self.at(cell.number), "", text, shown(cell.raw))
        others = [cell for cell in self._open if cell not in years]
        if others:
            names = [shown(cell.raw) for cell in others[:MOST_COMPARED]]
            names += ["…"] if len(others) > MOST_COMPARED else []
            text = Text(
                f"不认识的列，已忽略：{'、'.join(names)}", f"unknown columns, ignored: {', '.join(names)}"
            )
            self.problems.notice(self.at(others[0].number), "", text)
            self._misspelt(others[:MOST_COMPARED])

    def _misspelt(self, cells: Sequence[HeaderCell]) -> None:
        """Asks whether an unknown header is that of an optional column that the sheet lacks: as a blank,
        that may count for a figure of its own."""
        missing = [c for c in self.sheet.columns if c.key not in self.numbers and not c.needed]
        labels = {name: column for column in missing for name in (without_brackets(column.zh), column.key)}
        for cell in cells:
            header = without_brackets(shown(cell.raw))
            near = nearest(header, labels, cutoff=0.8 if header.isascii() else 0.6)
            if near is None:
                continue
            label = f"{labels[near].zh} {labels[near].key}"
            text = Text(
                f"不认识的列，已忽略；是否指“{label}”？如是，请改表头",
                f'unknown column, ignored; did you mean "{label}"? If so, mend the header',
            )
            self.problems.warning(self.at(cell.number), "", text, shown(cell.raw))


_SOME_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)|(?<!\d)['’]?\d{2}年")
_BARE_YEAR = re.compile(
    r"['’]?\d{2}年度?|(?:19|20)?\d{2}年?(?:[-—–―~～/]+|至|到)(?:19|20)?\d{2}(?:年度?|学年度?)?"
)
"""Nothing but a year: its figures would be lost with the column."""


# --- units --------------------------------------------------------------------------------------

_OWN_UNIT = {Kind.MONEY_WAN: "万元", Kind.MONEY_YUAN: "元", Kind.DECIMAL: "平方米", Kind.SHARE: ""}


class _Units:
    """The units that a header states, or the title above for money whose header states none."""

    def __init__(self, named: _Naming, titles: Sequence[str]) -> None:
        self._named = named
        self._in_titles = sorted({unit for title in titles for unit in money_units_in_title(title)})

    def find(self) -> dict[str, str]:
        """Column key, or year as text -> the unit of its bare numbers, where it is not the column's own.
        A unit that cannot be converted is told as an error."""
        units = {}
        for name, number in self._named.numbers.items():
            column = self._named.sheet.column(str(name))
            unit = self._stated(column, number)
            title = bool(self._in_titles and not unit and column.kind in (Kind.MONEY_WAN, Kind.MONEY_YUAN))
            if title and len(self._in_titles) > 1:
                self._unclear(column, number)
                continue
            unit = self._in_titles[0] if title else unit
            if not unit or units_of(column).get(unit) == 1:
                continue
            if column.kind is Kind.SHARE:
                units[column.key] = unit
            elif unit in units_of(column) or in_months(unit, column):
                units[column.key] = unit
                self._converted(column, number, unit, title)
            else:
                self._wrong(column, number)
        return units

    def _stated(self, column: Column, number: int) -> str:
        """The unit in the header cell, else in the group above it."""
        texts = [shown(text) for text in self._named.cells[number].texts]
        in_brackets = (unit_in_header(text, column) for text in texts)
        at_end = (unit_at_end(text, column, self._named.sheet) for text in texts[:2])
        return next((unit for unit in (*in_brackets, *at_end) if unit), "")

    def _converted(self, column: Column, number: int, unit: str, title: bool) -> None:
        own = _OWN_UNIT.get(column.kind, "年" if in_months(unit, column) else "")
        where_zh, where_en = ("标题", "the title") if title else ("表头", "the header")
        to_zh, to_en = (f"，换算为{own}", f" and converted to {own}") if own else ("", "")
        text = Text(
            f"{where_zh}单位为{unit}，本列数字按{unit}计{to_zh}",
            f"{where_en} says {unit}: its figures are taken as {unit}{to_en}",
        )
        self._named.problems.notice(self._named.at(number), column.key, text, self._named.found(number))

    def _unclear(self, column: Column, number: int) -> None:
        units = ", ".join(self._in_titles)
        text = Text(
            f"标题写了几种单位（{units}）；请在本列表头写明单位，如（万元）",
            f"the title names several units ({units}); write the unit of this column in its header, e.g. (万元)",
        )
        self._named.problems.error(self._named.at(number), column.key, text, self._named.found(number))

    def _wrong(self, column: Column, number: int) -> None:
        unit = _OWN_UNIT.get(column.kind, "")
        text = Text(
            f"单位应为{unit}；请换算后改表头", f"the unit must be {unit}; convert the figures and the header"
        )
        self._named.problems.error(self._named.at(number), column.key, text, self._named.found(number))
