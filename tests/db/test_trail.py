"""Questions to the audit trail: who changed a row last, what happened to a project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from portfolio.db.difference import ChangeKind
from portfolio.db.session import Database
from portfolio.db.trail import changes_of_project, known_projects, last_changed_in, project_names
from portfolio.domain.portfolio import Portfolio
from tests.builders import a_project, relation, seats

Store = Callable[[Portfolio], None]

FIRST = Portfolio(projects=(a_project("p"), a_project("p%_q")), seats=(seats("p", 45), seats("p", 90)))
DEARER = replace(FIRST, projects=(a_project("p", cost=11), FIRST.projects[1]))
ALONE = Portfolio(projects=(a_project("p", cost=11),), relations=(relation("choose", "p"),))


def test_the_newest_import_that_changed_a_row_is_known(database: Database, store: Store) -> None:
    for state in (FIRST, DEARER, ALONE):
        store(state)

    with database.snapshot() as session:
        assert last_changed_in(session, 1)["projects", "p"] == 2
        assert last_changed_in(session, 0)["seats", "p / primary /  / yes #2"] == 3
        assert ("projects", "p") not in last_changed_in(session, 2)


def test_every_row_that_names_a_project_is_found(database: Database, store: Store) -> None:
    for state in (FIRST, DEARER, ALONE):
        store(state)

    with database.snapshot() as session:
        found = changes_of_project(session, "p")
        other = changes_of_project(session, "p%_q")

    assert [(number, c.table, c.kind) for number, changes in found.items() for c in changes] == [
        (1, "projects", ChangeKind.ADDED),
        (1, "seats", ChangeKind.ADDED),
        (1, "seats", ChangeKind.ADDED),
        (2, "projects", ChangeKind.CHANGED),
        (3, "seats", ChangeKind.REMOVED),
        (3, "seats", ChangeKind.REMOVED),
        (3, "relations", ChangeKind.ADDED),
    ]
    assert {number: len(changes) for number, changes in other.items()} == {1: 1, 3: 1}


def test_projects_that_are_gone_are_known(database: Database, store: Store) -> None:
    for state in (FIRST, ALONE):
        store(state)

    with database.snapshot() as session:
        assert sorted(known_projects(session)) == ["p", "p%_q"]
        assert project_names(session) == {"p": "p小学"}
