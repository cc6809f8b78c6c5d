"""`after`: a project starts only when the one before it is finished and the lag has passed."""

from __future__ import annotations

import numpy as np

from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.program import ProgramBuilder, ints
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import PlanningProblem


def add(program: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> None:
    for key, candidate in problem.candidates.items():
        for other in candidate.left_out_predecessors:
            meaning = _requirement(problem, key, other, Text("情景未包含它", "which the scenario leaves out"))
            program.add_row("after", variables.selected(key), high=0, meaning=meaning)
    _pairs(program, problem, variables)


def _pairs(program: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> None:
    """For each start of the later project: started by then only if the other was started early enough.

    Both sides sum over all starts up to a year; rows that name one start alone would say the same
    to whole numbers, but their linear relaxation is weaker.
    """
    first, year = variables.first, variables.year
    row, column, sign = [], [], []
    pair_of_row: list[int] = []
    for number, pair in enumerate(problem.after):
        later, sooner = variables.number[pair.project], variables.number[pair.other]
        mine, theirs = (
            np.arange(first[later], first[later + 1]),
            np.arange(first[sooner], first[sooner + 1]),
        )
        ready = variables.finish[theirs] + 1 + pair.lag_years
        base = len(pair_of_row)
        by_then = year[mine][:, None] >= year[mine]
        in_time = year[mine][:, None] >= ready
        for taken, columns, value in ((by_then, mine, 1), (in_time, theirs, -1)):
            at, which = np.nonzero(taken)
            row.append(base + at)
            column.append(columns[which])
            sign.append(np.full(len(at), value))
        pair_of_row += [number] * len(mine)
    if not pair_of_row:
        return

    def meaning(position: int) -> Requirement:
        pair = problem.after[pair_of_row[position]]
        return _requirement(problem, pair.project, pair.other, _ready(pair.lag_years))

    program.add_rows(
        "after",
        ints(np.concatenate(row)),
        ints(np.concatenate(column)),
        np.concatenate(sign),
        high=0,
        count=len(pair_of_row),
        meaning=meaning,
    )


def _ready(lag_years: int) -> Text:
    if not lag_years:
        return Text("后者须先完工", "which must be finished first")
    years = "year" if lag_years == 1 else "years"
    return Text(
        f"后者须先完工并再过 {lag_years} 年", f"which must be finished, and {lag_years} more {years} passed"
    )


def _requirement(problem: PlanningProblem, key: str, other: str, why: Text) -> Requirement:
    candidate = problem.candidates[key]
    label = candidate.label
    sooner = problem.candidates[other].label if other in problem.candidates else Text(other, other)
    return Requirement(
        "after",
        Text(f"{label.zh}在{sooner.zh}之后建设，{why.zh}", f"{label.en}: comes after {sooner.en}, {why.en}"),
        project=key,
        county=candidate.row.county,
    )
