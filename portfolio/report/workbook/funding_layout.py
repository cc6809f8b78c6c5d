"""Where things stand on the Funding sheet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from portfolio.domain.funding import SHARED, FundingSource
from portfolio.report.workbook.view import View

MEASURES = ("cap", "brought_forward", "planned", "headroom", "carried_forward", "lapsed")
"""Rows of a source; the last two only where money stays or lapses."""

MARGINAL = "marginal"
"""The last row of a source, where more of its money was valued."""

ALWAYS = 4
"""How many of `MEASURES` every source with money shows."""

CHECK = ("live", "as_solved", "change", "room", "verdict")
"""Rows that compare the Gantt sheet, edits included, with what the years have."""

FIRST_YEAR_COL = 2
CHART_ROWS = 20


@dataclass(frozen=True, slots=True)
class SourceBlock:
    source: FundingSource
    first_row: int
    measures: tuple[str, ...]

    def row(self, measure: str) -> int:
        return self.first_row + self.measures.index(measure)

    @property
    def last_row(self) -> int:
        return self.first_row + max(1, len(self.measures)) - 1


@dataclass(frozen=True, slots=True)
class FundingBlock:
    """A county: heading, check against the Gantt sheet, chart with its figures, its own sources.

    `payers` are the sources that paid its projects: its own and shared ones.
    """

    county: str
    heading_row: int
    checked: bool
    payers: tuple[FundingSource, ...]
    sources: tuple[SourceBlock, ...]

    @property
    def header_row(self) -> int:
        return self.heading_row + 1

    def check_row(self, measure: str) -> int:
        return self.header_row + 1 + CHECK.index(measure)

    @property
    def paid_row(self) -> int:
        """First row of what each source pays for the county; the usable money follows the last."""
        return self.header_row + 1 + (len(CHECK) if self.checked else 0)

    @property
    def usable_row(self) -> int:
        return self.paid_row + len(self.payers)

    @property
    def chart_row(self) -> int:
        return self.usable_row + 2

    @property
    def sources_header_row(self) -> int:
        return self.chart_row + CHART_ROWS + 1

    @property
    def last_row(self) -> int:
        return self.sources[-1].last_row if self.sources else self.sources_header_row


@dataclass(frozen=True)
class FundingLayout:
    """Blocks for each county with sources or projects, then the shared sources."""

    view: View
    ref: str

    @cached_property
    def blocks(self) -> tuple[FundingBlock, ...]:
        own = self.view.sources_by_county
        counties = dict.fromkeys([*self.view.counties, *(c for c in own if c != SHARED)])
        blocks: list[FundingBlock] = []
        row = 3
        for county in [*counties, *([SHARED] if SHARED in own else [])]:
            block = self._block(county, row)
            blocks.append(block)
            row = block.last_row + 3
        return tuple(blocks)

    def _block(self, county: str, row: int) -> FundingBlock:
        own = self.view.sources_by_county.get(county, ())
        payers = tuple(s for s in self.view.payers(county) if s.county != SHARED or self._pays(s, county))
        checked = county != SHARED
        bare = FundingBlock(county, row, checked, payers, ())
        sources: list[SourceBlock] = []
        at = bare.sources_header_row + 1
        for source in own:
            sources.append(SourceBlock(source, at, self._measures(source)))
            at = sources[-1].last_row + 1
        return FundingBlock(county, row, checked, payers, tuple(sources))

    def _pays(self, source: FundingSource, county: str) -> bool:
        drawn = self.view.drawn
        return county == SHARED or any(drawn.get((county, source.key, year)) for year in self.view.years)

    def _measures(self, source: FundingSource) -> tuple[str, ...]:
        def any_of(part: str) -> bool:
            return any(self.view.total([source.key], year, part) for year in self.view.years)

        values = [self.view.plan.marginal.get((source.key, year)) for year in self.view.years]
        if not any(any_of(part) for part in ("cap", "planned")):
            return (MARGINAL,) if any(values) else ()
        last = (MARGINAL,) if any(value is not None for value in values) else ()
        return MEASURES[:ALWAYS] + tuple(part for part in MEASURES[ALWAYS:] if any_of(part)) + last

    def year_col(self, year: int) -> int:
        return FIRST_YEAR_COL + year - self.view.years[0]

    @property
    def total_col(self) -> int:
        return FIRST_YEAR_COL + len(self.view.years)
