"""The problem with a column for each cap that adds money to it, in parts that share nothing.

The column of a cap stands in every row in which that year's cap does, so that carried-over money, shared
sources and prescribed shares need no thought of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from portfolio.domain.marginal import Place
from portfolio.domain.money import Money
from portfolio.optimise.components import components
from portfolio.optimise.model import compile_problem
from portfolio.optimise.program import Ints, Program, Stage
from portfolio.optimise.subprogram import Columns, restrict
from portfolio.optimise.variables import MORE_THAN_ANY_CAP
from portfolio.scenario.problem import PlanningProblem


@dataclass(frozen=True)
class CapPart:
    """A part of the program; `columns` are its columns' numbers in the whole, `places` the columns of the
    part that add money to each cap. Its stages are the whole's, as far as the part decides them."""

    columns: Ints
    program: Program
    places: Mapping[Place, int]

    def raised(self, place: Place | None = None, amount: Money = 0) -> Program:
        """The part with one cap raised by `amount` and all others as they are."""
        low, high = self.program.low.copy(), self.program.high.copy()
        every = list(self.places.values())
        low[every] = high[every] = 0
        if place is not None:
            low[self.places[place]] = high[self.places[place]] = amount
        return replace(self.program, low=low, high=high)


class CapProgram:
    """The compiled problem. `places` are all caps, `idle` those that limit nothing in any case."""

    def __init__(self, problem: PlanningProblem) -> None:
        self.program, self.variables = compile_problem(problem, raise_caps=MORE_THAN_ANY_CAP)
        self.places: tuple[Place, ...] = tuple(
            (source, year) for source in problem.sources for year in problem.horizon.years
        )

    @cached_property
    def parts(self) -> tuple[CapPart, ...]:
        """The parts that some money limits."""
        extra = {column: place for place, column in self.variables.extra_caps.items()}
        program, columns = self.program, Columns(self.program.matrix, len(self.program))
        nothing, activity = np.zeros(len(program), np.int64), np.zeros(len(program.matrix), np.int64)
        found = []
        for own in components(program):
            places = {extra[c]: i for i, c in enumerate(own.tolist()) if c in extra}
            if places:
                part, _ = restrict(program, columns, own, nothing, activity)
                stages = tuple(_mine(stage, own) for stage in program.stages)
                found.append(CapPart(own, replace(part, stages=stages), places))
        return tuple(found)

    @cached_property
    def idle(self) -> frozenset[Place]:
        return frozenset(self.places).difference(*(part.places for part in self.parts))

    def part_of(self, place: Place) -> CapPart | None:
        """The part that a cap limits; None: it limits nothing."""
        return next((part for part in self.parts if place in part.places), None)


def _mine(stage: Stage, own: Ints) -> Stage:
    """A stage as far as the columns of a part decide it."""
    place = np.minimum(np.searchsorted(own, stage.columns), len(own) - 1)
    mine = own[place] == stage.columns
    return replace(stage, columns=place[mine], coefficients=stage.coefficients[mine], constant=0, least=None)
