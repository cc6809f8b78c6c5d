"""What came of an import, or what stood in its way, told on stderr."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from portfolio.cli.common import tell, tell_what_matters
from portfolio.domain.text import Text
from portfolio.errors import InputRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from portfolio.at_hand import AtHand
    from portfolio.db.session import Database
    from portfolio.domain.project import Project
    from portfolio.domain.text import Lang
    from portfolio.imports import ImportOutcome, RefusedWorkbookError


SHOWN_PROJECTS = 40


def tell_refusal(
    error: InputRefusedError, lang: Lang, *, everything: bool = False, all_notices: bool = False
) -> None:
    """The problems, the conflicts or the projects; nothing of other errors. Long lists are shortened
    unless `everything` is to be shown, notices unless `all_notices` are."""
    from portfolio.cli.difference import Teller
    from portfolio.imports import ConflictError, RefusedWorkbookError, RemovalError

    if isinstance(error, RefusedWorkbookError):
        if all_notices:
            tell(error.notices, lang)
        else:
            tell_what_matters(error.notices, lang, error.path)
        _tell_checked(error, lang)
    elif isinstance(error, ConflictError):
        for line in Teller(lang, error.names, everything).conflicts(error.contested):
            click.echo(line, err=True)
    elif isinstance(error, RemovalError):
        tell_removed(error.projects, lang, everything=everything)


def tell_imported(outcome: ImportOutcome, workbook: Path, lang: Lang) -> None:
    """The import that another command did by itself; nothing where the database was up to date."""
    if outcome.up_to_date:
        return
    changes = Text("处变化", "changes").pick(lang)
    click.echo(f"已导入 imported {workbook}: {len(outcome.changes):,} {changes}", err=True)
    tell_removed(outcome.removed, lang)
    tell_what_matters(outcome.notices, lang, workbook)


def scenario_at_hand(store: Database, scenario: str, workbook: Path | None, lang: Lang) -> AtHand:
    """The scenario over the data that is there; what was imported on the way, or refused, is told.

    Raises:
        InputRefusedError: the workbook cannot be imported.
    """
    from portfolio import service
    from portfolio.at_hand import at_hand

    try:
        there = at_hand(store, scenario, workbook)
    except InputRefusedError as error:
        tell_refusal(error, lang)
        raise
    tell_imported(there.imported, workbook or service.DEFAULT_WORKBOOK, lang)
    return there


def tell_removed(projects: Sequence[Project], lang: Lang, *, everything: bool = False) -> None:
    """The projects that go, with name and cost in 万元."""
    from portfolio.domain.fingerprint import decimal_text
    from portfolio.domain.money import to_wan

    removes = Text("删除项目", "removes project").pick(lang)
    shown = projects if everything else projects[:SHOWN_PROJECTS]
    for project in shown:
        cost = ""
        if project.total_cost is not None:
            cost = f" ({Decimal(decimal_text(to_wan(project.total_cost))):,} 万元)"
        name = f"{project.key} {project.name_zh or project.name_en}".rstrip()
        click.echo(f"警告 warning: {removes}: {name}{cost}", err=True)
    if left := len(projects) - len(shown):
        more = Text("个项目未列出，--all 全列", "more projects; --all lists them").pick(lang)
        click.echo(f"… {left:,} {more}", err=True)


def _tell_checked(error: RefusedWorkbookError, lang: Lang) -> None:
    checked = error.checked
    if checked is None:
        return
    if checked.path:
        told = Text(f"已在副本中逐格标出：{checked.path}", f"the cells are marked in a copy: {checked.path}")
    else:
        told = checked.missing or Text("", "")
    click.echo(f"提示 notice: {told.pick(lang, ' / ')}", err=True)
