"""Options and messages that commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
