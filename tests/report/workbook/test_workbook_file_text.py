"""Text of users is text in every part of the file: never a formula, a code, markup or a broken part."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portfolio.domain.demand import Cell
from portfolio.domain.notice import Notice, Severity
from portfolio.domain.project import MilestoneKind, Stage
from portfolio.domain.schedule import Reason, Requirement, Status
from portfolio.domain.text import Text
from portfolio.report.workbook.book import write
from portfolio.scenario.plan import Plan
from tests.report.builders import a_candidate, a_milestone, a_plan, a_problem, a_source
from tests.report.workbook.package import NAMESPACES, Package, cells, without_texts

MARK = "QZX"
"""In every text below, and in no word of ours."""

TEXTS = (
    f"={MARK}(1)",
    f"+{MARK}",
    f"-{MARK}",
    f"@{MARK}(A1)",
    f'"&{MARK}(1)&"',
    f"'!{MARK}",
    f"SORT({MARK})",
    f"<r><t>{MARK}</t></r>",
    f"<r>&{MARK}</r>",
    f"{MARK} & <b>",
    f"9{MARK}",
    f'&D&"Wingdings"{MARK}',
    f"{MARK}{{n}}%s",
    "😀" * 3 + MARK,
)
"""Formulas, ends of quotes, functions that XlsxWriter looks for, its rich text, XML, codes of footers."""

CONTROL = f"{MARK}\x01\x0b"


def a_plan_of(text: str) -> Plan:
    """The text wherever a user may write one: beside ordinary figures, so that nothing is left out."""
    names = ("county", "name_zh", "name_en", "location", "scale", "source", "locator", "notes", "zone")
    fields: dict[str, Any] = dict.fromkeys(names, text)
    built, left = (
        a_candidate(f"{text}{n}", seats=90, estimated={"total_cost": text}, **fields) for n in (1, 2)
    )
    cell = Cell(text, text, Stage.PRIMARY)
    seats = {cell: dict.fromkeys(range(2021, 2026), 900)}
    problem = a_problem(
        [built, left],
        sources={a_source(text, county="*", name_zh=text, name_en=text): 10**6, a_source(f"{text}b", county=text, name_zh=text): 9},
        demand=seats,
        capacity=seats,
        notices=(Notice(severity=Severity.NOTICE, place=text, text=Text(text, text), found=text),),
        milestones=(a_milestone(built.key, MilestoneKind.OPEN_BY, 2022),),
        title=text,
        scenario=text,
    )  # fmt: skip
    reasons = {left.key: Reason("cap", Text(text, text))}
    return a_plan(problem, {built.key: 2021}, reasons=reasons, input_name=text, run=text)


def a_conflict_of(text: str) -> Plan:
    conflict = (Requirement("cap", Text(text, text), source=text, project=text, county=text, year=2022),)
    problem = a_problem([a_candidate(text, name_zh=text)], title=text, scenario=text)
    return a_plan(problem, {}, status=Status.INFEASIBLE, conflict=conflict)


@pytest.mark.parametrize("text", TEXTS)
def test_text_of_users_stays_text_in_every_part(text: str, tmp_path: Path) -> None:
    path = tmp_path / "schedule.xlsx"
    write(a_plan_of(text), path)
    package = Package.of(path)
    assert [f for f in package.formulas() if MARK in without_texts(f)] == []
    found = [
        cell
        for sheet in package.sheets.values()
        for cell in cells(sheet).values()
        if MARK in package.shown(cell)
    ]
    assert len(found) > 20
    assert {cell.get("t") for cell in found} <= {"s", "str"}
    assert text in {package.shown(cell) for cell in found}
    assert [
        cell.get("r") for cell in found if cell.get("t") == "str" and cell.find("m:f", NAMESPACES) is None
    ] == []
    texts = [t.text for part in package.charts for t in part.iter() if t.text and t.tag.endswith("}t")]
    assert any(text in title for title in texts)


@pytest.mark.parametrize("text", TEXTS)
def test_footers_take_no_codes_from_titles(text: str, tmp_path: Path) -> None:
    """What is left of a footer without `&&` has only our own codes: sections, size, font, page numbers."""
    path = tmp_path / "schedule.xlsx"
    write(a_plan_of(text), path)
    for sheet in Package.of(path).sheets.values():
        footer = sheet.findtext("m:headerFooter/m:oddFooter", "", NAMESPACES)
        assert len(footer) <= 255
        title = re.match(r'&L&8&"微软雅黑,Regular"(.*?)&C', footer.replace("&&", "＆"))
        assert title, footer
        assert "&" not in title[1]
        assert title[1].replace("＆", "&") == text


@pytest.mark.parametrize("plan", [a_plan_of, a_conflict_of])
def test_control_characters_break_no_part(plan: Callable[[str], Plan], tmp_path: Path) -> None:
    path = tmp_path / "schedule.xlsx"
    write(plan(CONTROL), path)
    assert MARK in "".join(Package.of(path).strings)


@pytest.mark.parametrize("text", [TEXTS[0], TEXTS[4], TEXTS[8]])
def test_text_of_a_conflict_stays_text(text: str, tmp_path: Path) -> None:
    path = tmp_path / "schedule.xlsx"
    write(a_conflict_of(text), path)
    package = Package.of(path)
    assert [f for f in package.formulas() if MARK in without_texts(f)] == []
    assert any(text in shown for shown in package.strings)
