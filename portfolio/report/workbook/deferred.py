"""Sheet Deferred: every candidate that is left out, and why."""

from __future__ import annotations

from portfolio.domain.money import wan_number
from portfolio.report.labels import nature_label, reason_label, stage_label
from portfolio.report.workbook.page import A3, Page
from portfolio.report.workbook.tables import Cell, Column, set_widths, write_table
from portfolio.report.workbook.view import EM_DASH, Item, View

HEADER_ROW = 3


def columns(page: Page) -> list[Column]:
    both = page.lang == "both"
    return [
        Column("no.", 6, "cell year small"),
        Column("county", 18, "cell wrap"),
        Column("project_name", 30, "cell wrap"),
        *([Column("name_en", 30, "cell wrap small grey")] if both else []),
        Column("stage", 12, "cell wrap small center"),
        Column("nature", 12, "cell wrap small center"),
        Column("cost", 13, "cell money"),
        Column("seats_added", 10, "cell int"),
        Column("priority", 9, "cell year"),
        Column("window", 14, "cell center"),
        Column("reason", 17, "cell wrap bold"),
        Column("reason_text", 100),
        Column("key", 28, "cell wrap small grey"),
    ]


def write(page: Page, view: View) -> None:
    """The whole sheet."""
    table = columns(page)
    set_widths(page, table)
    last = len(table) - 1
    items = [item for county in view.counties for item in view.deferred[county]]
    how = page.say("deferred.how") if items else ""
    page.title(page.say("deferred.title", " · "), how, last)
    if items:
        write_table(page, HEADER_ROW, table, [_row(page, view, n, item) for n, item in enumerate(items, 1)])
        page.sheet.freeze_panes(HEADER_ROW + 1, 3)
    else:
        page.row(HEADER_ROW, 40)
        page.merged(HEADER_ROW, 0, last, "✓ " + page.say("deferred.none"), "section left")
    page.printed(paper=A3, repeat=(HEADER_ROW, HEADER_ROW))


def _row(page: Page, view: View, number: int, item: Item) -> list[Cell]:
    candidate, reason = item.candidate, view.plan.reasons.get(item.key)
    row = candidate.row
    return [
        number,
        view.county(row.county),
        view.name(candidate),
        *([row.name_en] if page.lang == "both" else []),
        page.pick(stage_label(row.stage), "\n"),
        page.pick(nature_label(row.nature), "\n"),
        wan_number(candidate.cost),
        item.seats_added,
        candidate.priority,
        _window(view, item),
        page.pick(reason_label(reason.code), "\n") if reason else "",
        page.pick(reason.text, "\n") if reason else "",
        item.key,
    ]


def _window(view: View, item: Item) -> str:
    """Earliest start to latest finish."""
    candidate, horizon = item.candidate, view.problem.horizon
    first = candidate.fixed_start or candidate.earliest_start or horizon.first_year
    return f"{first}{EM_DASH}{candidate.latest_finish or horizon.last_year}"
