"""`portfolio check`: what can be said before a scenario is solved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portfolio.cli.common import database_option, lang_option, open_database, tell
from portfolio.errors import InfeasibleError, InputRefusedError

if TYPE_CHECKING:
    from portfolio.domain.text import Lang


@click.command()
@click.option("--scenario", "-s", required=True, metavar="NAME|FILE", help="情景名或 TOML 文件 A name in scenarios/, or a TOML file.")  # fmt: skip
@click.option("--workbook", type=click.Path(path_type=Path, dir_okay=False), help="输入工作簿 Input workbook; default data/projects.xlsx.")  # fmt: skip
@click.option("--all", "every", is_flag=True, help="列出全部 List every finding and estimate.")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 打印 Print the findings as JSON.")
@database_option
@lang_option
def check(scenario: str, workbook: Path | None, every: bool, as_json: bool, database: str, lang: Lang) -> int:
    """检查情景的数据 Check a scenario before solving it.

    数据质量、办学标准、估算，以及求解之前已经必然无解的要求。
    Data quality, standards, estimates, and requirements that already cannot be met.
    已证明无解时退出码为 4；其他发现不影响退出码。
    Exit code 4 if it is proven that there is no schedule; other findings do not change it.
    """
    from rich.console import Console

    from portfolio import service
    from portfolio.cli.check_page import print_report
    from portfolio.cli.imported import tell_imported, tell_refusal
    from portfolio.quality.document import document

    with open_database(database, lang) as store:
        try:
            report, imported = service.check(store, scenario, workbook)
        except InputRefusedError as error:
            tell_refusal(error, lang)
            raise
    tell_imported(imported, workbook or service.DEFAULT_WORKBOOK, lang)
    tell(report.problem.notices, lang)
    if as_json:
        click.echo(json.dumps(document(report), ensure_ascii=False, indent=1))
    else:
        print_report(report, Console(), lang, every=every)
    return InfeasibleError.exit_code if report.impossible else 0
