"""How parts too large to be solved whole are treated, on portfolios small enough for trying everything.

Relaxation, shares, dive, neighbourhoods and prices may find less than the best, and say so; what they
claim must be true.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolio import rules
from portfolio.domain.schedule import Result, Status
from portfolio.optimise import blocks, cpsat, engine, large, prices, search
from portfolio.optimise.blocks import Blocks
from portfolio.optimise.branching import prove
from portfolio.optimise.cpsat import Answer, Effort, Stop
from portfolio.optimise.engine import Engine, Limits
from portfolio.optimise.linear import Floats
from portfolio.optimise.prices import Prices
from portfolio.optimise.program import Ints, Program, ProgramBuilder
from portfolio.optimise.relaxation import relax
from portfolio.optimise.search import Search
from portfolio.optimise.solve import solve
from portfolio.rules import objectives
from portfolio.scenario.problem import PlanningProblem
from tests.optimise.brute_force import best
from tests.optimise.programs import (
    TWO_BLOCKS,
    as_set,
    objective_of,
    programs,
    solutions,
    thirsty_counties,
)
from tests.optimise.strategies import contested, problems

ALL = list(HealthCheck)
SECONDS, MORE_SECONDS = 1.0, 20.0
"""Limits of a solve; the second for a computer too busy to find anything within the first."""


@contextmanager
def nothing_is_small() -> Iterator[None]:
    """Every part with a job goes the way of large ones, and is never tried whole."""
    with patch.object(engine, "SMALL", 0), patch.object(large, "WHOLE_COLUMNS", 0):
        yield


def solve_as_large(problem: PlanningProblem, before: Mapping[str, int] | None = None) -> Result:
    with nothing_is_small():
        for seconds in (SECONDS, MORE_SECONDS):
            limited = replace(problem, solver=replace(problem.solver, time_limit_s=seconds))
            result = solve(limited, before=before)
            if result.status is not Status.NO_SOLUTION:
                break
    return result


def check(problem: PlanningProblem, result: Result) -> None:
    """What is claimed is true: status, rules, values, bounds and proofs, as far as proofs reach."""
    expected = best(problem)
    if expected is None:
        assert result.status is Status.INFEASIBLE
        return
    assert result.status in (Status.OPTIMAL, Status.FEASIBLE)
    assert result.schedule is not None
    assert rules.check(problem, result.schedule) == ()
    assert [o.name for o in result.objectives] == list(problem.order)
    assert (result.status is Status.OPTIMAL) == all(o.proven for o in result.objectives)
    assert result.status is Status.OPTIMAL or result.stopped == "time_limit"
    best_so_far = True
    for objective, value in zip(result.objectives, expected, strict=True):
        sign = -1 if objective.name == "priority" else 1
        assert objectives.VALUES[objective.name](problem, result.schedule) == objective.value
        assert sign * objective.bound <= sign * objective.value
        assert objective.proven == (objective.bound == objective.value)
        if best_so_far:
            # Earlier stages are at their best, so this one can be no better than by trying everything.
            assert sign * objective.bound <= sign * value <= sign * objective.value
            assert not objective.proven or objective.value == value
        best_so_far &= objective.value == value


@given(problem=problems(most_money=9))
@settings(max_examples=40, suppress_health_check=ALL)
def test_all_rules_against_brute_force(problem: PlanningProblem) -> None:
    check(problem, solve_as_large(problem))


@given(problem=contested())
@settings(max_examples=16, suppress_health_check=ALL)
def test_contested_money_against_brute_force(problem: PlanningProblem) -> None:
    check(problem, solve_as_large(problem))


@given(
    problem=contested(),
    before=st.dictionaries(st.sampled_from(["p0", "p1", "p2", "p3"]), st.integers(2020, 2024)),
)
@settings(max_examples=6, suppress_health_check=ALL)
def test_an_earlier_schedule_to_begin_with_changes_nothing_of_that(
    problem: PlanningProblem, before: dict[str, int]
) -> None:
    """It may break rules, or start in years that are not there."""
    check(problem, solve_as_large(problem, before))


def test_leaving_everything_out_must_not_lift_a_column_above_its_bound() -> None:
    """The row asks for the start or one of a column that cannot be more than 0."""
    builder = ProgramBuilder()
    start = builder.add_columns(0, 1, job=0)
    other = builder.add_columns(0, 0)
    builder.add_row("either", [(int(start[0]), 1), (int(other[0]), 1)], low=1)
    builder.add_row("room", [(int(start[0]), 2), (int(other[0]), 2)], high=4)
    with nothing_is_small():
        answer = Engine(builder.build(), Limits(time_limit_s=5)).run()
    assert answer.values is not None
    assert answer.values.tolist() == [1, 0]


def test_blocks_are_proven_at_better_prices() -> None:
    """The relaxation says 16, and so do whole blocks at its prices; what each block uses in the mixture of their
    solutions is what it gets to begin with."""
    shares = []

    def share_out(self: Blocks, values: Ints, mixed: Floats, *_: object) -> Ints:
        shares.append(mixed)
        return values

    with nothing_is_small(), patch.object(large, "FEW_JOBS", 0), patch.object(Blocks, "share_out", share_out):
        answer = Engine(thirsty_counties(), Limits(time_limit_s=20)).run()
    assert answer.stages[0].value == answer.stages[0].bound == -13
    assert answer.stages[0].proven
    (mixed,) = shares
    assert mixed.reshape(3, 2).sum(axis=1).tolist() == pytest.approx([1, 1, 1])


def test_a_few_jobs_in_several_blocks_are_proven_like_one_block() -> None:
    with nothing_is_small(), patch.object(large, "prove", wraps=prove) as proving:
        answer = Engine(thirsty_counties(), Limits(time_limit_s=20)).run()
    assert proving.called
    assert answer.stages[0].proven


def test_few_jobs_of_too_many_starts_are_only_searched() -> None:
    with (
        nothing_is_small(),
        patch.object(large, "PROVABLE_COLUMNS", len(thirsty_counties()) - 1),
        patch.object(large, "prove", wraps=prove) as proving,
    ):
        answer = Engine(thirsty_counties(), Limits(time_limit_s=0.5)).run()
    assert not proving.called
    assert answer.stages[0].value == -13


@pytest.mark.parametrize(("columns_too_many", "value"), [(0, -13), (1, 0)])
def test_several_blocks_begin_with_a_dive_unless_there_are_too_many_columns(
    columns_too_many: int, value: int
) -> None:
    """Shares leave all of them without anything here, and nothing is searched."""
    program = thirsty_counties(starts_only=False)
    with (
        nothing_is_small(),
        patch.object(large, "FEW_JOBS", 0),
        patch.object(large, "PROVABLE_COLUMNS", len(program) - columns_too_many),
        patch.object(Blocks, "share_out", lambda _, values, *__: values),
        patch.object(Search, "run"),
    ):
        answer = Engine(program, Limits(time_limit_s=20)).run()
    assert answer.stages[0].value == value


@pytest.mark.parametrize("starts_only", [True, False])
def test_parts_are_solved_with_cuts_unless_there_is_nothing_but_starts(starts_only: bool) -> None:
    """Blocks at prices, the dive, and neighbourhoods; not the shares of blocks, for which time is too short."""
    program = thirsty_counties(starts_only=starts_only)
    tried: dict[str, set[bool]] = {}

    def wrapped(name: str) -> Callable[..., Answer]:
        def recorded(*given: Any) -> Answer:
            (effort,) = (one for one in given if isinstance(one, Effort))
            tried.setdefault(name, set()).add(effort.cuts)
            return cpsat.solve(*given)

        return recorded

    with (
        nothing_is_small(),
        patch.object(large, "FEW_JOBS", 0),
        patch.object(Prices, "improve"),
        patch.object(blocks, "solve", wrapped("blocks")),
        patch.object(prices, "solve", wrapped("prices")),
        patch.object(search, "solve", wrapped("search")),
    ):
        Engine(program, Limits(time_limit_s=1)).run()
    assert tried == {"blocks": {False}, "prices": {not starts_only}, "search": {not starts_only}}


@given(program=programs(TWO_BLOCKS, link="high"))
@settings(max_examples=60, suppress_health_check=ALL)
def test_programs_of_two_blocks_against_trying_everything(program: Program) -> None:
    with nothing_is_small():
        answer = Engine(program, Limits(time_limit_s=0.5)).run()
    found, stage = solutions(program), program.stages[0]
    if not len(found):
        assert answer.status is Status.INFEASIBLE
        return
    assert answer.values is not None
    assert tuple(answer.values.tolist()) in as_set(found)
    first, least = answer.stages[0], min(stage.value(values) for values in found)
    assert first.bound <= least <= first.value == stage.value(answer.values)
    assert first.proven == (first.bound == first.value)
    if first.proven and len(answer.stages) > 1:
        second, stage = answer.stages[1], program.stages[1]
        least = min(stage.value(v) for v in found if program.stages[0].value(v) == first.value)
        assert second.bound <= least <= second.value == stage.value(answer.values)


@given(
    program=st.one_of(programs(TWO_BLOCKS, solvable=True), programs(solvable=True)),
    apart=st.sampled_from((1, 8)),
    data=st.data(),
)
@settings(max_examples=100, suppress_health_check=ALL)
def test_a_search_only_ever_moves_to_better_solutions(
    program: Program, apart: int, data: st.DataObject
) -> None:
    """With several searchers, whose moves are put together if there are two blocks, and who otherwise go
    their own ways; with and without a relaxation."""
    found, objective = solutions(program), objective_of(program)
    start = found[data.draw(st.integers(0, len(found) - 1))]
    relaxation = relax(program, objective, 5) if data.draw(st.booleans()) else None
    searching = Search(
        program,
        objective,
        start.copy(),
        relaxation,
        objective.least(program),
        seed=data.draw(st.integers(0, 9)),
        workers=2,
        stop=Stop(),
    )
    deadline = time.monotonic() + 5
    if relaxation is not None:
        searching.insert(relaxation)
        searching.dive(relaxation, 1.0, deadline)
        searching.focus(relaxation, 1.0, deadline)
    heard: list[int] = [objective.value(start)]
    with patch("portfolio.optimise.search.ROUND", 0.05), patch("portfolio.optimise.search.APART", apart):
        searching.run(time.monotonic() + 0.2, 0.0, lambda value, _: heard.append(value))
    reached = searching.best
    assert tuple(reached.values.tolist()) in as_set(found)
    assert reached.value == objective.value(reached.values) <= objective.value(start)
    assert reached.activity.tolist() == program.matrix.activity(reached.values).tolist()
    assert heard == sorted(set(heard), reverse=True)
