"""Each reason has a situation that gives it and one that must not; the numbers are worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from portfolio.domain.explanation import Move, Raise
from portfolio.domain.schedule import Reason, Result, Schedule, Status
from portfolio.optimise.explain.reasons import reasons
from portfolio.optimise.solve import solve
from portfolio.scenario.problem import PlanningProblem
from tests.builders import a_problem, a_project, a_source, capacity, caps, demand, milestone, relation, seats

SEATS_ONLY = {"objective": {"order": ["seat_shortage", "cost"]}}


def told(problem: PlanningProblem) -> dict[str, Reason]:
    result = solve(problem)
    assert result.status is Status.OPTIMAL
    return reasons(problem, result)


def why(*projects: Any, **more: Any) -> dict[str, Reason]:
    return told(a_problem(list(projects), **more))


def code(key: str, *projects: Any, **more: Any) -> str | None:
    """The code of a project's reason; None for one that is in and on time."""
    reason = why(*projects, **more).get(key)
    return reason.code if reason else None


def with_schedule(problem: PlanningProblem, starts: dict[str, int]) -> dict[str, Reason]:
    """The reasons about a plan that a search gave before it was proven."""
    return reasons(problem, Result(Status.FEASIBLE, Schedule(starts)))


def test_no_reason_for_what_is_in_and_on_time() -> None:
    assert why(a_project(), caps=[caps(10)]) == {}


# --- what needs no solve --------------------------------------------------------------------------


def test_funding_where_nobody_may_pay() -> None:
    assert code("p", a_project(), sources=[a_source(county="B")]) == "funding"
    assert code("p", a_project(), sources=[a_source()], caps=[caps(1)]) == "cap"


def test_window_where_it_cannot_end_in_time() -> None:
    """2 years from 2023 end in 2024, after the horizon; from 2022 they fit, and open too late to be of use."""
    late = a_project(duration=2, earliest_start=2023)
    assert code("p", late, caps=[caps(99, 99, 99)]) == "window"
    assert code("p", a_project(duration=2, earliest_start=2022), caps=[caps(99, 99, 99)]) == "no_gain"


@pytest.mark.parametrize("kind", ["exclude", "choose"])
def test_the_alternative_is_chosen(kind: str) -> None:
    """p has the higher priority, so q is out; with money for one only and no relation, that is the money's doing."""
    schools = a_project("p", priority=1), a_project("q")
    found = why(*schools, caps=[caps(99)], relations=[relation(kind, "p", "q")])["q"]
    assert (found.code, found.outranked_by, found.admission) == (kind, ("p",), None)
    assert "p小学" in found.text.zh
    assert code("q", *schools, caps=[caps(10)]) == "cap"


def test_after_what_is_out_and_after_what_is_not_in_the_scenario() -> None:
    """q cannot be afforded. Where it can, but p cannot, it is p's own money that is missing."""
    schools = a_project("p"), a_project("q", cost=99)
    relations = [relation("after", "p", "q")]
    found = why(*schools, caps=[caps(10, 10, 10)], relations=relations)
    assert (found["p"].code, found["q"].code) == ("after", "cap")
    left_out = {"projects": {"exclude": ["q"]}}
    assert code("p", *schools, caps=[caps(99)], relations=relations, settings=left_out) == "after"
    dear = a_project("p", cost=99), a_project("q", cost=1)
    tables: dict[str, Any] = {
        "seats": [seats("p", 9)],
        "demand": [demand(9)],
        "settings": SEATS_ONLY,
        "years": 4,
    }
    found = why(*dear, caps=[caps(10, 10)], relations=relations, **tables)
    assert (found["p"].code, found["p"].admission and found["p"].admission.others) == ("cap", {"q": 2021})


def test_after_what_is_late_makes_it_late() -> None:
    """q could be paid in 2021, were it not for the 10 that 2022 has; p waits for it, until 2023. Where q starts
    in 2021, p starts in 2022, which is as early as it can."""
    schools = a_project("p", cost=1), a_project("q", cost=10)
    tables: dict[str, Any] = {"years": 5, "relations": [relation("after", "p", "q")]}
    found = why(*schools, caps=[caps(1, 10, 1, 0)], **tables)
    assert {key: reason.code for key, reason in found.items()} == {"p": "after", "q": "cap"}
    assert "2022 年完工" in found["p"].text.zh
    assert why(*schools, caps=[caps(10, 10, 1, 0)], **tables) == {}
    found = why(*schools, caps=[caps(10, 0, 1, 0)], **tables)
    assert {key: reason.code for key, reason in found.items()} == {"p": "cap"}, (
        "q is in time, and p lacks money"
    )


