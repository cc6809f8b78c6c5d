"""The planning problem compiled into a program."""

from __future__ import annotations

from dataclasses import replace

from portfolio.domain.money import Money
from portfolio.optimise.constraints import CONSTRAINTS
from portfolio.optimise.objectives import BUILDERS
from portfolio.optimise.program import Program, ProgramBuilder
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import PlanningProblem


def compile_problem(problem: PlanningProblem, *, raise_caps: Money = 0) -> tuple[Program, Variables]:
    """All rules and, in the scenario's order, all objectives. With `raise_caps`, up to so much money can
    be added to each cap."""
    builder = ProgramBuilder()
    variables = Variables(builder, problem, raise_caps=raise_caps)
    for constraint in CONSTRAINTS.values():
        constraint.add(builder, problem, variables)
    for name in problem.order:
        stage = BUILDERS[name](builder, problem, variables)
        # Whatever is minimised counts something: seats, years, money.
        builder.add_stage(stage if stage.sign < 0 else replace(stage, least=0))
    return builder.build(), variables


def compile_relaxed(problem: PlanningProblem) -> tuple[Program, Variables]:
    """The rules alone, each row with its requirement, for finding out which of them conflict."""
    builder = ProgramBuilder()
    variables = Variables(builder, problem, relaxed=True)
    for constraint in CONSTRAINTS.values():
        constraint.add(builder, problem, variables)
    return builder.build(), variables
