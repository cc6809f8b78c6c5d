"""Programs that some tests look at outputs with. Where one is not installed the test skips and says so;
`.ci/run` installs them all and lets no such test skip."""

from __future__ import annotations

import os
import shutil

import pytest

REQUIRED = bool(os.environ.get("PORTFOLIO_TESTS_NEED_OFFICE"))


def program(*names: str) -> str:
    """The first of `names` that is installed; skips the test, or fails it where tools are required."""
    for name in names:
        if found := shutil.which(name):
            return found
    words = f"{names[0]} is not installed"
    if REQUIRED:
        pytest.fail(words)
    pytest.skip(words)


def chromium() -> str:
    return program("chromium", "chromium-browser", "google-chrome")


def java() -> str:
    return program("java")
