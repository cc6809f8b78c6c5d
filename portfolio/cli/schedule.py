"""`portfolio schedule`: the main job."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portfolio.cli.common import database_option, lang_option, open_database, tell
from portfolio.errors import InfeasibleError, InputRefusedError, NoScheduleError

if TYPE_CHECKING:
    from portfolio.domain.text import Lang


@click.command()
@click.option("--scenario", "-s", required=True, metavar="NAME|FILE", help="情景名或 TOML 文件 A name in scenarios/, or a TOML file.")  # fmt: skip
@click.option("--workbook", type=click.Path(path_type=Path, dir_okay=False), help="输入工作簿 Input workbook; default data/projects.xlsx.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("out"), show_default=True, help="输出文件夹 Folder for the outputs.")  # fmt: skip
@click.option("--time-limit", type=click.FloatRange(min=0, min_open=True), metavar="S", help="求解限时（秒） Seconds for the solver.")  # fmt: skip
@click.option("--gap", type=click.FloatRange(0, 1), metavar="G", help="可接受的相对差距，如 0.01 Relative gap to accept.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="在标准输出打印 schedule.json Print schedule.json instead of the summary.")  # fmt: skip
@database_option
@lang_option
def schedule(
    scenario: str,
    workbook: Path | None,
    out: Path,
    time_limit: float | None,
    gap: float | None,
    as_json: bool,
    database: str,
    lang: Lang,
) -> int:
    """编制排期 Make the schedule of a scenario.

    数据库随工作簿更新；结果写入 out/<情景>/schedule.xlsx 和 schedule.json。
    The database follows the workbook; the result is written to out/<scenario>/.
    Ctrl-C 保留已找到的最好方案 keeps the best schedule found.
    """
    from rich.console import Console

    from portfolio import service
    from portfolio.cli.imported import tell_imported, tell_refusal
    from portfolio.report import json_document
    from portfolio.report.progress import SolveProgress
    from portfolio.report.terminal import print_summary

    request = service.ScheduleRequest(
        scenario=scenario,
        workbook=workbook,
        out=out,
        lang=lang,
        time_limit_s=None if time_limit is None else Decimal(repr(time_limit)),
        gap=None if gap is None else Decimal(repr(gap)),
    )
    with open_database(database, lang) as store:
        try:
            with SolveProgress(lang) as progress:
                outcome = service.schedule(store, request, progress)
        except InputRefusedError as error:
            tell_refusal(error, lang)
            raise
    tell_imported(outcome.imported, workbook or service.DEFAULT_WORKBOOK, lang)
    tell(outcome.plan.problem.notices, lang)
    if as_json:
        click.echo(json_document.dumps(outcome.plan), nl=False)
    else:
        print_summary(outcome.plan, Console(), lang, [str(path) for path in outcome.files])
    return {"infeasible": InfeasibleError.exit_code, "no_solution": NoScheduleError.exit_code}.get(
        outcome.plan.result.status, 0
    )
