"""Why a project is not in the schedule: each reason is verified, by a rule or by another solve.

The other projects are held as scheduled (their sources may be re-divided). A reason is therefore
about this schedule; it does not claim that no other schedule could take the project in.
"""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal

import numpy as np

from portfolio.domain.funding import SHARED
from portfolio.domain.money import Money, to_wan
from portfolio.domain.progress import SolveEvent, SolveListener
from portfolio.domain.project import RelationKind
from portfolio.domain.schedule import Reason, Schedule, Status
from portfolio.domain.text import Text
from portfolio.optimise.conflict import find_conflict
from portfolio.optimise.constraints import CONSTRAINTS
from portfolio.optimise.engine import Engine, Limits
from portfolio.optimise.funds import payers
from portfolio.optimise.model import compile_problem
from portfolio.optimise.program import ProgramBuilder, Stage, figure, ints
from portfolio.optimise.variables import Variables, admissible_starts, in_window
from portfolio.scenario.problem import Candidate, PlanningProblem

TIME_LIMIT_S = 5.0
SHORTEST_S, LONGEST_S = 5.0, 30.0
"""Bounds of the time that all reasons together may take."""
MANY_YEARS = 1000
"""A weight above any number of years, so that fewer additions come before later ones."""


OBJECTIVE_NAMES = {
    "seat_shortage": Text("加权学位缺口", "the weighted seat shortage"),
    "targets": Text("目标欠缺学位", "the seats missing from targets"),
    "milestones": Text("节点逾期年数", "the years late at milestones"),
    "priority": Text("优先得分", "the priority score"),
    "idle_seats": Text("空余学位", "the idle seats"),
    "disruption": Text("对已批计划的变动", "the disruption of the approved plan"),
    "cost": Text("支出（万元）", "the cost (万元)"),
    "earliness": Text("开工推迟年数", "the years of later starts"),
}


def reasons(
    problem: PlanningProblem,
    schedule: Schedule,
    listener: SolveListener | None = None,
    *,
    interrupted: bool = False,
) -> dict[str, Reason]:
    """The reason for every candidate that `schedule` leaves out.

    The search takes half as long as the solve may, within bounds, and Ctrl-C ends it without ending
    the run: what is left then has the code "unknown". `interrupted`: only what needs no solve.
    """
    out = [key for key in problem.candidates if key not in schedule.starts]
    found: dict[str, Reason] = {}
    began = time.monotonic()
    limit = 0.0 if interrupted else min(max(problem.solver.time_limit_s / 2, SHORTEST_S), LONGEST_S)
    unknown = _reason("unknown", "未在时限内查明", "not found out within the time limit")
    try:
        for position, key in enumerate(out, start=1):
            if listener:
                seconds = time.monotonic() - began
                listener(SolveEvent("reasons", position, len(out), None, None, None, seconds))
            in_time = time.monotonic() - began < limit
            found[key] = (
                why_out(problem, schedule, key)
                if in_time
                else _without_solve(problem, schedule, key) or unknown
            )
    except KeyboardInterrupt:
        found |= {key: unknown for key in out if key not in found}
    return found


def why_out(problem: PlanningProblem, schedule: Schedule, key: str) -> Reason:
    """The first of these that holds: it can never start, a relation forbids it, the money left does
    not suffice, another rule stands against it, or it would not improve the plan."""
    return _without_solve(problem, schedule, key) or _money(problem, schedule, key)


def _without_solve(problem: PlanningProblem, schedule: Schedule, key: str) -> Reason | None:
    return _never(problem, problem.candidates[key]) or _relation(problem, schedule, key)


def _never(problem: PlanningProblem, candidate: Candidate) -> Reason | None:
    who = payers(problem, candidate)
    if admissible_starts(problem, candidate, who):
        return None
    if candidate.left_out_predecessors:
        others = ", ".join(candidate.left_out_predecessors)
        return _reason(
            "after",
            f"须在 {others} 之后建设，而本情景未包含它",
            f"must come after {others}, which the scenario leaves out",
        )
    if not any(in_window(problem, candidate, year) for year in problem.horizon.years):
        last = problem.horizon.last_year
        limit = last if candidate.latest_finish is None else min(last, candidate.latest_finish)
        return _reason(
            "window",
            f"工期 {candidate.duration_years} 年，在 {limit} 年前无法建成付清",
            f"{candidate.duration_years} construction years cannot be finished and paid by {limit}",
        )
    due = who.unfundable
    if due == "-":
        return _reason("funding", "没有可用的资金来源", "no funding source may pay it")
    return _reason(
        "funding", f"应由 {due} 承担的份额无法支付", f"a share is due from {due}, which may not pay it"
    )


