"""`portfolio runs`: the history."""

from __future__ import annotations

import click

from portfolio.cli.common import database_option


@click.command()
@database_option
def runs(database: str) -> None:
    """列出历次排期 List the stored runs, oldest first.

    每行：排期、时间、状态、首要目标、输入的指纹。
    A line each: run, time, status, first objective, fingerprint of its inputs.
    """
    from portfolio import service
    from portfolio.db.session import Database

    with Database(database) as store:
        stored = service.list_runs(store)
    for run in stored:
        first = next(iter(run.objectives), None)
        goal = f"{first.name} = {first.value:,}" if first else "–"
        when = f"{run.created_at.astimezone():%Y-%m-%d %H:%M}"
        click.echo(f"{run.name:<24} {when}  {run.status.value:<11} {goal:<28} {run.inputs_sha256[:12]}")
