"""Everything in which a document is not what its inputs and its own decisions give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from portfolio import __version__, rules
from portfolio.db.records import RunRecord
from portfolio.domain.money import from_wan, to_wan
from portfolio.domain.schedule import Draw, Evaluation, Objective, Requirement, Result, Schedule, Status
from portfolio.domain.text import Text
from portfolio.report import json_document, json_reader
from portfolio.report.json_difference import ANY, NOTHING, Difference, Special, differences, figures, shown
from portfolio.report.json_document import Entry, number
from portfolio.report.json_reader import StatedObjective, StatedPlan
from portfolio.report.labels import MAXIMISED
from portfolio.rules.evaluate import evaluate
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import PlanningProblem

UNKNOWN = Decimal("NaN")
"""The bound of an objective whose bound is not known."""

ROUNDING = Decimal("1e-9")
"""How far a gap may lie from the formula: value and bound are written as doubles."""


LATER_KEYS = frozenset({"estimated", "estimates"})
"""Keys of a project that documents of earlier versions do not have; they hold none of them."""


class Kind(StrEnum):
    """What a finding is about: other inputs, a rule, what the solver claims, a figure."""

    INPUTS = "inputs"
    RULE = "rule"
    CLAIM = "claim"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be. `place` is a path of the document, "" for a rule; `found`
    and `expected` are plain JSON values or None, and stand in `text` too."""

    kind: Kind
    place: str
    text: Text
    found: Any = None
    expected: Any = None


def against(
    problem: PlanningProblem, plan: StatedPlan, record: RunRecord | None
) -> tuple[tuple[Finding, ...], int]:
    """Every finding, and how many figures were compared. `record` is the stored run, if it is one."""
    schedule = stated_schedule(problem, plan)
    evaluation = evaluate(problem, schedule)
    expected = _expected(problem, plan, schedule, evaluation)
    compared = figures(expected)
    different = list(differences(plan.entry, expected))
    if record is not None:
        due = _due(plan, schedule, evaluation)
        compared += figures(due)
        different += differences(_kept(record), due)
    found = [
        *_inputs(problem, plan, record),
        *(_broken(violation) for violation in rules.check(problem, schedule)),
        *_claims(problem, plan, evaluation),
        *(_different(difference, record is not None) for difference in different),
    ]
    return tuple(found), compared


def no_inputs(why: str) -> Finding:
    """The inputs cannot be had."""
    words = f"无法取得这次排期的输入 / the inputs of this run cannot be had: {why}"
    return Finding(Kind.INPUTS, "inputs_sha256", Text(words, ""))


def of_no_schedule(plan: StatedPlan, record: RunRecord | None) -> Iterator[Finding]:
    """Figures of a schedule where the document says that there is none."""
    for name in ("objectives", "projects", "milestones", "targets", "funding", "seats"):
        entries = plan.entry.get(name, NOTHING)
        if entries not in ([], NOTHING):
            yield Finding(
                Kind.FIGURE,
                name,
                Text(
                    f"状态为 {plan.status.value}，应为空列表",
                    f"must be empty where the status is {plan.status.value}",
                ),
                _plain(entries),
                "[]",
            )
    if record is not None:
        due = {"runs": _heading(plan), "run_projects": [], "run_draws": [], "run_objectives": []}
        yield from (_different(difference, stored=True) for difference in differences(_kept(record), due))


def stated_schedule(problem: PlanningProblem, plan: StatedPlan) -> Schedule:
    """The decisions of the document. Projects and sources that the problem does not know are left
    out: they are differences."""
    known = [project for project in plan.projects if project.key in problem.candidates]
    starts = {p.key: p.start for p in known if p.selected and p.start is not None}
    draws = tuple(
        Draw(project.key, int(year), source, from_wan(amount))
        for project in known
        for year, by_source in project.funding.items()
        for source, amount in by_source.items()
        if source in problem.sources
    )
    return Schedule(starts, draws)


