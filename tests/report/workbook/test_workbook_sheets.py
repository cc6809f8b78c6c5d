"""What the sheets of the schedule workbook say."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl.workbook import Workbook as Book

from portfolio.domain.money import from_wan
from portfolio.domain.project import MilestoneKind
from portfolio.domain.repair import Change, ChangeKind, Repair, Scope
from portfolio.domain.schedule import Conflict, Reason, Requirement, Status, TargetLine
from portfolio.domain.text import Lang, Text
from portfolio.report.labels import label
from tests.report.builders import a_candidate, a_milestone, a_plan, a_problem, a_source
from tests.report.workbook.opened import numbers, row_with, rows, texts, written, year_rows
from tests.report.workbook.plans import ANNEX, annex_plan, full_plan


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return written(full_plan(), tmp_path_factory.mktemp("full"))


def test_official_reproduces_the_published_form(tmp_path: Path) -> None:
    sheet = written(annex_plan(), tmp_path, "zh")["重大项目规划表"]
    found = rows(sheet)
    assert found[0][0] == "石柱县学校建设重大项目规划表"
    assert found[1] == [
        "序号",
        "项目地址",
        "项目名称",
        "项目性质",
        "设计规模",
        "项目总投资（万元）",
        "建设期限",
    ]
    natures = {"relocation": "迁建", "new": "新建"}
    expected = [
        [n, location, name, natures[nature], "39个班", cost, f"{start}—{start + years - 1}年"]
        for n, (_, name, location, nature, cost, start, years) in enumerate(ANNEX, 1)
    ]
    assert found[2:8] == expected
    assert found[8][5] == 150396


@pytest.mark.parametrize(("lang", "annual"), [("zh", "2022年"), ("en", "2022")])
def test_works_of_one_year_name_it_once(lang: Lang, annual: str, tmp_path: Path) -> None:
    plan = a_plan(a_problem([a_candidate(duration_years=1)]), {"p1": 2022})
    book = written(plan, tmp_path, lang)
    (form,) = (row for row in rows(book[label("sheet.official").pick(lang)]) if row[2] == "p1学校")
    assert form[6] == "2022年"  # the published form is Chinese in every language
    assert row_with(book[label("sheet.annual").pick(lang)], "p1学校", 1)[3] == annual


def test_official_is_ordered_by_start_then_workbook_order(tmp_path: Path) -> None:
    candidates = [a_candidate(key, name_zh=key) for key in ("c", "a", "b")]
    plan = a_plan(a_problem(candidates), {"c": 2022, "a": 2022, "b": 2021})
    sheet = written(plan, tmp_path)["重大项目规划表 Official"]
    names = [row[2] for row in rows(sheet) if isinstance(row[0], int)]
    assert names == ["b", "c", "a"]


def test_official_keeps_decimals_and_shows_whole_amounts_plainly(tmp_path: Path) -> None:
    plan = a_plan(
        a_problem([a_candidate(cost="1234.56"), a_candidate("p2", cost=10205)]), {"p1": 2021, "p2": 2021}
    )
    sheet = written(plan, tmp_path)["重大项目规划表 Official"]
    cells = [sheet.cell(row=n, column=6) for n in (4, 5)]
    assert [cell.value for cell in cells] == [1234.56, 10205]
    assert {cell.number_format for cell in cells} == {"General"}


def test_gantt_holds_spend_under_the_bars_and_a_diamond_where_it_opens(full: Book) -> None:
    """3000 万元 from 2023: 30, 45 and 25 %, each after 2021 dearer by 3.5 % a year; open in 2026."""
    (years,) = year_rows(full["甘特 Gantt"], 1, "late学校")
    assert years == [0, 0, 964.10, 1496.77, 860.64, "◆"]
    escalated = [round(3000 * share * 1.035**n, 2) for share, n in ((0.3, 2), (0.45, 3), (0.25, 4))]
    assert years[2:5] == escalated


@pytest.mark.parametrize(("lang", "shown"), [("zh", "一中"), ("en", "No. 1"), ("both", "一中\nNo. 1")])
def test_both_names_stand_in_one_cell(lang: Lang, shown: str, tmp_path: Path) -> None:
    """On every sheet that has room for two lines; the same name is not shown twice."""
    rows_of = (a_candidate(name_zh="一中", name_en="No. 1"), a_candidate("p2", name_zh="A", name_en="A"))
    book = written(a_plan(a_problem(list(rows_of)), {"p1": 2021}), tmp_path, lang)
    for key in ("gantt", "quarters", "sources"):
        assert shown in texts(book[label(f"sheet.{key}").pick(lang)]), key
    assert "A" in texts(book[label("sheet.deferred").pick(lang)])


def test_gantt_notes_what_was_spent_before_the_horizon(full: Book) -> None:
    """2000 万元 from 2020, 30 % in the first year, before the horizon."""
    header = next(row for row in rows(full["甘特 Gantt"]) if row[0] == "序号\nNo.")
    row = row_with(full["甘特 Gantt"], "old学校", 1)
    assert row[header.index("期前投资\nBefore")] == 600
    assert row[header.index("总投资\nCost")] == 2000


def test_gantt_offers_deferred_projects_with_a_blank_start(full: Book) -> None:
    header = next(row for row in rows(full["甘特 Gantt"]) if row[0] == "序号\nNo.")
    row = row_with(full["甘特 Gantt"], "out学校", 1)
    assert row[header.index("开工\nStart")] is None
    assert row[header.index("投用\nOpens")] in (None, "")
    assert year_rows(full["甘特 Gantt"], 1, "out学校") == [[0] * 6]


def test_gantt_totals_are_the_spend_of_the_evaluation(full: Book) -> None:
    plan = full_plan()
    assert plan.evaluation
    (total,) = year_rows(full["甘特 Gantt"], 1, "合计")
    lines = plan.evaluation.projects
    spend = [sum(line.spend.get(year, 0) for line in lines) / 100 for year in range(2021, 2027)]
    assert total == pytest.approx(spend)


def test_summary_says_how_far_each_objective_is_from_its_bound(full: Book) -> None:
    sheet = full["概览 Summary"]
    assert "已证明最优" in row_with(sheet, "学位缺口")[8]
    assert "与界相差 1.0%" in row_with(sheet, "规划期支出（万元） Spend")[8]


def test_summary_splits_the_input_by_basis(full: Book) -> None:
    """4 of 5 projects are stated; the estimated cost of the assumed one never counts as stated."""
    sheet = full["概览 Summary"]
    assert row_with(sheet, "项目（个）")[1:4] == [4, 0, 1]
    assert row_with(sheet, "总投资（万元）")[1:4] == [7034.56, 0, 999]


def test_summary_adds_up_counties_by_kind_of_money(full: Book) -> None:
    names = [row[0] for row in rows(full["概览 Summary"])]
    assert {"财政预算", "上级补助"} <= set(names)
    assert "石柱县财政预算" not in names


def test_funding_shows_caps_carry_over_and_what_lapses(tmp_path: Path) -> None:
    """1,000 a year, usable one more year; only 2022 pays 1,500: 500 of 2021's money lapse at the end of 2022."""
    source = a_source(name_zh="预算", carry=1)
    plan = a_plan(
        a_problem([a_candidate(cost=1500, duration_years=1)], years=(2021, 2023), sources={source: 1000}),
        {"p1": 2022},
    )
    sheet = written(plan, tmp_path)["资金 Funding"]
    figures = {key: row_with(sheet, key, 1)[2:5] for key in ("上限", "上年结转", "余量", "结转下年")}
    assert figures == {
        "上限": [1000, 1000, 1000],
        "上年结转": [0, 1000, 500],
        "余量": [1000, 500, 1500],
        "结转下年": [1000, 500, 1000],
    }
    assert row_with(sheet, "安排", 1)[2:5] == [0, 1500, 0]
    assert row_with(sheet, "改动后校核")[2:5] == ["✓", "✓", "✓"]


