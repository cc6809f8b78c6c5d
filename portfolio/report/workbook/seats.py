"""Sheet Seats: demand, supply and balance by cell; supply follows the start years of the Gantt sheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from portfolio.domain.demand import Cell
from portfolio.domain.schedule import SeatLine
from portfolio.report.labels import county_label, stage_label
from portfolio.report.workbook import charts
from portfolio.report.workbook.breaks import page_room
from portfolio.report.workbook.gantt_layout import GanttLayout
from portfolio.report.workbook.page import A3, ROW_POINTS, Page, cell_name, row_height
from portfolio.report.workbook.seats_layout import (
    CHART_COLUMNS,
    EFFECT_COLUMNS,
    FIRST_YEAR_COL,
    MEASURES,
    SUMS,
    TABLE_COLUMNS,
    CountyBlock,
    SeatsLayout,
    StageBlock,
)
from portfolio.report.workbook.styles import (
    GREEN,
    GREEN_PALE,
    PALE,
    RED,
    RED_PALE,
    SHORTAGE,
    STAGE_COLOURS,
    WHITE,
)
from portfolio.report.workbook.view import Item, View, zone_text

BALANCE = "+#,##0;-#,##0;0"
POINTS_PER_PIXEL = 0.75
MANY_YEARS = 14
LABEL_WIDTHS = {"both": 22.0, "zh": 13.0, "en": 14.0}
CHART_WIDTHS = (12.5, 14.0, 15.5, 17.0, 19.0, 21.0, 23.0)
"""Columns under the charts: the first width is taken at which a county fits on a page."""

TOP_POINTS = 80
"""What the title and a county's name take."""


def write(page: Page, view: View, layout: SeatsLayout, gantt: GanttLayout) -> None:
    """The whole sheet."""
    _columns(page, view, layout)
    page.sheet.set_column(layout.code_col, layout.net_col, 9, page.styles(), {"hidden": True, "level": 1})
    page.title(page.say("seats.title", " · "), page.say("seats.how"), layout.last_visible_col)
    if not layout.counties:
        page.note(3, layout.last_visible_col, page.say("seats.none"))
    numbers = _Numbers(page, view, layout)
    for county in layout.counties:
        _county(page, view, layout, county, numbers)
    if layout.effects:
        _effects(page, view, layout, gantt)
    breaks = _breaks(page, layout)
    if layout.effects:
        breaks += [layout.effects_heading_row, *layout.effect_header_rows[1:]]
    page.sheet.set_h_pagebreaks(breaks)
    page.sheet.freeze_panes(2, FIRST_YEAR_COL)
    page.sheet.print_area(
        0, 0, max(layout.last_effect_row, layout.effects_heading_row), layout.last_visible_col
    )
    page.printed(paper=A3, landscape=False, money=False)


def _columns(page: Page, view: View, layout: SeatsLayout) -> None:
    """Charts so wide that the print, which shrinks with them, holds the tallest county on a page."""
    width = 8.6 if len(view.years) <= MANY_YEARS else 7.8
    figures = [21.0, LABEL_WIDTHS[page.lang], *[width] * max(len(view.years), TABLE_COLUMNS)]
    tallest = max((c.last_row - c.heading_row + 1 for c in layout.counties), default=0) * ROW_POINTS
    for chart in (*CHART_WIDTHS, CHART_WIDTHS[0]):
        page.columns([*figures, *[chart] * CHART_COLUMNS, 9.0, 9.0])
        if tallest + TOP_POINTS <= page_room(
            page, paper=A3, landscape=False, last_col=layout.last_visible_col
        ):
            return


