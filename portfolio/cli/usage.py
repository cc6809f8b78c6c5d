"""Mistakes on the command line, told in both languages; click has the English words only."""

from __future__ import annotations

import click

KINDS: tuple[tuple[type[click.ClickException], str], ...] = (
    (click.MissingParameter, "缺少必填的参数或选项"),
    (click.NoSuchOption, "没有这个选项"),
    (click.BadOptionUsage, "选项用法有误"),
    (click.BadArgumentUsage, "参数用法有误"),
    (click.BadParameter, "选项或参数的值不合要求"),
    (click.FileError, "文件无法打开"),
    (click.UsageError, "用法有误"),
)
"""The finer kind first."""


def tell(error: click.ClickException) -> None:
    """How the command is used, what is wrong, and where help is, on stderr."""
    context = getattr(error, "ctx", None)
    if context is not None:
        click.echo(context.get_usage(), err=True)
    kind = next((words for known, words in KINDS if isinstance(error, known)), "出错")
    click.echo(f"错误 error: {kind} / {error.format_message()}", err=True)
    if context is not None:
        click.echo(f"用 {context.command_path} --help 查看用法 / shows how to use it", err=True)
