"""`window`: forbids starts outside the project's window, where they have a column at all."""

from __future__ import annotations

from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.program import Program
from portfolio.optimise.variables import Variables, in_window
from portfolio.scenario.problem import PlanningProblem


def add(program: Program, problem: PlanningProblem, variables: Variables) -> None:
    if not variables.relaxed:
        return
    for key, columns in variables.starts.items():
        candidate = problem.candidates[key]
        earliest = candidate.earliest_start
        if candidate.fixed_start is None:
            earliest = max(problem.horizon.first_year, earliest or 0)
        last_year = problem.horizon.last_year
        latest = last_year if candidate.latest_finish is None else min(candidate.latest_finish, last_year)
        requirement = Requirement(
            "window",
            Text(
                f"{candidate.label.zh}工期 {candidate.duration_years} 年，"
                f"须在 {earliest or '既定年'}–{latest} 年内建成付清",
                f"{candidate.label.en}: {candidate.duration_years} construction years, and all payments,"
                f" must fit into {earliest or 'its fixed start'}–{latest}",
            ),
            project=key,
            county=candidate.row.county,
        )
        for start, column in columns.items():
            if not in_window(problem, candidate, start):
                program.add_row([(column, 1)], None, 0, requirement)
