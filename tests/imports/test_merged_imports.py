"""Two people edit exports of one database: nobody's work is lost, and nobody's is undone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import Project
from portfolio.workbook.revision import read_revision
from portfolio.workbook.writer import write
from tests.builders import milestone, relation, seats
from tests.imports.conftest import Desk, P, a_portfolio, changed, without


def project(desk: Desk, key: str) -> Project:
    return next(p for p in desk.held().projects if p.key == key)


def plain(text: str) -> list[str]:
    """Lines without the time of the day."""
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "TIME", text).splitlines()


def test_an_export_imported_again_changes_nothing(shared: Desk) -> None:
    done = shared.take_in("a.xlsx")

    assert done.out == "0 处变化 changes; 已保存 stored: 第 2 次导入 import 2\n"
    assert shared.held() == a_portfolio()


def test_edits_of_different_rows_are_merged(shared: Desk) -> None:
    shared.edit("a.xlsx", changed("p", total_cost=12_000))
    shared.edit("b.xlsx", changed("q", notes="B"))
    shared.take_in("a.xlsx")

    done = shared.take_in("b.xlsx", "--lang", "en")

    assert (project(shared, "p").total_cost, project(shared, "q").notes) == (12_000, "B")
    assert done.out.splitlines()[:3] == ["Projects  ~1", "  ~ q 二小", "      notes: (blank) → B"]
    assert "1 row that others changed since import 1 is kept as in the database" in done.out


def test_what_is_kept_of_the_database_is_told_with_both_values_and_who(shared: Desk) -> None:
    shared.edit("a.xlsx", changed("p", total_cost=12_000))
    assert shared.run("import", "a.xlsx", user="wang").code == 0
    shared.edit("b.xlsx", changed("q", notes="B"))

    done = shared.run("import", "b.xlsx", "--dry-run", "--lang", "en")

    assert (
        'notice: 项目 Projects: p total_cost: "100" was changed to 120 in the database (import 2, wang, TIME) and is kept'
        in "\n".join(plain(done.err))
    )


def test_who_changed_a_kept_row_is_told_at_every_later_import_too(shared: Desk) -> None:
    shared.edit("a.xlsx", changed("p", total_cost=12_000))
    assert shared.run("import", "a.xlsx", user="wang").code == 0
    shared.edit("b.xlsx", changed("q", notes="B"))
    shared.take_in("b.xlsx")

    again = shared.run("import", "b.xlsx", "--dry-run", "--lang", "en")
    shared.edit("b.xlsx", changed("p", notes="B"))
    refused = shared.run("import", "b.xlsx", "--lang", "en")

    assert "in the database (import 2, wang, TIME) and is kept" in "\n".join(plain(again.err))
    assert "database: changed (import 2, TIME, wang, a.xlsx)" in "\n".join(plain(refused.err))


def test_rows_added_and_removed_by_others_are_merged_in_their_places(shared: Desk) -> None:
    new = replace(P, key="n", name_zh="新小")
    shared.edit("a.xlsx", lambda held: replace(without("q")(held), projects=(P, new, held.projects[2])))
    shared.edit("b.xlsx", changed("r", notes="B"))
    shared.take_in("a.xlsx", "--allow-removal")

    shared.take_in("b.xlsx")

    assert [p.key for p in shared.held().projects] == ["p", "n", "r"]
    assert [s.project for s in shared.held().seats] == ["p", "r"]
    assert project(shared, "r").notes == "B"


# --- the same file again ------------------------------------------------------------------------


def test_an_edited_file_may_be_imported_twice(shared: Desk) -> None:
    shared.edit("a.xlsx", changed("p", total_cost=12_000))
    shared.take_in("a.xlsx")

    assert shared.take_in("a.xlsx").out.startswith("0 处变化")


def test_one_goes_on_with_the_file_after_its_import(shared: Desk) -> None:
    """Its own earlier import is no other person's edit."""
    shared.edit("a.xlsx", changed("p", total_cost=12_000))
    shared.take_in("a.xlsx")
    shared.edit("b.xlsx", changed("q", notes="B"))
    shared.take_in("b.xlsx")
    shared.edit("a.xlsx", changed("p", total_cost=13_000))

    shared.take_in("a.xlsx")

    assert (project(shared, "p").total_cost, project(shared, "q").notes) == (13_000, "B")


