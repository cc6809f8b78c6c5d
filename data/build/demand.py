"""Children and seats by county, zone and stage: enrolment split by zone, and the seats that exist.

No plan states either by zone: both are assumed, and a row's basis is that of its weakest figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from data.build import facts
from data.build.enrolment import TREND_AFTER_2025, Enrolment, J, K, P, S, V, X, enrolment, yearly
from data.build.facts import DOCUMENTS, LIANGPING, SHIZHU_145, XIFENG, YUNYANG
from data.build.rules import CENTRAL, RURAL, TOWN
from portfolio.domain.demand import Capacity, Demand
from portfolio.domain.money import round_half_up
from portfolio.domain.project import Basis, Stage


@dataclass(frozen=True, slots=True)
class Town:
    """A crowded zone: its share of the county's pupils in 2020, and how it rises (points a year)."""

    zone: str
    share_2020: Fraction
    rise_to_2025: Fraction
    rise_after: Fraction


def _town(zone: str, percent: int, before: str, after: str) -> Town:
    return Town(zone, Fraction(percent, 100), Fraction(before) / 100, Fraction(after) / 100)


TOWNS: dict[str, tuple[Town, ...]] = {
    "Shizhu": (_town(TOWN, 50, "1.8", "0.9"),),
    "Yunyang": (_town(TOWN, 42, "1.3", "0.7"), _town(CENTRAL, 15, "0.2", "0.1")),
    "Liangping": (_town(TOWN, 46, "1.9", "0.9"),),
    "Xifeng": (_town(TOWN, 48, "0.9", "0.5"),),
}
"""Assumed. Junior pupils gather in towns earlier: JUNIOR_LEAD more points."""

JUNIOR_LEAD = Fraction(4, 100)
KINDERGARTEN_PACE = Fraction(1, 2)
"""Assumed: kindergarten children move to town half as fast; private kindergartens follow them."""

FIT_2020: dict[str, dict[str, tuple[int, int, int]]] = {
    "Shizhu": {TOWN: (96, 90, 90), RURAL: (103, 112, 112)},
    "Yunyang": {TOWN: (98, 93, 93), CENTRAL: (96, 93, 95), RURAL: (105, 112, 112)},
    "Liangping": {TOWN: (94, 90, 90), RURAL: (105, 112, 112)},
    "Xifeng": {TOWN: (95, 97, 95), RURAL: (97, 104, 108)},
}
"""Assumed seats in 2020 per hundred children in 2020: kindergarten, primary, junior."""

WHOLE_COUNTY_FIT: dict[str, tuple[int, int, int]] = {
    "Shizhu": (94, 110, 60),
    "Yunyang": (98, 100, 95),
    "Liangping": (100, 102, 100),
    "Xifeng": (92, 0, 95),
}
"""Assumed, per hundred: senior, vocational and special schools serve the whole county and are counted
in 城区. Xifeng's vocational seats are stated."""

XIFENG_VOCATIONAL_SEATS = 3000
"""Stated: vocational seats added 2016-2020 (the purchased campus)."""

PUBLIC_SHARE = {
    "Shizhu": "公办园在园幼儿占比",
    "Yunyang": "公办幼儿园在园幼儿占比",
    "Liangping": "公办幼儿园在园幼儿占比",
    "Xifeng": "学前教育公办率",
}
PLAN = {"Shizhu": SHIZHU_145, "Yunyang": YUNYANG, "Liangping": LIANGPING, "Xifeng": XIFENG}


def demand() -> tuple[Demand, ...]:
    """Children of every cell in 2020-2030."""
    rows: list[Demand] = []
    for county, towns in TOWNS.items():
        for stage, known in enrolment(county).items():
            total = yearly(known, stage)
            for zone, seats in split(towns, stage, total).items():
                rows.append(
                    Demand(
                        county=county,
                        zone=zone,
                        stage=stage,
                        seats=seats,
                        basis=Basis.ASSUMED,
                        source=DOCUMENTS[PLAN[county]],
                        locator=known.locator,
                        notes=_demand_notes(known, stage, towns),
                    )
                )
    return tuple(rows)


