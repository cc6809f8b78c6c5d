"""Sheet Funding: what each source has, pays and keeps, by county; and whether edits still fit.

Who pays what is the solver's answer and does not follow an edit. So the sheet compares the spend of
the Gantt sheet, edits included, with the money that the answer left unused, by county and year.
"""

from __future__ import annotations

from portfolio.domain.funding import SHARED, FundingSource
from portfolio.domain.money import Money, wan_number
from portfolio.report.labels import county_label
from portfolio.report.marginal import plan_notes, value_of
from portfolio.report.workbook import charts
from portfolio.report.workbook.funding_layout import (
    CHART_ROWS,
    CHECK,
    FIRST_YEAR_COL,
    MARGINAL,
    FundingBlock,
    FundingLayout,
    SourceBlock,
)
from portfolio.report.workbook.gantt_layout import GanttLayout
from portfolio.report.workbook.page import A3, Page, cell_name, span
from portfolio.report.workbook.styles import EXACT_MONEY, GREEN, PALE, RED, RED_PALE, WHOLE_MONEY
from portfolio.report.workbook.view import View

VALUE = "#,##0.00;-#,##0.00;–"
SIGNED = "+#,##0.00;-#,##0.00;–"
SIGNED_WHOLE = "+#,##0;-#,##0;–"
TOTALLED = ("cap", "planned", "lapsed")
"""Measures that may be added up over years; money kept from year to year would count twice."""


def write(page: Page, view: View, layout: FundingLayout, gantt: GanttLayout) -> None:
    """The whole sheet."""
    exact = not view.money_is_whole
    width = 11.0 if exact else 9.5
    page.columns([34.0, 19.0, *[width] * len(view.years), width + 2])
    page.title(page.say("funding.title", " · "), page.say("funding.how"), layout.total_col)
    if view.plan.marginal:
        notes = [page.pick(note) for note in plan_notes(view.plan)]
        page.note(2, layout.total_col, " ".join(notes), "subtitle wrap top")
    for block in layout.blocks:
        _Block(page, view, layout, block, EXACT_MONEY if exact else WHOLE_MONEY).write(gantt)
    if not layout.blocks:
        page.note(3, layout.total_col, page.say("funding.none"))
    page.sheet.set_h_pagebreaks([block.heading_row for block in layout.blocks[1:]])
    page.sheet.freeze_panes(2, FIRST_YEAR_COL)
    page.printed(paper=A3, landscape=False)