def test_seats_supply_is_the_evaluation(full: Book) -> None:
    plan = full_plan()
    assert plan.evaluation
    lines = [
        line for line in plan.evaluation.seats if line.cell.county == "Shizhu" and line.cell.zone == "城区"
    ]
    sheet = full["学位 Seats"]
    assert row_with(sheet, "供给", 1)[2:8] == [line.supply for line in lines if line.cell.stage == "primary"]


def test_seats_of_zones_do_not_make_up_for_one_another(full: Book) -> None:
    """Shortage over the zones of a stage is the sum of the zones' shortages."""
    plan = full_plan()
    assert plan.evaluation
    short = [
        sum(
            s.shortage
            for s in plan.evaluation.seats
            if s.year == year and s.cell.county == "Shizhu" and s.cell.stage == "primary"
        )
        for year in range(2021, 2027)
    ]
    assert row_with(full["学位 Seats"], "缺口", 1)[2:8] == short


def test_share_of_children_with_a_seat_agrees_with_the_shortage(full: Book) -> None:
    """A zone with seats to spare does not raise the share; with a shortage anywhere it is below 100 %."""
    plan = full_plan()
    assert plan.evaluation
    shares = []
    for year in range(2021, 2027):
        lines = [s for s in plan.evaluation.seats if s.year == year and s.cell.stage == "primary"]
        shares.append(1 - sum(s.shortage for s in lines) / sum(s.demand for s in lines))
    sheet = full["概览 Summary"]
    head = next(n for n, row in enumerate(rows(sheet)) if "有学位的孩子比例" in str(row[0]))
    assert rows(sheet)[head + 1][1:7] == pytest.approx(shares)
    assert max(shares) < 1
    assert any("片区余缺不互抵" in text for text in texts(sheet))
    shown = [row[2:8] for row in rows(full["学位 Seats"]) if "有学位比例" in str(row[1])]
    assert all(share <= 1 for row in shown for share in row)


