"""`portfolio`: the entry point and what all commands share."""

from __future__ import annotations

import sys
import traceback
from importlib import import_module
from typing import Any

import click

from portfolio import __version__
from portfolio.cli import usage
from portfolio.errors import PortfolioError

COMMANDS = {
    "init": "portfolio.cli.init:init",
    "schedule": "portfolio.cli.schedule:schedule",
    "explain": "portfolio.cli.explain:explain",
    "check": "portfolio.cli.check:check",
    "import": "portfolio.cli.data:import_",
    "export": "portfolio.cli.data:export",
    "history": "portfolio.cli.history:history",
    "runs": "portfolio.cli.history:runs",
    "show": "portfolio.cli.show:show",
    "report": "portfolio.cli.show:report",
    "verify": "portfolio.cli.verify:verify",
    "db": "portfolio.cli.db:db",
}
"""Verb -> where its command is; loaded only when it is asked for."""

SUMMARIES = {
    "init": "新建工作文件夹：工作簿、情景、说明 Make a workspace: workbook, scenarios, README.",
    "schedule": "编制排期：更新数据、求解、复核、输出 Make the schedule and its workbook.",
    "explain": "说明为何未排、推迟或无解 Explain why a project is out or late, or nothing fits.",
    "check": "检查数据、标准和必然无解的要求 Check data, standards, and what already cannot be met.",
    "import": "导入工作簿到数据库 Take a workbook into the database.",
    "export": "把数据库导出为工作簿 Write the database as a workbook.",
    "history": "谁何时从哪个文件改了什么 Who changed what, when, from which file.",
    "runs": "列出历次排期 List the stored runs.",
    "show": "显示一次排期，或其中一个项目 Show a stored run, or one project of it.",
    "report": "重出一次排期的全部文件 Write all files of a stored run again.",
    "verify": "不用求解器，复核一次排期 Prove a stored run or a schedule.json without the solver.",
    "db": "数据库结构 The database's schema.",
}
"""What `--help` says of each verb; kept here so that help does not load the commands."""


class LazyGroup(click.Group):
    """Loads a command when it is run, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            from difflib import get_close_matches

            close = get_close_matches(args[0], COMMANDS, n=1)
            hint = f"；是否指 / did you mean: {close[0]}" if close else ""
            raise click.UsageError(f'没有这个命令 no such command: "{args[0]}"{hint}', ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(SUMMARIES.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="portfolio")
@click.option("--debug", is_flag=True, help="出错时显示调用栈 Show a stack trace when something fails.")
def main_group(debug: bool) -> None:
    """学校建设项目组合规划 School construction portfolio planner.

    哪些项目、哪一年、用哪笔钱，使每个孩子都有学位。
    Which projects, in which year, with which money, so that every child has a seat.

    退出码 Exit codes: 0 完成 done, 1 意外失败 unexpected failure, 2 用法错误 wrong usage,
    3 数据被拒、复核不符 input refused or schedule not verified, 4 无可行方案 infeasible,
    5 限时内无方案 no schedule in time.
    """


def main(arguments: list[str] | None = None) -> None:
    """Runs a command and ends the process with its exit code; users' mistakes show no stack trace."""
    given = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        # A character the terminal cannot show must not end the run.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = main_group.main(given, prog_name="portfolio", standalone_mode=False)
    except click.ClickException as error:
        usage.tell(error)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = _tell_interruption()
    except PortfolioError as error:
        click.echo(f"错误 error: {error}", err=True)
        code = error.exit_code
    except Exception as error:
        if _is_interruption(error):
            code = _tell_interruption()
        else:  # the last resort: a defect, told in one line
            _tell_failure(error, given)
            code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _tell_interruption() -> int:
    click.echo("已中断 / interrupted", err=True)
    return 1


def _is_interruption(error: BaseException | None) -> bool:
    """Ctrl-C while a compiled library loads comes out as an ImportError with the interrupt behind it."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def _tell_failure(error: Exception, given: list[str]) -> None:
    if "--debug" in given:
        traceback.print_exception(error)
    words: Any = f"{type(error).__name__}: {error}"
    click.echo(
        f"意外失败 unexpected failure: {words}\n用 portfolio --debug … 重试可看到详情 / run portfolio --debug … for"
        " details",
        err=True,
    )
