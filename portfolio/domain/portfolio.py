"""The whole input: every table of the workbook, in the order of its rows."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal

from portfolio.domain.demand import Capacity, Demand
from portfolio.domain.funding import FundingCaps, FundingSource, ProjectFunding
from portfolio.domain.project import (
    Basis,
    Milestone,
    Nature,
    Project,
    Relation,
    SeatEffect,
    SpendingProfile,
    Stage,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """An estimating norm (sheet Norms). None and "" are blank: the norm fits all, or says nothing.

    `cost_per_m2` and `cost_per_seat` are in yuan.
    """

    county: str = ""
    stage: Stage | None = None
    nature: Nature | None = None
    cost_per_m2: Decimal | None = None
    cost_per_seat: Decimal | None = None
    seats_per_class: int | None = None
    area_per_seat_m2: Decimal | None = None
    duration_years: int | None = None
    basis: Basis = Basis.ASSUMED
    source: str = ""
    locator: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """All tables. Field names are the table names used by the workbook, the database and reports."""

    projects: tuple[Project, ...] = ()
    seats: tuple[SeatEffect, ...] = ()
    spending: tuple[SpendingProfile, ...] = ()
    funding_sources: tuple[FundingSource, ...] = ()
    funding_caps: tuple[FundingCaps, ...] = ()
    project_funding: tuple[ProjectFunding, ...] = ()
    capacity: tuple[Capacity, ...] = ()
    demand: tuple[Demand, ...] = ()
    relations: tuple[Relation, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    norms: tuple[Norm, ...] = ()


TABLES = tuple(f.name for f in fields(Portfolio))
"""The tables of a portfolio, in workbook order."""
