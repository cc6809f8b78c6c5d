"""The fewest years by which a longer horizon makes a scenario feasible."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal

from portfolio.domain.repair import Change, ChangeKind
from portfolio.domain.schedule import Schedule, Status
from portfolio.optimise.engine import Engine, Limits
from portfolio.optimise.explain.mended import mended
from portfolio.optimise.model import compile_problem
from portfolio.optimise.solve import read_schedule
from portfolio.scenario.build import build_problem
from portfolio.scenario.problem import PlanningProblem

MOST_YEARS = 10
LAST_YEAR = 2100
"""The last year that a scenario may name."""

Longer = tuple[int, Schedule, bool]
"""Years added, a schedule that follows, and whether fewer are proven not to do."""


def least_years(problem: PlanningProblem, limits: Limits, deadline: float) -> Longer | Status:
    """Tries one year more after the other.

    INFEASIBLE: no number of years up to `MOST_YEARS` is enough; NO_SOLUTION: not found out in time.
    """
    last_year = problem.horizon.last_year
    most = min(MOST_YEARS, LAST_YEAR - last_year)
    growing = any(not target.soft and target.last_year >= last_year for target in problem.targets)
    # Unless targets grow with it, whatever fits into a horizon fits into a longer one.
    if most > 0 and not growing and _extended(problem, most, limits, deadline) is Status.INFEASIBLE:
        return Status.INFEASIBLE
    proven = True
    for years in range(1, most + 1):
        schedule = _extended(problem, years, limits, deadline)
        if isinstance(schedule, Schedule):
            return years, schedule, proven
        proven &= schedule is Status.INFEASIBLE
    return Status.INFEASIBLE if proven else Status.NO_SOLUTION


def _extended(problem: PlanningProblem, years: int, limits: Limits, deadline: float) -> Schedule | Status:
    """A schedule of the problem with so many more years."""
    left = deadline - time.monotonic()
    if left <= 0:
        return Status.NO_SOLUTION
    longer = replace(mended(problem, [extension(problem, years)]), order=())
    program, variables = compile_problem(longer)
    answer = Engine(program, replace(limits, time_limit_s=min(limits.time_limit_s, left))).run()
    return answer.status if answer.values is None else read_schedule(longer, variables, answer.values)


def can_be_extended(problem: PlanningProblem) -> bool:
    """Whether the problem is what its scenario and portfolio give: only then can it be built anew."""
    if problem.settings is None:
        return False
    built = build_problem(problem.portfolio, problem.settings)
    same = {name: getattr(problem, name) for name in ("order", "weights", "tolerance", "solver", "approved")}
    return replace(built, **same) == problem


def extension(problem: PlanningProblem, years: int) -> Change:
    """The change of the horizon by so many years."""
    return Change(
        kind=ChangeKind.EXTEND_HORIZON,
        setting="last_year",
        year=problem.horizon.last_year + years,
        amount=Decimal(years),
    )
