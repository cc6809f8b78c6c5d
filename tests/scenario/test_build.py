"""From a portfolio and a scenario to the planning problem: scales, blanks, what is left out."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from portfolio.domain.demand import Cell
from portfolio.domain.portfolio import Norm
from portfolio.domain.project import Nature, RelationKind, SpendingProfile, Stage
from portfolio.errors import InputRefusedError, UsageError
from portfolio.scenario.candidates import default_profile
from portfolio.scenario.problem import PlanningProblem
from tests.builders import a_problem, a_project, a_source, capacity, caps, demand, milestone, relation, seats


def with_settings(**settings: Any) -> PlanningProblem:
    return a_problem(
        [a_project(cost=100)],
        caps=[caps(10, 20.01)],
        demand=[demand(101)],
        capacity=[capacity(50)],
        settings=settings,
    )


def test_scales_multiply_and_round_the_workbooks_figures() -> None:
    problem = with_settings(
        costs={"scale": Decimal("0.33333")},
        funding={"scale": Decimal("0.5")},
        demand={"scale": Decimal("1.5")},
    )
    assert problem.candidates["p"].cost == 3333
    assert list(problem.caps["s"].values()) == [500, 1001, 0]
    assert problem.demand[Cell("A", "", Stage.PRIMARY)][2021] == 152


def test_the_scenarios_own_figures_are_final() -> None:
    problem = with_settings(
        costs={"scale": Decimal(2)},
        funding={"scale": Decimal(2), "caps": {"s": {"2022": Decimal("7.77")}}},
        projects={"p": {"total_cost": Decimal("12.34")}},
    )
    assert problem.candidates["p"].cost == 1234
    assert list(problem.caps["s"].values()) == [2000, 777, 0]


def test_a_zone_may_grow_faster() -> None:
    problem = a_problem(
        demand=[demand(100, zone="u"), demand(100, zone="r")],
        settings={"demand": {"scale": Decimal("1.1"), "zones": {"u": Decimal(2)}}},
    )
    assert [d[2021] for d in problem.demand.values()] == [220, 110]


def test_overrides_win_over_the_workbook() -> None:
    own = {"start": 2022, "mandatory": True, "earliest_start": 2021, "latest_finish": 2023, "priority": 1}
    problem = a_problem([a_project(priority=5)], settings={"projects": {"p": {**own, "duration_years": 2}}})
    p = problem.candidates["p"]
    assert (p.fixed_start, p.mandatory, p.earliest_start, p.latest_finish) == (2022, True, 2021, 2023)
    assert (p.priority, p.duration_years) == (1, 2)


def test_blank_means_the_default() -> None:
    p = a_problem([a_project()]).candidates["p"]
    assert (p.priority, p.open_lag, p.earliest_start, p.mandatory) == (3, 1, None, False)


@pytest.mark.parametrize(
    ("years", "percents"),
    [(1, [100]), (2, [40, 60]), (3, [30, 45, 25]), (4, [15, 35, 35, 15]), (5, [10, 25, 30, 25, 10])],
)
def test_default_profiles(years: int, percents: list[int]) -> None:
    assert default_profile(years) == tuple(Fraction(p, 100) for p in percents)


def test_longer_works_spend_equally() -> None:
    assert default_profile(7) == (Fraction(1, 7),) * 7


@pytest.mark.parametrize(
    ("duration", "kept"), [(1, False), (2, True), (3, True), (4, False)]
)  # fmt: skip
def test_a_profile_fits_the_duration_or_one_year_more(duration: int, kept: bool) -> None:
    shares = (Decimal("0.5"), Decimal("0.4"), Decimal("0.1"))
    problem = a_problem(
        [a_project(duration=duration)], spending=[SpendingProfile(project="p", shares=shares)]
    )
    assert (problem.candidates["p"].profile == tuple(map(Fraction, shares))) is kept
    assert bool(problem.notices) is not kept


@pytest.mark.parametrize(("duration", "kept"), [(1, True), (2, True), (4, True), (5, False)])
def test_zeros_written_out_fill_a_profile_up(duration: int, kept: bool) -> None:
    """60/40 and two zeros: one year and retention, two years, or up to four years."""
    shares = (Decimal("0.6"), Decimal("0.4"), Decimal(0), Decimal(0))
    problem = a_problem(
        [a_project(duration=duration)], spending=[SpendingProfile(project="p", shares=shares)]
    )
    assert (problem.candidates["p"].profile == (Fraction(3, 5), Fraction(2, 5))) is kept


def test_spend_is_split_first_and_escalated_then() -> None:
    """10.01 万元 at 40/60: 4.00 and 6.01; the price year is 2022, so 2023 costs 5 % more: 6.31."""
    settings = {"costs": {"escalation": Decimal("0.05"), "price_year": 2022}}
    problem = a_problem([a_project(cost="10.01", duration=2)], settings=settings)
    assert problem.spend("p", 2022) == {2022: 400, 2023: 631}


def test_what_is_spent_before_the_horizon_is_sunk() -> None:
    problem = a_problem([a_project(duration=3, fixed_start=2020)])
    assert problem.spend("p", 2020) == {2020: 300, 2021: 450, 2022: 250}
    assert problem.spend_in_horizon("p", 2020) == {2021: 450, 2022: 250}


NORMS = (
    Norm(cost_per_m2=Decimal(1000), cost_per_seat=Decimal(10), duration_years=1),
    Norm(nature=Nature.NEW, cost_per_m2=Decimal(2000)),
    Norm(stage=Stage.PRIMARY, cost_per_m2=Decimal(3000)),
    Norm(stage=Stage.PRIMARY, nature=Nature.NEW, cost_per_m2=Decimal(4000)),
    Norm(county="A", cost_per_m2=Decimal(5000)),
)


@pytest.mark.parametrize("number", range(1, 6))
def test_the_most_specific_norm_fills_a_blank_cost(number: int) -> None:
    """1 m² at 1000 to 5000 yuan: 0.10 to 0.50 万元."""
    project = a_project(nature=Nature.NEW, floor_area_m2=Decimal(1))
    blank = type(project)(
        key="p", county="A", stage=Stage.PRIMARY, nature=Nature.NEW, floor_area_m2=Decimal(1)
    )
    problem = a_problem([blank], norms=NORMS[:number])
    assert problem.candidates["p"].cost == number * 10
    assert set(problem.candidates["p"].estimated) == {"total_cost", "duration_years"}


def test_seats_are_the_measure_where_there_is_no_floor_area() -> None:
    project = a_project()
    blank = type(project)(key="p", county="A", stage=Stage.PRIMARY)
    problem = a_problem([blank], norms=NORMS, seats=[seats("p", 150), seats("p", 50)])
    assert problem.candidates["p"].cost == 20


def test_no_norm_that_fits_is_refused() -> None:
    blank = type(a_project())(key="p", county="A", stage=Stage.PRIMARY)
    with pytest.raises(InputRefusedError, match="p: total_cost"):
        a_problem([blank])


def test_capacity_adds_public_and_private_and_fills_blank_years() -> None:
    rows = [capacity(10, 20), capacity(5, public=False)]
    problem = a_problem(capacity=rows)
    cell = Cell("A", "", Stage.PRIMARY)
    assert problem.capacity[cell] == {2021: 15, 2022: 25, 2023: 25}
    assert problem.public_capacity[cell] == {2021: 10, 2022: 20, 2023: 20}


def test_years_before_the_first_figure_take_the_first() -> None:
    late = demand()
    problem = a_problem(demand=[type(late)(county="A", stage=Stage.PRIMARY, seats={2023: 7})])
    assert problem.demand[Cell("A", "", Stage.PRIMARY)] == {2021: 7, 2022: 7, 2023: 7}


def test_a_seat_effect_without_a_zone_goes_to_its_projects_zone() -> None:
    problem = a_problem([a_project(zone="u")], seats=[seats("p", 1), seats("p", 2, zone="r")])
    assert [e.zone for e in problem.candidates["p"].effects] == ["u", "r"]


class TestLeftOut:
    projects = (a_project("p"), a_project("q"), a_project("r", county="B"))

    def left(self, **settings: Any) -> PlanningProblem:
        return a_problem(
            self.projects,
            sources=[a_source(), a_source("t", county="B"), a_source("u", county="*")],
            demand=[demand(5), demand(5, county="B")],
            relations=[relation("after", "p", "q"), relation("choose", "q", "r", group="g")],
            milestones=[milestone("q", "open_by", 2023, firm=True)],
            settings=settings,
        )

    def test_nothing(self) -> None:
        problem = self.left()
        assert list(problem.candidates) == ["p", "q", "r"]
        assert len(problem.after) == len(problem.milestones) == 1

    def test_excluded_projects_lose_their_duties_and_bar_what_comes_after_them(self) -> None:
        problem = self.left(projects={"exclude": ["q"]})
        assert list(problem.candidates) == ["p", "r"]
        assert problem.milestones == ()
        assert problem.candidates["p"].left_out_predecessors == ("q",)
        assert problem.groups[0].members == ("r",)
        assert problem.groups[0].kind is RelationKind.CHOOSE

    def test_only(self) -> None:
        assert list(self.left(projects={"only": ["r"]}).candidates) == ["r"]

    def test_counties_take_their_money_and_demand_with_them(self) -> None:
        problem = self.left(counties=["A"])
        assert list(problem.candidates) == ["p", "q"]
        assert list(problem.sources) == ["s", "u"]
        assert [cell.county for cell in problem.cells] == ["A"]

    @pytest.mark.parametrize(
        "settings",
        [
            {"counties": ["C"]},
            {"projects": {"only": ["x"]}},
            {"projects": {"exclude": ["x"]}},
            {"projects": {"x": {"start": 2022}}},
            {"funding": {"caps": {"x": {"2022": Decimal(1)}}}},
            {"demand": {"zones": {"x": Decimal(1)}}},
            {"targets": [{"ratio": Decimal(1), "county": "X"}]},
        ],
    )
    def test_names_that_do_not_exist_are_refused(self, settings: dict[str, Any]) -> None:
        with pytest.raises(UsageError, match="is not in the data"):
            self.left(**settings)


def test_a_county_may_be_named_in_either_language() -> None:
    problem = a_problem(
        [a_project(county="Shizhu"), a_project("q", county="Yunyang")],
        demand=[demand(5, county="Shizhu")],
        settings={"counties": ["石柱县"], "targets": [{"ratio": Decimal(1), "county": "石柱县 Shizhu"}]},
    )
    assert list(problem.candidates) == ["p"]
    assert problem.targets[0].county == "Shizhu"


def test_the_hash_changes_with_the_data_and_with_the_scenario() -> None:
    one, again = a_problem([a_project()]), a_problem([a_project()])
    assert one.inputs_sha256 == again.inputs_sha256
    assert one.inputs_sha256 != a_problem([a_project(cost=11)]).inputs_sha256
    assert one.inputs_sha256 != a_problem([a_project()], settings={"solver": {"seed": 1}}).inputs_sha256
