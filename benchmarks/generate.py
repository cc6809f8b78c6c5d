"""Seeded school construction portfolios of any size, for benchmarks and for trying things out.

    python -m benchmarks.generate 300 --seed 2 --out DIR
    portfolio schedule --scenario DIR/scenario.toml --workbook DIR/projects.xlsx

The same arguments give the same data. Sizes, costs and durations follow data/projects.xlsx: seats
by class size, cost per seat, three years for a school. Every instance is feasible: what is
committed (under construction, mandatory, one of each `choose`) is paid for before the rest of the
money is spread. All the other projects compete for what is left.
"""

from __future__ import annotations

import argparse
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import chain
from pathlib import Path
from random import Random
from typing import NamedTuple, TypeVar

from portfolio.domain.calendar import Horizon
from portfolio.domain.demand import STAGE_NAMES, Capacity, Demand
from portfolio.domain.funding import SHARED, UNLIMITED, FundingCaps, FundingSource, ProjectFunding
from portfolio.domain.money import HUNDREDTHS_PER_WAN, Money, from_yuan, split
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import (
    Milestone,
    MilestoneKind,
    Nature,
    Project,
    Relation,
    RelationKind,
    SeatEffect,
    SpendingProfile,
    Stage,
)
from portfolio.scenario.build import build_problem
from portfolio.scenario.candidates import default_profile
from portfolio.scenario.problem import PlanningProblem
from portfolio.scenario.settings import Scenario
from portfolio.workbook.writer import write

T = TypeVar("T")

FIRST_YEAR = 2026
LEAST_YEARS = 5
"""The longest works take four years, and retention money a fifth."""

SIZES: dict[str, tuple[int, int, int]] = {
    "45": (45, 1, 10),
    "300": (300, 1, 10),
    "2000": (2_000, 40, 10),
    "10000": (10_000, 200, 10),
}
"""Name -> projects, counties, years."""


class School(NamedTuple):
    """What a school of a stage looks like: sizes of a new one in classes, cost per seat in yuan,
    floor area per seat in m2, usual priority."""

    seats_per_class: int
    classes: tuple[int, ...]
    cost_per_seat: int
    area_per_seat: float
    priority: int


SCHOOLS: Mapping[Stage, School] = {
    Stage.KINDERGARTEN: School(30, (6, 9, 12, 15, 18), 51_500, 8.9, 3),
    Stage.PRIMARY: School(45, (12, 18, 24, 30, 36, 42), 54_000, 7.2, 2),
    Stage.JUNIOR: School(50, (18, 24, 30, 36, 39), 97_000, 14.0, 2),
    Stage.SENIOR: School(50, (18, 24, 30, 36, 48, 60), 121_000, 17.0, 3),
    Stage.VOCATIONAL: School(50, (12, 18, 24, 36, 48), 115_800, 20.0, 4),
    Stage.SPECIAL: School(12, (9, 12, 15, 21), 115_800, 20.0, 1),
}
IN_TOWN_ONLY = (Stage.SENIOR, Stage.VOCATIONAL, Stage.SPECIAL)

STAGE_MIX: Mapping[Stage, int] = {
    Stage.KINDERGARTEN: 7,
    Stage.PRIMARY: 9,
    Stage.JUNIOR: 5,
    Stage.SENIOR: 3,
    Stage.VOCATIONAL: 2,
    Stage.SPECIAL: 1,
    Stage.OTHER: 3,
}
NATURE_MIX: Mapping[Nature, int] = {
    Nature.NEW: 8,
    Nature.EXPANSION: 7,
    Nature.RELOCATION: 2,
    Nature.RENOVATION: 3,
}
OTHER_WORKS: tuple[tuple[str, str, Nature], ...] = (
    ("运动场", "sports ground", Nature.RENOVATION),
    ("学生宿舍", "dormitory", Nature.EXPANSION),
    ("功能室设备", "specialist classrooms", Nature.FIT_OUT),
    ("教师发展中心", "teachers' centre", Nature.EXPANSION),
)