def test_together_where_only_the_partner_is_too_dear() -> None:
    """12 for p's 10 and q's 20: p alone fits, so its partner is what stands in its way; 18 would pay both."""
    found = why(
        a_project("p"), a_project("q", cost=20), caps=[caps(12)], relations=[relation("together", "p", "q")]
    )
    assert (found["p"].code, found["q"].code) == ("together", "cap")
    for key in "pq":
        admission = found[key].admission
        assert admission is not None
        assert admission.total == 18_00
    alone = why(a_project("p", cost=13), a_project("q", cost=20), caps=[caps(12)],
                relations=[relation("together", "p", "q")])  # fmt: skip
    assert alone["p"].code == "cap", "p is too dear by itself"


def test_together_with_what_can_never_be_built() -> None:
    never = a_project("q", earliest_start=2023, duration=2)
    tables: dict[str, Any] = {"caps": [caps(99, 99, 99)]}
    assert (
        code("p", a_project("p"), never, relations=[relation("together", "p", "q")], **tables) == "together"
    )
    assert code("p", a_project("p"), never, **tables) is None


# --- money ----------------------------------------------------------------------------------------


def test_cap_names_source_year_and_the_least_amount() -> None:
    """10 needed in one year, 4, 7 and 5 there: 3 short in 2022; in 2021 it would be 6."""
    found = why(a_project(), caps=[caps(4, 7, 5)])["p"]
    assert found.code == "cap"
    assert found.admission is not None
    assert (found.admission.start, found.admission.raises) == (2022, (Raise("s", 2022, 3_00),))
    assert "把 2022 年s上限提高 3 万元" in found.text.zh
    assert "raising the 2022 cap on s by 3 万元" in found.text.en.lower()


def test_cap_names_who_was_given_the_money() -> None:
    """p has the seats: of 15 it leaves 5, so q lacks 5, and forced in it would push p out: 9 seats in 2 years."""
    tables: dict[str, Any] = {"seats": [seats("p", 9)], "demand": [demand(9)], "caps": [caps(15)]}
    found = why(a_project("p"), a_project("q"), **tables)
    assert set(found) == {"q"}
    reason = found["q"]
    assert (reason.code, reason.outranked_by) == ("cap", ("p",))
    assert reason.admission is not None
    assert reason.admission.raises == (Raise("s", 2021, 5_00),)
    forced = reason.counterfactual
    assert forced is not None
    assert (forced.start, forced.moves, forced.proven) == (2021, (Move("p", 2021, None),), True)
    assert (forced.seat_years, forced.spend) == (18, 0)
    assert next((c.name, c.change) for c in forced.objectives if c.change) == ("seat_shortage", Decimal(54))
    assert "落选" in reason.text.zh
    assert "drop p小学" in reason.text.en


def test_what_is_late_lacks_the_money_of_the_year_before() -> None:
    """Both cost 10 and there are 10 a year; p goes first for its priority, so q waits a year."""
    found = why(a_project("p", priority=1), a_project("q"), caps=[caps(10, 10, 10)])
    assert set(found) == {"q"}
    reason = found["q"]
    assert (reason.code, reason.outranked_by) == ("cap", ("p",))
    assert reason.admission is not None
    assert reason.admission.raises == (Raise("s", 2021, 10_00),)
    assert reason.text.zh.startswith("本可 2021 年开工")
    assert why(a_project("p", priority=1), a_project("q"), caps=[caps(20, 10, 10)]) == {}


def test_a_year_without_money_is_a_reason_too() -> None:
    reason = why(a_project(), caps=[caps(0, 10, 10)])["p"]
    assert (reason.code, reason.admission and reason.admission.total) == ("cap", 10_00)


def test_no_plan_has_what_costs_more_than_there_is() -> None:
    reason = why(a_project(cost=99), caps=[caps(10)])["p"]
    assert (reason.code, reason.counterfactual) == ("cap", None)
    assert "no plan has it" in reason.text.en


def test_the_least_money_is_asked_for_in_years_in_which_the_project_pays() -> None:
    """With money carried on, 5 more in any year up to 2022 would do; p pays in 2021."""
    found = why(a_project(duration=1), caps=[caps(5, 0, 0)], sources=[a_source(carry_over_years=None)])["p"]
    assert found.admission is not None
    assert found.admission.raises == (Raise("s", 2021, 5_00),)


# --- nothing to gain, and other rules ---------------------------------------------------------------


def test_no_gain_where_seats_are_enough() -> None:
    """9 children and 9 seats: with the cost the second objective, q is not needed, rich or poor; 10 children need it."""
    tables: dict[str, Any] = {"seats": [seats("q", 9)], "capacity": [capacity(9)], "settings": SEATS_ONLY}
    for money in (99, 1):
        found = why(a_project("q"), caps=[caps(money)], demand=[demand(9)], **tables)["q"]
        assert (found.code, found.admission) == ("no_gain", None)
        assert "seats enough" in found.text.en
    assert code("q", a_project("q"), caps=[caps(99)], demand=[demand(10)], **tables) is None
    assert code("q", a_project("q"), caps=[caps(1)], demand=[demand(10)], **tables) == "cap"


