"""`portfolio explain [PROJECT]`, as a user asks for it, over a small portfolio."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portfolio import service
from portfolio.cli.main import main_group
from portfolio.db.session import Database
from portfolio.domain.portfolio import Portfolio
from portfolio.errors import UsageError
from tests.builders import a_project, a_source, caps, demand, seats
from tests.cli.conftest import keep

PORTFOLIO = Portfolio(
    projects=(
        a_project("p", cost=10, name_zh="第一小学"),
        a_project("q", cost=10, name_zh="第二小学"),
        a_project("r", cost=99, name_zh="第三小学"),
    ),
    seats=(seats("p", 9), seats("q", 6)),
    funding_sources=(a_source("s", name_zh="县级财政预算", name_en="county budget"),),
    funding_caps=(caps(10, 10, 0),),
    demand=(demand(15),),
)
"""p is built in 2021 and q in 2022, for want of 10 万元 in 2021; r is too dear."""

SCENARIO = "[horizon]\nfirst_year = 2021\nlast_year = 2023\n"
MUST = SCENARIO + "[projects.r]\nmandatory = true\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with data in the database, and without a workbook."""
    monkeypatch.chdir(tmp_path)
    return keep(tmp_path, PORTFOLIO, {"base": SCENARIO, "must": MUST})


def run(*arguments: str, scenario: str = "base") -> Result:
    return CliRunner().invoke(main_group, ["explain", "-s", scenario, *arguments], standalone_mode=False)


def told(*arguments: str, scenario: str = "base") -> Any:
    done = run(*arguments, "--json", scenario=scenario)
    assert done.exception is None, done.output
    return json.loads(done.stdout)


def schedule() -> None:
    with Database("sqlite:///portfolio.db") as database:
        service.schedule(database, service.ScheduleRequest(scenario="base"))


def test_all_that_are_out_or_late() -> None:
    found = told()
    assert [(p["key"], p["start"], p["reason"]["code"]) for p in found["projects"]] == [
        ("q", 2022, "cap"),
        ("r", None, "cap"),
    ]
    assert found["projects"][0]["reason"]["outranked_by"] == ["p"]
    assert found["infeasible"] is None
    text = run("--lang", "en").stdout
    assert "第二小学 (q) 2022" in text
    assert "Raising the 2021 cap on county budget by 10 万元" in " ".join(text.split())


def test_one_project_by_its_name() -> None:
    found = told("第二小学")
    assert (found["project"], found["start"], found["earliest"], found["complete"]) == ("q", 2022, 2021, True)
    assert found["what_if"]["years"] == [2021]
    assert found["what_if"]["counterfactual"]["moves"] == [{"project": "p", "from": 2021, "to": 2022}]
    assert found["sooner"]["total"] == 10.0
    assert "第二小学" in run("q", "--lang", "zh").stdout


def test_a_start_of_the_planners_own() -> None:
    """q in 2023 has no money; r in 2022 would need 99 and so contradicts the cap of 10."""
    assert told("q", "--start", "2023")["what_if"]["counterfactual"] is None
    conflict = told("r", "--start", "2022")["what_if"]["conflict"]
    assert [(member["rule"], member["source"], member["year"]) for member in conflict] == [("cap", "s", 2022)]
    assert told("p", "--start", "2022")["what_if"]["counterfactual"]["start"] == 2022


def test_a_start_outside_the_window_is_told_as_such() -> None:
    conflict = told("q", "--start", "2031")["what_if"]["conflict"]
    assert [member["rule"] for member in conflict] == ["window"]


def test_a_project_on_time() -> None:
    found = told("p")
    assert (found["reason"], found["what_if"], found["complete"]) == (None, None, True)


def test_a_stored_run_is_explained_and_without_one_the_scenario_is_solved_but_not_stored() -> None:
    first = run("--json")
    assert "not stored" in first.stderr
    assert json.loads(first.stdout)["run"] == ""
    schedule()
    again = run("--json")
    assert "not stored" not in again.stderr
    assert json.loads(again.stdout)["run"] == "base-0001"
    assert json.loads(again.stdout)["projects"] == json.loads(first.stdout)["projects"]


def test_an_infeasible_scenario_ends_with_4_and_its_repairs() -> None:
    done = run(scenario="must")
    assert done.return_value == 4
    assert "r" in done.stdout
    found = told("r", scenario="must")
    assert found["infeasible"]["conflict"]
    assert found["infeasible"]["repairs"]


def test_wrong_usage() -> None:
    assert isinstance(run("ghost").exception, UsageError)
    assert isinstance(run("--start", "2022").exception, UsageError)
