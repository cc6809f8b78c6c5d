"""The terminal summary and the progress line: width, languages, encodings, what they say."""

from __future__ import annotations

import io
import re
import threading
import time
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from portfolio.domain.demand import Cell
from portfolio.domain.progress import SolveEvent
from portfolio.domain.project import Stage
from portfolio.domain.schedule import Objective, Reason, Requirement, Status, TargetLine
from portfolio.domain.text import Lang, Text
from portfolio.report.progress import REFRESH_PER_SECOND, SolveProgress, elapsed
from portfolio.report.terminal import print_summary
from portfolio.report.terminal_gantt import GANTT_LINES
from portfolio.report.terminal_page import Page, clean, figure, percent, wrap
from portfolio.scenario.plan import Plan
from tests.report.builders import a_candidate, a_milestone, a_plan, a_problem, a_source

LANGS: tuple[Lang, ...] = ("zh", "en", "both")
LONG_ZH = "石柱土家族自治县第一中心小学教学综合楼及风雨操场改扩建工程（二期）"
LONG_EN = "Teaching building and covered playground of the first central primary school, phase two"


def a_county_plan(
    projects: int = 12, years: tuple[int, int] = (2021, 2030), status: Status = Status.FEASIBLE
) -> Plan:
    """A plan with everything to tell: long names, three counties, late, short and deferred."""
    counties = ("Shizhu", "Yunyang", "Elsewhere")
    candidates = [
        a_candidate(
            f"p{i}",
            county=counties[i % 3],
            cost=1234 * i + 500,
            duration_years=i % 5 + 1,
            seats=45 * i,
            name_zh=f"{i}号{LONG_ZH}",
            name_en=f"No. {i} {LONG_EN}",
        )
        for i in range(projects)
    ]
    span = range(years[0], years[1] + 1)
    cells = [Cell("Shizhu", "", Stage.PRIMARY), Cell("Yunyang", "城区", Stage.JUNIOR)]
    problem = a_problem(
        candidates,
        years=years,
        sources={a_source(county="*", carry=1): 40000},
        demand={cell: dict.fromkeys(span, 9000) for cell in cells},
        capacity={cell: dict.fromkeys(span, 5000) for cell in cells},
        milestones=(a_milestone("p3", year=2022), a_milestone(f"p{projects - 1}", year=2023)),
    )
    objectives = (
        Objective("seat_shortage", Decimal(123456789), Decimal(120000000), False),
        Objective("disruption", Decimal(12), Decimal(12), True),
        Objective("cost", Decimal("1234567.89"), Decimal("1234567.123"), True),
    )
    starts = {f"p{i}": years[0] + i % 6 for i in range(projects - 2)}
    plan = a_plan(problem, starts, status=status, objectives=objectives)
    if plan.evaluation is None:
        return plan
    target = TargetLine("Shizhu", "", "primary", 2025, 150, 140, True)
    return replace(plan, evaluation=replace(plan.evaluation, targets=(target,)))


def an_infeasible_plan() -> Plan:
    conflict = (
        Requirement("cap", Text("2023 年县级预算不够支付必建项目" * 4, "the caps of 2023 are too low " * 6)),
        Requirement("mandatory", Text("p1 必建", ""), project="p1"),
    )
    return a_plan(a_problem([a_candidate()]), status=Status.INFEASIBLE, conflict=conflict)


def printed(
    plan: Plan, lang: Lang = "zh", width: int = 80, files: tuple[str, ...] = (), terminal: bool = False
) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=terminal, color_system="standard")
    print_summary(plan, console, lang, files)
    return out.getvalue()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", [60, 80, 132])
@pytest.mark.parametrize(
    "plan",
    [
        a_county_plan(),
        a_county_plan(60, (2021, 2035)),
        an_infeasible_plan(),
        a_plan(status=Status.NO_SOLUTION),
    ],
    ids=["county", "60-projects", "infeasible", "no-solution"],
)
def test_every_line_fits_the_width(plan: Plan, width: int, lang: Lang) -> None:
    lines = printed(plan, lang, width, ("out/base/schedule.xlsx",)).splitlines()
    assert [line for line in lines if cell_len(line) > width] == []
    assert [line for line in lines if line != line.rstrip()] == []


def test_estimated_figures_are_counted_if_there_are_any() -> None:
    blank = a_candidate("p2", estimated={"total_cost": "90 座", "duration_years": "2 年"})
    problem = a_problem([a_candidate(estimated={"total_cost": "9 座"}), blank])
    assert "总投资 2, 工期 1" in printed(a_plan(problem, {"p1": 2021}))
    assert "按指标估算" not in printed(a_plan())


