"""Puts the schedule workbook together, sheet by sheet."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import xlsxwriter

from portfolio.domain.schedule import Evaluation
from portfolio.domain.text import Lang
from portfolio.report.workbook import (
    annual,
    conflict,
    deferred,
    funding,
    gantt,
    log,
    milestones,
    official,
    seats,
    sources,
    summary,
)
from portfolio.report.workbook.funding_layout import FundingLayout
from portfolio.report.workbook.gantt_layout import GanttLayout
from portfolio.report.workbook.page import Page
from portfolio.report.workbook.seats_layout import SeatsLayout
from portfolio.report.workbook.styles import FONT, FONT_SIZE, Styles
from portfolio.report.workbook.summary_rows import Links
from portfolio.report.workbook.view import View
from portfolio.scenario.plan import Plan

SHEETS = (
    "summary", "gantt", "official", "annual", "funding", "seats", "deferred", "milestones", "sources", "log",
)  # fmt: skip
"""Sheets in the order of their tabs; without a schedule only the first and the last."""

TABS = {
    "summary": "#1F3A5F",
    "gantt": "#2563AE",
    "official": "#B42318",
    "annual": "#2563AE",
    "log": "#6B7280",
}

OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
    "default_format_properties": {"font_name": FONT, "font_size": FONT_SIZE},
}
"""Text stays text, whatever it begins with."""

LONGEST_FOOTER = 60


def write(plan: Plan, path: Path, lang: Lang = "both") -> None:
    """Write `schedule.xlsx`; the same plan gives the same bytes.

    Without a schedule the Summary tells why, and the Log what was run; there are no empty sheets.
    """
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        created = plan.created_at.astimezone(UTC).replace(tzinfo=None)
        title = plan.problem.title or plan.problem.scenario
        book.set_properties({"title": title[:LONGEST_FOOTER], "created": created})
        book.set_size(2400, 1500)
        names = SHEETS if plan.evaluation else (SHEETS[0], SHEETS[-1])
        styles = Styles(book)
        footer = title[:LONGEST_FOOTER].replace("&", "&&")
        pages = {name: Page(book, styles, lang, name, footer=footer) for name in names}
        for name, page in pages.items():
            page.sheet.set_tab_color(TABS.get(name, "#9DB8DC"))
        if plan.evaluation:
            _write_sheets(plan, plan.evaluation, pages, lang)
        else:
            conflict.write(pages["summary"], plan)
        log.write(pages["log"], plan)


def _write_sheets(plan: Plan, evaluation: Evaluation, pages: dict[str, Page], lang: Lang) -> None:
    """Sheets that formulas point at come before those that point at them; the tabs have their own order."""
    view = View(plan, evaluation, lang)
    gantt_layout = GanttLayout(view, pages["gantt"].ref)
    seats_layout = SeatsLayout(view, pages["seats"].ref)
    gantt.write(pages["gantt"], view, gantt_layout)
    seats.write(pages["seats"], view, seats_layout, gantt_layout)
    funding.write(pages["funding"], view, FundingLayout(view, pages["funding"].ref), gantt_layout)
    milestones.write(pages["milestones"], view, gantt_layout)
    late = milestones.late_cells(view, pages["milestones"].ref)
    summary.write(pages["summary"], view, Links(gantt_layout, seats_layout, late))
    official.write(pages["official"], view)
    annual.write(pages["annual"], view)
    deferred.write(pages["deferred"], view)
    sources.write(pages["sources"], view)
