"""The main job as a user runs it: real workbook, real scenarios, a process of its own."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from portfolio.report.workbook.book import SHEETS
from tests.cli.conftest import Run, environment
from tests.cli.recompute import complaints

SCENARIOS = ("base", "official-2029", "tight-funding", "growth")


def parts(path: Path) -> dict[str, bytes]:
    """The files inside a workbook."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def document(workspace: Path, scenario: str) -> dict[str, Any]:
    text = (workspace / "out" / scenario / "schedule.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def edit(workspace: Path, sheet: str, cell: str, value: str | int | None) -> None:
    path = workspace / "data/projects.xlsx"
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)
    book.close()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_shipped_scenario_is_proven_and_recomputes(
    portfolio: Run, workspace: Path, scenario: str
) -> None:
    done = portfolio("schedule", "--scenario", scenario)
    assert done.returncode == 0, done.stderr
    plan = document(workspace, scenario)
    assert plan["status"] == "optimal"
    assert all(o["proven"] and o["gap"] <= 0.01 for o in plan["objectives"])
    assert complaints(workspace, scenario, plan) == []
    assert scenario != "base" or leaves_projects_for_later_and_seats_short_at_first(plan)
    assert (workspace / "out" / scenario / "schedule.xlsx").is_file()
    assert "schedule.xlsx" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def leaves_projects_for_later_and_seats_short_at_first(plan: dict[str, Any]) -> bool:
    """The shipped portfolio is a real decision: not everything fits."""
    out = [p for p in plan["projects"] if not p["selected"]]
    short = dict.fromkeys(plan["years"], 0)
    for row in plan["seats"]:
        short[row["year"]] += row["shortage"]
    told = all(p["reason"]["text"] for p in out)
    return len(out) >= 8 and told and max(short.values()) > 1.5 * short[plan["years"][-1]] > 0


def test_two_runs_give_the_same_plan(portfolio: Run, workspace: Path) -> None:
    plans, sheets = [], []
    for _ in range(2):
        assert portfolio("schedule", "--scenario", "official-2029").returncode == 0
        plan = document(workspace, "official-2029")
        assert plan.pop("run")
        plans.append({k: v for k, v in plan.items() if k not in ("created_at", "seconds")})
        sheets.append(parts(workspace / "out/official-2029/schedule.xlsx"))
    assert plans[0] == plans[1]
    # Only the log, and what names the run, may differ.
    differing = [name for name in sheets[0] if sheets[0][name] != sheets[1].get(name)]
    log = f"xl/worksheets/sheet{len(SHEETS)}.xml"
    assert set(differing) <= {"docProps/core.xml", "docProps/custom.xml", "xl/sharedStrings.xml", log}


def test_an_edit_of_the_workbook_counts(portfolio: Run, workspace: Path) -> None:
    assert portfolio("schedule", "--scenario", "official-2029").returncode == 0
    book = openpyxl.load_workbook(workspace / "data/projects.xlsx", read_only=True)
    header, *rows = book["项目 Projects"].iter_rows(values_only=True)
    book.close()
    column = next(i for i, title in enumerate(header, 1) if "total_cost" in str(title))
    row = next(i for i, r in enumerate(rows, 2) if r[0] == "shizhu-haowangshan-primary")
    edit(workspace, "项目 Projects", f"{get_column_letter(column)}{row}", 11205)
    assert portfolio("schedule", "--scenario", "official-2029").returncode == 0
    plan = document(workspace, "official-2029")
    assert sum(p["cost"] for p in plan["projects"]) == 151396


def test_a_broken_workbook_names_each_cell_and_changes_nothing(portfolio: Run, workspace: Path) -> None:
    assert portfolio("import", "data/projects.xlsx").returncode == 0
    before = dump(workspace)
    edit(workspace, "项目 Projects", "A3", None)
    edit(workspace, "项目 Projects", "D4", "Nowhere" * 3)
    edit(workspace, "资金来源 FundingSources", "G2", "看情况")
    done = portfolio("schedule", "--scenario", "base")
    assert done.returncode == 3
    assert "项目 Projects!A3" in done.stderr
    assert "资金来源 FundingSources!G2" in done.stderr
    assert "Traceback" not in done.stderr
    assert dump(workspace) == before
    assert not (workspace / "out").exists()


def dump(workspace: Path) -> list[str]:
    with sqlite3.connect(workspace / "portfolio.db") as connection:
        lines = list(connection.iterdump())
    connection.close()
    return lines


def test_an_infeasible_scenario_says_what_conflicts(portfolio: Run, workspace: Path) -> None:
    (workspace / "scenarios/poor.toml").write_text(
        'extends = "official-2029"\n[funding]\nscale = 0.1\n', encoding="utf-8"
    )
    done = portfolio("schedule", "--scenario", "poor", "--lang", "en")
    assert done.returncode == 4
    plan = document(workspace, "poor")
    assert plan["status"] == "infeasible"
    assert plan["projects"] == []
    rules = {member["rule"] for member in plan["infeasible"]["conflict"]}
    assert rules == {"mandatory", "cap"}
    assert all(m["source"] and m["year"] for m in plan["infeasible"]["conflict"] if m["rule"] == "cap")
    assert "its start is fixed to" in done.stdout


