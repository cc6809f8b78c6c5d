"""Stage by stage over any program, against trying everything."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolio.domain.schedule import Status
from portfolio.optimise import engine, joint
from portfolio.optimise.engine import Engine, EngineResult, Limits
from portfolio.optimise.program import Program, ProgramBuilder, Stage, ints
from tests.optimise.programs import TWO_BLOCKS, programs, solutions


def solved(program: Program, workers: int = 1) -> EngineResult:
    return Engine(program, Limits(time_limit_s=20, workers=workers)).run()


@st.composite
def in_stages(draw: st.DrawFn, blocks: tuple[int, ...] = TWO_BLOCKS) -> Program:
    """A program with two to four objectives, some of which count in hundreds."""
    program = draw(programs(blocks))
    stages = list(program.stages)
    for name in ("third", "fourth")[: draw(st.integers(1, 2))]:
        unit = draw(st.sampled_from((1, 100)))
        costs = unit * ints([draw(st.integers(-9, 9)) for _ in range(len(program))])
        columns = np.flatnonzero(costs)
        stages.append(Stage(name, columns, costs[columns], constant=draw(st.integers(-3, 3))))
    return replace(program, stages=tuple(stages))


@given(program=in_stages())
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
def test_each_stage_is_the_best_given_those_before_it(program: Program) -> None:
    """Parts that share no row, columns in no row, and rows over everything."""
    check(program, solved(program))


@pytest.mark.parametrize("largest", [1, 2000], ids=["one objective", "some objectives"])
@given(program=in_stages())
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
def test_also_where_not_all_stages_fit_into_one_proof(largest: int, program: Program) -> None:
    with patch.object(joint, "LARGEST", largest):
        check(program, solved(program))


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("together", [1e-6, 5.0], ids=["one by one", "together"])
@given(program=in_stages(blocks=(0,)))
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
def test_also_where_each_needs_a_proof_guided_by_the_first(
    workers: int, together: float, program: Program
) -> None:
    """As if CP-SAT had been cut off at once in the beginning, and in the one case always."""
    with patch.multiple(engine, QUICK_EFFORT=1e-6, LATER_EFFORT=1e-6, GUIDED_EFFORT=together):
        check(program, solved(program, workers))


def check(program: Program, answer: EngineResult) -> None:
    left = list(solutions(program))
    if not left:
        assert answer.status is Status.INFEASIBLE
        return
    assert answer.status is Status.OPTIMAL
    assert answer.values is not None
    for stage, result in zip(program.stages, answer.stages, strict=True):
        least = min(stage.value(values) for values in left)
        left = [values for values in left if stage.value(values) == least]
        assert result.value == result.bound == least == stage.value(answer.values)
    assert any(values.tolist() == answer.values.tolist() for values in left)


def test_a_column_in_no_row_goes_where_the_first_stage_that_counts_it_wants_it() -> None:
    builder = ProgramBuilder()
    columns = builder.add_columns([0, 0, 1, 0], [4, 4, 3, 4])
    builder.add_stage(Stage("first", columns[:1], ints([-2]), constant=1))
    builder.add_stage(Stage("second", columns[:3], ints([1, 1, -1])))
    answer = solved(builder.build())
    assert answer.status is Status.OPTIMAL
    assert answer.values is not None
    assert answer.values.tolist() == [4, 0, 3, 0]
    assert [stage.value for stage in answer.stages] == [-7, 1]
