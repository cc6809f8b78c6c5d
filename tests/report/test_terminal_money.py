"""The value of money and the robustness labels in a terminal, in 80 columns and any language."""

from __future__ import annotations

from decimal import Decimal

import pytest
from rich.cells import cell_len
from rich.console import Console, Group

from portfolio.domain.marginal import Marginals, MoneyCheck, MoneyReport
from portfolio.domain.robustness import Outcome, RobustnessReport, robustness
from portfolio.domain.schedule import Status
from portfolio.domain.text import Lang, Text
from portfolio.report.terminal_money import money_page
from portfolio.report.terminal_page import Page
from portfolio.report.terminal_robustness import robustness_page
from tests.builders import a_problem, a_project, a_source, caps

LANGS: tuple[Lang, ...] = ("zh", "en", "both")

PROBLEM = a_problem(
    [
        a_project("p"),
        a_project("q", name_zh="一所名字特别特别长的九年一贯制学校新建工程（二期）"),
        a_project("r"),
    ],
    sources=[
        a_source("s", name_zh="县级财政预算", name_en="county general budget"),
        a_source("dry", name_zh="上级补助", name_en="grants"),
        a_source("b", county="B"),
    ],
    caps=[caps(10)],
    years=16,
)
VALUES = {("s", 2021): Decimal("12345.67"), ("s", 2022): Decimal("4.30"), ("s", 2023): Decimal("0.00"),
          ("b", 2021): Decimal("9.95"), ("dry", 2021): Decimal("0.00")}  # fmt: skip

CHECK = MoneyCheck(
    source="s",
    year=2021,
    amount=10_000,
    price=Decimal("12345.67"),
    relaxed=None,
    weighted=Decimal(0),
    seats=0,
    text=Text("不起作用", "avoids nothing"),
)

REPORT = MoneyReport(Marginals(VALUES, frozenset({("s", 2022)})), (CHECK,), (Text("须知", "what to know"),))


def shown(page: Group) -> str:
    console = Console(width=80)
    with console.capture() as capture:
        console.print(page, soft_wrap=True, highlight=False)
    return capture.get()


@pytest.mark.parametrize("lang", LANGS)
def test_money_fits_80_columns(lang: Lang) -> None:
    text = shown(money_page(PROBLEM, REPORT, Page(lang)))
    assert max(cell_len(line) for line in text.splitlines()) <= 80


def test_values_checks_and_notes_are_told() -> None:
    text = shown(money_page(PROBLEM, REPORT, Page("en")))
    lines = text.splitlines()
    assert next(line for line in lines if "2021" in line).split()[:3] == ["Source", "2021", "2022"]
    assert "  county general budget 12,346   ≤4.3      ·      –" in text
    assert "  grants" not in text  # worth nothing in any year
    assert "Sources for which it is 0 in every year: 1" in text
    assert "county general budget, 2021 (s)" in text
    assert "at the marginal value 12,345.67, estimate –," in text
    assert "avoids nothing" in text
    assert "* what to know" in text


def test_money_that_is_worth_nothing_anywhere() -> None:
    report = MoneyReport(Marginals({("s", 2021): Decimal("0.00")}))
    assert "0 for every source and year" in shown(money_page(PROBLEM, report, Page("en")))
    assert "Source" not in shown(money_page(PROBLEM, MoneyReport(Marginals()), Page("en")))


def a_robustness_report() -> RobustnessReport:
    outcomes = (
        Outcome("base", Text("情景本身", "as it is"), Status.OPTIMAL, {"p": 2021, "q": 2022}),
        Outcome("caps*0.9", Text("资金上限 × 0.9", "caps × 0.9"), Status.FEASIBLE, {"p": 2023}),
        Outcome("costs*1.1", Text("造价 × 1.1", "costs × 1.1"), Status.INFEASIBLE),
    )
    return RobustnessReport(outcomes, robustness("pqr", outcomes), (Text("须知", "what to know"),))


@pytest.mark.parametrize("lang", LANGS)
def test_robustness_fits_80_columns(lang: Lang) -> None:
    text = shown(robustness_page(PROBLEM, a_robustness_report(), Page(lang)))
    assert max(cell_len(line) for line in text.splitlines()) <= 80


def test_labels_counts_starts_and_where_it_is_out_are_told() -> None:
    text = shown(robustness_page(PROBLEM, a_robustness_report(), Page("en")))
    rows = [line.split() for line in text.splitlines()]
    assert ["p小学", "always", "in", "2/2", "2021–2023"] in rows
    assert any(row[-4:] == ["borderline", "1/2", "2022", "2"] for row in rows)
    assert ["r小学", "never", "0/2", "–"] in rows
    assert "always in 1, borderline 1, never 1" in text
    assert "  2  caps × 0.9: Feasible" in text
    assert "  3  costs × 1.1: Infeasible" in text
    assert "* what to know" in text


def test_without_any_schedule_there_is_no_table() -> None:
    outcomes = (Outcome("base", Text("情景本身", "as it is"), Status.INFEASIBLE),)
    text = shown(robustness_page(PROBLEM, RobustnessReport(outcomes, ()), Page("en")))
    assert "Projects" not in text
