"""`exclude`: at most one project of the group is built."""

from __future__ import annotations

from portfolio.domain.project import RelationKind
from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.program import ProgramBuilder
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import PlanningProblem


def add(program: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> None:
    for group in problem.groups:
        if group.kind is not RelationKind.EXCLUDE:
            continue
        label = problem.group_label(group)
        text = Text(f"{label.zh}：互斥，最多建一个", f"{label.en}: at most one may be built")
        terms = [term for key in group.members for term in variables.selected(key)]
        meaning = Requirement("exclude", text, project=group.members[0])
        program.add_row("exclude", terms, high=1, meaning=meaning)
