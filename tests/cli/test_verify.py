"""`portfolio verify` as a user runs it: on stored runs and files, good and tampered with."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from portfolio.workbook.reader import read
from portfolio.workbook.writer import write
from tests.cli.conftest import ROOT, Run, environment

RUN = "official-2029-0001"
FILE = "out/official-2029/schedule.json"


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one run of the shipped data."""
    folder = tmp_path_factory.mktemp("solved")
    (folder / "data").mkdir()
    shutil.copy(ROOT / "data/projects.xlsx", folder / "data/projects.xlsx")
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    command = [sys.executable, "-m", "portfolio", "schedule", "--scenario", "official-2029"]
    subprocess.run(command, cwd=folder, env=environment(), check=True, capture_output=True, timeout=300)
    return folder


@pytest.fixture
def workspace(solved: Path, tmp_path: Path) -> Path:
    """A copy of it, to do as one likes with."""
    return shutil.copytree(solved, tmp_path / "workspace")


def tamper(workspace: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = workspace / FILE
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def execute(workspace: Path, statement: str) -> None:
    connection = sqlite3.connect(workspace / "portfolio.db")
    with connection:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("subject", [RUN, FILE])
def test_a_good_schedule_is_verified(portfolio: Run, subject: str) -> None:
    done = portfolio("verify", subject)

    assert done.returncode == 0, done.stdout
    assert f"{subject}: 复核通过" in done.stdout
    assert "verified: all 11 rules hold" in done.stdout
    assert done.stderr == ""


def test_it_speaks_one_language_if_asked(portfolio: Run) -> None:
    assert portfolio("verify", RUN, "--lang", "en").stdout.isascii()
    assert "verified" not in portfolio("verify", RUN, "--lang", "zh").stdout


def test_the_solver_is_never_loaded(workspace: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "portfolio", "verify", RUN],
        cwd=workspace,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )

    assert "portfolio.rules.cap" in done.stderr
    assert "portfolio.optimise" not in done.stderr
    assert "ortools" not in done.stderr


def test_a_file_with_other_figures_is_not_verified(portfolio: Run, workspace: Path) -> None:
    def lie(document: dict[str, Any]) -> None:
        selected = next(p for p in document["projects"] if p["selected"])
        year, by_source = next(iter(selected["funding"].items()))
        selected["funding"][year] = {source: amount + 0.01 for source, amount in by_source.items()}
        for line in document["seats"]:
            line["shortage"] += 1
        document["objectives"][0]["value"] -= 1

    tamper(workspace, lie)

    done = portfolio("verify", FILE, "--lang", "en")

    assert done.returncode == 3
    assert "not verified, " in done.stdout
    assert "breaks the rule funding" in done.stdout
    assert "objectives[0].value: file " in done.stdout
    assert "seats[0].shortage: file " in done.stdout
    shown = [line for line in done.stdout.splitlines() if line.startswith("  - ")]
    assert len(shown) == 20
    assert f"… {len(findings(portfolio)) - 20} 处 more" in done.stdout


