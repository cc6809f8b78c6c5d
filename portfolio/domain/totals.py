"""The figures of a portfolio that a finance officer checks after an edit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portfolio.domain.demand import fill_years
from portfolio.domain.estimate import estimated_cost, with_seats
from portfolio.domain.money import Money
from portfolio.domain.portfolio import Norm, Portfolio
from portfolio.domain.project import Project, SeatEffect


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Money in hundredths of 万元.

    `investment` and `seats_added` are of all projects, blanks as estimated from the norms. `caps` is over all sources and years, `caps_of` by source. `demand_peak` is the greatest
    number of seats needed in one year, all cells together, blank years as the planner fills them.
    """

    projects: int
    investment: Money
    seats_added: int
    caps: Money
    caps_of: Mapping[str, Money]
    demand_peak: int


def totals(portfolio: Portfolio) -> Totals:
    """The totals of all rows, whatever a scenario makes of them."""
    caps_of: dict[str, Money] = defaultdict(int)
    for row in portfolio.funding_caps:
        caps_of[row.source] += sum(row.amounts.values())
    effects: dict[str, list[SeatEffect]] = defaultdict(list)
    for effect in portfolio.seats:
        effects[effect.project].append(effect)
    investment: Money = 0
    seats = 0
    for project in portfolio.projects:
        own = effects[project.key]
        investment += _cost(project, own, portfolio.norms)
        seats += sum(effect.added for effect in with_seats(project, own, portfolio.norms)[0])
    return Totals(
        projects=len(portfolio.projects),
        investment=investment,
        seats_added=seats,
        caps=sum(caps_of.values()),
        caps_of=dict(caps_of),
        demand_peak=_demand_peak(portfolio),
    )


def _cost(project: Project, effects: Sequence[SeatEffect], norms: Sequence[Norm]) -> Money:
    if project.total_cost is not None:
        return project.total_cost
    estimate = estimated_cost(project, effects, norms)
    return estimate.value if estimate else 0


def _demand_peak(portfolio: Portfolio) -> int:
    years = sorted({year for row in portfolio.demand for year in row.seats})
    by_year: dict[int, int] = dict.fromkeys(years, 0)
    for row in portfolio.demand:
        for year, seats in fill_years(row.seats, years).items():
            by_year[year] += seats
    return max(by_year.values(), default=0)
