"""The page as people use it, in Chromium: silent, filtered, by keyboard, on paper, in every language."""

from __future__ import annotations

import re
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from portfolio.domain.text import Lang
from portfolio.report.json_document import document
from tests.report.html.conftest import Opener
from tests.report.html.rich import HOSTILE, infeasible_plan, renamed, rich_plan
from tests.report.workbook.plans import large_plan
from tests.tools import program


def keys(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('#gantt tr.project')].map(r => r.dataset.key)"
    )
    return found


def counts(page: Page) -> list[str]:
    return page.locator("#counts b").all_inner_texts()


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_opens_without_a_word_on_the_console_in_every_language(opened: Opener, lang: Lang) -> None:
    page = opened(rich_plan(), lang)
    assert page.get_attribute("html", "lang") == ("en" if lang == "en" else "zh-CN")
    assert page.locator("canvas").count() == 3
    words = page.inner_text("main")
    assert ("项目排期" in words) == (lang != "en")
    assert ("Money and caps" in words) == (lang != "zh")
    assert (page.locator("main span[lang=en]").count() > 0) == (lang == "both")
    unnamed = """[...document.querySelectorAll('select, input')].filter(e => ![...e.labels].some(l => l.innerText.trim()))"""
    assert page.evaluate(f"{unnamed}.length") == 0
    assert page.evaluate("[...document.querySelectorAll('[role=img]')].every(e => e.ariaLabel)")
    page.hover("#money-chart")
    page.hover("#seats-chart")
    for key in keys(page):
        page.click(f'#gantt tr[data-key="{key}"] .link')
        page.keyboard.press("Escape")


def test_without_a_schedule(opened: Opener) -> None:
    page = opened(infeasible_plan())
    assert "资金不够" in page.inner_text("#conflict")
    assert page.locator("canvas").count() == 0
    page.click("#repairs summary >> nth=0")
    assert 'extends = "base"' in page.inner_text("#repairs pre >> nth=0")


def test_the_list_of_reasons_follows_the_filters_of_the_page(opened: Opener) -> None:
    page = opened(rich_plan(), "en")
    listed = "[...document.querySelectorAll('#deferred-table tr[data-key]')].map(r => r.dataset.key)"
    assert page.evaluate(listed) == ["out", "late"]
    for status, expected in (("Not scheduled", ["out"]), ("Late start", ["late"]), ("Scheduled", ["late"])):
        page.select_option("#f-status", label=status)
        assert page.evaluate(listed) == expected, status
    assert page.locator("#deferred-count b").all_inner_texts() == ["0 / 1", "1 / 1"]
    page.select_option("#f-county", label="Yunyang")
    assert page.evaluate(listed) == []
    page.click("#deferred-reset")
    expect(page.locator("#deferred-table tr[data-key]")).to_have_count(2)
    assert page.locator("#deferred-reset").is_hidden()


def test_large_plans_are_unpacked_and_old_browsers_told(
    opened: Opener, browser: Browser, tmp_path: Path
) -> None:
    plan = large_plan(2400, 12)
    page = opened(plan, "en")
    expect(page.locator("#counts b").first).to_have_text("2,400 / 2,400")
    assert page.get_attribute("#plan", "type") == "text/plain"
    old = browser.new_page()
    old.add_init_script("delete window.DecompressionStream")
    old.goto((tmp_path / "report-en.html").as_uri())
    expect(old.locator("#too-old")).to_be_visible()
    assert "too old" in old.inner_text("#too-old")
    old.close()


FILTERS = (
    ("#f-county", "Yunyang", ["other"]),
    ("#f-stage", "Junior", ["mid"]),
    ("#f-source", "上级补助", ["late"]),
    ("#f-status", "Scheduled", ["old", "mid", "late", "other"]),
    ("#f-status", "Not scheduled", ["out"]),
    ("#f-status", "Past due", ["late"]),
    ("#f-status", "Late start", ["late"]),
)