PROGRAMMES: tuple[tuple[str, int, float], ...] = (
    ("after", 2, 0.08),
    ("exclude", 3, 0.06),
    ("choose", 2, 0.03),
    ("together", 2, 0.05),
)
"""How projects hang together: kind, projects in one programme, share of all projects."""

RETENTION_PROFILES: Mapping[int, tuple[str, ...]] = {
    1: ("0.95", "0.05"),
    2: ("0.4", "0.55", "0.05"),
    3: ("0.3", "0.45", "0.22", "0.03"),
    4: ("0.15", "0.35", "0.32", "0.15", "0.03"),
}
PLAIN_PROFILES: Mapping[int, tuple[str, ...]] = {
    1: ("1",),
    2: ("0.55", "0.45"),
    3: ("0.2", "0.4", "0.4"),
    4: ("0.25", "0.25", "0.25", "0.25"),
}
"""Construction years -> shares by year, where a project has a profile of its own."""

COMMITTED_SHARE = 0.3
"""At most this part of the money may be bound before anything is decided."""

NEW_WORKS = (Nature.NEW, Nature.RELOCATION, Nature.EXPANSION, Nature.CONTINUING)


class Pot(NamedTuple):
    """A kind of funding source and its share of the free money of its level.

    `lumpy` money comes in some years only.
    """

    code: str
    name_zh: str
    name_en: str
    share: float
    carry_over_years: int | None
    stages: tuple[Stage, ...] = ()
    natures: tuple[Nature, ...] = ()
    lumpy: bool = False


COUNTY_POTS = (
    Pot("budget", "县级财政预算", "county general budget", 0.45, 0),
    Pot(
        "land", "土地出让收益计提教育资金", "land-sale proceeds set aside", 0.2, UNLIMITED,
        (Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR, Stage.SPECIAL),
    ),
    Pot(
        "bonds", "地方政府专项债券", "special bonds", 0.25, 1,
        (Stage.KINDERGARTEN, Stage.SENIOR, Stage.VOCATIONAL), NEW_WORKS, lumpy=True,
    ),
    Pot(
        "weak-schools", "薄弱学校改造资金", "fund for weak schools", 0.1, 1,
        (Stage.PRIMARY, Stage.JUNIOR), (Nature.EXPANSION, Nature.RENOVATION, Nature.FIT_OUT),
    ),
)  # fmt: skip
SHARED_POTS = (
    Pot("provincial", "省级补助", "provincial grants", 0.4, 2),
    Pot("central-compulsory", "中央义务教育补助", "central funds for compulsory education", 0.35, 1, (Stage.PRIMARY, Stage.JUNIOR)),
    Pot("central-senior", "中央高中与职业教育补助", "central funds for senior and vocational schools", 0.25, 1, (Stage.SENIOR, Stage.VOCATIONAL), NEW_WORKS),
)  # fmt: skip
SHARED_MONEY = (0.17, 0.23)
"""The shared pots' part of all money, from and to."""


