"""Sheet Summary: one page that says what is planned, whether the money and the seats suffice, and how
sure the plan is. Its figures follow the Gantt sheet; who pays what is the solver's answer."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from portfolio.domain.money import HUNDREDTHS_PER_WAN, Money, to_wan
from portfolio.domain.text import Text
from portfolio.report.labels import label, status_label
from portfolio.report.workbook import summary_basis, summary_charts
from portfolio.report.workbook.edits import write_banner
from portfolio.report.workbook.page import A3, A4, Page, Value, cell_name, filled, row_height
from portfolio.report.workbook.styles import BLUE, GREEN, ORANGE, RED
from portfolio.report.workbook.summary_cards import Card, write_cards
from portfolio.report.workbook.summary_rows import Links, Rows
from portfolio.report.workbook.tables import Formula
from portfolio.report.workbook.view import View, years_text
from portfolio.report.workbook.year_table import YearTable
from portfolio.scenario.plan import Plan

WAN_PER_YI = 10_000
WAN_PER_BILLION = 100_000
LEAST_COLUMNS = 12
"""Columns after the first, so that the cards fit whatever the horizon."""

MANY_YEARS = 12
"""More years than this need the larger paper."""

BANNER_ROW = 1
HEADER_ROW = 7
TOTAL_WIDTH = 11.5
TREND_WIDTH = 12.0


def write(page: Page, view: View, links: Links) -> None:
    """The whole sheet."""
    table = YearTable(page, view.years, HEADER_ROW)
    last_col = max(table.trend_col, LEAST_COLUMNS)
    _columns(page, table, last_col)
    subtitle = (
        f"{write_head(page, view.plan, last_col)} · {page.say(f'status.{view.plan.result.status}.note')}"
    )
    page.row(BANNER_ROW, row_height([(subtitle, page.room(0, last_col), 9)], 16))
    title = view.problem.title or view.problem.scenario
    write_banner(page, links.gantt.edits, BANNER_ROW, last_col, subtitle, f" · {title}")
    page.note(BANNER_ROW + 1, last_col, summary_basis.basis_words(page, view), "wrap")
    rows = Rows(page, view, links, table)
    rows.write()
    write_cards(page, _cards(page, view, links, rows), last_col)
    row = summary_charts.write(page, view, rows, table.row + 1, last_col)
    row = summary_basis.write_basis(page, view, row, last_col)
    summary_basis.write_solver(page, view, row + 1, last_col, links.gantt.edits, BANNER_ROW)
    page.sheet.freeze_panes(2, 1)
    page.sheet.set_first_sheet()
    page.sheet.activate()
    many = len(view.years) > MANY_YEARS
    page.printed(paper=A3 if many else A4, landscape=many, tall=1)


def _columns(page: Page, table: YearTable, last_col: int) -> None:
    width = 9.3 if len(table.years) <= MANY_YEARS else 8.6
    widths = [36.0, *[width] * last_col]
    widths[table.total_col] = TOTAL_WIDTH
    widths[table.trend_col] = TREND_WIDTH
    page.columns(widths)


def write_head(page: Page, plan: Plan, last_col: int) -> str:
    """The title with the years, and the scenario with the solver's status, which is returned."""
    title = page.say("summary.title", " · ", years=years_text(plan.problem.horizon))
    status = page.say("summary.status", " · ", status=status_label(plan.result.status))
    subtitle = f"{plan.problem.title or plan.problem.scenario} · {status}"
    page.title(title, subtitle, last_col)
    return subtitle


