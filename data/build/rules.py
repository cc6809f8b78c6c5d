"""The estimating rules in numbers: where a plan is silent, these figures speak, each once.

Anchors: the annex of the Shizhu balanced-education scheme (six projects with stated investment)
and the class sizes it sets; see docs/data.md.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from data.build import facts
from portfolio.domain.money import round_half_up
from portfolio.domain.project import Stage

TOWN, CENTRAL, RURAL = "城区", "中心镇", "乡镇"
"""Zones. 中心镇 only in Yunyang, whose plan says that its central towns are crowded as the county town is."""

SEATS_PER_CLASS = {
    Stage.KINDERGARTEN: 30,
    Stage.PRIMARY: 45,
    Stage.JUNIOR: 50,
    Stage.SENIOR: 50,
    Stage.VOCATIONAL: 50,
}
"""Stated (45 and 50: scheme 三(一)4; 30: every kindergarten of 专栏2; senior: annex row 3), vocational assumed."""

AREA_PER_SEAT = {
    Stage.PRIMARY: Decimal("7.2"),
    Stage.JUNIOR: Decimal(14),
    Stage.SENIOR: Decimal(17),
    Stage.KINDERGARTEN: Decimal("8.89"),
    Stage.VOCATIONAL: Decimal(20),
    Stage.SPECIAL: Decimal(20),
}
"""m2 per seat: annex rows 5, 4 and 6, 3; 西沱云梯幼儿园; vocational and special assumed."""

OLD_SCHOOL_SHARE = Decimal("0.7")
"""Assumed: a relocated school gives up old seats equal to this share of the new ones."""

CLASSROOM_SHARE = Decimal("0.5")
"""Assumed: half of a teaching complex's floor area becomes classrooms with new seats."""

EXPANSION_FACTOR = Decimal("0.75")
"""Assumed: an expansion costs three quarters of a new school per seat: no land, shared grounds."""

ANNEX_YUAN_PER_M2 = 5792
"""145,396 万元 over 251,008 m2: the five annex rows with a floor area, underground included."""

PRIMARY_YUAN_PER_SEAT, PRIMARY_YUAN_PER_M2 = 53995, 7499
PRIMARY_RELOCATION_YUAN_PER_SEAT = 46296
JUNIOR_YUAN_PER_SEAT, JUNIOR_YUAN_PER_M2 = 97272, 6948
SENIOR_YUAN_PER_SEAT, SENIOR_YUAN_PER_M2 = 120962, 7115
LIANGPING_YUAN_PER_SEAT = 95767
"""15.61 亿元 over 1.63 万 seats, Liangping 2016-2020, new and expanded schools together."""

FIT_OUT_YUAN_PER_M2, RENOVATION_YUAN_PER_M2 = 2000, 2500
"""Assumed."""


def relocated(new_seats: int) -> int:
    """Old seats that a relocation gives up (assumed)."""
    return round_half_up(new_seats * OLD_SCHOOL_SHARE)


def complex_seats(floor_area_m2: str, stage: Stage) -> int:
    """Seats that a teaching complex adds: half its floor area at the stage's m2 per seat."""
    return round_half_up(Decimal(floor_area_m2) * CLASSROOM_SHARE / AREA_PER_SEAT[stage])


def annex_average() -> int:
    """Yuan per m2 of the annex rows that state a floor area."""
    rows = [f for row in facts.annex() if (f := facts.projects()[row.key]).floor_area_m2]
    money = sum(row.investment_wan or 0 for row in rows) * 10000
    return round_half_up(Fraction(money) / Fraction(sum(row.floor_area_m2 or 0 for row in rows)))
