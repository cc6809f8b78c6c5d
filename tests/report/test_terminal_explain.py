"""Explanations on the screen: nothing is missing, in any language, within the width."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console, Group

from portfolio.domain.explained import Explanation
from portfolio.domain.explanation import Admission, Counterfactual, Move, ObjectiveChange, Raise, Standing
from portfolio.domain.schedule import Reason, Requirement
from portfolio.domain.text import Lang, Text
from portfolio.report.terminal_explain import explanation_page, reasons_page
from portfolio.report.terminal_page import Page
from tests.report.builders import a_candidate, a_plan, a_problem, a_source

CAUSE = Text("缺 2022 年的钱。", "Money of 2022 is missing.")
ADMISSION = Admission(2022, (Raise("local", 2022, 12_50),), True, {"p3": 2021})
FORCED = Counterfactual(
    2021,
    (Move("p1", 2021, None), Move("p3", None, 2022)),
    1800,
    -2_25,
    (ObjectiveChange("seat_shortage", Decimal(5400)), ObjectiveChange("cost", Decimal("-2.25"))),
    True,
)
PLAN = a_plan(
    a_problem([a_candidate("p1"), a_candidate("p2"), a_candidate("p3")], sources={a_source("local"): 1000}),
    {"p1": 2021},
)
REASON = Reason("cap", CAUSE, ("p1",), ADMISSION, FORCED)


def printed(page: Group) -> str:
    console = Console(width=80, record=True, file=StringIO())
    console.print(page, soft_wrap=True, highlight=False)
    text = console.export_text()
    assert all(cell_len(line) <= 80 for line in text.splitlines())
    return text


def told(**fields: object) -> Explanation:
    given = {"project": "p2", "start": None, "earliest": 2021, "reason": REASON, "years": (2021, 2022)}
    return Explanation(**{**given, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_everything_about_a_project(lang: Lang) -> None:
    standing = Standing("cap", Text("钱不够", "too little money"), True)
    text = printed(explanation_page(PLAN, told(forced=FORCED, standings=(standing,)), Page(lang)))
    for part in ("2022", "12.50", "+5,400", "+1,800", "−2.25"):
        assert part in text
    assert ("holds it back" in text) == (lang != "zh")
    assert ("受制于此" in text) == (lang != "en")


def test_a_start_that_no_plan_has_is_told_with_what_contradicts_it() -> None:
    conflict = (Requirement("delivery", Text("至多一个", "at most one")),)
    text = printed(explanation_page(PLAN, told(conflict=conflict, years=(2023,)), Page("en")))
    assert "Suppose it starts in 2023" in text
    assert "There is no such plan" in text
    assert "at most one" in text


def test_what_is_not_known_is_said() -> None:
    unknown = Reason("unknown", Text("未查明", "not found out"))
    text = printed(explanation_page(PLAN, told(reason=unknown, complete=False), Page("en")))
    assert text.count("Not found out within the time limit") == 2
    assert "It ended early" in text


def test_a_project_on_time_needs_no_reason() -> None:
    text = printed(explanation_page(PLAN, told(project="p1", start=2021, reason=None, years=()), Page("en")))
    assert "as early as it can" in text
    assert "Why" not in text


def test_no_money_does_it() -> None:
    reason = Reason("no_gain", CAUSE)
    assert "no money does it" in printed(explanation_page(PLAN, told(reason=reason), Page("en")))


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_the_list_has_each_project_with_its_reason(lang: Lang) -> None:
    text = printed(reasons_page(PLAN, {"p1": 2021}, {"p2": REASON, "p1": REASON}, Page(lang)))
    assert text.count("(p2)") + text.count("（p2）") == (2 if lang == "both" else 1)
    assert ("Money of 2022 is missing." in text) == (lang != "zh")
    assert "portfolio explain" in text.replace("\n", " ")


def test_nothing_to_explain() -> None:
    assert "No project is out or late" in printed(reasons_page(PLAN, {}, {}, Page("en")))


@pytest.mark.parametrize("code", ["tolerance", "unproven"])
def test_nothing_is_said_of_money_where_none_is_needed(code: str) -> None:
    text = printed(explanation_page(PLAN, told(reason=Reason(code, CAUSE)), Page("zh")))
    assert "至少要加多少钱" not in text
    assert "至少要加多少钱" in printed(explanation_page(PLAN, told(), Page("zh")))
