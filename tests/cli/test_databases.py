"""The commands on either kind of database, and what they say when it fails them."""

from __future__ import annotations

import errno
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from portfolio.cli.main import main
from portfolio.db import migrate, repository, runs
from portfolio.db.session import WRITES, Database
from portfolio.domain.portfolio import Portfolio
from portfolio.report.workbook import book
from portfolio.workbook.writer import write
from tests.builders import a_project, a_source, capacity, caps, demand, seats
from tests.cli.conftest import environment
from tests.postgres import Server

PLAN = Portfolio(
    projects=(a_project("p", cost=10), a_project("q", cost="20.5", duration=2)),
    seats=(seats("p", 45), seats("q", 90)),
    funding_sources=(a_source(),),
    funding_caps=(caps(10, 20, 30),),
    capacity=(capacity(100, 100, 100),),
    demand=(demand(120, 160, 200),),
)
SCENARIO = 'title = "小 tiny"\n[horizon]\nfirst_year = 2021\nlast_year = 2023\n'
CLOCKS = ("run", "created_at", "seconds")
"""What no two runs share."""

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """`command("runs")` in a folder with a small workbook and a scenario: exit code, output, messages."""
    (tmp_path / "data").mkdir()
    write(PLAN, tmp_path / "data/projects.xlsx")
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios/tiny.toml").write_text(SCENARIO, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PORTFOLIO_DATABASE_URL", raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        printed = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, printed.out, printed.err

    return run


def document(folder: Path) -> dict[str, Any]:
    plan: dict[str, Any] = json.loads((folder / "tiny/schedule.json").read_text("utf-8"))
    return {key: value for key, value in plan.items() if key not in CLOCKS}


