"""Every figure of the page, in its data and in its cells, is the one of schedule.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from portfolio.domain.money import round_half_up
from portfolio.domain.text import Lang
from portfolio.report.html import render, write
from portfolio.report.json_document import document
from portfolio.scenario.plan import Plan
from tests.report.html.conftest import Opener
from tests.report.html.rich import gap_plan, rich_plan
from tests.report.workbook.plans import large_plan

Entry = dict[str, Any]
TABLE = """box => [...document.querySelectorAll(box + ' tbody tr')].map(row => ({
  data: {...row.dataset}, cells: [...row.cells].map(cell => cell.innerText.trim())}))"""


def embedded(plan: Plan, lang: Lang = "both") -> Entry:
    found = re.search(
        r'<script type="application/json" id="plan">(.*?)</script>', render(plan, lang), re.DOTALL
    )
    assert found
    data: Entry = json.loads(found[1])
    return data


def chunks(flat: list[Any], size: int) -> list[list[Any]]:
    return [flat[at : at + size] for at in range(0, len(flat), size)]


def projects(data: Entry) -> list[Entry]:
    columns = data["projects"]
    return [
        {name: column[n] if isinstance(column, list) else column["all"] for name, column in columns.items()}
        for n in range(len(columns["key"]))
    ]


def wan(amount: int) -> float:
    return amount / 100


@pytest.mark.parametrize("plan", [rich_plan(), large_plan(60, 3), gap_plan()], ids=["rich", "large", "gap"])
def test_the_data_of_the_projects_are_those_of_the_document(plan: Plan) -> None:
    data, expected = embedded(plan), {entry["key"]: entry for entry in document(plan)["projects"]}
    years = data["years"]
    for row in projects(data):
        entry = expected.pop(row["key"])
        first, amounts = (row["spend"][0], row["spend"][1:]) if row["spend"] else (0, [])
        spend = {str(years[first + n]): wan(amount) for n, amount in enumerate(amounts) if amount}
        funding: dict[str, dict[str, float]] = {}
        for at in range(0, len(row["draws"]), 3):
            year, source, amount = row["draws"][at : at + 3]
            funding.setdefault(str(years[year]), {})[data["sources"][source][0]] = wan(amount)
        assert (row["start"], row["finish"], row["opens"]) == (
            entry["start"],
            entry["finish"],
            entry["opens"],
        )
        assert (wan(row["cost"]), spend, funding) == (entry["cost"], entry["spend"], entry["funding"])
        assert ["stated", "derived", "assumed"][row["basis"]] == entry["basis"]
        assert [name for name, *_ in row["estimates"]] == entry["estimated"]
        assert (row["reason"] or [None])[0] == (entry["reason"] or {"code": None})["code"]
    assert expected == {}


def test_the_explanations_in_the_data_are_those_of_the_document() -> None:
    data = embedded(rich_plan())
    keys, rows = [row["key"] for row in projects(data)], {row["key"]: row for row in projects(data)}
    sources, names = [source[0] for source in data["sources"]], [name for name, *_ in data["objectives"]]
    explained = {e["key"]: e["reason"] for e in document(rich_plan())["projects"] if e["reason"]}
    assert [key for key in keys if rows[key]["reason"]] == ["late", "out"]
    for key, expected in explained.items():
        code, name, text, outranked, least, forced = rows[key]["reason"]
        assert (code, data["texts"][name]) == (expected["code"], ["资金上限", "Funding cap"])
        assert data["texts"][text] == [expected["text_zh"], expected["text_en"]]
        assert [keys[n] for n in outranked] == expected["outranked_by"]
        start, proven, raises, others = least
        assert {
            "start": start,
            "proven": bool(proven),
            "total": wan(sum(amount for *_, amount in chunks(raises, 3))),
            "raises": [{"source": sources[s], "year": y, "amount": wan(a)} for s, y, a in chunks(raises, 3)],
            "with": [{"project": keys[n], "start": year} for n, year in chunks(others, 2)],
        } == expected["admission"]
        assert (forced is None) == (expected["counterfactual"] is None)
        if forced:
            start, proven, seat_years, spend, moves, changes = forced
            changed = [c for c in expected["counterfactual"].pop("objectives") if c["change"]]
            assert [{"name": names[n], "change": change} for n, change in chunks(changes, 2)] == changed
            assert {
                "start": start,
                "proven": bool(proven),
                "seat_years": seat_years,
                "spend": wan(spend),
                "moves": [{"project": keys[n], "from": a, "to": b} for n, a, b in chunks(moves, 3)],
            } == expected["counterfactual"]


def test_the_marginal_values_in_the_data_are_those_of_the_document() -> None:
    plan = rich_plan()
    data = embedded(plan)
    shown = {
        (data["sources"][n][0], year): value
        for n, row in enumerate(data["marginal"])
        for year, value in zip(data["years"], row, strict=True)
    }
    told = {(f["source"], f["year"]): f["marginal_value"] for f in document(plan)["funding"]}
    assert {place: shown[place] for place in told} == told
    assert all(value is None for place, value in shown.items() if place not in told)
    assert embedded(replace(plan, marginal={}))["marginal"] == []


@pytest.mark.parametrize("plan", [rich_plan(), large_plan(60, 3)], ids=["rich", "large"])
def test_the_data_of_money_seats_and_promises_are_those_of_the_document(plan: Plan) -> None:
    data, expected = embedded(plan), document(plan)
    years, keys = data["years"], [row["key"] for row in projects(data)]
    money = {
        (data["sources"][n][0], year): [wan(x) for x in data["funding"][n][at][:4]]
        for n in range(len(data["sources"]))
        for at, year in enumerate(years)
        if any(data["funding"][n][at][:4])
    }
    parts = ("cap", "brought_forward", "planned", "carried_forward")
    assert money == {(f["source"], f["year"]): [f[part] for part in parts] for f in expected["funding"]}
    seats = [
        (data["stages"][cell[2]][0], year, *(figures[at] for figures in cell[3:]))
        for cell in data["seats"]
        for at, year in enumerate(years)
    ]
    assert seats == [
        (s["stage"], s["year"], s["demand"], s["supply"], s["shortage"]) for s in expected["seats"]
    ]
    promises = [
        (keys[n], year, bool(firm), actual, late) for n, _, year, firm, actual, late, *_ in data["milestones"]
    ]
    assert promises == [
        (m["project"], m["year"], m["firm"], m["actual"], m["late_years"]) for m in expected["milestones"]
    ]
    targets = [tuple(target[3:7]) for target in data["targets"]]
    assert targets == [(t["year"], t["needed"], t["supply"], t["missing"]) for t in expected["targets"]]


# the cells


def number(text: str) -> Decimal:
    """The figure in a cell, signs and words left aside; a dash is 0."""
    digits = re.sub(r"[^\d.]", "", text)
    return Decimal(digits) if digits else Decimal(0)


def exact(value: float) -> Decimal:
    return Decimal(str(value))


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The rich plan, which the tests only look at."""
    path = tmp_path_factory.mktemp("html") / "report.html"
    write(rich_plan(), path)
    page = browser.new_page()
    page.goto(path.as_uri())
    yield page
    page.close()


