"""Seats that exist and seats that are needed, by cell and year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from portfolio.domain.places import county_name
from portfolio.domain.project import Basis, Stage
from portfolio.domain.text import Text

STAGE_NAMES: Mapping[Stage, Text] = {
    Stage.KINDERGARTEN: Text("幼儿园", "kindergarten"),
    Stage.PRIMARY: Text("小学", "primary"),
    Stage.JUNIOR: Text("初中", "junior"),
    Stage.SENIOR: Text("高中", "senior"),
    Stage.VOCATIONAL: Text("中职", "vocational"),
    Stage.SPECIAL: Text("特殊教育", "special"),
    Stage.OTHER: Text("其他", "other"),
}
"""How messages call the stages."""


class Cell(NamedTuple):
    """Where seats are counted: a stage in a zone of a county; zone "" is the whole county."""

    county: str
    zone: str
    stage: Stage

    @property
    def label(self) -> Text:
        """County, zone and stage in words."""
        county, stage = county_name(self.county), STAGE_NAMES[self.stage]
        zone = f"{self.zone} " if self.zone else ""
        return Text(f"{county.zh} {zone}{stage.zh}", f"{county.en} {zone}{stage.en}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """Existing seats of a cell by year; private seats stand in a row of their own."""

    county: str
    stage: Stage
    zone: str = ""
    public: bool = True
    seats: Mapping[int, int] = field(hash=False)
    basis: Basis = Basis.ASSUMED
    source: str = ""
    locator: str = ""
    notes: str = ""

    @property
    def cell(self) -> Cell:
        return Cell(self.county, self.zone, self.stage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Children who need a seat in a cell, by year."""

    county: str
    stage: Stage
    zone: str = ""
    seats: Mapping[int, int] = field(hash=False)
    basis: Basis = Basis.ASSUMED
    source: str = ""
    locator: str = ""
    notes: str = ""

    @property
    def cell(self) -> Cell:
        return Cell(self.county, self.zone, self.stage)


def fill_years(seats: Mapping[int, int], years: Iterable[int]) -> dict[int, int]:
    """A figure for each of `years`: a missing year repeats the one before it, years before the
    first figure take the first; without any figure all are 0 (MODEL section 2)."""
    known = sorted(seats)
    filled: dict[int, int] = {}
    for year in years:
        earlier = [y for y in known if y <= year]
        nearest = earlier[-1] if earlier else (known[0] if known else None)
        filled[year] = 0 if nearest is None else seats[nearest]
    return filled
