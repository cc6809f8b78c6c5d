"""`delivery`: at most so many starts, and projects under construction, per county and year."""

from __future__ import annotations

from portfolio.domain.places import county_name
from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.program import Program, Term
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import PlanningProblem

Counted = dict[tuple[str, int], list[Term]]
"""(county, year) -> the start literals that count there."""


def add(program: Program, problem: PlanningProblem, variables: Variables) -> None:
    starting: Counted = {}
    building: Counted = {}
    for key, columns in variables.starts.items():
        candidate = problem.candidates[key]
        for start, column in columns.items():
            county = candidate.row.county
            starting.setdefault((county, start), []).append((column, 1))
            for year in range(start, candidate.finish(start) + 1):
                building.setdefault((county, year), []).append((column, 1))
    _limit(program, problem, starting, problem.max_starts, "开工", "starts")
    _limit(program, problem, building, problem.max_under_construction, "在建", "under construction")


def _limit(
    program: Program, problem: PlanningProblem, counted: Counted, limit: int | None, zh: str, en: str
) -> None:
    """Years before the horizon are history and are not limited."""
    if limit is None:
        return
    for (county, year), terms in counted.items():
        if year in problem.horizon:
            text = Text(
                f"{county_name(county).zh} {year} 年{zh}不超过 {limit} 个",
                f"{county_name(county).en} {year}: at most {limit} {en}",
            )
            program.add_row(terms, None, limit, Requirement("delivery", text, county=county, year=year))
