"""Money: an integer number of hundredths of 万元 (100 yuan). Every rounding of the product is here.

Source: MODEL section 1. Splits use the largest remainder, anything else rounds half up, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

Money = int
"""Hundredths of 万元; 1 = 100 yuan, 18968 万元 = 1_896_800."""

HUNDREDTHS_PER_WAN = 100
YUAN_PER_HUNDREDTH = 100

Exact = int | Decimal | Fraction


def round_half_up(value: Exact) -> int:
    """The nearest integer; a half goes up (away from zero for the positive figures used here)."""
    return floor(Fraction(value) + Fraction(1, 2))


def from_wan(amount_wan: Exact | str) -> Money:
    """万元 -> hundredths of 万元, rounded half up."""
    exact = Fraction(Decimal(amount_wan)) if isinstance(amount_wan, str) else Fraction(amount_wan)
    return round_half_up(exact * HUNDREDTHS_PER_WAN)


def from_yuan(amount_yuan: Exact) -> Money:
    """元 -> hundredths of 万元, rounded half up."""
    return round_half_up(Fraction(amount_yuan) / YUAN_PER_HUNDREDTH)


def to_wan(amount: Money) -> Decimal:
    """Hundredths of 万元 -> 万元, exact."""
    return Decimal(amount).scaleb(-2)


def wan_number(amount: Money) -> float:
    """万元 as the double nearest to the exact figure, for JSON and spreadsheet cells."""
    return amount / HUNDREDTHS_PER_WAN


def scale(amount: int, factor: Exact) -> int:
    """`amount` times an exact factor, rounded half up."""
    return amount if factor == 1 else round_half_up(Fraction(amount) * Fraction(factor))


def split(total: int, shares: Sequence[Fraction]) -> tuple[int, ...]:
    """Divide `total` by `shares` (which add up to 1) so that the parts add up to `total`.

    Largest remainder; of equal remainders the earlier share takes the unit.

    Raises:
        ValueError: the shares do not add up to 1 exactly.
    """
    if sum(shares, Fraction(0)) != 1:
        raise ValueError(f"shares add up to {float(sum(shares, Fraction(0)))}, not 1")
    exact = [total * share for share in shares]
    parts = [floor(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return tuple(parts)