def test_a_repair_that_is_printed_makes_the_scenario_feasible(portfolio: Run, workspace: Path) -> None:
    """The lines that the terminal gives for the last repair, put into a file as they are."""
    (workspace / "scenarios/late.toml").write_text(
        'extends = "official-2029"\n[projects.shizhu-no1-middle-relocation]\nstart = 2028\n', encoding="utf-8"
    )
    done = portfolio("schedule", "--scenario", "late", "--lang", "en")
    assert done.returncode == 4
    assert document(workspace, "late")["infeasible"]["repairs"]
    printed = done.stdout.split("Repair ")[-1].split("\n\nFiles written")[0]
    lines = [line.removeprefix("  ") for line in printed.splitlines()[1:]]
    assert lines[0] == 'extends = "late"'
    (workspace / "scenarios/mended.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert portfolio("schedule", "--scenario", "mended").returncode == 0


def test_no_time_for_a_schedule(portfolio: Run, workspace: Path) -> None:
    done = portfolio("schedule", "--scenario", "base", "--time-limit", "0.0001")
    assert done.returncode == 5
    assert document(workspace, "base")["status"] == "no_solution"


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
def test_ctrl_c_keeps_the_best_schedule_found(portfolio: Run, workspace: Path) -> None:
    """Interrupted while it solves, the plan is written; while it still loads, there is none to keep."""
    assert portfolio("import", "data/projects.xlsx").returncode == 0
    command = [sys.executable, "-m", "portfolio", "schedule", "--scenario", "growth", "--time-limit", "120"]
    for seconds in (2, 4, 8, 16):
        process = subprocess.Popen(
            command, cwd=workspace, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        _, messages = process.communicate(timeout=60)
        # 5: it came before the first schedule
        assert process.returncode in (0, 1, 5), messages
        if process.returncode == 0:
            break
        assert process.returncode == 5 or "interrupted" in messages.decode()
    plan = document(workspace, "growth")
    assert plan["status"] in ("feasible", "optimal")
    assert complaints(workspace, "growth", plan) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("schedule",), "--scenario"),
        (("schedule", "--scenario", "bsae"), "did you mean: base"),
        (("schedule", "--scenario", "base", "--workbook", "none.xlsx"), "none.xlsx"),
        (("schedule", "--scenario", "base", "--database", "nonsense"), "nonsense"),
        (("scedule",), "scedule"),
    ],
)
def test_wrong_usage(portfolio: Run, arguments: tuple[str, ...], words: str) -> None:
    done = portfolio(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_key_in_a_scenario_is_refused(portfolio: Run, workspace: Path) -> None:
    (workspace / "scenarios/typo.toml").write_text(
        'extends = "base"\n[fundng]\nscale = 2\n', encoding="utf-8"
    )
    done = portfolio("schedule", "--scenario", "typo")
    assert done.returncode == 2
    assert "did you mean: funding" in done.stderr


def test_json_on_stdout_is_the_document(portfolio: Run, workspace: Path) -> None:
    done = portfolio("schedule", "--scenario", "official-2029", "--json")
    assert json.loads(done.stdout) == document(workspace, "official-2029")


def test_a_scenario_by_path_names_its_folder(portfolio: Run, workspace: Path) -> None:
    source = (workspace / "scenarios/official-2029.toml").read_text(encoding="utf-8")
    (workspace / "elsewhere").mkdir()
    (workspace / "elsewhere/mine.toml").write_text(source, encoding="utf-8")
    (workspace / "elsewhere/base.toml").write_bytes((workspace / "scenarios/base.toml").read_bytes())
    assert portfolio("schedule", "--scenario", "elsewhere/mine.toml").returncode == 0
    assert document(workspace, "mine")["scenario"] == "mine"


def test_without_a_workbook_the_database_serves(portfolio: Run, workspace: Path) -> None:
    assert portfolio("import", "data/projects.xlsx").returncode == 0
    (workspace / "data/projects.xlsx").unlink()
    assert portfolio("schedule", "--scenario", "official-2029").returncode == 0


def test_with_nothing_at_all_it_says_what_to_do(portfolio: Run, workspace: Path) -> None:
    (workspace / "data/projects.xlsx").unlink()
    done = portfolio("schedule", "--scenario", "base")
    assert done.returncode == 2
    assert "--workbook" in done.stderr


def test_runs_and_schema_commands(portfolio: Run) -> None:
    assert portfolio("schedule", "--scenario", "official-2029").returncode == 0
    listed = portfolio("runs")
    assert "official-2029-0001" in listed.stdout
    assert portfolio("db", "check").returncode == 0
    assert portfolio("db", "current").stdout.strip() == portfolio("db", "upgrade").stdout.strip()


def test_export_and_import_again_change_nothing(portfolio: Run, workspace: Path) -> None:
    assert portfolio("import", "data/projects.xlsx").returncode == 0
    assert portfolio("export", "copy.xlsx").returncode == 0
    assert portfolio("export", "copy.xlsx").returncode == 2
    again = portfolio("import", "copy.xlsx", "--dry-run")
    assert again.returncode == 0
    assert again.stdout.startswith("0 处变化")
