"""What the next money is worth by the relaxation: figures worked out by hand, and held against other solves.

The school of these tests adds more seats than the 400 that are missing, weighs 3 a seat (primary), costs 1,000
万元 in one year and opens in the next. In three years, a start in 2021 avoids 2 x 400 x 3 = 2,400 weighted
seat-years, one in 2022 half of that: 240 and 120 for each 100 万元, as long as only a part of it is paid for.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from portfolio.domain.funding import ProjectFunding
from portfolio.domain.marginal import UNIT, Place, rounded
from portfolio.optimise.cpsat import Objective
from portfolio.optimise.explain import marginal
from portfolio.optimise.explain.marginal import STEP, ShortageByCaps, marginal_values
from portfolio.optimise.model import compile_problem
from portfolio.optimise.relaxation import relax, strengthen
from portfolio.scenario.problem import PlanningProblem
from portfolio.worth import raised
from tests.builders import a_problem, a_project, a_source, capacity, caps, demand, seats
from tests.optimise.strategies import contested, problems

SHORT = {"seats": [seats("p", 1000)], "demand": [demand(400)]}


def worth(problem: PlanningProblem, source: str = "s") -> list[float]:
    """The values of a source by year."""
    values = marginal_values(problem).values
    return [float(values[source, year]) for year in problem.horizon.years]


def a_school(**more: Any) -> PlanningProblem:
    given: dict[str, Any] = {"projects": [a_project(cost=1000)], "caps": [caps(500)], **SHORT, **more}
    return a_problem(given.pop("projects"), **given)


def test_a_part_of_a_school_that_money_is_short_for() -> None:
    """Half is paid for in 2021; more of it then counts for two years, in 2022 for one, in 2023 too late."""
    assert worth(a_school()) == [240.0, 120.0, 0.0]


def test_seats_beyond_what_is_missing_are_worth_nothing() -> None:
    """With 100 seats the school counts for 100: a quarter of what it does with 400 or more."""
    assert worth(a_school(seats=[seats("p", 100)]))[0] == 60.0


def test_with_money_enough_no_more_is_of_use() -> None:
    assert worth(a_school(caps=[caps(1000)])) == [0.0, 0.0, 0.0]
    assert worth(a_school(caps=[caps(5000, 5000, 5000)])) == [0.0, 0.0, 0.0]


def test_the_last_yuan_of_a_school_counts_the_next_does_not() -> None:
    """At 1,000 万元 less would cost 240 per 100, more brings nothing: the value is that of more."""
    assert worth(a_school(caps=[caps(999.99)]))[0] == pytest.approx(2.4)  # 0.01 万元 of 1 万元 is missing
    assert worth(a_school(caps=[caps(1000)]))[0] == 0.0


def test_the_price_alone_may_be_that_of_less_money(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not held against a re-solve, that is said, and the value is never below the true one."""
    exact = {amount: marginal_values(a_school(caps=[caps(amount)])) for amount in (500, 1000, 5000)}
    monkeypatch.setattr(marginal, "EXACT_WORK", 0)
    for amount, true in exact.items():
        found = marginal_values(a_school(caps=[caps(amount)]))
        assert all(found.values[place] >= value for place, value in true.values.items())
        assert found.at_most == {place for place, value in found.values.items() if value}
        assert not true.at_most


@pytest.mark.parametrize(
    ("carry", "expected"),
    [
        (0, [0.0, 0.0, 120.0, 0.0]),
        (1, [0.0, 120.0, 120.0, 0.0]),
        (2, [120.0, 120.0, 120.0, 0.0]),
        (None, [120.0, 120.0, 120.0, 0.0]),
    ],
)
def test_money_carried_over_counts_as_long_as_it_does_not_lapse(
    carry: int | None, expected: list[float]
) -> None:
    """The school starts in 2023 at the earliest and opens in the last of four years."""
    project = a_project(cost=1000, earliest_start=2023)
    problem = a_school(
        projects=[project], sources=[a_source(carry_over_years=carry)], caps=[caps(0, 0, 500)], years=4
    )
    assert worth(problem) == expected