def _relation(problem: PlanningProblem, schedule: Schedule, key: str) -> Reason | None:
    for group in problem.groups:
        if key not in group.members:
            continue
        chosen = [problem.candidates[k].label for k in group.members if k in schedule.starts]
        if group.kind in (RelationKind.EXCLUDE, RelationKind.CHOOSE) and chosen:
            zh, en = "、".join(label.zh for label in chosen), ", ".join(label.en for label in chosen)
            return _reason(
                str(group.kind), f"与已入选的{zh}互为替代方案", f"{en}, its alternative, is selected"
            )
    for pair in problem.after:
        if pair.project == key and pair.other not in schedule.starts:
            other = problem.candidates[pair.other].label
            return _reason(
                "after",
                f"须在{other.zh}之后建设，而它未入选",
                f"must come after {other.en}, which is not selected",
            )
    return None


def _money(problem: PlanningProblem, schedule: Schedule, key: str) -> Reason:
    """The least extra money that lets the project in with all others held; 0: money is not the reason."""
    held = _held(problem, schedule, key, taken_in=True)
    program = ProgramBuilder()
    # The rest is paid for as it stands, so no more than the spend of what comes in can be missing.
    coming = [name for name in held.candidates if name not in schedule.starts]
    most = sum(
        max(sum(held.spend_in_horizon(name, year).values()) for year in held.horizon.years) for name in coming
    )
    variables = Variables(program, held, raise_caps=most)
    for constraint in CONSTRAINTS.values():
        constraint.add(program, held, variables)
    extra = ints(list(variables.extra_caps.values()))
    program.add_stage(Stage("extra", extra, np.ones(len(extra), np.int64)))
    used = ints([_used(program, column, most) for column in extra.tolist()])
    sooner = ints([MANY_YEARS + problem.horizon.last_year - year for _, year in variables.extra_caps])
    program.add_stage(Stage("pieces", used, sooner))
    answer = Engine(program.build(), Limits(time_limit_s=TIME_LIMIT_S)).run()
    if answer.status is Status.INFEASIBLE:
        return _other_rule(held, key)
    if answer.values is None:
        return _reason("unknown", "未在时限内查明", "not found out within the time limit")
    if answer.stages[0].value == 0:
        return _worse(problem, schedule, key)
    values = answer.values
    start = variables.chosen(values)[key]
    pieces = [
        (source, year, int(values[column]))
        for (source, year), column in sorted(variables.extra_caps.items(), key=lambda item: item[0][1])
        if values[column]
    ]
    lasting = {key for key, source in problem.sources.items() if source.carry_over_years != 0}
    zh = "、".join(
        f"{year} 年{_source(problem, s).zh} {to_wan(a):,} 万元{'（可结转）' if s in lasting else ''}"
        for s, year, a in pieces
    )
    en = ", ".join(
        f"{to_wan(a):,} 万元 of {_source(problem, s).en} in {year}{' (carried over)' if s in lasting else ''}"
        for s, year, a in pieces
    )
    total = to_wan(answer.stages[0].value)
    least = Text("至少还缺", "at least") if answer.stages[0].proven else Text("约缺", "about")
    return _reason(
        "cap",
        f"在其他项目不变时{least.zh} {total:,} 万元：例如 {start} 年开工，需增加 {zh}",
        f"with the other projects as scheduled, {least.en} {total:,} 万元 more is needed:"
        f" for example, starting in {start}, {en}",
    )


def _used(program: ProgramBuilder, column: int, most: Money) -> int:
    """A switch that is 1 where the column is used: few additions, and late ones, are easier to ask for."""
    switch = program.add_column(0, 1)
    program.add_row("used", [(column, 1), (switch, -most)], high=0)
    return switch


def _other_rule(held: PlanningProblem, key: str) -> Reason:
    """Money would not help: which rules stand against it."""
    roomy = replace(held, caps={s: dict.fromkeys(held.horizon.years, 2**40) for s in held.caps})
    against = [r for r in find_conflict(roomy) if r.project != key and r.rule != "mandatory"]
    if not against:
        return _reason("rules", "与其他规则冲突", "other rules stand against it")
    zh = "；".join(r.text.zh for r in against)
    en = "; ".join(r.text.en for r in against)
    return _reason(against[0].rule, f"与以下要求冲突：{zh}", f"these requirements stand against it: {en}")


