"""Projects and what a project brings: seats, a spending profile, relations, milestones."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from portfolio.domain.money import Money


class Stage(StrEnum):
    """School stage; `other` has no seats."""

    KINDERGARTEN = "kindergarten"
    PRIMARY = "primary"
    JUNIOR = "junior"
    SENIOR = "senior"
    VOCATIONAL = "vocational"
    SPECIAL = "special"
    OTHER = "other"


class Nature(StrEnum):
    """Nature of the works (项目性质)."""

    NEW = "new"
    RELOCATION = "relocation"
    EXPANSION = "expansion"
    RENOVATION = "renovation"
    CONTINUING = "continuing"
    FIT_OUT = "fit_out"


class Basis(StrEnum):
    """Where a figure comes from: stated in a plan, derived from stated figures, or assumed."""

    STATED = "stated"
    DERIVED = "derived"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A row of the sheet Projects. None and "" are blank cells, kept blank.

    `total_cost` is in hundredths of 万元, before escalation; `duration_years` counts construction
    years; `fixed_start` may lie before the horizon.
    """

    key: str
    county: str
    stage: Stage
    name_zh: str = ""
    name_en: str = ""
    zone: str = ""
    location: str = ""
    nature: Nature | None = None
    scale: str = ""
    floor_area_m2: Decimal | None = None
    total_cost: Money | None = None
    duration_years: int | None = None
    earliest_start: int | None = None
    latest_finish: int | None = None
    fixed_start: int | None = None
    open_lag: int | None = None
    mandatory: bool = False
    priority: int | None = None
    status: str = ""
    lead_unit: str = ""
    cooperating_units: str = ""
    basis: Basis = Basis.ASSUMED
    source: str = ""
    locator: str = ""
    notes: str = ""

    def __post_init__(self) -> None:
        if not self.key or not self.county:
            raise ValueError("a project needs a key and a county")
        if self.total_cost is not None and self.total_cost < 0:
            raise ValueError(f"{self.key}: total_cost is negative")
        if self.duration_years is not None and self.duration_years < 1:
            raise ValueError(f"{self.key}: duration_years must be at least 1")
        if self.priority is not None and not 1 <= self.priority <= 5:
            raise ValueError(f"{self.key}: priority must be 1 to 5")
        if self.open_lag is not None and self.open_lag < 0:
            raise ValueError(f"{self.key}: open_lag is negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatEffect:
    """What a project does to the seats of one cell (sheet Seats).

    A blank `zone` is the project's own zone. `seats_added` and `seats_replaced` count from the
    year the project opens, `seats_offline` from its start to the year before it opens. `seats_added` is
    None where nothing is written: norms may then fill it from `classes`; a written 0 is 0.
    """

    project: str
    stage: Stage
    zone: str = ""
    classes: int | None = None
    seats_added: int | None = None
    seats_replaced: int = 0
    seats_offline: int = 0
    public: bool = True
    basis: Basis = Basis.ASSUMED
    source: str = ""
    locator: str = ""
    notes: str = ""

    def __post_init__(self) -> None:
        if min(self.added, self.seats_replaced, self.seats_offline) < 0:
            raise ValueError(f"{self.project}: seats must not be negative")

    @property
    def added(self) -> int:
        """`seats_added`, 0 where it is blank."""
        return self.seats_added or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingProfile:
    """Shares of a project's cost in its first, second ... year; they add up to 1 (sheet Spending)."""

    project: str
    shares: tuple[Decimal, ...]
    notes: str = ""

    def __post_init__(self) -> None:
        if any(share < 0 for share in self.shares) or sum(map(Fraction, self.shares)) != 1:
            raise ValueError(f"{self.project}: spending shares must add up to 1")


class RelationKind(StrEnum):
    AFTER = "after"
    EXCLUDE = "exclude"
    CHOOSE = "choose"
    TOGETHER = "together"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A row of the sheet Relations.

    `after`: `project` starts after `other` is finished and `lag_years` more years have passed.
    The other kinds join the projects of all rows with the same kind and `group`; a row without a
    group is a group of its own.
    """

    kind: RelationKind
    project: str
    other: str = ""
    lag_years: int | None = None
    group: str = ""
    source: str = ""
    locator: str = ""
    notes: str = ""


class MilestoneKind(StrEnum):
    START_BY = "start_by"
    FINISH_BY = "finish_by"
    OPEN_BY = "open_by"


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A promise: start, finish or open `project` by `year`; a firm one is a rule."""

    project: str
    kind: MilestoneKind
    year: int
    firm: bool = False
    source: str = ""
    locator: str = ""
    notes: str = ""
