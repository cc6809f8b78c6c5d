"""The figures that are shown before an import is stored."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from portfolio.domain.portfolio import Norm, Portfolio
from portfolio.domain.totals import totals
from tests.builders import a_project, a_source, caps, demand, seats


def test_an_empty_portfolio_has_nothing() -> None:
    nothing = totals(Portfolio())

    assert (nothing.projects, nothing.investment, nothing.seats_added, nothing.caps, nothing.demand_peak) == (
        0,
    ) * 5
    assert nothing.caps_of == {}


def test_caps_are_added_up_by_source_and_in_all() -> None:
    found = totals(
        Portfolio(
            funding_sources=(a_source("s"), a_source("t")),
            funding_caps=(caps(1, 2, source="s"), caps(4, source="t"), caps(8, source="s")),
        )
    )

    assert (found.caps, found.caps_of) == (1500, {"s": 1100, "t": 400})


def test_blank_costs_and_seats_count_as_estimated() -> None:
    """90 seats at 10,000 yuan are 90 万元; 2 classes of 45 are 90 seats."""
    norm = Norm(cost_per_seat=Decimal(10_000), seats_per_class=45)
    blank = replace(a_project("q"), total_cost=None)
    found = totals(
        Portfolio(
            projects=(a_project("p", cost=10), blank),
            seats=(seats("p", 30), seats("q", classes=2)),
            norms=(norm,),
        )
    )

    assert (found.projects, found.investment, found.seats_added) == (2, 10_000, 120)


def test_the_peak_of_demand_is_of_one_year_with_blank_years_filled() -> None:
    """2021: 100 + 50; 2022: 80 + 50, as the second cell says nothing of it; 2023: 80 + 90."""
    second = demand(50, zone="z")
    found = totals(Portfolio(demand=(demand(100, 80), replace(second, seats={2021: 50, 2023: 90}))))

    assert found.demand_peak == 170
