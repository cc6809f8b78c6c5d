"""Each rule alone: just kept, just broken. Amounts in the builders are 万元, in draws hundredths."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from portfolio import rules
from portfolio.domain.funding import ProjectFunding
from portfolio.domain.project import Nature, SpendingProfile, Stage
from portfolio.domain.schedule import Draw, Schedule
from portfolio.optimise.constraints import CONSTRAINTS
from portfolio.scenario.problem import PlanningProblem
from tests.builders import (
    a_problem,
    a_project,
    a_source,
    capacity,
    caps,
    demand,
    milestone,
    relation,
    seats,
)


def broken(problem: PlanningProblem, starts: dict[str, int], *draws: tuple[str, int, str, int]) -> set[str]:
    """The rules that a schedule breaks; without draws, the rules on money are left aside."""
    found = {r.rule for r in rules.check(problem, Schedule(starts, tuple(Draw(*d) for d in draws)))}
    return found if draws else found - {"funding", "cap"}


def test_every_rule_has_a_checker_a_constraint_and_a_test() -> None:
    assert list(rules.RULES) == list(CONSTRAINTS)
    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in rules.RULES if f'"{name}"' not in source] == []


class TestWindow:
    def test_finish_in_the_last_year_is_in_time(self) -> None:
        problem = a_problem([a_project(duration=2)])
        assert broken(problem, {"p": 2022}) == set()

    def test_finish_after_the_last_year_is_late(self) -> None:
        problem = a_problem([a_project(duration=2)])
        assert broken(problem, {"p": 2023}) == {"window"}

    @pytest.mark.parametrize(("start", "kept"), [(2022, True), (2021, False)])
    def test_earliest_start(self, start: int, kept: bool) -> None:
        problem = a_problem([a_project(earliest_start=2022)])
        assert broken(problem, {"p": start}) == (set() if kept else {"window"})

    @pytest.mark.parametrize(("start", "kept"), [(2021, True), (2022, False)])
    def test_latest_finish(self, start: int, kept: bool) -> None:
        problem = a_problem([a_project(duration=2, latest_finish=2022)])
        assert broken(problem, {"p": start}) == (set() if kept else {"window"})

    @pytest.mark.parametrize(("start", "kept"), [(2022, True), (2023, False)])
    def test_retention_must_be_paid_inside_the_horizon(self, start: int, kept: bool) -> None:
        profile = SpendingProfile(project="p", shares=(Decimal("0.95"), Decimal("0.05")))
        problem = a_problem([a_project(duration=1)], spending=[profile])
        assert broken(problem, {"p": start}) == (set() if kept else {"window"})

    def test_a_fixed_start_may_lie_before_the_horizon(self) -> None:
        problem = a_problem([a_project(fixed_start=2020, duration=2)])
        assert broken(problem, {"p": 2020}) == set()

    def test_a_fixed_start_does_not_lift_an_explicit_window(self) -> None:
        problem = a_problem([a_project(fixed_start=2020, earliest_start=2021)])
        assert broken(problem, {"p": 2020}) == {"window"}

    def test_a_free_start_may_not_lie_before_the_horizon(self) -> None:
        problem = a_problem([a_project(earliest_start=2019)])
        assert broken(problem, {"p": 2020}) == {"window"}


class TestMandatory:
    def test_mandatory_left_out(self) -> None:
        assert broken(a_problem([a_project(mandatory=True)]), {}) == {"mandatory"}

    def test_mandatory_taken_in(self) -> None:
        assert broken(a_problem([a_project(mandatory=True)]), {"p": 2023}) == set()

    def test_fixed_start_moved(self) -> None:
        assert broken(a_problem([a_project(fixed_start=2022)]), {"p": 2021}) == {"mandatory"}

    def test_the_scenario_fixes_a_start(self) -> None:
        problem = a_problem([a_project()], settings={"projects": {"p": {"start": 2022}}})
        assert broken(problem, {}) == {"mandatory"}
        assert broken(problem, {"p": 2022}) == set()


class TestFunding:
    problem = a_problem([a_project(cost=10)], caps=[caps(10, 10, 10)])

    def test_the_whole_spend_is_drawn(self) -> None:
        assert broken(self.problem, {"p": 2021}, ("p", 2021, "s", 1000)) == set()

    @pytest.mark.parametrize("amount", [999, 1001])
    def test_a_hundredth_too_little_or_too_much(self, amount: int) -> None:
        assert "funding" in broken(self.problem, {"p": 2021}, ("p", 2021, "s", amount))

    def test_money_in_the_wrong_year(self) -> None:
        assert "funding" in broken(self.problem, {"p": 2021}, ("p", 2022, "s", 1000))

    def test_money_for_a_project_that_is_out(self) -> None:
        assert "funding" in broken(self.problem, {}, ("p", 2021, "s", 1000))

    @pytest.mark.parametrize(
        ("limits", "kept"),
        [
            ({}, True),
            ({"county": "*"}, True),
            ({"county": "B"}, False),
            ({"stages": (Stage.PRIMARY, Stage.JUNIOR)}, True),
            ({"stages": (Stage.JUNIOR,)}, False),
            ({"natures": (Nature.NEW,)}, True),
            ({"natures": (Nature.EXPANSION,)}, False),
        ],
    )
    def test_who_may_pay(self, limits: dict[str, Any], kept: bool) -> None:
        problem = a_problem([a_project(nature=Nature.NEW)], sources=[a_source(**limits)], caps=[caps(10)])
        found = broken(problem, {"p": 2021}, ("p", 2021, "s", 1000))
        assert found == (set() if kept else {"funding"})

    def test_a_list_of_sources_shuts_out_the_others(self) -> None:
        problem = a_problem(
            [a_project()],
            sources=[a_source(), a_source("t")],
            caps=[caps(10), caps(10, source="t")],
            project_funding=[ProjectFunding(project="p", source="t")],
        )
        assert broken(problem, {"p": 2021}, ("p", 2021, "t", 1000)) == set()
        assert broken(problem, {"p": 2021}, ("p", 2021, "s", 1000)) == {"funding"}

    def two_payers(self, low: str | None, high: str | None, rest: str | None = None) -> PlanningProblem:
        """Two years, 3 and 5 hundredths of 万元; s pays between low and high."""
        share = SpendingProfile(project="p", shares=(Decimal("0.375"), Decimal("0.625")))

        def row(source: str, a: str | None, b: str | None) -> ProjectFunding:
            return ProjectFunding(
                project="p",
                source=source,
                min_share=None if a is None else Decimal(a),
                max_share=None if b is None else Decimal(b),
            )

        return a_problem(
            [a_project(cost="0.08", duration=2)],
            sources=[a_source(), a_source("t")],
            caps=[caps(1, 1), caps(1, 1, source="t")],
            spending=[share],
            project_funding=[row("s", low, high), row("t", rest, rest)],
        )

    def test_exact_shares_hold_in_every_year_the_first_row_takes_the_odd_unit(self) -> None:
        problem = self.two_payers("0.5", "0.5", "0.5")
        kept = [("p", 2021, "s", 2), ("p", 2021, "t", 1), ("p", 2022, "s", 3), ("p", 2022, "t", 2)]
        assert broken(problem, {"p": 2021}, *kept) == set()
        swapped = [("p", 2021, "s", 1), ("p", 2021, "t", 2), ("p", 2022, "s", 3), ("p", 2022, "t", 2)]
        assert broken(problem, {"p": 2021}, *swapped) == {"funding"}

    @pytest.mark.parametrize(("paid", "kept"), [(1, False), (2, True), (5, True), (6, False)])
    def test_ranges_hold_over_the_whole_project_rounded_outwards(self, paid: int, kept: bool) -> None:
        """0.3 and 0.6 of 8 are 2.4 and 4.8: from 2 to 5."""
        problem = self.two_payers("0.3", "0.6")
        draws = [("p", 2021, "t", 3), ("p", 2022, "s", paid), ("p", 2022, "t", 5 - paid)]
        if paid > 5:
            draws = [("p", 2021, "s", 1), ("p", 2021, "t", 2), ("p", 2022, "s", 5)]
        found = broken(problem, {"p": 2021}, *[d for d in draws if d[3]])
        assert found == (set() if kept else {"funding"})

    def test_a_share_due_from_a_source_that_may_not_pay(self) -> None:
        problem = a_problem(
            [a_project()],
            sources=[a_source(), a_source("t", county="B")],
            caps=[caps(10)],
            project_funding=[
                ProjectFunding(project="p", source="s"),
                ProjectFunding(project="p", source="t", min_share=Decimal("0.1")),
            ],
        )
        assert broken(problem, {"p": 2021}, ("p", 2021, "s", 1000)) == {"funding"}

    def test_what_was_spent_before_the_horizon_is_sunk(self) -> None:
        """40/60 over two years: of 10 万元 only 6 fall into 2021."""
        problem = a_problem([a_project(fixed_start=2020, duration=2)], caps=[caps(6)])
        assert broken(problem, {"p": 2020}, ("p", 2021, "s", 600)) == set()


class TestCap:
    def one(self, carry: int | None, *amounts: float) -> PlanningProblem:
        return a_problem(
            [a_project(cost=10)], sources=[a_source(carry_over_years=carry)], caps=[caps(*amounts)]
        )

    @pytest.mark.parametrize(("cap", "kept"), [(10, True), (9.99, False)])
    def test_the_cap_of_the_year(self, cap: float, kept: bool) -> None:
        found = broken(self.one(0, 99, cap), {"p": 2022}, ("p", 2022, "s", 1000))
        assert found == (set() if kept else {"cap"})

    @pytest.mark.parametrize(("carry", "kept"), [(0, False), (1, False), (2, True), (None, True)])
    def test_old_money_lapses(self, carry: int | None, kept: bool) -> None:
        found = broken(self.one(carry, 10, 0, 0), {"p": 2023}, ("p", 2023, "s", 1000))
        assert found == (set() if kept else {"cap"})

    def test_old_money_is_not_used_twice(self) -> None:
        problem = a_problem(
            [a_project("p", cost=6), a_project("q", cost=6)],
            sources=[a_source(carry_over_years=1)],
            caps=[caps(10, 0, 0)],
        )
        draws = [("p", 2021, "s", 600), ("q", 2022, "s", 600)]
        assert broken(problem, {"p": 2021, "q": 2022}, *draws) == {"cap"}

    def test_ledger_uses_the_oldest_money_first(self) -> None:
        """5 + 5 万元 carried one year; 4 spent in 2022: 1 of 2021 lapses, 5 of 2022 go on."""
        problem = a_problem([a_project(cost=4)], sources=[a_source(carry_over_years=1)], caps=[caps(5, 5, 0)])
        rows = list(rules.cap.ledger(problem, Schedule({"p": 2022}, (Draw("p", 2022, "s", 400),))))
        assert [(r.brought_forward, r.planned, r.carried_forward, r.lapsed) for r in rows] == [
            (0, 0, 500, 0),
            (500, 400, 500, 100),
            (500, 0, 0, 500),
        ]


class TestRelations:
    pair = (a_project("p"), a_project("q"))

    @pytest.mark.parametrize(
        ("lag", "starts", "kept"),
        [
            (None, {"q": 2021, "p": 2022}, True),
            (None, {"q": 2021, "p": 2021}, False),
            (1, {"q": 2021, "p": 2023}, True),
            (1, {"q": 2021, "p": 2022}, False),
            (None, {"p": 2022}, False),
            (None, {"q": 2022}, True),
        ],
    )
    def test_after(self, lag: int | None, starts: dict[str, int], kept: bool) -> None:
        problem = a_problem(self.pair, relations=[relation("after", "p", "q", lag_years=lag)])
        assert broken(problem, starts) == (set() if kept else {"after"})

    def test_after_a_project_that_the_scenario_leaves_out(self) -> None:
        problem = a_problem(
            self.pair,
            relations=[relation("after", "p", "q")],
            settings={"projects": {"exclude": ["q"]}},
        )
        assert broken(problem, {"p": 2023}) == {"after"}

    @pytest.mark.parametrize(
        ("kind", "allowed"),
        [("exclude", {0, 1}), ("choose", {1}), ("together", {0, 2})],
    )
    @pytest.mark.parametrize("built", [0, 1, 2])
    def test_pairs(self, kind: str, allowed: set[int], built: int) -> None:
        problem = a_problem(self.pair, relations=[relation(kind, "p", "q")])
        starts = dict(list({"p": 2021, "q": 2022}.items())[:built])
        assert broken(problem, starts) == (set() if built in allowed else {kind})

    def test_rows_of_one_group_join(self) -> None:
        projects = [a_project(k) for k in "pqr"]
        rows = [relation("choose", "p", "q", group="g"), relation("choose", "r", group="g")]
        problem = a_problem(projects, relations=rows)
        assert broken(problem, {"r": 2021}) == set()
        assert broken(problem, {"r": 2021, "p": 2021}) == {"choose"}

    def test_a_group_holds_among_the_projects_that_are_left(self) -> None:
        settings = {"projects": {"exclude": ["q"]}}
        problem = a_problem(self.pair, relations=[relation("choose", "p", "q")], settings=settings)
        assert broken(problem, {}) == {"choose"}
        assert broken(problem, {"p": 2021}) == set()


class TestDelivery:
    def test_starts_per_county_and_year(self) -> None:
        projects = [a_project("p"), a_project("q"), a_project("r", county="B")]
        problem = a_problem(projects, settings={"delivery": {"max_starts": 1}})
        assert broken(problem, {"p": 2021, "q": 2022, "r": 2021}) == set()
        assert broken(problem, {"p": 2021, "q": 2021}) == {"delivery"}

    def test_under_construction_without_retention_years(self) -> None:
        profile = SpendingProfile(project="p", shares=(Decimal("0.9"), Decimal("0.1")))
        problem = a_problem(
            [a_project("p"), a_project("q", duration=2)],
            spending=[profile],
            settings={"delivery": {"max_under_construction": 1}},
        )
        assert broken(problem, {"p": 2021, "q": 2022}) == set()
        assert broken(problem, {"p": 2022, "q": 2021}) == {"delivery"}


class TestMilestone:
    @pytest.mark.parametrize(
        ("kind", "year", "kept"),
        [("start_by", 2022, True), ("start_by", 2021, False), ("finish_by", 2023, True),
         ("finish_by", 2022, False), ("open_by", 2024, True), ("open_by", 2023, False)],
    )  # fmt: skip
    def test_firm(self, kind: str, year: int, kept: bool) -> None:
        """Starts 2022, two years: finished 2023, open 2024."""
        problem = a_problem([a_project(duration=2)], milestones=[milestone("p", kind, year, firm=True)])
        assert broken(problem, {"p": 2022}) == (set() if kept else {"milestone"})

    def test_firm_forces_selection(self) -> None:
        problem = a_problem([a_project()], milestones=[milestone("p", "start_by", 2099, firm=True)])
        assert broken(problem, {}) == {"milestone"}

    def test_soft_breaks_no_rule(self) -> None:
        problem = a_problem([a_project()], milestones=[milestone("p", "start_by", 2021)])
        assert broken(problem, {}) == set()


class TestTarget:
    def with_target(self, target: dict[str, Any], **tables: Any) -> PlanningProblem:
        return a_problem([a_project()], settings={"targets": [target]}, **tables)

    def test_ratio_is_rounded_up(self) -> None:
        """0.5 of 21 seats: 11."""
        for have, kept in ((11, True), (10, False)):
            problem = self.with_target(
                {"ratio": Decimal("0.5")}, demand=[demand(21)], capacity=[capacity(have)]
            )
            assert broken(problem, {}) == (set() if kept else {"target"})

    def test_only_the_years_named(self) -> None:
        target = {"ratio": Decimal(1), "first_year": 2023, "last_year": 2023}
        tables = {"demand": [demand(10)], "capacity": [capacity(0)], "seats": [seats("p", 10)]}
        problem = self.with_target(target, **tables)
        assert broken(problem, {"p": 2022}) == set()
        assert broken(problem, {"p": 2023}) == {"target"}

    def test_public_share_counts_zones_together_and_public_seats_only(self) -> None:
        kg = {"stage": Stage.KINDERGARTEN}
        rows = [demand(10, zone="u", **kg), demand(10, zone="r", **kg)]
        for public, kept in ((16, True), (15, False)):
            have = [capacity(public, zone="u", **kg), capacity(9, zone="r", public=False, **kg)]
            problem = self.with_target({"public_share": Decimal("0.8")}, demand=rows, capacity=have)
            assert broken(problem, {}) == (set() if kept else {"target"})

    def test_a_soft_target_breaks_no_rule(self) -> None:
        problem = self.with_target({"ratio": Decimal(1), "soft": True}, demand=[demand(1)])
        assert broken(problem, {}) == set()
