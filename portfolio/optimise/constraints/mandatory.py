"""`mandatory`: a mandatory project is selected, a fixed start is kept."""

from __future__ import annotations

from portfolio.domain.money import to_wan
from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.funds import Payers
from portfolio.optimise.program import ProgramBuilder
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import PlanningProblem


def add(program: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> None:
    for key, candidate in problem.candidates.items():
        label, fixed = candidate.label, candidate.fixed_start
        if fixed is None and not candidate.mandatory:
            continue
        paid = _shares(problem, variables.payers[key])
        if fixed is not None:
            due = ", ".join(
                f"{year}: {to_wan(amount):,}" for year, amount in problem.spend_in_horizon(key, fixed).items()
            )
            text = Text(
                f"{label.zh}既定 {fixed} 年开工（各年付款万元 {due or '无'}{paid.zh}）",
                f"{label.en}: its start is fixed to {fixed} (payments in 万元 {due or 'none'}{paid.en})",
            )
            terms = [(column, 1) for start, column in variables.starts[key].items() if start == fixed]
        else:
            text = Text(f"{label.zh}必须列入{paid.zh}", f"{label.en}: is mandatory{paid.en}")
            terms = variables.selected(key)
        meaning = Requirement("mandatory", text, key, county=candidate.row.county, year=fixed)
        program.add_row("mandatory", terms, low=1, meaning=meaning)


def _shares(problem: PlanningProblem, who: Payers) -> Text:
    """Prescribed shares, without which nobody sees why a cap that is smaller than the payments, or larger,
    conflicts with them."""
    if who.shares is None:
        return Text("", "")
    told = []
    for source, share in zip(who.sources, who.shares, strict=True):
        row, percent = problem.sources[source], f"{float(share):.2%}".replace(".00%", "%")
        zh, en = row.name_zh or row.name_en or source, row.name_en or row.name_zh or source
        told.append(Text(f"{zh} {percent}", f"{en} {percent}"))
    return Text("；出资：" + "、".join(t.zh for t in told), "; paid by " + ", ".join(t.en for t in told))
