"""Puts the schedule workbook together, sheet by sheet."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

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
    quarters,
    seats,
    sources,
    summary,
)
from portfolio.report.workbook.funding_layout import FundingLayout
from portfolio.report.workbook.gantt_layout import GanttLayout
from portfolio.report.workbook.page import Page
from portfolio.report.workbook.properties import set_properties
from portfolio.report.workbook.seats_layout import SeatsLayout
from portfolio.report.workbook.styles import FONT, FONT_SIZE, Styles
from portfolio.report.workbook.summary_rows import Links
from portfolio.report.workbook.view import View
from portfolio.report.workbook.xlsx_book import Book
from portfolio.scenario.plan import Plan

SHEETS = (
    "summary", "gantt", "quarters", "official", "annual", "funding", "seats", "deferred", "milestones", "sources", "log",
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
    "default_format_properties": {"font_name": FONT, "font_size": FONT_SIZE},
}
"""Text stays text, whatever it begins with."""

LONGEST_FOOTER = 60


def write(plan: Plan, path: Path, lang: Lang = "both") -> None:
    """Write `schedule.xlsx`; the same plan gives the same bytes.

    Without a schedule the Summary tells why, and the Log what was run; there are no empty sheets.
    """
    with _no_search_for_cycles(), Book(str(path), OPTIONS) as book:
        set_properties(book, plan, lang)
        book.set_size(2400, 1500)
        names = SHEETS if plan.evaluation else (SHEETS[0], SHEETS[-1])
        styles = Styles(book, lang)
        title = plan.problem.title or plan.problem.scenario
        footer = title[:LONGEST_FOOTER].replace("&", "&&")
        pages = {name: Page(book, styles, lang, name, footer=footer) for name in names}
        for name, page in pages.items():
            page.sheet.set_tab_color(TABS.get(name, "#9DB8DC"))
        if plan.evaluation:
            _write_sheets(plan, plan.evaluation, pages, lang)
        else:
            _put(pages["summary"], conflict.write, plan)
        _put(pages["log"], log.write, plan)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Without Python's search for objects that refer to each other in circles: cells do not, and looking
    through millions of them again and again takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _write_sheets(plan: Plan, evaluation: Evaluation, pages: dict[str, Page], lang: Lang) -> None:
    """Sheets that formulas point at come before those that point at them; the tabs have their own order."""
    view = View(plan, evaluation, lang)
    gantt_layout = GanttLayout(view, pages["gantt"].ref)
    seats_layout = SeatsLayout(view, pages["seats"].ref)
    _put(pages["gantt"], gantt.write, view, gantt_layout)
    _put(pages["seats"], seats.write, view, seats_layout, gantt_layout)
    _put(pages["funding"], funding.write, view, FundingLayout(view, pages["funding"].ref), gantt_layout)
    _put(pages["milestones"], milestones.write, view, gantt_layout)
    late = milestones.late_cells(view, pages["milestones"].ref)
    _put(pages["summary"], summary.write, view, Links(gantt_layout, seats_layout, late))
    _put(pages["quarters"], quarters.write, view, gantt_layout)
    _put(pages["official"], official.write, view)
    _put(pages["annual"], annual.write, view)
    _put(pages["deferred"], deferred.write, view)
    _put(pages["sources"], sources.write, view)


def _put(page: Page, write_sheet: Callable[..., None], *content: object) -> None:
    """Write a sheet and put its cells aside, so that those of one sheet at a time are in memory."""
    write_sheet(page, *content)
    page.book.finish(page.sheet)
