"""The bars of the Gantt sheet: conditional formats that exclude one another.

LibreOffice applies the first rule that is true and no other, so each rule names everything it
needs: what happens in the year, whether it is late, whether the school opens in the same year.
"""

from __future__ import annotations

from typing import Any

from portfolio.domain.project import Stage
from portfolio.report.workbook.gantt_layout import FIRST_ROW, HEADER_ROW, GanttLayout
from portfolio.report.workbook.page import Page, cell_name
from portfolio.report.workbook.styles import (
    AMBER_INK,
    AMBER_PALE,
    BLUE_PALE,
    INK,
    RED,
    RED_PALE,
    STAGE_COLOURS,
    WHITE,
)

NUMBER = "#,##0;-#,##0;"
OPENING_NUMBER = '"◆ "#,##0;-#,##0;"◆"'
LATE_NUMBER = '"! "#,##0;-#,##0;"!"'
LATE_OPENING_NUMBER = '"!◆ "#,##0;-#,##0;"!◆"'


def add_bars(page: Page, layout: GanttLayout) -> None:
    """All rules of the sheet."""
    view, columns = layout.view, layout.columns
    first, last = columns[f"y{view.years[0]}"], columns[f"y{view.years[-1]}"]
    for condition, look in _bars(layout, page):
        _rule(page, layout, (first, last), condition, look)
    start, opens, due, solved = (layout.cell(FIRST_ROW, n) for n in ("start", "opens", "due", "solved"))
    changed = page.styles.overlay(bg_color=AMBER_PALE, bold=True, font_color=INK)
    _rule(page, layout, (columns["start"],) * 2, f"AND({_is_project(layout)},{start}<>{solved})", changed)
    late = page.styles.overlay(bg_color=RED_PALE, bold=True, font_color=RED, num_format='0" !"')
    condition = f'AND({_is_project(layout)},{due}<>"",ISNUMBER({start}),{opens}>{due})'
    _rule(page, layout, (columns["opens"],) * 2, condition, late)


def _rule(page: Page, layout: GanttLayout, cols: tuple[int, ...], condition: str, look: Any) -> None:
    page.sheet.conditional_format(
        FIRST_ROW, cols[0], layout.last_row, cols[-1],
        {"type": "formula", "criteria": f"={condition}", "format": look, "stop_if_true": True},
    )  # fmt: skip


def _is_project(layout: GanttLayout) -> str:
    return f"{layout.cell(FIRST_ROW, 'code')}>0"


def _bars(layout: GanttLayout, page: Page) -> list[tuple[str, Any]]:
    """(condition, format) for the first year cell; the sheet carries them to the others."""
    names = ("start", "finish", "opens", "due", "lag", "payments", "code")
    start, finish, opens, due, lag, payments, code = (layout.cell(FIRST_ROW, name) for name in names)
    year = cell_name(HEADER_ROW, layout.columns[f"y{layout.view.years[0]}"], row_abs=True)
    planned = f"{_is_project(layout)},ISNUMBER({start})"
    building = f"{planned},{year}>={start},{year}<={finish}"
    retention = f"{planned},{year}>{finish},{year}<{start}+{payments}"
    diamond = f"{planned},{year}={opens},OR({year}>={start}+{payments},{year}<{start})"
    here, elsewhere = f"{year}={opens}", f"{year}<>{opens}"
    built_late = f'{due}<>"",{year}>{due}-{lag}'
    opened_late = f'{due}<>"",{year}>{due}'
    in_time, opened_in_time = f"NOT(AND({built_late}))", f"NOT(AND({opened_late}))"
    make = page.styles.overlay

    def bar(colour: str, number: str) -> Any:
        return make(bg_color=colour, font_color=WHITE, num_format=number)

    rules = [
        (f"AND({building},{built_late},{elsewhere})", bar(RED, LATE_NUMBER)),
        (f"AND({building},{built_late},{here})", bar(RED, LATE_OPENING_NUMBER)),
    ]
    for n, stage in enumerate(Stage, 1):
        colour = STAGE_COLOURS[stage]
        rules.append((f"AND({building},{in_time},{elsewhere},{code}={n})", bar(colour, NUMBER)))
        rules.append((f"AND({building},{in_time},{here},{code}={n})", bar(colour, OPENING_NUMBER)))
    pale = {"bg_color": BLUE_PALE, "font_color": INK}
    late = {"bg_color": RED_PALE, "font_color": RED, "bold": True}
    return [
        *rules,
        (f"AND({retention},{elsewhere})", make(**pale, num_format=NUMBER)),
        (f"AND({retention},{here},{opened_in_time})", make(**pale, num_format=OPENING_NUMBER)),
        (f"AND({retention},{here},{opened_late})", make(**late, num_format=LATE_OPENING_NUMBER)),
        (f"AND({diamond},{opened_in_time})", make(font_color=AMBER_INK, bold=True)),
        (f"AND({diamond},{opened_late})", make(**late)),
    ]