def findings(portfolio: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(portfolio("verify", FILE, "--json").stdout)["findings"]
    return found


def test_the_verdict_as_json(portfolio: Run, workspace: Path) -> None:
    good = json.loads(portfolio("verify", FILE, "--json").stdout)
    tamper(workspace, lambda document: document["seats"][4].update(supply=1))
    done = portfolio("verify", FILE, "--json")
    bad = json.loads(done.stdout)

    assert good["verdict"] == "verified"
    assert good["run"] == RUN
    assert good["inputs"]["stated"] == good["inputs"]["recomputed"]
    assert good["findings"] == []
    assert (done.returncode, bad["verdict"]) == (3, "not_verified")
    (finding,) = bad["findings"]
    assert (finding["kind"], finding["place"], finding["found"]) == ("figure", "seats[4].supply", 1)


def test_a_run_with_another_start_in_the_database_is_not_verified(portfolio: Run, workspace: Path) -> None:
    execute(workspace, "UPDATE run_projects SET start = start + 1 WHERE position = 0")

    done = portfolio("verify", RUN)

    assert done.returncode == 3
    assert "run_projects[0].start: " in done.stdout


def test_an_older_run_is_verified_after_a_later_import(portfolio: Run, workspace: Path) -> None:
    """A project with seats is inserted in the middle, the demand turned round; then all is undone."""
    path = workspace / "data/projects.xlsx"
    shipped = read(path, None).portfolio
    assert shipped is not None
    school = replace(shipped.projects[4], key="a-new-school", fixed_start=None)
    effect = replace(shipped.seats[4], project=school.key)
    later = replace(
        shipped,
        projects=(*shipped.projects[:4], school, *shipped.projects[4:]),
        seats=(*shipped.seats[:4], effect, *shipped.seats[4:]),
        demand=shipped.demand[::-1],
    )
    write(later, path)
    assert portfolio("import", "data/projects.xlsx").returncode == 0
    assert portfolio("schedule", "--scenario", "official-2029", "--out", "later").returncode == 0
    back = portfolio("import", str(ROOT / "data/projects.xlsx"), "--allow-removal")
    assert back.returncode == 0, back.stderr

    for subject in (RUN, FILE, "official-2029-0002", "later/official-2029/schedule.json"):
        done = portfolio("verify", subject)
        assert done.returncode == 0, done.stdout
    given = portfolio("verify", "later/official-2029/schedule.json", "--workbook", "data/projects.xlsx")
    assert given.returncode == 0, given.stdout


def test_a_file_made_with_options_is_verified_with_the_inputs_of_its_run(portfolio: Run) -> None:
    """--gap is part of the inputs; the scenario alone does not have it."""
    assert portfolio("schedule", "--scenario", "official-2029", "--gap", "0.005").returncode == 0

    assert "official-2029-0002" in portfolio("verify", FILE).stdout
    named = portfolio("verify", FILE, "--scenario", "official-2029", "--lang", "en")
    assert named.returncode == 3
    assert "inputs_sha256: other inputs: stated " in named.stdout
    assert "--gap" in named.stdout


def test_an_infeasible_scenario_has_nothing_to_verify(portfolio: Run, workspace: Path) -> None:
    (workspace / "scenarios/poor.toml").write_text(
        'extends = "official-2029"\n[funding]\nscale = 0.1\n', encoding="utf-8"
    )
    assert portfolio("schedule", "--scenario", "poor").returncode == 4

    for subject in ("poor-0002", "out/poor/schedule.json"):
        done = portfolio("verify", subject)
        assert done.returncode == 0
        assert "there is no schedule to verify" in done.stdout
    assert json.loads(portfolio("verify", "poor-0002", "--json").stdout)["verdict"] == "no_schedule"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "RUN_OR_FILE"),
        (("base-0099",), 'no run "base-0099"'),
        (("none.json",), "none.json"),
        (("data/projects.xlsx",), "not a schedule.json"),
        (("out",), "out"),
        ((RUN, "--scenario", "base"), "--scenario"),
        ((FILE, "--scenario", "bsae"), "did you mean: base"),
        ((FILE, "--workbook", "none.xlsx"), "none.xlsx"),
    ],
)
def test_wrong_usage(portfolio: Run, arguments: tuple[str, ...], words: str) -> None:
    done = portfolio("verify", *arguments)

    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text[:5000], "not JSON"),
        (lambda text: text.replace('"start": 20', '"start": "20', 1), "not JSON"),
        (lambda text: text.replace('"selected": true', '"selected": 1', 1), "].selected: "),
        (lambda text: text.replace('"status"', '"state"', 1), "status: 缺少 / is missing"),
    ],
)
def test_a_damaged_file_is_wrong_usage(
    portfolio: Run, workspace: Path, change: Callable[[str], str], words: str
) -> None:
    path = workspace / FILE
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    done = portfolio("verify", FILE)

    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "unexpected" not in done.stderr


def test_a_damaged_run_is_not_verified(portfolio: Run, workspace: Path) -> None:
    execute(workspace, "UPDATE runs SET document = substr(document, 1, 900)")

    done = portfolio("verify", RUN)

    assert done.returncode == 3
    assert "not JSON" in done.stderr
