"""One county whose money is short, with nothing else to it: new schools, one or more sources, no relations.

Indivisible projects compete for the same yearly money in a few cells of stage and zone, which makes
proofs harder than all the rules of `generate` do.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from random import Random

from benchmarks.generate import FIRST_YEAR, SCHOOLS
from portfolio.domain.calendar import Horizon
from portfolio.domain.demand import Capacity, Demand
from portfolio.domain.funding import FundingCaps, FundingSource
from portfolio.domain.money import HUNDREDTHS_PER_WAN, from_yuan
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import Nature, Project, SeatEffect, Stage
from portfolio.scenario.build import build_problem
from portfolio.scenario.problem import PlanningProblem
from portfolio.scenario.settings import Scenario

COUNTY, ZONES = "甲县", ("城区", "乡镇")
STAGES = (Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR)
EXISTING = 5_000
SMALL_WORKS = from_yuan(30_000_000)


def problem(
    projects: int, seed: int = 1, *, sources: int = 1, carry_over: int | None = 0, affordable: float = 0.6
) -> PlanningProblem:
    """Ten years; the caps afford that part of what all projects cost. `carry_over`: years, None for any."""
    rng = Random(seed)
    horizon = Horizon(FIRST_YEAR, FIRST_YEAR + 9)
    works: list[Project] = []
    seats: list[SeatEffect] = []
    gain: dict[tuple[str, Stage], int] = defaultdict(int)
    for number in range(1, projects + 1):
        project, effect = _school(rng, f"p{number:03d}")
        works.append(project)
        seats.append(effect)
        gain[project.zone, effect.stage] += effect.added
    money = affordable * sum(project.total_cost or 0 for project in works) / sources / len(horizon)
    keys = [f"s{number}" for number in range(1, sources + 1)]
    tables = Portfolio(
        projects=tuple(works),
        seats=tuple(seats),
        capacity=tuple(
            Capacity(county=COUNTY, stage=stage, zone=zone, seats={FIRST_YEAR: EXISTING})
            for zone, stage in gain
        ),
        demand=tuple(_demand(rng, horizon, *cell, brought) for cell, brought in gain.items()),
        funding_sources=tuple(
            FundingSource(
                key=key, county=COUNTY, name_zh=f"资金{key}", name_en=key, carry_over_years=carry_over
            )
            for key in keys
        ),
        funding_caps=tuple(
            FundingCaps(source=key, amounts={year: _about(rng, money) for year in horizon.years})
            for key in keys
        ),
    )
    years = {"first_year": horizon.first_year, "last_year": horizon.last_year}
    return build_problem(
        tables, Scenario.model_validate({"name": "plain", "title": "plain", "horizon": years})
    )


def _school(rng: Random, key: str) -> tuple[Project, SeatEffect]:
    stage = rng.choice(STAGES)
    school = SCHOOLS[stage]
    classes = rng.choice(school.classes)
    seats = classes * school.seats_per_class
    cost = from_yuan(int(Decimal(seats * school.cost_per_seat) * Decimal(f"{rng.uniform(0.7, 1.3):.3f}")))
    cost -= cost % HUNDREDTHS_PER_WAN
    project = Project(
        key=key, county=COUNTY, stage=stage, name_zh=f"{key}号学校", name_en=f"school {key}", nature=Nature.NEW,
        zone=ZONES[0] if stage is Stage.SENIOR else rng.choice(ZONES), total_cost=cost,
        duration_years=rng.choice((1, 2, 2, 3) if cost < SMALL_WORKS else (2, 3, 3)),
        priority=rng.randint(1, 5), status="planned",
    )  # fmt: skip
    return project, SeatEffect(project=key, stage=stage, classes=classes, seats_added=seats)


def _demand(rng: Random, horizon: Horizon, zone: str, stage: Stage, brought: int) -> Demand:
    """What exists and a growing part of what all projects would bring."""
    first, last = rng.uniform(0.2, 0.5), rng.uniform(0.7, 1.1)
    step = (last - first) / (len(horizon) - 1)
    seats = {year: EXISTING + int(brought * (first + step * i)) for i, year in enumerate(horizon.years)}
    return Demand(county=COUNTY, stage=stage, zone=zone, seats=seats)


def _about(rng: Random, money: float) -> int:
    """An amount in whole 万元 near `money`."""
    return int(money * rng.uniform(0.8, 1.2)) // HUNDREDTHS_PER_WAN * HUNDREDTHS_PER_WAN
