"""Where things stand on the Seats sheet, so that the Summary can refer to them by formula."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from portfolio.domain.demand import Cell
from portfolio.domain.project import SeatEffect, Stage
from portfolio.report.workbook.page import span
from portfolio.report.workbook.view import Item, View

MEASURES = ("demand", "existing", "supply", "balance", "coverage")
"""Rows of a cell."""

SUMS = ("demand", "supply", "shortage", "coverage")
"""Rows of a stage whose county has several zones."""

EFFECT_COLUMNS = ("county", "zone", "stage", "added", "replaced", "offline", "start", "opens")
"""Columns of the table of seat effects after the project's name."""

EFFECTS_PER_PAGE = 70
"""Rows of that table that a printed page surely holds."""

FIRST_YEAR_COL = 2
TABLE_COLUMNS = len(EFFECT_COLUMNS)

CHART_COLUMNS = 5
"""The chart of a stage stands beside its figures."""

LEAST_ROWS = 10
"""Rows that a stage takes at least, so that its chart can be read."""


@dataclass(frozen=True, slots=True)
class StageBlock:
    """A stage in a county: a header with the years, its cells, and their sum where they are several."""

    stage: Stage
    header_row: int
    cells: tuple[Cell, ...]

    def row(self, n: int, measure: str) -> int:
        """The row of a measure of the n-th cell."""
        return self.header_row + 1 + n * len(MEASURES) + MEASURES.index(measure)

    def sum_row(self, measure: str) -> int:
        """The row that stands for the whole stage; with one cell that is the cell's own row."""
        if len(self.cells) == 1:
            return self.row(0, "balance" if measure == "shortage" else measure)
        return self.header_row + 1 + len(self.cells) * len(MEASURES) + SUMS.index(measure)

    @property
    def last_row(self) -> int:
        """The last row that the figures or the chart take."""
        return max(self.sum_row("coverage"), self.header_row + LEAST_ROWS - 1)


@dataclass(frozen=True, slots=True)
class CountyBlock:
    county: str
    heading_row: int
    stages: tuple[StageBlock, ...]

    @property
    def last_row(self) -> int:
        return self.stages[-1].last_row if self.stages else self.heading_row


@dataclass(frozen=True)
class SeatsLayout:
    """Rows and columns of the Seats sheet."""

    view: View
    ref: str

    @cached_property
    def counties(self) -> tuple[CountyBlock, ...]:
        blocks: list[CountyBlock] = []
        row = 3
        by_county: dict[str, list[Cell]] = {}
        for cell in self.view.problem.cells:
            by_county.setdefault(cell.county, []).append(cell)
        for county, own in by_county.items():
            heading, row = row, row + 1
            stages: list[StageBlock] = []
            for stage in self.view.stages:
                cells = tuple(cell for cell in own if cell.stage is stage)
                if cells:
                    stages.append(StageBlock(stage, row, cells))
                    row = stages[-1].last_row + 2
            blocks.append(CountyBlock(county, heading, tuple(stages)))
            row = blocks[-1].last_row + 2
        return tuple(blocks)

    @cached_property
    def cell_numbers(self) -> dict[Cell, int]:
        return {cell: n for n, cell in enumerate(self.view.problem.cells, 1)}

    @cached_property
    def effects(self) -> tuple[tuple[Item, SeatEffect, Cell], ...]:
        """Every seat effect of every candidate, those that may be tried too."""
        return tuple(
            (item, effect, Cell(item.candidate.row.county, effect.zone, effect.stage))
            for item in self.view.items
            for effect in item.candidate.effects
        )

    @property
    def effects_heading_row(self) -> int:
        return (self.counties[-1].last_row if self.counties else 2) + 2

    @property
    def first_effect_row(self) -> int:
        return self.effects_heading_row + 2

    def effect_row(self, n: int) -> int:
        """The row of the n-th effect; every further page has a header of its own above its first."""
        return self.first_effect_row + n + n // EFFECTS_PER_PAGE

    @property
    def effect_header_rows(self) -> list[int]:
        return [self.effect_row(n) - 1 for n in range(0, len(self.effects), EFFECTS_PER_PAGE)]

    @property
    def last_effect_row(self) -> int:
        return self.effect_row(len(self.effects) - 1)

    @property
    def first_chart_col(self) -> int:
        return FIRST_YEAR_COL + max(len(self.view.years), TABLE_COLUMNS)

    @property
    def last_visible_col(self) -> int:
        return self.first_chart_col + CHART_COLUMNS - 1

    @property
    def code_col(self) -> int:
        """Helper column: `primary:demand` on the rows of cells, the cell's number on effects."""
        return self.last_visible_col + 1

    @property
    def start_col(self) -> int:
        """Where the table of effects has the start years."""
        return FIRST_YEAR_COL + EFFECT_COLUMNS.index("start")

    @property
    def net_col(self) -> int:
        return self.last_visible_col + 2

    def year_col(self, year: int) -> int:
        return FIRST_YEAR_COL + year - self.view.years[0]

    def effect_range(self, col: int) -> str:
        return span(self.first_effect_row, col, self.last_effect_row, col, absolute=True)

    def column(self, col: int) -> str:
        """A column over all county blocks, from another sheet."""
        last = self.counties[-1].last_row if self.counties else 3
        return self.ref + span(3, col, last, col, absolute=True)
