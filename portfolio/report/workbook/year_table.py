"""The Summary's table: a row of figures over the years, with its total and its trend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portfolio.report.workbook.page import Page, Value, span
from portfolio.report.workbook.styles import BLUE

ROW_HEIGHT = 17
TOTAL = "#,##0_0;-#,##0_0;–_0"
"""With room for a digit after it, so that totals keep clear of the trends."""

HEADROOM = 1.35
"""The scale of a trend goes so much beyond its highest bar."""


class YearTable:
    """Writes rows one below the other; `row` is the next free one, `rows` finds them by name again."""

    def __init__(self, page: Page, years: Sequence[int], row: int) -> None:
        self.page, self.years, self.row = page, years, row
        self.header_row = row
        self.rows: dict[str, int] = {}
        self.first, self.last = 1, len(years)
        self.total_col, self.trend_col = self.last + 1, self.last + 2

    def header(self, text: str, *, total: bool = True) -> None:
        page, row = self.page, self.row
        page.text(row, 0, text, "header left")
        for col, year in enumerate(self.years, 1):
            page.number(row, col, year, "header year right", border=0)
        page.text(row, self.total_col, page.say("total") if total else "", "header right", border=0)
        page.text(row, self.trend_col, page.say("trend"), "header", border=0)
        page.row(row, ROW_HEIGHT + 2)
        self.row += 1

    def formulas(
        self, name: str, text: str, formulas: Sequence[str], values: Sequence[Value], parts: str = "cell int",
        *, total: bool = True, colour: str = BLUE, **look: Any,
    ) -> None:  # fmt: skip
        """A row that is calculated."""
        for col, (formula, value) in enumerate(zip(formulas, values, strict=True), 1):
            self.page.formula(self.row, col, formula, value, parts, **look)
        self._ends(name, text, [v for v in values if not isinstance(v, str)], parts, total, colour)

    def numbers(
        self, name: str, text: str, values: Sequence[float], parts: str = "cell int", *, total: bool = True
    ) -> None:
        """A row of plain figures: input, or the solver's answer."""
        for col, value in enumerate(values, 1):
            self.page.number(self.row, col, value, parts)
        self._ends(name, text, values, parts, total, BLUE)

    def _ends(
        self, name: str, text: str, values: Sequence[float], parts: str, total: bool, colour: str
    ) -> None:
        """Label, total and trend of the row, which then is complete; bars stay clear of the row above."""
        page, row = self.page, self.row
        self.rows[name] = row
        page.text(row, 0, text, "cell shrink")
        page.fill(row, self.total_col, self.trend_col, "cell")
        if total:
            figure = f"SUM({self.cells(name)})"
            page.formula(row, self.total_col, figure, sum(values), f"{parts} bold", num_format=TOTAL)
        ends = _trend_ends(values)
        trend = {"range": page.ref + self.cells(name), "type": "column", "series_color": colour, **ends}
        page.sheet.add_sparkline(row, self.trend_col, trend)
        page.row(row, ROW_HEIGHT)
        self.row += 1

    def cells(self, name: str) -> str:
        """The years' cells of a row."""
        return span(self.rows[name], self.first, self.rows[name], self.last)

    def series(self, name: str) -> dict[str, Any]:
        """The row as a chart series over the years."""
        row, sheet = self.rows[name], self.page.name
        return {
            "name": [sheet, row, 0],
            "categories": [sheet, self.header_row, self.first, self.header_row, self.last],
            "values": [sheet, row, self.first, row, self.last],
        }


def _trend_ends(values: Sequence[float]) -> dict[str, float]:
    """Ends of a trend's scale: from 0, or for shares close together from a little below the least."""
    high, low = max(values, default=0), min(values, default=0)
    if high <= low:
        return {"min": 0, "max": high * HEADROOM} if high > 0 else {}
    low = low - (high - low) / 4 if 0 < high <= 1 else 0.0
    return {"min": max(0.0, low), "max": low + (high - low) * HEADROOM}
