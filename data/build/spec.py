"""How a project of the shipped portfolio is written down, and how the rows are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as changed
from decimal import Decimal

from data.build import facts, norms, rules
from portfolio.domain.estimate import estimated_cost
from portfolio.domain.money import from_wan
from portfolio.domain.project import Basis, Nature, Project, SeatEffect, Stage

STATED, DERIVED, ASSUMED = Basis.STATED, Basis.DERIVED, Basis.ASSUMED
WEAKNESS = (STATED, DERIVED, ASSUMED)
COMPULSORY = (Stage.PRIMARY, Stage.JUNIOR)


@dataclass(frozen=True, slots=True)
class Seats:
    """Seats of one stage, with the basis of exactly these figures and the rule behind them."""

    stage: Stage
    added: int = 0
    rule: str = ""
    basis: Basis = ASSUMED
    classes: int | None = None
    replaced: int = 0
    offline: int = 0
    public: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """A project: what is not in its fact, and what overrides it.

    `fact` is the fact's key where it differs (a part of a split group); `part` the label of that
    part; `merged` the keys whose facts are told in this row; `cost` in 万元 with its rule in
    `cost_rule`, blank where a norm estimates it.
    """

    key: str
    stage: Stage
    zone: str
    basis: Basis
    fact: str = ""
    part: str = ""
    merged: tuple[str, ...] = ()
    name_zh: str = ""
    name_en: str = ""
    location: str = ""
    nature: Nature | None = None
    scale: str = ""
    area: str = ""
    cost: str = ""
    cost_rule: str = ""
    years: int | None = None
    earliest: int | None = None
    fixed: int | None = None
    status: str = "planned"
    hard: bool = False
    seats: tuple[Seats, ...] = ()
    notes: str = ""


def classes(stage: Stage, number: int, rule: str, basis: Basis = ASSUMED, *, public: bool = True) -> Seats:
    """`number` classes at the stage's class size."""
    size = rules.SEATS_PER_CLASS[stage]
    words = f"{number}班×{size}座；{rule}"
    return Seats(stage, number * size, words, basis, classes=number, public=public)


def replaced(stage: Stage, new_seats: int) -> Seats:
    """The old seats that a relocation gives up, in a row of their own because they are assumed."""
    old = rules.relocated(new_seats)
    share = f"{rules.OLD_SCHOOL_SHARE:.0%}"
    words = f"原校学位未载明；假定为新校 {new_seats} 座的 {share}，净增 {new_seats - old} 座"
    return Seats(stage, 0, words, ASSUMED, replaced=old)


def project(spec: Spec) -> Project:
    """The row of the sheet Projects; its basis is never better than that of the norm it rests on."""
    row = _project(spec)
    if row.total_cost is not None:
        return row
    estimate = estimated_cost(row, effects(spec), norms.rows())
    if estimate is None:
        raise ValueError(f"{spec.key}: no norm gives its cost")
    return changed(row, basis=max(row.basis, estimate.norm.basis, key=WEAKNESS.index))


def _project(spec: Spec) -> Project:
    fact = facts.projects()[spec.fact or spec.key]
    lead, cooperating = _units(spec, fact)
    return Project(
        key=spec.key,
        county=fact.county,
        stage=spec.stage,
        name_zh=(spec.name_zh or fact.name_zh) + (f"（{spec.part}）" if spec.part else ""),
        name_en=(spec.name_en or fact.name_en) + (f" ({spec.part})" if spec.part else ""),
        zone=spec.zone,
        location=spec.location or fact.location,
        nature=spec.nature or Nature(fact.nature),
        scale=spec.scale,
        floor_area_m2=Decimal(spec.area) if spec.area else fact.floor_area_m2,
        total_cost=from_wan(spec.cost) if spec.cost else None,
        duration_years=spec.years,
        earliest_start=spec.earliest,
        fixed_start=spec.fixed,
        priority=priority(spec),
        status=spec.status,
        lead_unit=lead,
        cooperating_units=cooperating,
        basis=spec.basis,
        source=_documents(spec, fact),
        locator=_locators(spec, fact),
        notes=_notes(spec, fact),
    )


def effects(spec: Spec) -> tuple[SeatEffect, ...]:
    """The rows of the sheet Seats."""
    fact = facts.projects()[spec.fact or spec.key]
    return tuple(
        SeatEffect(
            project=spec.key,
            stage=seats.stage,
            zone=spec.zone,
            classes=seats.classes,
            seats_added=seats.added,
            seats_replaced=seats.replaced,
            seats_offline=seats.offline,
            public=seats.public,
            basis=seats.basis,
            source=_documents(spec, fact),
            locator=_locators(spec, fact),
            notes=seats.rule,
        )
        for seats in spec.seats
    )


def priority(spec: Spec) -> int:
    """The written rule (docs/data.md), first line that fits:

    1 annex row, already under construction, or special education;
    5 called hard to advance by its plan, or an equipment or IT programme (fit_out, stage other);
    2 compulsory seats in a crowded zone (county town, central towns);
    3 other seats of kindergarten, compulsory or senior stage;
    4 the rest: vocational, and buildings without seats of their own.
    """
    if spec.status in ("under_construction", "approved") or spec.stage is Stage.SPECIAL:
        return 1
    if spec.hard or (spec.stage is Stage.OTHER and _nature(spec) is Nature.FIT_OUT):
        return 5
    stages = {seats.stage for seats in spec.seats if seats.added}
    if stages & set(COMPULSORY) and spec.zone != rules.RURAL:
        return 2
    return 3 if stages & {*COMPULSORY, Stage.KINDERGARTEN, Stage.SENIOR} else 4


def _nature(spec: Spec) -> Nature:
    return spec.nature or Nature(facts.projects()[spec.fact or spec.key].nature)


def _units(spec: Spec, fact: facts.Fact) -> tuple[str, str]:
    """Who leads and who helps, from the tasks of the Shizhu scheme; other plans name nobody."""
    if fact.county != "Shizhu":
        return "", ""
    if spec.key == "shizhu-music-rooms":
        task = "配齐音美教室及仪器设备"
    elif spec.stage is Stage.SPECIAL:
        task = "特殊教育学校建设"
    elif set(COMPULSORY) & ({spec.stage} | {seats.stage for seats in spec.seats}):
        task = "标准化建设学校"
    else:
        return "", ""
    rows = [row for row in facts.table("departments") if row["task_zh"] == task]
    lead = "；".join(row["unit_zh"] for row in rows if row["role"] == "lead")
    return lead, "；".join(row["unit_zh"] for row in rows if row["role"] == "coop")


def _documents(spec: Spec, fact: facts.Fact) -> str:
    others = (facts.projects()[key].document for key in spec.merged)
    return "；".join(dict.fromkeys((fact.document, *others)))


def _locators(spec: Spec, fact: facts.Fact) -> str:
    others = (facts.projects()[key].locator for key in spec.merged)
    return "；".join(dict.fromkeys((fact.locator, *others)))


def _notes(spec: Spec, fact: facts.Fact) -> str:
    """The remarks, and always where the cost comes from."""
    if spec.cost_rule:
        cost = f"总投资：{spec.cost_rule}"
    elif spec.cost:
        cost = "总投资：原文载明"
    elif spec.area or fact.floor_area_m2:
        cost = "总投资空白：按“估算指标”表，建筑面积×每平方米造价"
    else:
        cost = "总投资空白：按“估算指标”表，新增学位×每座造价"
    return "；".join(text for text in (spec.notes, cost) if text)
