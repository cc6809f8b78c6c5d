"""A stored run comes back as the plan it was, whatever was imported since; or it says why it cannot."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from portfolio import at_hand
from portfolio.db import runs
from portfolio.domain.repair import Change, ChangeKind, Repair, Scope
from portfolio.domain.schedule import Conflict, Requirement, Status
from portfolio.domain.text import Text
from portfolio.errors import UsageError, VerificationError
from portfolio.report import json_document
from portfolio.service import find_project, load_plan
from portfolio.stored import plan_of, record_of
from tests.builders import a_project
from tests.verification.conftest import NOW, PORTFOLIO, Stored, change


def written_again(stored: Stored) -> str:
    """The run's document, written from the plan that was brought back."""
    record = record_of(stored.database, stored.run)
    return json_document.dumps(replace(plan_of(stored.database, record), seconds=record.seconds))


def test_the_plan_is_the_one_that_was_stored(stored: Stored) -> None:
    assert written_again(stored) == record_of(stored.database, stored.run).document


def test_later_imports_do_not_change_it(stored: Stored) -> None:
    before = written_again(stored)
    stored.import_(replace(PORTFOLIO, projects=(*PORTFOLIO.projects[:2], a_project("late", cost=1))))
    assert written_again(stored) == before


def test_the_inputs_name_is_that_of_its_import(stored: Stored) -> None:
    plan = load_plan(stored.database, stored.run)
    assert (plan.input_name, plan.input_sha256, plan.created_at) == ("projects.xlsx", "f" * 64, NOW)


def test_reasons_keep_both_languages_and_older_documents_their_one_text(stored: Stored) -> None:
    assert load_plan(stored.database, stored.run).reasons["late"].text == Text(
        "钱不够", "the money is not enough"
    )
    stored.tamper(change("projects.2.reason", {"code": "cap", "text": "钱不够 / too little"}))
    text = load_plan(stored.database, stored.run).reasons["late"].text
    assert text.pick("both") == "钱不够 / too little"


def test_the_value_of_money_comes_back_with_rows_that_have_it_only(stored: Stored) -> None:
    stored.tamper(lambda document: document["funding"][0].update(marginal_value=349.91))
    stored.tamper(lambda document: document["funding"][1].update(marginal_value=0.0))
    first = document_key(stored, 0)
    plan = load_plan(stored.database, stored.run)
    assert plan.marginal == {first: Decimal("349.91"), document_key(stored, 1): Decimal(0)}
    record = record_of(stored.database, stored.run)
    written = json.loads(json_document.dumps(plan))["funding"]
    assert written == json.loads(record.document)["funding"]


def document_key(stored: Stored, row: int) -> tuple[str, int]:
    line = stored.document()["funding"][row]
    return line["source"], line["year"]


def test_a_conflict_comes_back(stored: Stored) -> None:
    record = record_of(stored.database, stored.run)
    plan = plan_of(stored.database, record)
    conflict = (Requirement("cap", Text("钱不够", "too little"), source="s", county="Shizhu", year=2021),)
    mending = (
        Change(kind=ChangeKind.MOVE, setting="start", project="late", year=2022, amount=Decimal(-1)),
        Change(kind=ChangeKind.RELAX_TARGET, setting="ratio", amount=Decimal("0.9231"), target=2),
        Change(kind=ChangeKind.DROP, setting="mandatory", project="late", text=Text("不建", "leave out")),
    )
    result = replace(
        plan.result,
        status=Status.INFEASIBLE,
        schedule=None,
        objectives=(),
        conflict=conflict,
        minimal=False,
        other_conflicts=(Conflict(conflict),),
        repairs=(Repair(scope=Scope.COMBINED, text=Text("并用", "both"), changes=mending, proven=False),),
        repair_notes=(Text("无法", "cannot"),),
    )
    infeasible = replace(plan, result=result, evaluation=None, reasons={}, run="small-0002")
    with stored.database.session() as session:
        told = json_document.dumps(infeasible)
        changes: dict[str, Any] = {
            "name": "small-0002",
            "status": Status.INFEASIBLE,
            "document": told,
            "objectives": (),
        }
        runs.reserve_run_name(session, "small")
        runs.save_run(session, replace(record, **changes, projects=(), draws=()))

    again = load_plan(stored.database, "small-0002")
    assert again.result == result
    assert again.evaluation is None


def test_a_scenario_stands_for_its_newest_run_and_a_run_for_itself(stored: Stored) -> None:
    record = record_of(stored.database, stored.run)
    with stored.database.session() as session:
        runs.reserve_run_name(session, "small")
        runs.save_run(session, replace(record, name="small-0002"))
    assert record_of(stored.database, "small").name == "small-0002"
    assert record_of(stored.database, "small-0001").name == "small-0001"
    with pytest.raises(UsageError, match='没有排期 "ghost"'):
        record_of(stored.database, "ghost")


def test_a_question_is_asked_about_the_stored_run_unless_its_inputs_are_others(
    stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(stored.folder)
    there = at_hand.at_hand(stored.database, stored.scenario, None)
    plan = at_hand.plan_of(stored.database, there)
    assert (plan.run, plan.reasons["late"].code) == (stored.run, "cap")
    stored.import_(replace(PORTFOLIO, projects=(*PORTFOLIO.projects[:2], a_project("late", cost=1))))
    anew = at_hand.plan_of(stored.database, at_hand.at_hand(stored.database, stored.scenario, None))
    assert anew.run == ""
    assert anew.result.schedule is not None
    assert "late" in anew.result.schedule.starts


def test_other_inputs_are_refused(stored: Stored) -> None:
    stored.execute("UPDATE runs SET inputs_sha256 = 'abc'")
    with pytest.raises(VerificationError, match="its inputs are not what they were"):
        load_plan(stored.database, stored.run)


def test_a_damaged_document_is_refused(stored: Stored) -> None:
    stored.execute("UPDATE runs SET document = '{'")
    with pytest.raises(VerificationError, match="is damaged"):
        load_plan(stored.database, stored.run)


def test_a_run_of_no_known_import_is_refused(stored: Stored) -> None:
    stored.execute("UPDATE runs SET import_id = NULL")
    with pytest.raises(VerificationError, match="from which import"):
        load_plan(stored.database, stored.run)


def test_a_project_is_found_by_key_name_or_part_of_it(stored: Stored) -> None:
    plan = load_plan(stored.database, stored.run)
    names = {c.row.name_zh: key for key, c in plan.problem.candidates.items()}
    assert find_project(plan, "one") == "one"
    for name, key in names.items():
        assert find_project(plan, name) == key
    assert find_project(plan, "LAT") == "late"
    with pytest.raises(UsageError, match="several projects: one、two"):
        find_project(plan, "o")
    with pytest.raises(UsageError, match="did you mean: late"):
        find_project(plan, "lated")


def test_reading_a_run_makes_no_database(tmp_path: Path) -> None:
    from portfolio.db.session import Database

    with Database(f"sqlite:///{tmp_path / 'none.db'}") as database, pytest.raises(UsageError):
        load_plan(database, "base-0001")
    assert not (tmp_path / "none.db").exists()