def test_annual_plan_splits_each_year_by_source(full: Book) -> None:
    plan = full_plan()
    assert plan.evaluation
    sheet = full["年度投资计划 Annual plan"]
    line = next(line for line in plan.evaluation.projects if line.key == "old")
    row = row_with(sheet, "old学校", 1)
    assert row[3] == "2020—2022年"
    assert row[5:7] == [600, line.spend[2021] / 100]
    assert sum(numbers(row[7:])) == pytest.approx(line.spend[2021] / 100)


def test_deferred_gives_the_reason_in_words(tmp_path: Path) -> None:
    reasons = {"p2": Reason("cap", Text("还差 12 万元", "12 万元 short"))}
    plan = a_plan(a_problem([a_candidate(), a_candidate("p2")]), {"p1": 2021}, reasons=reasons)
    row = row_with(written(plan, tmp_path)["未排 Deferred"], "p2学校", 2)
    assert "资金上限\nFunding cap" in row
    assert "还差 12 万元\n12 万元 short" in row


def test_deferred_is_glad_when_nothing_is_left_out(tmp_path: Path) -> None:
    assert "✓ 全部入排 Every candidate is scheduled" in texts(written(a_plan(), tmp_path)["未排 Deferred"])


def test_what_is_late_stands_below_what_is_left_out(tmp_path: Path) -> None:
    reasons = {
        "p1": Reason("after", Text("须等 p3 完工", "it must wait for p3")),
        "p2": Reason("cap", Text("还差 12 万元", "12 万元 short")),
    }
    problem = a_problem([a_candidate(), a_candidate("p2"), a_candidate("p3")])
    plan = a_plan(problem, {"p1": 2022, "p3": 2021}, reasons=reasons)
    sheet = written(plan, tmp_path)["未排 Deferred"]
    late = row_with(sheet, "p1学校", 2)
    assert "2022 → 2024" in late
    assert "先后关系\nSequence" in late
    assert "须等 p3 完工\nIt must wait for p3" in late
    words = "\n".join(map(str, texts(sheet)))
    assert words.index("p2学校") < words.index("p1学校")
    assert "p3学校" not in words, "neither out nor late"