def _breaks(page: Page, layout: SeatsLayout) -> list[int]:
    """A county begins a page; its stages go on to the next where they do not fit, each with its chart."""
    room = page_room(page, paper=A3, landscape=False, last_col=layout.last_visible_col)
    used, found = page.height(0, 2), []
    for n, county in enumerate(layout.counties):
        if n:
            found.append(county.heading_row)
            used = 0.0
        used += page.height(county.heading_row, county.heading_row)
        for stage in county.stages:
            tall = page.height(stage.header_row, stage.last_row + 1)
            if used + tall > room and stage is not county.stages[0]:
                found.append(stage.header_row)
                used = 0.0
            used += tall
    return found


class _Numbers:
    """Writes the rows of figures, each as a formula with its value."""

    def __init__(self, page: Page, view: View, layout: SeatsLayout) -> None:
        self.page, self.view, self.layout = page, view, layout
        self._with_effects = {cell for _, _, cell in layout.effects}
        if layout.effects:
            self._ids, self._net = (layout.effect_range(col) for col in (layout.code_col, layout.net_col))
            self._start, self._opens, self._offline = (
                layout.effect_range(_effect_col(name)) for name in ("start", "opens", "offline")
            )

    def cell_rows(self, block: StageBlock, n: int) -> None:
        """The five rows of a cell."""
        cell, page, layout = block.cells[n], self.page, self.layout
        for measure in MEASURES:
            row = block.row(n, measure)
            page.text(row, 1, page.say(f"seats.{measure}"), "cell bold" if measure == "balance" else "cell")
            page.text(row, 0, "", "cell")
            if measure in ("demand", "supply", "balance"):
                page.text(row, layout.code_col, f"{block.stage}:{measure}")
        page.text(block.row(n, "demand"), 0, page.pick(zone_text(cell.zone)), "cell bold shrink")
        for year in self.view.years:
            self._cell_year(block, n, year)

    def _cell_year(self, block: StageBlock, n: int, year: int) -> None:
        cell, page, view = block.cells[n], self.page, self.view
        col, line = self.layout.year_col(year), view.seats[cell, year]
        at = {measure: cell_name(block.row(n, measure), col) for measure in MEASURES}
        existing = view.problem.capacity.get(cell, {}).get(year, 0)
        page.number(block.row(n, "demand"), col, line.demand, "cell int")
        page.number(block.row(n, "existing"), col, existing, "cell int grey")
        supply = self._supply(cell, at["existing"], cell_name(block.header_row, col, row_abs=True))
        page.formula(block.row(n, "supply"), col, supply, line.supply, "cell int")
        balance = line.supply - line.demand
        self._balance(block.row(n, "balance"), col, f"{at['supply']}-{at['demand']}", balance)
        share = f'IF({at["demand"]}=0,"",1-MAX(0,-{at["balance"]})/{at["demand"]})'
        value = 1 - line.shortage / line.demand if line.demand else ""
        page.formula(block.row(n, "coverage"), col, share, value, "cell share")

    def _supply(self, cell: Cell, existing: str, year: str) -> str:
        """Existing seats, those of opened projects, less those out of use while building."""
        if cell not in self._with_effects:
            return f"MAX(0,{existing})"
        mine = f"{self._ids},{self.layout.cell_numbers[cell]}"
        opened = f'SUMIFS({self._net},{mine},{self._opens},"<="&{year})'
        closed = f'SUMIFS({self._offline},{mine},{self._start},"<="&{year},{self._opens},">"&{year})'
        return f"MAX(0,{existing}+{opened}-{closed})"

    def _balance(self, row: int, col: int, formula: str, value: int) -> None:
        self.page.formula(row, col, formula, value, "cell bold", num_format=BALANCE, align="right")

    def sum_rows(self, block: StageBlock) -> None:
        """The rows of a stage over its zones: shortages add up, surpluses elsewhere do not make up for them."""
        page, view = self.page, self.view
        for measure in SUMS:
            row = block.sum_row(measure)
            page.text(
                row,
                0,
                page.say("seats.all_zones") if measure == "demand" else "",
                "cell bold shrink",
                bg_color=PALE,
            )
            page.text(row, 1, page.say(f"seats.{measure}"), "cell bold", bg_color=PALE)
        for year in view.years:
            lines = [view.seats[cell, year] for cell in block.cells]
            self._sum_year(block, year, lines)

    def _sum_year(self, block: StageBlock, year: int, lines: list[SeatLine]) -> None:
        page, col = self.page, self.layout.year_col(year)
        demand, supply = sum(line.demand for line in lines), sum(line.supply for line in lines)
        rows: Callable[[str], list[int]] = lambda m: [block.row(n, m) for n in range(len(block.cells))]  # noqa: E731
        for measure, value in (("demand", demand), ("supply", supply)):
            formula = "+".join(cell_name(row, col) for row in rows(measure))
            page.formula(block.sum_row(measure), col, formula, value, "cell int", bg_color=PALE)
        missing = "+".join(f"MAX(0,-{cell_name(row, col)})" for row in rows("balance"))
        shortage = sum(line.shortage for line in lines)
        page.formula(
            block.sum_row("shortage"),
            col,
            missing,
            shortage,
            "cell bold",
            num_format=SHORTAGE,
            align="right",
            bg_color=PALE,
        )
        d, s = (cell_name(block.sum_row(measure), col) for measure in ("demand", "shortage"))
        share = 1 - shortage / demand if demand else ""
        page.formula(
            block.sum_row("coverage"), col, f'IF({d}=0,"",1-{s}/{d})', share, "cell share", bg_color=PALE
        )


