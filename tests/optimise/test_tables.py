"""The tables that rules are compiled from: payments and seats of every start at once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolio.domain.schedule import Schedule
from portfolio.optimise.program import Ints, Program, ProgramBuilder, ints
from portfolio.optimise.spend import spend_table
from portfolio.optimise.variables import Variables
from portfolio.rules.seats import supply
from portfolio.scenario.problem import PlanningProblem
from tests.builders import a_problem, a_project, capacity, demand, seats
from tests.optimise.strategies import problems

ALL = list(HealthCheck)


@given(
    problem=problems(),
    scale=st.sampled_from((1, 997, 10**9)),
    escalation=st.sampled_from((Decimal(0), Decimal("0.3"), Decimal("0.0471"))),
    price_year=st.integers(2018, 2024),
)
@settings(max_examples=150, suppress_health_check=ALL)
def test_every_start_pays_what_the_problem_says(
    problem: PlanningProblem, scale: int, escalation: Decimal, price_year: int
) -> None:
    """Starts before, in and after the horizon; retention money; escalation from any year, of any sum."""
    candidates = {key: replace(c, cost=c.cost * scale + (scale > 1)) for key, c in problem.candidates.items()}
    problem = replace(problem, candidates=candidates, escalation=escalation, price_year=price_year)
    keys, every = tuple(candidates), range(2017, 2026)
    first = np.arange(len(keys) + 1) * len(every)
    table = spend_table(problem, keys, first, ints([*every] * len(keys)))
    found: dict[int, dict[int, int]] = {}
    for column, year, amount in zip(table.column, table.year, table.amount, strict=True):
        assert int(year) not in found.setdefault(int(column), {})
        found[int(column)][int(year)] = int(amount)
    expected = [problem.spend_in_horizon(key, start) for key in keys for start in every]
    assert [found.get(column, {}) for column in range(len(expected))] == expected
    assert table.total(len(expected)).tolist() == [sum(paid.values()) for paid in expected]


@given(problem=problems(), data=st.data())
@settings(max_examples=60, suppress_health_check=ALL)
def test_the_start_columns_pay_what_the_problem_says(problem: PlanningProblem, data: st.DataObject) -> None:
    variables = Variables(ProgramBuilder(), problem, relaxed=data.draw(st.booleans()))
    for key, starts in variables.starts.items():
        for start, column in starts.items():
            paid = variables.spend.of(variables.spend.column == column)
            assert dict(zip(paid.year.tolist(), paid.amount.tolist(), strict=True)) == (
                problem.spend_in_horizon(key, start)
            )


def settled(program: Program, values: Ints) -> Ints:
    """The lifts set to what the rows leave them; there is one such height for each."""
    values, matrix = values.copy(), program.matrix
    row = matrix.row_of_entry()
    for lift, switch in _pairs(program):
        own = np.unique(row[np.isin(matrix.column, [lift, switch])])
        heights = set()
        for height, values[switch] in product(range(int(program.high[lift]) + 1), (0, 1)):
            values[lift] = height
            if not np.isin(own, matrix.broken(values)).any():
                heights.add(height)
        assert len(heights) == 1
        values[lift] = heights.pop()
    return values


def _pairs(program: Program) -> list[tuple[int, int]]:
    """Each lift with its switch: the two columns of a row of the family "lift"."""
    matrix = program.matrix
    named = [n for n, number in enumerate(program.family) if program.families[number] == "lift"]
    pairs = [matrix.column[matrix.first[n] : matrix.first[n + 1]].tolist() for n in named]
    return [(min(pair), max(pair)) for pair in pairs]


def check_supply(problem: PlanningProblem, choice: dict[str, int], *, public_only: bool) -> None:
    """The table's supply of every slot is the one that the rules work out."""
    builder = ProgramBuilder()
    variables = Variables(builder, problem, relaxed=True)
    table = variables.seats
    every = table.slots_of(list(table.cells))
    terms = table.supply(every, public_only=public_only)
    program = builder.build()
    values = np.zeros(len(program), np.int64)
    values[[variables.starts[key][start] for key, start in choice.items()]] = 1
    values = settled(program, values)
    found = table.existing(every, public_only=public_only).copy()
    np.add.at(found, terms.position, terms.coefficient * values[terms.column])
    expected = supply(problem, Schedule(choice), public_only=public_only)
    nothing = dict.fromkeys(problem.horizon.years, 0)
    assert found.tolist() == [
        expected.get(cell, nothing)[year] for cell in table.cells for year in problem.horizon.years
    ]


@given(problem=problems(), data=st.data(), public_only=st.booleans())
@settings(max_examples=150, suppress_health_check=ALL)
def test_supply_is_what_the_rules_work_out(
    problem: PlanningProblem, data: st.DataObject, public_only: bool
) -> None:
    choice = {}
    for key, candidate in problem.candidates.items():
        years = [*problem.horizon.years, *([candidate.fixed_start] if candidate.fixed_start else [])]
        start = data.draw(st.sampled_from([None, *years]))
        if start is not None:
            choice[key] = start
    check_supply(problem, choice, public_only=public_only)


def test_supply_never_falls_below_nothing() -> None:
    """Rebuilding closes 5 seats where 3 stand; a second school adds 4 at the same time."""
    problem = a_problem(
        [a_project("p", duration=2), a_project("q")],
        seats=[seats("p", 6, seats_offline=5), seats("q", 4), seats("p", 1)],
        capacity=[capacity(3)],
        demand=[demand(9)],
    )
    check_supply(problem, {"p": 2021}, public_only=False)
    check_supply(problem, {"p": 2021, "q": 2021}, public_only=False)
    check_supply(problem, {"p": 2022, "q": 2021}, public_only=True)
    check_supply(problem, {}, public_only=False)
