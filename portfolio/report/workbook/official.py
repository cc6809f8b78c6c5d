"""Sheet Official: the county's own published form, a block a county, to be printed as it is.

Source of the form: annex 重大项目规划表 of 石柱县's plan for balanced compulsory education 2020–2029.
The form is Chinese in every language choice; English heads stand below the Chinese ones.
"""

from __future__ import annotations

from portfolio.domain.money import HUNDREDTHS_PER_WAN, to_wan, wan_number
from portfolio.report.labels import county_label, label, nature_label, project_name
from portfolio.report.workbook.page import Page, row_height, span
from portfolio.report.workbook.scope import scope_of
from portfolio.report.workbook.styles import about
from portfolio.report.workbook.view import Item, View

COLUMNS = ("no", "location", "name", "nature", "scale", "cost", "period")
WIDTHS = (6.0, 15.0, 27.0, 10.5, 68.0, 15.0, 17.0)
COST_COL = COLUMNS.index("cost")
LAST_COL = len(COLUMNS) - 1


def write(page: Page, view: View) -> None:
    """The whole sheet."""
    page.columns(WIDTHS)
    row = 0
    breaks: list[int] = []
    for county in view.counties:
        items = view.selected[county]
        if items:
            breaks.append(row)
            row = _county(page, row, county, items) + 2
    if not breaks:
        page.merged(0, 0, LAST_COL, page.say("official.none"), "grey")
    page.sheet.set_h_pagebreaks(breaks[1:])
    page.printed()


def _county(page: Page, row: int, county: str, items: tuple[Item, ...]) -> int:
    """A county's form; returns the row after it."""
    names = county_label(county)
    page.row(row, 32)
    heading = label("official.title").zh.format(county=names.zh)
    page.merged(row, 0, LAST_COL, heading, "center bold", font_size=16)
    if page.lang != "zh":
        row += 1
        english = label("official.title").en.format(county=names.en)
        page.merged(row, 0, LAST_COL, english, "subtitle center")
    header = row + 1
    for col, name in enumerate(COLUMNS):
        words = label(f"official.{name}")
        text = words.zh if page.lang == "zh" else f"{words.zh}\n{words.en}"
        page.text(header, col, text, "box center bold wrap pale")
    page.row(header, 24 if page.lang == "zh" else 36)
    for n, item in enumerate(items, 1):
        _row(page, header + n, n, item)
    _total(page, header + len(items) + 1, items)
    if any("total_cost" in item.candidate.estimated for item in items):
        _note(page, header + len(items) + 2)
        return header + len(items) + 3
    return header + len(items) + 2


def _note(page: Page, row: int) -> None:
    """What the sign before an estimated investment means."""
    words = label("official.estimated")
    page.note(row, LAST_COL, words.zh if page.lang == "zh" else f"{words.zh} {words.en}", "small grey wrap")


def _row(page: Page, row: int, number: int, item: Item) -> None:
    candidate = item.candidate
    name, scale = project_name(candidate.row).zh, scope_of(candidate, "zh")
    page.number(row, 0, number, "box year")
    page.text(row, 1, candidate.row.location, "box center wrap")
    page.text(row, 2, name, "box center wrap")
    page.text(row, 3, nature_label(candidate.row.nature).zh, "box center wrap")
    page.text(row, 4, scale, "box wrap left indent")
    if "total_cost" in candidate.estimated:
        exact = "0" if candidate.cost % HUNDREDTHS_PER_WAN == 0 else "0.00"
        page.money(row, COST_COL, candidate.cost, "box plain center", num_format=about(exact))
    else:
        page.number(row, COST_COL, wan_number(candidate.cost), "box plain center")
    page.text(row, 6, item.period, "box center")
    cells = [(candidate.row.location, WIDTHS[1], 10), (name, WIDTHS[2], 10), (scale, WIDTHS[4] - 1, 10)]
    page.row(row, row_height(cells, 26))


def _total(page: Page, row: int, items: tuple[Item, ...]) -> None:
    page.merged(row, 0, COST_COL - 1, label("total").zh, "box center bold pale")
    amount = sum(item.candidate.cost for item in items)
    first = row - len(items)
    cells = span(first, COST_COL, row - 1, COST_COL)
    page.formula(row, COST_COL, f"SUM({cells})", float(to_wan(amount)), "box plain center bold pale")
    page.text(row, LAST_COL, "", "box pale")
    page.row(row, 24)
