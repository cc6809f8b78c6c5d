"""`portfolio check` as a planner runs it, on the shipped data."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
from rich.cells import cell_len

from portfolio.cli.check_page import LISTED, TITLES
from portfolio.quality import Kind
from tests.cli.conftest import Run


def test_the_shipped_data_are_checked_before_any_solve(portfolio: Run, workspace: Path) -> None:
    done = portfolio("check", "--scenario", "base")

    assert done.returncode == 0, done.stderr
    assert "好望山小学新建工程（shizhu-haowangshan-primary）：运动场馆 12,237 ㎡ ÷ 1,890" in done.stdout
    assert "imported data/projects.xlsx" in done.stderr
    assert max(cell_len(line) for line in done.stdout.splitlines()) <= 80
    assert "\x1b" not in done.stdout
    assert not (workspace / "out").exists()


def test_lists_are_cut_unless_all_is_asked_for(portfolio: Run) -> None:
    short, full = (
        portfolio("check", "-s", "base", "--lang", "en", *more).stdout for more in ((), ("--all",))
    )

    assert "--all lists everything" in short
    assert f"{26 - LISTED} more" in short
    assert "more" not in full.replace("(1,938 m² more)", "")
    assert len(full.splitlines()) > 2 * len(short.splitlines())


def test_json_is_for_programs(portfolio: Run) -> None:
    found = json.loads(portfolio("check", "-s", "base", "--json").stdout)

    assert list(found) == [
        "scenario",
        "inputs_sha256",
        "impossible",
        "counts",
        "findings",
        "basis",
        "estimates",
    ]
    assert found["impossible"] is False
    assert sum(found["counts"].values()) == len(found["findings"])
    (sports,) = (f for f in found["findings"] if f["kind"] == "sports_area")
    assert (sports["project"], sports["found"], sports["limit"]) == (
        "shizhu-haowangshan-primary",
        "6.47",
        "7.5",
    )
    assert {e["field"] for e in found["estimates"]} == {"total_cost", "duration_years", "floor_area_m2"}


def test_a_scenario_that_is_proven_impossible_ends_with_4_as_its_solve_does(
    portfolio: Run, workspace: Path
) -> None:
    (workspace / "scenarios/poor.toml").write_text('extends = "base"\n[funding]\nscale = 0.1\n', "utf-8")

    done = portfolio("check", "-s", "poor", "--lang", "en")

    assert done.returncode == 4
    assert "Proven: this scenario has no schedule" in done.stdout
    assert "Duties cost more than all the money there is" in done.stdout
    assert portfolio("schedule", "-s", "poor").returncode == 4


def test_a_workbook_that_cannot_be_read_ends_with_3(portfolio: Run, workspace: Path) -> None:
    path = workspace / "data/projects.xlsx"
    book = openpyxl.load_workbook(path)
    book["项目 Projects"]["A3"] = book["项目 Projects"]["A2"].value
    book.save(path)

    done = portfolio("check", "-s", "base")

    assert (done.returncode, done.stdout) == (3, "")
    assert portfolio("check", "-s", "nowhere").returncode == 2


def test_every_kind_has_a_title() -> None:
    assert set(TITLES) == set(Kind)
    assert all(title.zh and title.en for title in TITLES.values())