@dataclass
class _County:
    """The tables of one county while they grow. `committed` maps the projects that every plan
    builds to a start that suits them; `singles` stand in no relation; `outsized` are alternatives
    that demand does not reckon with."""

    key: str
    horizon: Horizon
    rng: Random
    zones: tuple[str, ...]
    projects: dict[str, Project] = field(default_factory=dict)
    seats: list[SeatEffect] = field(default_factory=list)
    spending: dict[str, SpendingProfile] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    project_funding: list[ProjectFunding] = field(default_factory=list)
    committed: dict[str, int] = field(default_factory=dict)
    singles: list[str] = field(default_factory=list)
    outsized: set[str] = field(default_factory=set)

    @cached_property
    def stages(self) -> Iterator[Stage]:
        return _deck(self.rng, STAGE_MIX)

    @cached_property
    def natures(self) -> Iterator[Nature]:
        return _deck(self.rng, NATURE_MIX)

    @property
    def town(self) -> tuple[str, ...]:
        return self.zones[: len(self.zones) // 2]

    def zone(self, stage: Stage) -> str:
        """A zone with schools of the stage; towns get the larger part."""
        if stage in IN_TOWN_ONLY:
            return self.zones[0]
        return self.rng.choice(self.town if self.rng.random() < 0.62 else self.zones)

    def free(self) -> list[Project]:
        """Projects that no plan has to build."""
        return [project for key, project in self.projects.items() if key not in self.committed]

    def spend(self, key: str, start: int) -> dict[int, Money]:
        """What a project pays in each year of the horizon if it starts in `start`."""
        project = self.projects[key]
        own = self.spending.get(key)
        duration = project.duration_years or 1
        shares = tuple(map(Fraction, own.shares)) if own else default_profile(duration)
        parts = split(project.total_cost or 0, shares)
        return {start + i: part for i, part in enumerate(parts) if start + i in self.horizon}

    def ask(self) -> Money:
        """What all projects together cost within the horizon."""
        cost = sum(project.total_cost or 0 for project in self.projects.values())
        for key, start in self.committed.items():
            cost += sum(self.spend(key, start).values()) - (self.projects[key].total_cost or 0)
        return cost

    def committed_spend(self) -> dict[int, Money]:
        """What the committed projects pay by year."""
        by_year = dict.fromkeys(self.horizon.years, 0)
        for key, start in self.committed.items():
            for year, amount in self.spend(key, start).items():
                by_year[year] += amount
        return by_year


def portfolio(
    projects: int, counties: int, years: int = 10, seed: int = 1, affordable: float = 0.6
) -> tuple[Portfolio, Scenario]:
    """A portfolio and its scenario; all caps together are `affordable` of what all projects cost
    within the horizon, and more only where a county's commitments need it.

    Raises:
        ValueError: fewer projects than counties, too short a horizon, or a share outside 0 to 1.
    """
    if not (1 <= counties <= projects and years >= LEAST_YEARS and 0 < affordable <= 1):
        raise ValueError(f"need 1 <= counties <= projects, {LEAST_YEARS} years or more, 0 < affordable <= 1")
    rng = Random(seed)
    horizon = Horizon(FIRST_YEAR, FIRST_YEAR + years - 1)
    drafts = [
        _county(rng, f"county-{number:03d}", size, horizon, affordable)
        for number, size in enumerate(_uneven(rng, projects, counties), start=1)
    ]
    seats_by_cell = [_cells(county) for county in drafts]
    sources, caps = _money(rng, drafts, horizon, affordable)
    tables = Portfolio(
        projects=tuple(chain.from_iterable(c.projects.values() for c in drafts)),
        seats=tuple(chain.from_iterable(c.seats for c in drafts)),
        spending=tuple(chain.from_iterable(c.spending.values() for c in drafts)),
        funding_sources=tuple(sources),
        funding_caps=tuple(caps),
        project_funding=tuple(chain.from_iterable(c.project_funding for c in drafts)),
        capacity=tuple(chain.from_iterable(capacity for capacity, _ in seats_by_cell)),
        demand=tuple(chain.from_iterable(demand for _, demand in seats_by_cell)),
        relations=tuple(chain.from_iterable(c.relations for c in drafts)),
        milestones=tuple(chain.from_iterable(c.milestones for c in drafts)),
    )
    text = scenario_text(horizon, title=f"{projects} projects, {counties} counties, seed {seed}")
    settings = tomllib.loads(text, parse_float=Decimal)
    return tables, Scenario.model_validate({"name": "generated", **settings})


def problem(name: str, seed: int = 1) -> PlanningProblem:
    """The planning problem of one of `SIZES`."""
    projects, counties, years = SIZES[name]
    return build_problem(*portfolio(projects, counties, years, seed))


def scenario_text(horizon: Horizon, title: str) -> str:
    """The scenario as a file has it: the horizon and two soft targets for its last three years."""
    late = horizon.last_year - 2
    return f"""\
title = "{title}"

[horizon]
first_year = {horizon.first_year}
last_year = {horizon.last_year}

[[targets]]
stage = "primary"
ratio = 0.98
first_year = {late}
soft = true

[[targets]]
public_share = 0.65
first_year = {late}
soft = true
"""


def _deck(rng: Random, mix: Mapping[T, int]) -> Iterator[T]:
    """Endless draws from a shuffled deck, so that no rare kind is missing by chance."""
    cards = [card for card, number in mix.items() for _ in range(number)]
    while True:
        rng.shuffle(cards)
        yield from cards


def _uneven(rng: Random, total: int, parts: int) -> list[int]:
    """Large and small counties: `total` in `parts`, each at least 1."""
    weights = [rng.randint(60, 140) for _ in range(parts)]
    shares = [Fraction(weight, sum(weights)) for weight in weights]
    return [1 + extra for extra in split(total - parts, shares)]


def _share_of(number: int, share: float) -> int:
    return max(1, round(number * share))


# --- projects -----------------------------------------------------------------------------------


def _county(rng: Random, key: str, size: int, horizon: Horizon, affordable: float) -> _County:
    zones = ("城区", "乡镇") if size <= 100 else ("新城区", "老城区", "中心镇", "乡镇")
    county = _County(key, horizon, rng, zones)
    for kind in _programmes(rng, size):
        match kind:
            case "after":
                _add_phases(county)
            case "exclude" | "choose":
                _add_alternatives(county, RelationKind(kind))
            case "together":
                _add_campus(county)
            case _:
                _add_single(county)
    _add_profiles(county)
    _commit(county, int(COMMITTED_SHARE * affordable * county.ask()))
    _add_windows(county)
    _add_milestones(county)
    _add_shares(county)
    return county


def _programmes(rng: Random, size: int) -> list[str]:
    """Kinds of programmes that make up `size` projects, in random order; at most half in relations."""
    kinds: list[str] = []
    in_relations = 0
    for kind, members, share in PROGRAMMES:
        for _ in range(_share_of(size, share / members)):
            if in_relations + members <= size // 2:
                in_relations += members
                kinds.append(kind)
    kinds += ["single"] * (size - in_relations)
    rng.shuffle(kinds)
    return kinds


def _add_single(county: _County) -> None:
    stage = next(county.stages)
    if stage is Stage.OTHER:
        added = _add_other(county)
    else:
        zone = county.zone(stage)
        added = _add_school(county, stage, next(county.natures), zone, _classes(county, stage, zone))
    county.singles.append(added.key)


def _add_phases(county: _County) -> None:
    """A school in two phases, the second after the first."""
    rng = county.rng
    stage = rng.choice((Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR, Stage.VOCATIONAL))
    zone = county.zone(stage)
    classes = _classes(county, stage, zone)
    first = _add_school(county, stage, Nature.NEW, zone, classes, ("一期", "phase 1"))
    second = _add_school(county, stage, Nature.EXPANSION, zone, classes // 2, ("二期", "phase 2"))
    lag = rng.choice((None, None, 1))
    county.relations.append(
        Relation(kind=RelationKind.AFTER, project=second.key, other=first.key, lag_years=lag)
    )


def _add_alternatives(county: _County, kind: RelationKind) -> None:
    """One school in two or three sizes: `choose` must take one and `exclude` may."""
    stage = county.rng.choice((Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR))
    zone = county.zone(stage)
    sizes = SCHOOLS[stage].classes[1 : 3 if kind is RelationKind.CHOOSE else 4]
    members = [
        _add_school(county, stage, Nature.NEW, zone, classes, (f"{classes}班方案", f"with {classes} classes"))
        for classes in sizes
    ]
    # A pair may go without a group; three need the name that joins their rows.
    group = f"{members[0].key}-size" if len(members) > 2 else ""
    county.relations += [
        Relation(kind=kind, project=members[0].key, other=other.key, group=group) for other in members[1:]
    ]
    cheapest = min(members, key=lambda member: member.total_cost or 0)
    county.outsized |= {member.key for member in members[1:]}
    if kind is RelationKind.CHOOSE:
        county.committed[cheapest.key] = _some_start(county, cheapest)


def _add_campus(county: _County) -> None:
    """A primary school and its kindergarten: both or neither."""
    zone = county.zone(Stage.PRIMARY)
    school = _add_school(county, Stage.PRIMARY, Nature.NEW, zone, _classes(county, Stage.PRIMARY, zone))
    nursery = _add_school(county, Stage.KINDERGARTEN, Nature.NEW, zone, 6, ("（附属）", "on its campus"))
    county.relations.append(
        Relation(
            kind=RelationKind.TOGETHER,
            project=school.key,
            other=nursery.key,
            group=f"{school.key}-campus",
        )
    )


def _classes(county: _County, stage: Stage, zone: str) -> int:
    """Classes of a new school; village schools are small."""
    sizes = SCHOOLS[stage].classes
    return county.rng.choice(sizes if zone in county.town else sizes[:3])


def _add_school(
    county: _County,
    stage: Stage,
    nature: Nature,
    zone: str,
    classes: int,
    part: tuple[str, str] = ("", ""),
) -> Project:
    """A school with its seats; `part` says in Chinese and English which part or variant of it."""
    rng, school = county.rng, SCHOOLS[stage]
    effect = _effect(rng, nature, stage, classes)
    works = effect.added + effect.seats_offline
    saving = 1.0 if nature in (Nature.NEW, Nature.RELOCATION) else 0.75
    cost = from_yuan(int(works * school.cost_per_seat * saving * rng.uniform(0.85, 1.15)))
    name = STAGE_NAMES[stage]
    priority = min(5, max(1, school.priority + rng.choice((-1, 0, 0, 0, 1))))
    project = _add_project(
        county, stage, nature, zone, cost, f"{name.zh}{part[0]}", f"{name.en} {part[1]}".rstrip(),
        scale=f"{classes}班", priority=priority,
        floor_area_m2=Decimal(round(works * school.area_per_seat)),
    )  # fmt: skip
    county.seats.append(replace(effect, project=project.key))
    if stage in (Stage.PRIMARY, Stage.SENIOR) and nature is Nature.NEW and not part[0] and rng.random() < 0.2:
        _give_to_junior(county, works // 3)
    return project


def _effect(rng: Random, nature: Nature, stage: Stage, classes: int) -> SeatEffect:
    """What works of a nature do to the seats; the project's key is filled in later."""
    per_class = SCHOOLS[stage].seats_per_class
    seats = classes * per_class
    if nature is Nature.RELOCATION:
        return SeatEffect(
            project="", stage=stage, classes=classes, seats_added=seats,
            seats_replaced=int(seats * rng.uniform(0.5, 0.75)),
        )  # fmt: skip
    if nature is Nature.RENOVATION:
        more = max(1, classes // 4)
        return SeatEffect(
            project="", stage=stage, classes=more, seats_added=more * per_class,
            seats_offline=int(seats * rng.uniform(0.2, 0.5)),
        )  # fmt: skip
    if nature is Nature.EXPANSION:
        classes = max(2, int(classes * rng.uniform(0.25, 0.6)))
    return SeatEffect(project="", stage=stage, classes=classes, seats_added=classes * per_class)


def _give_to_junior(county: _County, seats: int) -> None:
    """Makes the newest school a nine-year or a complete middle school: some seats become junior."""
    effect = county.seats[-1]
    county.seats[-1] = replace(effect, classes=None, seats_added=effect.added - seats)
    county.seats.append(SeatEffect(project=effect.project, stage=Stage.JUNIOR, seats_added=seats))


def _add_other(county: _County) -> Project:
    """Works without seats."""
    zh, en, nature = county.rng.choice(OTHER_WORKS)
    cost = from_yuan(county.rng.randint(3_000_000, 40_000_000))
    zone = county.zone(Stage.OTHER)
    return _add_project(
        county, Stage.OTHER, nature, zone, cost, zh, en, priority=county.rng.choice((4, 5, 5))
    )


def _add_project(
    county: _County,
    stage: Stage,
    nature: Nature,
    zone: str,
    cost: Money,
    name_zh: str,
    name_en: str,
    *,
    priority: int,
    scale: str = "",
    floor_area_m2: Decimal | None = None,
) -> Project:
    number = len(county.projects) + 1
    # Approved budgets are whole 万元, estimates are not.
    approved = county.rng.random() < 0.7
    project = Project(
        key=f"{county.key}-{stage}-{number:03d}",
        county=county.key,
        stage=stage,
        name_zh=f"{county.key[-3:]}县{zone}{number}号{name_zh}",
        name_en=f"{county.key} no. {number} {name_en}",
        zone=zone,
        nature=nature,
        scale=scale,
        floor_area_m2=floor_area_m2,
        total_cost=_whole_wan(cost) if approved else cost,
        duration_years=_duration(county.rng, cost),
        priority=priority,
        status="planned" if approved else "proposed",
    )
    county.projects[project.key] = project
    return project


def _whole_wan(amount: float) -> Money:
    return int(amount // HUNDREDTHS_PER_WAN) * HUNDREDTHS_PER_WAN


def _duration(rng: Random, cost: Money) -> int:
    """Construction years: one for small works, three or four for large schools."""
    wan = cost / HUNDREDTHS_PER_WAN
    if wan < 600:
        return 1
    if wan < 3_000:
        return rng.choice((1, 2, 2))
    if wan < 15_000:
        return rng.choice((2, 3, 3))
    return rng.choice((3, 3, 4))


def _add_profiles(county: _County) -> None:
    """One project in six pays by a profile of its own, half of these with retention money."""
    for key in county.rng.sample(list(county.projects), _share_of(len(county.projects), 1 / 6)):
        table = county.rng.choice((RETENTION_PROFILES, PLAIN_PROFILES))
        shares = table[county.projects[key].duration_years or 1]
        county.spending[key] = SpendingProfile(project=key, shares=tuple(map(Decimal, shares)))


# --- commitments, windows, milestones -----------------------------------------------------------


def _some_start(county: _County, project: Project) -> int:
    """A start early enough for the works and a year of retention money."""
    latest = county.horizon.last_year - (project.duration_years or 1)
    return county.rng.randint(county.horizon.first_year, latest)


def _commit(county: _County, limit: Money) -> None:
    """Puts a few schools under construction and makes a few mandatory, within `limit` altogether."""
    room = limit - sum(county.committed_spend().values())
    under_way = _share_of(len(county.projects), 0.04)
    wanted = under_way + _share_of(len(county.projects), 0.03)
    done = 0
    for key in county.singles:
        project = county.projects[key]
        cost = project.total_cost or 0
        if done == wanted or project.stage is Stage.OTHER or cost > room:
            continue
        room -= cost
        if done < under_way:
            _put_under_way(county, project)
        else:
            county.committed[key] = _some_start(county, project)
            county.projects[key] = replace(project, mandatory=True, status="approved", priority=1)
        done += 1


def _put_under_way(county: _County, project: Project) -> None:
    """Started before the horizon or in its first year, and not yet finished before it."""
    first = county.horizon.first_year
    start = county.rng.randint(first - (project.duration_years or 1) + 1, first)
    county.committed[project.key] = start
    nature = project.nature if project.nature in (Nature.RELOCATION, Nature.RENOVATION) else Nature.CONTINUING
    county.projects[project.key] = replace(
        project, nature=nature, fixed_start=start, status="under_construction", priority=1
    )


def _add_windows(county: _County) -> None:
    """A quarter of the single projects must wait for land or plans, some must be done by a year."""
    rng, horizon = county.rng, county.horizon
    for key in county.singles:
        if key in county.committed:
            continue
        project = county.projects[key]
        duration = project.duration_years or 1
        earliest = latest = None
        if rng.random() < 0.25:
            last_start = horizon.last_year - duration
            earliest = rng.randint(horizon.first_year, min(horizon.first_year + 3, last_start))
        if rng.random() < 0.12:
            soonest = (earliest or horizon.first_year) + duration - 1
            latest = rng.randint(min(soonest + 2, horizon.last_year), horizon.last_year)
        county.projects[key] = replace(project, earliest_start=earliest, latest_finish=latest)


def _add_milestones(county: _County) -> None:
    """Promises; the only firm one is for a mandatory project and leaves it its start."""
    rng, horizon = county.rng, county.horizon
    mandatory = next((p for p in county.projects.values() if p.mandatory), None)
    if mandatory is not None:
        year = county.committed[mandatory.key] + 1
        county.milestones.append(
            Milestone(project=mandatory.key, kind=MilestoneKind.START_BY, year=year, firm=True)
        )
    promised = [p for p in county.free() if p.stage is not Stage.OTHER]
    for project in rng.sample(promised, min(len(promised), _share_of(len(county.projects), 0.05))):
        year = min(horizon.last_year, horizon.first_year + (project.duration_years or 1) + rng.randint(0, 4))
        county.milestones.append(
            Milestone(project=project.key, kind=rng.choice(list(MilestoneKind)), year=year)
        )


def _add_shares(county: _County) -> None:
    """A few projects with exact shares, fewer with ranges; all the rest may be paid by any source."""
    rng, free = county.rng, county.free()
    count = len(county.projects)
    exact, ranged = _share_of(count, 0.08), _share_of(count, 0.04)
    for number, project in enumerate(rng.sample(free, min(len(free), exact + ranged))):
        others = [key for key, pot in _pots(county.key)[1:] if _may_pay(pot, project)]
        helper = rng.choice(others)
        if number < exact:
            part = Decimal(rng.choice((20, 30, 40, 50))) / 100
            rows = ((f"{county.key}-budget", 1 - part, 1 - part), (helper, part, part))
        else:
            least, most = Decimal(rng.choice((0, 10, 20))) / 100, Decimal(rng.choice((50, 60, 80))) / 100
            rows = ((f"{county.key}-budget", Decimal("0.1"), Decimal(1)), (helper, least, most))
        county.project_funding += [
            ProjectFunding(project=project.key, source=source, min_share=low, max_share=high)
            for source, low, high in rows
        ]


# --- seats --------------------------------------------------------------------------------------


def _cells(county: _County) -> tuple[list[Capacity], list[Demand]]:
    """Existing seats and demand of every cell.

    Demand is what exists and a part of what the projects would bring: under half in the first
    year, nearly all in the last ones.
    """
    gain: dict[tuple[str, Stage], int] = defaultdict(int)
    touched: dict[tuple[str, Stage], int] = defaultdict(int)
    for effect in county.seats:
        cell = (county.projects[effect.project].zone, effect.stage)
        touched[cell] += effect.seats_replaced + effect.seats_offline
        if effect.project not in county.outsized:
            gain[cell] += effect.added - effect.seats_replaced
    capacity: list[Capacity] = []
    demand: list[Demand] = []
    for stage, school in SCHOOLS.items():
        for zone in county.zones[:1] if stage in IN_TOWN_ONLY else county.zones:
            brought = max(0, gain[zone, stage])
            existing = touched[zone, stage] + school.seats_per_class * max(school.classes)
            existing += int(brought * county.rng.uniform(1.5, 3.0))
            capacity += _capacity(county, zone, stage, existing)
            missing = _growth(county, brought, town=zone in county.town, falls=stage is Stage.KINDERGARTEN)
            needed = {year: existing + seats for year, seats in missing.items()}
            demand.append(Demand(county=county.key, stage=stage, zone=zone, seats=needed))
    return capacity, demand


def _capacity(county: _County, zone: str, stage: Stage, seats: int) -> list[Capacity]:
    """One row of seats; of kindergartens a second one, for the private part."""
    private = int(seats * county.rng.uniform(0.3, 0.5)) if stage is Stage.KINDERGARTEN else 0
    year = county.horizon.first_year
    rows = [Capacity(county=county.key, stage=stage, zone=zone, seats={year: seats - private})]
    if private:
        rows.append(Capacity(county=county.key, stage=stage, zone=zone, public=False, seats={year: private}))
    return rows


def _growth(county: _County, brought: int, *, town: bool, falls: bool) -> dict[int, int]:
    """Seats missing by year if nothing is built; towns start lower and end higher. With `falls`,
    fewer births show from the middle of the horizon on."""
    rng, years = county.rng, county.horizon.years
    first, last = (rng.uniform(0.25, 0.4), 1.0) if town else (rng.uniform(0.4, 0.5), 0.9)
    missing = {}
    for i, year in enumerate(years):
        progress = i / (len(years) - 1)
        if falls and progress > 0.6:
            progress = 1.2 - progress
        level = first + (last - first) * progress + rng.uniform(-0.01, 0.01)
        missing[year] = int(brought * level)
    return missing


# --- money --------------------------------------------------------------------------------------


def _pots(county: str) -> list[tuple[str, Pot]]:
    """Every source that a county may use, its own budget first: key and kind."""
    return [(f"{county}-{pot.code}", pot) for pot in COUNTY_POTS] + [(pot.code, pot) for pot in SHARED_POTS]


def _may_pay(pot: Pot, project: Project) -> bool:
    return (not pot.stages or project.stage in pot.stages) and (
        not pot.natures or project.nature in pot.natures
    )


def _money(
    rng: Random, counties: Sequence[_County], horizon: Horizon, affordable: float
) -> tuple[list[FundingSource], list[FundingCaps]]:
    """Sources and caps: some counties are richer, and all draw on the shared pots.

    A county's budget first covers what is committed, year by year; the rest is spread.
    """
    asks = [county.ask() for county in counties]
    total = affordable * sum(asks)
    shared = total * rng.uniform(*SHARED_MONEY)
    weights = [ask * rng.uniform(0.85, 1.15) for ask in asks]
    sources: list[FundingSource] = []
    caps: list[FundingCaps] = []
    for county, weight in zip(counties, weights, strict=True):
        bound = county.committed_spend()
        free = max(0.0, (total - shared) * weight / sum(weights) - sum(bound.values()))
        for pot in COUNTY_POTS:
            key = f"{county.key}-{pot.code}"
            amounts = _spread(rng, free * pot.share, horizon, lumpy=pot.lumpy)
            if pot.code == "budget":
                amounts = {year: amount + bound[year] for year, amount in amounts.items()}
            sources.append(_source(key, county.key, pot))
            caps.append(FundingCaps(source=key, amounts=amounts))
    for pot in SHARED_POTS:
        sources.append(_source(pot.code, SHARED, pot))
        caps.append(FundingCaps(source=pot.code, amounts=_spread(rng, shared * pot.share, horizon)))
    return sources, caps


def _source(key: str, county: str, pot: Pot) -> FundingSource:
    return FundingSource(
        key=key,
        county=county,
        name_zh=pot.name_zh,
        name_en=pot.name_en,
        stages=pot.stages,
        natures=pot.natures,
        carry_over_years=pot.carry_over_years,
    )


def _spread(rng: Random, total: float, horizon: Horizon, *, lumpy: bool = False) -> dict[int, Money]:
    """`total` over the years in whole 万元, growing slowly; lumpy money skips about every third year."""
    weights = [1.03**i * rng.uniform(0.85, 1.15) for i in range(len(horizon))]
    if lumpy:
        skipped = set(rng.sample(range(len(weights)), len(weights) // 3))
        weights = [0.0 if i in skipped else weight for i, weight in enumerate(weights)]
    return {
        year: _whole_wan(total * weight / sum(weights))
        for year, weight in zip(horizon.years, weights, strict=True)
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.generate", description=__doc__.partition("\n")[0])
    parser.add_argument("size", choices=list(SIZES), help="number of projects")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="folder for projects.xlsx and scenario.toml")
    args = parser.parse_args()
    projects, counties, years = SIZES[args.size]
    tables, scenario = portfolio(projects, counties, years, args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    write(tables, args.out / "projects.xlsx")
    horizon = Horizon(scenario.horizon.first_year, scenario.horizon.last_year)
    (args.out / "scenario.toml").write_text(scenario_text(horizon, scenario.title), encoding="utf-8")
    for name in ("projects.xlsx", "scenario.toml"):
        print(args.out / name)


if __name__ == "__main__":
    main()
