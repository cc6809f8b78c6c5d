"""The documentation says everything there is, nothing that is not, and its links lead somewhere."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import click
import pytest
from pydantic import BaseModel

from portfolio import errors
from portfolio.cli.main import COMMANDS, main_group
from portfolio.db.tables import Base
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.schedule import Status
from portfolio.report import labels
from portfolio.report.workbook import book
from portfolio.rules import RULES
from portfolio.rules.objectives import VALUES
from portfolio.scenario import files
from portfolio.scenario.build import build_problem
from portfolio.scenario.settings import BASE_ORDER, DEFAULT_WEIGHTS, OBJECTIVES, Scenario
from portfolio.workbook.layout import (
    CHOICES,
    GUIDE_TITLE,
    LISTS_TITLE,
    SHEETS,
    Column,
    Kind,
    Sheet,
    year_column,
)
from portfolio.workbook.reader import read

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next one of its level or above."""
    level = len(heading) - len(heading.lstrip("#"))
    found = re.search(rf"^{re.escape(heading)}$(.*?)(?=^#{{1,{level}}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f'there is no heading "{heading}"'
    return found[1]


def table_row(text: str, first_cell: str) -> list[str]:
    """The cells of the table row that begins with `first_cell`."""
    line = next((x for x in text.splitlines() if x.startswith(f"| {first_cell} |")), None)
    assert line, f"there is no table row for {first_cell}"
    return [cell.strip() for cell in line.strip("|").split("|")]


# --- commands -----------------------------------------------------------------------------------


def commands(
    command: click.Command = main_group, name: str = "portfolio"
) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, and the entry point, by its full name."""
    context = click.Context(command, info_name=name)
    if command is main_group or not isinstance(command, click.Group):
        yield name, command
    if isinstance(command, click.Group):
        for verb in command.list_commands(context):
            child = command.get_command(context, verb)
            assert child is not None
            yield from commands(child, f"{name} {verb}")


ALL_COMMANDS = dict(commands())
ENTRY = click.Context(main_group, info_name="portfolio", **main_group.context_settings)


def parameters(name: str) -> list[click.Parameter]:
    """The arguments and options of a command, `--help` included."""
    command = ALL_COMMANDS[name]
    context = ENTRY if command is main_group else click.Context(command, parent=ENTRY, info_name=name)
    return command.get_params(context)


@pytest.mark.parametrize("name", ALL_COMMANDS)
def test_every_option_of_a_command_is_in_its_section(name: str) -> None:
    text = section(text_of("commands.md"), f"## {name}")
    for parameter in parameters(name):
        if isinstance(parameter, click.Argument):
            assert f"| `{parameter.make_metavar(ENTRY)}` |" in text, parameter.name
            continue
        listed = next((x for x in text.splitlines() if x.startswith("| `") and parameter.opts[-1] in x), "")
        for form in (*parameter.opts, *parameter.secondary_opts):
            assert re.search(rf"`{re.escape(form)}`", listed.split(" | ")[0]), f"{name} {form}"


@pytest.mark.parametrize("name", ALL_COMMANDS)
def test_no_option_is_documented_that_a_command_does_not_have(name: str) -> None:
    known = {form for parameter in parameters(name) for form in parameter.opts}
    rows = [x for x in section(text_of("commands.md"), f"## {name}").splitlines() if x.startswith("| `-")]
    documented = {form for row in rows for form in re.findall(r"`(--?[\w-]+)`", row.split(" | ")[0])}
    assert documented <= known


@pytest.mark.parametrize("name", ALL_COMMANDS)
def test_defaults_of_options_are_right(name: str) -> None:
    text = section(text_of("commands.md"), f"## {name}")
    for parameter in ALL_COMMANDS[name].params:
        if isinstance(parameter, click.Option) and isinstance(parameter.default, str | Path):
            row = next(x for x in text.splitlines() if x.startswith("| `") and f"`{parameter.opts[-1]}`" in x)
            assert f"`{parameter.default}`" in row, parameter.name


def test_every_command_is_in_the_overview() -> None:
    overview = text_of("commands.md").split("\n## ")[0]
    for name in ALL_COMMANDS:
        assert name == "portfolio" or f"| [`{name}`](" in overview, name


def test_environment_variables_are_listed() -> None:
    text = section(text_of("commands.md"), "## 环境变量 Environment variables")
    variables = {p.envvar for c in ALL_COMMANDS.values() for p in c.params if p.envvar}
    assert variables
    for variable in variables:
        assert f"| `{variable}` |" in text


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda p: p.name)
def test_only_commands_that_exist_are_mentioned(page: Path) -> None:
    for quoted in re.findall(r"```.*?```|`[^`\n]+`", page.read_text(encoding="utf-8"), re.DOTALL):
        for words in re.findall(r"(?:^|[\s`/])portfolio ((?!--)[a-z]+(?: [a-z]+)?)", quoted):
            verb, _, child = words.partition(" ")
            assert verb in COMMANDS, f"portfolio {words}"
            group = main_group.get_command(click.Context(main_group), verb)
            if isinstance(group, click.Group):
                assert child in group.commands, f"portfolio {words}"


def exit_codes() -> set[int]:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    return {0} | {kind.exit_code for kind in kinds if issubclass(kind, errors.PortfolioError)}


def test_exit_codes_are_listed_exactly() -> None:
    text = section(text_of("commands.md"), "## 退出码 Exit codes")
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)} == exit_codes()


def test_the_planners_guide_explains_every_status() -> None:
    text = text_of("planner-guide.md")
    for status in Status:
        assert text.count(f"| `{status.value}`") == 2, status  # once in each language


# --- workbooks ----------------------------------------------------------------------------------


def kind_of(column: Column) -> str:
    if column.kind is not Kind.INT:
        return str(column.kind.value)
    if column.low is None:
        return "int" if column.high is None else f"int ≤ {column.high}"
    return f"int ≥ {column.low}" if column.high is None else f"int {column.low}–{column.high}"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda s: s.en)
def test_every_column_of_the_input_workbook_is_documented(sheet: Sheet) -> None:
    text = section(text_of("workbook.md"), f"### {sheet.title}")
    rows = [
        f"| `{c.key}` | {c.zh} | {kind_of(c)} | {'✓' if c.needed else ''} | {c.note.zh} | {c.note.en} |"
        for c in sheet.columns
    ]
    if sheet.year_kind:
        year = year_column(2026, sheet.year_kind)
        rows.append(f"| `2026` … | 年份 year | {year.kind.value} |  | {year.note.zh} | {year.note.en} |")
    assert [line for line in text.splitlines() if line.startswith("| `")] == rows
    assert sheet.about.zh in text
    assert ("needed to schedule" in text) == sheet.needed_to_schedule


def test_every_sheet_of_the_input_workbook_is_in_both_documents() -> None:
    for title in (*(sheet.title for sheet in SHEETS), GUIDE_TITLE, LISTS_TITLE):
        for page in ("workbook.md", "finance-guide.md"):
            assert f"`{title}`" in text_of(page) or f"### {title}\n" in text_of(page), f"{page}: {title}"


@pytest.mark.parametrize("kind", CHOICES, ids=lambda k: k.value)
def test_every_listed_value_is_documented(kind: Kind) -> None:
    values = "、".join(f"{zh} `{code}`" for code, zh in CHOICES[kind].items())
    assert f"| {kind.value} | {values} |" in section(text_of("workbook.md"), "## 选项的写法 Listed values")


def test_every_kind_of_cell_is_documented() -> None:
    text = section(text_of("workbook.md"), "## 单元格怎样读取 How cells are read")
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| ")]
    named = {kind.strip() for row in rows for kind in row.split(",")}
    assert named >= {kind.value for kind in Kind}


def test_every_sheet_of_the_schedule_workbook_is_in_the_planners_guide() -> None:
    for name in book.SHEETS:
        zh, en = labels.label(f"sheet.{name}")
        assert text_of("planner-guide.md").count(f"| `{zh} {en}` |") == 2, name


# --- scenarios ----------------------------------------------------------------------------------


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The section that a field holds, once, in a list or by key."""
    inside = [annotation, *(part for a in get_args(annotation) for part in (a, *get_args(a)))]
    return next((a for a in inside if isinstance(a, type) and issubclass(a, BaseModel)), None)


def default_text(value: object) -> str:
    """A default as the documentation writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | Decimal) else "–"


def scenario_keys(model: type[BaseModel] = Scenario, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every key a scenario file may hold, with its default."""
    for name, field in model.model_fields.items():
        if model is Scenario and name == "name":
            continue  # the file's name
        inner = model_in(field.annotation)
        if inner is None:
            yield prefix + name, "必填 required" if field.is_required() else default_text(field.default)
        else:
            by_key = name == "overrides"
            yield from scenario_keys(inner, f"{prefix}<key>." if by_key else f"{prefix}{name}.")


ALL_KEYS = dict(scenario_keys()) | {"extends": "–"}
BELOW = {"objective.order", "objective.weights"}
"""Their defaults stand below the table."""


@pytest.mark.parametrize("key", ALL_KEYS)
def test_every_scenario_key_is_documented_with_its_default(key: str) -> None:
    cells = table_row(section(text_of("scenarios.md"), "## 全部键 All keys"), f"`{key}`")
    assert cells[2] == ("见下 below" if key in BELOW else ALL_KEYS[key])
    assert all(cells), "a cell is blank"


def test_no_scenario_key_is_documented_that_does_not_exist() -> None:
    text = section(text_of("scenarios.md"), "## 全部键 All keys")
    assert set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)) == set(ALL_KEYS)


