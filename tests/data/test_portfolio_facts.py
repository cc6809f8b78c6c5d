"""The shipped portfolio tells what the plans state, and says of every other figure where it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Protocol

import pytest

from data.build import facts, rules
from data.build.accounting import LEFT_OUT, accounts
from data.build.document import rendered
from data.build.norms import rows as norm_rows
from data.build.portfolio import build, specs
from portfolio.domain.estimate import estimated_cost, estimated_duration
from portfolio.domain.funding import FundingSource
from portfolio.domain.money import Money, from_wan, split
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import (
    Basis,
    MilestoneKind,
    Nature,
    Project,
    RelationKind,
    Stage,
)
from portfolio.workbook.reader import read

ROOT = Path(__file__).resolve().parents[2]

SIX = {
    "shizhu-nanbin-middle-relocation": ("甑子坪", "南宾中学迁建工程", "迁建", 50080, 2020, 2022),
    "shizhu-shuangqing-primary-relocation": ("乌洋坝", "双庆小学迁建工程", "迁建", 5000, 2020, 2023),
    "shizhu-minzu-middle-relocation": ("芭蕉滩", "民族中学迁建工程", "迁建", 47175, 2021, 2023),
    "shizhu-no1-middle-relocation": ("马落洞", "石柱一中迁建工程", "迁建", 18968, 2022, 2024),
    "shizhu-haowangshan-primary": ("好望山", "好望山小学新建工程", "新建", 10205, 2023, 2025),
    "shizhu-chengqu-middle": ("城南社区", "城区中学新建项目", "新建", 18968, 2024, 2026),
}
"""The annex: place, name, nature, investment in 万元, first and last year."""

NATURES = {"迁建": Nature.RELOCATION, "新建": Nature.NEW}

SHARES = {3: (30, 45, 25), 4: (15, 35, 35, 15)}
"""Percent of the cost by construction year, for the two durations of the annex (MODEL section 2)."""


class Noted(Protocol):
    @property
    def notes(self) -> str: ...


@cache
def built() -> Portfolio:
    return build()


@cache
def shipped() -> Portfolio:
    """The workbook in the repository, which staff may have edited since it was built."""
    found = read(ROOT / "data" / "projects.xlsx")
    assert found.portfolio is not None, [notice.line("en") for notice in found.notices]
    return found.portfolio


def by_key(portfolio: Portfolio) -> dict[str, Project]:
    return {project.key: project for project in portfolio.projects}


# The annex


@pytest.mark.parametrize("portfolio", [built, shipped])
def test_annex_projects_are_exactly_as_published(portfolio: Callable[[], Portfolio]) -> None:
    projects = by_key(portfolio())
    published = {row.key: row for row in facts.annex()}
    for key, (place, name, nature, investment, first, last) in SIX.items():
        project, row = projects[key], published[key]
        assert (project.location, project.name_zh) == (place, name) == (row.location, row.name)
        assert project.nature is NATURES[nature]
        assert project.total_cost == from_wan(investment)
        assert project.duration_years == last - first + 1
        assert project.scale == row.scale
        assert row.period == f"{first}—{last}年"
        assert project.basis is Basis.STATED


def test_annex_scale_keeps_the_documents_words() -> None:
    scale = by_key(built())["shizhu-chengqu-middle"].scale
    assert scale == (
        "设计规模为39个班，可容纳学生1950人。项目建设用地31200平方米，新建校舍27300平方米，"
        "新建运动场20000平方米，建设附属管网及设施设备等。"
    )


def test_annex_investment_adds_up_to_150396_wan() -> None:
    projects = by_key(built())
    assert sum(projects[key].total_cost or 0 for key in SIX) == from_wan(150396)


def test_annex_rows_come_first_and_in_the_published_order() -> None:
    assert [project.key for project in built().projects[:6]] == list(SIX)


def test_annex_starts_are_free_but_for_the_two_begun_in_2020() -> None:
    fixed = {key: by_key(built())[key].fixed_start for key in SIX}
    assert [key for key, year in fixed.items() if year == 2020] == list(SIX)[:2]
    assert list(fixed.values())[2:] == [None] * 4


def test_published_years_keep_every_milestone_of_the_six() -> None:
    found = [m for m in built().milestones if m.project in SIX]
    for milestone in found:
        *_, first, last = SIX[milestone.project]
        assert milestone.year >= (first if milestone.kind is MilestoneKind.START_BY else last)
    kinds = Counter((m.project, m.kind) for m in found)
    assert set(kinds) == {(key, k) for key in SIX for k in (MilestoneKind.START_BY, MilestoneKind.FINISH_BY)}


# Nothing is lost, nothing is unexplained


def test_every_fact_is_kept_merged_split_or_left_out_with_a_reason() -> None:
    keys = set(by_key(built()))
    entries = accounts(specs())
    assert [entry.fact for entry in entries] == list(facts.projects())
    for entry in entries:
        assert set(entry.rows) <= keys
        assert (entry.fate == "left out") == (not entry.rows)
        assert entry.fate == "kept" or (entry.reason_zh and entry.reason_en)
    assert {row for entry in entries for row in entry.rows} == keys


def test_left_out_are_only_the_named_and_the_completed() -> None:
    left_out = {entry.fact for entry in accounts(specs()) if entry.fate == "left out"}
    assert {key for key in left_out if "-13fyp-" not in key} == set(LEFT_OUT)


def test_document_tells_the_same_accounts() -> None:
    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    assert rendered(built(), specs()) in text


def test_every_row_says_where_it_comes_from() -> None:
    portfolio = built()
    for project in portfolio.projects:
        assert project.source
        assert project.locator
        assert project.notes
    rows: tuple[Sequence[Noted], ...] = (
        portfolio.seats,
        portfolio.spending,
        portfolio.funding_sources,
        portfolio.funding_caps,
        portfolio.project_funding,
        portfolio.capacity,
        portfolio.demand,
        portfolio.relations,
        portfolio.milestones,
        portfolio.norms,
    )
    assert all(row.notes for table in rows for row in table)


def test_only_rows_with_a_locator_claim_to_be_stated() -> None:
    portfolio = built()
    assert all(p.source and p.locator for p in portfolio.projects if p.basis is Basis.STATED)
    assert all(s.source and s.locator for s in portfolio.seats if s.basis is Basis.STATED)
    assert {p.key for p in portfolio.projects if p.basis is Basis.STATED} == set(SIX)


def test_seats_given_up_are_never_in_a_stated_row() -> None:
    assert all(s.basis is Basis.ASSUMED for s in built().seats if s.seats_replaced or s.seats_offline)


# Costs, seats, relations


def test_every_blank_cost_and_duration_has_a_norm() -> None:
    portfolio = built()
    for project in portfolio.projects:
        effects = [s for s in portfolio.seats if s.project == project.key]
        assert project.total_cost or estimated_cost(project, effects, portfolio.norms)
        assert project.duration_years or estimated_duration(project, portfolio.norms)


def test_a_project_is_no_better_founded_than_its_norm() -> None:
    order = (Basis.STATED, Basis.DERIVED, Basis.ASSUMED)
    for project in built().projects:
        effects = [s for s in built().seats if s.project == project.key]
        estimate = None if project.total_cost else estimated_cost(project, effects, norm_rows())
        if estimate:
            assert order.index(project.basis) >= order.index(estimate.norm.basis)


def test_norms_follow_from_the_annex() -> None:
    assert rules.annex_average() == rules.ANNEX_YUAN_PER_M2
    assert round(Decimal(10205_0000) / 1890) == rules.PRIMARY_YUAN_PER_SEAT
    assert round(Decimal(5000_0000) / 1080) == rules.PRIMARY_RELOCATION_YUAN_PER_SEAT
    assert round(Decimal(18968_0000) / 1950) == rules.JUNIOR_YUAN_PER_SEAT
    assert round(Decimal(47175_0000) / 3900) == rules.SENIOR_YUAN_PER_SEAT
    assert round(Decimal(15_6100_0000) / 16300) == rules.LIANGPING_YUAN_PER_SEAT


def test_seats_of_xifengs_kindergartens_are_the_stated_900_and_1170() -> None:
    added = Counter[str]()
    for effect in built().seats:
        added["town" if "county-town" in effect.project else effect.project] += effect.added
    assert (added["town"], added["xifeng-township-kg-group"]) == (900, 1170)


def test_no1_middle_school_is_relocated_or_rebuilt_never_both() -> None:
    pairs = {(r.project, r.other) for r in built().relations if r.kind is RelationKind.EXCLUDE}
    assert pairs == {
        ("shizhu-no1-middle-relocation", "shizhu-no1-junior-block1"),
        ("shizhu-no1-middle-relocation", "shizhu-no1-junior-block23"),
    }


def test_a_milestone_stands_once_and_is_an_aim() -> None:
    found = built().milestones
    assert len({(m.project, m.kind, m.year) for m in found}) == len(found)
    assert not any(m.firm for m in found)


def test_the_same_milestone_in_two_places_keeps_both_locators() -> None:
    found = [m for m in built().milestones if m.project == "shizhu-shuangqing-primary-relocation"]
    assert any("四、年度目标 2023" in m.locator and "附件表 row 2" in m.locator for m in found)


# Demand


@pytest.mark.parametrize(
    ("county", "stage", "year", "total"),
    [
        ("Liangping", Stage.KINDERGARTEN, 2022, 19000),
        ("Liangping", Stage.PRIMARY, 2025, 42000),
        ("Yunyang", Stage.JUNIOR, 2025, 33000),
        ("Yunyang", Stage.PRIMARY, 2020, 64000),
        ("Xifeng", Stage.PRIMARY, 2020, 21028),
        ("Xifeng", Stage.SPECIAL, 2020, 72),
    ],
)
def test_zones_add_up_to_the_stated_enrolment(county: str, stage: Stage, year: int, total: int) -> None:
    rows = [d for d in built().demand if d.county == county and d.stage is stage]
    assert sum(row.seats[year] for row in rows) == total


def test_towns_grow_while_county_totals_fall() -> None:
    rows = [d for d in built().demand if d.county == "Liangping" and d.stage is Stage.PRIMARY]
    town = next(row for row in rows if row.zone == rules.TOWN)
    assert town.seats[2030] > town.seats[2020]
    assert sum(r.seats[2030] for r in rows) < sum(r.seats[2020] for r in rows)


def test_kindergarten_capacity_keeps_the_stated_public_share() -> None:
    rows = [c for c in built().capacity if c.county == "Shizhu" and c.stage is Stage.KINDERGARTEN]
    public = sum(row.seats[2020] for row in rows if row.public)
    assert Fraction(public, sum(row.seats[2020] for row in rows)) == pytest.approx(0.582, abs=0.001)


# Money


def test_the_published_annex_years_can_be_paid() -> None:
    """By hand: every year's spend of the six, paid greedily, fits the Shizhu caps from 2020 on."""
    starts = {key: (first, last - first + 1) for key, (*_, first, last) in SIX.items()}
    assert unpaid(starts, range(2020, 2030), Fraction(1)) == {}