def table(page: Page, box: str) -> list[Entry]:
    found: list[Entry] = page.evaluate(TABLE, box)
    return found


def test_the_cells_of_the_gantt(page: Page) -> None:
    plan = rich_plan()
    entries = {entry["key"]: entry for entry in document(plan)["projects"]}
    rows = {row["data"]["key"]: row["cells"] for row in table(page, "#gantt-box") if "key" in row["data"]}
    assert rows.keys() == entries.keys()
    for key, cells in rows.items():
        entry = entries[key]
        assert number(cells[2]) == exact(entry["cost"])
        assert number(cells[3]) == sum(map(exact, entry["spend"].values()), Decimal(0))
        if entry["selected"]:
            assert number(cells[5]) == entry["opens"]
            shown = [number(cell) for cell in cells[6:]]
            spend = [exact(entry["spend"].get(str(year), 0)) for year in document(plan)["years"]]
            assert shown == [round_half_up(amount) for amount in spend]


def test_the_cells_of_the_sources(page: Page) -> None:
    plan = rich_plan()
    rows = table(page, "#money-table")
    shown = {
        (row["data"]["source"], row["data"]["part"]): [number(cell) for cell in row["cells"][-7:-1]]
        for row in rows
    }
    years = document(plan)["years"]
    for part in ("cap", "brought_forward", "planned", "carried_forward"):
        for entry in document(plan)["funding"]:
            figures = shown.get((entry["source"], part), [Decimal(0)] * len(years))
            assert figures[years.index(entry["year"])] == exact(entry[part])


