"""What a project builds, in words: as published, or put together from its figures."""

from __future__ import annotations

from portfolio.domain.text import Lang
from portfolio.report.labels import label, nature_label
from portfolio.scenario.problem import Candidate


def scope_of(candidate: Candidate, lang: Lang) -> str:
    """The published design scale; without one the nature, floor area and seats that are known."""
    row = candidate.row
    if row.scale:
        return row.scale
    one: Lang = "en" if lang == "en" else "zh"
    seats = sum(effect.seats_added for effect in candidate.effects)
    parts = [nature_label(row.nature).pick(one)] if row.nature else []
    if row.floor_area_m2:
        parts.append(
            label("scope.area").pick(one).format(area=f"{row.floor_area_m2:,f}".rstrip("0").rstrip("."))
        )
    if seats:
        parts.append(label("scope.seats").pick(one).format(seats=f"{seats:,}"))
    return ("; " if one == "en" else "，").join(parts)
