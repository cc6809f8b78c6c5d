"""What a project builds, in words: as published, or put together from its figures."""

from __future__ import annotations

from decimal import Decimal

from portfolio.domain.text import Lang
from portfolio.report.labels import label, nature_label
from portfolio.scenario.problem import Candidate


def scope_of(candidate: Candidate, lang: Lang) -> str:
    """The published design scale; without one the nature, floor area and seats, ≈ where estimated."""
    row, estimated = candidate.row, candidate.estimated
    if row.scale:
        return row.scale
    one: Lang = "en" if lang == "en" else "zh"
    seats = sum(effect.added for effect in candidate.effects)
    parts = [nature_label(row.nature).pick(one)] if row.nature else []
    area = estimated["floor_area_m2"].value if "floor_area_m2" in estimated else row.floor_area_m2
    if area:
        words = _about("floor_area_m2", candidate) + area_text(area)
        parts.append(label("scope.area").pick(one).format(area=words))
    if seats:
        parts.append(
            label("scope.seats").pick(one).format(seats=_about("seats_added", candidate) + f"{seats:,}")
        )
    return ("; " if one == "en" else "，").join(parts)


def area_text(area: Decimal) -> str:
    """An area without needless decimals: `13,608`, `3,202.11`."""
    words = f"{area:,f}"
    return words.rstrip("0").rstrip(".") if "." in words else words


def _about(field: str, candidate: Candidate) -> str:
    return "≈ " if field in candidate.estimated else ""