def test_no_gain_where_it_opens_after_the_horizon() -> None:
    """From 2022 on 2 years open in 2024; money in the last year only is another matter: more in 2021 would do."""
    reason = why(a_project(earliest_start=2022, duration=2), caps=[caps(99, 99, 99)])["p"]
    assert reason.code == "no_gain"
    assert "2024" in reason.text.en
    assert code("p", a_project(), caps=[caps(0, 0, 10)]) == "cap"


def test_no_gain_with_cost_first() -> None:
    reason = why(a_project(), caps=[caps(10)], settings={"objective": {"order": ["cost", "priority"]}})["p"]
    assert reason.code == "no_gain"
    assert "spending in the horizon would rise by 10 万元" in reason.text.en


def test_no_gain_where_it_would_take_seats_away() -> None:
    """Rebuilding closes 5 of 9 needed seats until it opens and gives them back: shortage comes first."""
    tables: dict[str, Any] = {
        "seats": [seats("p", 5, seats_offline=5, seats_replaced=5)],
        "demand": [demand(9)],
        "capacity": [capacity(9)],
    }
    reason = why(a_project(), caps=[caps(99)], **tables)["p"]
    assert reason.code == "no_gain"
    assert "weighted seat shortage would rise by 15 seat-years" in reason.text.en


def test_no_gain_in_being_earlier_than_needed() -> None:
    """Children come in 2023 only; opening in 2022 costs more at lower prices later, and helps nobody."""
    tables: dict[str, Any] = {
        "seats": [seats("p", 9)], "demand": [demand(0, 0, 9)], "settings": SEATS_ONLY, "caps": [caps(9, 10, 10)],
    }  # fmt: skip
    assert code("p", a_project(), **tables) == "no_gain"


def test_delivery() -> None:
    """One start a year in a horizon of one year; with two a year both are in."""
    schools = a_project("p", priority=1, open_lag=0), a_project("q", open_lag=0)
    tables: dict[str, Any] = {"caps": [caps(99)], "years": 1}
    found = why(*schools, settings={"delivery": {"max_starts": 1}}, **tables)["q"]
    assert (found.code, found.outranked_by, found.admission) == ("delivery", ("p",), None)
    assert "A 2021: at most 1 start;" in found.text.en, "one start, not starts"
    assert code("q", *schools, settings={"delivery": {"max_starts": 2}}, **tables) is None


def test_a_firm_milestone_of_its_own_forces_it_in_and_gives_no_reason() -> None:
    assert why(a_project(), caps=[caps(10)], milestones=[milestone("p", "start_by", 2021, firm=True)]) == {}


def test_target() -> None:
    """Building closes 5 of 9 seats that a target wants every year; where 4 are enough it comes."""
    tables: dict[str, Any] = {
        "caps": [caps(99)], "seats": [seats("p", 9, seats_offline=5)], "demand": [demand(9)], "capacity": [capacity(9)],
    }  # fmt: skip
    for ratio, expected in (("1", "target"), ("0.4", None)):
        settings = {"targets": [{"ratio": Decimal(ratio)}], "objective": {"order": ["priority"]}}
        assert code("p", a_project(), settings=settings, **tables) == expected


# --- a plan that is not the best ------------------------------------------------------------------


def test_tolerance() -> None:
    """10 children short in 2021 cannot be helped; as many more may be, and cost takes that."""
    order = ["seat_shortage", "cost"]
    tables: dict[str, Any] = {"seats": [seats("p", 10)], "demand": [demand(10)], "caps": [caps(10)]}
    settings = {"objective": {"order": order, "tolerance": {"seat_shortage": Decimal(9)}}}
    reason = why(a_project(), settings=settings, **tables)["p"]
    assert reason.code == "tolerance"
    assert "weighted seat shortage would fall by 60" in reason.text.en
    assert code("p", a_project(), settings={"objective": {"order": order}}, **tables) is None


def test_unproven() -> None:
    """The empty schedule of a search that was stopped: p would help."""
    problem = a_problem([a_project()], seats=[seats("p", 10)], demand=[demand(10)], caps=[caps(10)])
    assert with_schedule(problem, {})["p"].code == "unproven"


def test_an_interrupted_solve_tells_what_needs_none() -> None:
    problem = a_problem([a_project("p"), a_project("q", earliest_start=2023, duration=2)], caps=[caps(1)])
    found = reasons(problem, Result(Status.FEASIBLE, Schedule({}), stopped="interrupted"))
    assert {key: reason.code for key, reason in found.items()} == {"p": "unknown", "q": "window"}


def test_equally_good_plans_are_told_as_such() -> None:
    """Twins, and money for one."""
    found = why(a_project("p"), a_project("q"), caps=[caps(10)])
    (reason,) = found.values()
    assert reason.code == "cap"
    assert "as good a plan" in reason.text.en
