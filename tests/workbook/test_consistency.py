"""Rows that come from no sheet are checked like those of a workbook."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from portfolio.domain.funding import ProjectFunding
from portfolio.domain.notice import Severity
from portfolio.domain.portfolio import Portfolio
from portfolio.workbook.consistency import check_portfolio
from portfolio.workbook.reader import read
from tests.builders import a_project, a_source, caps, seats


def errors(portfolio: Portfolio) -> list[tuple[str, str]]:
    return [(n.place, n.column) for n in check_portfolio(portfolio) if n.severity is Severity.ERROR]


def test_references_duplicates_and_shares_are_named_by_their_keys() -> None:
    half = ProjectFunding(project="p", source="s", min_share=Decimal("0.6"))
    other = ProjectFunding(project="p", source="t", min_share=Decimal("0.6"))
    portfolio = Portfolio(
        projects=(a_project("p"), a_project("q")),
        seats=(seats("gone", 45),),
        funding_sources=(a_source("s"), a_source("t")),
        funding_caps=(caps(1, source="s"), caps(2, source="s")),
        project_funding=(half, other),
    )

    assert errors(portfolio) == [
        ("学位 Seats: gone / primary", "project"),
        ("年度资金 FundingCaps: s", "source"),
        ("项目资金 ProjectFunding: p / t", "min_share"),
    ]


def test_the_shipped_portfolio_has_no_error() -> None:
    shipped = read(Path(__file__).parents[2] / "data/projects.xlsx").portfolio
    assert shipped is not None

    assert errors(shipped) == []
