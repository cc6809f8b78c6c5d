"""Equal input, seed and workers: an equal result, as long as no time limit cuts it short."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolio.optimise import engine
from portfolio.optimise.engine import Engine, EngineResult, Limits
from portfolio.optimise.model import compile_problem
from portfolio.optimise.solve import solve
from portfolio.scenario.problem import PlanningProblem
from tests.builders import a_problem, a_project, a_source, caps, demand, relation, seats
from tests.optimise.strategies import contested, problems

ALL = list(HealthCheck)


@given(problem=problems(most_money=9), seed=st.integers(0, 99), workers=st.integers(1, 9))
@settings(max_examples=40, suppress_health_check=ALL)
def test_solved_twice_the_schedule_is_the_same(problem: PlanningProblem, seed: int, workers: int) -> None:
    problem = replace(problem, solver=replace(problem.solver, seed=seed, workers=workers))
    assert solve(problem) == solve(problem)


def two_counties() -> PlanningProblem:
    """Many schedules are equally good: equal schools, in two counties with money of their own."""
    keys = [f"{county}{i}" for county in "AB" for i in range(12)]
    return a_problem(
        [a_project(key, county=key[0], cost=int(key[1:]) % 4 + 3, duration=2) for key in keys],
        sources=[a_source("s"), a_source("t", county="B", carry_over_years=1)],
        caps=[caps(9, 9, 9, 9, source="s"), caps(9, 9, 9, 9, source="t")],
        years=5,
        seats=[seats(key, 10) for key in keys],
        demand=[demand(60), demand(80, county="B")],
        relations=[relation("exclude", "A1", "A2")],
    )


def solved(problem: PlanningProblem, workers: int, seed: int = 3) -> EngineResult:
    program, _ = compile_problem(problem)
    return Engine(program, Limits(time_limit_s=60, seed=seed, workers=workers)).run()


@pytest.mark.parametrize("workers", [1, 2, 16])
def test_every_column_has_the_same_value_again(workers: int) -> None:
    """16 workers make teams of 8, which take turns in a fixed order."""
    one, two = (solved(two_counties(), workers) for _ in range(2))
    assert one.values is not None
    assert two.values is not None
    assert one.stopped == two.stopped == ""
    assert one.values.tolist() == two.values.tolist()
    assert one.stages == two.stages


@given(problem=contested())
@settings(max_examples=8, suppress_health_check=ALL)
def test_large_parts_too_when_time_cuts_nothing(problem: PlanningProblem) -> None:
    problem = replace(problem, solver=replace(problem.solver, time_limit_s=1.0))
    with patch.object(engine, "SMALL", 0):
        one, two = solve(problem), solve(problem)
    if one.stopped == two.stopped == "":
        assert one == two
