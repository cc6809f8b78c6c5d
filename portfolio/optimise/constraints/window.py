"""`window`: forbids starts outside the project's window, where they have a column at all."""

from __future__ import annotations

import numpy as np

from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.program import ProgramBuilder
from portfolio.optimise.variables import Variables, window
from portfolio.scenario.problem import Candidate, PlanningProblem


def add(program: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> None:
    if not variables.relaxed:
        return
    for key, candidate in problem.candidates.items():
        first, last = window(problem, candidate)
        columns = variables.columns(key)
        year = variables.year[columns]
        outside = columns[(year < first) | (year > last)]
        program.add_rows(
            "window", np.arange(len(outside)), outside, 1,
            high=0, count=len(outside), meaning=_requirement(problem, candidate),
        )  # fmt: skip


def _requirement(problem: PlanningProblem, candidate: Candidate) -> Requirement:
    earliest = candidate.earliest_start
    if candidate.fixed_start is None:
        earliest = max(problem.horizon.first_year, earliest or 0)
    last_year = problem.horizon.last_year
    latest = last_year if candidate.latest_finish is None else min(candidate.latest_finish, last_year)
    return Requirement(
        "window",
        Text(
            f"{candidate.label.zh}工期 {candidate.duration_years} 年，"
            f"须在 {earliest or '既定年'}–{latest} 年内建成付清",
            f"{candidate.label.en}: {candidate.duration_years} construction years, and all payments,"
            f" must fit into {earliest or 'its fixed start'}–{latest}",
        ),
        project=candidate.key,
        county=candidate.row.county,
    )