def capacity() -> tuple[Capacity, ...]:
    """Seats of every cell in 2020, which stand until a project changes them."""
    rows: list[Capacity] = []
    for county, towns in TOWNS.items():
        for stage, known in enrolment(county).items():
            total = yearly(known, stage)
            for zone, seats in split(towns, stage, total).items():
                rows += _capacity_rows(county, zone, stage, seats[2020])
    return tuple(rows)


def split(towns: tuple[Town, ...], stage: Stage, total: Mapping[int, Fraction]) -> dict[str, dict[int, int]]:
    """The total by zone; senior, vocational and special are counted in the county town."""
    if stage in (S, V, X):
        return {TOWN: {y: round_half_up(n) for y, n in total.items()}}
    zones = {
        town.zone: {y: round_half_up(n * _share(town, stage, y)) for y, n in total.items()} for town in towns
    }
    zones[RURAL] = {y: round_half_up(n) - sum(zone[y] for zone in zones.values()) for y, n in total.items()}
    return zones


def _share(town: Town, stage: Stage, year: int) -> Fraction:
    lead = JUNIOR_LEAD if stage is J and town.zone == TOWN else Fraction(0)
    early, late = min(year, 2025) - 2020, max(year - 2025, 0)
    pace = KINDERGARTEN_PACE if stage is K else Fraction(1)
    return town.share_2020 + lead + pace * (early * town.rise_to_2025 + late * town.rise_after)


def _capacity_rows(county: str, zone: str, stage: Stage, pupils_2020: int) -> list[Capacity]:
    if county == "Xifeng" and stage is V:
        seats, basis, words = XIFENG_VOCATIONAL_SEATS, Basis.DERIVED, "2016—2020年新增职校学位3000个（原文）"
    else:
        percent = _fit(county, zone, stage)
        seats, basis = round_half_up(Fraction(pupils_2020 * percent, 100)), Basis.ASSUMED
        words = f"现有学位未载明：2020年需求×{percent}%（假定）"
    source = DOCUMENTS[PLAN[county]]
    if stage is not K:
        return [
            Capacity(
                county=county,
                zone=zone,
                stage=stage,
                seats={2020: seats},
                basis=basis,
                source=source,
                notes=words,
            )
        ]
    share = facts.stated(county, PUBLIC_SHARE[county], 2020)
    public = round_half_up(seats * share / 100)
    return [
        Capacity(
            county=county,
            zone=zone,
            stage=stage,
            public=is_public,
            seats={2020: number},
            basis=Basis.ASSUMED,
            source=source,
            notes=f"{words}；2020年公办占比{share}%（原文）",
        )
        for is_public, number in ((True, public), (False, seats - public))
    ]


def _fit(county: str, zone: str, stage: Stage) -> int:
    if stage in (S, V, X):
        return WHOLE_COUNTY_FIT[county][(S, V, X).index(stage)]
    return FIT_2020[county][zone][(K, P, J).index(stage)]


def _demand_notes(known: Enrolment, stage: Stage, towns: tuple[Town, ...]) -> str:
    trend = f"2025年后每年{float(TREND_AFTER_2025[stage]) * 100:+.1f}%（假定）"
    if stage in (S, V, X):
        return f"{known.words}；{trend}；面向全县，计在城区"
    shares = "、".join(
        f"{t.zone}{float(_share(t, stage, 2020)) * 100:g}%→{float(_share(t, stage, 2025)) * 100:g}%"
        f"→{float(_share(t, stage, 2030)) * 100:g}%"
        for t in towns
    )
    return f"{known.words}；{trend}；片区占比2020→2025→2030年{shares}，其余为{RURAL}（假定）"
