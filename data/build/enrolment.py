"""Pupils by county and stage: what the plans state, and the rules that fill the rest.

Stated: Liangping (2020, 2022, 2025), Yunyang (2020, 2025), Xifeng (2020). Shizhu states none: it is
scaled from Liangping by stated education spending. Years between are interpolated, later ones follow an
assumed trend.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from data.build import facts
from portfolio.domain.project import Stage

YEARS = range(2020, 2031)
K, P, J, S = Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR
V, X = Stage.VOCATIONAL, Stage.SPECIAL

INDICATORS = {
    K: "在园幼儿数",
    P: "普通小学在校学生数",
    J: "普通初中在校学生数",
    S: "普通高中在校学生数",
    V: "中等职业教育在校学生数",
}
XIFENG_INDICATORS = {
    K: "学前在园幼儿",
    P: "小学在校生",
    J: "初中在校生",
    S: "高中在校生",
    V: "中职在校生",
    X: "特校学生",
}

TREND_AFTER_2025 = {
    K: Fraction(-15, 1000),
    P: Fraction(-8, 1000),
    J: Fraction(5, 1000),
    S: Fraction(5, 1000),
    V: Fraction(5, 1000),
    X: Fraction(10, 1000),
}
"""Assumed yearly change: fewer births reach kindergartens first, the larger year groups of the 2010s
pass on to junior and senior schools."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The county's pupils of a stage at the years that are known, and how they are known."""

    points: Mapping[int, Fraction]
    locator: str
    words: str


def enrolment(county: str) -> dict[Stage, Enrolment]:
    """Pupils by stage in the anchor years."""
    if county == "Shizhu":
        return _shizhu()
    if county == "Xifeng":
        return _xifeng()
    years = (2020, 2022, 2025) if county == "Liangping" else (2020, 2025)
    found = {
        stage: Enrolment(
            {y: Fraction(facts.stated(county, name, y)) * 10000 for y in years},
            "指标体系表" if county == "Liangping" else "主要指标表",
            "、".join(map(str, years)) + "年原文载明，其间内插",
        )
        for stage, name in INDICATORS.items()
    }
    found[X] = _special(county, found)
    return found


def yearly(known: Enrolment, stage: Stage) -> dict[int, Fraction]:
    """Every year of the county total: interpolated, then the assumed trend."""
    years, last = sorted(known.points), max(known.points)
    values: dict[int, Fraction] = {}
    for year in YEARS:
        if year > last:
            values[year] = values[year - 1] * (1 + TREND_AFTER_2025[stage])
            continue
        before = max(y for y in years if y <= year)
        after = min(y for y in years if y >= year)
        step = Fraction(year - before, after - before) if after > before else Fraction(0)
        values[year] = known.points[before] + (known.points[after] - known.points[before]) * step
    return values


def _shizhu() -> dict[Stage, Enrolment]:
    """Liangping's pupils times the ratio of stated education spending 2016-2020; senior 7:3, then 6:4."""
    spending = facts.stated("Shizhu", "一般公共预算教育支出累计", "2016-2020")
    ratio = Fraction(spending) / Fraction(facts.stated("Liangping", "财政教育投入累计", "2016-2020"))
    words = f"本县未载明：梁平在校生×{float(ratio):.3f}（十三五教育支出58.41÷84.03亿元）"
    model = enrolment("Liangping")
    found = {
        stage: Enrolment(
            {
                2020: model[stage].points[2020] * ratio,
                2025: model[stage].points[2020] * ratio * _change(stage),
            },
            "一(一)教育保障",
            f"{words}；{_change_words(stage)}",
        )
        for stage in (K, P, J)
    }
    for stage, shares in ((S, (7, 6)), (V, (3, 4))):
        points = {
            year: (model[S].points[year] + model[V].points[year]) * ratio * Fraction(share, 10)
            for year, share in zip((2020, 2025), shares, strict=True)
        }
        found[stage] = Enrolment(points, "表2-1", words + "；普高与中职7:3（2020）、6:4（2025）原文")
    special = model[X].points[2020] * ratio
    found[X] = Enrolment(
        {2020: special, 2026: Fraction(252)},
        "专栏5",
        words + "；2026年达规划规模252人（原文）",
    )
    return found


def _xifeng() -> dict[Stage, Enrolment]:
    """2020 stated; 2025 assumed by cohorts or by the other counties' trend."""
    start = {stage: Fraction(facts.stated("Xifeng", name, 2020)) for stage, name in XIFENG_INDICATORS.items()}
    later = {
        K: (start[K], "2025年假定不变"),
        P: (start[P] * _change(P), _change_words(P)),
        J: (start[P] / 6 * 3 * Fraction(88, 100), "2025年按小学六个年级推三个年级的88%（假定）"),
        S: (start[S] * Fraction(105, 100), "2025年假定增5%"),
        V: (start[V] * Fraction(125, 100), "2025年假定增25%"),
        X: (Fraction(90), "2025年假定90人"),
    }
    return {
        stage: Enrolment({2020: start[stage], 2025: value}, "一(一)1 基本情况", f"2020年原文载明；{words}")
        for stage, (value, words) in later.items()
    }


def _change(stage: Stage) -> Fraction:
    """Pupils in 2025 per pupil in 2020: the mean of the two counties that state both years."""
    known = [enrolment(county)[stage].points for county in ("Liangping", "Yunyang")]
    return sum((points[2025] / points[2020] for points in known), Fraction(0)) / len(known)


def _change_words(stage: Stage) -> str:
    return f"2025年按梁平、云阳2020—2025年变化平均{float(_change(stage) - 1) * 100:+.1f}%（假定）"


def _special(county: str, found: Mapping[Stage, Enrolment]) -> Enrolment:
    """Liangping states 112 pupils in 2020; Yunyang takes the same share of compulsory pupils."""
    stated = Fraction(facts.stated("Liangping", "在校特教生", 2020))
    if county == "Liangping":
        return Enrolment({2020: stated, 2025: stated}, "第一章第四节", "2020年112人原文载明，假定不变")
    model = enrolment("Liangping")
    share = stated / (model[P].points[2020] + model[J].points[2020])
    value = share * (found[P].points[2020] + found[J].points[2020])
    return Enrolment({2020: value, 2025: value}, "", "未载明：按梁平特教生占义务教育学生比例（假定）")