def test_what_was_kept_then_is_not_undone_by_the_next_import(shared: Desk) -> None:
    """The file still has the old value of q; it never changed it."""
    shared.edit("b.xlsx", changed("q", notes="B"))
    shared.take_in("b.xlsx")
    shared.edit("a.xlsx", changed("p", notes="A"))
    shared.take_in("a.xlsx")
    shared.edit("a.xlsx", changed("r", notes="A"))

    shared.take_in("a.xlsx")

    assert [p.notes for p in shared.held().projects] == ["A", "B", "A"]


def test_one_takes_back_ones_own_edit(shared: Desk) -> None:
    shared.edit("a.xlsx", changed("p", notes="A"))
    shared.take_in("a.xlsx")
    shared.edit("a.xlsx", changed("p", notes=""))

    shared.take_in("a.xlsx")

    assert project(shared, "p").notes == ""


def test_a_settled_conflict_does_not_come_back(shared: Desk) -> None:
    shared.edit("a.xlsx", changed("p", notes="A"))
    shared.edit("b.xlsx", changed("p", notes="B"))
    shared.take_in("b.xlsx")
    shared.take_in("a.xlsx", "--take", "database")
    shared.edit("a.xlsx", changed("q", notes="A"))

    shared.take_in("a.xlsx")

    assert [p.notes for p in shared.held().projects] == ["B", "A", ""]


def test_another_edit_of_a_row_that_others_changed_since_the_last_import_is_a_conflict(shared: Desk) -> None:
    shared.edit("a.xlsx", changed("p", notes="A"))
    shared.take_in("a.xlsx")
    shared.export("c.xlsx")
    shared.edit("c.xlsx", changed("p", notes="C"))
    shared.take_in("c.xlsx")
    shared.edit("a.xlsx", changed("p", notes="A 2"))

    assert shared.run("import", "a.xlsx").code == 3
    assert project(shared, "p").notes == "C"


# --- conflicts ----------------------------------------------------------------------------------


def test_a_conflict_is_told_exactly_and_nothing_is_stored(shared: Desk) -> None:
    shared.edit("a.xlsx", changed("p", total_cost=12_000))
    shared.edit("b.xlsx", changed("p", total_cost=13_000, notes="B"))
    assert shared.run("import", "a.xlsx", user="wang").code == 0
    before = shared.stored()

    done = shared.run("import", "b.xlsx", "--lang", "en")

    assert done.code == 3
    assert done.out == ""
    *told, error = plain(done.err)
    assert told == [
        "冲突 conflict: 项目 Projects: p 一小",
        "  file: changed; database: changed (import 2, TIME, wang, a.xlsx)",
        "    total_cost: base 100 · file 130 · database 120",
        "    notes: base (blank) · file B · database (blank)",
    ]
    assert error.startswith("错误 error: b.xlsx: 1 行在文件和数据库中都改过，未存入任何数据")
    assert error.endswith("let one side stand: portfolio import b.xlsx --take file|database")
    assert shared.stored() == before


def removed_seats(held: Portfolio) -> Portfolio:
    return replace(held, seats=held.seats[1:])


