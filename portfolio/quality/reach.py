"""Projects that no schedule can build, and milestones that no schedule can keep."""

from __future__ import annotations

from collections.abc import Iterator

from portfolio.domain.notice import Severity
from portfolio.domain.project import Milestone, MilestoneKind
from portfolio.domain.text import Text
from portfolio.quality.findings import Finding, Kind, of_project
from portfolio.quality.windows import Windows, years_to
from portfolio.scenario.problem import PlanningProblem

_VERBS = {
    MilestoneKind.START_BY: Text("开工", "start"),
    MilestoneKind.FINISH_BY: Text("完工", "finish"),
    MilestoneKind.OPEN_BY: Text("投用", "open"),
}


def check_reach(problem: PlanningProblem, windows: Windows) -> Iterator[Finding]:
    """Optional projects that can never be built, then soft milestones that will be missed."""
    for key, never in windows.never.items():
        if key not in windows.forced:
            yield Finding(
                **of_project(problem.candidates[key]),
                kind=Kind.NEVER_BUILT,
                severity=Severity.WARNING,
                text=Text(
                    f"任何排期都不会列入它：{never.text.zh}", f"no schedule can take it in: {never.text.en}"
                ),
                advice=Text("放宽条件，或从情景中排除", "relax what stands against it, or exclude it"),
            )
    for milestone in problem.milestones:
        if not milestone.firm:
            yield from _missed(problem, windows, milestone)


def _missed(problem: PlanningProblem, windows: Windows, milestone: Milestone) -> Iterator[Finding]:
    candidate, verb = problem.candidates[milestone.project], _VERBS[milestone.kind]
    starts = windows.starts.get(milestone.project)
    earliest = None if starts is None else starts[0] + years_to(candidate, milestone.kind)
    if earliest is not None and earliest <= milestone.year:
        return
    if starts is None or earliest is None:
        zh, en = "该项目无法建设", "the project cannot be built"
    else:
        zh = f"最早 {starts[0]} 年开工、工期 {candidate.duration_years} 年，最早 {earliest} 年{verb.zh}"
        en = (
            f"with a start in {starts[0]} at the earliest and {candidate.duration_years} construction years it"
            f" can {verb.en} in {earliest} at the earliest"
        )
    yield Finding(
        **of_project(candidate),
        kind=Kind.MILESTONE_MISSED,
        severity=Severity.WARNING,
        text=Text(
            f"承诺 {milestone.year} 年{verb.zh}，{zh}", f"promised to {verb.en} by {milestone.year}; {en}"
        ),
        advice=Text(
            "改承诺年份，或提早开工、缩短工期", "change the promise, or start earlier, or build faster"
        ),
        year=milestone.year,
        found=str(earliest or ""),
        limit=str(milestone.year),
        document=milestone.source,
        locator=milestone.locator,
    )
