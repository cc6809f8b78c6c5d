"""`together`: all projects of the group are built, or none."""

from __future__ import annotations

from itertools import pairwise

from portfolio.domain.project import RelationKind
from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.program import ProgramBuilder
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import PlanningProblem


def add(program: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> None:
    for group in problem.groups:
        if group.kind is not RelationKind.TOGETHER:
            continue
        label = problem.group_label(group)
        text = Text(f"{label.zh}：同建或都不建", f"{label.en}: all or none are built")
        meaning = Requirement("together", text, project=group.members[0])
        for one, other in pairwise(group.members):
            minus = [(column, -1) for column, _ in variables.selected(other)]
            terms = [*variables.selected(one), *minus]
            program.add_row("together", terms, low=0, high=0, meaning=meaning)
