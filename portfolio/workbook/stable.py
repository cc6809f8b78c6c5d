"""Saving a workbook so that the same content gives the same bytes."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.workbook import Workbook

MOMENT = datetime(2000, 1, 1)  # noqa: DTZ001  # a constant, not a time: openpyxl wants it naive
"""Stands in every place where the time of writing would stand."""

_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def save(workbook: Workbook, path: Path) -> None:
    """Write the workbook; folders are made as needed, an older file is replaced whole."""
    workbook.properties.creator = "school-portfolio"
    workbook.properties.created = MOMENT
    buffer = BytesIO()
    workbook.save(buffer)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written aside first, so that a full disk or a crash leaves the older file as it was.
    aside = path.with_name(path.name + ".part")
    try:
        aside.write_bytes(_without_times(buffer))
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _without_times(buffer: BytesIO) -> bytes:
    stamp = f"{MOMENT.isoformat()}Z".encode()
    result = BytesIO()
    with ZipFile(buffer) as source, ZipFile(result, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            info = ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
            info.compress_type = ZIP_DEFLATED
            target.writestr(info, content)
    return result.getvalue()