def test_filters_and_search_change_rows_and_totals_to_the_exact_ones(opened: Opener) -> None:
    plan = renamed(rich_plan(), "mid", name_en="Riverside School")
    page = opened(plan, "en")
    entries = {entry["key"]: entry for entry in document(plan)["projects"]}
    for select, label, expected in FILTERS:
        page.select_option(select, label=label)
        assert keys(page) == expected, label
        chosen = [entries[key] for key in expected if entries[key]["selected"]]
        cost = sum((Decimal(str(entry["cost"])) for entry in chosen), Decimal(0))
        paid = sum(
            (Decimal(str(amount)) for entry in chosen for amount in entry["spend"].values()), Decimal(0)
        )
        assert counts(page)[0] == f"{len(expected)} / 5"
        assert [Decimal(text.replace(",", "")) for text in counts(page)[1:3]] == [cost, paid]
        page.click("#filters button[type=reset]")
        expect(page.locator("#gantt tr.project")).to_have_count(5)
    page.select_option("#f-county", label="Shizhu")
    page.select_option("#f-stage", label="Junior")
    assert counts(page)[3] == "720"
    page.click("#filters button[type=reset]")
    page.fill("#f-search", "RIVERSIDE mid")
    assert keys(page) == ["mid"]
    page.fill("#f-search", "nowhere")
    assert keys(page) == []
    assert "No project fits the filters" in page.inner_text("#gantt-box")


def test_a_card_opens_and_closes_by_keyboard_and_focus_returns(opened: Opener) -> None:
    page = opened(rich_plan())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "report"  # by the skip link
    page.focus("#filters button[type=reset]")
    page.keyboard.press("Tab")
    focused = "document.activeElement.closest('tr')?.dataset.key"
    assert page.evaluate(focused) == "old"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == "mid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.getElementById('project').open")
    assert "mid学校" in page.inner_text("dialog h2")
    page.keyboard.press("Escape")
    assert not page.evaluate("document.getElementById('project').open")
    assert page.evaluate(focused) == "mid"


def test_hostile_names_are_shown_as_they_are(opened: Opener) -> None:
    plan = renamed(rich_plan(), "mid", name_zh=HOSTILE, name_en="", notes="<b>", location="&amp;")
    page = opened(plan)
    assert page.inner_text('#gantt tr[data-key="mid"] .link') == HOSTILE
    page.click('#gantt tr[data-key="mid"] .link')
    assert page.inner_text("dialog h2") == HOSTILE
    words = page.inner_text("dialog")
    assert "<b>" in words
    assert "&amp;" in words
    assert page.locator("img").count() == 0


def test_long_lists_come_in_slices_and_the_page_never_scrolls_sideways(opened: Opener) -> None:
    page = opened(large_plan(210, 3), "en")
    assert len(keys(page)) == 200
    assert "200 of 210 rows shown" in page.inner_text("#gantt .tail")
    assert page.inner_text("#gantt tr.total").split()[0:2] == ["Total", "shown"]
    page.click("#gantt .tail button")
    assert len(keys(page)) == 210
    assert counts(page)[0] == "210 / 210"
    for width in (390, 1366, 1920):  # a wide table scrolls in its own box, the page never does
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_prints_every_project_on_a4_landscape(opened: Opener, tmp_path: Path) -> None:
    page = opened(large_plan(210, 2, years=(2021, 2036)), "zh")
    file = tmp_path / "report.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    text = subprocess.run(
        [program("pdftotext"), "-layout", file, "-"], capture_output=True, text=True, check=True
    ).stdout
    gantt = [sheet for sheet in text.split("\f") if "期内支出" in sheet and "2036" in sheet]
    assert len(gantt) > 2  # the header is repeated, and its last year is on the paper
    assert {int(n) for sheet in gantt for n in re.findall(r"p(\d+)学校", sheet)} == set(range(210))
    info = subprocess.run(
        [program("pdfinfo"), "-l", "999", file], capture_output=True, text=True, check=True
    ).stdout
    sizes = {(round(float(w)), round(float(h))) for w, h in re.findall(r"size:\s+([\d.]+) x ([\d.]+)", info)}
    assert sizes == {(842, 595)}
    bare = page.evaluate("document.querySelectorAll('#gantt tr.project').length")
    assert bare == 200  # the screen is as it was
