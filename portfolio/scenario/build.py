"""A portfolio seen through a scenario: the planning problem with every blank filled.

Source: MODEL section 2, and its paragraph on scenario scales and on what is left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches

from portfolio.domain.calendar import Horizon
from portfolio.domain.demand import Cell, fill_years
from portfolio.domain.fingerprint import portfolio_sha256
from portfolio.domain.funding import SHARED, FundingSource
from portfolio.domain.money import Money, from_wan, scale
from portfolio.domain.notice import Notice
from portfolio.domain.places import same_county
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import Project, RelationKind
from portfolio.errors import UsageError
from portfolio.scenario.candidates import build_candidates
from portfolio.scenario.problem import After, Group, PlanningProblem, SolverSettings, Target
from portfolio.scenario.settings import DEFAULT_WEIGHTS, Scenario


def build_problem(portfolio: Portfolio, scenario: Scenario) -> PlanningProblem:
    """The planning problem of `scenario` over `portfolio`.

    Raises:
        UsageError: the scenario names a project, source, county or zone that does not exist.
        InputRefusedError: a cost or duration is blank and no norm fits, or a needed table is empty.
    """
    scenario = _with_known_counties(portfolio, scenario)
    _refuse_unknown_names(portfolio, scenario)
    counties = set(scenario.counties) if scenario.counties is not None else None
    chosen = {p.key: p for p in portfolio.projects if _included(p, scenario, counties)}
    notices: list[Notice] = []
    candidates = build_candidates(portfolio, scenario, chosen, notices)
    sources = {s.key: s for s in portfolio.funding_sources if _in(s.county, counties)}
    horizon = Horizon(scenario.horizon.first_year, scenario.horizon.last_year)
    capacity, public_capacity = _capacity(portfolio, counties, horizon)
    costs = scenario.costs
    return PlanningProblem(
        scenario=scenario.name,
        title=scenario.title or scenario.name,
        horizon=horizon,
        candidates=candidates,
        sources=sources,
        caps=_caps(portfolio, scenario, sources, horizon),
        capacity=capacity,
        public_capacity=public_capacity,
        demand=_demand(portfolio, scenario, counties, horizon),
        after=tuple(
            After(r.project, r.other, r.lag_years or 0)
            for r in portfolio.relations
            if r.kind is RelationKind.AFTER and r.project in chosen and r.other in chosen
        ),
        groups=_groups(portfolio, chosen),
        milestones=tuple(m for m in portfolio.milestones if m.project in chosen),
        targets=_targets(scenario, horizon),
        max_starts=scenario.delivery.max_starts,
        max_under_construction=scenario.delivery.max_under_construction,
        escalation=costs.escalation,
        price_year=horizon.first_year if costs.price_year is None else costs.price_year,
        order=tuple(scenario.objective.order),
        weights=DEFAULT_WEIGHTS | scenario.objective.weights,
        tolerance={n: t for n, t in scenario.objective.tolerance.items() if t},
        solver=_solver(scenario),
        portfolio=portfolio,
        notices=tuple(notices),
        inputs_sha256=_inputs_sha256(portfolio, scenario),
        settings=scenario,
    )


def _included(project: Project, scenario: Scenario, counties: set[str] | None) -> bool:
    only = scenario.projects.only
    return (
        _in(project.county, counties)
        and (only is None or project.key in only)
        and project.key not in scenario.projects.exclude
    )


def _in(county: str, counties: set[str] | None) -> bool:
    return counties is None or county == SHARED or county in counties


def _caps(
    portfolio: Portfolio, scenario: Scenario, sources: Mapping[str, FundingSource], horizon: Horizon
) -> dict[str, dict[int, Money]]:
    """Caps of the horizon's years; blank is 0. A cap that the scenario gives is not scaled."""
    rows = {row.source: row.amounts for row in portfolio.funding_caps}
    caps: dict[str, dict[int, Money]] = {}
    for key in sources:
        own = scenario.funding.caps.get(key, {})
        amounts = rows.get(key, {})
        caps[key] = {
            year: from_wan(own[year]) if year in own else scale(amounts.get(year, 0), scenario.funding.scale)
            for year in horizon.years
        }
    return caps


def _capacity(
    portfolio: Portfolio, counties: set[str] | None, horizon: Horizon
) -> tuple[dict[Cell, dict[int, int]], dict[Cell, dict[int, int]]]:
    """All existing seats, and the public ones, by cell and year."""
    every: dict[Cell, dict[int, int]] = {}
    public: dict[Cell, dict[int, int]] = {}
    for row in portfolio.capacity:
        if not _in(row.county, counties):
            continue
        seats = fill_years(row.seats, horizon.years)
        for table in (every, public) if row.public else (every,):
            total = table.setdefault(row.cell, dict.fromkeys(horizon.years, 0))
            for year, number in seats.items():
                total[year] += number
    return every, public


