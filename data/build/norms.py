"""The sheet Norms: what a blank cost or duration is estimated from."""

from __future__ import annotations

from decimal import Decimal

from data.build import rules
from data.build.facts import DOCUMENTS, LIANGPING, SHIZHU_145, SHIZHU_2029
from portfolio.domain.money import round_half_up
from portfolio.domain.portfolio import Norm
from portfolio.domain.project import Basis, Nature, Stage

ANNEX = DOCUMENTS[SHIZHU_2029]
KINDERGARTEN_YUAN_PER_SEAT = (
    round_half_up(rules.ANNEX_YUAN_PER_M2 * rules.AREA_PER_SEAT[Stage.KINDERGARTEN] / 100) * 100
)


def rows() -> tuple[Norm, ...]:
    """Every norm, the general ones first."""
    return (
        *_single_ratios(),
        *_stated_ratios(),
        *_expansions(),
        *_assumed_stages(),
        *_natures(),
        *_durations(),
    )


def _stage(stage: Stage, per_m2: int, per_seat: int, locator: str, notes: str) -> Norm:
    return Norm(
        stage=stage,
        cost_per_m2=Decimal(per_m2),
        cost_per_seat=Decimal(per_seat),
        seats_per_class=rules.SEATS_PER_CLASS[stage],
        area_per_seat_m2=rules.AREA_PER_SEAT[stage],
        basis=Basis.DERIVED,
        source=ANNEX,
        locator=locator,
        notes=notes,
    )


def _stated_ratios() -> tuple[Norm, ...]:
    """Stated investment over stated area and seats."""
    return (
        _stage(
            Stage.PRIMARY,
            rules.PRIMARY_YUAN_PER_M2,
            rules.PRIMARY_YUAN_PER_SEAT,
            "附件表 row 5",
            "好望山小学：10205万元÷13608㎡、÷1890座",
        ),
        _stage(
            Stage.JUNIOR,
            rules.JUNIOR_YUAN_PER_M2,
            rules.JUNIOR_YUAN_PER_SEAT,
            "附件表 row 4, 6",
            "石柱一中、城区中学：18968万元÷27300㎡、÷1950座",
        ),
        _stage(
            Stage.SENIOR,
            rules.SENIOR_YUAN_PER_M2,
            rules.SENIOR_YUAN_PER_SEAT,
            "附件表 row 3",
            "民族中学：47175万元÷66300㎡、÷3900座（初高中合计）",
        ),
    )


def _single_ratios() -> tuple[Norm, ...]:
    """The annex average, and two ratios that fit one kind of project only."""
    return (
        Norm(
            cost_per_m2=Decimal(rules.ANNEX_YUAN_PER_M2),
            basis=Basis.DERIVED,
            source=ANNEX,
            locator="附件表 row 1, 3–6",
            notes="有建筑面积的5个项目：145396万元÷251008㎡",
        ),
        Norm(
            stage=Stage.PRIMARY,
            nature=Nature.RELOCATION,
            cost_per_seat=Decimal(rules.PRIMARY_RELOCATION_YUAN_PER_SEAT),
            seats_per_class=rules.SEATS_PER_CLASS[Stage.PRIMARY],
            basis=Basis.DERIVED,
            source=ANNEX,
            locator="附件表 row 2",
            notes="双庆小学：5000万元÷1080座",
        ),
        Norm(
            county="Liangping",
            stage=Stage.PRIMARY,
            nature=Nature.CONTINUING,
            cost_per_seat=Decimal(rules.LIANGPING_YUAN_PER_SEAT),
            basis=Basis.DERIVED,
            source=DOCUMENTS[LIANGPING],
            locator="第一章第三节",
            notes="2016—2020年15.61亿元÷新增1.63万学位（新建、改扩建合计），只用于当时开工的续建学校",
        ),
    )


def _expansions() -> tuple[Norm, ...]:
    """Expansion: the annex average per m2 (derived), a share of the new school's cost per seat (assumed)."""
    per_seat = {
        Stage.PRIMARY: rules.PRIMARY_YUAN_PER_SEAT,
        Stage.JUNIOR: rules.JUNIOR_YUAN_PER_SEAT,
        Stage.SENIOR: rules.SENIOR_YUAN_PER_SEAT,
        Stage.KINDERGARTEN: KINDERGARTEN_YUAN_PER_SEAT,
        Stage.VOCATIONAL: _per_seat(Stage.VOCATIONAL),
    }
    by_area = (
        Norm(
            stage=stage,
            nature=Nature.EXPANSION,
            cost_per_m2=Decimal(rules.ANNEX_YUAN_PER_M2),
            basis=Basis.DERIVED,
            source=ANNEX,
            locator="附件表 row 1, 3–6",
            notes="改扩建按附件平均每平方米造价",
        )
        for stage in per_seat
    )
    by_seat = (
        Norm(
            stage=stage,
            nature=Nature.EXPANSION,
            cost_per_seat=Decimal(round_half_up(yuan * rules.EXPANSION_FACTOR)),
            seats_per_class=rules.SEATS_PER_CLASS[stage],
            basis=Basis.ASSUMED,
            notes=f"改扩建每座按新建的{rules.EXPANSION_FACTOR:.0%}（假定：不征地、共用场地）",
        )
        for stage, yuan in per_seat.items()
    )
    return (*by_area, *by_seat)


