"""Funding sources, their yearly caps, and which source may pay which project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from portfolio.domain.money import Money
from portfolio.domain.project import Basis, Nature, Stage

SHARED = "*"
"""The county of a source that all counties share."""

UNLIMITED = None
"""`carry_over_years` of a source whose money never lapses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingSource:
    """A pot of money. Empty `stages` or `natures` admit all; `county` "*" admits every county.

    `carry_over_years` is how many years unspent money stays usable; None: without limit.
    """

    key: str
    county: str
    name_zh: str = ""
    name_en: str = ""
    stages: tuple[Stage, ...] = ()
    natures: tuple[Nature, ...] = ()
    carry_over_years: int | None = 0
    basis: Basis = Basis.ASSUMED
    document: str = ""
    locator: str = ""
    notes: str = ""

    def __post_init__(self) -> None:
        if not self.key or not self.county:
            raise ValueError("a funding source needs a key and a county")
        if self.carry_over_years is not None and self.carry_over_years < 0:
            raise ValueError(f"{self.key}: carry_over_years is negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingCaps:
    """What a source can give in each year; a year that is not named has nothing."""

    source: str
    amounts: Mapping[int, Money] = field(hash=False)
    basis: Basis = Basis.ASSUMED
    document: str = ""
    locator: str = ""
    notes: str = ""

    def __post_init__(self) -> None:
        if any(amount < 0 for amount in self.amounts.values()):
            raise ValueError(f"{self.source}: a cap is negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFunding:
    """`source` may pay `project`, between two shares of its spend (None: 0 and 1)."""

    project: str
    source: str
    min_share: Decimal | None = None
    max_share: Decimal | None = None
    document: str = ""
    locator: str = ""
    notes: str = ""

    def __post_init__(self) -> None:
        low, high = self.low, self.high
        if not 0 <= low <= high <= 1:
            raise ValueError(f"{self.project}/{self.source}: shares must be 0 <= min <= max <= 1")

    @property
    def low(self) -> Decimal:
        return Decimal(0) if self.min_share is None else self.min_share

    @property
    def high(self) -> Decimal:
        return Decimal(1) if self.max_share is None else self.max_share
