"""What the relaxation proves holds for every whole solution, whatever the prices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.math_opt.python import mathopt

from portfolio.optimise import orders, relaxation
from portfolio.optimise.program import UNBOUNDED, Program, ProgramBuilder, Stage, ints
from portfolio.optimise.relaxation import (
    dual_bound,
    reduced_costs,
    relax,
    strengthen,
    tighten,
    with_prices_of_jobs,
)
from tests.optimise.programs import (
    as_set,
    costs_of,
    dense,
    objective_of,
    optimum,
    programs,
    signed_prices,
    solutions,
)


@given(program=programs(), data=st.data())
def test_any_prices_give_a_valid_bound(program: Program, data: st.DataObject) -> None:
    objective = objective_of(program)
    costs = costs_of(program)
    prices = data.draw(signed_prices(program))
    best = optimum(program, objective)
    bound = dual_bound(program, prices, reduced_costs(program, costs, prices))
    assert best is None or bound <= best


@given(program=programs(), data=st.data())
def test_a_price_on_an_open_side_makes_the_bound_useless_not_wrong(
    program: Program, data: st.DataObject
) -> None:
    objective = objective_of(program)
    costs = costs_of(program)
    prices = -data.draw(signed_prices(program))
    best = optimum(program, objective)
    bound = dual_bound(program, prices, reduced_costs(program, costs, prices))
    assert best is None or bound <= best


@given(program=programs())
@settings(max_examples=60)
def test_the_relaxation_bounds_the_optimum_and_its_reduced_costs_fit(program: Program) -> None:
    objective = objective_of(program)
    found, best = relax(program, objective, 10), optimum(program, objective)
    if found is None:
        assert best is None
        return
    assert best is None or found.bound <= best
    costs = costs_of(program)
    assert np.allclose(found.reduced_costs, costs - found.prices @ dense(program), atol=1e-6)
    # The bound is the value of the relaxation's solution, rounded up.
    value = float(costs @ found.values)
    assert value - 1e-5 <= found.bound <= value + 1


@pytest.mark.parametrize("first_order", [False, True])
@given(program=programs(solvable=True))
@settings(max_examples=40)
def test_in_other_columns_and_by_another_method_it_is_the_same(first_order: bool, program: Program) -> None:
    """As where precedence prevails, and there is much of it. A first-order method comes only near."""
    objective = objective_of(program)
    plain = relax(program, objective, 10)
    with (
        patch.object(orders, "SPARSER", 100.0),
        patch.object(relaxation, "FIRST_ORDER_ROWS", -1 if first_order else 10**9),
    ):
        found = relax(program, objective, 10, 2)
    assert plain is not None
    assert found is not None
    near = 0.01 * max(1, abs(plain.bound)) if first_order else 0
    assert plain.bound - 1 - near <= found.bound <= plain.bound
    assert (found.values >= program.low - 1e-3).all()
    assert (found.values <= program.high + 1e-3).all()
    activity = dense(program) @ found.values
    assert (activity >= program.matrix.low - 0.01).all()
    assert (activity <= program.matrix.high + 0.01).all()


@given(program=programs(solvable=True))
@settings(max_examples=40)
def test_a_corner_over_some_columns_comes_with_a_bound_over_all(program: Program) -> None:
    """As for a large program of nothing but starts."""
    objective = objective_of(program)
    best = optimum(program, objective)
    with patch.object(orders, "SPARSER", 0.0), patch.object(relaxation, "BARRIER_COLUMNS", 0):
        found = relax(program, objective, 10, 2)
    plain = relax(program, objective, 10)
    assert best is not None
    assert found is not None
    assert plain is not None
    assert plain.bound - 1 - 0.01 * max(1, abs(plain.bound)) <= found.bound <= best
    assert (found.values >= program.low - 1e-3).all()
    assert (found.values <= program.high + 1e-3).all()


def test_a_solver_that_fails_is_followed_by_another() -> None:
    """HiGHS gives up on some rows of very unlike size, and the interface then raises what it likes."""
    real, asked = mathopt.solve, []

    def failing(model: mathopt.Model, solver: mathopt.SolverType, **more: Any) -> mathopt.SolveResult:
        asked.append(solver)
        if solver is mathopt.SolverType.HIGHS:
            raise AttributeError("no such thing")
        return real(model, solver, **more)

    with patch.object(mathopt, "solve", failing):
        found = relax(knapsack(), objective_of(knapsack()), 10)
    assert asked == [mathopt.SolverType.HIGHS, mathopt.SolverType.GLOP]
    assert found is not None
    assert found.bound == -8


@given(program=programs(), data=st.data())
def test_prices_of_jobs_are_the_best_there_are(program: Program, data: st.DataObject) -> None:
    objective = objective_of(program)
    costs = costs_of(program)
    prices = data.draw(signed_prices(program))
    better = with_prices_of_jobs(program, costs, prices)
    bounds = [dual_bound(program, p, reduced_costs(program, costs, p)) for p in (prices, better)]
    assert bounds[0] <= bounds[1]
    best = optimum(program, objective)
    assert best is None or bounds[1] <= best
    # Whatever they were before.
    rows = relaxation._rows_of_jobs(program)
    prices[rows] = data.draw(signed_prices(program))[rows]
    assert np.allclose(with_prices_of_jobs(program, costs, prices), better)


def knapsack() -> Program:
    """Worth 6 and 4 for 3 and 4 of weight, 5 allowed."""
    builder = ProgramBuilder()
    columns = builder.add_columns(0, [1, 1])
    builder.add_row("room", [(0, 3), (1, 4)], high=5)
    builder.add_stage(Stage("worth", columns, ints([-6, -4])))
    return builder.build()


def test_prices_of_a_knapsack() -> None:
    """All of the first and half of the second, -8."""
    program = knapsack()
    found = relax(program, objective_of(program), 10)
    assert found is not None
    assert np.allclose(found.values, [1, 0.5])
    assert np.allclose(found.prices, [-1])
    assert np.allclose(found.reduced_costs, [-3, 0])
    assert found.bound == -8


def test_an_infeasible_program_has_no_relaxation() -> None:
    builder = ProgramBuilder()
    columns = builder.add_columns(0, [1, 1])
    builder.add_row("much", [(0, 1), (1, 1)], low=3)
    builder.add_stage(Stage("any", columns, ints([1, 1])))
    program = builder.build()
    assert relax(program, objective_of(program), 10) is None


@given(program=programs())
def test_tightened_it_has_the_same_solutions(program: Program) -> None:
    tight = tighten(program)
    assert (tight.low >= program.low).all()
    assert (tight.high <= program.high).all()
    assert as_set(solutions(tight)) == as_set(solutions(program))


@given(program=programs())
def test_strengthened_it_has_the_same_solutions(program: Program) -> None:
    assert as_set(solutions(strengthen(program))) == as_set(solutions(program))
    both = strengthen(tighten(program))
    assert as_set(solutions(both)) == as_set(solutions(program))


@given(program=programs(), data=st.data())
def test_strengthened_again_after_some_columns_are_held(program: Program, data: st.DataObject) -> None:
    """Bounds that are narrower than when the rows were made."""
    found = solutions(program)
    if not len(found):
        return
    values = found[data.draw(st.integers(0, len(found) - 1))]
    held = np.array([data.draw(st.booleans()) for _ in range(len(program))])
    part = replace(
        program, low=np.where(held, values, program.low), high=np.where(held, values, program.high)
    )
    assert as_set(solutions(strengthen(tighten(part)))) == as_set(solutions(part))


def test_a_start_that_alone_is_enough_counts_for_no_more() -> None:
    """9 seats missing: a school of 20 counts for 9, and half of it for half of them only."""
    builder = ProgramBuilder()
    builder.add_columns(0, [1, 1, 9])
    builder.add_row("shortage", [(0, 20), (1, 5), (2, 1)], low=9)
    found = strengthen(builder.build()).matrix
    assert found.coefficient.tolist() == [9, 5, 1]
    assert found.high.tolist() == [UNBOUNDED]


def test_what_others_take_away_is_still_wanted() -> None:
    """9 seats missing, and a rebuilding that takes 6 away: a school may have to make up for both."""
    builder = ProgramBuilder()
    builder.add_columns(0, [1, 1, 9])
    builder.add_row("shortage", [(0, 20), (1, -6), (2, 1)], low=9)
    assert strengthen(builder.build()).matrix.coefficient.tolist() == [15, -6, 1]


def test_what_a_single_row_forbids_or_forces_is_settled() -> None:
    builder = ProgramBuilder()
    builder.add_columns(0, [1, 1, 1])
    builder.add_row("cap", [(0, 7), (1, 2)], high=5)
    builder.add_row("either", [(0, 1), (1, 1)], low=1)
    builder.add_row("after", [(1, -1), (2, 1)], low=0)
    found = tighten(builder.build())
    assert found.low.tolist() == [0, 1, 1]
    assert found.high.tolist() == [0, 1, 1]
