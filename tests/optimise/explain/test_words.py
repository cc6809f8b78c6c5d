"""The sentences of explanations: both languages say the same, with figures and units as they are read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portfolio.domain.explanation import ObjectiveChange
from portfolio.domain.text import Text
from portfolio.optimise.explain import phrases, words
from portfolio.scenario.settings import OBJECTIVES
from tests.builders import a_problem, a_project, a_source


@pytest.mark.parametrize("noun", words.NOUNS)
def test_singular_and_plural(noun: str) -> None:
    one, many = words.NOUNS[noun].en.split("|")
    assert words.count(1, noun).en == f"1 {one}"
    assert words.count(2, noun).en == f"2 {many}"
    assert words.count(1200, noun).zh == f"1,200 {words.NOUNS[noun].zh}"


def test_amounts_have_two_decimals_or_none() -> None:
    assert words.amount(1240_00).zh == "1,240 万元"
    assert words.amount(1240_50).en == "1,240.50 万元"
    assert words.amount(1).en == "0.01 万元"


def test_years_are_runs() -> None:
    assert words.years([2023]) == Text("2023 年", "2023")
    assert words.years([2025, 2023, 2024]) == Text("2023—2025 年", "2023–2025")
    assert words.years([2023, 2026, 2027]) == Text("2023、2026—2027 年", "2023 and 2026–2027")


def test_lists_and_sentences() -> None:
    a, b, c = (Text(name, name) for name in "abc")
    assert words.listed([a]) == a
    assert words.listed([a, b]) == Text("a、b", "a and b")
    assert words.listed([a, b, c]) == Text("a、b、c", "a, b and c")
    assert words.sentence(Text("甲", "one")) == Text("甲。", "One.")
    assert words.sentences([Text("甲。", "One."), Text("", ""), Text("乙。", "Two.")]).en == "One. Two."


def test_many_projects_are_counted() -> None:
    problem = a_problem([a_project(key) for key in "abcde"])
    assert words.projects(problem, "abc").en == "a小学, b小学 and c小学"
    assert words.projects(problem, "abcd") == Text(
        "a小学、b小学等 4 个项目", "a小学, b小学 and 2 more projects"
    )


def test_sources_and_projects_without_a_name_are_told_by_their_key() -> None:
    problem = a_problem([a_project(name_zh="")], sources=[a_source("s", name_en="grants")])
    assert words.project(problem, "p") == Text("p", "p")
    assert words.source(problem, "s") == Text("grants", "grants")


@pytest.mark.parametrize("name", OBJECTIVES)
def test_every_objective_has_a_name_and_a_unit(name: str) -> None:
    rise = phrases.changed(ObjectiveChange(name, Decimal(1)))
    fall = phrases.changed(ObjectiveChange(name, Decimal(-2)))
    assert "rise by 1 " in rise.en
    assert "fall by 2 " in fall.en
    assert not rise.en.endswith("s"), "one has no plural"
    assert "增加 1 " in rise.zh