def test_the_value_of_more_money_stands_with_its_source(tmp_path: Path) -> None:
    plan = replace(
        a_plan(a_problem([a_candidate()]), {"p1": 2021}), marginal={("budget", 2022): Decimal("37.65")}
    )
    sheet = written(plan, tmp_path)["资金 Funding"]
    row = row_with(sheet, "边际价值 Marginal value", 1)
    assert row[2:7] == [None, 37.65, None, None, None], "blank where it was not worked out"
    assert any(str(text).startswith("边际价值：") for text in texts(sheet))
    nothing = {("budget", 2022): Decimal(0), ("budget", 2024): Decimal(0)}
    sheet = written(replace(plan, marginal=nothing), tmp_path)["资金 Funding"]
    row = row_with(sheet, "边际价值 Marginal value", 1)
    assert row[2:7] == [None, 0, None, 0, None], "0 is not blank, be there money or none"


def test_a_source_that_has_no_money_is_shown_only_where_money_would_be_worth_something(
    tmp_path: Path,
) -> None:
    sources = {a_source("budget", county="*"): 100, a_source("dry", county="Xifeng"): 0}
    plan = a_plan(a_problem([a_candidate()], sources=sources), {"p1": 2021})
    for value, shown in (("0", False), ("3.5", True)):
        worth = {("dry", year): Decimal(value) for year in range(2021, 2026)}
        told = texts(written(replace(plan, marginal=worth), tmp_path)["资金 Funding"])
        assert ("边际价值 Marginal value" in told) is shown
    without = written(a_plan(a_problem([a_candidate()]), {"p1": 2021}), tmp_path)["资金 Funding"]
    assert "边际价值 Marginal value" not in texts(without)


def test_an_infeasible_plan_shows_every_conflict_and_the_menu(tmp_path: Path) -> None:
    def conflict(words: str) -> tuple[Requirement, ...]:
        return (Requirement("cap", Text(words, words)),)

    raised = Change(kind=ChangeKind.RAISE_CAP, setting="cap", text=Text("提高 5 万元", "raise by 5"))
    dropped = Change(kind=ChangeKind.DROP, setting="mandatory", text=Text("不建 p1", "leave p1 out"))
    plan = a_plan(a_problem([a_candidate()]), status=Status.INFEASIBLE, conflict=conflict("第一组"))
    result = replace(
        plan.result,
        other_conflicts=(Conflict(conflict("第二组"), minimal=False),),
        repairs=(
            Repair(scope=Scope.ONE_CAP, text=Text("提高一项上限", "raise a cap"), changes=(raised,)),
            Repair(scope=Scope.COMBINED, text=Text("两处", "two changes"), changes=(raised, dropped)),
        ),
        repair_notes=(Text("单靠延长无用", "a longer horizon does not mend it"),),
    )
    words = "\n".join(map(str, texts(written(replace(plan, result=result), tmp_path)["概览 Summary"])))
    for told in (
        "第一组",
        "第二组",
        "只提高一项上限\nOne cap",
        "提高一项上限\nraise a cap",
        "· 不建 p1 leave p1 out",
    ):
        assert told in words, told
    assert words.index("已证明") < words.index("第二组") < words.index("未能证明"), (
        "each with what is proven of it"
    )
    assert words.index("补救办法") < words.index("· 单靠延长无用 a longer horizon does not mend it")


