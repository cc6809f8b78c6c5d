"""What every report says of a conflict, and of a repair whose changes it lists."""

from __future__ import annotations

from decimal import Decimal

from portfolio.domain.repair import ChangeKind, Repair
from portfolio.domain.schedule import Conflict
from portfolio.domain.text import Text, fill
from portfolio.report.labels import label

LISTED_CHANGES = 3
"""With at least so many changes each stands on a line of its own."""


def advice(conflict: Conflict) -> Text:
    """What is proven of it. A requirement alone cannot be met whatever else gives way."""
    if not conflict.minimal:
        return label("term.conflict.unproven")
    if len(conflict.members) > 1:
        return label("term.conflict.advice")
    is_target = conflict.members[0].rule == "target"
    return label("term.conflict.alone.target" if is_target else "term.conflict.alone")


def heading(repair: Repair) -> Text:
    """How many changes it has, and how much money in all where more than one cap is raised."""
    form = "changes" if repair.proven else "unproven"
    raised = _raised(repair)
    if len(raised) < 2:
        return fill(label(f"term.repairs.{form}"), n=len(repair.changes))
    return fill(label(f"term.repairs.money.{form}"), n=len(repair.changes), total=f"{sum(raised):,}")


def lines(repair: Repair) -> list[Text]:
    """Its changes, and that their money can perhaps be split otherwise."""
    changes = [change.text for change in repair.changes]
    return [*changes, label("term.repairs.split")] if len(_raised(repair)) > 1 else changes


def _raised(repair: Repair) -> list[Decimal]:
    return [c.amount or Decimal(0) for c in repair.changes if c.kind is ChangeKind.RAISE_CAP]
