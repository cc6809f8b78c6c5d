"""What single rows and small groups of rows must keep: amounts, years, shares, relations, estimates."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from portfolio.domain.estimate import Estimate, estimated_cost, estimated_duration
from portfolio.domain.money import HUNDREDTHS_PER_WAN
from portfolio.domain.portfolio import Norm
from portfolio.domain.project import Project, RelationKind, SeatEffect
from portfolio.domain.text import Text
from portfolio.workbook.cycles import check_cycles
from portfolio.workbook.payers import check_payers
from portfolio.workbook.problems import Problems
from portfolio.workbook.tables import Row, Tables

MAX_COST_WAN = 1_000_000
"""A project dearer than this (万元) was surely typed in another unit."""

MIN_COST_WAN = 5
"""A project cheaper than this (万元) was probably typed in 亿元."""


def check_rows(tables: Tables, problems: Problems) -> None:
    """Every check that is not about names."""
    for row in tables["projects"]:
        _check_cost(row, problems)
        _check_years(row, problems)
        _check_status(row, problems)
    _check_natures(tables, problems)
    _check_estimates(tables, problems)
    _check_money(tables, problems)
    check_payers(tables, problems)
    _check_funding_shares(tables["project_funding"], problems)
    _check_relations(tables["relations"], problems)


def _check_cost(row: Row, problems: Problems) -> None:
    cost = row.whole("total_cost")
    if cost is None:
        return
    found = f"{cost / HUNDREDTHS_PER_WAN:,.10g}"
    if cost > MAX_COST_WAN * HUNDREDTHS_PER_WAN:
        problems.error(
            row.where,
            "total_cost",
            Text(
                "超过 1,000,000 万元；是否把元当成了万元？",
                "is over 1,000,000 万元; were yuan meant? Write 万元",
            ),
            found,
        )
    elif cost < MIN_COST_WAN * HUNDREDTHS_PER_WAN:
        problems.warning(
            row.where,
            "total_cost",
            Text("不足 5 万元；是否把亿元当成了万元？", "is under 5 万元; were 亿元 meant?"),
            found,
        )


def _check_years(row: Row, problems: Problems) -> None:
    """A window that the project does not fit is a warning: the plan leaves it out and says why."""
    earliest, latest, fixed = (row.whole(key) for key in ("earliest_start", "latest_finish", "fixed_start"))
    if latest is not None and earliest is not None and latest < earliest:
        problems.warning(
            row.where,
            "latest_finish",
            Text(
                f"早于最早开工年 {earliest}；请改其中一个",
                f"is before earliest_start {earliest}; change one of them",
            ),
            str(latest),
        )
        return
    start = earliest if fixed is None else fixed
    duration = row.whole("duration_years") or 1
    if latest is not None and start is not None and start + duration - 1 > latest:
        problems.warning(
            row.where,
            "latest_finish",
            Text(
                f"{start} 年开工、工期 {duration} 年，{start + duration - 1} 年才能完工",
                f"a start in {start} and {duration} years end only in {start + duration - 1}",
            ),
            str(latest),
        )
    if fixed is not None and earliest is not None and fixed < earliest:
        text = Text(f"早于最早开工年 {earliest}", f"is before earliest_start {earliest}")
        problems.warning(row.where, "fixed_start", text, str(fixed))


def _check_status(row: Row, problems: Problems) -> None:
    """The status is for people; where they might expect it to decide something, say that it does not."""
    status = row.text("status")
    if status == "under_construction" and row.is_blank("fixed_start"):
        problems.warning(
            row.where,
            "status",
            Text(
                "在建项目应填既定开工年，否则开工年由求解器安排",
                "fill fixed_start, or its start is free to move",
            ),
            status,
        )
    elif status in ("completed", "suspended"):
        problems.warning(
            row.where,
            "status",
            Text(
                "状态不影响排期；不应列入的项目请删行，或在情景的 exclude 中列出",
                "does not keep it out of the plan; delete the row or name it in a scenario's exclude",
            ),
            status,
        )


def _check_natures(tables: Tables, problems: Problems) -> None:
    """Without a nature, a project gets nothing from a source that pays only some natures."""
    limited = {row.text("county") for row in tables["funding_sources"] if row.values.get("natures")}
    for row in tables["projects"]:
        if row.is_blank("nature") and limited & {"*", row.text("county")}:
            problems.warning(
                row.where,
                "nature",
                Text(
                    "项目性质空白；限定性质的资金来源不会为它付款",
                    "nature is blank; sources limited to some natures will not pay",
                ),
            )


# --- estimates ----------------------------------------------------------------------------------


def _check_estimates(tables: Tables, problems: Problems) -> None:
    """A blank cost or duration needs a norm that can fill it."""
    norms = [row.record for row in tables["norms"] if isinstance(row.record, Norm)]
    # An unreadable row may hold the very figures that are missing; it is told of itself.
    complete = tables.complete("norms", "seats") and all(
        row.record is not None for table in ("norms", "seats") for row in tables[table]
    )
    effects = defaultdict[str, list[SeatEffect]](list)
    for row in tables["seats"]:
        if isinstance(row.record, SeatEffect):
            effects[row.record.project].append(row.record)
    for row in tables["projects"]:
        project = row.record
        if not isinstance(project, Project):
            continue
        if project.total_cost is None:
            estimate = estimated_cost(project, effects[project.key], norms)
            _tell_estimate(row, "total_cost", estimate, complete, problems)
        if project.duration_years is None:
            _tell_estimate(row, "duration_years", estimated_duration(project, norms), complete, problems)


_CANNOT_ESTIMATE = {
    "total_cost": Text(
        "总投资空白，也没有可用的估算指标（建筑面积×单位面积造价，或新增学位×单位学位造价）；请填万元数",
        "total_cost is blank and no norm can estimate it (floor area × cost per m², or seats added × cost per seat); write 万元",
    ),
    "duration_years": Text(
        "工期空白，也没有可用的估算指标；请填年数",
        "duration_years is blank and no norm gives it; write years",
    ),
}


def _tell_estimate(
    row: Row, column: str, estimate: Estimate[int] | None, complete: bool, problems: Problems
) -> None:
    if estimate is None:
        if complete:
            problems.error(row.where, column, _CANNOT_ESTIMATE[column])
        return
    unit = " 万元" if column == "total_cost" else ""
    value = estimate.value / HUNDREDTHS_PER_WAN if unit else estimate.value
    figure, formula = f"{value:,.10g}{unit}", estimate.formula
    problems.estimate(
        row.where,
        column,
        Text(
            f"空白，按指标估算为 {figure}（{formula.zh}）",
            f"blank, estimated from Norms: {figure} ({formula.en})",
        ),
    )


# --- money --------------------------------------------------------------------------------------


def _check_money(tables: Tables, problems: Problems) -> None:
    """A source without a row of caps can pay nothing."""
    if not tables.complete("funding_caps"):
        return
    with_caps = {row.text("source") for row in tables["funding_caps"]}
    for row in tables["funding_sources"]:
        source = row.text("source")
        if source and source not in with_caps:
            problems.warning(
                row.where,
                "source",
                Text(
                    "在年度资金表中没有行，各年按 0 计", "has no row in FundingCaps; every year counts as 0"
                ),
                source,
            )


def _check_funding_shares(rows: list[Row], problems: Problems) -> None:
    """The least shares of a project may not pass 100 %; its greatest should reach it."""
    by_project = defaultdict[str, list[Row]](list)
    for row in rows:
        if row.text("project") and not row.unreadable:
            by_project[row.text("project")].append(row)
    for group in by_project.values():
        least = Decimal(0)
        for row in group:
            before, least = least, least + (row.exact("min_share") or Decimal(0))
            if before <= 1 < least:
                text = Text(
                    f"该项目最低占比合计 {least:.2%}，超过 100%；请调低",
                    f"the least shares of the project add up to {least:.2%}, over 100%; lower them",
                )
                problems.error(row.where, "min_share", text, f"{row.exact('min_share'):.2%}")
        greatest = sum((_high(row) for row in group), Decimal(0))
        if greatest < 1:
            text = Text(
                f"该项目最高占比合计只有 {greatest:.2%}，资金无法凑齐",
                f"the greatest shares of the project add up to only {greatest:.2%}; it cannot be fully paid",
            )
            problems.warning(group[0].where, "max_share", text)


def _high(row: Row) -> Decimal:
    share = row.exact("max_share")
    return Decimal(1) if share is None else share


# --- relations ----------------------------------------------------------------------------------


def _check_relations(rows: list[Row], problems: Problems) -> None:
    """`after` needs another project; the other kinds need at least two members."""
    groups = defaultdict[tuple[object, str], list[Row]](list)
    for number, row in enumerate(rows):
        kind = row.values.get("kind")
        if kind is RelationKind.AFTER:
            _check_after(row, problems)
        elif kind is not None:
            groups[kind, row.text("group") or f"\n{number}"].append(row)
    check_cycles(rows, problems)
    for group in groups.values():
        members = {row.text(key) for row in group for key in ("project", "other")} - {""}
        if len(members) < 2 and not any(row.unreadable for row in group):
            text = Text(
                "该组只有一个项目；请填相关项目，或给同组各行相同的组别",
                "the group has one member only; name the other project, or give its rows the same group",
            )
            problems.warning(group[0].where, "group" if group[0].text("group") else "other", text)


def _check_after(row: Row, problems: Problems) -> None:
    other = row.text("other")
    if row.is_blank("other"):
        text = Text(
            "先后关系缺少相关项目；请填先建的项目编码", "after needs the earlier project; write its key"
        )
        problems.error(row.where, "other", text)
    elif other and other == row.text("project"):
        text = Text(
            "项目不能排在自己之后；请填另一个项目", "a project cannot come after itself; write another key"
        )
        problems.error(row.where, "other", text, other)
