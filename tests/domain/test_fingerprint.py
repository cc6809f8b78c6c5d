"""Equal portfolios have equal hashes; anything that counts changes the hash."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from portfolio.domain.fingerprint import decimal_text, portfolio_sha256
from portfolio.domain.funding import FundingCaps
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import Project, SpendingProfile, Stage

A = Project(key="a", county="甲县", stage=Stage.PRIMARY, floor_area_m2=Decimal("1200.50"))
B = Project(key="b", county="甲县", stage=Stage.PRIMARY)


def test_the_hash_is_the_same_in_every_program_run() -> None:
    """A fixed value: stored hashes must stay comparable. It changes only with the fields of the domain."""
    assert portfolio_sha256(Portfolio()) == "2dd8b3aea0fcfa9b0eb78ed34ce1dda539d234fb0eaf1dd497f6a73188d4678a"


def test_decimals_count_by_value() -> None:
    assert portfolio_sha256(Portfolio(projects=(A,))) == portfolio_sha256(
        Portfolio(projects=(replace(A, floor_area_m2=Decimal("1200.5000")),))
    )


def test_the_order_of_year_columns_does_not_count() -> None:
    forwards, backwards = (
        FundingCaps(source="k", amounts=dict(pairs))
        for pairs in (((2025, 1), (2026, 2)), ((2026, 2), (2025, 1)))
    )

    assert portfolio_sha256(Portfolio(funding_caps=(forwards,))) == portfolio_sha256(
        Portfolio(funding_caps=(backwards,))
    )


@pytest.mark.parametrize(
    "other",
    [
        Portfolio(),
        Portfolio(projects=(B, A)),
        Portfolio(projects=(A, replace(B, notes="1"))),
        Portfolio(projects=(A, replace(B, mandatory=True))),
        Portfolio(projects=(A, replace(B, total_cost=0))),
        Portfolio(projects=(A, B), spending=(SpendingProfile(project="a", shares=(Decimal(1),)),)),
    ],
)
def test_content_and_order_of_rows_count(other: Portfolio) -> None:
    assert portfolio_sha256(other) != portfolio_sha256(Portfolio(projects=(A, B)))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.30", "0.3"),
        ("100", "100"),
        ("1E+2", "100"),
        ("-0.00", "0"),
        ("0", "0"),
        ("1E-8", "0.00000001"),
        ("123456789012345678901234567890.10", "123456789012345678901234567890.1"),
    ],
)
def test_a_decimal_has_one_notation(value: str, text: str) -> None:
    assert decimal_text(Decimal(value)) == text
