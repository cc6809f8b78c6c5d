"""One Chromium for all tests of the page; every page opened in it must stay silent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from portfolio.domain.text import Lang
from portfolio.report.html import write
from portfolio.scenario.plan import Plan
from tests.tools import chromium

Opener = Callable[..., Page]
VIOLATIONS = (
    "addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective))"
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the pages said on the console, threw, or asked a network for."""
    return []


@pytest.fixture
def opened(browser: Browser, tmp_path: Path, complaints: list[str]) -> Iterator[Opener]:
    """Writes a plan and opens it by its file address; at the end nothing may have complained."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.add_init_script(VIOLATIONS)

    def open_plan(plan: Plan, lang: Lang = "both", width: int = 1366) -> Page:
        path = tmp_path / f"report-{lang}.html"
        write(plan, path, lang)
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 768})
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", lambda request: complaints.append(request.url))
        page.on("request", lambda request: _only_the_file(request.url, complaints))
        page.on("dialog", lambda dialog: _refuse(dialog, complaints))
        page.goto(path.as_uri())
        return page

    yield open_plan
    context.close()
    assert complaints == []


def _refuse(dialog: Dialog, complaints: list[str]) -> None:
    complaints.append(f"dialog {dialog.message}")
    dialog.dismiss()


def _only_the_file(url: str, complaints: list[str]) -> None:
    if not url.startswith(("file:", "data:")):
        complaints.append(f"request {url}")