def test_carried_over_money_in_many_rows() -> None:
    """Paid half and half in 2021 and 2022, the money of 2021 good for both: a cap of 2021 limits what both
    years draw, one of 2022 only the second. 400 + 0 pay 0.4 of a school that opens in 2023."""
    problem = a_school(
        projects=[a_project(cost=1000, duration=2)],
        sources=[a_source(carry_over_years=1)],
        caps=[caps(400)],
        spending=[],
    )
    # 40 % in the first year, 60 % in the second (the default): 400 in all limit it, and either year's
    # money adds to that; 1,200 weighted seat-years for 1,000 万元.
    assert worth(problem) == [120.0, 120.0, 0.0]


def test_shared_money_goes_where_it_avoids_most() -> None:
    """B has 800 missing and the same costs: 480 for each 100 万元, not the 240 of A."""
    problem = a_problem(
        [a_project("p", cost=1000), a_project("q", cost=1000, county="B")],
        sources=[a_source(county="*")],
        caps=[caps(500)],
        seats=[seats("p", 1000), seats("q", 1000)],
        demand=[demand(400), demand(800, county="B")],
    )
    assert worth(problem)[:2] == [480.0, 240.0]


def test_with_exact_shares_only_the_source_that_is_short_counts() -> None:
    """s pays a quarter: its 100 are enough for 0.4 of the school, t's 1,000 for more than all of it. Every 100
    of s let four times as much be built."""
    shares = [("s", "0.25"), ("t", "0.75")]
    problem = a_school(
        sources=[a_source("s"), a_source("t")],
        caps=[caps(100), caps(1000, source="t")],
        project_funding=[
            ProjectFunding(project="p", source=k, min_share=Decimal(x), max_share=Decimal(x))
            for k, x in shares
        ],
    )
    assert worth(problem, "s")[0] == 960.0
    assert worth(problem, "t") == [0.0, 0.0, 0.0]


def test_a_range_of_shares_limits_what_more_money_can_do() -> None:
    """s may pay half at most; t has 100 of 1,000. Each 100 of t let 200 be built, more of s nothing."""
    problem = a_school(
        sources=[a_source("s"), a_source("t")],
        caps=[caps(900), caps(100, source="t")],
        project_funding=[
            ProjectFunding(project="p", source="s", max_share=Decimal("0.5")),
            ProjectFunding(project="p", source="t"),
        ],
    )
    assert worth(problem, "t")[0] == 480.0
    assert worth(problem, "s")[0] == 0.0


def test_later_money_buys_less_where_prices_rise() -> None:
    """Of 1,100 万元 in 2022, 100 are a part of 1/11: 109.09 of 1,200."""
    problem = a_school(
        projects=[a_project(cost=1000, earliest_start=2022)],
        caps=[caps(0, 500)],
        settings={"costs": {"escalation": Decimal("0.1")}},
    )
    assert worth(problem) == [0.0, 109.09, 0.0]


def test_weights_are_the_scenarios() -> None:
    settings = {"objective": {"weights": {"primary": Decimal("2.5")}}}
    assert worth(a_school(settings=settings)) == [200.0, 100.0, 0.0]


def test_seats_that_exist_count() -> None:
    """Of 400, 300 are there: the school counts for 100."""
    assert worth(a_school(capacity=[capacity(300)]))[0] == 60.0


def test_rules_that_forbid_the_school_make_money_worthless() -> None:
    assert worth(a_school(settings={"delivery": {"max_starts": 0}})) == [0.0, 0.0, 0.0]


def test_a_source_that_may_not_pay_is_worth_nothing_and_one_without_money_something() -> None:
    problem = a_school(sources=[a_source("s"), a_source("t"), a_source("b", county="B")])
    assert worth(problem, "t") == [240.0, 120.0, 0.0]
    assert worth(problem, "b") == [0.0, 0.0, 0.0]


def test_without_missing_seats_among_the_objectives_there_is_no_value() -> None:
    found = marginal_values(a_school(settings={"objective": {"order": ["priority", "cost"]}}))
    assert not found.values
    assert found.missing == "no_objective"