NEW = replace(P, key="n", name_zh="新小")
CONFLICTS = {
    "removed here, changed there": (without("p"), changed("p", notes="B"), 2),
    "changed here, removed there": (changed("p", notes="A"), without("p"), 2),
    "removed here, more of it there": (
        without("p"), lambda held: replace(held, milestones=(milestone("p", "open_by", 2030),)), 3,
    ),
    "removed here, named there": (
        without("p"), lambda held: replace(held, relations=(relation("after", "q", "p"),)), 3,
    ),
    "added in both": (
        lambda held: replace(held, projects=(*held.projects, NEW)),
        lambda held: replace(held, projects=(*held.projects, replace(NEW, total_cost=1))), 1,
    ),
    "one seat row": (
        removed_seats, lambda held: replace(held, seats=(seats("p", 45), *held.seats[1:])), 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CONFLICTS.values(), ids=CONFLICTS)
def test_every_kind_of_conflict_can_be_settled_for_either_side(
    shared: Desk, case: tuple[object, ...]
) -> None:
    mine, theirs, rows = case
    shared.edit("a.xlsx", mine)  # type: ignore[arg-type]
    shared.edit("b.xlsx", theirs)  # type: ignore[arg-type]
    shared.take_in("b.xlsx", "--allow-removal")
    before, held = shared.stored(), shared.held()

    refused = shared.run("import", "a.xlsx", "--allow-removal")
    assert refused.code == 3
    assert refused.err.count("冲突 conflict") == rows
    assert shared.stored() == before

    shared.take_in("a.xlsx", "--take", "database", "--allow-removal")
    assert shared.held() == held


@pytest.mark.parametrize("case", CONFLICTS.values(), ids=CONFLICTS)
def test_the_file_may_stand(shared: Desk, case: tuple[object, ...]) -> None:
    mine, theirs, _ = case
    shared.edit("a.xlsx", mine)  # type: ignore[arg-type]
    shared.edit("b.xlsx", theirs)  # type: ignore[arg-type]
    shared.take_in("b.xlsx", "--allow-removal")

    shared.take_in("a.xlsx", "--take", "file", "--allow-removal")

    assert shared.held() == mine(a_portfolio())  # type: ignore[operator]


def test_what_does_not_go_together_is_refused_with_the_row(shared: Desk) -> None:
    """Each file is right by itself: one names a zone in Seats, the other takes it from Projects."""
    shared.edit("a.xlsx", changed("p", zone="城区"))
    shared.take_in("a.xlsx")
    shared.export("c.xlsx", "d.xlsx")
    shared.edit("c.xlsx", lambda held: replace(held, seats=(*held.seats, seats("q", 10, zone="城区"))))
    shared.edit("d.xlsx", changed("p", zone=""))
    shared.take_in("c.xlsx")
    before = shared.stored()

    done = shared.run("import", "d.xlsx")

    assert done.code == 3
    assert "学位 Seats: q / primary" in done.err
    assert "does not go together with what others changed" in done.err
    assert shared.stored() == before


# --- revisions ----------------------------------------------------------------------------------


def test_a_file_typed_from_scratch_is_the_whole_truth(shared: Desk) -> None:
    shared.edit("a.xlsx", changed("p", notes="A"))
    shared.take_in("a.xlsx")
    shared.file("typed.xlsx", a_portfolio())

    assert shared.take_in("typed.xlsx").out.startswith("项目 Projects  ~1")
    assert shared.held() == a_portfolio()


def test_a_revision_of_another_database_is_told_and_nothing_merged(shared: Desk) -> None:
    shared.edit("a.xlsx", changed("p", notes="A"))
    shared.take_in("a.xlsx")
    text = read_revision((shared.folder / "b.xlsx").read_bytes())
    assert text is not None
    write(a_portfolio(), shared.folder / "b.xlsx", revision=replace(text, portfolio_sha256="0" * 64))

    done = shared.take_in("b.xlsx")

    assert "is not of this database" in done.err
    assert shared.held() == a_portfolio()


def test_the_shipped_workbook_carries_no_revision() -> None:
    shipped = Path(__file__).parents[2] / "data/projects.xlsx"

    assert read_revision(shipped.read_bytes()) is None


def test_tables_changed_by_another_program_have_no_revision(shared: Desk) -> None:
    import sqlite3

    with sqlite3.connect(shared.folder / "portfolio.db") as connection:
        connection.execute("UPDATE projects SET notes = 'x' WHERE key = 'p'")
    connection.close()
    shared.export("c.xlsx")

    assert read_revision((shared.folder / "c.xlsx").read_bytes()) is None
