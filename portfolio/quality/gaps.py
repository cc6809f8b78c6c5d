"""Gaps in the data: sources without caps or without anyone to pay, projects that look out of place."""

from __future__ import annotations

from collections.abc import Iterator

from portfolio.domain.funding import FundingSource
from portfolio.domain.money import to_wan
from portfolio.domain.notice import Severity
from portfolio.domain.project import Stage
from portfolio.domain.text import Text
from portfolio.quality.findings import Finding, Kind, of_project, of_source
from portfolio.quality.payers import Payers
from portfolio.scenario.problem import Candidate, PlanningProblem

CLOSED = {"completed": Text("已建成", "completed"), "suspended": Text("暂缓", "suspended")}
"""Statuses of projects that are hardly meant to be planned."""


def check_gaps(problem: PlanningProblem, payers: Payers) -> Iterator[Finding]:
    yield from _sources(problem, payers)
    yield from _projects(problem)
    yield from _double_names(problem)


def _sources(problem: PlanningProblem, payers: Payers) -> Iterator[Finding]:
    used = {source for sources in payers.sources.values() for source in sources}
    for key, source in problem.sources.items():
        caps = sum(problem.caps[key].values())
        if not caps:
            yield _source(
                source, Kind.NO_CAPS, Severity.WARNING,
                Text("规划期内各年额度都是 0", "its caps are 0 in every year of the horizon"),
                Text("在“年度资金”填各年额度，或删去来源", "give its caps in FundingCaps, or remove the source"),
            )  # fmt: skip
        elif key not in used:
            yield _source(
                source, Kind.UNUSED_SOURCE, Severity.WARNING,
                Text(
                    f"规划期内共 {to_wan(caps):,} 万元，没有项目可以使用",
                    f"{to_wan(caps):,} 万元 in the horizon, and no project may use it",
                ),
                Text("核对学段、性质和“项目资金”", "check its stages and natures, and ProjectFunding"),
            )  # fmt: skip


def _source(source: FundingSource, kind: Kind, severity: Severity, text: Text, advice: Text) -> Finding:
    return Finding(**of_source(source), kind=kind, severity=severity, text=text, advice=advice)


def _projects(problem: PlanningProblem) -> Iterator[Finding]:
    for candidate in problem.candidates.values():
        status = CLOSED.get(candidate.row.status)
        if status:
            yield Finding(
                **of_project(candidate),
                kind=Kind.CLOSED_PROJECT,
                severity=Severity.WARNING,
                text=Text(
                    f"状态为“{status.zh}”，仍参加排期", f"its status is {status.en}, and it is still planned"
                ),
                advice=Text(
                    "不再建设的，从情景中排除（[projects] exclude）或改状态",
                    "leave it out of the scenario ([projects] exclude), or change its status",
                ),
            )
        if candidate.row.stage is not Stage.OTHER and not _has_seats(candidate):
            yield Finding(
                **of_project(candidate),
                kind=Kind.NO_SEATS,
                severity=Severity.NOTICE,
                text=Text(
                    "没有学位效果，对学位缺口没有贡献",
                    "has no seat effect and does nothing against the shortage",
                ),
                advice=Text(
                    "确有新增学位的，在“学位”表补行", "if it does bring seats, add a row to the sheet Seats"
                ),
            )


def _has_seats(candidate: Candidate) -> bool:
    return any(e.added or e.seats_replaced or e.seats_offline for e in candidate.effects)


def _double_names(problem: PlanningProblem) -> Iterator[Finding]:
    first: dict[tuple[str, str], Candidate] = {}
    for candidate in problem.candidates.values():
        name = "".join(candidate.row.name_zh.split()) or candidate.row.name_en.casefold().strip()
        if not name:
            continue
        other = first.setdefault((candidate.row.county, name), candidate)
        if other is not candidate:
            yield Finding(
                **of_project(candidate),
                kind=Kind.DOUBLE_NAME,
                severity=Severity.WARNING,
                text=Text(f"与 {other.key} 同县同名", f"has the name of {other.key} in the same county"),
                advice=Text("重复的删去，不同的改名", "remove it if it is the same project, else rename it"),
            )
