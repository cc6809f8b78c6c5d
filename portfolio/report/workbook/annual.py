"""Sheet Annual plan: for each year what is worked on, and which money pays for it, by county."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portfolio.domain.money import Money, wan_number
from portfolio.report.labels import label
from portfolio.report.workbook.breaks import Rows, page_breaks, page_room
from portfolio.report.workbook.page import A3, A4, Page, cell_name, row_height, span
from portfolio.report.workbook.scope import scope_of
from portfolio.report.workbook.styles import EXACT_MONEY, WHITE, WHOLE_MONEY, about
from portfolio.report.workbook.view import Item, View

FIXED = ("no", "name", "scope", "period", "cost", "before", "this_year")
WIDTHS = (5.0, 27.0, 40.0, 14.0, 12.0, 12.0, 12.0)
COST_COL, BEFORE_COL, YEAR_COL = (FIXED.index(name) for name in ("cost", "before", "this_year"))
SOURCE_COL = len(FIXED)
HEADER_ROW = 3
NAME_COL, SCOPE_COL = FIXED.index("name"), FIXED.index("scope")
SCOPE_WIDTHS = (40.0, 46.0, 52.0, 60.0, 70.0)
"""A wider column makes the print smaller and the rows lower: the first that is wide enough is taken."""

HEADER_HEIGHT, YEAR_HEIGHT, BAND_HEIGHT, TOTAL_HEIGHT = 46, 26, 19, 21

MOST_KINDS = 8
"""Kinds of money that have a column of their own; the smallest of more are added up."""

FEW_KINDS = 4
"""With more of them the larger paper is needed."""


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
        self.kinds = self._kinds()
        self.last_col = SOURCE_COL + max(1, len(self.kinds)) - 1

    def _kinds(self) -> list[tuple[str, frozenset[str]]]:
        """Name and sources of each kind of money that pays something, in workbook order."""
        view = self.view
        paid: dict[str, Money] = {}
        kinds: dict[str, set[str]] = {}
        for (_, source, _), amount in view.drawn.items():
            paid[source] = paid.get(source, 0) + amount
        for source in view.problem.sources:
            if paid.get(source):
                kinds.setdefault(view.kind(source), set()).add(source)
        if len(kinds) <= MOST_KINDS:
            return [(name, frozenset(keys)) for name, keys in kinds.items()]
        ranked = sorted(kinds, key=lambda name: -sum(paid[key] for key in kinds[name]))
        shown = set(ranked[: MOST_KINDS - 1])
        rest = frozenset().union(*(keys for name, keys in kinds.items() if name not in shown))
        own = [(name, frozenset(keys)) for name, keys in kinds.items() if name in shown]
        return [*own, (view.pick(label("other_sources")), rest)]

    def write(self) -> None:
        page, view = self.page, self.view
        sources = self.last_col - SOURCE_COL + 1
        paper = A4 if sources <= FEW_KINDS else A3
        self._columns(paper, sources)
        page.title(page.say("annual.title", " · "), page.say("annual.how"), self.last_col)
        page.row(HEADER_ROW - 1, 6)
        self._header()
        row = HEADER_ROW + 1
        blocks: list[list[Rows]] = []
        for year in view.years:
            work = {county: self._work(county, year) for county in view.counties}
            if any(work.values()):
                blocks.append(self._year(row, year, work))
                row = blocks[-1][-1][1] + 2
        if not blocks:
            page.note(row, self.last_col, page.say("annual.none"))
        breaks = page_breaks(
            page, blocks, paper=paper, landscape=True, last_col=self.last_col, repeat=(HEADER_ROW, HEADER_ROW)
        )
        page.sheet.set_h_pagebreaks(breaks)
        page.sheet.freeze_panes(HEADER_ROW + 1, 2)
        page.printed(paper=paper, repeat=(HEADER_ROW, HEADER_ROW))

    def _columns(self, paper: int, sources: int) -> None:
        """Widths at which the fullest year fits on a page, where slightly smaller print achieves that."""
        page, years = self.page, self.view.years
        for scope in (*SCOPE_WIDTHS, SCOPE_WIDTHS[0]):
            widths = [*WIDTHS[:SCOPE_COL], scope, *WIDTHS[SCOPE_COL + 1 :]]
            page.columns([*widths, *[12.0 if sources <= FEW_KINDS else 10.5] * sources])
            room = page_room(page, paper=paper, landscape=True, last_col=self.last_col)
            if all(self._height(year) <= room for year in years):
                return

    def _height(self, year: int) -> float:
        """Points that a year's block takes, with the repeated header."""
        work = [self._work(county, year) for county in self.view.counties]
        rows = sum(self._row_height(line) for lines in work for line in lines)
        return HEADER_HEIGHT + YEAR_HEIGHT + BAND_HEIGHT * sum(map(bool, work)) + rows + TOTAL_HEIGHT

    def _row_height(self, work: Work) -> float:
        candidate, widths = work.item.candidate, self.page.widths
        name, scope = self.view.name(candidate), scope_of(candidate, self.page.lang)
        return row_height([(name, widths[NAME_COL], 10), (scope, widths[SCOPE_COL], 8)])

    def _header(self) -> None:
        """One for all years: a kind of money has the same column in every county."""
        page = self.page
        texts = [page.head(f"annual.{name}") for name in FIXED] + [name for name, _ in self.kinds]
        sizes = [9.0] * SOURCE_COL + [8.0] * len(self.kinds)
        for col, text in enumerate(texts):
            page.text(HEADER_ROW, col, text, "header", font_size=sizes[col])
        page.fill(HEADER_ROW, len(texts), self.last_col, "header")
        cells = [(text, page.widths[col], sizes[col]) for col, text in enumerate(texts)]
        page.row(HEADER_ROW, row_height(cells, 32))

    def _work(self, county: str, year: int) -> list[Work]:
        items = (item for item in self.view.selected[county] if item.line.spend.get(year))
        return [Work(i, i.spend_before(year, self.view.problem), i.line.spend[year]) for i in items]

    def _year(self, row: int, year: int, work: dict[str, list[Work]]) -> list[Rows]:
        """A year's block; returns its rows, those that stay together in one."""
        page = self.page
        page.merged(row, 0, self.last_col, page.say("annual.year", " · ", year=year), "section", font_size=14)
        page.row(row, YEAR_HEIGHT)
        rows: list[Rows] = []
        bands: list[int] = []
        first = row
        row += 1
        for county, lines in work.items():
            if lines:
                bands.append(row)
                self._county(row, year, county, lines)
                rows.append((first, row + 1))
                rows += [(n, n) for n in range(row + 2, row + len(lines) + 1)]
                row += len(lines) + 1
                first = row
        everything = [w for lines in work.values() for w in lines]
        page.fill(row, 0, self.last_col, "total")
        page.merged(row, 0, COST_COL - 1, page.say("annual.total", year=year), "total")
        for col, value in self._sums(year, everything):
            formula = "+".join(cell_name(r, col) for r in bands)
            page.formula(
                row, col, formula, value, "total", num_format=self.number, align="right", font_color=WHITE
            )
        page.row(row, TOTAL_HEIGHT)
        return [*rows[:-1], (rows[-1][0], row)]

    def _sums(self, year: int, work: Sequence[Work]) -> list[tuple[int, float]]:
        sums = {
            COST_COL: sum(w.item.candidate.cost for w in work),
            BEFORE_COL: sum(w.before for w in work),
            YEAR_COL: sum(w.amount for w in work),
        }
        for n in range(len(self.kinds)):
            sums[SOURCE_COL + n] = sum(self._paid(w.item, year, n) for w in work)
        return [(col, wan_number(amount)) for col, amount in sums.items()]

    def _paid(self, item: Item, year: int, kind: int) -> Money:
        paid, keys = item.line.funding.get(year, {}), self.kinds[kind][1]
        return sum(amount for key, amount in paid.items() if key in keys)

    def _county(self, row: int, year: int, county: str, work: list[Work]) -> None:
        """A county's band with its sums, and its projects of the year below."""
        page = self.page
        page.fill(row, 0, self.last_col, "band")
        page.merged(row, 0, COST_COL - 1, self.view.county(county), "band")
        for col, value in self._sums(year, work):
            formula = f"SUM({span(row + 1, col, row + len(work), col)})"
            page.formula(row, col, formula, value, "band", num_format=self.number, align="right")
        page.row(row, BAND_HEIGHT)
        for n, line in enumerate(work, 1):
            self._row(row + n, n, year, line)

    def _row(self, row: int, number: int, year: int, work: Work) -> None:
        page, item = self.page, work.item
        name, scope = self.view.name(item.candidate), scope_of(item.candidate, page.lang)
        page.number(row, 0, number, "cell year small")
        page.text(row, 1, name, "cell wrap")
        page.text(row, 2, scope, "cell wrap small")
        period = item.period if page.lang != "en" else item.years("–")
        page.text(row, 3, period, "cell center shrink")
        for col, amount in (
            (COST_COL, item.candidate.cost),
            (BEFORE_COL, work.before),
            (YEAR_COL, work.amount),
        ):
            bold = " bold" if col == YEAR_COL else ""
            estimated = col == COST_COL and "total_cost" in item.candidate.estimated
            figure = about(self.number) if estimated else self.number
            page.money(row, col, amount, "cell money" + bold, num_format=figure)
        page.fill(row, SOURCE_COL, self.last_col, "cell")
        for n in range(len(self.kinds)):
            page.money(row, SOURCE_COL + n, self._paid(item, year, n), "cell money", num_format=self.number)
        page.row(row, self._row_height(work))
