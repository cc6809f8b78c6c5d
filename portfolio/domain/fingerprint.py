"""The content hash of a portfolio: equal portfolios have equal hashes, in any program run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from decimal import Decimal
from hashlib import sha256
from json import dumps

from portfolio.domain.portfolio import Portfolio


def portfolio_sha256(portfolio: Portfolio) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON of every field of every row.

    The order of rows counts, since ties are decided by it; the order of year columns does not.
    Decimals count by value: 0.30 is 0.3.
    """
    text = dumps(_plain(portfolio), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode("ascii")).hexdigest()


def decimal_text(value: Decimal) -> str:
    """The one plain notation of a decimal: no exponent, no trailing zeros, no negative zero.

    `Decimal.normalize` is not used because it rounds to 28 digits.
    """
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _plain(value: object) -> object:
    """`value` in types that JSON knows; years become text keys."""
    if value is None or isinstance(value, (str, int)):  # most cells; a tuple is quicker than a union
        return value
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    raise TypeError(f"a portfolio does not hold {type(value).__name__}")
