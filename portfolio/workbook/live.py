"""What helps while typing: drop-downs, limits, and colours that show mistakes at once.

LibreOffice takes only the first true conditional format of a range, so the rules of a column
exclude one another or stand in the order of their weight.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

from portfolio.workbook.complaints import NUMBERS
from portfolio.workbook.formulas import LAST_ROW, Columns
from portfolio.workbook.layout import CHOICES, Column, Kind, Sheet
from portfolio.workbook.names import REFERENCES
from portfolio.workbook.references import UNIQUE
from portfolio.workbook.styles import BASIS_COLOURS, ORANGE, RED, Styles
from portfolio.workbook.years import FIRST_YEAR, LAST_YEAR

GROWTH = 2000
"""Rows below the last one that drop-downs and colours already cover."""


def listed(kind: Kind, code: str) -> str:
    """A listed value as it is written: `初中 junior`."""
    label = CHOICES[kind].get(code)
    return f"{label} {code}" if label else code


def list_name(kind: Kind) -> str:
    """The defined name of the values of a kind."""
    return f"list_{kind.value}"


# --- drop-downs and limits ----------------------------------------------------------------------

_KEY_NAMES = {("projects", "key"): "project_keys", ("funding_sources", "source"): "source_keys"}
_SUGGESTED = (
    {(table, column): _KEY_NAMES[target, key] for table, column, target, key in REFERENCES}
    | {(table, "county"): "county_names" for table in ("projects", "capacity", "demand", "norms")}
    | {("funding_sources", "county"): "county_or_shared"}
    | {(table, "zone"): "zone_names" for table in ("projects", "seats", "capacity", "demand")}
)
"""Table and column -> the name of the growing list it offers."""

_LISTED_MANY = {Kind.STAGES: Kind.STAGE, Kind.NATURES: Kind.NATURE}
_REFERRING = {(table, column): _KEY_NAMES[target, key] for table, column, target, key in REFERENCES}
_SINGLE_KEYS = {(table, columns[0]) for table, columns, _ in UNIQUE if len(columns) == 1}


def key_lists(columns: Columns) -> dict[str, str]:
    """Defined name -> formula, of the keys that a sheet gives to others."""
    return {
        name: growing(columns.whole(key), "COUNTA({})")
        for (table, key), name in _KEY_NAMES.items()
        if table == columns.table
    }


def growing(area: str, count: str, first: str = "") -> str:
    """From the first cell of an area (or from `first`) over as many as `count` finds; INDEX, unlike OFFSET,
    is not recalculated all the time."""
    return f"={first or area.split(':')[0]}:INDEX({area},MAX(1,{count.format(area)}))"


def add_validation(sheet: Worksheet, layout: Sheet, column: Column, letter: str, last_row: int) -> None:
    """Offer the listed values or keys of a column, or limit its numbers."""
    options = _validation(layout, column, letter)
    if options is not None:
        sheet.data_validation(f"{letter}2:{letter}{last_row}", {"ignore_blank": True, **options})


def _validation(sheet: Sheet, column: Column, letter: str) -> dict[str, Any] | None:
    suggested = _SUGGESTED.get((sheet.table, column.key))
    kind = _LISTED_MANY.get(column.kind, column.kind)
    if suggested or kind in CHOICES:
        # Offered, not forced: the Chinese label or the code alone is as good.
        return {"validate": "list", "source": f"={suggested or list_name(kind)}", "show_error": False}
    if column.kind is Kind.YEAR:
        return _limited(
            "integer", FIRST_YEAR, LAST_YEAR, "请填四位年份，如 2026", "write four digits, e.g. 2026"
        )
    if column.kind is Kind.INT:
        high = 10_000_000 if column.high is None else column.high
        low = -99 if column.low is None else column.low
        return _limited(
            "integer", low, high, f"请填 {low} 到 {high} 之间的整数", f"a whole number, {low} to {high}"
        )
    if column.kind is Kind.SHARE:
        return _limited("decimal", 0, 1, "请填 0% 到 100%", "write 0% to 100%")
    if column.kind in NUMBERS:
        return _limited(
            "decimal", 0, 10**10, f"请填数字。{column.note.zh}", f"write a number; {column.note.en}"
        )
    if (sheet.table, column.key) in _KEY_NAMES:
        once = f"=COUNTIF(${letter}$2:${letter}${LAST_ROW},{letter}2)=1"
        return _worded({"validate": "custom", "value": once}, "编码重复", "this key exists already")
    return None


def _limited(kind: str, low: int, high: int, zh: str, en: str) -> dict[str, Any]:
    limits = {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
    return _worded(limits, zh, en)


def _worded(validation: dict[str, Any], zh: str, en: str) -> dict[str, Any]:
    words = {"error_title": "请检查 Please check", "error_message": f"{zh}\n{en}"[:255]}
    return {**validation, **words}


# --- colours ------------------------------------------------------------------------------------


def add_colours(
    sheet: Worksheet, styles: Styles, layout: Sheet, column: Column, columns: Columns, last_row: int
) -> None:
    """Mark missing needed values, text in number columns, duplicates, unknown references and
    impossible years; tint the basis by its value. The first column also shows that the check of
    its row complains."""
    letter = columns.letter(column.key)
    rules = [*_mistakes(layout, column, columns)]
    if columns.numbers[column.key] == 0:
        check = f"${columns.letter('check')}2"
        rules.append(_when(f'AND(LEN({check})>0,{check}<>"OK")', ORANGE))
    if column.key == "basis":
        cell = f"{letter}2"
        rules += [
            _when(f'OR(ISNUMBER(SEARCH("{code}",{cell})),ISNUMBER(SEARCH("{label}",{cell})))', BASIS_COLOURS[code])
            for code, label in CHOICES[Kind.BASIS].items()
        ]  # fmt: skip
    _add(sheet, styles, f"{letter}2:{letter}{last_row}", rules)


def add_check_colour(sheet: Worksheet, styles: Styles, columns: Columns, last_row: int) -> None:
    """A check that is not OK stands out."""
    letter = columns.letter("check")
    rule = _when(f'AND(LEN({letter}2)>0,{letter}2<>"OK")', ORANGE)
    _add(sheet, styles, f"{letter}2:{letter}{last_row}", [rule])


Rule = tuple[dict[str, Any], str]
"""What must hold, and the colour it then gives."""


def _mistakes(layout: Sheet, column: Column, columns: Columns) -> list[Rule]:
    letters = {key: columns.letter(key) for key in columns.numbers}
    cell = f"{letters[column.key]}2"
    rules: list[Rule] = []
    if column.needed:
        row = f"${letters[layout.columns[0].key]}2:${letters[layout.columns[-1].key]}2"
        rules.append(_when(f"AND(COUNTA({row})>0,LEN(TRIM({cell}))=0)", RED))
    if column.kind in NUMBERS:
        rules.append(_when(f"ISTEXT({cell})", ORANGE))
    if column.kind is Kind.YEAR:
        rules.append(_when(f"AND(ISNUMBER({cell}),OR({cell}<{FIRST_YEAR},{cell}>{LAST_YEAR}))", RED))
    if (layout.table, column.key) in _SINGLE_KEYS:
        rules.append(({"type": "duplicate"}, RED))
    if (layout.table, column.key) in _REFERRING:
        known = _REFERRING[layout.table, column.key]
        rules.append(_when(f"AND(LEN({cell})>0,ISNA(MATCH({cell},{known},0)))", ORANGE))
    if column.key == "latest_finish":
        start = f"${letters['earliest_start']}2"
        rules.append(_when(f"AND(ISNUMBER({cell}),ISNUMBER({start}),{cell}<{start})", RED))
    if layout.table == "spending" and column.kind is Kind.SHARE:
        shares = f"${letters['year_1']}2:${letters['year_8']}2"
        rules.append(_when(f"AND(ISNUMBER({cell}),ABS(SUM({shares})-1)>0.000001)", RED))
    return rules


def _when(formula: str, colour: str) -> Rule:
    return {"type": "formula", "criteria": f"={formula}"}, colour


def _add(sheet: Worksheet, styles: Styles, area: str, rules: list[Rule]) -> None:
    for rule, colour in rules:
        sheet.conditional_format(area, {**rule, "format": styles.mark(colour), "stop_if_true": True})