class _Block:
    """Writes one county's block."""

    def __init__(
        self, page: Page, view: View, layout: FundingLayout, block: FundingBlock, number: str
    ) -> None:
        self.page, self.view, self.layout, self.block = page, view, layout, block
        self.number = number
        self.signed = SIGNED if number == EXACT_MONEY else SIGNED_WHOLE

    def write(self, gantt: GanttLayout) -> None:
        page, block = self.page, self.block
        page.merged(block.heading_row, 0, self.layout.total_col, self.view.county(block.county), "section")
        page.row(block.heading_row, 24)
        self._header(block.header_row, "funding.item")
        if block.checked:
            self._check(gantt)
        self._paid()
        self._chart()
        if block.sources:
            self._header(block.sources_header_row, "funding.source")
        for source in block.sources:
            self._source(source)

    def _header(self, row: int, key: str) -> None:
        page = self.page
        page.merged(row, 0, 1, page.say(key), "header left")
        for year in self.view.years:
            page.number(row, self.layout.year_col(year), year, "header", num_format="0")
        page.text(row, self.layout.total_col, page.say("total"), "header")
        page.row(row, 20)

    def _money(self, row: int, year: int, amount: Money, parts: str = "cell money") -> None:
        self.page.money(row, self.layout.year_col(year), amount, parts, num_format=self.number)

    def _sum(self, row: int, amounts: list[Money], parts: str = "cell money bold") -> None:
        """The total of a row over the years."""
        first, last = (self.layout.year_col(self.view.years[n]) for n in (0, -1))
        formula = f"SUM({span(row, first, row, last)})"
        self.page.formula(
            row, self.layout.total_col, formula, wan_number(sum(amounts)), parts, num_format=self.number
        )

    # the check against the Gantt sheet

    def _check(self, gantt: GanttLayout) -> None:
        page, view, block = self.page, self.view, self.block
        for measure in CHECK:
            bold = "bold " if measure in ("live", "verdict") else ""
            page.merged(
                block.check_row(measure),
                0,
                1,
                page.say(f"funding.{measure}"),
                f"cell {bold}wrap",
                bg_color=PALE,
            )
        for year in view.years:
            self._check_year(gantt, year)
        spends = [view.spend_by_county[block.county, year] for year in view.years]
        for measure in ("live", "as_solved"):
            self._sum(block.check_row(measure), spends)
        page.fill(block.check_row("verdict"), self.layout.total_col, self.layout.total_col, "cell")
        self._verdict_colours()

    def _check_year(self, gantt: GanttLayout, year: int) -> None:
        page, view, block = self.page, self.view, self.block
        col = self.layout.year_col(year)
        at = {measure: cell_name(block.check_row(measure), col) for measure in CHECK}
        solved = view.spend_by_county[block.county, year]
        row = gantt.subtotal_of.get(block.county)
        live = "0" if row is None else gantt.outside_cell(row, f"y{year}")
        page.formula(
            block.check_row("live"), col, live, wan_number(solved), "cell money bold", num_format=self.number
        )
        self._money(block.check_row("as_solved"), year, solved, "cell money grey")
        change = f"ROUND({at['live']}-{at['as_solved']},2)"
        page.formula(block.check_row("change"), col, change, 0, "cell money", num_format=self.signed)
        payers = {source.key for source in view.payers(block.county)}
        room = sum(view.headroom(source, year) for source in payers)
        self._money(block.check_row("room"), year, room, "cell money grey")
        verdict = f'IF({at["change"]}>{at["room"]},"{page.say("funding.over")}","✓")'
        page.formula(
            block.check_row("verdict"),
            col,
            verdict,
            "✓",
            "cell center bold",
            font_color=GREEN,
            text_wrap=True,
            font_size=9,
        )

    def _verdict_colours(self) -> None:
        row, years = self.block.check_row("verdict"), self.view.years
        over = self.page.styles.overlay(bg_color=RED_PALE, font_color=RED, bold=True)
        rule = {"type": "cell", "criteria": "!=", "value": '"✓"', "format": over}
        self.page.sheet.conditional_format(
            row, self.layout.year_col(years[0]), row, self.layout.year_col(years[-1]), rule
        )

    # who pays for the county

    def _drawn(self, source: FundingSource, year: int) -> Money:
        if self.block.county == SHARED:
            return self.view.total([source.key], year, "planned")
        return self.view.drawn.get((self.block.county, source.key, year), 0)

    def _usable(self, year: int) -> Money:
        """Own money of the year, and what the shared sources give this county."""
        return sum(
            self.view.usable(s.key, year) if s.county == self.block.county else self._drawn(s, year)
            for s in self.block.payers
        )

    def _paid(self) -> None:
        page, view, block = self.page, self.view, self.block
        for n, source in enumerate(block.payers):
            row = block.paid_row + n
            shared = source.county == SHARED != block.county
            name = view.source(source.key) + (page.say("funding.shared") if shared else "")
            page.text(row, 0, name, "cell shrink")
            page.text(row, 1, page.say("funding.pays"), "cell grey shrink")
            amounts = [self._drawn(source, year) for year in view.years]
            for year, amount in zip(view.years, amounts, strict=True):
                self._money(row, year, amount)
            self._sum(row, amounts)
        page.merged(block.usable_row, 0, 1, page.say("funding.usable"), "cell bold")
        for year in view.years:
            self._money(block.usable_row, year, self._usable(year), "cell money bold")
        page.fill(block.usable_row, self.layout.total_col, self.layout.total_col, "cell")

    def _chart(self) -> None:
        page, view, block = self.page, self.view, self.block
        first, last = FIRST_YEAR_COL, self.layout.year_col(view.years[-1])
        years = [page.name, block.header_row, first, block.header_row, last]
        chart = page.book.add_chart({"type": "column", "subtype": "stacked"})
        for n in range(len(block.payers)):
            row = block.paid_row + n
            values = [page.name, row, first, row, last]
            chart.add_series(
                charts.bar({"name": [page.name, row, 0], "categories": years, "values": values}, n)
            )
        lines = page.book.add_chart({"type": "line"})
        values = [page.name, block.usable_row, first, block.usable_row, last]
        lines.add_series(
            charts.limit_line({"name": page.say("funding.usable"), "categories": years, "values": values})
        )
        if block.payers:
            chart.combine(lines)
        else:
            chart = lines
        paid = [sum(self._drawn(s, year) for s in block.payers) for year in view.years]
        highest = max(*paid, *(self._usable(year) for year in view.years), 100)
        title = f"{view.county(block.county)} · {page.say('funding.chart')}"
        charts.finish(chart, title, charts.axis_limit(wan_number(highest)))
        words = page.say("alt.funding", county=county_label(block.county))
        charts.place(page, chart, block.chart_row, CHART_ROWS, words=words, last_col=self.layout.total_col)

    # the county's own sources

    def _source(self, block: SourceBlock) -> None:
        page, view = self.page, self.view
        page.text(block.first_row, 0, view.source(block.source.key), "cell bold shrink")
        if not block.measures:
            page.text(block.first_row, 1, page.say("funding.nothing"), "cell grey")
            page.fill(block.first_row, 2, self.layout.total_col, "cell")
        for measure in block.measures:
            if measure == MARGINAL:
                self._marginal(block)
            else:
                self._measure(block, measure)

    def _measure(self, block: SourceBlock, measure: str) -> None:
        page, view, row = self.page, self.view, block.row(measure)
        tone = "bold" if measure == "planned" else "grey" if measure in ("carried_forward", "lapsed") else ""
        if measure != block.measures[0]:
            note = self._carry(block.source) if measure == "brought_forward" else ""
            page.text(row, 0, note, "cell small grey")
        page.text(row, 1, page.say(f"funding.{measure}"), f"cell {tone} shrink")
        key = block.source.key
        amounts = [
            view.headroom(key, year) if measure == "headroom" else view.total([key], year, measure)
            for year in view.years
        ]
        for year, amount in zip(view.years, amounts, strict=True):
            if measure == "headroom":
                self._headroom(block, year, amount)
            else:
                self._money(row, year, amount, f"cell money {tone}")
        if measure in TOTALLED:
            self._sum(row, amounts)
        else:
            page.fill(row, self.layout.total_col, self.layout.total_col, "cell")

    def _marginal(self, block: SourceBlock) -> None:
        """What more money of the source would be worth; blank where that was not worked out."""
        page, row = self.page, block.row(MARGINAL)
        if block.measures[0] != MARGINAL:
            page.text(row, 0, page.say("marginal.unit"), "cell small grey shrink")
        page.text(row, 1, page.say("marginal"), "cell italic shrink")
        for year in self.view.years:
            value = value_of(self.view.plan, block.source.key, year)
            shown = None if value is None else float(value)
            page.number(row, self.layout.year_col(year), shown, "cell money italic", num_format=VALUE)
        page.fill(row, self.layout.total_col, self.layout.total_col, "cell")

    def _headroom(self, block: SourceBlock, year: int, amount: Money) -> None:
        col = self.layout.year_col(year)
        cap, brought, planned = (cell_name(block.row(m), col) for m in ("cap", "brought_forward", "planned"))
        formula = f"ROUND({cap}+{brought}-{planned},2)"
        self.page.formula(
            block.row("headroom"), col, formula, wan_number(amount), "cell money", num_format=self.number
        )

    def _carry(self, source: FundingSource) -> str:
        years = source.carry_over_years
        if years:
            return self.page.say("funding.carry.years", years=years)
        return self.page.say("funding.carry.none" if years == 0 else "funding.carry.unlimited")
