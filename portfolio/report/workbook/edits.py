"""What the sheets say once start years are edited: nobody has checked that plan.

The number of edits stands in a helper cell of the Gantt sheet. Colours hang on the sign at the start
of the words, since not every program lets a conditional format look at another sheet.
"""

from __future__ import annotations

from portfolio.report.workbook.gantt_layout import GanttLayout
from portfolio.report.workbook.page import Page, cell_name, filled, quoted
from portfolio.report.workbook.styles import GREY, RED, RED_PALE

SIGN = "⚠"
COUNT = "\x01"
"""Where the number of edits goes."""


def write_count(page: Page, layout: GanttLayout) -> None:
    """How many start years differ from the solved ones, projects tried and dropped included."""
    codes, starts, solved = (layout.whole(name) for name in ("code", "start", "solved"))
    row, col = layout.edits_at
    page.formula(row, col, f"SUMPRODUCT(({codes}>0)*({starts}<>{solved}))", 0, "small grey")


def write_banner(page: Page, count: str, row: int, last_col: int, text: str, after: str = "") -> None:
    """The subtitle, which gives way to a red banner as soon as `count` is not 0."""
    banner = filled(f"{SIGN} {page.say('edits.banner', ' / ', n=COUNT)}{after}", {COUNT: count})
    parts = "subtitle ruled wrap top"
    page.sheet.write_formula(row, 0, f"=IF({count}=0,{quoted(text)},{banner})", page.styles(parts), text)
    look = page.styles.overlay(bg_color=RED_PALE, font_color=RED, bold=True)
    _format_if_edited(page, row, row, (0, last_col), row, look)


def write_conclusion(page: Page, count: str, row: int, cols: tuple[int, int], text: str, colour: str) -> None:
    """A conclusion of the solver, which holds for the plan before the edits."""
    formula = f"IF({count}=0,{quoted(text)},{quoted(page.say('edits.before'))})"
    page.merged_formula(row, *cols, formula, text, "cell bold shrink", font_color=colour)


def grey_out(page: Page, rows: tuple[int, int], cols: tuple[int, int], banner_row: int) -> None:
    """What no longer holds turns grey."""
    look = page.styles.overlay(font_color=GREY, italic=True)
    _format_if_edited(page, rows[0], rows[1], cols, banner_row, look)


def _format_if_edited(
    page: Page, first: int, last: int, cols: tuple[int, int], banner_row: int, look: object
) -> None:
    banner = cell_name(banner_row, 0, row_abs=True, col_abs=True)
    page.sheet.conditional_format(
        first, cols[0], last, cols[1],
        {"type": "formula", "criteria": f'=LEFT({banner},1)="{SIGN}"', "format": look},
    )  # fmt: skip
