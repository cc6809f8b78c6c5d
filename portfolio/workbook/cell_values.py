"""A value of the domain as it stands in a cell."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum

from portfolio.domain.money import to_wan
from portfolio.workbook.layout import Kind
from portfolio.workbook.live import listed

_UNLIMITED = "不限 unlimited"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def cell_value(value: object, kind: Kind) -> str | int | Decimal:
    """What stands in the cell: money in 万元, listed values as `初中 junior`."""
    if kind is Kind.MONEY_WAN and isinstance(value, int):
        return to_wan(value)
    if kind is Kind.CARRY_OVER and value is None:
        return _UNLIMITED
    if isinstance(value, bool):
        return listed(Kind.YES_NO, "yes" if value else "no")
    if isinstance(value, tuple):
        single = Kind.STAGE if kind is Kind.STAGES else Kind.NATURE
        return "；".join(listed(single, str(code)) for code in value)
    if kind is Kind.STATUS or isinstance(value, StrEnum):
        return _text(listed(kind, str(value)))
    if isinstance(value, int | Decimal):
        return value
    return _text(str(value))


def _text(text: str) -> str:
    """Without the few characters that no workbook can hold."""
    return _NOT_XML.sub("", text)
