"""`milestone`: a firm one admits only starts that keep it, and forces selection."""

from __future__ import annotations

from portfolio.domain.project import Milestone, MilestoneKind
from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.program import ProgramBuilder
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import Candidate, PlanningProblem

VERBS = {
    MilestoneKind.START_BY: Text("开工", "start"),
    MilestoneKind.FINISH_BY: Text("完工", "finish"),
    MilestoneKind.OPEN_BY: Text("投用", "open"),
}


def year_met(candidate: Candidate, milestone: Milestone, start: int) -> int:
    """The year in which the milestone is met if the project starts in `start`."""
    if milestone.kind is MilestoneKind.START_BY:
        return start
    return candidate.finish(start) if milestone.kind is MilestoneKind.FINISH_BY else candidate.opens(start)


def add(program: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> None:
    for milestone in problem.milestones:
        if not milestone.firm:
            continue
        candidate = problem.candidates[milestone.project]
        label, key, year = candidate.label, candidate.key, milestone.year
        verb = VERBS[milestone.kind]
        keeping = [
            (column, 1)
            for start, column in variables.starts[key].items()
            if year_met(candidate, milestone, start) <= year
        ]
        text = Text(
            f"{label.zh}须不迟于 {year} 年{verb.zh}（刚性节点）",
            f"{label.en}: must {verb.en} by {year} (firm milestone)",
        )
        meaning = Requirement("milestone", text, key, county=candidate.row.county, year=year)
        program.add_row("milestone", keeping, low=1, meaning=meaning)