def _inputs(problem: PlanningProblem, plan: StatedPlan, record: RunRecord | None) -> Iterator[Finding]:
    said, due = plan.inputs_sha256, problem.inputs_sha256
    if said == due:
        return
    zh = "情景、数据，或排期时给的 --gap、--time-limit 不是这些"
    en = "scenario or data, or --gap or --time-limit of the run, were others"
    if record is not None:
        made = record.versions.get("portfolio", "?")
        zh = f"所存的情景、数据或指纹被改过，或由另一版本（{made}）写成，本版本为 {__version__}"
        en = f"scenario, data or hash were changed, or another version ({made}, this is {__version__}) wrote them"
    yield Finding(
        Kind.INPUTS,
        "inputs_sha256",
        Text(
            f"输入不符：所写 {said[:12]}，重算 {due[:12]}（{zh}）",
            f"other inputs: stated {said[:12]}, recomputed {due[:12]} ({en})",
        ),
        said,
        due,
    )


def _broken(violation: Requirement) -> Finding:
    zh, en = violation.text
    text = Text(f"违反规则 {violation.rule}：{zh}", f"breaks the rule {violation.rule}: {en}")
    return Finding(Kind.RULE, "", text)


def _expected(
    problem: PlanningProblem, plan: StatedPlan, schedule: Schedule, evaluation: Evaluation
) -> Entry:
    """The document as it must be. What only the solver knows, and times, may be anything."""
    recomputed = Plan(
        problem=problem,
        result=Result(plan.status, schedule, tuple(_objectives(problem, evaluation))),
        evaluation=evaluation,
        marginal=json_reader.marginal_values(plan.entry),
        created_at=datetime(1, 1, 1, tzinfo=UTC),
    )
    entry = json_reader.parse(json_document.dumps(recomputed))
    for key in ("run", "inputs_sha256", "created_at", "seconds"):
        entry[key] = ANY
    for objective in entry["objectives"]:
        objective |= {"bound": ANY, "gap": ANY, "proven": ANY}
    for project in entry["projects"]:
        if not _on_time(problem, project):
            project["reason"] = ANY
    for line in entry["funding"]:
        line["marginal_value"] = ANY
    if not any(LATER_KEYS & project.keys() for project in plan.entry["projects"]):
        for project in entry["projects"]:
            for key in LATER_KEYS:
                del project[key]
    return entry


def _on_time(problem: PlanningProblem, project: Entry) -> bool:
    """Whether a project is in, and starts as early as its own data allow, so that nothing needs a reason."""
    candidate = problem.candidates[project["key"]]
    first = max(problem.horizon.first_year, candidate.earliest_start or 0)
    return bool(project["selected"]) and (candidate.fixed_start is not None or project["start"] <= first)


def _objectives(problem: PlanningProblem, evaluation: Evaluation) -> Iterator[Objective]:
    for name in problem.order:
        yield Objective(name, evaluation.objectives[name], UNKNOWN, proven=False)


def _claims(problem: PlanningProblem, plan: StatedPlan, evaluation: Evaluation) -> Iterator[Finding]:
    """What the document says of its objectives' proof, held against the recomputed values."""
    allowed = problem.solver.gap
    unproven = []
    for index, objective in enumerate(plan.objectives):
        if objective.name not in evaluation.objectives:
            continue  # an objective too much is a difference
        value = _double(evaluation.objectives[objective.name])
        yield from _claim(objective, value, allowed, f"objectives[{index}]")
        if not objective.proven or _gap(objective, value) > allowed + ROUNDING:
            unproven.append(objective.name)
    if plan.status is Status.OPTIMAL and unproven:
        names = ", ".join(unproven)
        yield Finding(
            Kind.CLAIM,
            "status",
            Text(f"称最优 optimal，但 {names} 未经证明", f"says optimal, but {names} is not proven"),
            plan.status.value,
            Status.FEASIBLE.value,
        )


