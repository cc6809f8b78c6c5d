"""Programs that write at once, that are killed or interrupted: what is stored is always whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from portfolio.db.repository import list_imports, load_portfolio, portfolio_as_of, save_import
from portfolio.db.session import Database
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import Project, SeatEffect, Stage

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")

Store = Callable[[Portfolio], None]


def plan(name: str) -> Portfolio:
    """What a writer of that name stores: every row of it bears the name."""
    keys = [f"{number:04}" for number in range(120)]
    return Portfolio(
        projects=tuple(
            Project(key=key, county="甲县", stage=Stage.PRIMARY, notes=name * 200) for key in keys
        ),
        seats=tuple(SeatEffect(project=key, stage=Stage.PRIMARY, notes=name) for key in keys),
    )


def save(database: Database, name: str) -> None:
    with database.session() as session:
        save_import(session, plan(name), user=name, file_name="", file_sha256="", now=datetime.now(UTC))


WRITER = """
import itertools, sys
from portfolio.db.session import Database
from tests.db.test_at_once import kill_at, save

url, names, times, statement = sys.argv[1:]
with Database(url) as database:
    if statement:
        kill_at(database, statement)
    print("ready", flush=True)
    sys.stdin.readline()
    for _, name in zip(range(int(times)), itertools.cycle(names)):
        save(database, name)
"""


def kill_at(database: Database, start: str) -> None:
    """Has this process killed when it comes to the first statement that starts so, or to the commit."""

    def kill(_c: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(start):
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "before_cursor_execute", kill)
    if start == "COMMIT":
        event.listen(database.engine, "commit", lambda _: os.kill(os.getpid(), signal.SIGKILL))


def writer(url: str, names: str, times: int, killed_at: str = "") -> subprocess.Popen[str]:
    """A program that is ready to store, in turn, the plans of those names."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, url, names, str(times), killed_at], cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def url_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def assert_whole(database: Database, *, every: bool = True) -> list[str]:
    """Each import left the plan of its writer, the last one is what the database holds; the writers."""
    with database.snapshot() as session:
        records = list_imports(session)
        if records:
            assert load_portfolio(session) == plan(records[-1].user)
        for record in records if every else records[-1:]:
            assert portfolio_as_of(session, record.id) == plan(record.user)
    assert [record.id for record in records] == sorted(record.id for record in records)
    return [record.user for record in records]


def test_two_programs_that_import_at_once_do_so_one_after_the_other(database: Database) -> None:
    programs = [writer(url_of(database), name, times=2) for name in "ab"]
    for program in programs:
        go(program)

    assert [(program.communicate()[1], program.returncode) for program in programs] == [("", 0)] * 2

    assert sorted(assert_whole(database)) == [*"aabb"]


KILLED_AT = ["DELETE FROM projects", "INSERT INTO projects", "INSERT INTO import_changes", "COMMIT"]


@pytest.mark.parametrize("statement", KILLED_AT)
def test_an_import_that_is_killed_leaves_what_was_there(database: Database, statement: str) -> None:
    save(database, "a")
    program = writer(url_of(database), "b", times=1, killed_at=statement)
    go(program)
    assert program.wait(30) == -signal.SIGKILL
    program.communicate()

    assert assert_whole(database) == ["a"]
    with Database(url_of(database)) as patient:  # a server may take a moment to see that the program is gone
        save(patient, "c")
    assert assert_whole(database) == ["a", "c"]


def test_imports_that_are_killed_at_any_moment_leave_one_state_or_the_other(database: Database) -> None:
    moments = random.Random(20260301)
    for _ in range(3):
        program = writer(url_of(database), "ab", times=1000)
        go(program)
        time.sleep(moments.uniform(0.02, 0.5))
        program.kill()
        program.communicate()

        assert_whole(database, every=False)

    with Database(url_of(database)) as patient:
        save(patient, "c")
    assert assert_whole(database, every=False)[-1] == "c"


def test_ctrl_c_in_the_middle_of_an_import_undoes_it(database: Database) -> None:
    save(database, "a")

    def interrupt(_c: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO seats"):
            raise KeyboardInterrupt  # what Ctrl-C becomes

    event.listen(database.engine, "before_cursor_execute", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save(database, "b")
    event.remove(database.engine, "before_cursor_execute", interrupt)

    assert assert_whole(database) == ["a"]
    save(database, "c")
    assert assert_whole(database) == ["a", "c"]
