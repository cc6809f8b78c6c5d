"""The bound by prices for what blocks share, and better prices from mixtures of the blocks' solutions."""

from __future__ import annotations

import time
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.optimise import prices
from portfolio.optimise.blocks import Blocks
from portfolio.optimise.cpsat import Objective, Stop
from portfolio.optimise.mixture import Known, mix
from portfolio.optimise.prices import Priced, Prices
from portfolio.optimise.program import UNBOUNDED, Ints, Program, ProgramBuilder, Stage, ints
from portfolio.optimise.relaxation import Relaxation, relax
from tests.optimise.programs import (
    TWO_BLOCKS,
    objective_of,
    optimum,
    programs,
    signed_prices,
    solutions,
    thirsty_counties,
)

SECONDS = 5.0
"""Far more than any of these needs."""


def relaxed(program: Program, objective: Objective) -> Relaxation:
    found = relax(program, objective, SECONDS)
    assert found is not None
    return found


def prices_of(
    program: Program, objective: Objective, relaxation: Relaxation, values: Ints, stop: Stop | None = None
) -> Prices:
    blocks = Blocks(program, objective, workers=1, stop=stop or Stop(), seed=0)
    return Prices(blocks, relaxation, values, time.monotonic() + SECONDS)


def improved(program: Program, values: Ints, enough: int = UNBOUNDED) -> Prices:
    """From the prices of the relaxation, until there are no better ones."""
    objective = objective_of(program)
    found = prices_of(program, objective, relaxed(program, objective), values)
    found.improve(time.monotonic() + SECONDS, enough)
    return found


@given(program=programs(TWO_BLOCKS, solvable=True), data=st.data())
@settings(max_examples=60)
def test_any_prices_give_a_valid_bound(program: Program, data: st.DataObject) -> None:
    objective, found = objective_of(program), solutions(program)
    grain = data.draw(st.sampled_from((0.37, 0.01, 1e-4)))
    at_random = replace(relaxed(program, objective), prices=data.draw(signed_prices(program, grain)))
    best = optimum(program, objective)
    assert best is not None
    assert prices_of(program, objective, at_random, found[0]).best.bound <= best


@given(program=programs(TWO_BLOCKS, solvable=True))
@settings(max_examples=60)
def test_at_the_prices_of_the_relaxation_the_bound_is_no_worse_than_its_own(program: Program) -> None:
    """Up to a unit: prices are rounded so that costs are whole."""
    objective, found = objective_of(program), solutions(program)
    relaxation = relaxed(program, objective)
    best = optimum(program, objective)
    assert best is not None
    assert relaxation.bound - 1 <= prices_of(program, objective, relaxation, found[0]).best.bound <= best


@given(program=programs(TWO_BLOCKS, solvable=True), data=st.data())
@settings(max_examples=60)
def test_better_prices_give_a_bound_that_is_valid_and_no_worse(program: Program, data: st.DataObject) -> None:
    """Whatever solution they begin with, and whatever prices; without whole money, blocks are solved to the end here."""
    objective, found = objective_of(program), solutions(program)
    grain = data.draw(st.sampled_from((0.37, 0.01)))
    at_random = replace(relaxed(program, objective), prices=data.draw(signed_prices(program, grain)))
    before = prices_of(program, objective, at_random, found[-1])
    bound = before.best.bound
    before.improve(time.monotonic() + SECONDS, UNBOUNDED)
    best = optimum(program, objective)
    assert best is not None
    assert bound <= before.best.bound <= best


def two_counties(*, cap: int, high: int = 1) -> Program:
    """In each of two blocks two jobs of weight 3 and 4, worth 5 and 7; `cap` for all."""
    builder = ProgramBuilder()
    columns = builder.add_columns(0, [high] * 4, job=[0, 1, 2, 3], block=[0, 0, 1, 1])
    builder.add_row("cap", [(0, 3), (1, 4), (2, 3), (3, 4)], high=cap)
    builder.add_stage(Stage("worth", columns, ints([-5, -7, -5, -7])))
    return builder.build()


def test_whole_blocks_prove_more_than_the_relaxation() -> None:
    program = thirsty_counties()
    relaxation = relaxed(program, objective_of(program))
    assert relaxation.bound == -16
    found = improved(program, np.zeros(6, np.int64))
    assert found.best.bound == -13
    assert optimum(program, objective_of(program)) == -13


def priced_at(program: Program, price: float) -> Prices:
    """With this price on the last row and none on the others, and nothing for a solution."""
    objective = objective_of(program)
    every = np.zeros(len(program.matrix))
    every[-1] = price
    start = replace(relaxed(program, objective), prices=every)
    return prices_of(program, objective, start, np.zeros(len(program), np.int64))


@pytest.mark.parametrize("price", [-0.05, -9.0])
def test_better_prices_are_found_from_bad_ones(price: float) -> None:
    """At a price of almost nothing all three take 5, at far too high a one nobody anything."""
    found = priced_at(thirsty_counties(), price)
    assert found.best.bound < -13
    found.improve(time.monotonic() + SECONDS, UNBOUNDED)
    assert found.best.bound == -13


def test_the_mixture_keeps_what_is_shared() -> None:
    """Two blocks of the dear kind and one of the other: or any mixture that uses 9 in all."""
    program = thirsty_counties()
    found = improved(program, np.zeros(6, np.int64))
    mixed = found.mixed()
    assert mixed is not None
    assert mixed @ np.array([4, 1] * 3) <= 9 + 1e-6
    assert mixed @ np.array([5, 3] * 3) == pytest.approx(13)
    assert [mixed[own].sum() for own in found.blocks.own] == pytest.approx([1, 1, 1])