@pytest.mark.parametrize("years", [(2021, 2021), (2021, 2045), (2021, 2120)])
def test_any_horizon_fits(years: tuple[int, int]) -> None:
    assert max(map(cell_len, printed(a_county_plan(years=years)).splitlines())) <= 80


def test_a_terminal_narrower_than_sixty_cells_gets_sixty() -> None:
    assert max(map(cell_len, printed(a_county_plan(), width=30).splitlines())) <= 60


def test_piped_output_has_no_escape_codes_and_a_terminal_has_colour() -> None:
    assert "\x1b" not in printed(a_county_plan(), "both")
    assert "\x1b[" in printed(a_county_plan(), "both", terminal=True)


def test_colour_changes_nothing_but_the_colour() -> None:
    coloured = printed(a_county_plan(), "both", terminal=True)
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == printed(a_county_plan(), "both")


@pytest.mark.parametrize("lang", LANGS)
def test_a_gbk_output_is_written_without_an_error(lang: Lang) -> None:
    plan = a_county_plan()
    rare = a_candidate("p0", name_zh="㐂𠮷小学\U0001f3eb", name_en="École ½")
    problem = replace(plan.problem, candidates={**plan.problem.candidates, "p0": rare})
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="gbk", errors="strict")
    print_summary(replace(plan, problem=problem), Console(file=out, width=80), lang, ["out/㐂.xlsx"])
    out.flush()
    text = raw.getvalue().decode("gbk")
    assert "█" not in text  # blocks are two cells wide on such a console
    assert "##" in text
    assert "out/?.xlsx" in text


def test_control_characters_in_names_cannot_break_the_page() -> None:
    plan = a_plan(a_problem([a_candidate(name_zh="坏\x1b[31m\n名\ud800字")]), {"p1": 2021})
    text = printed(plan)
    assert "\x1b" not in text
    assert "坏 [31m 名 字" in text


def test_square_brackets_are_shown_as_they_are() -> None:
    plan = a_plan(a_problem([a_candidate(name_zh="[bold]小学[/x]")]), {"p1": 2021})
    assert "[bold]小学[/x]" in printed(plan)


def test_the_gantt_shows_each_year_of_a_project() -> None:
    # 40/60 from 2022: both years pay 40 % or more, it opens in 2024; three cells a year
    plan = a_plan(a_problem([a_candidate("p1", cost=18968, profile=(40, 60))]), {"p1": 2022})
    row = next(line for line in printed(plan).splitlines() if "p1学校" in line)
    assert row == "  p1学校 ·  ██████◆  ·   18,968"


def test_the_gantt_shades_a_year_by_its_share_of_the_cost() -> None:
    # 15/35/35/15 and 5 years of 10/25/30/25/10
    problem = a_problem([a_candidate("p1", duration_years=4), a_candidate("p2", duration_years=5)])
    lines = printed(a_plan(problem, {"p1": 2021, "p2": 2021})).splitlines()
    assert "░░░▒▒▒▒▒▒░░░◆" in next(line for line in lines if "p1学校" in line)
    assert "░░░▒▒▒▒▒▒▒▒▒░░░" in next(line for line in lines if "p2学校" in line)


def test_years_stand_above_their_columns() -> None:
    lines = printed(a_plan(a_problem([a_candidate()]), {"p1": 2023})).splitlines()
    ruler = next(line for line in lines if "2021  2023" in line)
    row = next(line for line in lines if "p1学校" in line)
    before = row[: row.index("█")]
    assert cell_len(before) == ruler.index("2023")


def test_projects_stand_under_their_county_by_start() -> None:
    problem = a_problem([a_candidate("p1"), a_candidate("q1", county="Yunyang"), a_candidate("p2")])
    text = printed(a_plan(problem, {"p1": 2023, "q1": 2021, "p2": 2021}), "en")
    places = [text.index(word) for word in ("Shizhu ·", "p2学校", "p1学校", "Yunyang ·", "q1学校")]
    assert places == sorted(places)


def test_a_very_long_gantt_is_cut_and_says_so() -> None:
    problem = a_problem([a_candidate(f"p{i}") for i in range(GANTT_LINES + 7)])
    text = printed(a_plan(problem, dict.fromkeys(problem.candidates, 2021)))
    assert "另有 7 项" in text
    assert sum("学校" in line for line in text.splitlines()) == GANTT_LINES


