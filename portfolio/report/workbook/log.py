"""Sheet Log: what was run, on which inputs, with which programs, and what was noticed."""

from __future__ import annotations

from portfolio.domain.notice import Notice
from portfolio.report.labels import coded, label
from portfolio.report.workbook.page import Page, lines_needed
from portfolio.report.workbook.tables import Cell, Column, write_table
from portfolio.report.workbook.view import years_text
from portfolio.scenario.plan import Plan

WIDTHS = (26.0, 14.0, 30.0, 20.0, 24.0, 70.0)
LAST_COL = len(WIDTHS) - 1
NOTICE_COLUMNS = (
    Column("no.", WIDTHS[0], "cell year"),
    Column("severity", WIDTHS[1], "cell center bold"),
    Column("place", WIDTHS[2], "cell wrap"),
    Column("column", WIDTHS[3], "cell wrap"),
    Column("found", WIDTHS[4], "cell wrap"),
    Column("notice", WIDTHS[5]),
)


def write(page: Page, plan: Plan) -> None:
    """The whole sheet."""
    page.columns(WIDTHS)
    page.title(page.say("log.title", " · "), page.say("log.how"), LAST_COL)
    row = 3
    for key, text in entries(page, plan):
        page.text(row, 0, key, "cell bold shrink")
        page.merged(row, 1, LAST_COL, text, "cell wrap")
        page.row(row, 18 * lines_needed(text, sum(WIDTHS[1:])))
        row += 1
    page.merged(row + 1, 0, LAST_COL, page.say("log.notices"), "section")
    page.row(row + 1, 24)
    notices = plan.problem.notices
    header = None
    if notices:
        rows = [_notice(page, n, x) for n, x in enumerate(notices, 1)]
        header = row + 2
        row = write_table(page, header, NOTICE_COLUMNS, rows)
    else:
        page.merged(row + 2, 0, LAST_COL, page.say("log.no_notices"), "wrap")
        row += 3
    page.note(row, LAST_COL, page.say("log.where"))
    page.printed(repeat=(header, header) if header else None, money=False)


def entries(page: Page, plan: Plan) -> list[tuple[str, str]]:
    """(what, value) in reading order."""
    problem, solver = plan.problem, plan.problem.solver
    order = " → ".join(page.pick(coded("objective", name)) for name in problem.order)
    settings = page.say(
        "log.settings", limit=f"{solver.time_limit_s:g}", gap=f"{solver.gap:%}", seed=solver.seed, workers=solver.workers
    )  # fmt: skip
    found = [
        ("scenario", problem.scenario),
        ("scenario_title", problem.title),
        ("horizon", years_text(problem.horizon)),
        ("run", plan.run),
        ("created_at", plan.created_at.isoformat(sep=" ", timespec="seconds")),
        ("status", page.say(f"status.{plan.result.status}")),
        ("inputs_sha256", problem.inputs_sha256),
        ("input_name", plan.input_name),
        ("input_sha256", plan.input_sha256),
        ("escalation", f"{problem.escalation:%} ({problem.price_year})" if problem.escalation else ""),
        ("order", order),
        ("solver", settings),
    ]
    lines = [(page.pick(label(f"log.{key}")), text) for key, text in found if text]
    lines += [
        (page.pick(coded("log.seconds", name)), f"{s:.2f} {page.say('seconds')}")
        for name, s in plan.seconds.items()
    ]
    lines += [
        (f"{name} {page.say('log.version')}", version) for name, version in sorted(plan.versions.items())
    ]
    return lines


def _notice(page: Page, number: int, notice: Notice) -> list[Cell]:
    return [
        number,
        page.pick(coded("severity", str(notice.severity))),
        notice.place,
        notice.column,
        notice.found,
        page.pick(notice.text, "\n"),
    ]
