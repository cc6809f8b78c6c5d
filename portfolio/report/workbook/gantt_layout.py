"""Where things stand on the Gantt sheet, so that other sheets can refer to them by formula."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from portfolio.report.workbook.page import cell_name, span
from portfolio.report.workbook.view import Item, View

HEADER_ROW = 4
FIRST_ROW = HEADER_ROW + 1
FACTS = (
    "no", "name", "stage", "nature", "start", "duration", "opens", "due", "cost", "seats",
)  # fmt: skip
"""What stands before the years."""


@dataclass(frozen=True, slots=True)
class Block:
    """A county's rows: its subtotal, its scheduled projects, and those that may be tried."""

    county: str
    subtotal_row: int
    selected: tuple[Item, ...]
    deferred: tuple[Item, ...]

    @property
    def first_row(self) -> int:
        return self.subtotal_row + 1

    @property
    def deferred_header_row(self) -> int:
        return self.first_row + len(self.selected)

    @property
    def last_row(self) -> int:
        deferred = len(self.deferred) + 1 if self.deferred else 0
        return self.subtotal_row + len(self.selected) + deferred


@dataclass(frozen=True)
class GanttLayout:
    """Rows and columns of the Gantt sheet; `ref` is the sheet's name as formulas write it."""

    view: View
    ref: str

    @cached_property
    def columns(self) -> dict[str, int]:
        """Column name -> number: those that print, those beside them on the screen, the hidden helpers."""
        names = [*FACTS, *(f"y{year}" for year in self.view.years), "trend", *self.aside]
        names += ["code", "lag", "payments", *(f"part{n}" for n in range(self.most_payments)), "key"]
        return {name: col for col, name in enumerate(names)}

    @cached_property
    def aside(self) -> tuple[str, ...]:
        """Columns that follow from the others: on the screen only, so that the years have room on paper."""
        return ("priority", "finish", "in_plan", *(["sunk"] if self.has_sunk else []), "solved")

    @cached_property
    def has_sunk(self) -> bool:
        first = self.view.years[0]
        return any((item.line.start or first) < first for item in self.view.items)

    @cached_property
    def most_payments(self) -> int:
        return max((len(item.candidate.profile) for item in self.view.items), default=1)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        blocks: list[Block] = []
        row = FIRST_ROW
        for county in self.view.counties:
            block = Block(county, row, self.view.selected[county], self.view.deferred[county])
            blocks.append(block)
            row = block.last_row + 1
        return tuple(blocks)

    @property
    def last_row(self) -> int:
        """The last row that formulas look at; one blank row stands in for a plan without projects."""
        return self.blocks[-1].last_row if self.blocks else FIRST_ROW

    @property
    def total_row(self) -> int:
        return self.last_row + 1

    @property
    def last_printed_col(self) -> int:
        return self.columns["trend"]

    @property
    def last_shown_col(self) -> int:
        return self.columns[self.aside[-1]]

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Project -> its row, scheduled or not."""
        rows: dict[str, int] = {}
        for block in self.blocks:
            rows |= {item.key: block.first_row + n for n, item in enumerate(block.selected)}
            rows |= {item.key: block.deferred_header_row + 1 + n for n, item in enumerate(block.deferred)}
        return rows

    @cached_property
    def subtotal_of(self) -> dict[str, int]:
        return {block.county: block.subtotal_row for block in self.blocks}

    def cell(self, row: int, column: str) -> str:
        """A cell of a row, its column held fast: `$F9`."""
        return cell_name(row, self.columns[column], col_abs=True)

    def whole(self, column: str) -> str:
        """A column over every project row, from within the sheet: `$F$6:$F$60`."""
        col = self.columns[column]
        return span(FIRST_ROW, col, self.last_row, col, absolute=True)

    def outside(self, column: str) -> str:
        """The same from another sheet."""
        return self.ref + self.whole(column)

    @property
    def edits_at(self) -> tuple[int, int]:
        """The helper cell that counts the edited start years."""
        return 1, self.columns["code"]

    @property
    def edits(self) -> str:
        """That cell, from another sheet."""
        return self.ref + cell_name(*self.edits_at, row_abs=True, col_abs=True)

    def outside_cell(self, row: int, column: str) -> str:
        """One cell, from another sheet."""
        return self.ref + cell_name(row, self.columns[column], row_abs=True, col_abs=True)
