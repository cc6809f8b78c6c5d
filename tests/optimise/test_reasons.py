"""Each reason has a situation that gives it; the numbers are worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from portfolio.domain.schedule import Reason, Schedule
from portfolio.optimise.reasons import reasons
from portfolio.optimise.solve import solve
from tests.builders import a_problem, a_project, a_source, capacity, caps, demand, relation, seats


def why(*projects: Any, **more: Any) -> dict[str, Reason]:
    problem = a_problem(list(projects), **more)
    result = solve(problem)
    assert result.schedule is not None
    return reasons(problem, result.schedule)


def test_no_reason_for_what_is_in() -> None:
    assert why(a_project(), caps=[caps(10)]) == {}


def test_nobody_may_pay() -> None:
    assert why(a_project(), sources=[a_source(county="B")])["p"].code == "funding"


def test_cannot_end_in_time() -> None:
    found = why(a_project(duration=2, earliest_start=2023), caps=[caps(99, 99, 99)])
    assert found["p"].code == "window"


def test_money_is_short_by_so_much() -> None:
    """10 万元 needed in one year, 4, 7 and 5 there: 3 short in 2022."""
    reason = why(a_project(), caps=[caps(4, 7, 5)])["p"]
    assert reason.code == "cap"
    assert "至少还缺 3.00 万元" in reason.text.zh
    assert "2022" in reason.text.en


def test_money_taken_by_another() -> None:
    """p has the seats; of 15 万元 it leaves 5, so q lacks 5."""
    tables: dict[str, Any] = {"seats": [seats("p", 9)], "demand": [demand(9)], "caps": [caps(15)]}
    found = why(a_project("p"), a_project("q"), **tables)
    assert set(found) == {"q"}
    assert "5.00" in found["q"].text.en


def test_the_alternative_is_chosen() -> None:
    found = why(
        a_project("p", priority=1), a_project("q"), caps=[caps(99)], relations=[relation("exclude", "p", "q")]
    )
    assert found["q"].code == "exclude"
    assert "p小学" in found["q"].text.zh


def test_what_comes_before_it_is_out() -> None:
    found = why(
        a_project("p"),
        a_project("q", cost=99),
        caps=[caps(10, 10, 10)],
        relations=[relation("after", "p", "q")],
    )
    assert found["p"].code == "after"
    assert found["q"].code == "cap"


def test_what_comes_before_it_is_not_in_the_scenario() -> None:
    found = why(
        a_project("p"),
        a_project("q"),
        caps=[caps(99)],
        relations=[relation("after", "p", "q")],
        settings={"projects": {"exclude": ["q"]}},
    )
    assert found["p"].code == "after"


def test_too_late_to_be_of_use() -> None:
    """Money only in the last year; it would open after the horizon."""
    reason = why(a_project(), caps=[caps(0, 0, 10)])["p"]
    assert reason.code == "no_gain"
    assert "2023" in reason.text.en
    assert "2024" in reason.text.en


def test_with_cost_first_nothing_is_said_to_come_too_late() -> None:
    """It could open in 2022; it is out because the scenario puts cost before its use."""
    settings = {"objective": {"order": ["cost", "priority"]}}
    reason = why(a_project(), caps=[caps(10)], settings=settings)["p"]
    assert reason.code == "no_gain"
    assert "the cost (万元) would rise by 10" in reason.text.en


def test_given_up_for_a_tolerance() -> None:
    """10 children short in 2021 cannot be helped; as many more may be, and cost takes that."""
    settings = {"objective": {"order": ["seat_shortage", "cost"], "tolerance": {"seat_shortage": Decimal(9)}}}
    tables: dict[str, Any] = {"seats": [seats("p", 10)], "demand": [demand(10)], "caps": [caps(10)]}
    reason = why(a_project(), settings=settings, **tables)["p"]
    assert reason.code == "tolerance"
    assert "weighted seat shortage fall by 60" in reason.text.en


def test_passed_over_by_a_search_that_ended_early() -> None:
    """The empty schedule of a search that was stopped: p would help."""
    problem = a_problem([a_project()], seats=[seats("p", 10)], demand=[demand(10)], caps=[caps(10)])
    assert reasons(problem, Schedule({}))["p"].code == "unproven"


def test_it_would_take_seats_away() -> None:
    """Rebuilding closes 5 of 9 needed seats until it opens and gives them back: shortage comes first."""
    reason = why(
        a_project(),
        caps=[caps(99)],
        seats=[seats("p", 5, seats_offline=5, seats_replaced=5)],
        demand=[demand(9)],
        capacity=[capacity(9)],
    )["p"]
    assert reason.code == "no_gain"
    assert "weighted seat shortage would rise by 15" in reason.text.en


def test_delivery_stands_against_it() -> None:
    """One start a year in a horizon of one year."""
    found = why(
        a_project("p", priority=1, open_lag=0),
        a_project("q", open_lag=0),
        caps=[caps(99)],
        years=1,
        settings={"delivery": {"max_starts": 1}},
    )
    assert found["q"].code == "delivery"


def test_what_must_be_built_with_it_is_paid_for_too() -> None:
    """10 and 20 万元 together, 12 there: 18 short."""
    found = why(
        a_project("p"),
        a_project("q", cost=20),
        caps=[caps(12)],
        relations=[relation("together", "p", "q")],
    )
    assert "18.00" in found["p"].text.en
    assert "18.00" in found["q"].text.en
