"""The sentences of repairs: the same figures in both languages, right numbers, units and punctuation."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portfolio.domain.repair import Change, ChangeKind, Scope
from portfolio.domain.text import Text
from portfolio.optimise.explain.words_repairs import TEMPLATES, sentence, told
from portfolio.report import labels
from portfolio.scenario.problem import PlanningProblem
from tests.builders import a_problem, a_project, a_source, demand, milestone


def test_every_scope_has_words_for_the_terminal() -> None:
    assert all(labels.coded("repair", scope.value).zh != scope.value for scope in Scope)
    for scope in set(Scope) - {Scope.HORIZON}:
        assert f"none.{scope}" in TEMPLATES
        assert f"unsearched.{scope}" in TEMPLATES


def words(change: Change, problem: PlanningProblem | None = None) -> Text:
    shown = problem or a_problem(
        [a_project("p", mandatory=True), a_project("q", fixed_start=2022), a_project("r", fixed_start=2019, duration=4)],
        sources=[a_source("s", name_zh="县级财政", name_en="county budget")],
        milestones=[milestone("p", "open_by", 2023, firm=True)],
        settings={"targets": [{"ratio": Decimal("0.95"), "county": "A", "stage": "primary"}]},
    )  # fmt: skip
    return sentence(told(shown, [change]))


def cap(amount: str, year: int = 2023, source: str = "s") -> Change:
    return Change(kind=ChangeKind.RAISE_CAP, setting="cap", source=source, year=year, amount=Decimal(amount))


def move(project: str, setting: str, year: int, by: int) -> Change:
    return Change(kind=ChangeKind.MOVE, setting=setting, project=project, year=year, amount=Decimal(by))


def drop(project: str) -> Change:
    return Change(kind=ChangeKind.DROP, setting="mandatory", project=project)


LOWER = Change(kind=ChangeKind.RELAX_TARGET, setting="ratio", county="A", amount=Decimal("0.923"), target=1)


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        (cap("1240"), "把2023年县级财政上限提高 1,240 万元", "raise the 2023 county budget cap by 1,240 万元"),
        (cap("0.05"), "把2023年县级财政上限提高 0.05 万元", "raise the 2023 county budget cap by 0.05 万元"),
        (drop("p"), "不建p小学（p）（取消必建）", "leave out p小学 (p) (no longer mandatory)"),
        (drop("q"), "不建q小学（q）（取消既定的 2022 年开工）", "leave out q小学 (q) (its start is fixed to 2022)"),
        (drop("r"), "停建r小学（r）（2019 年已开工）", "stop r小学 (r) (under construction since 2019)"),
        (move("q", "start", 2023, 1), "把q小学（q）的开工从 2022 年移到 2023 年（推后 1 年）", "move the start of q小学 (q) from 2022 to 2023 (1 year later)"),
        (move("q", "start", 2020, -2), "把q小学（q）的开工从 2022 年移到 2020 年（提前 2 年）", "move the start of q小学 (q) from 2022 to 2020 (2 years earlier)"),
        (move("p", "open_by", 2025, 2), "把p小学（p）的刚性节点“投用”从 2023 年推迟到 2025 年（2 年）", "put off the firm milestone of p小学 (p) to open by 2023 to 2025 (2 years)"),
        (LOWER, "把A小学的学位目标比例从 95% 降到 92.3%", "lower the seat target of A primary from 95% to 92.3%"),
    ],
)  # fmt: skip
def test_each_change_in_words(change: Change, zh: str, en: str) -> None:
    assert words(change) == Text(zh, en)


@pytest.mark.parametrize(("years", "en"), [(1, "by 1 year, to 2024"), (2, "by 2 years, to 2025")])
def test_a_longer_horizon_in_words(years: int, en: str) -> None:
    change = Change(
        kind=ChangeKind.EXTEND_HORIZON, setting="last_year", year=2023 + years, amount=Decimal(years)
    )
    assert en in words(change).en
    assert f"延长 {years} 年，到 {2023 + years} 年" in words(change).zh


@pytest.mark.parametrize(
    ("target", "zh", "en"),
    [
        ({}, "全部县区的", "the seat target of all counties from"),
        ({"stage": "primary"}, "全部县区小学的", "the seat target of primary in all counties from"),
        ({"zone": "城区", "stage": "primary"}, "全部县区城区小学的", "城区 primary in all counties from"),
        ({"county": "A", "zone": "城区"}, "A城区的", "the seat target of A 城区 from"),
    ],
)
def test_the_place_of_a_target(target: dict[str, str], zh: str, en: str) -> None:
    settings = {"targets": [{"ratio": Decimal("0.95"), **target}]}
    text = words(LOWER, a_problem([a_project()], demand=[demand(9, zone="城区")], settings=settings))
    assert zh in text.zh
    assert en in text.en


def test_several_raises_are_added_up() -> None:
    problem = a_problem([a_project()])
    text = sentence(told(problem, [cap("1.5", 2021), cap("2.25", 2022)]))
    assert "合计 3.75 万元" in text.zh
    assert "3.75 万元 in all" in text.en


def test_sources_of_one_name_are_told_apart() -> None:
    """By county where that does it, else by key."""
    names = {"name_zh": "县级财政", "name_en": "county budget"}
    sources = [a_source("s", county="Shizhu", **names), a_source("t", county="Yunyang", **names)]
    text = words(cap("1", source="t"), a_problem([a_project()], sources=sources))
    assert text == Text(
        "把2023年云阳县县级财政上限提高 1 万元", "raise the 2023 Yunyang county budget cap by 1 万元"
    )
    sources = [a_source("s", **names), a_source("t", **names)]
    text = words(cap("1", source="t"), a_problem([a_project()], sources=sources))
    assert "县级财政（t）上限" in text.zh
