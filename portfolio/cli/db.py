"""`portfolio db`: the schema of the database."""

from __future__ import annotations

import click

from portfolio.cli.common import database_option, open_database


@click.group()
def db() -> None:
    """数据库结构 The database's schema; other commands bring it up to date by themselves."""


@db.command()
@database_option
def upgrade(database: str) -> None:
    """升级到本版本 Bring the schema up to this version."""
    with open_database(database) as store:
        store.upgrade()
        click.echo(store.current())


@db.command()
@database_option
def current(database: str) -> None:
    """显示版本 Show the schema's revision."""
    with open_database(database) as store:
        click.echo(store.current() or "空库 empty")


@db.command()
@database_option
def check(database: str) -> None:
    """检查版本 Fail unless the schema is this version's."""
    with open_database(database) as store:
        store.check()
    click.echo("数据库结构与程序一致 the schema is this version's")
