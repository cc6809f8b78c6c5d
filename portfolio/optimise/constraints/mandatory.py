"""`mandatory`: a mandatory project is selected, a fixed start is kept."""

from __future__ import annotations

from portfolio.domain.money import to_wan
from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.program import ProgramBuilder
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import PlanningProblem


def add(program: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> None:
    for key, candidate in problem.candidates.items():
        label, fixed = candidate.label, candidate.fixed_start
        if fixed is not None:
            due = ", ".join(
                f"{year}: {to_wan(amount):,}" for year, amount in problem.spend_in_horizon(key, fixed).items()
            )
            text = Text(
                f"{label.zh}既定 {fixed} 年开工（各年付款万元 {due or '无'}）",
                f"{label.en}: its start is fixed to {fixed} (payments in 万元 {due or 'none'})",
            )
            terms = [(column, 1) for start, column in variables.starts[key].items() if start == fixed]
        elif candidate.mandatory:
            text = Text(f"{label.zh}必须列入", f"{label.en}: is mandatory")
            terms = variables.selected(key)
        else:
            continue
        meaning = Requirement("mandatory", text, key, county=candidate.row.county, year=fixed)
        program.add_row("mandatory", terms, low=1, meaning=meaning)