def test_key_figures_are_those_of_the_plan() -> None:
    problem = a_problem(
        [a_candidate("p1", cost="18968.5", seats=900), a_candidate("p2", cost=1, duration_years=5, seats=45)],
        sources={a_source(county="*"): 10000},
    )
    text = printed(a_plan(problem, {"p1": 2021, "p2": 2021}))
    assert re.search(r"排入/未排 +2 / 0", text)
    assert re.search(r"总投资 +1\.90 亿元 = 18,969\.50 万元", text)
    assert re.search(r"资金使用率 +37\.9%", text)  # 18,969.5 of 50,000
    assert re.search(r"新增学位 +945", text)
    assert re.search(r"规划期内投用 +900", text)  # p2 opens in 2026, after the horizon


def test_shortage_is_shown_for_the_first_the_worst_and_the_last_year() -> None:
    cell = Cell("Shizhu", "", Stage.PRIMARY)
    problem = a_problem(
        [a_candidate("p1", seats=300)],
        demand={cell: {2021: 1000, 2022: 1200, 2023: 1200, 2024: 1200, 2025: 1200}},
        capacity={cell: dict.fromkeys(range(2021, 2026), 900)},
    )
    assert re.search(r"Primary +100 +300 \(2022\) +0", printed(a_plan(problem, {"p1": 2021}), "en"))


def test_objectives_tell_value_bound_gap_and_proof() -> None:
    lines = printed(a_county_plan(), "en").splitlines()
    shortage = next(line for line in lines if "Seat shortage" in line)
    assert shortage.split()[-4:] == ["123,456,789", "120,000,000", "2.80%", "No"]
    cost = next(line for line in lines if line.startswith("  Spend in the horizon (") and "%" in line)
    assert cost.split()[-4:] == ["1,234,567.89", "1,234,567.12", "<0.01%", "Yes"]


def test_warnings_name_what_is_late_short_missed_and_left_out() -> None:
    plan = a_county_plan()
    text = printed(plan, "en", 200)
    assert f"No. 3 {LONG_EN}: Open by 2022 → 2028" in text
    assert f"No. 11 {LONG_EN}: Open by 2023 → never" in text
    assert "Seat targets missed: 1" in text
    assert "Still short in 2030: " in text
    assert "Deferred 2: Funding cap 2" in text


def test_a_plan_without_any_trouble_has_no_warnings() -> None:
    assert "请留意" not in printed(a_plan())


def test_many_cases_are_counted_and_the_first_named() -> None:
    problem = a_problem([a_candidate(f"p{i}", priority=1 if i == 8 else 3) for i in range(9)])
    reasons = {key: Reason("window", Text("来不及", "too late")) for key in problem.candidates}
    text = printed(a_plan(problem, reasons=reasons))
    assert "未排 9 项：工期窗口 9" in text
    assert text.index("p8学校") < text.index("p0学校")
    assert "另有 4 项" in text


def test_a_reason_that_is_no_rule_has_a_name_of_its_own_and_an_unknown_one_its_code() -> None:
    problem = a_problem([a_candidate("p1"), a_candidate("p2")])
    out = Text("原因", "a reason")
    text = printed(a_plan(problem, reasons={"p1": Reason("no_gain", out), "p2": Reason("moon", out)}), "en")
    assert "Deferred 2: No gain 1, moon 1" in text


def test_infeasible_prints_the_conflict_in_words() -> None:
    text = printed(an_infeasible_plan(), "both")
    assert "1. [资金上限] 2023 年县级预算不够支付必建项目" in text
    assert "2. [必建与既定开工] p1 必建" in text
    assert "the rest can hold together: that is proven" in text


def test_infeasible_without_a_conflict_says_that_it_is_proven() -> None:
    assert "Proven" in printed(a_plan(status=Status.INFEASIBLE), "en")


def test_no_solution_says_what_to_try_and_never_that_there_is_none() -> None:
    plan = a_plan(status=Status.NO_SOLUTION)
    text = printed(replace(plan, result=replace(plan.result, stopped="time_limit")), "en")
    assert "--time-limit" in text
    assert "--gap" in text
    assert "Stopped at the time limit" in text
    assert "Infeasible" not in text


def test_files_stand_at_the_end_uncut() -> None:
    path = "out/" + "很长的目录/" * 20 + "schedule.xlsx"
    assert printed(a_plan(), files=(path,)).endswith(f"  {path}\n")


def test_each_language_stands_alone() -> None:
    plan = a_plan(a_problem([a_candidate(name_en="First School")], title="Base"), {"p1": 2021})
    chinese = printed(plan, "zh")
    english = printed(plan, "en").replace("万元", "")
    assert "Optimal" not in chinese
    assert not re.search(r"[\u4e00-\u9fff]", english)
    assert {"最优", "Optimal"} <= set(re.findall(r"[\w]+", printed(plan, "both")))


