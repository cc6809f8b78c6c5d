"""`delivery`: at most so many starts, and projects under construction, per county and year."""

from __future__ import annotations

import numpy as np

from portfolio.domain.places import county_name
from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.program import Flags, ProgramBuilder
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import PlanningProblem


def add(program: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> None:
    years = np.arange(problem.horizon.first_year, problem.horizon.last_year + 1)
    starting = variables.year[:, None] == years
    building = (variables.year[:, None] <= years) & (years <= variables.finish[:, None])
    _limit(
        program,
        problem,
        variables,
        starting,
        problem.max_starts,
        Text("开工", "start" if problem.max_starts == 1 else "starts"),
    )
    _limit(program, problem, variables, building, problem.max_under_construction,
           Text("在建", "under construction"))  # fmt: skip


def _limit(
    program: ProgramBuilder,
    problem: PlanningProblem,
    variables: Variables,
    counted: Flags,
    limit: int | None,
    what: Text,
) -> None:
    """Years before the horizon are history and are not limited."""
    if limit is None:
        return
    counties, length = list(variables.block_of_county), len(problem.horizon)
    column, year = np.nonzero(counted)
    county = variables.block_of_job[variables.job[column]]

    def meaning(position: int) -> Requirement:
        name = counties[position // length]
        when = problem.horizon.first_year + position % length
        text = Text(
            f"{county_name(name).zh} {when} 年{what.zh}不超过 {limit} 个",
            f"{county_name(name).en} {when}: at most {limit} {what.en}",
        )
        return Requirement("delivery", text, county=name, year=when)

    program.add_rows(
        "delivery", county * length + year, column, 1,
        high=limit, count=len(counties) * length, meaning=meaning,
    )  # fmt: skip
