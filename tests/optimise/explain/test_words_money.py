"""The sentences about money and robustness: both languages say the same, with figures and units as they are read."""

from __future__ import annotations

from decimal import Decimal

from portfolio.domain.marginal import MoneyCheck, Shift, UsefulRaise
from portfolio.domain.text import Text
from portfolio.optimise.explain.words_money import check_text
from tests.builders import a_problem, a_project


def a_check(**more: object) -> MoneyCheck:
    given = {"price": Decimal(1), "relaxed": Decimal(1), "weighted": Decimal(1), "seats": 1, "proven": True}
    return MoneyCheck(source="s", year=2021, amount=10_000, **{**given, **more})  # type: ignore[arg-type]


def text(**more: object) -> Text:
    problem = a_problem([a_project(key) for key in "pqrstuv"])
    return check_text(problem, a_check(**more))


def test_one_is_singular_and_two_are_plural() -> None:
    assert text().en == (
        "solving again avoids 1 weighted seat-year, as the estimate says; unweighted that is 1 seat-year"
    )
    found = text(relaxed=Decimal(2), weighted=Decimal(2), seats=2, price=Decimal(2))
    assert "avoids 2 weighted seat-years" in found.en
    assert found.zh == "再次求解少缺 2 加权座·年，与线性估计相符；不加权为 2 座·年"


def test_what_is_not_proven_says_so() -> None:
    assert "not proven optimal" in text(proven=False).en
    assert (
        text(weighted=None, seats=None).en == "no schedule with 100 万元 more was found within the time limit"
    )
    nothing = text(weighted=Decimal(0), seats=0, proven=False)
    assert "which proves nothing" in nothing.en
    found = text(weighted=Decimal(0), seats=0, useful=UsefulRaise(50_000, proven=False))
    assert "500 万元 more avoids missing seats (not proven to be the least)" in found.en


def test_without_the_relaxation_of_the_whole_raise_the_price_stands_for_it() -> None:
    assert "more than the 1 weighted seat-year of the estimate" in text(relaxed=None, weighted=Decimal(5)).en


def test_many_changes_are_counted() -> None:
    shifts = (*(Shift(key, None, 2022) for key in "pqrstu"), Shift("v", 2022, 2021))
    found = text(shifts=shifts)
    assert "s小学 (starting in 2022) and 2 more; sooner: v小学 (2022 → 2021)" in found.en
    assert "s小学（2022 年开工）等 6 个项目；提前：v小学（2022 → 2021 年）" in found.zh
    assert "later: p小学 (2021 → 2022); no longer built: q小学" in text(
        shifts=(Shift("q", 2021, None), Shift("p", 2021, 2022))
    ).en  # fmt: skip
