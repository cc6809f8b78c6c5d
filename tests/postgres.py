"""A PostgreSQL server for the tests alone: on a free loopback port, its data in a temporary folder, gone
with the tests however they end.

Without the programs of a server the tests that need one are skipped, or fail where
PORTFOLIO_TESTS_NEED_POSTGRESQL is set.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL

REQUIRED = "PORTFOLIO_TESTS_NEED_POSTGRESQL" in os.environ
"""Set where PostgreSQL must be there: its tests then fail without it instead of being skipped."""

SCRIPT = """
set -eu
bin=$1 folder=$2 port=$3
trap 'rm -rf "$folder"' EXIT
trap '' HUP INT TERM
"$bin/initdb" -D "$folder/data" -U postgres -A scram-sha-256 --pwfile="$folder/password" \
    -E UTF8 --locale=C --no-sync
"$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -t 60 -w start -o "-p $port -h 127.0.0.1 -k '' \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=16MB \
    -c autovacuum=off -c max_connections=40" || { cat "$folder/log"; exit 1; }
echo READY
cat > /dev/null
"$bin/pg_ctl" -D "$folder/data" -m immediate -w stop
"""
"""Makes and starts a server, waits for the end of its input, stops the server and clears away. The
input is a pipe from the tests: it ends with their process, even one that is killed."""


@dataclass(frozen=True)
class Server:
    """A running server. `user` is an ordinary role that owns the databases made here; its password
    has every character that a URL must spell otherwise."""

    port: int
    administrator_password: str
    user: str = "planner"
    password: str = f"p@ss/{secrets.token_hex(8)}:?#%"

    def url(self, database: str, **changes: Any) -> str:
        """The URL of a database for the ordinary role; `changes` are parts of the URL."""
        parts = {"username": self.user, "password": self.password, "host": "127.0.0.1", "port": self.port}
        url = URL.create("postgresql", **{**parts, "database": database, **changes})
        return url.render_as_string(hide_password=False)

    def run(self, statement: str, database: str = "postgres") -> None:
        """Runs a statement as administrator, outside any transaction."""
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="postgres", password=self.administrator_password,
            dbname=database, autocommit=True,
        ) as connection:  # fmt: skip
            connection.execute(statement.encode())

    def make(self, database: str, *, like: str = "template0", **changes: Any) -> str:
        """A new database of the ordinary role, a copy of `like`; its URL."""
        self.run(f'CREATE DATABASE "{database}" OWNER "{self.user}" TEMPLATE "{like}"')
        return self.url(database, **changes)

    def drop(self, database: str) -> None:
        """Removes a database and ends its connections."""
        self.run(f'DROP DATABASE "{database}" WITH (FORCE)')


class NoServerError(Exception):
    """Why there can be no server here."""


@contextmanager
def running_server() -> Iterator[Server]:
    """Raises:
    NoServerError: no programs of PostgreSQL are found, or it does not start.
    """
    programs, account = _programs(), _account()
    password, port = secrets.token_urlsafe(16), _free_port()
    folder = Path(tempfile.mkdtemp(prefix="portfolio-postgresql-", dir=_quick_folder()))
    (folder / "password").write_text(password)
    for path in (folder, folder / "password"):
        if account:
            shutil.chown(path, account["user"], account["group"])
    try:
        process = subprocess.Popen(
            ["sh", "-c", SCRIPT, "sh", str(programs), str(folder), str(port)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TMPDIR": tempfile.gettempdir()}, start_new_session=True,
            **account,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        shutil.rmtree(folder)
        raise NoServerError(f"PostgreSQL cannot be run as another user than root: {error}") from None
    with process:
        told = _until_ready(process)
        try:
            if told is not None:
                raise NoServerError(f"PostgreSQL does not start: {told}")
            server = Server(port, password)
            server.run(f"CREATE ROLE {server.user} LOGIN PASSWORD '{server.password}'")
            yield server
        finally:
            assert process.stdin is not None
            with suppress(BrokenPipeError):
                process.stdin.close()
            process.wait(60)


@cache
def missing() -> str | None:
    """Why there can be no server, as far as that can be seen without starting one; None: nothing is missing."""
    try:
        _programs()
        _account()
    except NoServerError as error:
        return str(error)
    return None


def _until_ready(process: subprocess.Popen[str]) -> str | None:
    """None once the server answers; what the programs said if it does not start."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        if line == "READY\n":
            return None
        said.append(line)
    return "".join(said[-10:])


def _programs() -> Path:
    """The folder with initdb and pg_ctl: of the newest version, where there are several."""
    found = [Path(path).parent for name in ("initdb", "pg_ctl") if (path := shutil.which(name))]
    with suppress(OSError, subprocess.SubprocessError):
        asked = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True)
        found.append(Path(asked.stdout.strip()))
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    found += sorted(installed, key=lambda path: [int(n) for n in re.findall(r"\d+", str(path))], reverse=True)
    for folder in found:
        if os.name == "posix" and (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise NoServerError("PostgreSQL is not installed (initdb and pg_ctl are not found)")


def _account() -> dict[str, Any]:
    """Whom to run the server as: it refuses root. Empty: whoever runs the tests."""
    if os.name != "posix" or os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return {"user": pwd.getpwnam(name).pw_uid, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}
    raise NoServerError("PostgreSQL refuses to run as root, and there is no user postgres or nobody")


def _quick_folder() -> str | None:
    """Memory rather than a disk, where there is plenty of it: each test makes a database of some megabytes."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 * 1024**3
    return str(memory) if roomy else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """The server of this test process; started by the first test that asks for it."""
    try:
        with running_server() as server:
            yield server
    except NoServerError as error:
        (pytest.fail if REQUIRED else pytest.skip)(str(error))
