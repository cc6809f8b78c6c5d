"""`portfolio import` and `portfolio export`: the workbook in and out of the database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from portfolio.cli.common import database_option, lang_option, open_database, tell, tell_what_matters
from portfolio.domain.text import Text
from portfolio.errors import InputRefusedError, UsageError

if TYPE_CHECKING:
    from portfolio.domain.text import Lang
    from portfolio.imports import Proposal


@click.command("import")
@click.argument("workbook", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="只检查和比较，不保存 Check and compare only; store nothing.")
@click.option("--allow-removal", is_flag=True, help="允许删除项目 Let projects be removed that the workbook does not have.")  # fmt: skip
@click.option("--take", type=click.Choice(["file", "database"]), help="两处都改过的行以哪一处为准 Which side stands where a row was changed in both.")  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="列出全部变化 Show every change, however many.")
@database_option
@lang_option
def import_(
    workbook: Path,
    dry_run: bool,
    allow_removal: bool,
    take: str | None,
    everything: bool,
    database: str,
    lang: Lang,
) -> None:
    """导入工作簿 Take WORKBOOK into the database: all of it, or nothing.

    先列出与数据库的差别，再存入。文件由 portfolio export 导出后，别人存入的修改予以保留。
    The difference is shown before it is stored. In a file that portfolio export wrote, what others
    stored since then is kept.
    """
    from portfolio import imports
    from portfolio.cli.imported import tell_refusal
    from portfolio.db.merge import Side

    def show(proposal: imports.Proposal) -> None:
        _show(proposal, lang, everything)

    with open_database(database, lang) as store:
        try:
            outcome = imports.import_workbook(
                store,
                workbook,
                dry_run=dry_run,
                allow_removal=allow_removal,
                take=Side(take) if take else None,
                show=show,
            )
        except InputRefusedError as error:
            tell_refusal(error, lang, everything=everything, all_notices=dry_run)
            raise
    if dry_run:
        tell(outcome.notices, lang)
    else:
        tell_what_matters(outcome.notices, lang, workbook)
    changes = f"{len(outcome.changes):,} {Text('处变化', 'changes').pick(lang)}"
    if outcome.record:
        number = outcome.record.id
        stored = Text("已保存", "stored").pick(lang)
        click.echo(f"{changes}; {stored}: {Text(f'第 {number} 次导入', f'import {number}').pick(lang)}")
    else:
        click.echo(f"{changes}; {Text('未保存（试运行）', 'nothing stored (dry run)').pick(lang)}")


def _show(proposal: Proposal, lang: Lang, everything: bool) -> None:
    """The difference with the database, before it is stored."""
    from portfolio.cli.difference import Teller

    before, after = proposal.before, proposal.after
    names = {p.key: p.name_zh or p.name_en for p in (*before.projects, *after.projects)}
    teller = Teller(lang, names, everything)
    for line in teller.difference(proposal.changes):
        click.echo(line)
    if proposal.changes:
        for line in teller.totals(before, after):
            click.echo(line)
    if proposal.kept:
        rows = len({(change.table, change.row) for change in proposal.kept})
        merged = Text(
            f"第 {proposal.base} 次导入以来他人改过的 {rows} 行，保留数据库的内容",
            f"{rows} {'row' if rows == 1 else 'rows'} that others changed since import {proposal.base}"
            f" {'is' if rows == 1 else 'are'} kept as in the database",
        )
        click.echo(merged.pick(lang, " / "))


@click.command()
@click.argument("workbook", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="覆盖已有文件 Overwrite an existing file.")
@database_option
def export(workbook: Path, force: bool, database: str) -> None:
    """导出为工作簿 Write the database to WORKBOOK, ready to edit.

    文件带有数据版本，再导入时据此与他人的修改合并。
    The file carries its revision, by which its import is merged with others' edits.
    """
    from portfolio.imports import history
    from portfolio.workbook.writer import write
    from portfolio.writing import in_place

    if workbook.exists() and not force:
        raise UsageError(
            f"{workbook}: 文件已存在，加 --force 覆盖 / exists already; add --force to overwrite"
        )
    with open_database(database) as store:
        portfolio, revision = history.exported(store)
    with in_place(workbook) as draft:
        write(portfolio, draft, revision=revision)
    click.echo(str(workbook))
