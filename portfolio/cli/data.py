"""`portfolio import` and `portfolio export`: the workbook in and out of the database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from portfolio.cli.common import database_option, lang_option, tell, tell_what_matters
from portfolio.errors import UsageError

if TYPE_CHECKING:
    from portfolio.db.difference import RowChange
    from portfolio.domain.text import Lang

SHOWN_CHANGES = 40


@click.command("import")
@click.argument("workbook", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="只检查和比较，不保存 Check and compare only; store nothing.")
@database_option
@lang_option
def import_(workbook: Path, dry_run: bool, database: str, lang: Lang) -> None:
    """导入工作簿 Take WORKBOOK into the database: all of it, or nothing."""
    from portfolio import service
    from portfolio.db.session import Database

    with Database(database) as store:
        try:
            outcome = service.import_workbook(store, workbook, dry_run=dry_run)
        except service.RefusedWorkbookError as error:
            tell_what_matters(error.notices, lang, workbook)
            raise
    if dry_run:
        tell(outcome.notices, lang)
    else:
        tell_what_matters(outcome.notices, lang, workbook)
    for change in outcome.changes[:SHOWN_CHANGES]:
        click.echo(_line(change))
    if len(outcome.changes) > SHOWN_CHANGES:
        click.echo(f"… {len(outcome.changes) - SHOWN_CHANGES} 处 more")
    done = "未保存（试运行） nothing stored (dry run)" if dry_run else "已保存 stored"
    click.echo(f"{len(outcome.changes)} 处变化 changes; {done}")


@click.command()
@click.argument("workbook", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="覆盖已有文件 Overwrite an existing file.")
@database_option
def export(workbook: Path, force: bool, database: str) -> None:
    """导出为工作簿 Write the database to WORKBOOK, ready to edit."""
    from portfolio import service
    from portfolio.db.session import Database
    from portfolio.workbook.writer import write

    if workbook.exists() and not force:
        raise UsageError(
            f"{workbook}: 文件已存在，加 --force 覆盖 / exists already; add --force to overwrite"
        )
    with Database(database) as store:
        portfolio = service.load_portfolio(store)
    write(portfolio, workbook)
    click.echo(str(workbook))


def _line(change: RowChange) -> str:
    if not change.column:
        return f"{change.kind} {change.table} {change.row}"
    return f"{change.kind} {change.table} {change.row} {change.column}: {change.old or '–'} → {change.new or '–'}"
