"""Options and messages that commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from portfolio.domain.notice import Notice
    from portfolio.domain.text import Lang

Command = TypeVar("Command", bound=Callable[..., Any])

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


def lang_option(command: Command) -> Command:
    return click.option(
        "--lang",
        type=click.Choice(["zh", "en", "both"]),
        default="both",
        show_default=True,
        help="输出语言 Language of what is printed and written.",
    )(command)


def tell(notices: Iterable[Notice], lang: Lang) -> None:
    """Notices, warnings and errors on stderr, a line each."""
    words = {"notice": "提示 notice", "warning": "警告 warning", "error": "错误 error"}
    for notice in notices:
        click.echo(f"{words[notice.severity]}: {notice.line(lang)}", err=True)


def tell_what_matters(notices: Sequence[Notice], lang: Lang) -> None:
    """Warnings in full, and how many notices there are and where to read them."""
    warnings = [notice for notice in notices if notice.severity != "notice"]
    tell(warnings, lang)
    if quiet := len(notices) - len(warnings):
        click.echo(
            f"提示 notice: 导入时有 {quiet} 条提示，用 portfolio import --dry-run 查看 /"
            f" {quiet} notices at import; portfolio import --dry-run lists them",
            err=True,
        )
