"""`funding`: what the projects spend is drawn, in full, from sources that may pay, within their shares."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import numpy as np

from portfolio.domain.funding import ProjectFunding
from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.program import Ints, ProgramBuilder, ints
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import Candidate, PlanningProblem


def add(program: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> None:
    _balance(program, variables)
    total = variables.spend.total(len(variables.job))
    for key, who in variables.payers.items():
        if who.unfundable:
            _forbid(program, problem, variables, key, total)
    for number, (group, members) in enumerate(variables.classes.items()):
        if group[0]:
            for row in problem.candidates[members[0]].funding:
                if row.source in group[1]:
                    _range(program, problem, variables, number, row, total)


def _forbid(
    program: ProgramBuilder, problem: PlanningProblem, variables: Variables, key: str, total: Ints
) -> None:
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
    columns = variables.columns(key)
    paying = columns[total[columns] > 0]
    here = np.arange(len(paying))
    program.add_rows("funding", here, paying, 1, high=0, count=len(paying), meaning=requirement)


def _range(
    program: ProgramBuilder,
    problem: PlanningProblem,
    variables: Variables,
    number: int,
    row: ProjectFunding,
    total: Ints,
) -> None:
    """A source pays between its shares of the spend in the horizon, bounds rounded outwards."""
    group = list(variables.classes)[number]
    candidate = problem.candidates[group[0]]
    _, draws = variables.draw_tables[number]
    paid = draws[:, group[1].index(row.source)]
    columns = variables.columns(group[0])
    label = candidate.label
    requirement = _requirement(
        candidate,
        Text(
            f"{label.zh}由 {row.source} 承担 {row.low:.0%}–{row.high:.0%}",
            f"{label.en}: {row.source} pays {row.low:.0%} to {row.high:.0%}",
        ),
        row.source,
    )
    spend = total[columns].tolist()
    least = ints([floor(amount * Fraction(row.low)) for amount in spend])
    most = ints([ceil(amount * Fraction(row.high)) for amount in spend])
    where = np.concatenate([paid, columns])
    zeros, ones = np.zeros(len(where), np.int64), np.ones(len(paid), np.int64)
    program.add_rows(
        "funding", zeros, where, np.concatenate([ones, -least]), low=0, count=1, meaning=requirement
    )
    program.add_rows(
        "funding", zeros, where, np.concatenate([ones, -most]), high=0, count=1, meaning=requirement
    )


def _balance(program: ProgramBuilder, variables: Variables) -> None:
    """In each year a class of projects draws exactly what it spends."""
    row, column, amount, count = [], [], [], 0
    row_of = np.full((len(variables.classes), len(variables.problem.horizon)), -1)
    first_year = variables.problem.horizon.first_year
    for number, (years, columns) in enumerate(variables.draw_tables):
        rows = count + np.arange(len(years))
        row_of[number, years - first_year] = rows
        row.append(np.repeat(rows, columns.shape[1]))
        column.append(columns.ravel())
        amount.append(np.ones(columns.size, np.int64))
        count += len(years)
    if not count:
        return
    spend = variables.spend
    group = variables.class_of_job[variables.job[spend.column]]
    spend, group = spend.of(group >= 0), group[group >= 0]
    row.append(row_of[group, spend.year - first_year])
    column.append(spend.column)
    amount.append(-spend.amount)
    program.add_rows(
        "balance",
        ints(np.concatenate(row)),
        ints(np.concatenate(column)),
        np.concatenate(amount),
        low=0,
        high=0,
        count=count,
    )


def _requirement(candidate: Candidate, text: Text, source: str) -> Requirement:
    return Requirement("funding", text, candidate.key, source, candidate.row.county)
