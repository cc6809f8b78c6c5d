"""`portfolio explain`: why a project is late or out, and what would change that."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portfolio.cli import explain_variations
from portfolio.cli.common import database_option, lang_option, open_database

if TYPE_CHECKING:
    from portfolio.domain.text import Lang


@click.command()
@click.argument("project", required=False)
@click.option("--scenario", "-s", required=True, metavar="NAME|FILE", help="情景名或 TOML 文件 A name in scenarios/, or a TOML file.")  # fmt: skip
@click.option("--start", type=int, metavar="YEAR", help="假设在该年开工 Suppose the project starts in this year.")  # fmt: skip
@click.option("--money", is_flag=True, help="资金的边际价值 What more money would be worth, by source and year.")  # fmt: skip
@click.option("--source", metavar="KEY", help="与 --money 同用：只对该来源再次求解 With --money: solve again for this source.")  # fmt: skip
@click.option("--year", type=int, metavar="YEAR", help="与 --money 同用：只对该年再次求解 With --money: solve again for this year.")  # fmt: skip
@click.option("--raise", "amount", type=click.FloatRange(min=0, min_open=True), metavar="WAN", help="与 --money 同用：增加多少万元，默认 100 With --money: by how many 万元; default 100.")  # fmt: skip
@click.option("--robustness", is_flag=True, help="各项目的稳健性 How firmly each project is in or out.")  # fmt: skip
@click.option("--workbook", type=click.Path(path_type=Path, dir_okay=False), help="输入工作簿 Input workbook; default data/projects.xlsx.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="打印 JSON Print JSON instead of text.")
@database_option
@lang_option
def explain(
    project: str | None,
    scenario: str,
    start: int | None,
    money: bool,
    source: str | None,
    year: int | None,
    amount: float | None,
    robustness: bool,
    workbook: Path | None,
    as_json: bool,
    database: str,
    lang: Lang,
) -> int:
    """说明排期为什么这样安排 Explain why the schedule is as it is.

    不写 PROJECT：列出每个未排入和推迟的项目及其原因；情景无解时，列出互相矛盾的要求和补救办法。
    Without PROJECT: every project that is out or late, and why; for an infeasible scenario the conflict and
    what would mend it. With PROJECT: everything about one. Ctrl-C ends it with what is known.
    """
    explain_variations.refuse_mixtures(
        {"PROJECT": project is not None, "--money": money, "--robustness": robustness},
        {"--source": source is not None, "--year": year is not None, "--raise": amount is not None},
    )
    if money or robustness:
        with open_database(database, lang) as store:
            if robustness:
                return explain_variations.explain_robustness(
                    store, scenario, workbook, as_json=as_json, lang=lang
                )
            return explain_variations.explain_money(
                store,
                scenario,
                workbook,
                source=source,
                year=year,
                amount_wan=None if amount is None else Decimal(repr(amount)),
                as_json=as_json,
                lang=lang,
            )
    from portfolio.cli.explain_projects import explain_projects

    with open_database(database, lang) as store:
        return explain_projects(store, scenario, workbook, project, start, as_json=as_json, lang=lang)
