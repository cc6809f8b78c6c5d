"""What helps while typing: drop-downs, limits, and colours that show mistakes at once.

LibreOffice takes only the first true conditional format of a range, so the rules of a column
exclude one another.
"""

from __future__ import annotations

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from portfolio.workbook.cells import FIRST_YEAR, LAST_YEAR
from portfolio.workbook.layout import CHOICES, LISTS_TITLE, SHEETS, Column, Kind, Sheet
from portfolio.workbook.references import REFERENCES, UNIQUE
from portfolio.workbook.styles import A4, BASIS_COLOURS, ORANGE, RED, fill, set_up_print, text_width

GROWTH = 2000
"""Rows below the last one that drop-downs and colours already cover."""

_KEY_ROWS = 100_001
"""The last row of the keys that drop-downs offer."""

_NUMBERS = frozenset({Kind.INT, Kind.YEAR, Kind.MONEY_WAN, Kind.MONEY_YUAN, Kind.DECIMAL, Kind.SHARE})


def listed(kind: Kind, code: str) -> str:
    """A listed value as it is written: `初中 junior`."""
    label = CHOICES[kind].get(code)
    return f"{label} {code}" if label else code


def list_name(kind: Kind) -> str:
    """The defined name of the values of a kind."""
    return f"list_{kind.value}"


_KEY_NAMES = {("projects", "key"): "project_keys", ("funding_sources", "source"): "source_keys"}
_REFERRING = {(table, column): _KEY_NAMES[target, key] for table, column, target, key in REFERENCES}
_SINGLE_KEYS = {(table, columns[0]) for table, columns, _ in UNIQUE if len(columns) == 1}


# --- lists --------------------------------------------------------------------------------------


def add_lists(workbook: Workbook) -> None:
    """The sheet of listed values, and the names that drop-downs use."""
    worksheet = workbook.create_sheet(LISTS_TITLE)
    for number, (kind, choices) in enumerate(CHOICES.items(), start=1):
        letter = get_column_letter(number)
        values = [listed(kind, code) for code in choices]
        header = worksheet.cell(1, number, kind.value)
        header.style = "header optional"
        for row, value in enumerate(values, start=2):
            worksheet.cell(row, number, value).style = "data text"
        worksheet.column_dimensions[letter].width = max(map(text_width, values)) + 3
        area = f"{quote_sheetname(LISTS_TITLE)}!${letter}$2:${letter}${len(values) + 1}"
        workbook.defined_names[list_name(kind)] = DefinedName(list_name(kind), attr_text=area)
    worksheet.freeze_panes = "A2"
    set_up_print(worksheet, A4)
    for sheet in SHEETS:
        for number, column in enumerate(sheet.columns, start=1):
            name = _KEY_NAMES.get((sheet.table, column.key))
            if name:
                area = _growing(sheet.title, get_column_letter(number))
                workbook.defined_names[name] = DefinedName(name, attr_text=area)


def _growing(title: str, letter: str) -> str:
    """From row 2 to as many rows as are filled; INDEX, unlike OFFSET, is not recalculated all the time."""
    name = quote_sheetname(title)
    area = f"{name}!${letter}$2:${letter}${_KEY_ROWS}"
    return f"{name}!${letter}$2:INDEX({area},MAX(1,COUNTA({area})))"


# --- drop-downs and limits ----------------------------------------------------------------------


def add_validation(worksheet: Worksheet, sheet: Sheet, column: Column, letter: str, last_row: int) -> None:
    """Offer the listed values or keys of a column, or limit its numbers."""
    validation = _validation(sheet, column, letter)
    if validation is not None:
        validation.allow_blank = True
        worksheet.add_data_validation(validation)
        validation.add(f"{letter}2:{letter}{last_row}")