def test_the_cells_of_marginal_values_tell_0_from_what_is_not_known(page: Page) -> None:
    rows = {
        row["data"]["source"]: row["cells"]
        for row in table(page, "#money-table")
        if row["data"]["part"] == "marginal"
    }
    assert [cells[1:-1] for cells in rows.values()] == [
        ["37.65", "0", "–", "–", "–", "–"],
        ["–"] * 6,
        ["–"] * 5 + ["1,204.5"],
    ]
    assert "线性松弛" in page.inner_text("#marginal-notes")


def test_the_list_tells_why_and_what_it_would_take(page: Page) -> None:
    rows = {
        row["data"]["key"]: row["cells"] for row in table(page, "#deferred-table") if "key" in row["data"]
    }
    assert list(rows) == ["out", "late"]  # what is out comes first
    _, why, least, forced = rows["out"]
    assert "缺 2023 年的资金。" in why
    assert "排在前面的：mid学校、late学校" in why
    assert [line for line in least.split("\n") if "石柱" in line and " 年 " in line] == [
        "石柱县财政预算 2023 年 +123.45 万元"
    ]
    assert "2023 年开工，共需 130.45 万元" in least
    assert "2022 年开工" in forced
    assert "未证明" in forced
    moves = [line.strip() for line in forced.split("\n") if "→" in line and "学校：" in line]
    assert moves == [
        "mid学校：2022 → 不列入",
        "late学校：2023 → 2025",
        "other学校：2022 → 2024",
    ]  # who gives way first
    assert "另有 1 处变动" in forced
    assert "+1,450 缺学位（座·年）" in forced
    assert "−999.1 规划期支出（万元）" in forced
    assert "+4,350 学位缺口（加权座·年）" in forced
    late = rows["late"]
    assert "2023 → 2026" in late[0]
    assert "一并列入：out学校" in late[2]
    assert "未证明最少" in late[2]
    assert late[3] == "–"


def test_the_cells_of_the_seats(page: Page) -> None:
    plan = rich_plan()
    rows = table(page, "#seats-table")
    expected = document(plan)["seats"]
    for part in ("demand", "supply", "shortage"):
        shown = [number(cell) for row in rows if row["data"]["part"] == part for cell in row["cells"][-6:]]
        assert shown == [entry[part] for entry in expected]


def test_the_cells_of_promises_targets_and_objectives(page: Page) -> None:
    plan = rich_plan()
    expected = document(plan)
    promises = [
        (row["data"]["key"], *map(number, row["cells"][3:7:3])) for row in table(page, "#milestones-table")
    ]
    assert promises == [(m["project"], m["year"], m["late_years"]) for m in expected["milestones"]]
    targets = [[number(row["cells"][at]) for at in (3, 5, 6, 7)] for row in table(page, "#targets-table")]
    assert targets == [[t["year"], t["needed"], t["supply"], t["missing"]] for t in expected["targets"]]
    objectives = [[number(cell) for cell in row["cells"][1:3]] for row in table(page, "#facts .box")]
    assert objectives == [[exact(o["value"]), exact(o["bound"])] for o in expected["objectives"]]


