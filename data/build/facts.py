"""What the plans say: the tables in `data/facts`, read once and never changed here."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "facts"

DOCUMENTS: dict[str, str] = {
    "shizhu_145_plan": "石柱县教育事业发展“十四五”规划（2021—2025年）",
    "shizhu_balanced_2029": "石柱县推进义务教育优质均衡发展工作方案（2020—2029年）",
    "yunyang_145_plan": "云阳县教育事业发展“十四五”规划（2021—2025年）",
    "liangping_145_plan": "重庆市梁平区教育事业发展“十四五”规划（2021—2025年）",
    "xifeng_145_plan": "息烽县“十四五”教育事业发展规划（节选）",
}
"""Source id in the facts -> the document's title, as the workbook names it."""

LIANGPING, YUNYANG, XIFENG = "liangping_145_plan", "yunyang_145_plan", "xifeng_145_plan"
SHIZHU_145, SHIZHU_2029 = "shizhu_145_plan", "shizhu_balanced_2029"


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of facts/projects.csv; blank where the plan is silent."""

    key: str
    county: str
    name_zh: str
    name_en: str
    nature: str
    location: str
    floor_area_m2: Decimal | None
    investment_wan: int | None
    start_year: int | None
    end_year: int | None
    document: str
    locator: str


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """A row of the published annex table, word for word."""

    key: str
    location: str
    name: str
    nature: str
    scale: str
    investment_wan: int
    period: str


@cache
def table(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of `data/facts/<name>.csv`."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def projects() -> Mapping[str, Fact]:
    """Every row of the projects' facts by key."""
    return {row["key"]: _fact(row) for row in table("projects")}


@cache
def annex() -> tuple[AnnexRow, ...]:
    """The six rows of the annex, in its order."""
    return tuple(
        AnnexRow(
            row["key"],
            row["location"],
            row["name"],
            row["nature"],
            row["scale"],
            int(row["investment_wan"]),
            row["period"],
        )
        for row in table("annex")
    )


@cache
def indicators() -> Mapping[tuple[str, str, str], str]:
    """Stated figures by (county, Chinese name, year)."""
    return {(r["county"], r["indicator_zh"], r["year"]): r["value"] for r in table("indicators")}


def stated(county: str, indicator: str, year: int | str) -> Decimal:
    """A figure that a plan states; it must exist."""
    return Decimal(indicators()[county, indicator, str(year)])


def _fact(row: Mapping[str, str]) -> Fact:
    return Fact(
        key=row["key"],
        county=row["county"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        nature=row["nature"],
        location=row["location_zh"],
        floor_area_m2=Decimal(row["floor_area_m2"]) if row["floor_area_m2"] else None,
        investment_wan=_number(row["investment_wan"]),
        start_year=_number(row["start_year"]),
        end_year=_number(row["end_year"]),
        document=DOCUMENTS[row["source"]],
        locator=row["locator"],
    )


def _number(text: str) -> int | None:
    return int(text) if text else None
