"""`portfolio verify`: the second proof of a schedule, without the solver."""

from __future__ import annotations

import json
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portfolio.cli.common import database_option, lang_option, open_database
from portfolio.errors import VerificationError

if TYPE_CHECKING:
    from portfolio.domain.text import Lang
    from portfolio.verification import Finding, Verdict

SHOWN_FINDINGS = 20


@click.command()
@click.argument("subject", metavar="RUN_OR_FILE")
@click.option("--scenario", "-s", metavar="NAME|FILE", help="用于 schedule.json：情景 For a schedule.json: its scenario; default the one it names.")  # fmt: skip
@click.option("--workbook", type=click.Path(path_type=Path, dir_okay=False), help="用于 schedule.json：工作簿 For a schedule.json: its workbook; default the data in the database.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="以 JSON 打印结论 Print the verdict as JSON.")
@database_option
@lang_option
def verify(
    subject: str, scenario: str | None, workbook: Path | None, as_json: bool, database: str, lang: Lang
) -> int:
    """复核排期 Prove a schedule without the solver.

    RUN_OR_FILE 是 portfolio runs 所列的编号，或一个 schedule.json。
    按输入重算规则、目标和每个数字；不符则退出码为 3。

    The name of a stored run, or the path of a schedule.json. Rules, objectives and every figure are
    recomputed from the inputs; exit code 3 if anything differs.
    """
    from portfolio import verification

    with open_database(database, lang) as store:
        verdict = verification.verify(store, subject, scenario=scenario, workbook=workbook)
    if as_json:
        click.echo(json.dumps(_document(verdict), ensure_ascii=False, indent=1, default=_number))
    else:
        _print(verdict, lang)
    return 0 if verdict.holds else VerificationError.exit_code


def _print(verdict: Verdict, lang: Lang) -> None:
    from portfolio.domain.text import Text

    def say(zh: str, en: str) -> str:
        return Text(zh, en).pick(lang, " / ")

    count, status = len(verdict.findings), verdict.status.value
    if not verdict.holds:
        click.echo(f"{verdict.subject}: " + say(f"复核不符，{count} 处", f"not verified, {count} findings"))
    elif verdict.has_schedule:
        click.echo(
            f"{verdict.subject}: "
            + say(
                f"复核通过：{verdict.rules} 条规则全部满足，{verdict.figures} 个数字与重算一致",
                f"verified: all {verdict.rules} rules hold, {verdict.figures} figures are as recomputed",
            )
        )
    else:
        click.echo(
            f"{verdict.subject}: "
            + say(
                f"状态为 {status}，没有排期可复核", f"the status is {status}: there is no schedule to verify"
            )
        )
    if verdict.recomputed_sha256:
        origin = verdict.origin.pick(lang, " / ")
        click.echo(f"  {say('输入', 'inputs')} {verdict.recomputed_sha256[:12]}: {origin}")
    for finding in verdict.findings[:SHOWN_FINDINGS]:
        click.echo(f"  - {_line(finding, lang)}")
    if count > SHOWN_FINDINGS:
        click.echo(f"  … {count - SHOWN_FINDINGS} 处 more")


def _line(finding: Finding, lang: Lang) -> str:
    words = finding.text.pick(lang, " / ")
    return f"{finding.place}: {words}" if finding.place else words


def _document(verdict: Verdict) -> dict[str, Any]:
    """The verdict for other programs (docs/commands.md)."""
    outcome = "verified" if verdict.has_schedule else "no_schedule"
    return {
        "verdict": outcome if verdict.holds else "not_verified",
        "subject": verdict.subject,
        "run": verdict.run,
        "scenario": verdict.scenario,
        "status": verdict.status.value,
        "inputs": {
            "stated": verdict.inputs_sha256,
            "recomputed": verdict.recomputed_sha256 or None,
            "origin": verdict.origin.pick("both", " / ") or None,
        },
        "rules": verdict.rules,
        "figures": verdict.figures,
        "findings": [
            {
                "kind": finding.kind.value,
                "place": finding.place,
                "found": finding.found,
                "expected": finding.expected,
                "text": finding.text.pick("both", " / "),
            }
            for finding in verdict.findings
        ],
    }


def _number(value: object) -> object:
    """Plain JSON; a number no double can hold is told as text."""
    if isinstance(value, Decimal) and isfinite(float(value)):
        return float(value)
    return str(value)
