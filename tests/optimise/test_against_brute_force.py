"""The solver against trying everything, all rules and objectives together."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolio import rules
from portfolio.domain.schedule import Status
from portfolio.optimise.solve import solve
from portfolio.rules import objectives
from portfolio.scenario.problem import PlanningProblem
from tests.optimise.brute_force import best
from tests.optimise.strategies import problems

EXAMPLES = 600


@given(problem=problems())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_status_and_every_objective_equal_brute_force(problem: PlanningProblem) -> None:
    expected = best(problem)
    result = solve(problem)
    if expected is None:
        assert result.status is Status.INFEASIBLE
        assert result.conflict
        return
    assert result.status is Status.OPTIMAL
    assert tuple(o.value for o in result.objectives) == expected
    assert all(o.proven and o.bound == o.value for o in result.objectives)
    assert result.schedule is not None
    assert rules.check(problem, result.schedule) == ()
    for objective in result.objectives:
        assert objectives.VALUES[objective.name](problem, result.schedule) == objective.value


@given(
    problem=problems(), shifts=st.dictionaries(st.sampled_from(["p0", "p1", "p2"]), st.integers(2021, 2023))
)
@settings(max_examples=EXAMPLES // 6, deadline=None, suppress_health_check=list(HealthCheck))
def test_disruption_against_an_approved_plan(problem: PlanningProblem, shifts: dict[str, int]) -> None:
    problem = replace(problem, approved={k: s for k, s in shifts.items() if k in problem.candidates})
    expected = best(problem)
    result = solve(problem)
    assert (expected is None) == (result.status is Status.INFEASIBLE)
    assert expected is None or tuple(o.value for o in result.objectives) == expected