def _validation(sheet: Sheet, column: Column, letter: str) -> DataValidation | None:
    referred = _REFERRING.get((sheet.table, column.key))
    if referred or column.kind in CHOICES:
        # Offered, not forced: the Chinese label or the code alone is as good.
        return DataValidation(
            type="list", formula1=referred or list_name(column.kind), showErrorMessage=False
        )
    if column.kind is Kind.YEAR:
        return _limited(
            "whole", FIRST_YEAR, LAST_YEAR, "请填四位年份，如 2026", "write four digits, e.g. 2026"
        )
    if column.kind is Kind.INT:
        high = 10_000_000 if column.high is None else column.high
        low = -99 if column.low is None else column.low
        return _limited(
            "whole", low, high, f"请填 {low} 到 {high} 之间的整数", f"a whole number, {low} to {high}"
        )
    if column.kind is Kind.SHARE:
        return _limited("decimal", 0, 1, "请填 0% 到 100%", "write 0% to 100%")
    if column.kind in _NUMBERS:
        return _limited(
            "decimal", 0, 10**10, f"请填数字。{column.note.zh}", f"write a number; {column.note.en}"
        )
    if column.key in ("key", "source") and (sheet.table, column.key) in _KEY_NAMES:
        unique = DataValidation(
            type="custom", formula1=f"COUNTIF(${letter}$2:${letter}${_KEY_ROWS},{letter}2)=1"
        )
        return _worded(unique, "编码重复", "this key exists already")
    return None


def _limited(kind: str, low: int, high: int, zh: str, en: str) -> DataValidation:
    limits = DataValidation(type=kind, operator="between", formula1=str(low), formula2=str(high))  # type: ignore[arg-type]
    return _worded(limits, zh, en)


def _worded(validation: DataValidation, zh: str, en: str) -> DataValidation:
    validation.showErrorMessage = True
    validation.errorTitle = "请检查 Please check"
    validation.error = f"{zh}\n{en}"[:255]
    return validation


# --- colours ------------------------------------------------------------------------------------


def add_colours(
    worksheet: Worksheet, sheet: Sheet, column: Column, letters: dict[str, str], last_row: int
) -> None:
    """Mark missing needed values, text in number columns, duplicates, unknown references and
    impossible years; tint the basis by its value."""
    letter = letters[column.key]
    area = f"{letter}2:{letter}{last_row}"
    cell = f"{letter}2"
    rules: list[Rule] = []
    if column.needed:
        last = get_column_letter(len(letters))
        rules.append(_when(f"AND(COUNTA($A2:${last}2)>0,LEN(TRIM({cell}))=0)", RED))
    if column.kind in _NUMBERS:
        rules.append(_when(f"ISTEXT({cell})", ORANGE))
    if (sheet.table, column.key) in _SINGLE_KEYS:
        rules.append(Rule(type="duplicateValues", dxf=_format(RED)))
    if (sheet.table, column.key) in _REFERRING:
        known = _REFERRING[sheet.table, column.key]
        rules.append(_when(f"AND(LEN({cell})>0,ISNA(MATCH({cell},{known},0)))", ORANGE))
    if column.key == "latest_finish":
        start = f"${letters['earliest_start']}2"
        rules.append(_when(f"AND(ISNUMBER({cell}),ISNUMBER({start}),{cell}<{start})", RED))
    if column.key == "basis":
        rules += [
            _when(f'OR(ISNUMBER(SEARCH("{code}",{cell})),ISNUMBER(SEARCH("{label}",{cell})))', BASIS_COLOURS[code])
            for code, label in CHOICES[Kind.BASIS].items()
        ]  # fmt: skip
    if sheet.table == "spending" and column.kind is Kind.SHARE:
        shares = f"${letters['year_1']}2:${letters['year_8']}2"
        rules.append(_when(f"AND(ISNUMBER({cell}),ABS(SUM({shares})-1)>0.000001)", RED))
    for rule in rules:
        worksheet.conditional_formatting.add(area, rule)


def _when(formula: str, colour: str) -> Rule:
    return Rule(type="expression", formula=[formula], dxf=_format(colour), stopIfTrue=True)


def _format(colour: str) -> DifferentialStyle:
    return DifferentialStyle(fill=fill(colour))
