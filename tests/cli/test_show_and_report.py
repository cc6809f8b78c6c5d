"""A stored run again, on the screen and as files, as a user asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run, command, fill

FILES = ("schedule.xlsx", "report.html", "schedule.xml", "schedule.json")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which the base scenario and one without money were scheduled."""
    folder = fill(tmp_path_factory.mktemp("workspace"))
    poor = folder / "scenarios" / "poor.toml"
    poor.write_text('extends = "base"\n[funding]\nscale = 0.001\n', encoding="utf-8")
    assert command(folder)("schedule", "--scenario", "base").returncode == 0
    assert command(folder)("schedule", "--scenario", "poor").returncode == 4
    return folder


@pytest.fixture
def portfolio(folder: Path) -> Run:
    return command(folder)


@pytest.mark.parametrize("scenario", ["base", "poor"])
def test_a_run_is_written_again_byte_for_byte(portfolio: Run, folder: Path, scenario: str) -> None:
    out = f"again-{scenario}"
    done = portfolio("report", scenario, "--out", out)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(Path(out) / name) for name in FILES]
    for name in FILES:
        assert (folder / out / name).read_bytes() == (folder / "out" / scenario / name).read_bytes(), name


def test_the_folder_is_named_after_the_run_unless_told_otherwise(portfolio: Run, folder: Path) -> None:
    assert portfolio("report", "base", "--lang", "en").returncode == 0
    assert sorted(p.name for p in (folder / "out/base-0001").iterdir()) == sorted(FILES)


def test_a_run_and_its_projects_are_shown(portfolio: Run) -> None:
    summary = portfolio("show", "base", "--lang", "zh").stdout
    assert "基准 Base (base) · 最优 · base-0001" in summary
    assert "已写出文件" not in summary
    assert summary == portfolio("show", "base-0001", "--lang", "zh").stdout
    card = portfolio("show", "base", "南宾中学", "--lang", "zh").stdout
    assert "南宾中学迁建工程（shizhu-nanbin-middle-relocation）" in card
    assert "互相矛盾" in portfolio("show", "poor").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "base-0009"), 'there is no run "base-0009"'),
        (("report", "nobody"), 'there is no run "nobody"'),
        (("show", "base", "no such school"), 'has no project "no such school"'),
    ],
)
def test_what_is_not_there_is_told(portfolio: Run, arguments: tuple[str, ...], words: str) -> None:
    done = portfolio(*arguments)
    assert words in done.stderr
    assert done.returncode == 2


def test_nothing_is_made_where_there_is_no_database(tmp_path: Path) -> None:
    assert command(tmp_path)("show", "base").returncode == 2
    assert list(tmp_path.iterdir()) == []