def _cards(page: Page, view: View, links: Links, rows: Rows) -> list[Card]:
    chosen = [item for items in view.selected.values() for item in items]
    count, of_all = f"COUNT({links.gantt.outside('start')})", len(view.items)
    unit = "0" if page.lang == "en" else f'0" {label("items").zh}"'

    def note(key: str, **values: object) -> str:
        return page.say(f"card.{key}", "\n", **values)

    late = len(view.evaluation.milestones)
    added = sum(item.seats_added for item in chosen)
    return [
        Card("scheduled", count, len(chosen), unit, BLUE, note("of", n=of_all)),
        Card("deferred", f"{of_all}-{count}", of_all - len(chosen), unit, ORANGE, note("see_deferred")),
        _investment(page, links, sum(item.candidate.cost for item in chosen), _in_plan(page, view, rows)),
        Card("seats", links.chosen_sum("seats"), added, "#,##0", GREEN, _net(page, links, sum(item.seats_net for item in chosen))),
        Card("use", f"MAX(0,{rows.table.cells('use')})", rows.peak_use, "0%", BLUE, note("use_note")),
        Card("shortage", *_last_shortage(view, rows), "#,##0", RED, note("shortage_note", year=view.years[-1])),
        Card("late", *_late(view, links), "0", RED, note("late_note", n=late)),
    ]  # fmt: skip


def _in_plan(page: Page, view: View, rows: Rows) -> Formula:
    """What is spent within the horizon, edits included."""
    amount, marks = sum(view.spend(year) for year in view.years), _large("\x01", "\x02")
    total = cell_name(rows.table.rows["spend"], rows.table.total_col)
    formulas = {
        "\x01": f'TEXT(ROUND({total}/{WAN_PER_YI},2),"#,##0.00")',
        "\x02": f'TEXT(ROUND({total}/{WAN_PER_BILLION},2),"#,##0.00")',
    }
    shown = page.say("card.in_plan", "\n", amount=_in_words(amount))
    return Formula(filled(page.say("card.in_plan", "\n", amount=marks), formulas), shown)


def _net(page: Page, links: Links, net: int) -> Formula | str:
    """Seats added less those replaced, edits included."""
    shown, seats = page.say("card.net", "\n", n=f"{net:,}"), links.seats
    if not seats.effects:
        return shown
    values, starts = (seats.ref + seats.effect_range(col) for col in (seats.net_col, seats.start_col))
    formula = f'TEXT(SUMIFS({values},{starts},">0"),"#,##0")'
    return Formula(filled(page.say("card.net", "\n", n="\x01"), {"\x01": formula}), shown)


def _investment(page: Page, links: Links, cost: Money, note: Formula) -> Card:
    """In 亿元; in English in thousand million yuan."""
    unit = WAN_PER_BILLION if page.lang == "en" else WAN_PER_YI
    number = (
        f'#,##0.00" {page.say("money.large")}"'
        if page.lang == "en"
        else f'#,##0.00" {label("money.large").zh}"'
    )
    value = cost / HUNDREDTHS_PER_WAN / unit
    return Card("cost", f"{links.chosen_sum('cost')}/{unit}", value, number, BLUE, note)


def _in_words(amount: Money) -> Text:
    yi, billion = (_rounded(to_wan(amount) / unit) for unit in (WAN_PER_YI, WAN_PER_BILLION))
    return _large(f"{yi:,}", f"{billion:,}")


def _large(yi: str, billion: str) -> Text:
    """Figures with the large unit of money of each language."""
    unit = label("money.large")
    return Text(f"{yi} {unit.zh}", f"{billion} {unit.en}")


def _rounded(number: Decimal) -> Decimal:
    """To two places, halves up, as spreadsheets do."""
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _last_shortage(view: View, rows: Rows) -> tuple[str, Value]:
    """Children without a seat in the last year."""
    table, last = rows.table, view.years[-1]
    cells = [cell_name(table.rows[f"short:{stage}"], table.last) for stage in view.stages]
    return "+".join(cells) or "0", sum(rows.shortage(stage, last) for stage in view.stages)


def _late(view: View, links: Links) -> tuple[str, Value]:
    missed = sum(line.late_years > 0 for line in view.evaluation.milestones)
    return (f'COUNTIF({links.late},">0")', missed) if links.late else ("0", 0)
