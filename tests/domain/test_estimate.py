"""Which norm fills a blank, and which way to a figure comes first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from portfolio.domain.estimate import estimates
from portfolio.domain.portfolio import Norm
from portfolio.domain.project import Basis, Nature, Project, SeatEffect, Stage

AREA, SEATS, CLASSES = Decimal(1000), 90, 2
ALL = Norm(
    cost_per_m2=Decimal(5000),
    cost_per_seat=Decimal(40_000),
    seats_per_class=45,
    area_per_seat_m2=Decimal("7.2"),
    duration_years=3,
)


def without(*figures: str) -> Norm:
    return Norm(**{name: getattr(ALL, name) for name in Norm.__slots__ if name not in figures})


def a_blank(**more: Any) -> Project:
    return Project(**{"key": "p", "county": "A", "stage": Stage.PRIMARY, "nature": Nature.NEW, **more})


def an_effect(**more: Any) -> SeatEffect:
    return SeatEffect(**{"project": "p", "stage": Stage.PRIMARY, **more})


COSTS: dict[str, tuple[Project, SeatEffect, Norm, int | None, str]] = {
    "the floor area first": (
        a_blank(floor_area_m2=AREA), an_effect(seats_added=SEATS), ALL, 50_000, "1000 m² × 5000 元/m²",
    ),
    "seats where no cost per m2 is known": (
        a_blank(floor_area_m2=AREA), an_effect(seats_added=SEATS), without("cost_per_m2"), 36_000, "90 座 × 40000 元/座",
    ),
    "seats where the floor area is blank": (
        a_blank(), an_effect(seats_added=SEATS), ALL, 36_000, "90 座 × 40000 元/座",
    ),
    "seats that classes stand for": (
        a_blank(), an_effect(classes=CLASSES), ALL, 36_000, "90 座 × 40000 元/座（2 班 × 45 座/班）",
    ),
    "an estimated floor area last": (
        a_blank(), an_effect(seats_added=SEATS), without("cost_per_seat"), 32_400,
        "648.0 m² × 5000 元/m²（90 座 × 7.2 m²/座）",
    ),
    "an estimated floor area of estimated seats": (
        a_blank(), an_effect(classes=CLASSES), without("cost_per_seat"), 32_400,
        "648.0 m² × 5000 元/m²（90 座 × 7.2 m²/座（2 班 × 45 座/班））",
    ),
    "nothing without seats and area": (a_blank(), an_effect(), ALL, None, ""),
    "nothing from classes without a class size": (
        a_blank(), an_effect(classes=CLASSES), without("seats_per_class"), None, "",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("project", "effect", "norm", "cost", "formula"), COSTS.values(), ids=COSTS)
def test_the_most_direct_way_to_a_cost_comes_first(
    project: Project, effect: SeatEffect, norm: Norm, cost: int | None, formula: str
) -> None:
    found = estimates(project, [effect], [norm]).get("total_cost")

    assert (None if found is None else found.value) == cost
    assert (found.formula.zh if found else "") == formula


def test_every_blank_is_filled_and_nothing_else() -> None:
    blank = estimates(a_blank(), [an_effect(classes=2)], [ALL])
    full = a_blank(total_cost=1, duration_years=1, floor_area_m2=Decimal(1))

    assert {field: found.value for field, found in blank.items()} == {
        "total_cost": 36_000, "duration_years": 3, "floor_area_m2": Decimal(648), "seats_added": 90,
    }  # fmt: skip
    assert estimates(full, [an_effect(seats_added=1)], [ALL]) == {}


@pytest.mark.parametrize("seats", ["seats_added", "seats_replaced", "seats_offline"])
def test_classes_of_a_row_that_says_anything_of_seats_stand_for_no_others(seats: str) -> None:
    found = estimates(a_blank(), [an_effect(classes=2, **{seats: 5})], [ALL])

    assert "seats_added" not in found


def test_a_written_zero_is_a_figure_and_a_blank_is_none() -> None:
    assert "seats_added" not in estimates(a_blank(), [an_effect(classes=2, seats_added=0)], [ALL])
    assert estimates(a_blank(), [an_effect(classes=2)], [ALL])["seats_added"].value == 90


def test_size_follows_the_stage_of_the_seats_and_money_the_main_stage() -> None:
    norms = [
        Norm(stage=Stage.SENIOR, cost_per_seat=Decimal(1000), area_per_seat_m2=Decimal(20)),
        Norm(stage=Stage.JUNIOR, cost_per_seat=Decimal(1), area_per_seat_m2=Decimal(10), seats_per_class=50),
    ]
    effects = [an_effect(stage=Stage.SENIOR, seats_added=100), an_effect(stage=Stage.JUNIOR, classes=2)]

    found = estimates(a_blank(stage=Stage.SENIOR), effects, norms)

    assert found["seats_added"].value == 100
    assert found["floor_area_m2"].value == 100 * 20 + 100 * 10
    assert found["total_cost"].value == 200 * 10


def test_a_stage_without_a_norm_leaves_the_area_blank() -> None:
    norms = [Norm(stage=Stage.PRIMARY, area_per_seat_m2=Decimal(7))]
    effects = [an_effect(seats_added=10), an_effect(stage=Stage.JUNIOR, seats_added=10)]

    assert "floor_area_m2" not in estimates(a_blank(), effects, norms)


SPECIFIC = (
    Norm(duration_years=1),
    Norm(nature=Nature.NEW, duration_years=2),
    Norm(stage=Stage.PRIMARY, duration_years=3),
    Norm(stage=Stage.PRIMARY, nature=Nature.NEW, duration_years=4),
    Norm(county="A", duration_years=5),
    Norm(county="A", stage=Stage.PRIMARY, duration_years=6),
)


@pytest.mark.parametrize("number", range(1, len(SPECIFIC) + 1))
def test_the_most_specific_norm_wins(number: int) -> None:
    others = [Norm(county="B", duration_years=9), Norm(stage=Stage.JUNIOR, duration_years=9)]
    norms = [*others, *SPECIFIC[:number], Norm(county="A", cost_per_m2=Decimal(1))]

    assert estimates(a_blank(), [], norms)["duration_years"].value == number


def test_of_equal_norms_the_earlier_row_wins() -> None:
    norms = [Norm(county="A", duration_years=2), Norm(county="A", duration_years=1)]

    assert estimates(a_blank(), [], norms)["duration_years"].value == 2


@pytest.mark.parametrize(
    ("bases", "shown"),
    [
        ((Basis.STATED, Basis.STATED), Basis.DERIVED),
        ((Basis.STATED, Basis.DERIVED), Basis.DERIVED),
        ((Basis.ASSUMED, Basis.STATED), Basis.ASSUMED),
        ((Basis.DERIVED, Basis.ASSUMED), Basis.ASSUMED),
    ],
)
def test_an_estimate_is_as_weak_as_the_weakest_norm_and_never_stated(
    bases: tuple[Basis, Basis], shown: Basis
) -> None:
    norms = [Norm(cost_per_seat=Decimal(1), basis=bases[0]), Norm(seats_per_class=45, basis=bases[1])]

    assert estimates(a_blank(), [an_effect(classes=2)], norms)["total_cost"].basis is shown
