"""Property tests: no deadlines, for machines differ; fixed examples in CI, fresh ones elsewhere. The
databases of `tests.databases` are there for all tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from tests import postgres
from tests.databases import *  # noqa: F403 - its fixtures

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips what needs PostgreSQL where there is none: here, so that the summary tells it in one line."""
    params = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    if "postgresql" not in (*getattr(item, "fixturenames", ()), params.get("backend")):
        return
    if not postgres.REQUIRED and (reason := postgres.missing()):
        pytest.skip(reason)
