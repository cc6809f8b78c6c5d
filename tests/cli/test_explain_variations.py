"""`portfolio explain --money` and `--robustness`, as a user asks for them, over a small portfolio."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portfolio.cli.main import main_group
from portfolio.domain.portfolio import Portfolio
from portfolio.errors import UsageError
from tests.builders import a_project, a_source, caps, demand, seats
from tests.cli.conftest import keep

PORTFOLIO = Portfolio(
    projects=(a_project("p", cost=1000), a_project("q", cost=10, mandatory=True)),
    seats=(seats("p", 1000),),
    funding_sources=(
        a_source("s", name_zh="县级财政预算"),
        a_source("t", name_zh="专项债券"),
        a_source("u", county="B", name_zh="专项债券"),
    ),
    funding_caps=(caps(510), caps(0, source="t")),
    demand=(demand(400),),
)
"""500 万元 are missing for `p`, whose 400 seats of weight 3 are needed for two years: 240 for 100 万元."""

SCENARIO = "[horizon]\nfirst_year = 2021\nlast_year = 2023\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with data in the database, and without a workbook."""
    monkeypatch.chdir(tmp_path)
    return keep(tmp_path, PORTFOLIO, {"base": SCENARIO, "poor": SCENARIO + "[funding]\nscale = 0.01\n"})


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main_group, ["explain", "-s", "base", *arguments], standalone_mode=False)


def told(*arguments: str) -> Any:
    done = run(*arguments, "--json")
    assert done.exception is None, done.output
    return json.loads(done.stdout)


@pytest.mark.usefixtures("folder")
def test_values_and_re_solves_as_json() -> None:
    found = told("--money")
    assert found["unit"] == "weighted seat-years per 100 万元"
    assert len(found["values"]) == 9
    assert found["values"][0] == {
        "source": "s", "county": "A", "year": 2021, "cap": 510.0, "marginal_value": 240.0, "at_most": False,
    }  # fmt: skip
    check = found["checks"][0]
    assert (check["source"], check["year"], check["raise"], check["price"]) == ("s", 2021, 100.0, 240.0)
    assert (check["weighted"], check["seats"], check["proven"]) == (0.0, 0, True)
    assert check["useful"]["raise"] == 500.0
    assert check["useful"]["shifts"] == [{"project": "p", "before": None, "after": 2021}]
    assert found["notes"][0]["text_zh"].startswith("边际价值")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--source", "t"), [("t", 2021), ("t", 2022), ("t", 2023)]),
        (("--source", "县级财政预算", "--year", "2021"), [("s", 2021)]),
        (("--year", "2022"), [("s", 2022), ("t", 2022), ("u", 2022)]),
    ],
)
def test_the_caps_that_are_named_are_solved_again(
    arguments: tuple[str, ...], expected: list[tuple[str, int]]
) -> None:
    checks = told("--money", *arguments, "--raise", "33.5")["checks"]
    assert [(c["source"], c["year"]) for c in checks] == expected
    assert {c["raise"] for c in checks} == {33.5}


@pytest.mark.usefixtures("folder")
def test_a_schedule_states_every_value_that_is_known_also_0_of_a_cap_without_money() -> None:
    done = CliRunner().invoke(main_group, ["schedule", "-s", "base", "--json"], standalone_mode=False)
    rows = json.loads(done.stdout)["funding"]
    stated = {(row["source"], row["year"]): row["marginal_value"] for row in rows}
    known = {(row["source"], row["year"]): row["marginal_value"] for row in told("--money")["values"]}
    assert stated == known
    assert stated["u", 2023] == 0.0


@pytest.mark.usefixtures("folder")
def test_as_text_in_each_language() -> None:
    assert "资金的边际价值：base" in run("--money", "--lang", "zh").stdout
    text = run("--money", "--lang", "en", "--source", "s", "--year", "2021", "--raise", "500").stdout
    assert "Solved again with 500 万元 more" in text
    assert "solved again 2,400" in text


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--money", "--source", "x"), "there is no such source"),
        (("--money", "--source", "专项债券"), "names several sources; use a key: t、u"),
        (("--money", "--year", "2030"), "the horizon is 2021–2023"),
        (("--money", "--raise", "0.001"), "at least 0.01 万元"),
    ],
)
def test_what_cannot_be_asked_is_wrong_usage(arguments: tuple[str, ...], words: str) -> None:
    error = run(*arguments).exception
    assert isinstance(error, UsageError)
    assert words in str(error)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--money", "--robustness"), "choose one of: --money, --robustness"),
        (("p", "--money"), "choose one of: PROJECT, --money"),
        (("--source", "s"), "only with --money"),
        (("--robustness", "--raise", "1"), "only with --money"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(arguments: tuple[str, ...], words: str) -> None:
    assert words in str(run(*arguments).exception)


@pytest.mark.usefixtures("folder")
def test_labels_as_json_and_as_text() -> None:
    found = told("--robustness")
    assert [v["variation"] for v in found["variations"]][:2] == ["base", "scenario:poor"]
    assert {p["key"]: p["label"] for p in found["projects"]} == {"p": "never", "q": "always"}
    assert found["projects"][1]["earliest_start"] == 2021
    # With a hundredth of the money not even the mandatory project can be paid.
    assert found["variations"][1]["status"] == "infeasible"
    assert found["variations"][1]["selected"] is None
    assert "情景 poor：无可行方案，不计入" in run("--robustness", "--lang", "zh").stdout


@pytest.mark.usefixtures("folder")
def test_an_infeasible_scenario_is_told_by_the_exit_code() -> None:
    for question in ("--money", "--robustness"):
        done = CliRunner().invoke(main_group, ["explain", "-s", "poor", question], standalone_mode=False)
        assert done.return_value == 4, question
    assert (
        "infeasible"
        in CliRunner().invoke(main_group, ["explain", "-s", "poor", "--money"], standalone_mode=False).stderr
    )
