"""`portfolio init`: a folder in which planning can begin, and nothing that was there is touched."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from portfolio.domain.portfolio import Portfolio
from portfolio.errors import UsageError
from portfolio.scenario import files
from portfolio.workbook.reader import read
from portfolio.workspace.create import create
from tests.cli.conftest import Run

ROWS: dict[str, dict[str, Any]] = {
    "学位需求 Demand": {"county": "某县", "stage": "小学", "basis": "假定", "2026": 900},
    "现有学位 Capacity": {"county": "某县", "stage": "小学", "basis": "假定", "2026": 500},
    "资金来源 FundingSources": {"source": "county", "county": "某县", "basis": "假定"},
    "年度资金 FundingCaps": {"source": "county", "basis": "假定", "2026": 5000, "2027": 5000},
    "项目 Projects": {
        "key": "new-primary", "name_zh": "新小学", "county": "某县", "stage": "小学", "nature": "新建",
        "total_cost": 6000, "duration_years": 2, "basis": "假定",
    },
    "学位 Seats": {"project": "new-primary", "stage": "小学", "seats_added": 400, "basis": "假定"},
}  # fmt: skip
"""The least that gives a plan: a school that 6,000 万元 pay in two years."""


def fill(path: Path) -> None:
    """Type the rows into the template."""
    book = load_workbook(path)
    for title, row in ROWS.items():
        sheet = book[title]
        keys = [str(cell.value).split()[-1] for cell in sheet[1]]
        for key, value in row.items():
            sheet.cell(2, keys.index(key) + 1, value)
    book.save(path)


def test_a_new_workspace_has_a_template_scenarios_and_a_readme(tmp_path: Path) -> None:
    made = create(tmp_path / "a" / "b")
    names = [path.relative_to(tmp_path / "a" / "b").as_posix() for path in made]
    assert names == [
        "data/projects.xlsx", "scenarios/base.toml", "scenarios/growth.toml", "scenarios/tight-funding.toml",
        "README.md",
    ]  # fmt: skip
    found = read(made[0])
    assert (found.portfolio, found.notices) == (Portfolio(), ())
    for path in made[1:-1]:
        assert files.load(path).horizon.last_year == 2035


def test_every_setting_of_the_base_scenario_is_explained_in_both_languages(tmp_path: Path) -> None:
    create(tmp_path)
    lines = (tmp_path / "scenarios/base.toml").read_text(encoding="utf-8").splitlines()
    settings = [(above, line) for above, line in pairwise(lines) if re.match(r"\w+ = ", line)]
    assert len(settings) == 10
    for above, line in settings:
        assert re.match("# [^A-Za-z]*[\u4e00-\u9fff].*[A-Za-z]{3}", above), line


def test_what_the_base_scenario_offers_can_be_switched_on(tmp_path: Path) -> None:
    create(tmp_path)
    path = tmp_path / "scenarios/base.toml"
    offered = re.sub(r"^# (\w+ = |\[)", r"\1", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    path.write_text(offered, encoding="utf-8")
    scenario = files.load(path)
    assert scenario.delivery.max_starts == 10
    assert scenario.targets[0].soft
    assert scenario.counties == ["某县"]


def test_the_readme_names_the_three_commands(tmp_path: Path) -> None:
    create(tmp_path)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    for command in ("portfolio import data/projects.xlsx --dry-run", "portfolio schedule --scenario base"):
        assert command in text


def test_the_example_has_the_shipped_data_and_scenarios(tmp_path: Path, shipped: Path) -> None:
    create(tmp_path, example=True)
    assert (tmp_path / "data/projects.xlsx").read_bytes() == (shipped / "data/projects.xlsx").read_bytes()
    scenarios = {path.name: path.read_bytes() for path in (shipped / "scenarios").glob("*.toml")}
    assert {path.name: path.read_bytes() for path in (tmp_path / "scenarios").glob("*.toml")} == scenarios


@pytest.mark.parametrize("taken", ["README.md", "data/projects.xlsx", "scenarios/base.toml"])
def test_nothing_is_written_where_a_file_of_that_name_stands(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).parent.mkdir(exist_ok=True)
    (tmp_path / taken).write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=taken):
        create(tmp_path)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [tmp_path / taken]
    assert (tmp_path / taken).read_text(encoding="utf-8") == "mine"


def test_other_files_of_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    create(tmp_path)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="not a folder"):
        create(tmp_path / "file")


def test_from_an_empty_folder_to_a_schedule(tmp_path: Path, portfolio: Run) -> None:
    folder = tmp_path / "new"
    made = portfolio("init", str(folder), cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert portfolio("init", str(folder), cwd=tmp_path).returncode == 2
    empty = portfolio("schedule", "--scenario", "base", cwd=folder)
    assert empty.returncode == 3
    for title in ROWS:
        assert (title in empty.stderr) == (title != "学位 Seats")
    fill(folder / "data/projects.xlsx")
    done = portfolio("schedule", "--scenario", "base", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "new-primary" in (folder / "out/base/schedule.json").read_text(encoding="utf-8")
    assert '"selected": true' in (folder / "out/base/schedule.json").read_text(encoding="utf-8")


def test_an_installed_package_carries_what_the_example_needs(tmp_path: Path, shipped: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=shipped, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    make = "import sys, pathlib, portfolio.workspace.create as c; c.create(pathlib.Path(sys.argv[1]), example=True)"
    python = [sys.executable, "-c", make, str(tmp_path / "made")]
    subprocess.run(python, cwd=tmp_path / "installed", check=True, capture_output=True, timeout=60)
    made = (tmp_path / "made/data/projects.xlsx").read_bytes()
    assert made == (shipped / "data/projects.xlsx").read_bytes()
    assert (tmp_path / "made/scenarios/official-2029.toml").is_file()