def test_what_is_under_way_can_be_paid_with_a_fifth_less_money() -> None:
    starts = {key: SIX[key][4:] for key in list(SIX)[:2]}
    periods = {key: (first, last - first + 1) for key, (first, last) in starts.items()}
    assert unpaid(periods, range(2021, 2031), Fraction(4, 5)) == {}


def test_caps_bind_but_pay_most_of_what_is_asked() -> None:
    portfolio = built()
    asked = sum(_cost(project, portfolio) for project in portfolio.projects)
    money = sum(sum(row.amounts[y] for y in row.amounts if y >= 2021) for row in portfolio.funding_caps)
    assert Fraction(60, 100) < Fraction(money, asked) < Fraction(75, 100)


def unpaid(
    periods: dict[str, tuple[int, int]], years: range, factor: Fraction
) -> dict[tuple[str, int], Money]:
    """What the caps leave unpaid: the narrowest sources first, the oldest money first."""
    portfolio = built()
    projects = by_key(portfolio)
    caps = {row.source: row.amounts for row in portfolio.funding_caps}
    pots = {s.key: {y: int(caps[s.key].get(y, 0) * factor) for y in years} for s in portfolio.funding_sources}
    left: dict[tuple[str, int], Money] = {}
    for year in years:
        for key in sorted(periods, key=lambda k: projects[k].stage is not Stage.SENIOR):
            due = _spend(projects[key], *periods[key]).get(year, 0)
            for source in sorted(
                portfolio.funding_sources, key=lambda s: (not s.stages, s.carry_over_years or 0)
            ):
                if _may_pay(source, projects[key]):
                    due -= _draw(pots[source.key], year, source.carry_over_years or 0, due)
            if due:
                left[key, year] = due
    return left