def _county(page: Page, view: View, layout: SeatsLayout, block: CountyBlock, numbers: _Numbers) -> None:
    page.merged(block.heading_row, 0, layout.last_visible_col, view.county(block.county), "section")
    page.row(block.heading_row, 22)
    for n, stage in enumerate(block.stages):
        _stage_header(page, view, layout, stage)
        for i in range(len(stage.cells)):
            numbers.cell_rows(stage, i)
        if len(stage.cells) > 1:
            numbers.sum_rows(stage)
        _marks(page, layout, stage)
        _chart(page, view, layout, block, n)


def _stage_header(page: Page, view: View, layout: SeatsLayout, block: StageBlock) -> None:
    colour = {"bg_color": STAGE_COLOURS[block.stage], "border": 0}
    row = block.header_row
    page.merged(row, 0, 1, page.pick(stage_label(block.stage)), "header left", font_size=10, **colour)
    for year in view.years:
        page.number(row, layout.year_col(year), year, "header", num_format="0", align="right", **colour)


def _marks(page: Page, layout: SeatsLayout, block: StageBlock) -> None:
    """Shortage red with a minus, enough green with a plus."""
    first, last = FIRST_YEAR_COL, layout.year_col(layout.view.years[-1])
    short = page.styles.overlay(bg_color=RED_PALE, font_color=RED)
    enough = page.styles.overlay(bg_color=GREEN_PALE, font_color=GREEN)
    rows = [(block.row(n, "balance"), "<", ">=") for n in range(len(block.cells))]
    if len(block.cells) > 1:
        rows.append((block.sum_row("shortage"), ">", "<="))
    for row, bad, good in rows:
        for sign, look in ((bad, short), (good, enough)):
            page.sheet.conditional_format(
                row, first, row, last, {"type": "cell", "criteria": sign, "value": 0, "format": look}
            )


