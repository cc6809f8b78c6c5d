"""One cap raised and solved again: where whole schools answer otherwise than the relaxation.

The school is that of tests/optimise/explain/test_marginal.py: 1,000 万元, 400 missing seats of weight 3,
a start in 2021 avoids 2,400 weighted seat-years and 800 plain ones.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from portfolio import service, worth
from portfolio.domain.marginal import UNIT, MoneyCheck, MoneyReport, Shift
from portfolio.domain.money import from_wan
from portfolio.domain.schedule import Draw, Result, Schedule, Status
from portfolio.optimise.explain import marginal
from portfolio.optimise.explain import money as trials
from portfolio.optimise.solve import solve
from portfolio.rules import objectives
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import PlanningProblem
from tests.builders import a_problem, a_project, a_source, caps, demand, seats
from tests.optimise.strategies import contested

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def a_plan(problem: PlanningProblem) -> Plan:
    return Plan(problem=problem, result=solve(problem), evaluation=None, created_at=NOW)


def a_school(amount: float, **more: Any) -> PlanningProblem:
    tables: dict[str, Any] = {"seats": [seats("p", 1000)], "demand": [demand(400)], **more}
    return a_problem([a_project(cost=1000)], caps=[caps(amount)], **tables)


def checked(problem: PlanningProblem, raise_wan: int = 100, year: int = 2021) -> MoneyCheck:
    report = worth.assess(a_plan(problem), [("s", year)], from_wan(raise_wan))
    assert report.stopped == ""
    return report.checks[0]


def figures(check: MoneyCheck) -> tuple[float | None, ...]:
    """At the marginal value, by the relaxation, solved again, and that with every seat counting 1."""
    told = check.price, check.relaxed, check.weighted, check.seats
    return tuple(None if value is None else float(value) for value in told)


def test_too_little_for_a_whole_school_buys_nothing() -> None:
    """500 are missing: the relaxation builds a tenth more, in truth nothing is, until all 500 are there."""
    check = checked(a_school(500))
    assert figures(check) == (240, 240, 0, 0)
    assert check.proven
    assert check.shifts == ()
    assert check.useful is not None
    assert (check.useful.amount, check.useful.proven) == (from_wan(500), True)
    assert check.useful.weighted == 2400
    assert check.useful.seats == 800
    assert check.useful.shifts == (Shift("p", None, 2021),)
    assert check.text is not None
    assert "100 万元 more avoids nothing, while the estimate says 240 weighted seat-years" in check.text.en
    assert "at least 500 万元 more is needed" in check.text.en
    assert "至少增加 500 万元才能少缺学位：可少缺 2,400 加权座·年，不加权为 800 座·年" in check.text.zh


def test_the_rest_that_a_school_lacks_buys_all_of_it() -> None:
    """50 are missing of 1,000: 100 more are worth 120 to the relaxation, 20 times as much in truth."""
    check = checked(a_school(950))
    assert figures(check) == (240, 120, 2400, 800)
    assert check.shifts == (Shift("p", None, 2021),)
    assert check.useful is None
    assert check.text is not None
    assert "solving again avoids 2,400 weighted seat-years, more than the 120" in check.text.en
    assert "at the marginal value it would be 240" in check.text.en
    assert "增建：p小学（2021 年开工）" in check.text.zh


def test_where_both_agree_it_is_said() -> None:
    """Nothing is there: 1,000 build the school, to the relaxation as in truth."""
    check = checked(a_school(0), 1000)
    assert figures(check)[1:3] == (2400, 2400)
    assert check.text is not None
    assert "as the estimate says" in check.text.en


def test_less_than_the_relaxation_says() -> None:
    """1,500 build one of two schools and, to the relaxation, half of the other."""
    problem = a_problem(
        [a_project("p", cost=1000), a_project("q", cost=1000, county="B")],
        sources=[a_source(county="*")],
        caps=[caps(0)],
        seats=[seats("p", 1000), seats("q", 1000)],
        demand=[demand(400), demand(400, county="B")],
    )
    check = checked(problem, 1500)
    assert figures(check)[1:3] == (3600, 2400)
    assert check.text is not None
    assert "less than the 3,600" in check.text.en


def test_money_that_rules_make_useless() -> None:
    check = checked(a_school(500, settings={"delivery": {"max_starts": 0}}))
    assert figures(check) == (0, 0, 0, 0)
    assert check.useful is not None
    assert check.useful.amount == 0
    assert check.text is not None
    assert "no amount of it alone avoids a missing seat" in check.text.en


def test_money_that_nothing_is_limited_by() -> None:
    """p is paid for and nothing else is there to build: the cap stands in no row."""
    check = checked(a_school(1000))
    assert figures(check) == (0, 0, 0, 0)
    assert check.shifts == ()


def test_only_what_the_money_does_is_changed() -> None:
    """q comes in; p, which adds no seats and is paid from the same money, stays in 2022, where the plan has it."""
    problem = a_problem(
        [a_project("p", cost=10), a_project("q", cost=30)],
        caps=[caps(25, 10, 10)],
        seats=[seats("q", 9)],
        demand=[demand(9)],
    )
    schedule = Schedule({"p": 2022}, (Draw("p", 2022, "s", from_wan(10)),))
    plan = replace(a_plan(problem), result=Result(Status.FEASIBLE, schedule))
    check = worth.assess(plan, [("s", 2021)], from_wan(5)).checks[0]
    assert check.weighted == 54
    trial = trials.Trials(problem, schedule).raised(("s", 2021), from_wan(5), 10)
    assert trial.before == schedule
    assert trial.after is not None
    assert trial.after.starts == {"p": 2022, "q": 2021}
    assert check.shifts == (Shift("q", None, 2021),)


def test_a_plan_that_is_not_the_best_is_not_blamed_on_the_money() -> None:
    """The objective that comes first leaves the school out: what more money does is told from the best seats."""
    settings = {"objective": {"order": ["cost", "seat_shortage"]}}
    check = checked(a_school(1000, settings=settings))
    assert check.weighted == 0


def test_a_plan_keeps_every_value_that_was_worked_out_also_0_of_a_cap_without_money() -> None:
    """Nothing in 2022, when more would be worth 120; nothing in 2023, when it would not."""
    plan = service._solved(a_school(500), None, {}, {})
    assert plan.marginal == {("s", 2021): 240, ("s", 2022): 120, ("s", 2023): 0}


def test_ctrl_c_while_values_are_worked_out_keeps_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(problem: PlanningProblem) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(marginal, "marginal_values", interrupted)
    plan = service._solved(a_school(1000), None, {}, {})
    assert plan.result.schedule is not None
    assert plan.marginal == {}


def test_without_names_the_highest_values_come_first_and_equal_ones_of_a_county_last() -> None:
    problem = a_problem(
        [a_project("p", cost=1000), a_project("q", cost=1000, county="B")],
        sources=[a_source("s"), a_source("t"), a_source("b", county="B")],
        caps=[caps(400), caps(100, source="t"), caps(500, source="b")],
        seats=[seats("p", 1000), seats("q", 1000)],
        demand=[demand(400), demand(800, county="B")],
    )
    report = worth.assess(a_plan(problem))
    # Worth 240, 120 (s, t) and 480, 240 (b); nothing in the last year.
    assert [c.place for c in report.checks] == [
        ("b", 2021), ("s", 2021), ("b", 2022), ("s", 2022), ("t", 2021), ("t", 2022),
    ]  # fmt: skip


def test_as_many_as_the_time_allows() -> None:
    report = worth.assess(a_plan(a_school(500)), seconds=0)
    assert report.checks == ()
    assert report.stopped == "time_limit"
    assert report.marginals.values["s", 2021] == 240
    assert any("--source" in note.en for note in report.notes)


def test_ctrl_c_keeps_the_values(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(engine: Any, stop: Any) -> Any:
        stop.set()
        return engine.run()

    monkeypatch.setattr(trials, "run_interruptibly", interrupted)
    report = worth.assess(a_plan(a_school(500)))
    assert report.stopped == "interrupted"
    assert report.checks == ()
    assert report.marginals.values["s", 2021] == 240


def test_no_schedule_in_time_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = a_plan(a_school(500))
    monkeypatch.setattr(worth, "ASKED_S", 1e-9)
    monkeypatch.setattr(worth, "SHORTEST_S", 0.0)
    check = worth.assess(plan, [("s", 2021)]).checks[0]
    assert check.weighted is None
    assert not check.proven
    assert check.text is not None
    assert "no schedule with 100 万元 more" in check.text.en


def test_notes_say_what_the_figures_mean() -> None:
    order = ["cost", "seat_shortage"]
    report = worth.assess(a_plan(a_school(500, settings={"objective": {"order": order}})), seconds=0)
    assert "weighted seat-years avoided per extra 100 万元" in report.notes[0].en
    assert "without regard to the objectives before it: Spend in the horizon" in report.notes[1].en
    without: MoneyReport = worth.assess(a_plan(a_school(500, settings={"objective": {"order": ["cost"]}})))
    assert not without.marginals.values
    assert "no value in seats" in without.notes[0].en


@given(problem=contested())
@settings(max_examples=12, deadline=None)
def test_a_re_solve_is_the_solve_of_the_richer_problem(problem: PlanningProblem) -> None:
    """The first objective alone, solved from the start with the cap raised, gives the same figure; and one
    hundredth less than the least useful raise gives nothing."""
    plan = a_plan(problem)
    if plan.result.schedule is None:
        return
    place = next(iter(problem.sources)), problem.horizon.first_year
    check = worth.assess(plan, [place], 3).checks[0]
    assert check == worth.assess(plan, [place], 3).checks[0]
    assert check.proven
    before, after = best(problem), best(worth.raised(problem, place, 3))
    assert check.weighted == before - after
    if check.useful is not None and check.useful.amount:
        assert check.useful.weighted is not None
        assert check.useful.weighted > 0
        assert best(worth.raised(problem, place, check.useful.amount - 1)) == before
    elif check.useful is not None:
        assert best(worth.raised(problem, place, 1000 * UNIT)) == before


def best(problem: PlanningProblem) -> Decimal:
    alone = replace(problem, order=("seat_shortage",))
    found = solve(alone)
    assert found.schedule is not None
    return objectives.seat_shortage(alone, found.schedule)
