"""The two charts of the Summary: money against what there is, children with a seat."""

from __future__ import annotations

import math
from typing import Any

from portfolio.domain.money import HUNDREDTHS_PER_WAN, wan_number
from portfolio.report.workbook import charts
from portfolio.report.workbook.page import Page
from portfolio.report.workbook.styles import NAVY, STAGE_COLOURS, WHITE
from portfolio.report.workbook.summary_rows import Rows
from portfolio.report.workbook.view import View

CHART_ROWS = 19
USUAL_LOW = 0.6


def write(page: Page, view: View, rows: Rows, row: int, last_col: int) -> int:
    """Both charts side by side; returns the next free row."""
    made = {"money": _money(page, view, rows)}
    if view.stages:
        made["coverage"] = _coverage(page, view, rows)
    for n, (name, chart) in enumerate(made.items()):
        share, words = 1 / len(made), page.say(f"alt.{name}")
        charts.place(
            page, chart, row, CHART_ROWS, words=words, left=n * share, share=share, last_col=last_col
        )
    return row + CHART_ROWS + 1


def _money(page: Page, view: View, rows: Rows) -> Any:
    """Payments stacked by source, the money there is, and the spend of the Gantt sheet, edits included."""
    table = rows.table
    lines = page.book.add_chart({"type": "line"})
    lines.add_series(charts.limit_line(table.series("usable")))
    marker = {"type": "diamond", "size": 7, "fill": {"color": WHITE}, "border": {"color": NAVY}}
    thin = {"color": NAVY, "width": 0.75, "dash_type": "round_dot"}
    lines.add_series({**table.series("spend"), "line": thin, "marker": marker})
    chart = lines
    if rows.groups:
        chart = page.book.add_chart({"type": "column", "subtype": "stacked"})
        for n in range(len(rows.groups)):
            chart.add_series(charts.bar(table.series(f"group:{n}"), n))
        chart.combine(lines)
    highest = max(*rows.usable.values(), *(view.spend(year) for year in view.years), HUNDREDTHS_PER_WAN)
    charts.finish(chart, page.say("summary.money_chart"), charts.axis_limit(wan_number(highest)))
    return chart


def _coverage(page: Page, view: View, rows: Rows) -> Any:
    """A line a stage, told apart by colour, dash and marker."""
    chart = page.book.add_chart({"type": "line"})
    found: list[float] = []
    for n, stage in enumerate(view.stages):
        chart.add_series(charts.line(rows.table.series(f"cover:{stage}"), n, STAGE_COLOURS[stage]))
        found += [share for year in view.years if (share := rows.coverage(stage, year)) is not None]
    low, step = _share_axis(min(found, default=1))
    title = page.say("summary.coverage_chart")
    charts.finish(chart, title, (1.0, step), low=low, number="0%")
    return chart


def _share_axis(lowest: float) -> tuple[float, float]:
    """Lower end and step of an axis of shares that ends at 100 %; from 60 % unless a share is below."""
    if lowest >= USUAL_LOW:
        return USUAL_LOW, 0.1
    return max(0.0, math.floor(lowest * 5) / 5), 0.2
