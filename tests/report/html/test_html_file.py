"""The file itself: its bytes, size, policy and parts, without a browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from portfolio.domain.explanation import Admission, Raise
from portfolio.domain.schedule import Reason, Status
from portfolio.domain.text import Text
from portfolio.report import labels
from portfolio.report.html import render, write
from portfolio.report.html.policy import data_block, embedded_json
from portfolio.report.html.report import ASSETS, FOLDER, SCRIPTS, SECTIONS
from portfolio.report.html_words import HTML_WORDS
from portfolio.report.sheet_words import SHEET_WORDS
from portfolio.report.terminal_words import TERMINAL_WORDS
from portfolio.report.workbook.styles import STAGE_COLOURS
from tests.report.builders import a_candidate, a_plan, a_problem
from tests.report.html.rich import HOSTILE, infeasible_plan, renamed, rich_plan
from tests.report.workbook.plans import full_problem, large_plan

LANGS = ("zh", "en", "both")


class Blocks(HTMLParser):
    """The inline blocks of a page and every attribute of its elements."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.blocks: dict[str, list[str]] = {"script": [], "style": [], "data": []}
        self.attributes: set[str] = set()
        self.open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _ in attrs}
        self.open = "data" if ("type", "application/json") in attrs else tag
        if self.open in self.blocks:
            self.blocks[self.open].append("")

    def handle_data(self, data: str) -> None:
        if self.open in self.blocks:
            self.blocks[self.open][-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.open = ""


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize("lang", LANGS)
def test_the_same_plan_gives_the_same_bytes(tmp_path: Path, lang: str) -> None:
    for name in ("a", "b"):
        write(rich_plan(), tmp_path / name, lang)  # type: ignore[arg-type]
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(("projects", "counties"), [(75, 4), (2000, 20)])
def test_stays_small_with_a_reason_for_every_project(projects: int, counties: int) -> None:
    plan = large_plan(projects, counties)
    reasons = {key: unlike_others(n) for n, key in enumerate(plan.problem.candidates)}
    assert len(render(replace(plan, reasons=reasons)).encode()) < 1_100_000


def unlike_others(n: int) -> Reason:
    """An explanation of the usual length with figures of its own."""
    zh = f"缺 2028 年县级财政预算的资金，其他项目照排时共差 {n * 37 % 9973:,}.{n % 100:02} 万元。" * 2
    en = (
        f"Money is missing from county general budget in 2028: with all others {n * 91 % 7919:,} in all. " * 3
    )
    least = Admission(2023, (Raise("budget", 2023, n * 7919 % 99991),), proven=True)
    return Reason("cap", Text(zh, en), admission=least)


def test_large_data_are_compressed_and_the_same_when_unpacked() -> None:
    for size in (10, 10_000):
        data = {"texts": [f"项目 {n} </script>" for n in range(size)], "size": size * 10}
        block = data_block(data)
        text = zlib.decompress(base64.b64decode(block.text)).decode() if block.compressed else block.text
        assert (block.compressed, json.loads(text)) == (size == 10_000, data)
        assert "<" not in block.text


def test_the_policy_names_exactly_the_blocks_of_the_page() -> None:
    text = render(rich_plan())
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert found
    policy = dict(part.split(" ", 1) for part in found[1].replace("&#39;", "'").split("; "))
    blocks = Blocks(text).blocks
    assert policy["default-src"] == "'none'"
    assert policy["script-src"].split() == [hashed(block) for block in blocks["script"]]
    assert policy["style-src"].split() == [hashed(block) for block in blocks["style"]]
    assert policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["img-src"] == "data:"


def test_no_element_has_styles_or_handlers_of_its_own() -> None:
    attributes = Blocks(render(rich_plan())).attributes
    assert not [name for name in attributes if name == "style" or name.startswith("on") or name == "src"]


def test_the_script_never_writes_markup() -> None:
    text = "".join((ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(", text)


def test_text_of_users_cannot_end_the_block_of_data() -> None:
    text = embedded_json({"name": f"{HOSTILE}\u2028&"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"name": f"{HOSTILE}\u2028&"}
    page = render(renamed(rich_plan(), "mid", name_zh=HOSTILE, notes=HOSTILE))
    assert HOSTILE not in page
    assert len(Blocks(page).blocks["script"]) == 2


def test_a_hostile_title_is_text() -> None:
    page = render(a_plan(a_problem([a_candidate()], title=HOSTILE), {"p1": 2021}))
    assert HOSTILE not in page
    assert "&lt;/script&gt;&lt;img" in page


@pytest.mark.parametrize("lang", LANGS)
def test_without_a_schedule_the_page_tells_why_and_has_no_charts(lang: str) -> None:
    page = render(infeasible_plan(), lang)  # type: ignore[arg-type]
    assert ("资金不够" in page) == (lang != "en")
    assert ("too little money" in page) == (lang != "zh")
    assert "上级补助" in page
    assert Blocks(page).blocks["script"] == []
    assert 'class="chart"' not in page


def test_conflicts_then_repairs_by_scope_then_what_does_not_help() -> None:
    page = unescape(render(infeasible_plan(), "en"))
    order = (
        "Requirements in conflict", "too little money", "it is mandatory", "that is proven",
        "Other requirements in conflict (2)", "too late", "not proven in time",
        "What would mend it", "More money", "3 changes, 3,000.75 万元 in all, not proven", "raise the 2022 cap",
        "Leave out", "the repair: mid", "the repair: old", "What would not mend it", "moving does not mend it",
        "In a scenario file", "Repair 1:", 'extends = "base"',
    )  # fmt: skip
    main = page[page.index("<main") :]
    places = [main.find(words) for words in order]
    assert -1 not in places
    assert places == sorted(places)
    assert main.count("<h3>Leave out</h3>") == 1


def test_long_conflicts_are_cut_and_counted() -> None:
    plan = infeasible_plan()
    members = plan.result.conflict * 75
    others = plan.result.other_conflicts * 23
    page = render(replace(plan, result=replace(plan.result, conflict=members, other_conflicts=others)), "en")
    assert page.count("too little money") == 50
    assert page.count("too late") == 20
    assert "50 more, see schedule.json" in page
    assert "At least 3 more, see schedule.json" in page


def test_a_run_that_found_nothing_says_so() -> None:
    page = render(a_plan(full_problem(), status=Status.NO_SOLUTION), "zh")
    assert labels.label("status.no_solution.note").zh in page
    assert 'id="basis-table"' in page


def test_every_word_of_the_page_is_used() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (*ASSETS.iterdir(), *FOLDER.glob("*.py"))]
    text = "\n".join(texts)
    put_together = {key for _, key in SECTIONS} | {key for key in HTML_WORDS if "relation" in key}
    assert {key for key in HTML_WORDS if f'"{key}"' not in text} <= put_together


def test_no_word_of_the_page_hides_one_of_another_report() -> None:
    assert not HTML_WORDS.keys() & (SHEET_WORDS.keys() | TERMINAL_WORDS.keys())


def test_the_stages_have_the_colours_of_the_workbook() -> None:
    style = (ASSETS / "style.css").read_text(encoding="utf-8")
    for stage, colour in STAGE_COLOURS.items():
        assert f"--{stage.value}: {colour.lower()}" in style


@pytest.mark.parametrize("colour", [*STAGE_COLOURS.values(), "#B42318"])
def test_figures_in_bars_can_be_read(colour: str) -> None:
    """White on the bar's colour under its shade of 15 % black: at least 4.5 to 1 (WCAG AA)."""
    shares = []
    for start in (1, 3, 5):
        share = int(colour[start : start + 2], 16) / 255 * 0.85
        shares.append(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)
    luminance = 0.2126 * shares[0] + 0.7152 * shares[1] + 0.0722 * shares[2]
    assert 1.05 / (luminance + 0.05) >= 4.5


def test_echarts_is_the_official_file() -> None:
    vendor = FOLDER / "vendor"
    digest = hashlib.sha256((vendor / "echarts.common.min.js").read_bytes()).hexdigest()
    assert digest in (vendor / "README.md").read_text(encoding="utf-8")
    assert digest == "61f13280aba3161f77fc801bf5f9c786f55f10432153a0683fc5cc0700b013d5"
    assert "Apache License" in (vendor / "LICENSE").read_text(encoding="utf-8")
    assert "Apache ECharts" in (vendor / "NOTICE").read_text(encoding="utf-8")