def test_milestones_tell_kept_from_missed(tmp_path: Path) -> None:
    """p1 opens in 2023; p2 is never built, which counts up to the year after the horizon."""
    milestones = (
        a_milestone(year=2023),
        a_milestone(year=2022),
        a_milestone("p2", MilestoneKind.START_BY, 2024),
    )
    plan = a_plan(a_problem([a_candidate(), a_candidate("p2")], milestones=milestones), {"p1": 2021})
    sheet = written(plan, tmp_path)["节点 Milestones"]
    found = [row[6:9] for row in rows(sheet) if isinstance(row[0], int)]
    assert found == [[2023, 0, "✓ 兑现 kept"], [2023, 1, "✗ 逾期 late"], ["未实现 never", 2, "✗ 逾期 late"]]


def test_milestones_list_seat_targets(tmp_path: Path) -> None:
    plan = a_plan()
    assert plan.evaluation
    target = TargetLine("Shizhu", "", "primary", 2023, 900, 800, True)
    plan = replace(plan, evaluation=replace(plan.evaluation, targets=(target,)))
    row = row_with(written(plan, tmp_path)["节点 Milestones"], "石柱县", 1)
    assert row[4:9] == [2023, "尽量 Aim", 900, 800, 100]


def test_sources_mark_the_basis_and_show_the_formula_of_estimates(full: Book) -> None:
    row = row_with(full["依据 Sources"], "out学校", 2)
    assert row[3] == "○ 假定\nAssumed"
    assert row[5] == "总投资 Cost ≈ 999 万元 = 90 座"


def test_estimated_figures_stay_numbers_and_are_marked(full: Book) -> None:
    """The estimated cost of one project shows a sign; the stated costs of the others do not."""
    for sheet, of_estimates in (("甘特 Gantt", "out学校"), ("重大项目规划表 Official", None)):
        for row in full[sheet].iter_rows():
            name = next((c.value for c in row if str(c.value).endswith("学校")), None)
            marked = [c.value for c in row if "≈" in c.number_format]
            assert marked == ([999] if name and name == of_estimates else [])


def test_estimated_figures_are_explained_where_they_are_printed(tmp_path: Path) -> None:
    """In the county's form, the annual plan and the Gantt, by sign and legend; without estimates by none."""

    def shown(**more: Any) -> dict[str, str]:
        plan = a_plan(a_problem([a_candidate(cost="1000.5", **more)]), {"p1": 2021})
        book = written(plan, tmp_path)
        return {
            name: " ".join(
                f"{cell.value} {cell.number_format if isinstance(cell.value, float) else ''}"
                for row in book[name].iter_rows()
                for cell in row
                if cell.value is not None
            )
            for name in ("甘特 Gantt", "重大项目规划表 Official", "年度投资计划 Annual plan")
        }

    estimated, stated = shown(estimated={"total_cost": "9 座"}), shown()

    assert '1000.5 "≈ "' in estimated["甘特 Gantt"]
    assert '1000.5 "≈ "0.00' in estimated["重大项目规划表 Official"]
    assert '1000.5 "≈ "' in estimated["年度投资计划 Annual plan"]
    assert "按指标估算" in estimated["甘特 Gantt"]
    assert "≈ 为按估算指标推算的投资" in estimated["重大项目规划表 Official"]
    assert all('"≈ "' not in text for text in stated.values())
    assert "按指标估算" not in stated["甘特 Gantt"]
    assert "≈" not in stated["重大项目规划表 Official"]


def test_money_keeps_its_decimals(tmp_path: Path) -> None:
    plan = a_plan(a_problem([a_candidate(cost="1234.56", duration_years=1)]), {"p1": 2021})
    sheet = written(plan, tmp_path)["年度投资计划 Annual plan"]
    cell = next(c for row in sheet.iter_rows() for c in row if c.value == from_wan("1234.56") / 100)
    assert "0.00" in cell.number_format
