"""Options and messages that commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from portfolio.db.session import Database
    from portfolio.domain.notice import Notice
    from portfolio.domain.text import Lang

Command = TypeVar("Command", bound=Callable[..., Any])

MOST_NOTICES = 100
DEFAULT_DATABASE = "sqlite:///portfolio.db"


def database_option(command: Command) -> Command:
    return click.option(
        "--database",
        metavar="URL",
        envvar="PORTFOLIO_DATABASE_URL",
        default=DEFAULT_DATABASE,
        show_default=True,
        show_envvar=True,
        help="数据库 The database.",
    )(command)


def open_database(url: str, lang: Lang = "both") -> Database:
    """The database of `--database`; an upgrade of its tables is told on stderr."""
    from portfolio.db.session import Database

    return Database(url, tell=lambda text: click.echo(f"提示 notice: {text.pick(lang, ' / ')}", err=True))


def lang_option(command: Command) -> Command:
    return click.option(
        "--lang",
        type=click.Choice(["zh", "en", "both"]),
        default="both",
        show_default=True,
        help="输出语言 Language of what is printed and written.",
    )(command)


def tell(notices: Iterable[Notice], lang: Lang) -> None:
    """Errors, then warnings, then notices on stderr, a line each."""
    words = {"error": "错误 error", "warning": "警告 warning", "notice": "提示 notice"}
    for notice in sorted(notices, key=lambda notice: list(words).index(notice.severity)):
        click.echo(f"{words[notice.severity]}: {notice.line(lang)}", err=True)


def tell_what_matters(notices: Sequence[Notice], lang: Lang, workbook: Path) -> None:
    """Errors, warnings and how cells were understood. What norms estimated, and more notices than anyone
    reads, are counted, with where to read them."""
    serious = [notice for notice in notices if notice.severity != "notice"]
    understood = [n for n in notices if n.severity == "notice" and not n.estimated][:MOST_NOTICES]
    tell([*serious, *understood], lang)
    if quiet := len(notices) - len(serious) - len(understood):
        click.echo(
            f"提示 notice: 另有 {quiet} 条提示，用 portfolio import {workbook} --dry-run 查看 /"
            f" {quiet} more notices; portfolio import {workbook} --dry-run lists them",
            err=True,
        )
