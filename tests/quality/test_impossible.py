"""Necessary conditions that fail: each with the situation just inside, which must not be told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from portfolio.domain.funding import ProjectFunding
from portfolio.domain.project import Nature, Stage
from portfolio.domain.schedule import Status
from portfolio.optimise.solve import solve
from portfolio.quality import Kind, check
from portfolio.quality.payers import payers_of
from portfolio.quality.seats import most_supply
from portfolio.quality.windows import windows_of
from portfolio.rules import seats as seat_rule
from portfolio.scenario.problem import PlanningProblem
from tests.builders import a_problem, a_project, a_source, caps, demand, milestone, relation, seats
from tests.optimise.strategies import problems
from tests.quality.checks import impossible, only, report

Case = tuple[list[Any], dict[str, Any]]
A, B = "p", "q"


def duty(key: str = A, **more: Any) -> Any:
    return a_project(key, **{"mandatory": True, **more})


def share(source: str, low: str | None = None, high: str | None = None) -> ProjectFunding:
    return ProjectFunding(
        project=A,
        source=source,
        min_share=None if low is None else Decimal(low),
        max_share=None if high is None else Decimal(high),
    )


CASES: dict[str, tuple[Kind, Case, Case]] = {
    "a window too short": (
        Kind.IMPOSSIBLE_WINDOW,
        ([duty(duration=2, earliest_start=2022, latest_finish=2022)], {}),
        ([duty(duration=2, earliest_start=2022, latest_finish=2023)], {}),
    ),
    "the end of the horizon": (Kind.IMPOSSIBLE_WINDOW, ([duty(duration=4)], {}), ([duty(duration=3)], {})),
    "a fixed start before the window": (
        Kind.IMPOSSIBLE_WINDOW,
        ([a_project(fixed_start=2021, earliest_start=2022)], {}),
        ([a_project(fixed_start=2022, earliest_start=2022)], {}),
    ),
    "a firm milestone": (
        Kind.IMPOSSIBLE_WINDOW,
        ([a_project(duration=2)], {"milestones": [milestone(A, "open_by", 2022, firm=True)]}),
        ([a_project(duration=2)], {"milestones": [milestone(A, "open_by", 2023, firm=True)]}),
    ),
    "a soft milestone is no duty": (
        Kind.IMPOSSIBLE_WINDOW,
        ([a_project(duration=4)], {"milestones": [milestone(A, "open_by", 2022, firm=True)]}),
        ([a_project(duration=4)], {"milestones": [milestone(A, "open_by", 2022)]}),
    ),
    "no source may pay": (
        Kind.IMPOSSIBLE_FUNDING,
        ([duty()], {"sources": [a_source(stages=(Stage.JUNIOR,))]}),
        ([duty()], {"sources": [a_source(stages=(Stage.PRIMARY,))]}),
    ),
    "a source of another county": (
        Kind.IMPOSSIBLE_FUNDING,
        ([duty()], {"sources": [a_source(county="B")]}),
        ([duty()], {"sources": [a_source(county="*")]}),
    ),
    "a source for other natures": (
        Kind.IMPOSSIBLE_FUNDING,
        ([duty()], {"sources": [a_source(natures=(Nature.NEW,))]}),
        ([duty(nature=Nature.NEW)], {"sources": [a_source(natures=(Nature.NEW,))]}),
    ),
    "a share due from a source that may not pay": (
        Kind.IMPOSSIBLE_FUNDING,
        ([duty()], {"sources": [a_source(), a_source("t", county="B")], "project_funding": [share("s"), share("t", "0.1")]}),
        ([duty()], {"sources": [a_source(), a_source("t", county="B")], "project_funding": [share("s"), share("t")]}),
    ),
    "shares that do not come to the whole": (
        Kind.IMPOSSIBLE_FUNDING,
        ([duty()], {"project_funding": [share("s", None, "0.9")]}),
        ([duty()], {"project_funding": [share("s", None, "1")]}),
    ),
    "what nobody pays, already paid": (
        Kind.IMPOSSIBLE_FUNDING,
        ([a_project(fixed_start=2021)], {"sources": []}),
        ([a_project(fixed_start=2020)], {"sources": []}),
    ),
    "one project above all caps": (
        Kind.IMPOSSIBLE_FUNDING,
        ([duty(cost=10)], {"caps": [caps(3, 3, 3)], "sources": [a_source(carry_over_years=None)]}),
        ([duty(cost=9)], {"caps": [caps(3, 3, 3)], "sources": [a_source(carry_over_years=None)]}),
    ),
    "a source whose share is nothing": (
        Kind.IMPOSSIBLE_FUNDING,
        ([duty(cost=10)], {"sources": [a_source(), a_source("t")], "caps": [caps(*[99] * 3), caps(*[9] * 3, source="t")], "project_funding": [share("s", None, "0"), share("t")]}),
        ([duty(cost=10)], {"sources": [a_source(), a_source("t")], "caps": [caps(*[99] * 3), caps(*[10] * 3, source="t")], "project_funding": [share("s", None, "0"), share("t")]}),
    ),
    "two projects above all caps": (
        Kind.IMPOSSIBLE_MONEY,
        ([duty(cost=5), duty(B, cost=5)], {"caps": [caps(3, 3, 3)], "sources": [a_source(carry_over_years=None)]}),
        ([duty(cost=4), duty(B, cost=5)], {"caps": [caps(3, 3, 3)], "sources": [a_source(carry_over_years=None)]}),
    ),
    "one year above its caps": (
        Kind.IMPOSSIBLE_MONEY,
        ([a_project(cost=4, fixed_start=2022), a_project(B, cost=4, fixed_start=2022)], {"caps": [caps(0, 7)]}),
        ([a_project(cost=4, fixed_start=2022), a_project(B, cost=4, fixed_start=2022)], {"caps": [caps(0, 8)]}),
    ),
    "money that lapses before it is needed": (
        Kind.IMPOSSIBLE_MONEY,
        ([a_project(cost=4, fixed_start=2022), a_project(B, cost=4, fixed_start=2022)], {"caps": [caps(9, 7)]}),
        (
            [a_project(cost=4, fixed_start=2022), a_project(B, cost=4, fixed_start=2022)],
            {"caps": [caps(9, 7)], "sources": [a_source(carry_over_years=1)]},
        ),
    ),
    "shared money that two counties need": (
        Kind.IMPOSSIBLE_MONEY,
        ([duty(cost=5), duty(B, cost=5, county="B")], {"caps": [caps(3, 3, 3)], "sources": [a_source(county="*", carry_over_years=None)]}),
        ([duty(cost=5), duty(B, cost=4, county="B")], {"caps": [caps(3, 3, 3)], "sources": [a_source(county="*", carry_over_years=None)]}),
    ),
    "a circle": (
        Kind.IMPOSSIBLE_RELATION,
        ([duty(), a_project(B)], {"relations": [relation("after", A, B), relation("after", B, A)]}),
        ([duty(), a_project(B)], {"relations": [relation("after", A, B)]}),
    ),
    "a chain too long": (
        Kind.IMPOSSIBLE_RELATION,
        ([duty(duration=2), a_project(B, duration=2)], {"relations": [relation("after", A, B)]}),
        ([duty(duration=2), a_project(B, duration=1)], {"relations": [relation("after", A, B)]}),
    ),
    "what must come before starts too late": (
        Kind.IMPOSSIBLE_RELATION,
        ([a_project(fixed_start=2022), a_project(B, earliest_start=2022)], {"relations": [relation("after", A, B)]}),
        ([a_project(fixed_start=2023), a_project(B, earliest_start=2022)], {"relations": [relation("after", A, B)]}),
    ),
    "what must come before is left out": (
        Kind.IMPOSSIBLE_RELATION,
        ([duty(), a_project(B)], {"relations": [relation("after", A, B)], "settings": {"projects": {"exclude": [B]}}}),
        ([duty(), a_project(B)], {"settings": {"projects": {"exclude": [B]}}}),
    ),
    "two duties that exclude one another": (
        Kind.IMPOSSIBLE_RELATION,
        ([duty(), duty(B)], {"relations": [relation("exclude", A, B)]}),
        ([duty(), a_project(B)], {"relations": [relation("exclude", A, B)]}),
    ),
    "a choice of nothing": (
        Kind.IMPOSSIBLE_RELATION,
        ([a_project(duration=4), a_project(B, duration=4)], {"relations": [relation("choose", A, B)]}),
        ([a_project(duration=4), a_project(B, duration=3)], {"relations": [relation("choose", A, B)]}),
    ),
    "together with what cannot be built": (
        Kind.IMPOSSIBLE_WINDOW,
        ([duty(), a_project(B, duration=4)], {"relations": [relation("together", A, B)]}),
        ([a_project(), a_project(B, duration=4)], {"relations": [relation("together", A, B)]}),
    ),
    "starts in one year": (
        Kind.IMPOSSIBLE_DELIVERY,
        ([a_project(fixed_start=2022), a_project(B, fixed_start=2022)], {"settings": {"delivery": {"max_starts": 1}}}),
        ([a_project(fixed_start=2022), a_project(B, fixed_start=2023)], {"settings": {"delivery": {"max_starts": 1}}}),
    ),
    "starts that a later duty brings forward": (
        Kind.IMPOSSIBLE_DELIVERY,
        (
            [a_project(fixed_start=2023), a_project(B), a_project("r", fixed_start=2021)],
            {"relations": [relation("after", A, B, lag_years=1)], "settings": {"delivery": {"max_starts": 1}}},
        ),
        (
            [a_project(fixed_start=2023), a_project(B), a_project("r", fixed_start=2021)],
            {"relations": [relation("after", A, B)], "settings": {"delivery": {"max_starts": 1}}},
        ),
    ),
    "starts before the horizon are history": (
        Kind.IMPOSSIBLE_DELIVERY,
        ([a_project(duration=2, fixed_start=2021), a_project(B, duration=2, fixed_start=2021)], {"settings": {"delivery": {"max_starts": 1}}}),
        ([a_project(duration=2, fixed_start=2020), a_project(B, duration=2, fixed_start=2020)], {"settings": {"delivery": {"max_starts": 1}}}),
    ),
    "under construction at once": (
        Kind.IMPOSSIBLE_DELIVERY,
        ([duty(duration=2), duty(B, duration=2)], {"settings": {"delivery": {"max_under_construction": 1}}}),
        ([duty(duration=2), duty(B, duration=1)], {"settings": {"delivery": {"max_under_construction": 1}}}),
    ),
    "a firm target": (
        Kind.IMPOSSIBLE_TARGET,
        ([a_project()], {"demand": [demand(0, 50)], "seats": [seats(A, 49)], "settings": {"targets": [{"ratio": 1, "first_year": 2022}]}}),
        ([a_project()], {"demand": [demand(0, 50)], "seats": [seats(A, 50)], "settings": {"targets": [{"ratio": 1, "first_year": 2022}]}}),
    ),
    "a firm target of which only one alternative counts": (
        Kind.IMPOSSIBLE_TARGET,
        (
            [a_project(), a_project(B)],
            {"demand": [demand(0, 50)], "seats": [seats(A, 30), seats(B, 30)], "relations": [relation("exclude", A, B)],
             "settings": {"targets": [{"ratio": 1, "first_year": 2022}]}},
        ),
        (
            [a_project(), a_project(B)],
            {"demand": [demand(0, 50)], "seats": [seats(A, 30), seats(B, 30)],
             "settings": {"targets": [{"ratio": 1, "first_year": 2022}]}},
        ),
    ),
    "a firm share of public kindergartens": (
        Kind.IMPOSSIBLE_TARGET,
        (
            [a_project(stage=Stage.KINDERGARTEN)],
            {"demand": [demand(100, stage=Stage.KINDERGARTEN)], "seats": [seats(A, 60, stage=Stage.KINDERGARTEN, public=False)],
             "settings": {"targets": [{"public_share": Decimal("0.5"), "first_year": 2022}]}},
        ),
        (
            [a_project(stage=Stage.KINDERGARTEN)],
            {"demand": [demand(100, stage=Stage.KINDERGARTEN)], "seats": [seats(A, 50, stage=Stage.KINDERGARTEN)],
             "settings": {"targets": [{"public_share": Decimal("0.5"), "first_year": 2022}]}},
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "bad", "good"), CASES.values(), ids=CASES)
def test_what_cannot_be_is_told_and_what_just_can_is_not(kind: Kind, bad: Case, good: Case) -> None:
    """The solver agrees with both."""
    assert kind in impossible(bad[0], **bad[1])
    assert solve(problem_of(bad)).status is Status.INFEASIBLE

    assert impossible(good[0], **good[1]) == set()
    assert solve(problem_of(good)).status is Status.OPTIMAL


def problem_of(case: Case) -> PlanningProblem:
    return a_problem(case[0], **{"caps": [caps(*[1000] * 3)], **case[1]})


def test_a_finding_names_the_money_that_is_missing() -> None:
    found = only(
        Kind.IMPOSSIBLE_MONEY,
        [duty(cost=5), duty(B, cost=6)],
        sources=[a_source(carry_over_years=None)],
        caps=[caps(3, 3, 3)],
    )
    assert (found.found, found.limit, found.county) == ("11.00", "9.00", "A")
    assert "2.00 missing" in found.text.en
    assert found.advice.zh


def test_an_optional_project_that_cannot_be_built_is_a_warning() -> None:
    found = only(Kind.NEVER_BUILT, [a_project(duration=4)])
    assert found.project == A
    assert not report([a_project(duration=4)]).impossible
    assert Kind.NEVER_BUILT not in {f.kind for f in report([a_project(duration=3)]).findings}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems(relations_between=(0, 3)))
def test_the_solver_confirms_every_claim(problem: PlanningProblem) -> None:
    """What is called impossible has no schedule; where there is one, it keeps every bound told."""
    claimed, result = check(problem), solve(problem)

    if claimed.impossible:
        assert result.status is Status.INFEASIBLE
    if result.schedule is None:
        return
    windows = windows_of(problem, payers_of(problem))
    assert set(windows.forced) <= set(result.schedule.starts)
    for key, start in result.schedule.starts.items():
        first, last = windows.starts[key]
        assert first <= start <= last
    for public_only in (False, True):
        most = most_supply(problem, windows, public_only=public_only)
        for cell, by_year in seat_rule.supply(problem, result.schedule, public_only=public_only).items():
            assert all(seats <= most[cell][year] for year, seats in by_year.items())
