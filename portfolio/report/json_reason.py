"""`projects[].reason` of schedule.json: why a project is out or late, written and read back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from portfolio.domain.explanation import Admission, Counterfactual, Move, ObjectiveChange, Raise
from portfolio.domain.money import from_wan, wan_number
from portfolio.domain.schedule import Reason
from portfolio.domain.text import Text

Entry = dict[str, Any]

BILINGUAL = " / "
"""Stands between the Chinese and the English of a text."""


def words(text: Text) -> Entry:
    """A text in both languages, and each of them alone."""
    return {"text": text.pick("both", BILINGUAL), "text_zh": text.zh, "text_en": text.en}


def text_of(entry: Entry) -> Text:
    """Documents of the first versions keep both languages in one text only."""
    both: str = entry["text"]
    return Text(entry.get("text_zh", both), entry.get("text_en", both))


def written(reason: Reason) -> Entry:
    """The entry of a reason. Money in 万元."""
    return {
        "code": reason.code,
        **words(reason.text),
        "outranked_by": list(reason.outranked_by),
        "admission": None if reason.admission is None else admission(reason.admission),
        "counterfactual": None if reason.counterfactual is None else counterfactual(reason.counterfactual),
    }


def read(entry: Entry) -> Reason:
    """The reason of an entry; what documents of the first versions do not have is left out."""
    least, forced = entry.get("admission"), entry.get("counterfactual")
    return Reason(
        entry["code"],
        text_of(entry),
        tuple(entry.get("outranked_by", ())),
        None if least is None else _read_admission(least),
        None if forced is None else _read_counterfactual(forced),
    )


def admission(found: Admission) -> Entry:
    return {
        "start": found.start,
        "proven": found.proven,
        "total": wan_number(found.total),
        "raises": [
            {"source": raised.source, "year": raised.year, "amount": wan_number(raised.amount)}
            for raised in found.raises
        ],
        "with": [{"project": key, "start": start} for key, start in found.others.items()],
    }


def _read_admission(entry: Entry) -> Admission:
    return Admission(
        entry["start"],
        tuple(Raise(r["source"], r["year"], from_wan(r["amount"])) for r in entry["raises"]),
        entry["proven"],
        {other["project"]: other["start"] for other in entry["with"]},
    )


def counterfactual(found: Counterfactual) -> Entry:
    return {
        "start": found.start,
        "proven": found.proven,
        "seat_years": found.seat_years,
        "spend": wan_number(found.spend),
        "moves": [{"project": m.project, "from": m.before, "to": m.after} for m in found.moves],
        "objectives": [{"name": c.name, "change": _number(c.change)} for c in found.objectives],
    }


def _read_counterfactual(entry: Entry) -> Counterfactual:
    return Counterfactual(
        start=entry["start"],
        moves=tuple(Move(m["project"], m["from"], m["to"]) for m in entry["moves"]),
        seat_years=entry["seat_years"],
        spend=from_wan(entry["spend"]),
        objectives=tuple(ObjectiveChange(c["name"], Decimal(c["change"])) for c in entry["objectives"]),
        proven=entry["proven"],
    )


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