def test_a_mixture_that_promises_far_more_than_is_proven_is_not_trusted() -> None:
    program = thirsty_counties()
    found = improved(program, np.zeros(6, np.int64))
    found.best = replace(found.best, proven=-20.0)
    assert found.mixed() is None
    assert prices_of(program, objective_of(program), relaxed(program, objective_of(program)), np.zeros(6, np.int64)).mixed() is None  # fmt: skip


def test_enough_is_enough() -> None:
    """No better prices are looked for once the bound is the value of a solution, after a stop, or without time."""
    program = thirsty_counties()
    objective = objective_of(program)
    stop = Stop()
    far_too_low = replace(relaxed(program, objective), prices=np.full(len(program.matrix), -9.0))
    found = prices_of(program, objective, far_too_low, np.zeros(6, np.int64), stop)
    first = found.best
    found.improve(time.monotonic() + SECONDS, first.bound)
    found.improve(time.monotonic(), UNBOUNDED)
    stop.set()
    found.improve(time.monotonic() + SECONDS, UNBOUNDED)
    assert found.best is first
    assert found.mixture is None


def test_without_any_price_nothing_says_how_far_to_go() -> None:
    found = priced_at(thirsty_counties(), 0.0)
    found.improve(time.monotonic() + SECONDS, UNBOUNDED)
    assert found.best.bound == -15
    assert found.mixture is None


def test_blocks_not_solved_to_the_end_get_no_better_prices() -> None:
    found = priced_at(thirsty_counties(), -9.0)
    assert found.best.solved == 1
    found.best = replace(found.best, solved=0.6)
    before = found.best
    found.improve(time.monotonic() + SECONDS, UNBOUNDED)
    assert found.best is before


def test_the_first_solver_is_enough_for_small_blocks() -> None:
    with patch.object(prices, "prove", side_effect=AssertionError("asked for branch and cut")):
        assert improved(thirsty_counties(), np.zeros(6, np.int64)).best.bound == -13


def test_branch_and_cut_goes_on_where_the_first_solver_ends() -> None:
    """With no time for the first one, the bound is that of the second."""
    program = thirsty_counties()
    with patch.object(prices, "QUICK_SHARE", 0.0):
        assert improved(program, np.zeros(6, np.int64)).best.bound == -13


@pytest.mark.parametrize("price", [0.0, 1e-3, 1e-6, 1e-9, 1e-15])
def test_a_price_next_to_nothing_is_harmless(price: float) -> None:
    """A price may be what rounding left of 0; big costs, as of money, must not overflow."""
    program = two_counties(cap=8)
    objective = Objective(program.stages[0].columns, ints([-5_000_000, -7_000_000] * 2))
    cheap = replace(relaxed(program, objective), prices=np.full(len(program.matrix), -price))
    best = optimum(program, objective)
    assert best is not None
    found = prices_of(program, objective, cheap, np.zeros(4, np.int64))
    found.improve(time.monotonic() + SECONDS, UNBOUNDED)
    assert found.best.bound <= best


def test_costs_too_large_to_be_exact_prove_nothing() -> None:
    program = two_counties(cap=8, high=2**45)
    objective = Objective(program.stages[0].columns, ints([-5_000_000, -7_000_000] * 2))
    relaxation = relaxed(two_counties(cap=8), objective)
    nothing = prices_of(program, objective, relaxation, np.zeros(4, np.int64)).best
    assert isinstance(nothing, Priced)
    assert nothing.bound == -UNBOUNDED


def known(*solutions: tuple[int, list[int]]) -> Known:
    block = Known()
    for number, (cost, use) in enumerate(solutions):
        block.add(cost, ints(use), ints([number]))
    return block


def test_solutions_are_mixed_at_least_cost_and_the_price_is_that_of_the_row() -> None:
    """Both blocks want 4 of 6 units: one of them half. Another unit would bring 10 / 4."""
    blocks = [known((0, [0]), (-10, [4])), known((0, [0]), (-20, [4]))]
    free = np.array([-100.0]), np.array([0.0])
    found = mix(blocks, ints([-UNBOUNDED]), ints([6]), *free, time.monotonic() + SECONDS)
    assert found is not None
    assert found.cost == pytest.approx(-25)
    assert found.prices == pytest.approx([-2.5])
    assert [share.tolist() for share in found.shares] == [pytest.approx([0.5, 0.5]), pytest.approx([0, 1])]
    assert [values.tolist() for values in found.values(blocks)] == [pytest.approx([0.5]), pytest.approx([1])]


@pytest.mark.parametrize(
    ("least", "most", "price", "cost"),
    [(-100.0, 0.0, -2.5, -25.0), (-1.0, 0.0, -1.0, -28.0), (-100.0, -4.0, -4.0, -28.0)],
)
def test_prices_stay_where_they_are_allowed(least: float, most: float, price: float, cost: float) -> None:
    """Going over by 2 at a price of 1; or staying below by 2, which earns 4 each."""
    blocks = [known((0, [0]), (-10, [4])), known((0, [0]), (-20, [4]))]
    found = mix(blocks, ints([-UNBOUNDED]), ints([6]), np.array([least]), np.array([most]), time.monotonic() + SECONDS)  # fmt: skip
    assert found is not None
    assert found.prices == pytest.approx([price])
    assert found.cost == pytest.approx(cost)


def test_a_solution_is_known_once() -> None:
    block = known((0, [0]), (-10, [4]))
    block.add(-10, ints([4]), ints([1]))
    assert block.cost == [0, -10]
    mixture = mix([block], ints([-UNBOUNDED]), ints([4]), np.array([-9.0]), np.array([0.0]), time.monotonic() + SECONDS)  # fmt: skip
    block.add(-11, ints([5]), ints([2]))
    assert mixture is not None
    assert mixture.values([block])[0].tolist() == pytest.approx([1])
