"""What LibreOffice saves, in any format, is what it was given."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from portfolio.workbook.reader import read
from tests.report.workbook.opened import needs_office

pytestmark = [pytest.mark.office, needs_office]

SHIPPED = Path(__file__).parents[3] / "data" / "projects.xlsx"


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_the_shipped_workbook_survives_libreoffice(kind: str, tmp_path: Path) -> None:
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", kind, "--outdir", str(tmp_path), str(SHIPPED)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    before, after = read(SHIPPED), read(tmp_path / f"projects.{kind}")
    assert before.portfolio is not None
    assert after.portfolio == before.portfolio
