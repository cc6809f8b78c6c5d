"""What a scenario file may say. Unknown keys are refused; figures stay exact decimals.

The keys are a contract; `docs/scenarios.md` explains each.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from portfolio.domain.project import Stage

OBJECTIVES = (
    "seat_shortage",
    "targets",
    "milestones",
    "priority",
    "idle_seats",
    "disruption",
    "cost",
    "earliness",
)
"""Every objective a scenario may put in its order (MODEL section 4)."""

BASE_ORDER = ("seat_shortage", "targets", "milestones", "priority", "cost", "earliness")

DEFAULT_WEIGHTS: dict[str, Decimal] = {
    Stage.PRIMARY: Decimal(3),
    Stage.JUNIOR: Decimal(3),
    Stage.KINDERGARTEN: Decimal(2),
    Stage.SENIOR: Decimal(2),
    Stage.VOCATIONAL: Decimal(1),
    Stage.SPECIAL: Decimal(4),
}
"""Weight of a missing seat by stage; a scenario may give some of them."""


def _not_bool(value: Any) -> Any:
    """TOML's true is not the number 1, though Python thinks so."""
    if isinstance(value, bool):
        raise ValueError("应为数字，不是 true 或 false / write a number, not true or false")
    return value


def _exact(value: Any) -> Any:
    """`scale = 1` is as good as `scale = 1.0`; binary floats never come from TOML files."""
    return Decimal(value) if isinstance(_not_bool(value), int) else value


def _year_keys(value: Any) -> Any:
    """TOML keys are text: `2023 = 1000` arrives as "2023"."""
    if not isinstance(value, dict):
        return value
    for key in value:
        if not (isinstance(key, str) and len(key) == 4 and key.isdigit()):
            raise ValueError(
                f'"{key}" 不是年份，应写四位数，如 2023 / is not a year; write four digits, e.g. 2023'
            )
    return {int(key): amount for key, amount in value.items()}


Year = Annotated[int, BeforeValidator(_not_bool), Field(ge=1990, le=2100)]
Count = Annotated[int, BeforeValidator(_not_bool), Field(ge=0)]
Factor = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0)]
Amount = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0)]
Share = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, le=1)]
YearAmounts = Annotated[dict[Year, Amount], BeforeValidator(_year_keys)]


class Section(BaseModel):
    """A table of a scenario file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class HorizonSection(Section):
    first_year: Year
    last_year: Year

    @model_validator(mode="after")
    def _in_order(self) -> HorizonSection:
        if self.last_year < self.first_year:
            raise ValueError(
                f"末年 {self.last_year} 早于首年 {self.first_year} / last_year is before first_year"
            )
        return self


class FundingSection(Section):
    scale: Factor = Decimal(1)
    caps: dict[str, YearAmounts] = {}


class CostsSection(Section):
    escalation: Annotated[Decimal, BeforeValidator(_exact), Field(gt=-1, le=1)] = Decimal(0)
    price_year: Year | None = None
    scale: Factor = Decimal(1)


class SeatsSection(Section):
    open_lag: Count = 1


class DemandSection(Section):
    scale: Factor = Decimal(1)
    zones: dict[str, Factor] = {}


class DeliverySection(Section):
    max_starts: Count | None = None
    max_under_construction: Count | None = None


class TargetSection(Section):
    county: str = ""
    zone: str = ""
    stage: str = ""
    first_year: Year | None = None
    last_year: Year | None = None
    ratio: Factor | None = None
    public_share: Share | None = None
    soft: bool = False

    @model_validator(mode="after")
    def _one_measure(self) -> TargetSection:
        if (self.ratio is None) == (self.public_share is None):
            raise ValueError("ratio 与 public_share 只填其一 / give either ratio or public_share")
        if self.stage and self.stage not in set(Stage) - {Stage.OTHER}:
            raise ValueError(f'"{self.stage}" 不是有学位的学段 / is not a stage with seats')
        if self.public_share is not None and self.stage not in ("", Stage.KINDERGARTEN):
            raise ValueError(
                "public_share 只用于幼儿园，不填 stage / public_share is for kindergarten only; leave stage out"
            )
        return self


class ObjectiveSection(Section):
    order: list[str] = list(BASE_ORDER)
    weights: dict[str, Factor] = {}
    tolerance: dict[str, Factor] = {}

    @model_validator(mode="after")
    def _known(self) -> ObjectiveSection:
        for name in [*self.order, *self.tolerance]:
            if name not in OBJECTIVES:
                raise ValueError(
                    f'"{name}" 不是目标名 / is not an objective; 可用 write one of: {", ".join(OBJECTIVES)}'
                )
        if not self.order or len(set(self.order)) != len(self.order):
            raise ValueError(
                "order 至少列一个目标，不重复 / order must name at least one objective, each once"
            )
        for stage in self.weights:
            if stage not in DEFAULT_WEIGHTS:
                raise ValueError(
                    f'"{stage}" 不是有学位的学段 / is not a stage with seats: {", ".join(DEFAULT_WEIGHTS)}'
                )
        return self


class ProjectOverride(Section):
    start: Year | None = None
    mandatory: bool | None = None
    earliest_start: Year | None = None
    latest_finish: Year | None = None
    priority: Annotated[int, BeforeValidator(_not_bool), Field(ge=1, le=5)] | None = None
    total_cost: Amount | None = None
    duration_years: Annotated[int, BeforeValidator(_not_bool), Field(ge=1)] | None = None


class ProjectsSection(Section):
    """`only` and `exclude` are lists of keys; every other key is a project with its overrides."""

    only: list[str] | None = None
    exclude: list[str] = []
    overrides: dict[str, ProjectOverride] = {}

    @model_validator(mode="before")
    @classmethod
    def _collect(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        fixed = {k: v for k, v in value.items() if k in ("only", "exclude")}
        return fixed | {"overrides": {k: v for k, v in value.items() if k not in fixed}}


class SolverSection(Section):
    time_limit_s: Annotated[Decimal, BeforeValidator(_exact), Field(gt=0)] = Decimal(60)
    gap: Share = Decimal(0)
    seed: Count = 0
    workers: Annotated[int, BeforeValidator(_not_bool), Field(ge=1, le=64)] = 2


class Scenario(Section):
    """A scenario after `extends` has been followed."""

    name: str
    title: str = ""
    counties: list[str] | None = None
    horizon: HorizonSection
    funding: FundingSection = FundingSection()
    costs: CostsSection = CostsSection()
    seats: SeatsSection = SeatsSection()
    demand: DemandSection = DemandSection()
    delivery: DeliverySection = DeliverySection()
    targets: list[TargetSection] = []
    objective: ObjectiveSection = ObjectiveSection()
    projects: ProjectsSection = ProjectsSection()
    solver: SolverSection = SolverSection()
