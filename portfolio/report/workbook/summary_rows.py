"""The rows of the Summary: money, projects and seats by year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from portfolio.domain.money import Money, wan_number
from portfolio.domain.project import Stage
from portfolio.report.labels import label, stage_label
from portfolio.report.workbook.gantt_layout import GanttLayout
from portfolio.report.workbook.page import Page, Value, cell_name
from portfolio.report.workbook.seats_layout import SeatsLayout
from portfolio.report.workbook.styles import (
    BLUE,
    BLUE_PALE,
    GREEN,
    GREEN_PALE,
    RED,
    RED_PALE,
    SHORTAGE,
    STAGE_COLOURS,
)
from portfolio.report.workbook.view import View
from portfolio.report.workbook.year_table import YearTable

MOST_GROUPS = 7
"""Kinds of money that a chart can show apart; smaller ones are added up."""


@dataclass(frozen=True)
class Links:
    """What the Summary refers to on other sheets; `late` is the column of years late, "" without milestones."""

    gantt: GanttLayout
    seats: SeatsLayout
    late: str

    def chosen_sum(self, column: str) -> str:
        """The sum of a Gantt column over the projects that have a start year."""
        values, codes, starts = (self.gantt.outside(name) for name in (column, "code", "start"))
        return f'SUMIFS({values},{codes},">0",{starts},">0")'


class Rows:
    """Writes the three parts of the table and knows their values."""

    def __init__(self, page: Page, view: View, links: Links, table: YearTable) -> None:
        self.page, self.view, self.links, self.table = page, view, links, table
        self.groups = source_groups(view)

    def write(self) -> None:
        self._money()
        self._projects()
        for stage in self.view.stages:
            self._shortage(stage)
        if self.view.stages:
            self._coverage()
        self._sources()

    # money and projects

    @cached_property
    def usable(self) -> dict[int, Money]:
        """Caps and money brought forward, all sources together."""
        view = self.view
        return {
            year: sum(view.usable(source, year) for source in view.problem.sources) for year in view.years
        }

    @cached_property
    def use(self) -> dict[int, float | None]:
        spend, usable = self.view.spend, self.usable
        return {year: spend(year) / usable[year] if usable[year] else None for year in self.view.years}

    @property
    def peak_use(self) -> float:
        return max((rate for rate in self.use.values() if rate is not None), default=0)

    def _money(self) -> None:
        page, view, table, gantt = self.page, self.view, self.table, self.links.gantt
        years = view.years
        table.header(page.say("summary.year"))
        live = [gantt.outside_cell(gantt.total_row, f"y{year}") for year in years]
        spend = [wan_number(view.spend(year)) for year in years]
        table.formulas("spend", page.say("summary.spend"), live, spend, "cell int bold")
        caps = [wan_number(view.total(view.problem.sources, year, "cap")) for year in years]
        table.numbers("cap", page.say("summary.cap"), caps)
        usable = [wan_number(self.usable[year]) for year in years]
        table.numbers("usable", page.say("summary.usable"), usable, "cell int grey", total=False)
        rates: list[Value] = ["" if rate is None else rate for rate in self.use.values()]
        formulas = []
        for col in range(table.first, table.last + 1):
            spent, had = (cell_name(table.rows[name], col) for name in ("spend", "usable"))
            formulas.append(f'IF({had}=0,"",{spent}/{had})')
        table.formulas("use", page.say("summary.use"), formulas, rates, "cell percent", total=False)
        page.sheet.conditional_format(
            table.rows["use"], table.first, table.rows["use"], table.last,
            {"type": "data_bar", "bar_color": BLUE_PALE, "bar_solid": True, "bar_border_color": BLUE,
             "min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1},
        )  # fmt: skip

    def _projects(self) -> None:
        """Starts, openings and seats added."""
        view, table, gantt = self.view, self.table, self.links.gantt
        count: dict[str, dict[int | None, int]] = {n: defaultdict(int) for n in ("starts", "opens", "seats")}
        for items in view.selected.values():
            for item in items:
                count["starts"][item.line.start] += 1
                count["opens"][item.line.opens] += 1
                count["seats"][item.line.opens] += item.seats_added
        starts, opens, seats = (gantt.outside(name) for name in ("start", "opens", "seats"))
        heads = [cell_name(table.header_row, col) for col in range(table.first, table.last + 1)]
        for name, formula in (
            ("starts", f"COUNTIFS({starts},{{}})"),
            ("opens", f"COUNTIFS({opens},{{}})"),
            ("seats", f"SUMIFS({seats},{opens},{{}})"),
        ):
            formulas = [formula.format(head) for head in heads]
            table.formulas(
                name, self.page.say(f"summary.{name}"), formulas, [count[name][y] for y in view.years]
            )

    # seats

    @cached_property
    def _seats(self) -> Mapping[tuple[Stage, int], tuple[int, int]]:
        """(stage, year) -> demand and shortage over all cells."""
        sums: dict[tuple[Stage, int], tuple[int, int]] = {}
        for line in self.view.evaluation.seats:
            key = (line.cell.stage, line.year)
            demand, shortage = sums.get(key, (0, 0))
            sums[key] = (demand + line.demand, shortage + line.shortage)
        return sums

    def shortage(self, stage: Stage, year: int) -> int:
        return self._seats[stage, year][1]

    def coverage(self, stage: Stage, year: int) -> float | None:
        """The share of children with a seat; None without children."""
        demand, shortage = self._seats[stage, year]
        return 1 - shortage / demand if demand else None

    def _shortage(self, stage: Stage) -> None:
        """Children without a seat, cell by cell: seats to spare in one zone do not help another."""
        page, table, seats = self.page, self.table, self.links.seats
        codes = seats.column(seats.code_col)
        columns = [seats.column(seats.year_col(year)) for year in self.view.years]
        formulas = [f'-SUMIFS({c},{codes},"{stage}:balance",{c},"<0")' for c in columns]
        values = [self.shortage(stage, year) for year in self.view.years]
        row = table.row
        name = page.say("summary.shortage", stage=stage_label(stage))
        table.formulas(
            f"short:{stage}",
            name,
            formulas,
            values,
            "cell right",
            total=False,
            colour=RED,
            num_format=SHORTAGE,
        )
        for sign, fill, ink in ((">", RED_PALE, RED), ("<=", GREEN_PALE, GREEN)):
            look = page.styles.overlay(bg_color=fill, font_color=ink)
            rule = {"type": "cell", "criteria": sign, "value": 0, "format": look}
            page.sheet.conditional_format(row, table.first, row, table.last, rule)

    def _coverage(self) -> None:
        """Children with a seat by stage: the figures of the second chart."""
        page, table, seats = self.page, self.table, self.links.seats
        table.row += 1
        table.header(page.say("summary.coverage"), total=False)
        codes = seats.column(seats.code_col)
        for stage in self.view.stages:
            formulas: list[str] = []
            values: list[Value] = []
            for col, year in enumerate(self.view.years, table.first):
                share = self.coverage(stage, year)
                demand = f'SUMIFS({seats.column(seats.year_col(year))},{codes},"{stage}:demand")'
                shortage = cell_name(table.rows[f"short:{stage}"], col)
                formulas.append(f'IF({demand}=0,"",1-{shortage}/{demand})')
                values.append("" if share is None else share)
            name, colour = page.pick(stage_label(stage)), STAGE_COLOURS[stage]
            table.formulas(f"cover:{stage}", name, formulas, values, "cell share", total=False, colour=colour)
        page.note(table.row, table.trend_col, page.say("summary.coverage_note"), "subtitle")
        table.row += 1

    def _sources(self) -> None:
        """What each kind of source pays, counties together, as solved: the figures of the first chart."""
        table = self.table
        if not self.groups:
            return
        table.row += 1
        table.header(self.page.say("summary.by_source"))
        for n, (name, amounts) in enumerate(self.groups.items()):
            table.numbers(f"group:{n}", name, [wan_number(amounts[year]) for year in self.view.years])


def source_groups(view: View) -> Mapping[str, Mapping[int, Money]]:
    """Planned money by kind of source and year, the largest first.

    Counties name the same kind of money after themselves; without the county's name it is one kind.
    """
    groups: dict[str, dict[int, Money]] = {}
    for key in view.problem.sources:
        sums = groups.setdefault(view.kind(key), dict.fromkeys(view.years, 0))
        for year in view.years:
            sums[year] += view.total([key], year, "planned")
    ranked = sorted((g for g in groups.items() if any(g[1].values())), key=lambda g: -sum(g[1].values()))
    if len(ranked) <= MOST_GROUPS:
        return dict(ranked)
    shown, rest = ranked[: MOST_GROUPS - 1], [sums for _, sums in ranked[MOST_GROUPS - 1 :]]
    other = {year: sum(sums[year] for sums in rest) for year in view.years}
    return dict([*shown, (view.pick(label("other_sources")), other)])
