"""`schedule.json`, format version 1: the plan for other programs (docs/schedule-json.md).

Every key is always present, in the same order, and the same plan gives the same bytes. Money is in
万元: the double nearest to the exact figure, which prints with at most 2 decimals.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from portfolio.domain.estimate import Estimate
from portfolio.domain.money import Money, wan_number
from portfolio.domain.project import Basis
from portfolio.domain.repair import Change, Repair
from portfolio.domain.schedule import (
    FundingLine,
    MilestoneLine,
    Objective,
    ProjectLine,
    Requirement,
    Result,
    SeatLine,
    Status,
    TargetLine,
)
from portfolio.report import json_reason
from portfolio.report.json_reason import BILINGUAL, words
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import Candidate

FORMAT = 1
"""The version of the format; a change that breaks readers raises it."""

Entry = dict[str, Any]


def dumps(plan: Plan) -> str:
    """The document as UTF-8 text with a newline at its end."""
    return json.dumps(document(plan), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def document(plan: Plan) -> Entry:
    """The document as plain dictionaries, lists, texts and numbers."""
    problem, result, found = plan.problem, plan.result, plan.evaluation
    return {
        "format": FORMAT,
        "scenario": problem.scenario,
        "run": plan.run,
        "inputs_sha256": problem.inputs_sha256,
        "created_at": plan.created_at.isoformat(timespec="seconds"),
        "status": result.status.value,
        "objectives": [_objective(objective) for objective in result.objectives],
        "years": list(problem.horizon.years),
        "projects": [_project(line, plan) for line in found.projects] if found else [],
        "milestones": [_milestone(line) for line in found.milestones] if found else [],
        "targets": [_target(line) for line in found.targets] if found else [],
        "seconds": {name: round(plan.seconds.get(name, 0.0), 3) for name in ("import", "solve", "export")},
        "funding": [_funding(line, plan) for line in found.funding if _worth_telling(line, plan)]
        if found
        else [],
        "seats": [_seats(line) for line in found.seats if line.cell in problem.demand] if found else [],
        "infeasible": _infeasible(result) if result.status is Status.INFEASIBLE else None,
    }


def number(value: Decimal) -> int | float | None:
    """An integer where the value is one, else the nearest double; None for a bound not known yet."""
    if not value.is_finite():
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def worst_basis(candidate: Candidate) -> Basis:
    """The basis of the project's row; a cost that a norm estimated is at best derived."""
    stated = candidate.row.basis
    return Basis.DERIVED if stated is Basis.STATED and "total_cost" in candidate.estimated else stated


def _objective(objective: Objective) -> Entry:
    return {
        "name": objective.name,
        "value": number(objective.value),
        "bound": number(objective.bound),
        "gap": objective.gap if objective.bound.is_finite() else None,
        "proven": objective.proven,
    }


def _project(line: ProjectLine, plan: Plan) -> Entry:
    candidate = plan.problem.candidates[line.key]
    row = candidate.row
    return {
        "key": line.key,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "county": row.county,
        "selected": line.selected,
        "start": line.start,
        "finish": line.finish,
        "opens": line.opens,
        "cost": wan_number(line.cost),
        "spend": _by_year(line.spend),
        "funding": _draws(line),
        "basis": worst_basis(candidate).value,
        "estimated": list(candidate.estimated),
        "estimates": [_estimate(field, estimate) for field, estimate in candidate.estimated.items()],
        "reason": _reason(line.key, plan),
    }


def _estimate(field: str, estimate: Estimate[Any]) -> Entry:
    """A figure that norms filled in: costs in 万元, the others in their own unit."""
    value = wan_number(estimate.value) if field == "total_cost" else number(Decimal(estimate.value))
    return {
        "field": field,
        "value": value,
        "formula": estimate.formula.pick("both", BILINGUAL),
        "basis": estimate.basis.value,
    }


def _by_year(amounts: Mapping[int, Money]) -> dict[str, float]:
    """The amounts above 0, by year in ascending order."""
    return {str(year): wan_number(amounts[year]) for year in sorted(amounts) if amounts[year] > 0}


def _draws(line: ProjectLine) -> dict[str, dict[str, float]]:
    """What each source pays by year; years and sources in ascending order."""
    years: dict[str, dict[str, float]] = {}
    for year in sorted(line.funding):
        paid = line.funding[year]
        amounts = {source: wan_number(paid[source]) for source in sorted(paid) if paid[source] > 0}
        if amounts:
            years[str(year)] = amounts
    return years


def _reason(key: str, plan: Plan) -> Entry | None:
    reason = plan.reasons.get(key)
    return None if reason is None else json_reason.written(reason)


def _milestone(line: MilestoneLine) -> Entry:
    return {
        "project": line.milestone.project,
        "kind": line.milestone.kind.value,
        "year": line.milestone.year,
        "firm": line.milestone.firm,
        "actual": line.actual,
        "late_years": line.late_years,
    }


def _target(line: TargetLine) -> Entry:
    return {
        "county": line.county,
        "zone": line.zone,
        "stage": line.stage,
        "year": line.year,
        "needed": line.needed,
        "supply": line.supply,
        "missing": line.missing,
        "soft": line.soft,
    }


def _worth_telling(line: FundingLine, plan: Plan) -> bool:
    """A source without money in a year is told only where it is known what money would be worth, be it 0."""
    return line.has_money or (line.source, line.year) in plan.marginal


def _funding(line: FundingLine, plan: Plan) -> Entry:
    value = plan.marginal.get((line.source, line.year))
    return {
        "source": line.source,
        "county": line.county,
        "year": line.year,
        "cap": wan_number(line.cap),
        "brought_forward": wan_number(line.brought_forward),
        "planned": wan_number(line.planned),
        "carried_forward": wan_number(line.carried_forward),
        "marginal_value": None if value is None else float(value),
    }


def _seats(line: SeatLine) -> Entry:
    return {
        "county": line.cell.county,
        "zone": line.cell.zone,
        "stage": line.cell.stage.value,
        "year": line.year,
        "demand": line.demand,
        "supply": line.supply,
        "shortage": line.shortage,
    }


def _infeasible(result: Result) -> Entry:
    return {
        "conflict": [_requirement(member) for member in result.conflict],
        "minimal": result.minimal,
        "others": [
            {"conflict": [_requirement(member) for member in other.members], "minimal": other.minimal}
            for other in result.other_conflicts
        ],
        "repairs": [_repair(repair) for repair in result.repairs],
        "notes": [words(note) for note in result.repair_notes],
    }


def _repair(repair: Repair) -> Entry:
    return {
        **words(repair.text),
        "scope": repair.scope.value,
        "proven": repair.proven,
        "changes": [_change(change) for change in repair.changes],
    }


def _change(change: Change) -> Entry:
    return {
        "kind": change.kind.value,
        "setting": change.setting,
        "source": change.source,
        "project": change.project,
        "county": change.county,
        "year": change.year,
        "amount": None if change.amount is None else number(change.amount),
        "target": change.target,
        **words(change.text),
    }


def _requirement(member: Requirement) -> Entry:
    return {
        "rule": member.rule,
        "project": member.project,
        "source": member.source,
        "county": member.county,
        "year": member.year,
        **words(member.text),
    }