def _spend(project: Project, first: int, years: int) -> dict[int, Money]:
    shares = [Fraction(percent, 100) for percent in SHARES[years]]
    return {first + n: part for n, part in enumerate(split(project.total_cost or 0, shares))}


def _may_pay(source: FundingSource, project: Project) -> bool:
    return (
        source.county == project.county
        and (not source.stages or project.stage in source.stages)
        and (not source.natures or project.nature in source.natures)
    )


def _draw(pot: dict[int, Money], year: int, carry_over_years: int, due: Money) -> Money:
    drawn = 0
    for born in range(year - carry_over_years, year + 1):
        part = min(pot.get(born, 0), due - drawn)
        if part:
            pot[born] -= part
            drawn += part
    return drawn


def _cost(project: Project, portfolio: Portfolio) -> Money:
    if project.total_cost is not None:
        return project.total_cost
    effects = [s for s in portfolio.seats if s.project == project.key]
    estimate = estimated_cost(project, effects, portfolio.norms)
    assert estimate is not None
    return estimate.value


# The program itself


def test_building_twice_gives_the_same_portfolio() -> None:
    assert build() == build()


def test_about_sixty_projects_of_four_counties() -> None:
    counties = Counter(project.county for project in built().projects)
    assert set(counties) == {"Shizhu", "Yunyang", "Liangping", "Xifeng"}
    assert 55 <= sum(counties.values()) <= 75
