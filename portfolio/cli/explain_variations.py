"""`portfolio explain --money` and `--robustness`: the plan under more money, and under other assumptions."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portfolio.cli.imported import scenario_at_hand
from portfolio.errors import InfeasibleError, NoScheduleError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from portfolio.db.session import Database
    from portfolio.domain.marginal import Place
    from portfolio.domain.schedule import Status
    from portfolio.domain.text import Lang
    from portfolio.scenario.problem import PlanningProblem

SHOWN_SOURCES = 5


def refuse_mixtures(questions: Mapping[str, bool], of_money: Mapping[str, bool]) -> None:
    """One question at a time; and the options of `--money` without it are a slip.

    Raises:
        click.UsageError: they do not go together.
    """
    asked = [name for name, given in questions.items() if given]
    if len(asked) > 1:
        raise click.UsageError(f"只能选其一 / choose one of: {', '.join(asked)}")
    alone = [name for name, given in of_money.items() if given and not questions["--money"]]
    if alone:
        raise click.UsageError(f"{', '.join(alone)}: 须与 --money 同用 / only with --money")


def explain_money(
    store: Database,
    scenario: str,
    workbook: Path | None,
    *,
    source: str | None,
    year: int | None,
    amount_wan: Decimal | None,
    as_json: bool,
    lang: Lang,
) -> int:
    """What more money would be worth; gives the exit code."""
    from rich.console import Console

    from portfolio import worth
    from portfolio.at_hand import plan_of
    from portfolio.domain.marginal import UNIT
    from portfolio.domain.money import from_wan
    from portfolio.report.json_explanations import money_dumps
    from portfolio.report.progress import SolveProgress
    from portfolio.report.terminal import page_of
    from portfolio.report.terminal_money import money_page

    there = scenario_at_hand(store, scenario, workbook, lang)
    asked = _asked(there.problem, source, year)
    amount = UNIT if amount_wan is None else from_wan(amount_wan)
    if amount <= 0:
        raise UsageError("--raise: 至少 0.01 万元 / at least 0.01 万元")
    with SolveProgress(lang) as progress:
        plan = plan_of(store, there, progress)
        if plan.result.schedule is None:
            return _without_schedule(there.problem.scenario, plan.result.status)
        report = worth.assess(plan, asked, amount, progress)
    if as_json:
        click.echo(money_dumps(plan.problem, report), nl=False)
    else:
        console = Console()
        page = money_page(plan.problem, report, page_of(console, lang))
        console.print(page, soft_wrap=True, highlight=False)
    return 0


def explain_robustness(
    store: Database, scenario: str, workbook: Path | None, *, as_json: bool, lang: Lang
) -> int:
    """How firmly each project is in or out; gives the exit code: infeasible where no variation has a schedule."""
    from rich.console import Console

    from portfolio import robustness
    from portfolio.report.json_explanations import robustness_dumps
    from portfolio.report.progress import SolveProgress
    from portfolio.report.terminal import page_of
    from portfolio.report.terminal_robustness import robustness_page

    there = scenario_at_hand(store, scenario, workbook, lang)
    with SolveProgress(lang) as progress:
        report = robustness.assess(there.portfolio, there.path, progress)
    if as_json:
        click.echo(robustness_dumps(there.problem, report), nl=False)
    else:
        console = Console()
        page = robustness_page(there.problem, report, page_of(console, lang))
        console.print(page, soft_wrap=True, highlight=False)
    base = next((outcome for outcome in report.outcomes if outcome.variation == "base"), None)
    if base is None or base.has_schedule:
        return 0
    return _code(base.status)


def _asked(problem: PlanningProblem, source: str | None, year: int | None) -> tuple[Place, ...]:
    """The caps that are named: of one source, of one year, or one of both; () for none.

    Raises:
        UsageError: there is no such source or year.
    """
    if source is None and year is None:
        return ()
    if year is not None and year not in problem.horizon:
        first, last = problem.horizon.first_year, problem.horizon.last_year
        raise UsageError(f"--year {year}: 规划期为 / the horizon is {first}–{last}")
    keys = list(problem.sources) if source is None else [_source(problem, source)]
    years: Iterable[int] = problem.horizon.years if year is None else (year,)
    return tuple((key, y) for key in keys for y in years)


def _source(problem: PlanningProblem, words: str) -> str:
    """The key of the source with this key or name."""
    from difflib import get_close_matches

    names = {key: (key, row.name_zh, row.name_en) for key, row in problem.sources.items()}
    found = [key for key, known in names.items() if words in known]
    if len(found) == 1:
        return found[0]
    close = found or get_close_matches(words, list(names), n=SHOWN_SOURCES, cutoff=0.3) or list(names)
    some = "、".join(close[:SHOWN_SOURCES]) + (" …" if len(close) > SHOWN_SOURCES else "")
    if found:
        raise UsageError(
            f'--source "{words}" 可指多个来源，请用编号 / names several sources; use a key: {some}'
        )
    raise UsageError(f'--source "{words}": 没有这个资金来源；现有 / there is no such source, but: {some}')


def _without_schedule(scenario: str, status: Status) -> int:
    words = {
        "infeasible": "无可行方案，先用 portfolio explain 查看原因 / infeasible; portfolio explain says why",
        "no_solution": "时限内未得出方案 / no schedule within the time limit",
    }
    click.echo(f"{scenario}: {words[status]}", err=True)
    return _code(status)


def _code(status: Status) -> int:
    codes = {"infeasible": InfeasibleError.exit_code, "no_solution": NoScheduleError.exit_code}
    return codes[status]
