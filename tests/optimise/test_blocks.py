"""Blocks that few rows tie together: the bound by prices, and the shares of what is limited."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from portfolio.optimise.blocks import Blocks
from portfolio.optimise.cpsat import Objective, Stop
from portfolio.optimise.program import Program, ProgramBuilder, Stage, ints
from portfolio.optimise.relaxation import Relaxation, relax
from tests.optimise.programs import TWO_BLOCKS, objective_of, optimum, programs, signed_prices, solutions

SECONDS = 5.0
"""Far more than any of these needs."""


def blocks_of(program: Program, objective: Objective, relaxation: Relaxation) -> Blocks:
    return Blocks(program, objective, relaxation, workers=1, stop=Stop(), seed=0)


def bound(blocks: Blocks, hint: NDArray[np.int64]) -> int:
    return blocks.bound(hint, time.monotonic() + SECONDS)


@given(program=programs(TWO_BLOCKS, solvable=True), data=st.data())
@settings(max_examples=60)
def test_any_prices_give_a_valid_bound(program: Program, data: st.DataObject) -> None:
    objective, found = objective_of(program), solutions(program)
    relaxation = relax(program, objective, SECONDS)
    assert relaxation is not None
    grain = data.draw(st.sampled_from((0.37, 0.01, 1e-4)))
    at_random = replace(relaxation, prices=data.draw(signed_prices(program, grain)))
    best = optimum(program, objective)
    assert best is not None
    assert bound(blocks_of(program, objective, at_random), found[0]) <= best


@given(program=programs(TWO_BLOCKS, solvable=True))
@settings(max_examples=60)
def test_at_the_prices_of_the_relaxation_the_bound_is_no_worse_than_its_own(program: Program) -> None:
    """Up to a unit: prices are rounded so that costs are whole."""
    objective, found = objective_of(program), solutions(program)
    relaxation = relax(program, objective, SECONDS)
    assert relaxation is not None
    best = optimum(program, objective)
    assert best is not None
    assert relaxation.bound - 1 <= bound(blocks_of(program, objective, relaxation), found[0]) <= best


@given(program=programs(TWO_BLOCKS, link="high", solvable=True), data=st.data())
@settings(max_examples=60)
def test_shared_out_the_solution_keeps_all_rows(program: Program, data: st.DataObject) -> None:
    objective, found = objective_of(program), solutions(program)
    relaxation = relax(program, objective, SECONDS)
    assert relaxation is not None
    blocks = blocks_of(program, objective, relaxation)
    if not blocks.can_share():
        return
    given_ = found[data.draw(st.integers(0, len(found) - 1))]
    before = given_.copy()
    shared = blocks.share_out(given_, time.monotonic() + SECONDS)
    assert len(program.matrix.broken(shared)) == 0
    assert (shared >= program.low).all()
    assert (shared <= program.high).all()
    assert given_.tolist() == before.tolist()


def two_counties(*, cap: int, low: int = -(2**62)) -> Program:
    """In each of two blocks two jobs of weight 3 and 4, worth 5 and 7; `cap` for all."""
    builder = ProgramBuilder()
    columns = builder.add_columns(0, [1] * 4, job=[0, 1, 2, 3], block=[0, 0, 1, 1])
    builder.add_row("cap", [(0, 3), (1, 4), (2, 3), (3, 4)], high=cap, low=low)
    builder.add_stage(Stage("worth", columns, ints([-5, -7, -5, -7])))
    return builder.build()


def relaxed(program: Program) -> Relaxation:
    found = relax(program, objective_of(program), SECONDS)
    assert found is not None
    return found


def test_shared_money_is_used_by_both() -> None:
    """Room for 8: the two that weigh 4, one in each block."""
    program = two_counties(cap=8)
    blocks = blocks_of(program, objective_of(program), relaxed(program))
    shared = blocks.share_out(np.zeros(4, np.int64), time.monotonic() + SECONDS)
    assert shared.tolist() == [0, 1, 0, 1]
    assert bound(blocks, shared) == -14


def test_what_does_not_fit_is_not_taken_and_the_rest_is_used() -> None:
    """A must use 3, though half of it would do for the relaxation: of B's share of 4 only 3 are left."""
    builder = ProgramBuilder()
    columns = builder.add_columns(0, [1] * 4, job=[0, 1, 2, 3], block=[0, 0, 1, 1])
    builder.add_row("cap", [(0, 3), (1, 3), (2, 3), (3, 4)], high=6)
    builder.add_row("needed", [(0, 2), (1, 2)], low=1)
    builder.add_stage(Stage("worth", columns[2:], ints([-5, -7])))
    program = builder.build()
    blocks = blocks_of(program, objective_of(program), relaxed(program))
    shared = blocks.share_out(ints([1, 0, 0, 0]), time.monotonic() + SECONDS)
    assert len(program.matrix.broken(shared)) == 0
    assert shared[2:].tolist() == [1, 0]


def test_what_must_be_reached_together_cannot_be_shared_out() -> None:
    program = two_counties(cap=8, low=4)
    assert not blocks_of(program, objective_of(program), relaxed(program)).can_share()
    program = two_counties(cap=8)
    assert blocks_of(program, objective_of(program), relaxed(program)).can_share()


@pytest.mark.parametrize("price", [0.0, 1e-3, 1e-6, 1e-9, 1e-15])
def test_a_price_next_to_nothing_is_harmless(price: float) -> None:
    """A price may be what rounding left of 0; big costs, as of money, must not overflow."""
    program = two_counties(cap=8)
    columns = program.stages[0].columns
    objective = Objective(columns, ints([-5_000_000, -7_000_000, -5_000_000, -7_000_000]))
    relaxation = relax(program, objective, SECONDS)
    assert relaxation is not None
    cheap = replace(relaxation, prices=np.full(len(program.matrix), -price))
    best = optimum(program, objective)
    assert best is not None
    assert bound(blocks_of(program, objective, cheap), np.zeros(4, np.int64)) <= best
