"""The standards that schools are held against: `standards.csv`, each row with its source.

A `stated` standard is a requirement of its document. A `derived` one is only what the schools that a
document names have in common; to break it is worth a notice. A standard without a county is national.
`tolerance`: a school may miss one indicator, but not fall below this share of it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from importlib.resources import files

from portfolio.domain.places import same_county
from portfolio.domain.project import Basis

FILE = "standards.csv"

NINE_YEAR = "nine_year"
"""The stage of a school with primary and junior pupils."""


class Measure(StrEnum):
    CLASS_SIZE = "class_size"
    SCHOOL_SIZE = "school_size"
    SPORTS_AREA = "sports_area"


@dataclass(frozen=True, slots=True)
class Standard:
    """A limit for schools of a stage; county "" is every county."""

    measure: Measure
    stage: str
    value: Decimal
    unit: str
    comparator: str
    basis: Basis
    tolerance: Decimal | None
    county: str
    document: str
    locator: str

    def kept_by(self, figure: Fraction | int) -> bool:
        """The limit itself keeps the standard."""
        limit = Fraction(self.value)
        return figure <= limit if self.comparator == "<=" else figure >= limit


@cache
def standards() -> tuple[Standard, ...]:
    """Every standard, in the order of the file."""
    text = files("portfolio.quality").joinpath(FILE).read_text(encoding="utf-8")
    return tuple(_standard(row) for row in csv.DictReader(text.splitlines()))


@cache
def standard_for(measure: Measure, stage: str, county: str) -> Standard | None:
    """The county's own standard, else the national one."""
    fitting = [s for s in standards() if s.measure is measure and s.stage == stage]
    own = [s for s in fitting if s.county and same_county(county, [s.county])]
    return next(iter([*own, *(s for s in fitting if not s.county)]), None)


def _standard(row: dict[str, str]) -> Standard:
    return Standard(
        measure=Measure(row["measure"]),
        stage=row["stage"],
        value=Decimal(row["value"]),
        unit=row["unit"],
        comparator=row["comparator"],
        basis=Basis(row["basis"]),
        tolerance=Decimal(row["tolerance"]) if row["tolerance"] else None,
        county=row["county"],
        document=row["document"],
        locator=row["locator"],
    )
