"""The last sheet of the input workbook: the values of the drop-downs.

Listed values are fixed; counties and zones grow by themselves with what stands in Demand, Capacity and
Projects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import xlsxwriter
from xlsxwriter.utility import quote_sheetname, xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from portfolio.domain.portfolio import Portfolio
from portfolio.domain.text import Text
from portfolio.workbook.formulas import Columns, PlainFormulas
from portfolio.workbook.layout import CHOICES, LISTS_TITLE, Kind
from portfolio.workbook.live import growing, key_lists, list_name, listed
from portfolio.workbook.styles import A4, Styles, set_up_print, text_width

_NAMES: Mapping[Kind, Text] = {
    Kind.STAGE: Text("学段", "stage"),
    Kind.NATURE: Text("项目性质", "nature"),
    Kind.BASIS: Text("数据性质", "basis"),
    Kind.STATUS: Text("状态", "status"),
    Kind.RELATION: Text("关系类型", "relation"),
    Kind.MILESTONE: Text("节点类型", "milestone"),
    Kind.YES_NO: Text("是否", "yes_no"),
}

_PLACES = ("demand", "capacity", "projects")
"""Where counties and zones are collected from, in this order."""

_ROWS_READ = 2001
"""The last row of those sheets that the collection reads."""

_COLLECTED = (("county", Text("区县（自动）", "county"), 40), ("zone", Text("片区（自动）", "zone"), 60))
"""What is collected, its header, and how many names there is room for."""

_FIRST_SLOT = 3
"""The row of the first name; above it stands what every row may write: `*`, or nothing."""

_FILLED = 'COUNTIF({},"?*")'
_SHARED = "*"


def add_lists(
    book: xlsxwriter.Workbook, styles: Styles, sheets: Mapping[str, Columns], portfolio: Portfolio
) -> None:
    """The sheet of listed values, and the names that drop-downs use."""
    sheet = book.add_worksheet(LISTS_TITLE, PlainFormulas)
    sheet.set_tab_color("#A6A6A6")
    sheet.set_row(0, 36)
    for number, (kind, choices) in enumerate(CHOICES.items()):
        values = [listed(kind, code) for code in choices]
        _header(sheet, styles, number, _NAMES[kind], "optional")
        for row, value in enumerate(values, start=1):
            sheet.write_string(row, number, value, styles.data("listed"))
        sheet.set_column(number, number, max(map(text_width, values)) + 4)
        book.define_name(list_name(kind), f"={_area(number, 2, len(values) + 1)}")
    names = _add_places(sheet, styles, sheets, portfolio)
    for columns in sheets.values():
        names |= key_lists(columns)
    for name, formula in names.items():
        book.define_name(name, formula)
    sheet.freeze_panes(1, 0)
    set_up_print(sheet, A4)
    sheet.fit_to_pages(1, 1)


def _header(sheet: Worksheet, styles: Styles, number: int, text: Text, style: str) -> None:
    sheet.write_string(0, number, f"{text.zh}\n{text.en}", styles.header(style))


def _area(number: int, first: int, last: int) -> str:
    letter = xl_col_to_name(number)
    return f"{quote_sheetname(LISTS_TITLE)}!${letter}${first}:${letter}${last}"


def _add_places(
    sheet: Worksheet, styles: Styles, sheets: Mapping[str, Columns], portfolio: Portfolio
) -> dict[str, str]:
    """The columns of counties and zones; their defined names."""
    names = {}
    for number, (key, label, slots) in enumerate(_COLLECTED, start=len(CHOICES)):
        letter = xl_col_to_name(number)
        style = styles.calculated("listed")
        _header(sheet, styles, number, label, "calculated")
        sheet.set_column(number, number, 16)
        sheet.write_string(1, number, _SHARED if key == "county" else "–", style)
        found = _distinct(getattr(row, key) for table in _PLACES for row in getattr(portfolio, table))
        for slot, value in enumerate([*found, *[""] * slots][:slots]):
            row = _FIRST_SLOT + slot
            formula = _next_place(key, f"{letter}{row - 1}", f"{letter}$1:{letter}{row - 1}", slot, sheets)
            sheet.write_array_formula(f"{letter}{row}:{letter}{row}", f"{{={formula}}}", style, value)
        area = _area(number, _FIRST_SLOT, _FIRST_SLOT + slots - 1)
        names[f"{key}_names"] = growing(area, _FILLED)
        if key == "county":
            names["county_or_shared"] = growing(area, _FILLED, _area(number, 2, 2).split(":")[0])
    return names


def _next_place(key: str, above: str, taken: str, slot: int, sheets: Mapping[str, Columns]) -> str:
    """The first name that the slots above do not have; an array formula."""
    formula = '""'
    for table in reversed(_PLACES):
        area = sheets[table].whole(key).rpartition("$")[0] + f"${_ROWS_READ}"
        first = f'INDEX({area},MATCH(0,COUNTIF({taken},{area})+({area}=""),0))'
        formula = f"IFERROR({first},{formula})"
    return formula if slot == 0 else f'IF({above}="","",{formula})'


def _distinct(names: Iterable[str]) -> list[str]:
    """Names in their order, each once; letter case does not count, as in a spreadsheet."""
    found: dict[str, str] = {}
    for name in names:
        if name:
            found.setdefault(name.lower(), name)
    return list(found.values())
