"""`after`: a project starts only when the one before it is finished and the lag has passed."""

from __future__ import annotations

from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.program import Program
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import PlanningProblem


def add(program: Program, problem: PlanningProblem, variables: Variables) -> None:
    for key, candidate in problem.candidates.items():
        for other in candidate.left_out_predecessors:
            requirement = _requirement(problem, key, other, "情景未包含", "which the scenario leaves out")
            program.add_row(variables.selected(key), None, 0, requirement)
    for pair in problem.after:
        requirement = _requirement(problem, pair.project, pair.other, "先建成", "which must be finished")
        before = problem.candidates[pair.other]
        # In each year: started by then only if the other was started early enough.
        for year, column in variables.starts[pair.project].items():
            ready = [
                (other, -1)
                for start, other in variables.starts[pair.other].items()
                if before.finish(start) + 1 + pair.lag_years <= year
            ]
            program.add_row([(column, 1), *ready], None, 0, requirement)


def _requirement(problem: PlanningProblem, key: str, other: str, zh: str, en: str) -> Requirement:
    label, row = problem.candidates[key].label, problem.candidates[key].row
    return Requirement(
        "after",
        Text(f"{label.zh}在 {other} 之后，{zh}", f"{label.en}: comes after {other}, {en}"),
        project=key,
        county=row.county,
    )
