"""`portfolio init`: a new workspace."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--example", is_flag=True, help="带示例数据和情景 With the example data and their scenarios.")
def init(folder: Path, example: bool) -> None:
    """新建工作文件夹 Make a workspace in DIR: workbook, scenarios, README.

    已有的文件不会被改动 Nothing that exists is changed.
    """
    from portfolio.workspace.create import WORKBOOK, create

    for path in create(folder, example=example):
        click.echo(str(path))
    if example:
        step = "示例数据已在工作簿里 the workbook holds the example data"
    else:
        step = f"填写 {WORKBOOK}，保存并关闭 fill it in, save and close it"
    click.echo(
        f"下一步 next:\n  cd {folder}\n  {step}\n  portfolio import {WORKBOOK.as_posix()} --dry-run\n"
        "  portfolio schedule --scenario base",
        err=True,
    )
