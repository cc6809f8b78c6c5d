"""What the shares of a row, or of the rows of one project, mean together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from portfolio.domain.text import Text
from portfolio.workbook.figures import Share
from portfolio.workbook.problems import Problems
from portfolio.workbook.records import SHARE_COLUMNS
from portfolio.workbook.tables import Row

_NOISE = Fraction(1, 10**9)


def settle_shares(table: str, rows: list[Row], problems: Problems) -> None:
    """Turn the `Share`s of rows into fractions, or tell why they mean nothing."""
    if table == "spending":
        for row in rows:
            _settle_profile(row, problems)
    elif table == "project_funding":
        by_project = defaultdict[str, list[Row]](list)
        for row in rows:
            by_project[row.text("project")].append(row)
        for project, group in by_project.items():
            percents = _percents(group) if project else frozenset()
            for row in group:
                _settle_bounds(row, percents, problems)


def _shares_of(row: Row) -> dict[str, Share]:
    return {key: value for key, value in row.values.items() if isinstance(value, Share)}


def _as_percent(share: Share) -> Decimal:
    return share.number if share.percent else share.number.scaleb(-2)


def _total(shares: Iterable[Decimal]) -> Fraction:
    return sum(map(Fraction, shares), Fraction(0))


def _bare_percent(row: Row, key: str, share: Share, problems: Problems) -> None:
    del row.values[key]
    row.unreadable.add(key)
    number = f"{share.number:f}"
    text = Text(
        f"大于 1；是否指 {number}%？请填 {number}% 或 {share.number / 100:f}",
        f"is more than 1; did you mean {number}%? Write {number}% or {share.number / 100:f}",
    )
    problems.error(row.where, key, text, number)


# --- least and greatest shares of a project -----------------------------------------------------


def _percents(rows: list[Row]) -> frozenset[str]:
    """The columns whose bare numbers are percents, which is certain where the rows of the project
    then add up to 100 % in one of them. A column that also has a bare 0.6 is not certain."""
    columns: dict[str, list[Share]] = {}
    for row in rows:
        for key, share in _shares_of(row).items():
            columns.setdefault(key, []).append(share)
    whole = {key for key, shares in columns.items() if _total(map(_as_percent, shares)) == 1}
    if not whole:
        return frozenset()
    fractions = {
        key for key, shares in columns.items() if any(not s.percent and 0 < s.number <= 1 for s in shares)
    }
    return frozenset(whole | (columns.keys() - fractions))


def _settle_bounds(row: Row, percents: frozenset[str], problems: Problems) -> None:
    for key, share in _shares_of(row).items():
        if not share.percent and share.number > 1 and key not in percents:
            _bare_percent(row, key, share, problems)
            continue
        row.values[key] = _as_percent(share) if key in percents else share.number
        if not share.percent and share.number > 0 and key in percents:
            text = Text(
                "按百分数读取，该项目合计 100%", "read as percent; the rows of the project add up to 100 %"
            )
            problems.notice(row.where, key, text, f"{share.number:f}")
    low, high = row.exact("min_share"), row.exact("max_share")
    if low is not None and high is not None and low > high:
        row.unreadable.add("max_share")
        text = Text(
            f"最高占比低于最低占比 {low:.2%}；请改其中一个",
            f"is below min_share {low:.2%}; change one of them",
        )
        problems.error(row.where, "max_share", text, f"{high:.2%}")


# --- shares by year -----------------------------------------------------------------------------


def _settle_profile(row: Row, problems: Problems) -> None:
    """The shares of a spending row: fractions that add up to 1, or bare percents that add up to 100."""
    shares = _shares_of(row)
    if any(key in row.unreadable for key in SHARE_COLUMNS):
        for key in shares:
            del row.values[key]
        return
    fractions = {key: share.number for key, share in shares.items()}
    bare = [key for key, share in shares.items() if share.number > 1]
    if bare:
        as_percent = {key: _as_percent(share) for key, share in shares.items()}
        if abs(_total(as_percent.values()) - 1) > _NOISE:
            for key in bare:
                _bare_percent(row, key, shares[key], problems)
            fractions = {key: value for key, value in fractions.items() if key not in bare}
        else:
            fractions = as_percent
            text = Text("按百分数读取，全行合计 100%", "read as percent; the row adds up to 100 %")
            problems.notice(row.where, bare[0], text, f"{shares[bare[0]].number:f}")
    row.values.update(fractions)
    if not row.unreadable.intersection(SHARE_COLUMNS):
        _check_profile(row, fractions, problems)


def _check_profile(row: Row, fractions: Mapping[str, Decimal], problems: Problems) -> None:
    total = _total(fractions.values())
    if total == 1:
        return
    if abs(total - 1) <= _NOISE:
        # Thirds from a formula end in the 15th digit; the last share takes what is missing.
        last = list(fractions)[-1]
        row.values[last] = fractions[last] + Decimal(1) - sum(fractions.values(), Decimal(0))
        return
    row.unreadable.add("year_1")
    percent = f"{float(total * 100):.10g}%"
    text = Text(
        f"全行占比合计 {percent}；请改为合计 100%",
        f"the shares add up to {percent}; make them add up to 100%",
    )
    problems.error(row.where, "year_1", text)
