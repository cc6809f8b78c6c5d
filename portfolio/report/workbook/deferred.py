"""Sheet Deferred: every candidate that is left out or starts later than it could, why, and what would help."""

from __future__ import annotations

from portfolio.domain.money import wan_number
from portfolio.domain.text import Text
from portfolio.report.labels import county_label, nature_label, reason_label, stage_label
from portfolio.report.workbook.page import A3, Page
from portfolio.report.workbook.tables import Cell, Column, Names, set_widths, write_table
from portfolio.report.workbook.view import EM_DASH, Item, View, sentence

HEADER_ROW = 3


def columns(years: str) -> list[Column]:
    """`years`: the words of the column between priority and reason."""
    return [
        Column("no.", 6, "cell year small"),
        Column("county", 12, "cell wrap"),
        Column("project_name", 40, "cell wrap"),
        Column("stage", 12, "cell wrap small center"),
        Column("nature", 12, "cell wrap small center"),
        Column("cost", 13, "cell money"),
        Column("seats_added", 10, "cell int"),
        Column("priority", 9, "cell year"),
        Column(years, 14, "cell center"),
        Column("reason", 17, "cell wrap bold"),
        Column("reason_text", 88),
        Column("key", 24, "cell wrap small grey"),
    ]


def write(page: Page, view: View) -> None:
    """The whole sheet: first what is left out, then what is late."""
    table = columns("window")
    set_widths(page, table)
    last = len(table) - 1
    out = [item for county in view.counties for item in view.deferred[county]]
    late = [item for county in view.counties for item in view.late[county]]
    page.title(page.say("deferred.title", " · "), page.say("deferred.how") if out or late else "", last)
    row = HEADER_ROW
    if out:
        rows = [_row(page, view, n, item, _window(view, item)) for n, item in enumerate(out, 1)]
        row = write_table(page, HEADER_ROW, table, rows)
        page.sheet.freeze_panes(HEADER_ROW + 1, 3)
    else:
        page.row(HEADER_ROW, 40)
        page.merged(HEADER_ROW, 0, last, "✓ " + page.say("deferred.none"), "section left")
        row += 1
    if late:
        page.merged(row + 1, 0, last, page.say("deferred.late", " · "), "section")
        page.row(row + 1, 26)
        rows = [_row(page, view, n, item, _years(item)) for n, item in enumerate(late, 1)]
        write_table(page, row + 2, columns("deferred.years"), rows, filtered=False)
        if out:
            page.sheet.set_h_pagebreaks([row + 1])
    page.printed(paper=A3, repeat=(HEADER_ROW, HEADER_ROW) if out and not late else None)


def _row(page: Page, view: View, number: int, item: Item, years: str) -> list[Cell]:
    candidate, reason = item.candidate, view.plan.reasons.get(item.key)
    row = candidate.row
    return [
        number,
        page.pick(county_label(row.county), "\n"),
        Names(view.name(candidate), view.second_name(candidate)),
        page.pick(stage_label(row.stage), "\n"),
        page.pick(nature_label(row.nature), "\n"),
        wan_number(candidate.cost),
        item.seats_added,
        candidate.priority,
        years,
        page.pick(reason_label(reason.code), "\n") if reason else "",
        page.pick(Text(reason.text.zh, sentence(reason.text.en)), "\n") if reason else "",
        item.key,
    ]


def _years(item: Item) -> str:
    """Start and opening as scheduled."""
    return f"{item.line.start} → {item.line.opens}"


def _window(view: View, item: Item) -> str:
    """Earliest start to latest finish."""
    candidate, horizon = item.candidate, view.problem.horizon
    first = candidate.fixed_start or candidate.earliest_start or horizon.first_year
    return f"{first}{EM_DASH}{candidate.latest_finish or horizon.last_year}"
