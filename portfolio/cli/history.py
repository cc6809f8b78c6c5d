"""`portfolio runs`: the history."""

from __future__ import annotations

import click

from portfolio.cli.common import database_option


@click.command()
@database_option
def runs(database: str) -> None:
    """列出历次排期 List the stored runs, oldest first."""
    from rich.console import Console
    from rich.table import Table

    from portfolio import service
    from portfolio.db.session import Database

    with Database(database) as store:
        stored = service.list_runs(store)
    table = Table(box=None, pad_edge=False)
    for title in ("排期 run", "时间 time", "状态 status", "首要目标 first objective", "输入 inputs"):
        table.add_column(title)
    for run in stored:
        first = next(iter(run.objectives), None)
        goal = f"{first.name} = {first.value:,}" if first else "–"
        when = f"{run.created_at.astimezone():%Y-%m-%d %H:%M}"
        table.add_row(run.name, when, run.status.value, goal, run.inputs_sha256[:12])
    Console().print(table)
