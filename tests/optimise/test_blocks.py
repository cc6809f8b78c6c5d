"""Blocks that few rows tie together: the shares of what is limited."""

from __future__ import annotations

import time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.optimise.blocks import Blocks
from portfolio.optimise.cpsat import Stop
from portfolio.optimise.program import Ints, Program, ProgramBuilder, Stage, ints
from portfolio.optimise.relaxation import relax
from tests.optimise.programs import TWO_BLOCKS, objective_of, programs, solutions

SECONDS = 5.0
"""Far more than any of these needs."""


def blocks_of(program: Program) -> Blocks:
    return Blocks(program, objective_of(program), workers=1, stop=Stop(), seed=0)


def shared_out(program: Program, values: Ints) -> Ints:
    """Shares as in the relaxation; nothing for a hint."""
    found = relax(program, objective_of(program), SECONDS)
    assert found is not None
    blocks = blocks_of(program)
    hints = [values[own] for own in blocks.own]
    return blocks.share_out(values, found.values, hints, time.monotonic() + SECONDS)


@given(program=programs(TWO_BLOCKS, link="high", solvable=True), data=st.data())
@settings(max_examples=60)
def test_shared_out_the_solution_keeps_all_rows(program: Program, data: st.DataObject) -> None:
    found = solutions(program)
    if not blocks_of(program).can_share():
        return
    given_ = found[data.draw(st.integers(0, len(found) - 1))]
    before = given_.copy()
    shared = shared_out(program, given_)
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


def test_shared_money_is_used_by_both() -> None:
    """Room for 8: the two that weigh 4, one in each block."""
    assert shared_out(two_counties(cap=8), np.zeros(4, np.int64)).tolist() == [0, 1, 0, 1]


def test_what_does_not_fit_is_not_taken_and_the_rest_is_used() -> None:
    """A must use 3, though half of it would do for the relaxation: of B's share of 4 only 3 are left."""
    builder = ProgramBuilder()
    columns = builder.add_columns(0, [1] * 4, job=[0, 1, 2, 3], block=[0, 0, 1, 1])
    builder.add_row("cap", [(0, 3), (1, 3), (2, 3), (3, 4)], high=6)
    builder.add_row("needed", [(0, 2), (1, 2)], low=1)
    builder.add_stage(Stage("worth", columns[2:], ints([-5, -7])))
    program = builder.build()
    shared = shared_out(program, ints([1, 0, 0, 0]))
    assert len(program.matrix.broken(shared)) == 0
    assert shared[2:].tolist() == [1, 0]


def test_what_must_be_reached_together_cannot_be_shared_out() -> None:
    assert not blocks_of(two_counties(cap=8, low=4)).can_share()
    assert blocks_of(two_counties(cap=8)).can_share()
