"""Each way a database can fail ends in a message in both languages that names the place, and stores nothing."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from portfolio.db.failures import told
from portfolio.db.repository import load_portfolio
from portfolio.db.session import Database
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import Project, Stage
from portfolio.errors import PortfolioError, UsageError
from tests.postgres import Server, running_server

Store = Callable[[Portfolio], None]
Dump = Callable[[], Any]

LARGE = Portfolio(
    projects=tuple(
        Project(key=f"{i:05}", county="甲县", stage=Stage.PRIMARY, notes="x" * 500) for i in range(3000)
    )
)
ADD_NORM = text(
    "INSERT INTO norms (position, county, basis, source, locator, notes) VALUES (1, '', 'stated', '', '', '')"
)


@contextmanager
def refused(words: str, exit_code: int, place: str) -> Iterator[None]:
    """Expects the error: Chinese, then English with `words`, the place, the exit code."""
    with pytest.raises(PortfolioError) as caught:
        yield
    message = str(caught.value)
    assert re.search(rf"{re.escape(place)}: .*[\u4e00-\u9fff].* / .*{words}", message), message
    assert caught.value.exit_code == exit_code


@pytest.mark.parametrize(
    ("state", "words", "exit_code"),
    [
        ("25006", "cannot be written", 2),
        ("3F000", "lacks a right", 2),
        ("40001", "in use by another program", 1),
        ("40P01", "in use by another program", 1),
        ("42501", "lacks a right", 2),
        ("42P01", "lacks tables", 1),
        ("53100", "disk is full, nothing was stored", 1),
        ("55P03", "in use by another program", 1),
        ("57014", "ended the statement", 1),
        ("57P01", "connection to the server was lost", 1),
        ("58030", "reading or writing failed", 1),
        ("XX001", "damaged data", 1),
    ],
)
def test_what_a_postgresql_server_reports_is_told(state: str, words: str, exit_code: int) -> None:
    reported = psycopg.errors.lookup(state)("as the server says")

    with refused(words, exit_code, "postgresql://h/x"), told("postgresql://h/x"):
        raise DBAPIError("SELECT 1", {}, reported)


def test_other_mistakes_of_statements_are_not_disguised() -> None:
    for reported in (psycopg.errors.SyntaxError("?"), sqlite3.OperationalError('near "?": syntax error')):
        with pytest.raises(DBAPIError), told("x"):
            raise DBAPIError("?", {}, reported)


# Files


def place(tmp_path: Path) -> str:
    return str(tmp_path / "portfolio.db")


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_full_database_keeps_what_it_had(
    database: Database, store: Store, dump: Dump, full_portfolio: Portfolio
) -> None:
    store(full_portfolio)
    before = dump()

    def no_room(connection: sqlite3.Connection, _: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 5}")

    event.listen(database.engine, "connect", no_room)
    with refused("disk is full, nothing was stored", 1, database.place):
        store(LARGE)
    event.remove(database.engine, "connect", no_room)

    assert dump() == before
    store(LARGE)


LIMITED = """
import resource, sys
from datetime import UTC, datetime
from portfolio.db.repository import save_import
from portfolio.db.session import Database
from portfolio.errors import PortfolioError
from tests.db.test_database_failures import LARGE

resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
try:
    with Database(sys.argv[1]) as database, database.session() as session:
        save_import(session, LARGE, user="", file_name="", file_sha256="", now=datetime.now(UTC))
except PortfolioError as error:
    print(error)
