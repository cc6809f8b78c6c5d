"""`funding`: what the projects spend is drawn, in full, from sources that may pay, within their shares."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from portfolio.domain.funding import ProjectFunding
from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.program import Program, Term
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import Candidate, PlanningProblem


def add(program: Program, problem: PlanningProblem, variables: Variables) -> None:
    for key, who in variables.payers.items():
        if who.unfundable:
            _forbid(program, problem, variables, key)
        elif who.ranged:
            for row in problem.candidates[key].funding:
                _range(program, problem, variables, key, row)
    _balance(program, problem, variables)


def _forbid(program: Program, problem: PlanningProblem, variables: Variables, key: str) -> None:
    """A project that nobody can pay may start only where it has nothing to pay in the horizon."""
    candidate, due = problem.candidates[key], variables.payers[key].unfundable
    label = candidate.label
    if due == "-":
        text = Text(f"{label.zh}没有可用的资金来源", f"{label.en}: no funding source may pay it")
    else:
        text = Text(
            f"{label.zh}应由 {due} 承担的份额，该来源不能支付",
            f"{label.en}: a share is due from {due}, which may not pay it",
        )
    requirement = _requirement(candidate, text, "" if due == "-" else due)
    for start, column in variables.starts[key].items():
        if problem.spend_in_horizon(key, start):
            program.add_row([(column, 1)], None, 0, requirement)


def _range(
    program: Program, problem: PlanningProblem, variables: Variables, key: str, row: ProjectFunding
) -> None:
    """A source pays between its shares of the spend in the horizon, bounds rounded outwards."""
    candidate = problem.candidates[key]
    if row.source not in variables.payers[key].sources:
        return
    paid: list[Term] = [
        (column, 1) for (group, _, source), column in variables.draws.items()
        if group[0] == key and source == row.source
    ]  # fmt: skip
    spends = {
        column: sum(problem.spend_in_horizon(key, start).values())
        for start, column in variables.starts[key].items()
    }
    label = candidate.label
    requirement = _requirement(
        candidate,
        Text(
            f"{label.zh}由 {row.source} 承担 {row.low:.0%}–{row.high:.0%}",
            f"{label.en}: {row.source} pays {row.low:.0%} to {row.high:.0%}",
        ),
        row.source,
    )
    least = [(c, -floor(spend * Fraction(row.low))) for c, spend in spends.items()]
    most = [(c, -ceil(spend * Fraction(row.high))) for c, spend in spends.items()]
    program.add_row([*paid, *least], 0, None, requirement)
    program.add_row([*paid, *most], None, 0, requirement)


def _balance(program: Program, problem: PlanningProblem, variables: Variables) -> None:
    """In each year a class of projects draws exactly what it spends."""
    terms: dict[tuple[object, int], list[Term]] = {}
    for (group, year, _), column in variables.draws.items():
        terms.setdefault((group, year), []).append((column, 1))
    for group, members in variables.classes.items():
        for key in members:
            for start, column in variables.starts[key].items():
                for year, amount in problem.spend_in_horizon(key, start).items():
                    terms[group, year].append((column, -amount))
    for row in terms.values():
        program.add_row(row, 0, 0)


def _requirement(candidate: Candidate, text: Text, source: str) -> Requirement:
    return Requirement("funding", text, candidate.key, source, candidate.row.county)
