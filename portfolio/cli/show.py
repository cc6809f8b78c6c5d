"""`portfolio show` and `portfolio report`: a stored run again, on the screen or as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from portfolio.cli.common import database_option, lang_option, open_database

if TYPE_CHECKING:
    from portfolio.domain.text import Lang


@click.command()
@click.argument("run")
@click.argument("project", required=False)
@database_option
@lang_option
def show(run: str, project: str | None, database: str, lang: Lang) -> None:
    """显示一次排期 Show a stored run, or one project of it.

    RUN 是 portfolio runs 所列的编号，或情景名（其最近一次）；PROJECT 是项目编码或名称。
    RUN is a run that portfolio runs lists, or a scenario's name for its newest; PROJECT a key or a name.
    """
    from rich.console import Console

    from portfolio import service
    from portfolio.report.terminal import page_of, print_summary
    from portfolio.report.terminal_project import project_card

    with open_database(database, lang) as store:
        plan = service.load_plan(store, run)
    console = Console()
    if project is None:
        print_summary(plan, console, lang)
        return
    card = project_card(plan, service.find_project(plan, project), page_of(console, lang))
    console.print(card, soft_wrap=True, highlight=False)


@click.command()
@click.argument("run")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="输出文件夹 Folder for the files; default out/RUN.")  # fmt: skip
@database_option
@lang_option
def report(run: str, out: Path | None, database: str, lang: Lang) -> None:
    """重出一次排期的全部文件 Write all files of a stored run again.

    RUN 是 portfolio runs 所列的编号，或情景名（其最近一次）。不重新求解：与当时相同。
    RUN is a run that portfolio runs lists, or a scenario's name for its newest. Nothing is solved again: the
    files are what they were.
    """
    from portfolio import service

    with open_database(database, lang) as store:
        files = service.report(store, run, out, lang)
    for file in files:
        click.echo(file)