def _chart(page: Page, view: View, layout: SeatsLayout, county: CountyBlock, n: int) -> None:
    """Supply as columns, demand as a line, over the stage's zones; shortage as a column where zones differ."""
    block = county.stages[n]
    first, last = FIRST_YEAR_COL, layout.year_col(view.years[-1])
    years = [page.name, block.header_row, first, block.header_row, last]

    def series(measure: str) -> dict[str, object]:
        row = block.sum_row(measure)
        return {
            "name": page.say(f"seats.{measure}"),
            "categories": years,
            "values": [page.name, row, first, row, last],
        }

    colour = STAGE_COLOURS[block.stage]
    chart = page.book.add_chart({"type": "column"})
    chart.add_series({**series("supply"), "fill": {"color": colour}, "border": {"none": True}, "gap": 55})
    if len(block.cells) > 1:  # with one cell the gap between column and line is the shortage
        stripes = {"pattern": "wide_upward_diagonal", "fg_color": RED, "bg_color": WHITE}
        chart.add_series({**series("shortage"), "pattern": stripes, "border": {"color": RED, "width": 0.75}})
    lines = page.book.add_chart({"type": "line"})
    lines.add_series(charts.demand_line(series("demand")))
    chart.combine(lines)
    totals: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for cell in block.cells:
        for year in view.years:
            totals[year][0] += view.seats[cell, year].demand
            totals[year][1] += view.seats[cell, year].supply
    highest = max(max(pair) for pair in totals.values())
    place, stage = county_label(county.county), stage_label(block.stage)
    title = page.say("seats.chart", county=place, stage=stage)
    charts.finish(chart, title, charts.axis_limit(highest), title_size=10)
    height = round((block.last_row - block.header_row + 1) * ROW_POINTS / POINTS_PER_PIXEL)
    left, right = layout.first_chart_col, layout.last_visible_col
    charts.place_beside(
        page, chart, block.header_row, height, words=page.say("alt.seats", county=place, stage=stage),
        first_col=left, last_col=right, left=0.02, share=0.98,
    )  # fmt: skip


def _effect_col(name: str) -> int:
    return FIRST_YEAR_COL + EFFECT_COLUMNS.index(name)


def _effects(page: Page, view: View, layout: SeatsLayout, gantt: GanttLayout) -> None:
    """What each project does to the seats of a cell; the supply rows add these up."""
    row = layout.effects_heading_row
    page.merged(row, 0, layout.last_visible_col, page.say("seats.effects"), "section")
    page.row(row, 22)
    for header in layout.effect_header_rows:
        page.merged(header, 0, 1, page.head("project_name"), "header")
        for name in EFFECT_COLUMNS:
            page.text(header, _effect_col(name), page.head(f"seats.effect.{name}"), "header")
        page.row(header, 30)
    for n, (item, _, cell) in enumerate(layout.effects):
        _effect(page, view, layout, gantt, n, item, cell)


def _effect(
    page: Page, view: View, layout: SeatsLayout, gantt: GanttLayout, n: int, item: Item, cell: Cell
) -> None:
    row, effect = layout.effect_row(n), layout.effects[n][1]
    name = view.name(item.candidate)
    page.merged(row, 0, 1, name, "cell wrap")
    page.row(row, row_height([(name, page.room(0, 1), 10)], ROW_POINTS))
    names = (county_label(cell.county), zone_text(cell.zone), stage_label(cell.stage))
    for column, text in zip(EFFECT_COLUMNS, names, strict=False):
        word = text.en if page.lang == "en" else text.zh  # one language, like the project's name
        page.text(row, _effect_col(column), word, "cell shrink center small")
    figures = (effect.added, effect.seats_replaced, effect.seats_offline)
    for column, figure in zip(EFFECT_COLUMNS[3:], figures, strict=False):
        page.number(row, _effect_col(column), figure, "cell int")
    for column, year in (("start", item.line.start), ("opens", item.line.opens)):
        source = gantt.outside_cell(gantt.row_of[item.key], column)
        value = "" if year is None else year
        page.formula(row, _effect_col(column), f'IF(ISNUMBER({source}),{source},"")', value, "cell year")
    page.number(row, layout.code_col, layout.cell_numbers.get(cell, 0), "small grey")
    added, replaced = (cell_name(row, _effect_col(name)) for name in ("added", "replaced"))
    net = effect.added - effect.seats_replaced
    page.formula(row, layout.net_col, f"{added}-{replaced}", net, "small grey")