def _assumed_stages() -> tuple[Norm, ...]:
    """Stages without a stated investment: area per seat times the annex average."""
    kindergarten = Norm(
        stage=Stage.KINDERGARTEN,
        cost_per_m2=Decimal(rules.ANNEX_YUAN_PER_M2),
        cost_per_seat=Decimal(KINDERGARTEN_YUAN_PER_SEAT),
        seats_per_class=rules.SEATS_PER_CLASS[Stage.KINDERGARTEN],
        area_per_seat_m2=rules.AREA_PER_SEAT[Stage.KINDERGARTEN],
        basis=Basis.DERIVED,
        source=DOCUMENTS[SHIZHU_145],
        locator="专栏2",
        notes="西沱云梯园3202.11㎡÷360座=8.89㎡；8.89㎡×附件平均造价，取整百",
    )
    others = tuple(
        Norm(
            stage=stage,
            cost_per_m2=Decimal(rules.ANNEX_YUAN_PER_M2),
            cost_per_seat=Decimal(_per_seat(stage)),
            seats_per_class=rules.SEATS_PER_CLASS.get(stage),
            area_per_seat_m2=rules.AREA_PER_SEAT[stage],
            basis=Basis.ASSUMED,
            notes="生均20㎡（假定）×附件平均造价",
        )
        for stage in (Stage.VOCATIONAL, Stage.SPECIAL)
    )
    return (kindergarten, *others)


def _natures() -> tuple[Norm, ...]:
    """Renovation and fit-out per m2 (assumed), named by stage where the stage has a norm of its own."""
    renovation = ((Stage.JUNIOR, Nature.RENOVATION), (Stage.SENIOR, Nature.RENOVATION))
    fit_out = ((Stage.KINDERGARTEN, Nature.FIT_OUT), (Stage.OTHER, Nature.FIT_OUT))
    rates = (
        *((s, n, rules.RENOVATION_YUAN_PER_M2) for s, n in renovation),
        *((s, n, rules.FIT_OUT_YUAN_PER_M2) for s, n in fit_out),
    )
    return tuple(
        Norm(
            stage=stage,
            nature=nature,
            cost_per_m2=Decimal(yuan),
            basis=Basis.ASSUMED,
            notes="假定：改造、装修的单位造价",
        )
        for stage, nature, yuan in rates
    )


def _durations() -> tuple[Norm, ...]:
    """Construction years by nature, and by stage where it differs."""
    rows: tuple[tuple[Stage | None, Nature, int, Basis, str], ...] = (
        (None, Nature.NEW, 3, Basis.DERIVED, "附件新建项目建设期限均为3年"),
        (None, Nature.RELOCATION, 3, Basis.DERIVED, "附件迁建项目建设期限3—4年，取3年"),
        (None, Nature.EXPANSION, 2, Basis.ASSUMED, "假定"),
        (None, Nature.CONTINUING, 3, Basis.ASSUMED, "假定，自开工年起"),
        (None, Nature.RENOVATION, 1, Basis.ASSUMED, "假定"),
        (None, Nature.FIT_OUT, 1, Basis.ASSUMED, "假定"),
        (Stage.KINDERGARTEN, Nature.NEW, 2, Basis.ASSUMED, "假定：规模小"),
        (Stage.KINDERGARTEN, Nature.CONTINUING, 2, Basis.ASSUMED, "假定：规模小"),
        (Stage.SPECIAL, Nature.NEW, 2, Basis.ASSUMED, "假定：规模小"),
        (Stage.VOCATIONAL, Nature.NEW, 4, Basis.ASSUMED, "假定：规模大"),
        (Stage.VOCATIONAL, Nature.CONTINUING, 4, Basis.ASSUMED, "假定：规模大"),
    )
    return tuple(
        Norm(
            stage=stage,
            nature=nature,
            duration_years=years,
            basis=basis,
            source=ANNEX if basis is Basis.DERIVED else "",
            locator="附件表 建设期限" if basis is Basis.DERIVED else "",
            notes=notes,
        )
        for stage, nature, years, basis, notes in rows
    )


def _per_seat(stage: Stage) -> int:
    return round_half_up(rules.AREA_PER_SEAT[stage] * rules.ANNEX_YUAN_PER_M2)