def _demand(
    portfolio: Portfolio, scenario: Scenario, counties: set[str] | None, horizon: Horizon
) -> dict[Cell, dict[int, int]]:
    demand: dict[Cell, dict[int, int]] = {}
    for row in portfolio.demand:
        if not _in(row.county, counties):
            continue
        factor = scenario.demand.scale * scenario.demand.zones.get(row.zone, Decimal(1))
        total = demand.setdefault(row.cell, dict.fromkeys(horizon.years, 0))
        for year, number in fill_years(row.seats, horizon.years).items():
            total[year] += scale(number, factor)
    return demand


def _groups(portfolio: Portfolio, chosen: Mapping[str, Project]) -> tuple[Group, ...]:
    """Rows of one kind with one group name form a group; it holds among the projects that are left."""
    members: dict[tuple[RelationKind, str], dict[str, None]] = {}
    for position, row in enumerate(portfolio.relations):
        if row.kind is RelationKind.AFTER:
            continue
        name = row.group or f"#{position + 1}"
        group = members.setdefault((row.kind, name), {})
        group.update(dict.fromkeys(key for key in (row.project, row.other) if key in chosen))
    return tuple(Group(kind, name, tuple(keys)) for (kind, name), keys in members.items() if keys)


def _targets(scenario: Scenario, horizon: Horizon) -> tuple[Target, ...]:
    return tuple(
        Target(
            county=t.county,
            zone=t.zone,
            stage=t.stage,
            first_year=horizon.first_year if t.first_year is None else t.first_year,
            last_year=horizon.last_year if t.last_year is None else t.last_year,
            ratio=t.ratio,
            public_share=t.public_share,
            soft=t.soft,
        )
        for t in scenario.targets
    )


def _solver(scenario: Scenario) -> SolverSettings:
    solver = scenario.solver
    return SolverSettings(
        time_limit_s=float(solver.time_limit_s), gap=solver.gap, seed=solver.seed, workers=solver.workers
    )


def _inputs_sha256(portfolio: Portfolio, scenario: Scenario) -> str:
    """One hash of all that decides the schedule: the tables and the merged scenario."""
    text = f"{portfolio_sha256(portfolio)}\n{scenario.model_dump_json()}"
    return hashlib.sha256(text.encode()).hexdigest()


def _with_known_counties(portfolio: Portfolio, scenario: Scenario) -> Scenario:
    """石柱县 in a scenario is the Shizhu of the data."""
    known = sorted(_counties(portfolio))

    def settled(name: str) -> str:
        return same_county(name, known) or name

    named = None if scenario.counties is None else [settled(name) for name in scenario.counties]
    targets = [t.model_copy(update={"county": settled(t.county)}) for t in scenario.targets]
    return scenario.model_copy(update={"counties": named, "targets": targets})


def _counties(portfolio: Portfolio) -> set[str]:
    return {p.county for p in portfolio.projects} | {d.county for d in portfolio.demand}


def _refuse_unknown_names(portfolio: Portfolio, scenario: Scenario) -> None:
    """A name in a scenario that the portfolio does not have is a slip of the pen, never ignored."""
    projects = [p.key for p in portfolio.projects]
    sources = [s.key for s in portfolio.funding_sources]
    counties = sorted(_counties(portfolio))
    zones = sorted(
        ({d.zone for d in portfolio.demand} | {c.zone for c in portfolio.capacity})
        | {p.zone for p in portfolio.projects}
    )
    named: list[tuple[str, Iterable[str], list[str]]] = [
        ("counties", scenario.counties or (), counties),
        ("projects.only", scenario.projects.only or (), projects),
        ("projects.exclude", scenario.projects.exclude, projects),
        ("projects", scenario.projects.overrides, projects),
        ("funding.caps", scenario.funding.caps, sources),
        ("demand.zones", scenario.demand.zones, zones),
        ("targets.county", (t.county for t in scenario.targets if t.county), counties),
        ("targets.zone", (t.zone for t in scenario.targets if t.zone), zones),
    ]
    lines = [
        f"  - {place}: " + _unknown(name, known)
        for place, names, known in named
        for name in names
        if name not in known
    ]
    if lines:
        raise UsageError("\n".join([f"情景 scenario {scenario.name}:", *lines]))


def _unknown(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"；是否想写 / did you mean: {close[0]}" if close else ""
    return f'"{name}" 不在数据中 / is not in the data{hint}'
