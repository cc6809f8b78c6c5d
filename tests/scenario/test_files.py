"""Scenario files: extends, merging, and refusals that say what to write."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from portfolio.errors import UsageError
from portfolio.scenario.files import find, load, restored
from portfolio.scenario.settings import Scenario

HORIZON = "[horizon]\nfirst_year = 2021\nlast_year = 2030\n"


def scenario(folder: Path, text: str, name: str = "s") -> Scenario:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(UsageError) as caught:
        scenario(folder, text)
    return str(caught.value)


def test_figures_are_exact_decimals(tmp_path: Path) -> None:
    found = scenario(tmp_path, HORIZON + "[costs]\nescalation = 0.1\n[funding]\nscale = 1\n")
    assert found.costs.escalation == Decimal("0.1")
    assert found.funding.scale == 1


def test_caps_of_a_source_by_year(tmp_path: Path) -> None:
    found = scenario(tmp_path, HORIZON + '[funding.caps."shizhu-budget"]\n2023 = 1000.5\n')
    assert found.funding.caps == {"shizhu-budget": {2023: Decimal("1000.5")}}


def test_overrides_of_projects(tmp_path: Path) -> None:
    found = scenario(tmp_path, HORIZON + '[projects]\nexclude = ["b"]\n[projects."a"]\nstart = 2024\n')
    assert found.projects.exclude == ["b"]
    assert found.projects.overrides["a"].start == 2024


def test_byte_order_mark_is_no_matter(tmp_path: Path) -> None:
    path = tmp_path / "bom.toml"
    path.write_bytes(b"\xef\xbb\xbf" + f'title = "增长"\n{HORIZON}'.encode())
    assert load(path).title == "增长"


def test_the_child_adds_to_tables_and_replaces_lists(tmp_path: Path) -> None:
    scenario(
        tmp_path,
        HORIZON + '[projects]\nexclude = ["a"]\n[objective.weights]\nprimary = 5\n[costs]\nscale = 2\n',
        "parent",
    )
    found = scenario(
        tmp_path,
        'extends = "parent"\n[horizon]\nlast_year = 2025\n[projects]\nexclude = ["b"]\n'
        "[objective.weights]\njunior = 7\n",
    )
    assert (found.horizon.first_year, found.horizon.last_year) == (2021, 2025)
    assert found.projects.exclude == ["b"]
    assert found.objective.weights == {"primary": 5, "junior": 7}
    assert found.costs.scale == 2


def test_extends_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('extends = "s"\n', encoding="utf-8")
    assert "s → a → s" in refusal(tmp_path, 'extends = "a"\n')


def test_extends_something_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(HORIZON, encoding="utf-8")
    assert "did you mean: base" in refusal(tmp_path, 'extends = "bass"\n')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[fundng]\nscale = 1\n", "did you mean: funding"),
        ("[funding]\nscal = 1\n", "did you mean: scale"),
        ("[solver]\ntime_limit = 3\n", "did you mean: time_limit_s"),
        ('[projects."a"]\nstrat = 2024\n', "did you mean: start"),
        ("[[targets]]\nratio = 1\nstages = 1\n", "did you mean: stage"),
        ('[objective]\norder = ["seats"]\n', '"seats" 不是目标名'),
        ("[objective.tolerance]\npriorty = 0.1\n", '"priorty" 不是目标名'),
        ("[objective.weights]\nother = 1\n", '"other" 不是有学位的学段'),
        ('[funding.caps."k"]\n23 = 5\n', '"23" 不是年份'),
        ("[funding]\nscale = true\n", "write a number"),
        ("[funding]\nscale = -1\n", "must be at least 0"),
        ('[delivery]\nmax_starts = "2"\n', "delivery.max_starts"),
        ("[[targets]]\nsoft = true\n", "either ratio or public_share"),
        ('[[targets]]\npublic_share = 0.8\nstage = "primary"\n', "kindergarten only"),
        ('[projects."a"]\npriority = 6\n', "projects.a.priority"),
        ('[costs]\nscale = "1.1"\n', "must be a number"),
        ("[seats]\nopen_lag = 0.5\n", "must be a whole number"),
        ("[projects]\nexclude = 'a'\n", "must be a list"),
    ],
)
def test_refusals_name_the_key_and_what_to_write(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in refusal(tmp_path, HORIZON + text)


def test_a_value_where_a_table_belongs(tmp_path: Path) -> None:
    assert "must be a table" in refusal(tmp_path, f"projects = 3\n{HORIZON}")


def test_the_name_is_the_files(tmp_path: Path) -> None:
    assert "name" in refusal(tmp_path, f'name = "x"\n{HORIZON}')


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    message = refusal(tmp_path, HORIZON + "[costs]\nscal = 1\n[solver]\nspeed = 1\n")
    assert message.count("unknown key") == 2


def test_a_scenario_needs_a_horizon(tmp_path: Path) -> None:
    assert "horizon: 缺少 / is missing" in refusal(tmp_path, 'title = "x"\n')


def test_a_horizon_must_not_end_before_it_begins(tmp_path: Path) -> None:
    assert "is before first_year" in refusal(tmp_path, "[horizon]\nfirst_year = 2021\nlast_year = 2020\n")


def test_broken_toml_names_the_line(tmp_path: Path) -> None:
    assert "line 1" in refusal(tmp_path, "title = \n")


def test_another_encoding_is_refused_with_the_mend(tmp_path: Path) -> None:
    path = tmp_path / "gbk.toml"
    path.write_bytes(f'title = "基准"\n{HORIZON}'.encode("gbk"))
    with pytest.raises(UsageError, match="UTF-8"):
        load(path)


def test_an_unknown_name_lists_what_there_is(tmp_path: Path) -> None:
    (tmp_path / "growth.toml").write_text(HORIZON, encoding="utf-8")
    with pytest.raises(UsageError, match="did you mean: growth"):
        find("grwth", tmp_path)


def test_a_path_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HORIZON, encoding="utf-8")
    assert load(find(str(path))).name == "mine"
    with pytest.raises(UsageError):
        find(str(tmp_path / "other.toml"))


@pytest.mark.parametrize("name", ["base", "official-2029", "tight-funding", "growth"])
def test_the_shipped_scenarios_load(name: str) -> None:
    path = Path(__file__).parents[2] / "scenarios" / f"{name}.toml"
    assert load(path).title


KEPT = """
counties = ["Shizhu"]
[horizon]
first_year = 2021
last_year = 2030
[funding]
scale = 0.80
[funding.caps.budget]
2023 = 1000.50
2024 = 3
[projects]
exclude = ["b"]
[projects.overrides]
start = 2024
[projects.a]
total_cost = 5.0
mandatory = false
[[targets]]
ratio = 0.90
soft = true
[objective.weights]
primary = 1.10
[solver]
gap = 0.00001
"""


def test_a_scenario_that_a_run_keeps_comes_back_letter_by_letter(tmp_path: Path) -> None:
    made = scenario(tmp_path, KEPT)

    back = restored(made.model_dump_json(indent=1))

    assert back == made
    assert back.model_dump_json() == made.model_dump_json()
    assert set(back.projects.overrides) == {"overrides", "a"}


@pytest.mark.parametrize("kept", ["", "{", "[]", "{}", '{"name": "s", "horizon": 3, "projects": []}'])
def test_a_text_that_is_no_scenario_is_refused(kept: str) -> None:
    with pytest.raises(UsageError, match="the scenario kept"):
        restored(kept)