"""


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_disk_that_takes_no_more_leaves_the_database_as_it_was(
    database: Database, store: Store, dump: Dump, full_portfolio: Portfolio
) -> None:
    """The operating system refuses to write on, in the middle of the log."""
    pytest.importorskip("resource")
    store(full_portfolio)
    before = dump()

    done = run_program(LIMITED, database.engine.url.render_as_string())

    assert re.search(r"读写失败.* / reading or writing failed, nothing was stored", done.stdout), done
    assert dump() == before
    store(LARGE)


def run_program(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program, *arguments],
        cwd=Path(__file__).parents[2], capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_file_that_may_only_be_read_is_told(database: Database, tmp_path: Path) -> None:
    url = f"sqlite:///file:{place(tmp_path)}?mode=ro&uri=true"

    with (
        Database(url) as reader,
        pytest.raises(UsageError, match=r"不能写入.*cannot be written"),
        reader.session() as session,
    ):
        session.execute(ADD_NORM)


def test_where_there_can_be_no_write_ahead_log_the_file_works_without(
    tmp_path: Path,
) -> None:
    """As on many network drives: this way to the file has no shared memory, which the log needs."""
    with Database(
        f"sqlite:///file:{place(tmp_path)}?vfs=unix-dotfile&uri=true", lock_timeout_s=0.1
    ) as database:
        database.upgrade()
        with database.session() as session:
            session.execute(ADD_NORM)
        with database.session() as session:
            assert session.execute(text("PRAGMA journal_mode")).scalar() == "delete"
        with database.snapshot() as session:
            assert len(load_portfolio(session).norms) == 1


def damaged(data: bytes, kind: str) -> bytes:
    page, pages = 4096, len(data) // 4096
    if kind == "truncated":
        return data[: len(data) // 3]
    if kind == "first page":
        return data[:100] + b"\xa5" * (page - 100) + data[page:]
    return data[:page] + b"\xa5" * (page * (pages - 1))


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("kind", ["truncated", "first page", "all other pages"])
def test_a_damaged_file_is_told_and_not_made_worse(
    database: Database, store: Store, full_portfolio: Portfolio, tmp_path: Path, kind: str
) -> None:
    store(full_portfolio)
    file = tmp_path / "damaged.db"
    file.write_bytes(damaged(Path(place(tmp_path)).read_bytes(), kind))
    before = file.read_bytes()

    with (
        Database(f"sqlite:///{file}") as broken,
        refused("damaged; choose another file or restore", 2, str(file)),
    ):
        broken.upgrade()
        with broken.snapshot() as session:
            load_portfolio(session)

    assert file.read_bytes() == before


@pytest.mark.parametrize("backend", ["sqlite"])
def test_text_that_is_no_text_is_damage(database: Database, store: Store, full_portfolio: Portfolio) -> None:
    store(full_portfolio)
    with database.session() as session:
        session.execute(text("UPDATE projects SET notes = CAST(x'ff' AS TEXT)"))

    words = "damaged; choose another file or restore a copy"
    with refused(words, 2, database.place), database.snapshot() as session:
        load_portfolio(session)


def test_values_that_nothing_can_mean_are_told(
    database: Database, store: Store, full_portfolio: Portfolio
) -> None:
    store(full_portfolio)
    with database.session() as session:
        session.execute(text("UPDATE norms SET cost_per_m2 = 'many'"))

    with pytest.raises(PortfolioError, match=r"读不懂的数据.*restore a copy"), database.snapshot() as session:
        load_portfolio(session)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_check_finds_damage_that_no_command_has_met_yet(database: Database, tmp_path: Path) -> None:
    database.check()
    file = tmp_path / "damaged.db"
    with sqlite3.connect(place(tmp_path)) as whole:
        root = whole.execute("SELECT rootpage FROM sqlite_master WHERE name = 'run_draws'").fetchone()[0]
    whole.close()
    data = Path(place(tmp_path)).read_bytes()
    file.write_bytes(data[: (root - 1) * 4096] + b"\xa5" * 4096 + data[root * 4096 :])

    with Database(f"sqlite:///{file}") as broken, refused("damaged", 2, str(file)):
        broken.check()


FOREIGN = {
    "a version": "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('a1b2c3')",
    "our version": "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('0001')",
    "a table like ours": "CREATE TABLE projects (title TEXT)",
}


@pytest.mark.parametrize("statements", FOREIGN.values(), ids=FOREIGN)
def test_a_database_of_another_program_is_left_alone(
    database_url: str, backend: str, postgresql_tables: Callable[[str], None], tmp_path: Path, statements: str
) -> None:
    file = tmp_path / "portfolio.db"
    if backend == "sqlite":
        with sqlite3.connect(file) as other:
            other.executescript(statements)
        other.close()
    else:
        postgresql_tables(statements)
    before = file.read_bytes() if backend == "sqlite" else b""

    with Database(database_url) as database:
        for verb in (database.upgrade, database.check, database.current):
            with refused("belongs to another program .* was left alone", 2, database.place):
                verb()

    if backend == "sqlite":
        assert file.read_bytes() == before
        assert list(tmp_path.iterdir()) == [file]


@pytest.fixture
def postgresql_tables(database_url: str) -> Callable[[str], None]:
    """Runs statements in the PostgreSQL database as another program would."""

    def run(statements: str) -> None:
        with psycopg.connect(database_url) as connection:
            connection.execute(statements.encode())

    return run


def test_an_sqlite_file_belongs_to_one_program(tmp_path: Path) -> None:
    file = tmp_path / "photos.db"
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE photos (id INTEGER)")
    other.close()

    with (
        Database(f"sqlite:///{file}") as database,
        refused(r"another program \(table photos\)", 2, str(file)),
    ):
        database.upgrade()


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_postgresql_schema_may_hold_tables_of_extensions(
    database_url: str, postgresql_tables: Callable[[str], None]
) -> None:
    postgresql_tables("CREATE TABLE spatial_ref_sys (srid INTEGER)")

    with Database(database_url) as database:
        assert database.current() is None
        database.upgrade()
        database.check()


# A server


@pytest.fixture
def server(postgresql: Server) -> Server:
    return postgresql


def spelled(secret: str) -> set[str]:
    """A password as it may stand in a message."""
    return {secret, quote(secret), quote(secret, safe="")}


@pytest.mark.parametrize(
    ("database", "changes", "words"),
    [
        ("postgres", {"password": "wrong/p@ss"}, "cannot be reached.*password authentication failed"),
        ("postgres", {"username": "nobody"}, "cannot be reached.*password authentication failed"),
        ("nowhere", {}, 'cannot be reached.*database "nowhere" does not exist'),
        ("postgres", {"port": 1}, "cannot be reached.*refused"),
        ("postgres", {"host": "no.such.host.invalid"}, "cannot be reached"),
        ("postgres", {"query": {"nonsense": "1"}}, "cannot be reached.*nonsense"),
    ],
)
def test_a_database_that_cannot_be_reached_is_told_without_its_password(
    server: Server, database: str, changes: dict[str, Any], words: str
) -> None:
    url = server.url(database, **changes)

    with Database(url) as unreachable, pytest.raises(UsageError) as caught:
        unreachable.upgrade()

    shown = "".join(traceback.format_exception(caught.value))
    assert re.search(rf"^数据库 database postgresql://.*连不上.* / {words}", str(caught.value))
    assert not any(word in shown for word in spelled(server.password) | spelled("wrong/p@ss"))


@pytest.mark.parametrize("password", ["p@ss", "a/b@c", "a:b@c/d"])
def test_a_password_that_is_not_spelled_for_a_url_is_told_how_and_not_shown(password: str) -> None:
    with pytest.raises(UsageError, match="%40") as caught:
        Database(f"postgresql://li:{password}@db.example/plan")

    assert not any(part in str(caught.value) for part in ("p@ss", "a/b", "a:b", "@c"))


@pytest.mark.parametrize("url", ["postgresql://li:secret@h:port/x", "postgresql//li:secret@h/x"])
def test_a_url_that_is_none_does_not_show_its_password(url: str) -> None:
    with pytest.raises(UsageError, match="is not a database URL") as caught:
        Database(url)

    assert "secret" not in str(caught.value)


def test_options_of_the_url_are_not_shown() -> None:
    """They may hold a password too."""
    assert Database("postgresql://h/x?user=li&password=secret").place == "postgresql://h/x"


def test_a_role_without_rights_is_told_which(server: Server, tmp_path: Path) -> None:
    server.run("DROP ROLE IF EXISTS reader")
    server.run("CREATE ROLE reader LOGIN PASSWORD 'r'")
    url = server.make("rights")
    as_reader = server.url("rights", username="reader", password="r")

    with Database(as_reader) as reader, refused("lacks a right.*schema public", 2, reader.place):
        reader.upgrade()
    with Database(url) as owner:
        owner.upgrade()
    with Database(as_reader) as reader, refused("lacks a right.*table alembic_version", 2, reader.place):
        reader.upgrade()
    server.drop("rights")


def test_a_database_that_cannot_hold_chinese_is_refused(server: Server) -> None:
    server.run(f"CREATE DATABASE latin OWNER {server.user} ENCODING 'LATIN1' TEMPLATE template0")

    with Database(server.url("latin")) as latin, refused("create one with ENCODING 'UTF8'", 2, latin.place):
        latin.upgrade()


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_connection_that_is_ended_in_the_middle_stores_nothing(
    database: Database, server: Server, dump: Dump
) -> None:
    before = dump()

    words = "connection to the server was lost, nothing unfinished"
    with refused(words, 1, database.place), database.session() as session:
        session.execute(ADD_NORM)
        name = session.execute(text("SELECT current_database()")).scalar()
        server.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        session.execute(text("SELECT 1"))

    assert dump() == before


@pytest.mark.usefixtures("postgresql")  # skipped where that is
def test_a_server_that_stops_in_the_middle_is_told() -> None:
    with running_server() as server:
        database = Database(server.make("short"))
        database.upgrade()
        session_context = database.session()
        session = session_context.__enter__()
        session.execute(ADD_NORM)

    with refused("connection to the server was lost", 1, database.place):
        try:
            session.execute(text("SELECT 1"))
        except DBAPIError as error:
            session_context.__exit__(type(error), error, error.__traceback__)
    with refused("cannot be reached", 2, database.place):
        database.upgrade()


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_statement_that_takes_too_long_is_told(database: Database) -> None:
    with refused("ended the statement", 1, database.place), database.session() as session:
        session.execute(text("SET LOCAL statement_timeout = 10"))
        session.execute(text("SELECT pg_sleep(10)"))


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_change_by_another_at_the_same_time_is_told(database: Database, store: Store) -> None:
    with database.session() as session:
        session.execute(ADD_NORM)

    words = "in use by another program, nothing was stored"
    with refused(words, 1, database.place), database.session() as late:
        late.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        late.execute(text("SELECT * FROM norms"))
        with database.session() as first:
            first.execute(text("UPDATE norms SET notes = 'first'"))
        late.execute(text("UPDATE norms SET notes = 'late'"))

    with database.snapshot() as session:
        assert [norm.notes for norm in load_portfolio(session).norms] == ["first"]


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_server_that_only_reads_is_told(database: Database, server: Server) -> None:
    name = database.engine.url.database
    assert name
    url = server.url(name, query={"options": "-cdefault_transaction_read_only=on"})

    with (
        Database(url) as standby,
        refused("cannot be written", 2, standby.place),
        standby.session() as session,
    ):
        session.execute(ADD_NORM)
