"""Findings about seats, standards, norms and gaps: each with the situation that must not give it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from portfolio.domain.funding import ProjectFunding
from portfolio.domain.notice import Severity
from portfolio.domain.portfolio import Norm
from portfolio.domain.project import Basis, Nature, Stage
from portfolio.quality import Kind, Report, check
from portfolio.quality.document import document
from portfolio.quality.findings import years_words
from tests.builders import a_problem, a_project, a_source, capacity, caps, demand, milestone, relation, seats
from tests.quality.checks import RICH, kinds, only, report, school

Case = tuple[list[Any], dict[str, Any]]
WHOLE: dict[str, Any] = {"nature": Nature.NEW}
NORM = Norm(
    cost_per_m2=Decimal(5000), cost_per_seat=Decimal(50_000), area_per_seat_m2=Decimal(10), duration_years=2,
    source="附件", locator="表 1",
)  # fmt: skip


def built(seats: int = 1000, cost: float = 5000, area: int = 10_000, duration: int = 2) -> Case:
    """A school; by default exactly as the norm has it."""
    row = a_project(cost=cost, duration=duration, floor_area_m2=Decimal(area))
    return [row], {"seats": [school(seats)], "norms": [NORM]}


def scaled(text: str, seats: int, stage: Stage = Stage.PRIMARY, **more: Any) -> Case:
    """A whole school with this design scale."""
    row = a_project(stage=stage, scale=text, **{**WHOLE, **more})
    return [row], {"seats": [school(seats, stage=stage)]}


CASES: dict[str, tuple[Kind, Case, Case]] = {
    "short to the end": (
        Kind.SHORT_AT_THE_END,
        ([a_project()], {"demand": [demand(0, 10)], "seats": [seats("p", 9)]}),
        ([a_project()], {"demand": [demand(0, 10)], "seats": [seats("p", 10)]}),
    ),
    "short until schools open": (
        Kind.SHORT_FOR_A_WHILE,
        ([a_project(duration=2)], {"demand": [demand(0, 10)], "seats": [seats("p", 10)]}),
        ([a_project(duration=1)], {"demand": [demand(0, 10)], "seats": [seats("p", 10)]}),
    ),
    "short in the first year": (
        Kind.SHORT_NOW,
        ([], {"demand": [demand(10)], "capacity": [capacity(9)]}),
        ([], {"demand": [demand(10)], "capacity": [capacity(10)]}),
    ),
    "seats that a forced project takes away": (
        Kind.SHORT_FOR_A_WHILE,
        ([a_project(mandatory=True, fixed_start=2022)], {"demand": [demand(10)], "capacity": [capacity(10)], "seats": [seats("p", 9, seats_offline=1)]}),
        ([a_project()], {"demand": [demand(10)], "capacity": [capacity(10)], "seats": [seats("p", 9, seats_offline=1)]}),
    ),
    "demand without capacity": (
        Kind.NO_CAPACITY,
        ([], {"demand": [demand(10)], "capacity": [capacity(10, zone="u")]}),
        ([], {"demand": [demand(10)], "capacity": [capacity(0)]}),
    ),
    "a soft target out of reach": (
        Kind.TARGET_MISSED,
        ([], {"demand": [demand(10)], "capacity": [capacity(8)], "settings": {"targets": [{"ratio": Decimal("0.9"), "soft": True}]}}),
        ([], {"demand": [demand(10)], "capacity": [capacity(9)], "settings": {"targets": [{"ratio": Decimal("0.9"), "soft": True}]}}),
    ),
    "a milestone that cannot be kept": (
        Kind.MILESTONE_MISSED,
        ([a_project(duration=2, earliest_start=2022)], {"milestones": [milestone("p", "finish_by", 2022)]}),
        ([a_project(duration=2, earliest_start=2021)], {"milestones": [milestone("p", "finish_by", 2022)]}),
    ),
    "a milestone that the project before delays": (
        Kind.MILESTONE_MISSED,
        ([a_project(), a_project("q")], {"milestones": [milestone("p", "start_by", 2021)], "relations": [relation("after", "p", "q")]}),
        ([a_project(), a_project("q")], {"milestones": [milestone("p", "start_by", 2022)], "relations": [relation("after", "p", "q")]}),
    ),
    "primary classes": (
        Kind.CLASS_SIZE, ([a_project()], {"seats": [school(451, 10)]}), ([a_project()], {"seats": [school(450, 10)]}),
    ),
    "junior classes": (
        Kind.CLASS_SIZE,
        ([a_project()], {"seats": [school(501, 10, Stage.JUNIOR)]}),
        ([a_project()], {"seats": [school(500, 10, Stage.JUNIOR)]}),
    ),
    "kindergarten classes of Shizhu": (
        Kind.CLASS_SIZE,
        ([a_project(county="Shizhu")], {"seats": [school(61, 2, Stage.KINDERGARTEN)], "sources": [a_source(county="*")]}),
        ([a_project(county="Yunyang")], {"seats": [school(61, 2, Stage.KINDERGARTEN)], "sources": [a_source(county="*")]}),
    ),
    "a primary school": (
        Kind.SCHOOL_SIZE, ([a_project(**WHOLE)], {"seats": [school(2001)]}), ([a_project(**WHOLE)], {"seats": [school(2000)]}),
    ),
    "a nine-year school": (
        Kind.SCHOOL_SIZE,
        ([a_project(**WHOLE)], {"seats": [school(1500), school(1001, stage=Stage.JUNIOR)]}),
        ([a_project(**WHOLE)], {"seats": [school(1500), school(1000, stage=Stage.JUNIOR)]}),
    ),
    "senior pupils do not count": (
        Kind.SCHOOL_SIZE,
        ([a_project(**WHOLE)], {"seats": [school(2001, stage=Stage.JUNIOR)]}),
        ([a_project(**WHOLE)], {"seats": [school(2000, stage=Stage.JUNIOR), school(2000, stage=Stage.SENIOR)]}),
    ),
    "a row of several schools": (
        Kind.SCHOOL_SIZE,
        ([a_project(scale="新建小学1所", **WHOLE)], {"seats": [school(2001)]}),
        ([a_project(scale="新建小学2所", **WHOLE)], {"seats": [school(2001)]}),
    ),
    "a primary school's sports ground": (
        Kind.SPORTS_AREA, scaled("新建运动场7499平方米", 1000), scaled("新建运动场7,500平方米", 1000),
    ),
    "a junior school's sports ground": (
        Kind.SPORTS_AREA, scaled("运动场 10199㎡", 1000, Stage.JUNIOR), scaled("运动场 10200㎡", 1000, Stage.JUNIOR),
    ),
    "a gymnasium counts beside a ground": (
        Kind.SPORTS_AREA, scaled("运动场7000平方米", 1000), scaled("运动场7000平方米，体育馆500平方米", 1000),
    ),
    "a gymnasium alone says nothing of the ground": (
        Kind.SPORTS_AREA, scaled("运动场1平方米", 1000), scaled("运动体育馆6800平方米", 4000),
    ),
    "an expansion has its old ground": (
        Kind.SPORTS_AREA, scaled("运动场1平方米", 1000), scaled("运动场1平方米", 1000, nature=Nature.EXPANSION),
    ),
    "a vocational school has no such standard": (
        Kind.SPORTS_AREA, scaled("运动场1平方米", 1000), scaled("运动场1平方米", 1000, Stage.VOCATIONAL),
    ),
    "a dear seat": (Kind.COST_PER_SEAT, built(cost=10_025), built(cost=10_024)),
    "a cheap seat": (Kind.COST_PER_SEAT, built(cost=2474), built(cost=2475)),
    "a dear square metre": (Kind.COST_PER_M2, built(area=4975), built(area=5000)),
    "much room": (Kind.AREA_PER_SEAT, built(area=20_060), built(area=20_049)),
    "little room": (Kind.AREA_PER_SEAT, built(area=4940), built(area=4950)),
    "slow works": (Kind.DURATION, built(duration=5), built(duration=4)),
    "figures of the norm itself": (
        Kind.COST_PER_SEAT,
        built(cost=20_000),
        ([type(a_project())(key="p", county="A", stage=Stage.PRIMARY, duration_years=2)], {"seats": [school(10)], "norms": [NORM]}),
    ),
    "a source without caps": (Kind.NO_CAPS, ([a_project()], {"caps": [caps(0, 0)]}), ([a_project()], {"caps": [caps(0, 1)]})),
    "a source that nobody may use": (
        Kind.UNUSED_SOURCE,
        ([a_project()], {"sources": [a_source(), a_source("t")], "caps": [*RICH, caps(1, source="t")], "project_funding": [ProjectFunding(project="p", source="s")]}),
        ([a_project()], {"sources": [a_source(), a_source("t")], "caps": [*RICH, caps(1, source="t")]}),
    ),
    "a completed project": (
        Kind.CLOSED_PROJECT, ([a_project(status="completed")], {}), ([a_project(status="under_construction")], {}),
    ),
    "a suspended project": (Kind.CLOSED_PROJECT, ([a_project(status="suspended")], {}), ([a_project(status="planned")], {})),
    "two projects of one name": (
        Kind.DOUBLE_NAME,
        ([a_project(name_zh="一小"), a_project("q", name_zh=" 一 小")], {}),
        ([a_project(name_zh="一小"), a_project("q", name_zh="一小", county="B")], {"sources": [a_source(county="*")]}),
    ),
    "a school without seats": (
        Kind.NO_SEATS, ([a_project()], {}), ([a_project()], {"seats": [seats("p", 0, seats_replaced=1)]}),
    ),
    "other works need no seats": (Kind.NO_SEATS, ([a_project()], {}), ([a_project(stage=Stage.OTHER)], {})),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "bad", "good"), CASES.values(), ids=CASES)
def test_what_is_there_is_told_and_what_is_not_is_not(kind: Kind, bad: Case, good: Case) -> None:
    assert kind in kinds(bad[0], **bad[1])
    assert kind not in kinds(good[0], **good[1])


def test_every_kind_of_finding_is_tested() -> None:
    from tests.quality import test_impossible

    tested = {kind for kind, _, _ in [*CASES.values(), *test_impossible.CASES.values()]}
    assert tested | {Kind.NEVER_BUILT} == set(Kind)


HAOWANGSHAN = "办学规模为42个班，容纳学生1890人。需征土地22680平方米，新建校舍13608平方米，新建运动场12237平方米及场平管网。"


def test_a_ground_above_85_percent_of_the_standard_may_pass_as_the_only_exception() -> None:
    found = only(Kind.SPORTS_AREA, scaled(HAOWANGSHAN, 1890)[0], seats=[school(1890, 42)])

    assert (found.found, found.limit, found.severity) == ("6.47", "7.5", Severity.WARNING)
    assert "6.375" in found.text.zh
    assert "14,175 m² (1,938 m² more)" in found.advice.en
    assert "教督〔2017〕6号" in found.document


def test_a_ground_below_85_percent_is_an_error() -> None:
    for ground, severity in (("6375", Severity.WARNING), ("6374", Severity.ERROR)):
        rows, tables = scaled(f"运动场{ground}平方米", 1000)
        assert only(Kind.SPORTS_AREA, rows, **tables).severity is severity


def test_pupils_of_all_stages_share_a_ground() -> None:
    """40,000 m² for 1,950 junior and 1,950 senior pupils: 10.26 m² each, above 10.2."""
    rows = [school(1950, stage=Stage.JUNIOR), school(1950, stage=Stage.SENIOR)]
    text = "一期新建运动场{}平方米。二期新建运动场20000平方米"

    for first, told in ((20_000, False), (19_000, True)):
        project = a_project(scale=text.format(first), **WHOLE)
        assert (Kind.SPORTS_AREA in kinds([project], seats=rows)) is told


def test_a_standard_derived_from_other_schools_is_a_notice_only() -> None:
    found = only(
        Kind.CLASS_SIZE,
        [a_project(county="石柱县")],
        seats=[school(61, 2, Stage.KINDERGARTEN)],
        sources=[a_source(county="*")],
    )
    assert found.severity is Severity.NOTICE
    assert "专栏2" in found.locator


@pytest.mark.parametrize(
    ("county", "document"), [("Shizhu", "石柱县"), ("石柱县", "石柱县"), ("Yunyang", "教育部")]
)
def test_a_countys_own_document_comes_before_the_national_one(county: str, document: str) -> None:
    found = only(
        Kind.CLASS_SIZE, [a_project(county=county)], seats=[school(46, 1)], sources=[a_source(county="*")]
    )
    assert document in found.document


def test_a_figure_far_from_its_norm_names_the_norm() -> None:
    rows, tables = built(area=30_000)
    found = only(Kind.AREA_PER_SEAT, rows, **tables)
    assert (found.found, found.limit, found.document, found.locator) == ("30", "10", "附件", "表 1")
    assert "300%" in found.text.zh


def test_the_norms_of_all_stages_of_a_school_count() -> None:
    """2,000 m² for 50 primary and 50 junior seats is what the norms of both give: (10 + 30) × 50."""
    norms = [
        Norm(stage=Stage.PRIMARY, area_per_seat_m2=Decimal(10)),
        Norm(stage=Stage.JUNIOR, area_per_seat_m2=Decimal(30)),
    ]
    rows = [school(50), school(50, stage=Stage.JUNIOR)]
    project = a_project(floor_area_m2=Decimal(4020))
    assert Kind.AREA_PER_SEAT not in kinds([a_project(floor_area_m2=Decimal(4000))], seats=rows, norms=norms)
    assert only(Kind.AREA_PER_SEAT, [project], seats=rows, norms=norms).limit == "20"


def test_the_most_important_comes_first() -> None:
    found = report(
        [a_project(mandatory=True, duration=4), a_project("q", cost=1)],
        demand=[demand(5)],
        capacity=[capacity(4)],
    ).findings
    order = [list(Kind).index(finding.kind) for finding in found]
    assert order == sorted(order)
    assert found[0].severity is Severity.ERROR


def estimated() -> Report:
    blank = type(a_project())(key="p", county="A", stage=Stage.PRIMARY, basis=Basis.STATED)
    return check(
        a_problem(
            [blank, a_project("q", cost=2, basis=Basis.STATED)],
            caps=RICH,
            seats=[school(10)],
            norms=[NORM],
            demand=[demand(5, basis=Basis.DERIVED)],
        )
    )


def test_what_is_estimated_and_what_the_input_rests_on() -> None:
    found = document(estimated())

    assert [(e["project"], e["field"], e["value"]) for e in found["estimates"]] == [
        ("p", "total_cost", 50.0), ("p", "duration_years", 2.0), ("p", "floor_area_m2", 100.0),
    ]  # fmt: skip
    assert found["estimates"][0]["formula"] == "10 座 × 50000 元/座 / 10 seats × 50000 yuan/seat"
    assert (found["estimates"][0]["document"], found["estimates"][0]["basis"]) == ("附件", "assumed")
    lines = {line.pop("name"): line for line in found["basis"]}
    assert lines["projects"] == {"unit": "rows", "stated": 2, "derived": 0, "assumed": 0}
    assert lines["cost"] == {"unit": "万元", "stated": 2.0, "derived": 0.0, "assumed": 50.0}
    assert lines["demand"]["derived"] == 1


def test_every_finding_says_where_and_what_in_both_languages() -> None:
    for _, bad, _ in CASES.values():
        for finding in report(bad[0], **bad[1]).findings:
            assert all((*finding.place, *finding.text)), finding
            assert bool(finding.advice.zh) == bool(finding.advice.en)


def test_a_program_finds_the_cell_by_its_keys() -> None:
    checked = report(demand=[demand(10, zone="u")], capacity=[capacity(9, zone="u")])
    found = next(entry for entry in document(checked)["findings"] if entry["kind"] == "short_now")

    assert (found["year"], found["found"], found["limit"]) == (2021, "9", "10")
    assert (found["county"], found["zone"], found["stage"], found["project"]) == ("A", "u", "primary", "")


@pytest.mark.parametrize(
    ("years", "words"),
    [([], ""), ([2021], "2021"), ([2021, 2022], "2021–2022"), ([2021, 2023, 2024], "2021, 2023–2024")],
)
def test_years_in_words(years: list[int], words: str) -> None:
    assert years_words(years) == words
