"""Stage by stage over any program, against trying everything."""

from __future__ import annotations

from hypothesis import given, settings

from portfolio.domain.schedule import Status
from portfolio.optimise.engine import Engine, EngineResult, Limits
from portfolio.optimise.program import Program, ProgramBuilder, Stage, ints
from tests.optimise.programs import TWO_BLOCKS, programs, solutions


def solved(program: Program) -> EngineResult:
    return Engine(program, Limits(time_limit_s=20)).run()


@given(program=programs(TWO_BLOCKS))
@settings(max_examples=100)
def test_each_stage_is_the_best_given_those_before_it(program: Program) -> None:
    """Parts that share no row, columns in no row, and rows over everything."""
    left = list(solutions(program))
    answer = solved(program)
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
