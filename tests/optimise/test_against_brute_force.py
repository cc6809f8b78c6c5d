"""The solver against trying everything, all rules and objectives together."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolio import rules
from portfolio.domain.schedule import Result, Status
from portfolio.optimise.solve import solve
from portfolio.rules import objectives
from portfolio.scenario.problem import PlanningProblem
from tests.optimise.brute_force import best, tolerated
from tests.optimise.strategies import ANY_FUNDING, problems

SETTINGS = settings(max_examples=320, deadline=None, suppress_health_check=list(HealthCheck))
"""For each of the seven kinds of portfolios below: more than 2,000 portfolios in all."""

KINDS = {
    "few projects": problems(projects_between=(1, 2)),
    "three projects": problems(projects_between=(3, 3), most_money=7),
    "two sources, shares of them": problems(
        projects_between=(1, 2), funding_kinds=("ranges", "ranges", "exact", "listed"), most_money=7
    ),
    "many relations": problems(projects_between=(2, 3), relations_between=(2, 4), most_money=9),
    "plenty of money": problems(funding_kinds=("none",), most_money=12),
}


def check(problem: PlanningProblem, result: Result) -> None:
    """The schedule keeps all rules and has the values that are reported for it."""
    assert result.schedule is not None
    assert rules.check(problem, result.schedule) == ()
    for objective in result.objectives:
        assert objectives.VALUES[objective.name](problem, result.schedule) == objective.value


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@SETTINGS
def test_status_and_every_objective_equal_brute_force(kind: str, data: st.DataObject) -> None:
    problem = data.draw(KINDS[kind])
    expected = best(problem)
    result = solve(problem)
    if expected is None:
        assert result.status is Status.INFEASIBLE
        assert result.conflict
        return
    assert result.status is Status.OPTIMAL
    assert tuple(o.value for o in result.objectives) == expected
    assert all(o.proven and o.bound == o.value for o in result.objectives)
    check(problem, result)


@given(
    problem=problems(most_money=7),
    shifts=st.dictionaries(st.sampled_from(["p0", "p1", "p2"]), st.integers(2021, 2023)),
)
@SETTINGS
def test_disruption_against_an_approved_plan(problem: PlanningProblem, shifts: dict[str, int]) -> None:
    problem = replace(problem, approved={k: s for k, s in shifts.items() if k in problem.candidates})
    expected = best(problem)
    result = solve(problem)
    assert (expected is None) == (result.status is Status.INFEASIBLE)
    assert expected is None or tuple(o.value for o in result.objectives) == expected


@given(problem=problems(tolerant=True, funding_kinds=("none", *ANY_FUNDING), most_money=9))
@SETTINGS
def test_each_objective_is_the_best_that_tolerances_before_it_allow(problem: PlanningProblem) -> None:
    """Its bound is that best value; what it gives up for later ones stays within its own tolerance."""
    expected = best(problem)
    result = solve(problem)
    if expected is None:
        assert result.status is Status.INFEASIBLE
        return
    assert result.status is Status.OPTIMAL
    assert tuple(o.bound for o in result.objectives) == expected
    for objective, value in zip(result.objectives, expected, strict=True):
        assert abs(objective.value - value) <= tolerated(problem, objective.name, value)
    assert result.objectives[-1].value == expected[-1]
    check(problem, result)