def _claim(objective: StatedObjective, value: Decimal, allowed: Decimal, place: str) -> Iterator[Finding]:
    bound = objective.bound
    if bound is None:
        if objective.gap is not None:
            yield _claimed(
                f"{place}.gap", objective.gap, None, "界未知，不能有差距", "no gap without a bound"
            )
        if objective.proven:
            yield _claimed(
                f"{place}.proven", True, False, "界未知，不能算已证明", "not proven without a bound"
            )
        return
    if bound < value if objective.name in MAXIMISED else bound > value:
        yield _claimed(
            f"{place}.bound", bound, None,
            f"界 {shown(bound)} 比目标值 {shown(value)} 还差",
            f"the bound {shown(bound)} is on the wrong side of the value {shown(value)}",
        )  # fmt: skip
    gap = _gap(objective, value)
    if objective.gap is None or abs(objective.gap - gap) > ROUNDING * max(Decimal(1), gap):
        yield _claimed(f"{place}.gap", objective.gap, gap, "差距不合公式", "the gap is not |value − bound| / max(1, |value|)")  # fmt: skip
    if objective.proven and gap > allowed + ROUNDING:
        yield _claimed(
            f"{place}.proven", True, False,
            f"差距 {shown(_double(gap))} 超过情景允许的 {allowed}",
            f"the gap {shown(_double(gap))} is above the scenario's {allowed}",
        )  # fmt: skip


def _gap(objective: StatedObjective, value: Decimal) -> Decimal:
    """|value - bound| / max(1, |value|) (MODEL section 4); without a bound it has no end."""
    if objective.bound is None:
        return Decimal("Infinity")
    return abs(value - objective.bound) / max(Decimal(1), abs(value))


def _claimed(place: str, found: Any, expected: Any, zh: str, en: str) -> Finding:
    return Finding(Kind.CLAIM, place, Text(zh, en), found, expected)


def _double(value: Decimal) -> Decimal:
    """The value as the document writes it."""
    return Decimal(repr(number(value)))


def _different(difference: Difference, stored: bool) -> Finding:
    found, expected = difference.found, difference.expected
    zh, en = ("所存", "stored") if stored else ("文件", "file")
    if found is NOTHING:
        what = "" if expected is ANY else f": {shown(expected)}"
        text = Text(f"缺少{what}", f"missing{what}")
    elif expected is NOTHING:
        text = Text(f"{zh}为 {shown(found)}，重算没有此项", f"{en} {shown(found)}, recomputed nothing")
    else:
        due = shown(expected)
        text = Text(f"{zh}为 {shown(found)}，重算为 {due}", f"{en} {shown(found)}, recomputed {due}")
    return Finding(Kind.FIGURE, difference.place, text, _plain(found), _plain(expected))


def _plain(value: Any) -> Any:
    if isinstance(value, Special):
        return None
    return shown(value) if isinstance(value, dict | list) else value


def _kept(record: RunRecord) -> Entry:
    """The rows that the database keeps of a run, beside the document; amounts in 万元."""
    return {
        "runs": {
            "name": record.name,
            "scenario": record.scenario,
            "inputs_sha256": record.inputs_sha256,
            "status": record.status.value,
        },
        "run_projects": [
            {
                "project": row.key,
                "selected": row.selected,
                "start": row.start,
                "finish": row.finish,
                "opens": row.opens,
                "cost": to_wan(row.cost),
            }
            for row in record.projects
        ],
        "run_draws": _draws(record.draws),
        "run_objectives": [
            {
                "name": row.name,
                "value": row.value,
                "bound": _double(row.bound) if row.bound.is_finite() else None,
                "proven": row.proven,
            }
            for row in record.objectives
        ],
    }


def _due(plan: StatedPlan, schedule: Schedule, evaluation: Evaluation) -> Entry:
    """The same rows as the document and the recomputed values give them."""
    stated = {objective.name: objective for objective in plan.objectives}
    return {
        "runs": _heading(plan),
        "run_projects": [
            {
                "project": line.key,
                "selected": line.selected,
                "start": line.start,
                "finish": line.finish,
                "opens": line.opens,
                "cost": to_wan(line.cost),
            }
            for line in evaluation.projects
        ],
        "run_draws": _draws(schedule.draws),
        "run_objectives": [
            {"name": name, "value": value, "bound": stated[name].bound, "proven": stated[name].proven}
            for name, value in evaluation.objectives.items()
            if name in stated
        ],
    }


def _heading(plan: StatedPlan) -> Entry:
    return {
        "name": plan.run,
        "scenario": plan.scenario,
        "inputs_sha256": plan.inputs_sha256,
        "status": plan.status.value,
    }


def _draws(draws: Iterable[Draw]) -> list[Entry]:
    return [
        {"project": d.project, "year": d.year, "source": d.source, "amount": to_wan(d.amount)}
        for d in sorted(draws)
        if d.amount
    ]