def test_objectives_before_it_play_no_part() -> None:
    order = ["cost", "seat_shortage"]
    assert worth(a_school(settings={"objective": {"order": order}})) == [240.0, 120.0, 0.0]


def test_what_is_too_large_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marginal, "LARGEST_COLUMNS", 3)
    found = marginal_values(a_school())
    assert not found.values
    assert found.missing == "too_large"
    assert marginal_values(a_school(), seconds=0).missing == "too_large"
    monkeypatch.undo()
    assert marginal_values(a_school(), seconds=0).missing == "no_time"
    monkeypatch.setattr(marginal, "MOST_STARTS", 2)
    assert marginal_values(a_school()).missing == "too_large"


def test_a_large_part_is_relaxed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """By another solver, to the same prices."""
    monkeypatch.setattr(marginal, "EXACT_COLUMNS", 3)
    assert worth(a_school()) == [240.0, 120.0, 0.0]
    assert ShortageByCaps(a_school()).avoided(("s", 2021), STEP) is None


def test_more_money_is_worth_less_and_less() -> None:
    """500 are missing in 2021: 1,200 for them and nothing for what is above."""
    found = ShortageByCaps(a_school())
    found.marginals()
    assert found.price(("s", 2021), 10 * UNIT) == 2400
    assert found.avoided(("s", 2021), 5 * UNIT) == 1200
    assert found.avoided(("s", 2021), 10 * UNIT) == 1200
    assert found.avoided(("s", 2023), UNIT) == 0


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.125, "0.13"), (0.1249999999, "0.13"), (0.1249, "0.12"), (1e-7, "0.00"), (37.0, "37.00")],
)
def test_values_are_rounded_half_up_without_the_solvers_noise(value: float, shown: str) -> None:
    assert str(rounded(value)) == shown


def in_larger_money(problem: PlanningProblem, times: int = 10_000) -> PlanningProblem:
    """The costs of the random problems are hundredths of 万元; a raise of 1 万元 must be small."""
    return replace(
        problem,
        candidates={k: replace(c, cost=c.cost * times) for k, c in problem.candidates.items()},
        caps={k: {y: a * times for y, a in by_year.items()} for k, by_year in problem.caps.items()},
    )


def relaxed_shortage(problem: PlanningProblem) -> float | None:
    """The relaxation's weighted shortage, compiled with these caps and solved once by another solver."""
    program, _ = compile_problem(replace(problem, order=("seat_shortage",)))
    stage = program.stages[0]
    if (program.matrix.low > program.matrix.high).any() or (np.diff(program.matrix.first) == 0).any():
        return None
    found = relax(strengthen(program), Objective(stage.columns, stage.coefficients), 10)
    return None if found is None else float(found.values[stage.columns] @ stage.coefficients) / stage.divisor


def check_differences(problem: PlanningProblem) -> None:
    """Each value is what the relaxation loses by 1 万元 more, and no more than by 1 万元 less."""
    problem = in_larger_money(replace(problem, order=("seat_shortage",)))
    now = relaxed_shortage(problem)
    if now is None:
        return
    values = marginal_values(problem).values
    assert set(values) == {(s, y) for s in problem.sources for y in problem.horizon.years}
    for place, value in values.items():
        assert value >= 0
        per_step = float(value) * STEP / UNIT
        assert per_step == pytest.approx(now - _raised(problem, place, STEP, now), abs=2e-4), place
        if problem.caps[place[0]][place[1]]:
            assert per_step <= _raised(problem, place, -STEP, float("inf")) - now + 2e-4, place


def _raised(problem: PlanningProblem, place: Place, amount: int, otherwise: float) -> float:
    found = relaxed_shortage(raised(problem, place, amount))
    return otherwise if found is None else found


@given(problem=problems())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_values_are_finite_differences(problem: PlanningProblem) -> None:
    check_differences(problem)


@given(problem=contested())
@settings(max_examples=40)
def test_values_of_contested_money_are_finite_differences(problem: PlanningProblem) -> None:
    check_differences(problem)


@given(problem=contested())
@settings(max_examples=5)
def test_the_same_problem_gives_the_same_values(problem: PlanningProblem) -> None:
    assert marginal_values(problem) == marginal_values(problem)