@given(st.text(alphabet=st.sampled_from("学校建设ab c，。（）1"), max_size=80), st.integers(4, 30))
def test_wrapping_keeps_every_character_and_the_width(text: str, width: int) -> None:
    rows = wrap(text, width)
    assert "".join(rows).replace(" ", "") == text.replace(" ", "")
    assert all(cell_len(row) <= width for row in rows)


def test_wrapping_keeps_closing_punctuation_with_its_word() -> None:
    assert wrap("学校建设，资金", 8) == ["学校建", "设，资金"]
    assert wrap("小学（key-1），资金", 14) == ["小学（", "key-1），资金"]


@given(st.text(max_size=40), st.integers(1, 40))
def test_clipping_never_exceeds_the_width(text: str, width: int) -> None:
    page = Page("zh", encoding="gbk")
    assert cell_len(page.clip(clean(text, "gbk"), width)) <= width


def test_figures_and_percentages() -> None:
    assert [figure(Decimal(n)) for n in ("1234", "0.125", "-3", "Infinity")] == ["1,234", "0.13", "-3", "–"]
    assert [percent(x) for x in (0.0, 0.00001, 0.025)] == ["0.00%", "<0.01%", "2.50%"]
    assert [elapsed(x) for x in (-1, 59.9, 61, 3661)] == ["0:00", "0:59", "1:01", "1:01:01"]


# the progress line


EVENT = SolveEvent("seat_shortage", 2, 6, 1234.0, 1200.0, 0.0276, 10.0)


class Clock:
    """A clock that the test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def a_console(*, terminal: bool = True) -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    environment = {"TERM": "xterm-256color"}
    return Console(file=out, force_terminal=terminal, width=80, _environ=environment), out


def test_the_progress_line_tells_stage_value_bound_gap_and_time() -> None:
    clock = Clock()
    progress = SolveProgress("en", a_console()[0], clock)
    assert progress.line() == "Building the model · 0:00"
    progress(EVENT)
    clock.now = 5.0
    assert progress.line() == "2/6 Seat shortage · best 1,234 · bound 1,200 · gap 2.76% · 0:15"


def test_what_is_not_known_yet_is_left_out() -> None:
    progress = SolveProgress("zh", a_console()[0], Clock())
    progress(SolveEvent("cost", 1, 3, None, None, None, 61.0))
    assert progress.line() == "1/3 规划期支出（万元） · 1:01"


def test_progress_is_silent_where_stderr_is_not_a_terminal() -> None:
    console, out = a_console(terminal=False)
    with SolveProgress("both", console) as progress:
        progress(EVENT)
    assert out.getvalue() == ""


def test_progress_is_silent_on_a_dumb_terminal() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, _environ={"TERM": "dumb"})
    with SolveProgress("both", console) as progress:
        progress(EVENT)
    assert out.getvalue() == ""


def test_progress_writes_to_stderr_only(capsys: pytest.CaptureFixture[str]) -> None:
    with SolveProgress() as progress:
        progress(EVENT)
        print("a result")  # noqa: T201
    assert capsys.readouterr().out == "a result\n"


def flood(progress: SolveProgress) -> None:
    for _ in range(5000):
        progress(EVENT)


def test_a_flood_of_events_from_many_threads_is_drawn_a_few_times_a_second() -> None:
    console, out = a_console()
    started = time.monotonic()
    with SolveProgress("en", console) as progress:
        threads = [threading.Thread(target=flood, args=(progress,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        time.sleep(0.6)
    passed = time.monotonic() - started
    drawn = out.getvalue().count("Seat shortage") + out.getvalue().count("Building")
    assert 1 <= drawn <= passed * REFRESH_PER_SECOND + 3


def test_time_runs_on_without_events() -> None:
    clock = Clock()
    console, out = a_console()
    with SolveProgress("en", console, clock) as progress:
        progress(EVENT)
        clock.now = 50.0
        time.sleep(0.6)
    assert "1:00" in out.getvalue()


def test_the_line_is_gone_afterwards_also_when_the_solve_fails() -> None:
    console, out = a_console()
    progress = SolveProgress("en", console)

    def solve() -> None:
        with progress:
            progress(EVENT)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        solve()
    progress(EVENT)
    assert out.getvalue().endswith("\x1b[1A\x1b[2K")
    assert "\x1b[?25h" in out.getvalue()
