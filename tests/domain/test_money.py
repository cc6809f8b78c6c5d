"""Money is exact: rounding half up once, splits that add up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.domain.money import from_wan, from_yuan, round_half_up, scale, split, to_wan, wan_number


@pytest.mark.parametrize(("value", "rounded"), [("0.5", 1), ("1.5", 2), ("2.4999", 2), ("0", 0)])
def test_halves_go_up(value: str, rounded: int) -> None:
    assert round_half_up(Decimal(value)) == rounded


def test_units() -> None:
    assert from_wan("5690.4") == 569040
    assert from_yuan(150) == 2
    assert to_wan(569040) == Decimal("5690.40")
    assert wan_number(569040) == 5690.4
    assert scale(1001, Decimal("0.5")) == 501


def test_the_largest_remainder_takes_the_unit_and_the_earlier_of_equals() -> None:
    assert split(10, [Fraction(1, 3)] * 3) == (4, 3, 3)
    assert split(100, [Fraction(1, 8), Fraction(3, 8), Fraction(1, 2)]) == (13, 37, 50)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 20), min_size=1, max_size=9).filter(any))
def test_parts_add_up_and_are_within_one_unit_of_their_share(total: int, weights: list[int]) -> None:
    shares = [Fraction(w, sum(weights)) for w in weights]
    parts = split(total, shares)
    assert sum(parts) == total
    assert all(abs(part - total * share) < 1 for part, share in zip(parts, shares, strict=True))


def test_shares_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="add up"):
        split(10, [Fraction(1, 3)])