def test_the_key_figures(page: Page) -> None:
    plan = rich_plan()
    chosen = [entry for entry in document(plan)["projects"] if entry["selected"]]
    paid = sum((exact(amount) for entry in chosen for amount in entry["spend"].values()), Decimal(0))

    def card(name: str) -> Decimal:
        return number(page.inner_text(f'[data-card="{name}"] b'))

    assert card("scheduled") == len(chosen)
    assert card("deferred") == 1
    assert (
        page.get_attribute('[data-card="cost"]', "data-exact")
        == f"{sum(exact(e['cost']) for e in chosen) * 100:.0f}"
    )
    assert page.get_attribute('[data-card="paid"]', "data-exact") == f"{paid * 100:.0f}"
    assert card("paid") == (paid / 10000).quantize(Decimal("0.01"))
    last = document(plan)["years"][-1]
    assert card("shortage") == sum(s["shortage"] for s in document(plan)["seats"] if s["year"] == last)
    assert card("late") == sum(m["late_years"] > 0 for m in document(plan)["milestones"])


def test_the_figures_behind_the_charts(opened: Opener) -> None:
    plan = rich_plan()
    page = opened(plan, "en")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    years = document(plan)["years"]

    def line(box: str, name: str) -> list[Decimal]:
        row = next(row for row in table(page, box) if row["cells"][0] == name)
        return [number(cell) for cell in row["cells"][1:]]

    def total(part: str, entries: list[Entry]) -> list[Decimal]:
        return [sum((exact(e[part]) for e in entries if e["year"] == year), Decimal(0)) for year in years]

    funding, seats = document(plan)["funding"], document(plan)["seats"]
    assert line("#money-figures", "Caps of the year") == total("cap", funding)
    assert line("#money-figures", "Paid") == total("planned", funding)
    assert line("#seats-figures", "Without a seat") == total("shortage", seats)
    page.select_option("#m-county", label="Yunyang")
    own = [entry for entry in funding if entry["county"] == "Yunyang"]
    assert line("#money-figures", "Caps of the year") == total("cap", own)
    spend = {e["key"]: e["spend"] for e in document(plan)["projects"]}["other"]
    assert line("#money-figures", "Paid") == [exact(spend.get(str(year), 0)) for year in years]
    page.select_option("#s-stage", label="Junior")
    junior = [entry for entry in seats if entry["stage"] == "junior"]
    assert line("#seats-figures", "Seats there are") == total("supply", junior)


def test_a_card_has_the_whole_explanation_and_leads_to_the_others(page: Page) -> None:
    page.click('#deferred-table tr[data-key="out"] .link')
    expected = next(e for e in document(rich_plan())["projects"] if e["key"] == "out")["reason"]
    moves = [row["cells"] for row in table(page, "dialog .moves")]
    shown = [tuple(int(cell) if cell.isdigit() else None for cell in cells[1:]) for cells in moves]
    assert shown == [(m["from"], m["to"]) for m in expected["counterfactual"]["moves"]]
    changes = [cells["cells"][1] for cells in table(page, "dialog .changes")]
    assert changes == ["+1,450", "−999.1", "+4,350"]
    assert "130.45" in page.inner_text("dialog .reason")
    page.click("dialog .moves .link >> nth=1")
    assert page.inner_text("dialog h2").startswith("mid学校")
    page.keyboard.press("Escape")


def test_a_card_has_the_exact_money_by_source_and_year(page: Page) -> None:
    plan = rich_plan()
    entry = next(e for e in document(plan)["projects"] if e["key"] == "mid")
    page.click('tr[data-key="mid"] .link')
    rows = table(page, "dialog .paid")
    assert [number(cell) for cell in rows[-1]["cells"][1:-1]] == [exact(v) for v in entry["spend"].values()]
    paid = [number(cell) for row in rows[:-1] for cell in row["cells"][1:-1]]
    assert sorted(x for x in paid if x) == sorted(
        exact(v) for by in entry["funding"].values() for v in by.values()
    )
    words = page.inner_text("dialog")
    assert "450" in words
    assert "至多建其一" in words
