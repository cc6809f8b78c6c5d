"""Several objectives in one: the same order of solutions, and what a value or a bound says of the first."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from portfolio.optimise import joint
from portfolio.optimise.cpsat import Objective
from portfolio.optimise.joint import Guide, beside, join
from portfolio.optimise.program import Ints, Program, ProgramBuilder, ints
from portfolio.optimise.subprogram import without_rows
from tests.optimise.programs import programs, solutions

SETTINGS = settings(max_examples=150, suppress_health_check=list(HealthCheck))


@st.composite
def objectives(draw: st.DrawFn, program: Program) -> list[Objective]:
    found = []
    for _ in range(draw(st.integers(1, 4))):
        unit = draw(st.sampled_from((1, 1, 7)))
        costs = unit * ints([draw(st.integers(-9, 9)) for _ in range(len(program))])
        columns = costs.nonzero()[0]
        found.append(Objective(columns, costs[columns]))
    return found


def any_solution(program: Program) -> list[Ints]:
    found = list(solutions(program))
    assume(len(found) > 0)
    return found


@given(program=programs(solvable=True), data=st.data(), largest=st.sampled_from((1, 3000, 2**50)))
@SETTINGS
def test_the_joint_objective_orders_solutions_as_the_objectives_in_turn(
    program: Program, data: st.DataObject, largest: int
) -> None:
    found, wanted = any_solution(program), data.draw(objectives(program))
    with patch.object(joint, "LARGEST", largest):
        both = join(program, wanted)
    assert 1 <= both.count <= len(wanted)
    in_turn = [tuple(o.value(values) for o in wanted[: both.count]) for values in found]
    together = [both.objective.value(values) for values in found]
    for one, value in zip(in_turn, together, strict=True):
        assert both.first(value) == one[0]
        for other, other_value in zip(in_turn, together, strict=True):
            assert (one < other) == (value < other_value)


@given(program=programs(solvable=True), data=st.data(), below=st.integers(0, 500))
@SETTINGS
def test_a_bound_on_the_joint_objective_is_one_on_the_first(
    program: Program, data: st.DataObject, below: int
) -> None:
    found, wanted = any_solution(program), data.draw(objectives(program))
    both = join(program, wanted)
    bound = min(both.objective.value(values) for values in found) - below
    assert both.first(bound) <= min(wanted[0].value(values) for values in found)


@given(program=programs(solvable=True), data=st.data(), largest=st.sampled_from((1, 2**50)))
@SETTINGS
def test_a_guide_changes_neither_the_order_nor_the_values(
    program: Program, data: st.DataObject, largest: int
) -> None:
    found, (first, *later) = any_solution(program), data.draw(objectives(program))
    assume(later)
    least = min(first.value(values) for values in found)
    left = [values for values in found if first.value(values) == least]
    with patch.object(joint, "LARGEST", largest):
        plain = join(program, later)
        guided = join(program, later, Guide(first, least))
    assert guided.count == plain.count
    alone, spare = beside(program, later[0], Guide(first, least))
    for values in left:
        assert guided.first(guided.objective.value(values)) == later[0].value(values)
        assert alone.value(values) - spare == later[0].value(values)
        for other in left:
            same = plain.objective.value(values) < plain.objective.value(other)
            assert (guided.objective.value(values) < guided.objective.value(other)) == same


@given(program=programs(solvable=True), data=st.data())
@SETTINGS
def test_an_objective_lies_between_its_ends_and_reaches_them_where_no_row_forbids_it(
    program: Program, data: st.DataObject
) -> None:
    found, (objective, *_) = any_solution(program), data.draw(objectives(program))
    least, most = objective.ends(program)
    assert all(least <= objective.value(values) <= most for values in found)
    once = [row for row, family in enumerate(program.family) if program.families[family] != "once"]
    left_out = ints([row in once for row in range(len(program.matrix))]) != 0
    free = [objective.value(values) for values in solutions(without_rows(program, left_out))]
    assert (min(free), max(free)) == (least, most)


def test_as_many_objectives_as_a_whole_number_can_hold() -> None:
    """Costs up to 2^40 hundredths fit beside a count of years, not beside another such cost; in a larger
    unit they do."""
    builder = ProgramBuilder()
    columns = builder.add_columns(0, [1, 1])
    program = builder.build()
    years, cost = Objective(columns, ints([1, 2])), Objective(columns, ints([2**40 - 1, 2]))
    assert join(program, [years, cost, cost]).count == 2
    assert join(program, [cost, cost]).count == 1
    assert join(program, [cost, Objective(columns, ints([2**40, 2**39]))]).count == 2


def test_a_guide_that_is_too_large_itself_is_left_out() -> None:
    """The solver refuses sums beyond 2^63."""
    builder = ProgramBuilder()
    columns = builder.add_columns(0, [1, 1])
    cost = Objective(columns, ints([2**40, 3]))
    found = join(builder.build(), [cost], Guide(Objective(columns, ints([2**60, 1])), 0))
    assert found.objective.coefficients.tolist() == [2**40, 3]
