"""The generated portfolios are what they promise: repeatable, mixed, short of money, feasible."""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks.generate import SIZES, main, portfolio, problem
from portfolio.domain.funding import SHARED, ProjectFunding
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import Nature, RelationKind, Stage
from portfolio.domain.schedule import Status
from portfolio.rules import check
from portfolio.scenario import files
from portfolio.scenario.build import build_problem
from portfolio.scenario.problem import PlanningProblem
from portfolio.workbook.reader import read

SEEDS = (1, 2, 3, 4, 5)


@pytest.fixture(scope="module")
def small() -> Portfolio:
    return portfolio(*SIZES["45"])[0]


def ask(found: PlanningProblem) -> int:
    """What every project costs within the horizon; what was paid before it is sunk."""
    first = found.horizon.first_year
    starts = {key: c.fixed_start or first for key, c in found.candidates.items()}
    return sum(sum(found.spend_in_horizon(key, start).values()) for key, start in starts.items())


def money(found: PlanningProblem, *, shared_only: bool = False) -> int:
    return sum(
        sum(by_year.values())
        for source, by_year in found.caps.items()
        if not shared_only or found.sources[source].county == SHARED
    )


def test_the_same_seed_gives_the_same_data_and_another_seed_other_data() -> None:
    assert portfolio(60, 3, seed=7) == portfolio(60, 3, seed=7)
    assert portfolio(60, 3, seed=7)[0] != portfolio(60, 3, seed=8)[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_money_is_short_and_partly_shared(seed: int) -> None:
    for name in ("45", "300"):
        found = problem(name, seed)
        assert len(found.candidates) == SIZES[name][0]
        assert 0.5 <= money(found) / ask(found) <= 0.7
        assert 0.15 <= money(found, shared_only=True) / money(found) <= 0.25


@pytest.mark.parametrize("affordable", [0.5, 0.7])
def test_caps_follow_the_share_that_is_asked_for(affordable: float) -> None:
    found = build_problem(*portfolio(200, 4, affordable=affordable))
    assert money(found) / ask(found) == pytest.approx(affordable, abs=0.01)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_missing_from_a_small_portfolio(seed: int) -> None:
    tables, scenario = portfolio(*SIZES["45"], seed)
    assert {r.kind for r in tables.relations} == set(RelationKind)
    assert {p.stage for p in tables.projects} == set(Stage)
    natures = {Nature.NEW, Nature.EXPANSION, Nature.RELOCATION, Nature.RENOVATION}
    assert natures <= {p.nature for p in tables.projects}
    assert {p.duration_years for p in tables.projects} <= {1, 2, 3, 4}
    assert any(e.seats_replaced for e in tables.seats)
    assert any(e.seats_offline for e in tables.seats)
    assert any(p.fixed_start for p in tables.projects)
    assert any(p.mandatory for p in tables.projects)
    assert any(p.earliest_start or p.latest_finish for p in tables.projects)
    assert {m.firm for m in tables.milestones} == {True, False}
    assert {s.county for s in tables.funding_sources} == {"county-001", SHARED}
    assert {s.carry_over_years for s in tables.funding_sources} >= {0, 1}
    assert scenario.targets
    assert all(target.soft for target in scenario.targets)


def test_some_projects_hold_money_back_for_a_year(small: Portfolio) -> None:
    duration = {p.key: p.duration_years or 1 for p in small.projects}
    assert any(len(s.shares) > duration[s.project] for s in small.spending)


def test_few_projects_say_who_pays_them(small: Portfolio) -> None:
    rows = defaultdict[str, list[ProjectFunding]](list)
    for row in small.project_funding:
        rows[row.project].append(row)
    exact = [key for key, own in rows.items() if all(r.low == r.high for r in own)]
    assert 0 < len(exact) < len(rows) < len(small.projects) / 4
    assert all(sum(r.low for r in rows[key]) == 1 for key in exact)


@pytest.mark.parametrize("seed", SEEDS)
def test_all_projects_together_would_nearly_end_the_shortage(seed: int) -> None:
    found = problem("300", seed)
    last = found.horizon.last_year
    alternatives = {key for g in found.groups if g.kind != "together" for key in g.members[:-1]}
    supply = {cell: found.capacity[cell][last] for cell in found.cells}
    before = sum(max(0, found.demand[cell][last] - seats) for cell, seats in supply.items())
    for candidate in found.candidates.values():
        for effect in candidate.effects if candidate.key not in alternatives else ():
            cell = next(c for c in found.cells if c[1:] == (effect.zone, effect.stage))
            supply[cell] += effect.added - effect.seats_replaced
    after = sum(max(0, found.demand[cell][last] - seats) for cell, seats in supply.items())
    assert before > 0.15 * sum(found.demand[cell][last] for cell in found.cells)
    assert after < 0.05 * before


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_a_small_portfolio_has_a_schedule(seed: int) -> None:
    from portfolio.optimise.solve import solve

    found = problem("45", seed)
    # The first schedule will do, so the objective is one that asks for little.
    easy = replace(
        found, order=("earliness",), solver=replace(found.solver, gap=Decimal(1), time_limit_s=10.0)
    )
    result = solve(easy)
    assert result.status in (Status.OPTIMAL, Status.FEASIBLE)
    assert result.schedule is not None
    assert not list(check(easy, result.schedule))


def test_impossible_sizes_are_refused() -> None:
    for arguments in ((3, 4, 10), (10, 0, 10), (10, 1, 4)):
        with pytest.raises(ValueError, match="need"):
            portfolio(*arguments)


def test_the_files_hold_the_same_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["generate", "45", "--seed", "3", "--out", str(tmp_path)])
    main()
    tables, scenario = portfolio(*SIZES["45"], seed=3)
    found = read(tmp_path / "projects.xlsx")
    assert found.portfolio == tables
    assert not found.notices
    loaded = files.load(tmp_path / "scenario.toml")
    assert loaded.model_copy(update={"name": scenario.name}) == scenario
