"""`portfolio explain [PROJECT]`: why projects are out or late; why a scenario has no schedule."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from portfolio.cli.imported import scenario_at_hand
from portfolio.errors import InfeasibleError, NoScheduleError, UsageError

if TYPE_CHECKING:
    from portfolio.db.session import Database
    from portfolio.domain.text import Lang
    from portfolio.report.progress import SolveProgress
    from portfolio.scenario.plan import Plan


def explain_projects(
    store: Database,
    scenario: str,
    workbook: Path | None,
    words: str | None,
    start: int | None,
    *,
    as_json: bool,
    lang: Lang,
) -> int:
    """Prints the explanation of one project, or of all that need one; gives the exit code.

    Raises:
        UsageError: there is no such project; or a year is given without one.
    """
    from rich.console import Console

    from portfolio import explaining, service
    from portfolio.report import json_explained
    from portfolio.report.progress import SolveProgress
    from portfolio.report.terminal import page_of
    from portfolio.report.terminal_explain import explanation_page, reasons_page

    if start is not None and words is None:
        raise UsageError("--start: 须指明项目 / name the PROJECT, too")
    with SolveProgress(lang) as progress:
        plan = _plan(store, scenario, workbook, progress, lang)
        key = None if words is None else service.find_project(plan, words)
        if plan.result.schedule is None:
            return _without_schedule(plan, as_json=as_json, lang=lang)
        page = page_of(Console(), lang)
        if key is None:
            starts, reasons = plan.result.schedule.starts, explaining.reasons(plan, progress)
            told = json_explained.reasons_dumps(plan, starts, reasons)
            shown = reasons_page(plan, starts, reasons, page)
        else:
            found = explaining.project(plan, key, start, progress)
            told = json_explained.explanation_dumps(plan, found)
            shown = explanation_page(plan, found, page)
    if as_json:
        click.echo(told, nl=False)
    else:
        Console().print(shown, soft_wrap=True, highlight=False)
    return 0


def _plan(store: Database, scenario: str, workbook: Path | None, progress: SolveProgress, lang: Lang) -> Plan:
    """The newest run, if it was made from what is there now, else the scenario solved anew."""
    from portfolio.at_hand import plan_of

    plan = plan_of(store, scenario_at_hand(store, scenario, workbook, lang), progress)
    if not plan.run:
        click.echo(
            "提示 notice: 没有与现有数据相符的排期，已重新求解，未保存 / no stored run has the present inputs: solved"
            " again, not stored",
            err=True,
        )
    return plan


def _without_schedule(plan: Plan, *, as_json: bool, lang: Lang) -> int:
    """Why there is no schedule: what contradicts, and what would mend it."""
    from rich.console import Console

    from portfolio import service
    from portfolio.domain.schedule import Status
    from portfolio.report import json_explained
    from portfolio.report.terminal import page_of
    from portfolio.report.terminal_repairs import infeasible

    if plan.result.status is not Status.INFEASIBLE:
        click.echo(f"{plan.problem.scenario}: 时限内未得出方案 / no schedule within the time limit", err=True)
        return NoScheduleError.exit_code
    if not (plan.result.repairs or plan.result.repair_notes):
        from dataclasses import replace

        plan = replace(plan, result=service.with_repairs(plan.problem, plan.result))
    if as_json:
        click.echo(json_explained.reasons_dumps(plan, {}, {}), nl=False)
        return InfeasibleError.exit_code
    console = Console()
    for line in infeasible(page_of(console, lang), plan):
        console.print(line, soft_wrap=True, highlight=False)
    return InfeasibleError.exit_code
