"""Whatever is changed in a document, a stored run or its inputs is found, and its place is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from portfolio.db.session import Database
from portfolio.domain.marginal import Place
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.schedule import Result, Status
from portfolio.errors import InputRefusedError, UsageError, VerificationError
from portfolio.report import json_document
from portfolio.report.json_reader import read
from portfolio.rules.evaluate import evaluate
from portfolio.scenario import files
from portfolio.scenario.build import build_problem
from portfolio.scenario.plan import Plan
from portfolio.verification import Verdict, findings, verify
from tests.builders import a_project, a_source, caps, milestone, seats
from tests.verification.conftest import NOW, PORTFOLIO, SCHEDULE, Stored, Tamper, change


def of_run(stored: Stored) -> Verdict:
    return verify(stored.database, stored.run)


def of_file(stored: Stored, **given: Any) -> Verdict:
    return verify(stored.database, str(stored.file), **{"scenario": stored.scenario, **given})


def places(verdict: Verdict) -> list[str]:
    return [finding.place or finding.text.en for finding in verdict.findings]


def lines(verdict: Verdict) -> str:
    return "\n".join(f"{f.place}: {f.text.en}" for f in verdict.findings)


@pytest.mark.parametrize("proof", [of_run, of_file])
def test_a_good_schedule_is_verified(stored: Stored, proof: Callable[[Stored], Verdict]) -> None:
    verdict = proof(stored)

    assert verdict.holds, lines(verdict)
    assert verdict.has_schedule
    assert verdict.inputs_sha256 == verdict.recomputed_sha256 == stored.document()["inputs_sha256"]
    assert (verdict.rules, verdict.run, verdict.scenario) == (11, "small-0001", "small")
    assert verdict.figures > 200


def drop(path: str) -> Tamper:
    def tamper(document: Any) -> None:
        *way, last = (int(part) if part.isdecimal() else part for part in path.split("."))
        for part in way:
            document = document[part]
        del document[last]

    return tamper


TAMPERED: dict[str, tuple[Tamper, str]] = {
    "a start moved": (change("projects.0.start", 2022), "projects[0].finish: file 2022, recomputed 2023"),
    "and its rule": (change("projects.0.start", 2022), "breaks the rule funding: one: spends 0 but draws 400"),
    "the last year passed": (change("projects.1.start", 2025), "breaks the rule window: two: 2025"),
    "a draw of 0.01 more": (
        change("projects.1.funding.2022.s", 3.36),
        "breaks the rule funding: two: spends 735 but draws 736",
    ),
    "and the ledger": (change("projects.1.funding.2022.s", 3.36), "planned: file 9.35, recomputed 9.36"),
    "half a cent": (change("projects.1.funding.2022.s", 3.351), "s: file 3.351, recomputed 3.35"),
    "a draw from another source": (
        change("projects.1.funding.2022", {"ghost": 7.35}),
        'projects[1].funding.2022: file {"ghost": 7.35}, recomputed nothing',
    ),
    "spend": (change("projects.0.spend.2022", 5.9), "projects[0].spend.2022: file 5.9, recomputed 6"),
    "spend in a year too many": (
        change("projects.0.spend.2024", 1),
        "projects[0].spend.2024: file 1, recomputed nothing",
    ),
    "cost": (change("projects.2.cost", 99), "projects[2].cost: file 99, recomputed 100"),
    "the year of opening": (change("projects.0.opens", 2022), "projects[0].opens: file 2022, recomputed 2023"),
    "selected without a start": (change("projects.2.selected", True), "projects[2].selected: file true, recomputed"),
    "a name": (change("projects.0.name_zh", "别的"), 'projects[0].name_zh: file "别的", recomputed "one小学"'),
    "a basis": (change("projects.0.basis", "stated"), 'recomputed "assumed"'),
    "a reason for what is built": (
        change("projects.0.reason", {"code": "cap", "text": ""}),
        'projects[0].reason: file {"code": "cap", "text": ""}, recomputed null',
    ),
    "a seat": (change("seats.2.supply", 146), "seats[2].supply: file 146, recomputed 145"),
    "a seat as text": (change("seats.2.supply", "145"), 'seats[2].supply: file "145", recomputed 145'),
    "a shortage": (change("seats.0.shortage", 0), "seats[0].shortage: file 0, recomputed 50"),
    "a cap": (change("funding.0.cap", 50), "funding[0].cap: file 50, recomputed 5"),
    "money carried forward": (change("funding.0.carried_forward", 0), "carried_forward: file 0, recomputed 1"),
    "a milestone": (change("milestones.0.late_years", 0), "milestones[0].late_years: file 0, recomputed 1"),
    "a target": (change("targets.0.missing", 0), "targets[0].missing: file 0, recomputed 35"),
    "an objective": (change("objectives.4.value", 17), "objectives[4].value: file 17, recomputed 17.35"),
    "a flag that is a number": (change("milestones.0.firm", 0), "milestones[0].firm: file 0, recomputed false"),
    "years": (change("years", [2021, 2022]), "years: file [2021, 2022], recomputed [2021, 2022, 2023, 2024]"),
    "an entry left out": (drop("seats.0"), "seats: missing: \"A /  / primary / 2021\""),
    "a project left out": (drop("projects.2"), 'projects: missing: "late"'),
    "an unknown project": (
        change("projects.2.key", "ghost"),
        'projects[2]: file "ghost", recomputed nothing',
    ),
    "an entry twice": (
        lambda document: document["seats"].append(document["seats"][0]),
        'seats[8]: file "A /  / primary / 2021", recomputed nothing',
    ),
    "another order": (
        lambda document: document["projects"].reverse(),
        'projects: file "late", recomputed "one"',
    ),
    "a key left out": (drop("seats.3.supply"), "seats[3].supply: missing: "),
    "a list left out": (drop("targets"), "targets: missing: [8 …]"),
    "time left out": (drop("created_at"), "created_at: missing"),
    "a list that is none": (change("seats", 5), "seats: file 5, recomputed [8 …]"),
    "a conflict": (change("infeasible", {"conflict": []}), "recomputed null"),
    "a bound above the value": (
        change("objectives.4.bound", 17.4),
        "objectives[4].bound: the bound 17.4 is on the wrong side of the value 17.35",
    ),
    "a bound below the value that is maximised": (
        change("objectives.3.bound", 8),
        "objectives[3].bound: the bound 8 is on the wrong side of the value 12",
    ),
    "a gap": (change("objectives.0.gap", 0), "objectives[0].gap: the gap is not"),
    "proven beyond the scenario's gap": (
        change("objectives.4", {"name": "cost", "value": 17.35, "bound": 17, "gap": 0.35 / 17.35, "proven": True}),
        "objectives[4].proven: the gap 0.02017",
    ),
    "optimal with a gap": (
        change("objectives.4", {"name": "cost", "value": 17.35, "bound": 17, "gap": 0.35 / 17.35, "proven": False}),
        "status: says optimal, but cost is not proven",
    ),
    "proven without a bound": (change("objectives.4.bound", None), "objectives[4].proven: not proven without a bound"),
    "an objective left out": (drop("objectives.2"), 'objectives: missing: "milestones"'),
    "another scenario": (change("scenario", "base"), 'scenario: file "base", recomputed "small"'),
    "other inputs": (change("inputs_sha256", "0" * 64), "inputs_sha256: other inputs: stated 000000000000"),
}  # fmt: skip


@pytest.mark.parametrize(("tamper", "words"), TAMPERED.values(), ids=TAMPERED)
def test_what_was_changed_is_found_and_named(stored: Stored, tamper: Tamper, words: str) -> None:
    stored.tamper(tamper)

    assert words in lines(of_file(stored))
    assert words.replace("file ", "stored ") in lines(of_run(stored))


def test_one_change_is_one_finding(stored: Stored) -> None:
    stored.tamper(change("seats.2.supply", 146))

    assert places(of_file(stored)) == ["seats[2].supply"]


def test_keys_that_are_not_known_are_ignored(stored: Stored) -> None:
    stored.tamper(change("note", "kept by another program"))
    stored.tamper(change("projects.0.note", 1))

    assert of_file(stored).holds


def test_a_document_of_before_estimates_were_told_still_holds(stored: Stored) -> None:
    for project in range(3):
        stored.tamper(drop(f"projects.{project}.estimated"))
        stored.tamper(drop(f"projects.{project}.estimates"))

    assert of_run(stored).holds


def test_what_only_the_solver_knows_is_not_compared(stored: Stored) -> None:
    stored.tamper(change("projects.2.reason", {"code": "unknown", "text": ""}))
    stored.tamper(change("seconds.solve", 9))

    assert of_run(stored).holds


def test_a_row_without_money_is_due_only_where_money_would_be_worth_something(stored: Stored) -> None:
    """The shared source as one without carry-over that has no money in 2023."""
    data = replace(
        PORTFOLIO,
        funding_sources=(PORTFOLIO.funding_sources[0], a_source("shared", county="*")),
        funding_caps=(PORTFOLIO.funding_caps[0], caps(4, 4, 0, 4, source="shared")),
    )
    problem = build_problem(data, files.load(Path(stored.scenario)))
    plan = Plan(
        problem=problem,
        result=Result(Status.FEASIBLE, SCHEDULE),
        evaluation=evaluate(problem, SCHEDULE),
        created_at=NOW,
    )

    def found(marginal: dict[Place, Decimal], **change: object) -> list[str]:
        document = json.loads(json_document.dumps(replace(plan, marginal=marginal)))
        row = [line for line in document["funding"] if (line["source"], line["year"]) == ("shared", 2023)]
        for line in row:
            line.update(change)
        differences, _ = findings.against(problem, read(json.dumps(document)), None)
        return [f.place for f in differences if f.place.startswith("funding")]

    worth = {("shared", 2023): Decimal("12.5")}
    assert found({}) == []
    assert found(worth) == []
    assert found(worth, cap=7.0) == ["funding[6].cap"]
    assert found(worth, marginal_value=None) == ["funding[6]"]


def test_a_feasible_schedule_need_not_be_proven(stored: Stored) -> None:
    stored.tamper(change("status", "feasible"))
    stored.tamper(change("objectives.4", {"name": "cost", "value": 17.35, "bound": None, "gap": None, "proven": False}))  # fmt: skip

    assert of_file(stored).holds


ROWS: dict[str, tuple[str, str]] = {
    "start": ("UPDATE run_projects SET start = 2022 WHERE project = 'one'", "run_projects[0].start: stored 2022, recomputed 2021"),
    "cost": ("UPDATE run_projects SET cost = 1 WHERE project = 'one'", "run_projects[0].cost: stored 0.01, recomputed 10"),
    "draw": ("UPDATE run_draws SET amount = amount + 1 WHERE position = 0", "run_draws[0].amount: stored 4.01, recomputed 4"),
    "draw gone": ("DELETE FROM run_draws WHERE position = 1", 'run_draws: missing: "one / 2022 / s"'),
    "objective": ("UPDATE run_objectives SET value = '17' WHERE name = 'cost'", "run_objectives[4].value: stored 17, recomputed 17.35"),
    "bound": ("UPDATE run_objectives SET bound = '17' WHERE name = 'cost'", "run_objectives[4].bound: stored 17, recomputed 17.35"),
    "status": ("UPDATE runs SET status = 'feasible'", 'runs.status: stored "feasible", recomputed "optimal"'),
    "hash": ("UPDATE runs SET inputs_sha256 = 'x'", 'runs.inputs_sha256: stored "x"'),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "words"), ROWS.values(), ids=ROWS)
def test_the_rows_of_a_run_are_held_against_its_document(stored: Stored, statement: str, words: str) -> None:
    stored.execute(statement)

    verdict = of_run(stored)

    assert words in lines(verdict)
    assert len(verdict.findings) == 1


LATER = replace(
    PORTFOLIO,
    projects=(
        a_project("new", cost=3),
        replace(PORTFOLIO.projects[0], total_cost=999),
        *PORTFOLIO.projects[2:],
    ),
    seats=(seats("new", 5), *PORTFOLIO.seats[:1]),
    milestones=(milestone("late", "finish_by", 2024), milestone("one", "open_by", 2023)),
)


def test_a_run_is_verified_with_the_data_of_its_own_import(stored: Stored) -> None:
    stored.import_(LATER)
    stored.import_(Portfolio())

    assert of_run(stored).holds


def test_a_run_between_imports_is_verified(stored: Stored) -> None:
    """Its data are neither the first nor the last; rows came above others and went."""
    stored.import_(LATER)
    stored.import_(PORTFOLIO)
    stored.execute("UPDATE runs SET import_id = 3")
    stored.import_(LATER)

    assert of_run(stored).holds


def test_an_older_file_is_verified_with_the_inputs_of_its_run(stored: Stored) -> None:
    stored.import_(LATER)

    verdict = verify(stored.database, str(stored.file))

    assert verdict.holds
    assert "run small-0001" in verdict.origin.en


def test_inputs_that_are_given_are_the_ones_that_count(stored: Stored) -> None:
    stored.import_(LATER)

    verdict = of_file(stored)

    assert verdict.findings[0].place == "inputs_sha256"
    assert "projects[0].cost: file 10.0, recomputed 9.99" in lines(verdict)


def test_another_scenario_is_told(stored: Stored) -> None:
    Path(stored.scenario).write_text(Path(stored.scenario).read_text() + "[costs]\nscale = 2\n")

    verdict = of_file(stored)

    assert verdict.findings[0].place == "inputs_sha256"
    assert "projects[0].cost: file 10.0, recomputed 20.0" in lines(verdict)


GONE: dict[str, tuple[str, str]] = {
    "scenario": ("UPDATE runs SET scenario_text = '{'", "scenario"),
    "scenario of another shape": ("UPDATE runs SET scenario_text = '[1]'", "scenario"),
    "scenario with an unknown key": (
        "UPDATE runs SET scenario_text = replace(scenario_text, 'horizon', 'horizont')",
        "horizont",
    ),
    "import": ("UPDATE runs SET import_id = NULL", "import"),
    "trail": ("DELETE FROM import_changes WHERE table_name = 'seats'", "import 1"),
    "trail of a cell": (
        "UPDATE import_changes SET new_value = replace(new_value, '7.35', 'x') WHERE table_name = 'projects'",
        "import 1",
    ),
    "hash of the import": ("UPDATE imports SET portfolio_sha256 = 'x' WHERE id = 1", "import 1"),
}


@pytest.mark.parametrize(("statement", "words"), GONE.values(), ids=GONE)
def test_inputs_that_cannot_be_had_are_told(stored: Stored, statement: str, words: str) -> None:
    stored.import_(LATER)
    stored.execute(statement)

    verdict = of_run(stored)

    assert places(verdict) == ["inputs_sha256"]
    said = verdict.findings[0].text.pick("en")
    assert "cannot be had" in said
    assert words in said
    assert verdict.recomputed_sha256 == ""


@pytest.mark.parametrize("status", ["infeasible", "no_solution"])
def test_without_a_schedule_there_is_nothing_to_verify(stored: Stored, status: str) -> None:
    def empty(document: dict[str, Any]) -> None:
        document["status"] = status
        for name in ("objectives", "projects", "milestones", "targets", "funding", "seats"):
            document[name] = []

    stored.tamper(empty)

    verdict = verify(stored.database, str(stored.file))

    assert verdict.holds
    assert not verdict.has_schedule
    assert places(of_run(stored))[:2] == ["runs.status", "run_projects[0]"]  # its rows have a schedule


def test_a_schedule_under_the_status_infeasible_is_told(stored: Stored) -> None:
    stored.tamper(change("status", "infeasible"))

    assert places(of_file(stored)) == ["objectives", "projects", "milestones", "targets", "funding", "seats"]


DAMAGED: dict[str, tuple[str, str]] = {
    "not JSON": ("{", "line 1, column 2: not JSON"),
    "empty": ("", "line 1, column 1"),
    "a list": ("[]", "must be a JSON object"),
    "another format": ('{"format": 2}', "the format is 2; this program reads 1"),
    "no keys": ('{"format": 1}', "scenario: 缺少 / is missing"),
    "not a number": ('{"format": NaN}', "NaN 不是 JSON 数字"),
    "a key twice": ('{"format": 1, "format": 1}', '"format" 在同一对象中出现两次'),
    "deep": ("[" * 100_000, "not JSON"),
    "long": ("1" * 5000, "not JSON"),
}  # fmt: skip


@pytest.mark.parametrize(("words", "message"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_refused_with_the_place(stored: Stored, words: str, message: str) -> None:
    stored.file.write_text(words, encoding="utf-8")
    stored.execute("UPDATE runs SET document = :words", words=words)

    with pytest.raises(UsageError) as refused:
        of_file(stored)
    with pytest.raises(VerificationError) as found:
        of_run(stored)

    assert message in str(refused.value)
    assert message in str(found.value)


WRONG: dict[str, tuple[Tamper, str]] = {
    "a year as text": (change("projects.0.start", "2021"), "projects[0].start: 应为整数 / must be a whole number"),
    "a year with a point": (change("projects.0.start", 2021.5), "projects[0].start: "),
    "a year far away": (change("projects.0.start", 10**9), "projects[0].start: 应不大于 9999"),
    "an amount as text": (change("projects.0.funding.2021.s", "4"), "projects[0].funding.2021.s: 应为数字"),
    "an amount that is true": (change("projects.0.funding.2021.s", True), "projects[0].funding.2021.s: 应为数字"),
    "an amount without end": (change("projects.0.funding.2021.s", 10**18), "projects[0].funding.2021.s: 数字过大"),
    "money in no year": (change("projects.0.funding.soon", {}), "projects[0].funding.soon: 应为四位年份"),
    "money of a list": (change("projects.0.funding", []), "projects[0].funding: 应为对象"),
    "selected: yes": (change("projects.0.selected", "yes"), "projects[0].selected: 应为 true 或 false"),
    "no start": (drop("projects.0.start"), "projects[0].start: 缺少"),
    "no key": (drop("projects.1.key"), "projects[1].key: 缺少"),
    "projects of a number": (change("projects", 3), "projects: 应为列表"),
    "a project of a number": (change("projects.1", 3), "projects[1]: 应为对象"),
    "an unknown status": (change("status", "fine"), "status: 应为其中之一 / must be one of: optimal"),
    "a status of a list": (change("status", []), "status: 应为其中之一"),
    "no bound": (drop("objectives.0.bound"), "objectives[0].bound: 缺少"),
    "a value as text": (change("objectives.0.value", "5"), "objectives[0].value: 应为数字"),
    "no hash": (change("inputs_sha256", None), "inputs_sha256: 应为文字"),
    "format as text": (change("format", "1"), 'format: 格式版本为 "1"'),
}  # fmt: skip


@pytest.mark.parametrize(("tamper", "message"), WRONG.values(), ids=WRONG)
def test_wrong_types_are_refused_with_the_place(stored: Stored, tamper: Tamper, message: str) -> None:
    stored.tamper(tamper)

    with pytest.raises(UsageError) as refused:
        of_file(stored)

    assert message in str(refused.value)


def test_a_number_that_is_too_fine_is_refused(stored: Stored) -> None:
    words = stored.file.read_text(encoding="utf-8").replace("3.35,", "3.35e-99999999,")
    stored.file.write_text(words, encoding="utf-8")

    with pytest.raises(UsageError, match="too large or too fine"):
        of_file(stored)


def test_many_problems_are_cut_short(stored: Stored) -> None:
    stored.tamper(lambda document: document.update({"projects": [{}] * 50}))

    with pytest.raises(UsageError, match="190 处 more"):
        of_file(stored)


def test_a_file_that_is_not_text_is_refused(stored: Stored) -> None:
    stored.file.write_bytes(b"{\xff}")

    with pytest.raises(UsageError, match="byte 2 is not UTF-8"):
        of_file(stored)


def test_a_byte_order_mark_is_no_matter(stored: Stored) -> None:
    stored.file.write_bytes(b"\xef\xbb\xbf" + stored.file.read_bytes())

    assert of_file(stored).holds


@pytest.mark.parametrize("subject", ["small-0009", "none.json", "nowhere/schedule.json", "x" * 300])
def test_what_does_not_exist_is_wrong_usage(stored: Stored, subject: str) -> None:
    with pytest.raises(UsageError):
        verify(stored.database, subject)


def test_a_folder_is_not_a_schedule(stored: Stored) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        verify(stored.database, str(stored.folder))


def test_a_scenario_for_a_run_is_wrong_usage(stored: Stored) -> None:
    with pytest.raises(UsageError, match=r"for a schedule\.json only"):
        verify(stored.database, stored.run, scenario="base")


@pytest.mark.parametrize("name", ["none", "x" * 300, "a\0b", "\ud800"])
def test_a_file_of_an_unknown_scenario_is_wrong_usage(stored: Stored, name: str) -> None:
    stored.tamper(change("scenario", name))
    stored.tamper(change("inputs_sha256", "0" * 64))

    with pytest.raises(UsageError):
        verify(stored.database, str(stored.file))


def test_without_a_database_none_is_made(stored: Stored, tmp_path: Path) -> None:
    place = tmp_path / "none.db"
    with Database(f"sqlite:///{place}") as database:
        with pytest.raises(UsageError, match="no database yet"):
            verify(database, "small-0001")
        with pytest.raises(UsageError, match="--workbook"):
            verify(database, str(stored.file), scenario=stored.scenario)
    assert not place.exists()


def test_a_workbook_with_errors_is_refused_with_its_cells(stored: Stored, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "项目 Projects"  # type: ignore[union-attr]
    book.active.append(["key", "county", "stage"])  # type: ignore[union-attr]
    book.active.append(["a", "A", "university"])  # type: ignore[union-attr]
    book.save(tmp_path / "bad.xlsx")

    with pytest.raises(InputRefusedError, match="项目 Projects!C2"):
        of_file(stored, workbook=tmp_path / "bad.xlsx")


def test_a_workbook_may_give_the_data(stored: Stored, tmp_path: Path) -> None:
    from portfolio.workbook.writer import write

    write(PORTFOLIO, tmp_path / "projects.xlsx")
    stored.import_(LATER)
    with Database(f"sqlite:///{tmp_path / 'none.db'}") as nothing:
        verdict = verify(
            nothing, str(stored.file), scenario=stored.scenario, workbook=tmp_path / "projects.xlsx"
        )

    assert verdict.holds, lines(verdict)
    assert not (tmp_path / "none.db").exists()