def _worse(problem: PlanningProblem, schedule: Schedule, key: str) -> Reason:
    """It fits; so what matters is the first objective that changes when it is taken in."""
    without = _best(_held(problem, schedule, key, taken_in=False))
    forced = _best(_held(problem, schedule, key, taken_in=True))
    if without is None or forced is None:
        return _reason("unknown", "未在时限内查明", "not found out within the time limit")
    (values, _), (changed, starts) = without, forced
    name = next((n for n in problem.order if values[n] != changed[n]), None)
    if name is None:
        return _reason("no_gain", "列入与否各项目标相同", "no objective changes with it")
    opens = problem.candidates[key].opens(starts[key])
    # Years of use count for every project: where they did not change, it opens too late for any.
    too_late = name == "cost" and "priority" in problem.order[: problem.order.index("cost")]
    if too_late and opens > problem.horizon.last_year:
        return _reason(
            "no_gain",
            f"余钱够用，但规划期内来不及投用（如 {starts[key]} 年开工、{opens} 年投用），列入只增加支出",
            f"the money left suffices, but it would open only after the horizon (for example starting in"
            f" {starts[key]}, opening in {opens}) and only add cost",
        )
    rises, amount = changed[name] > values[name], abs(changed[name] - values[name])
    words, zh, en = OBJECTIVE_NAMES[name], "增加" if rises else "减少", "rise" if rises else "fall"
    if rises == (name == "priority"):
        return _passed_over(problem, Text(f"“{words.zh}”{zh} {amount:,}", f"{words.en} {en} by {amount:,}"))
    return _reason(
        "no_gain",
        f"资金够，但列入后“{words.zh}”{zh} {amount:,}，不合目标次序",
        f"the money suffices, but with it {words.en} would {en} by {amount:,},"
        " against the order of objectives",
    )


def _passed_over(problem: PlanningProblem, gain: Text) -> Reason:
    """Taking it in would be better: a tolerance gave the gain away, or the search ended too early."""
    if problem.tolerance:
        return _reason(
            "tolerance",
            f"列入可使{gain.zh}；情景的容差允许为后面的目标放弃它",
            f"taking it in would let {gain.en}; the scenario's tolerance allows giving that up for later"
            " objectives",
        )
    return _reason(
        "unproven",
        f"列入可使{gain.zh}；求解提前结束，未证明最优，请延长时限再排",
        f"taking it in would let {gain.en}; the search ended before optimality was proven: allow it more time",
    )


def _best(problem: PlanningProblem) -> tuple[dict[str, Decimal], dict[str, int]] | None:
    """The objective values and the starts of the best schedule of a problem; None if not proven."""
    program, variables = compile_problem(problem)
    answer = Engine(program, Limits(time_limit_s=TIME_LIMIT_S)).run()
    if answer.status is not Status.OPTIMAL or answer.values is None:
        return None
    figures = {
        name: figure(stage, result.value)
        for name, stage, result in zip(problem.order, program.stages, answer.stages, strict=True)
    }
    return figures, variables.chosen(answer.values)


def _held(problem: PlanningProblem, schedule: Schedule, about: str, *, taken_in: bool) -> PlanningProblem:
    """The problem in which every scheduled project keeps its start and of the others only `key` is left.

    Counties that share nothing with the project's own are left out: they cannot make a difference.
    """
    near = _tied_counties(problem, about)
    candidates = {
        name: replace(c, fixed_start=schedule.starts[name])
        for name, c in problem.candidates.items()
        if name in schedule.starts and c.row.county in near
    }
    if taken_in:
        for name in _companions(problem, about):
            candidates.setdefault(name, problem.candidates[name])
        candidates[about] = replace(problem.candidates[about], mandatory=True)
    return replace(
        problem,
        candidates=candidates,
        sources={k: s for k, s in problem.sources.items() if s.county in near | {SHARED}},
        demand={cell: seats for cell, seats in problem.demand.items() if cell.county in near},
        after=tuple(a for a in problem.after if a.project in candidates and a.other in candidates),
        groups=tuple(
            replace(g, members=left)
            for g in problem.groups
            if (left := tuple(m for m in g.members if m in candidates))
        ),
        milestones=tuple(m for m in problem.milestones if m.project in candidates),
    )


def _companions(problem: PlanningProblem, key: str) -> set[str]:
    """The project with all that must be built together with it."""
    groups = [set(g.members) for g in problem.groups if g.kind is RelationKind.TOGETHER]
    found = {key}
    while more := [group for group in groups if group & found and not group <= found]:
        found = found.union(*more)
    return found


def _tied_counties(problem: PlanningProblem, key: str) -> set[str]:
    """The project's county and all that shared money or relations tie to it."""
    every = {c.row.county for c in problem.candidates.values()}
    if any(source.county == SHARED for source in problem.sources.values()):
        return every
    ties = [{problem.candidates[k].row.county for k in g.members} for g in problem.groups]
    ties += [{problem.candidates[k].row.county for k in (a.project, a.other)} for a in problem.after]
    tied = {problem.candidates[key].row.county}
    while more := [tie for tie in ties if tie & tied and not tie <= tied]:
        tied = tied.union(*more)
    return tied


def _source(problem: PlanningProblem, key: str) -> Text:
    row = problem.sources[key]
    return Text(row.name_zh or key, row.name_en or key)


def _reason(code: str, zh: str, en: str) -> Reason:
    return Reason(code, Text(zh, en))