def test_default_order_and_weights_are_documented() -> None:
    for page in ("scenarios.md", "model.md"):
        words = " ".join(text_of(page).replace("`", "").split())
        order = re.search(r"Default order: ([\w, ]+)\.", words)
        assert order, page
        assert order[1].split(", ") == list(BASE_ORDER), page
        weights = re.search(r"Default weights: ([\w, ]+)\.", words)
        assert weights, page
        given = dict(part.split() for part in weights[1].split(", "))
        assert given == {str(stage): str(weight) for stage, weight in DEFAULT_WEIGHTS.items()}, page


def test_shipped_scenarios_are_documented() -> None:
    text = section(text_of("scenarios.md"), "## 现有情景 The shipped scenarios")
    listed = set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))
    assert listed == {path.stem for path in (ROOT / "scenarios").glob("*.toml")}


@pytest.fixture(scope="module")
def shipped() -> Portfolio:
    found = read(ROOT / "data" / "projects.xlsx").portfolio
    assert found is not None
    return found


EXAMPLES = re.findall(r"```toml\n(.*?)```", text_of("scenarios.md"), re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_are_scenarios_of_the_shipped_data(example: str, shipped: Portfolio, tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_bytes((ROOT / "scenarios" / "base.toml").read_bytes())
    head = "" if "extends" in tomllib.loads(example) else 'extends = "base"\n'
    (tmp_path / "example.toml").write_text(head + example, encoding="utf-8")
    assert build_problem(shipped, files.load(tmp_path / "example.toml")).candidates


# --- model and architecture ---------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_documented(rule: str) -> None:
    words = section(text_of("model.md"), f"### `{rule}`")
    assert labels.rule_label(rule).zh in words
    for page in ("planner-guide.md", "schedule-json.md"):
        assert f"`{rule}`" in text_of(page), page


@pytest.mark.parametrize("name", OBJECTIVES)
def test_every_objective_is_documented(name: str) -> None:
    assert name in VALUES
    zh = labels.objective_label(name).zh.partition("（")[0]
    sense = "max" if name in labels.MAXIMISED else "min"
    assert table_row(section(text_of("model.md"), "## Objectives"), f"`{name}` {zh}")[1] == sense
    assert f"`{name}`" in section(text_of("scenarios.md"), "### [objective]")


def test_every_database_table_is_documented() -> None:
    text = section(text_of("architecture.md"), "## Database")
    assert {name for name in Base.metadata.tables if f"`{name}`" not in text} == set()


def test_layers_are_documented_as_they_are_enforced() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    assert "\n".join(layers) in section(text_of("architecture.md"), "## Layers and import contracts")


# --- links --------------------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code forges make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda p: p.name)
def test_every_relative_link_resolves(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


def test_the_index_leads_to_every_page() -> None:
    index = text_of("README.md") + text_of("decisions/README.md")
    linked = {Path(target).name for target in re.findall(r"\]\(([^)#\s]+)", index)}
    assert {page.name for page in PAGES} - {"README.md"} <= linked
    assert "(decisions/README.md)" in index
