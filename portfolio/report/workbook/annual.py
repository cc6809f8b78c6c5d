"""Sheet Annual plan: for each year what is worked on, and which money pays for it, by county."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portfolio.domain.funding import FundingSource
from portfolio.domain.money import Money, wan_number
from portfolio.report.workbook.page import A3, A4, Page, cell_name, row_height, span
from portfolio.report.workbook.scope import scope_of
from portfolio.report.workbook.styles import EXACT_MONEY, WHITE, WHOLE_MONEY
from portfolio.report.workbook.view import Item, View

FIXED = ("no", "name", "scope", "period", "cost", "before", "this_year")
WIDTHS = (5.0, 28.0, 52.0, 15.0, 12.0, 12.0, 12.0)
COST_COL, BEFORE_COL, YEAR_COL = (FIXED.index(name) for name in ("cost", "before", "this_year"))
SOURCE_COL = len(FIXED)


@dataclass(frozen=True, slots=True)
class Work:
    """A project in one year: arranged before, and this year."""

    item: Item
    before: Money
    amount: Money


def write(page: Page, view: View) -> None:
    """The whole sheet."""
    _Annual(page, view).write()


class _Annual:
    def __init__(self, page: Page, view: View) -> None:
        self.page, self.view = page, view
        self.number = WHOLE_MONEY if view.money_is_whole else EXACT_MONEY
        self.payers = {county: self._payers(county) for county in view.counties}
        self.last_col = SOURCE_COL - 1 + max(1, *(len(p) for p in self.payers.values()), 1)

    def _payers(self, county: str) -> tuple[FundingSource, ...]:
        """The sources that pay something in the county, in any year."""
        drawn, years = self.view.drawn, self.view.years
        return tuple(
            s for s in self.view.payers(county) if any(drawn.get((county, s.key, y)) for y in years)
        )  # fmt: skip

    def write(self) -> None:
        page, view = self.page, self.view
        sources = self.last_col - SOURCE_COL + 1
        page.columns([*WIDTHS, *[12.0 if sources <= 6 else 10.5] * sources])
        page.title(page.say("annual.title", " · "), page.say("annual.how"), self.last_col)
        row = 3
        breaks: list[int] = []
        for year in view.years:
            work = {county: self._work(county, year) for county in view.counties}
            if any(work.values()):
                breaks.append(row)
                row = self._year(row, year, work) + 2
        if not breaks:
            page.note(3, self.last_col, page.say("annual.none"))
        page.sheet.set_h_pagebreaks(breaks[1:])
        page.sheet.freeze_panes(2, 2)
        page.printed(paper=A4 if sources <= 4 else A3)

    def _work(self, county: str, year: int) -> list[Work]:
        items = (item for item in self.view.selected[county] if item.line.spend.get(year))
        return [Work(i, i.spend_before(year, self.view.problem), i.line.spend[year]) for i in items]

    def _year(self, row: int, year: int, work: dict[str, list[Work]]) -> int:
        """A year's block; returns the row after it."""
        page = self.page
        page.merged(row, 0, self.last_col, page.say("annual.year", " · ", year=year), "section", font_size=14)
        page.row(row, 26)
        subtotals: list[int] = []
        row += 1
        for county, lines in work.items():
            if lines:
                row = self._county(row, year, county, lines)
                subtotals.append(row)
                row += 1
        everything = [w for lines in work.values() for w in lines]
        page.fill(row, 0, self.last_col, "total")
        page.merged(row, 0, 3, page.say("annual.total", year=year), "total")
        for col, value in self._sums(everything):
            formula = "+".join(cell_name(r, col) for r in subtotals)
            page.formula(
                row, col, formula, value, "total", num_format=self.number, align="right", font_color=WHITE
            )
        page.row(row, 21)
        return row + 1

    def _sums(self, work: Sequence[Work]) -> list[tuple[int, float]]:
        return [
            (COST_COL, wan_number(sum(w.item.candidate.cost for w in work))),
            (BEFORE_COL, wan_number(sum(w.before for w in work))),
            (YEAR_COL, wan_number(sum(w.amount for w in work))),
        ]

    def _county(self, row: int, year: int, county: str, work: list[Work]) -> int:
        """A county's rows of a year; returns the row of its subtotal."""
        page, payers = self.page, self.payers[county]
        self._header(row, county, payers)
        for n, line in enumerate(work, 1):
            self._row(row + n, n, year, line, payers)
        first, total = row + 1, row + len(work) + 1
        page.fill(total, 0, self.last_col, "band")
        page.merged(total, 0, 3, f"{self.view.county(county)} {page.say('subtotal')}", "band")
        sums = self._sums(work)
        for n, source in enumerate(payers):
            paid = sum(w.item.line.funding.get(year, {}).get(source.key, 0) for w in work)
            sums.append((SOURCE_COL + n, wan_number(paid)))
        for col, value in sums:
            formula = f"SUM({span(first, col, total - 1, col)})"
            page.formula(total, col, formula, value, "band", num_format=self.number, align="right")
        page.row(total, 19)
        return total

    def _header(self, row: int, county: str, payers: tuple[FundingSource, ...]) -> None:
        page = self.page
        texts = [page.head(f"annual.{name}") for name in FIXED]
        texts[1] = f"{self.view.county(county)}\n{page.say('annual.name')}"
        names = [self.view.kind(source.key) for source in payers]
        for col, text in enumerate([*texts, *names]):
            page.text(row, col, text, "header", font_size=9 if col < SOURCE_COL else 8)
        page.fill(row, SOURCE_COL + len(names), self.last_col, "header")
        sizes = [9.0] * SOURCE_COL + [8.0] * len(names)
        cells = [(text, page.widths[col], sizes[col]) for col, text in enumerate([*texts, *names])]
        page.row(row, row_height(cells, 32))

    def _row(self, row: int, number: int, year: int, work: Work, payers: tuple[FundingSource, ...]) -> None:
        page, item = self.page, work.item
        name, scope = self.view.name(item.candidate), scope_of(item.candidate, page.lang)
        page.number(row, 0, number, "cell year small")
        page.text(row, 1, name, "cell wrap")
        page.text(row, 2, scope, "cell wrap small")
        period = item.period if page.lang != "en" else f"{item.line.start}–{item.line.finish}"
        page.text(row, 3, period, "cell center shrink")
        for col, amount in (
            (COST_COL, item.candidate.cost),
            (BEFORE_COL, work.before),
            (YEAR_COL, work.amount),
        ):
            bold = " bold" if col == YEAR_COL else ""
            page.money(row, col, amount, "cell money" + bold, num_format=self.number)
        paid = item.line.funding.get(year, {})
        for col in range(SOURCE_COL, self.last_col + 1):
            n = col - SOURCE_COL
            part = paid.get(payers[n].key, 0) if n < len(payers) else None
            page.money(row, col, part, "cell money", num_format=self.number)
        page.row(row, row_height([(name, WIDTHS[1], 10), (scope, WIDTHS[2], 8)]))