def test_every_command_works_on_this_database_as_on_sqlite(
    command: Command, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = ("--database", database_url)

    assert command("db", "current", *there) == (0, "空库 empty\n", "")
    code, _, told = command("db", "check", *there)
    assert (code, "has no tables yet" in told) == (1, True)
    assert command("db", "upgrade", *there) == (0, f"{migrate.head()}\n", "")
    assert command("db", "check", *there)[0] == 0
    code, _, told = command("import", "data/projects.xlsx", *there)
    assert code == 0, told
    code, _, told = command("schedule", "-s", "tiny", "--out", "one", *there)
    assert code == 0, told
    monkeypatch.setenv("PORTFOLIO_DATABASE_URL", database_url)
    assert "tiny-0001" in command("runs")[1]
    assert command("verify", "tiny-0001")[0] == 0
    assert command("verify", "one/tiny/schedule.json")[0] == 0
    assert command("export", "copy.xlsx")[0] == 0
    code, said, _ = command("import", "copy.xlsx", "--dry-run")
    assert (code, re.match("0 处变化", said) is not None) == (0, True)
    monkeypatch.delenv("PORTFOLIO_DATABASE_URL")

    assert command("schedule", "-s", "tiny", "--out", "two", "--database", "sqlite:///reference.db")[0] == 0
    assert document(Path("one")) == document(Path("two"))


def test_a_database_that_fails_is_told_in_both_languages_without_a_stack_trace(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "portfolio.db").write_bytes(b"SQLite format 3\x00" + b"x" * 5000)

    for arguments in (
        ("runs",),
        ("import", "data/projects.xlsx"),
        ("schedule", "-s", "tiny"),
        ("db", "check"),
    ):
        code, said, told = command(*arguments)

        assert (code, said) == (2, "")
        assert re.fullmatch(
            r"错误 error: 数据库 database .*portfolio\.db: .*已损坏.* / .*damaged.*\n", told
        ), told


@pytest.mark.parametrize("debug", [(), ("--debug",)], ids=["plain", "debug"])
def test_no_message_shows_the_password(
    command: Command, postgresql: Server, monkeypatch: pytest.MonkeyPatch, debug: tuple[str, ...]
) -> None:
    secret = "never/t0ld"
    for changes in ({}, {"port": 1}, {"host": "x@y"}, {"query": {"nonsense": "1"}}):
        url = postgresql.url("postgres", password=secret, **changes)
        monkeypatch.setenv("PORTFOLIO_DATABASE_URL", url)

        code, said, told = command(*debug, "runs")

        assert code == 2
        assert not {secret, "never%2Ft0ld", "t0ld"} & {
            word for word in ("t0ld", secret) if word in said + told
        }
        assert told.startswith("错误 error: 数据库")


@pytest.mark.parametrize("debug", [(), ("--debug",)], ids=["plain", "debug"])
def test_a_defect_does_not_show_the_password_either(
    command: Command, postgresql: Server, monkeypatch: pytest.MonkeyPatch, debug: tuple[str, ...]
) -> None:
    monkeypatch.setenv("PORTFOLIO_DATABASE_URL", postgresql.url("postgres"))

    def mistaken(*_: object) -> None:
        with Database(postgresql.url("postgres")) as database, database.session() as session:
            session.connection().exec_driver_sql("SELEC 1")

    monkeypatch.setattr(Database, "upgrade", mistaken)
    code, said, told = command(*debug, "runs")

    assert (code, "Traceback" in told) == (1, bool(debug))
    assert postgresql.password not in said + told
    assert postgresql.password[:5] not in said + told


def imports_of(database_url: str) -> int:
    with Database(database_url) as database, database.snapshot() as session:
        return len(repository.list_imports(session))


def test_ctrl_c_during_an_import_stores_nothing(
    command: Command, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("db", "upgrade", "--database", database_url)[0] == 0
    begin = Database.__init__

    def watched(self: Database, *given: Any, **named: Any) -> None:
        begin(self, *given, **named)

        def interrupt(_c: Connection, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith("INSERT INTO seats"):
                raise KeyboardInterrupt  # what Ctrl-C becomes; a real signal would end the test process

        event.listen(self.engine, "before_cursor_execute", interrupt)

    with monkeypatch.context() as patched:
        patched.setattr(Database, "__init__", watched)
        code, _, told = command("import", "data/projects.xlsx", "--database", database_url)

    assert (code, told.strip()) == (1, "已中断 / interrupted")
    assert imports_of(database_url) == 0


def test_two_people_who_import_at_once_are_both_stored_one_after_the_other(
    command: Command, database_url: str, tmp_path: Path
) -> None:
    plans = {
        cost: replace(PLAN, projects=(a_project("p", cost=cost), *PLAN.projects[1:])) for cost in (11, 12)
    }
    for cost, plan in plans.items():
        write(plan, tmp_path / f"{cost}.xlsx")
    assert command("db", "upgrade", "--database", database_url)[0] == 0

    programs = [
        subprocess.Popen(
            [sys.executable, "-m", "portfolio", "import", f"{cost}.xlsx", "--database", database_url],
            cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        )
        for cost in plans
    ]  # fmt: skip
    said = [program.communicate(timeout=60) for program in programs]

    assert [program.returncode for program in programs] == [0, 0], said
    with Database(database_url) as database, database.snapshot() as session:
        records = repository.list_imports(session)
        for record in records:
            plan = plans[int(Path(record.file_name).stem)]
            assert repository.portfolio_as_of(session, record.id).projects == plan.projects
        assert len({record.file_name for record in records}) == len(records) == 2
        assert repository.load_portfolio(session).projects == plan.projects


@pytest.mark.parametrize(
    ("reason", "exit_code", "words"),
    [(errno.ENOSPC, 1, "磁盘已满.*disk is full"), (errno.EACCES, 2, "无法写入.*cannot be written")],
)
def test_outputs_that_cannot_be_written_leave_the_old_ones_and_no_run(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: int, exit_code: int, words: str
) -> None:
    assert command("schedule", "-s", "tiny")[0] == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "out/tiny").iterdir()}

    def fail(_plan: object, path: Path, _lang: object) -> None:
        path.write_bytes(b"half a workb")
        raise OSError(reason, "as the system says")

    monkeypatch.setattr(book, "write", fail)
    code, _, told = command("schedule", "-s", "tiny")

    assert code == exit_code
    assert re.search(rf"schedule\.xlsx: {words}", told), told
    assert {path.name: path.read_bytes() for path in (tmp_path / "out/tiny").iterdir()} == before
    assert command("runs")[1].count("tiny-") == 1


def test_files_name_the_run_they_are_stored_as_whoever_came_between(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run takes the name while the reports are written."""
    assert command("schedule", "-s", "tiny")[0] == 0
    monkeypatch.setattr(runs, "next_run_name", lambda _session, scenario: f"{scenario}-0001")
    monkeypatch.setattr(runs, "reserve_run_name", lambda _session, scenario: f"{scenario}-0002")
    assert command("schedule", "-s", "tiny")[0] == 0

    folder = tmp_path / "out/tiny"
    assert json.loads((folder / "schedule.json").read_text("utf-8"))["run"] == "tiny-0002"
    assert "tiny-0002" in (folder / "report.html").read_text("utf-8")
    assert "tiny-0001" not in (folder / "report.html").read_text("utf-8")
    assert command("show", "tiny", "p", "--lang", "zh")[1].count("排期 tiny-0002") == 1


def test_a_run_that_cannot_be_stored_leaves_the_old_outputs(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full at the very end, when the log of the transaction is written."""
    assert command("schedule", "-s", "tiny")[0] == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "out/tiny").iterdir()}
    begin = Database.__init__

    def watched(self: Database, *given: Any, **named: Any) -> None:
        begin(self, *given, **named)

        @event.listens_for(self.engine, "commit")
        def no_room(connection: Connection) -> None:
            if connection.get_execution_options()[WRITES]:
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorname = "SQLITE_FULL"
                raise error

    with monkeypatch.context() as patched:
        patched.setattr(Database, "__init__", watched)
        code, _, told = command("schedule", "-s", "tiny")

    assert (code, "the disk is full, nothing was stored" in told) == (1, True)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out/tiny").iterdir()} == before
    assert command("runs")[1].count("tiny-") == 1
