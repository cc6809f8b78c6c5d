"""The checked copy of a refused workbook: its cells marked, beside the file that is never written to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from portfolio.domain.notice import Notice
from portfolio.domain.text import Text
from portfolio.errors import PortfolioError
from portfolio.writing import in_place


@dataclass(frozen=True, slots=True)
class Checked:
    """Where the checked copy is, or why there is none."""

    path: Path | None = None
    missing: Text | None = None


def write_checked(data: bytes, path: Path, notices: Sequence[Notice]) -> Checked:
    """Marks the problems in a copy of the workbook `data`, which came from `path`. That there is none
    never stands in the way of telling the problems themselves."""
    from portfolio.workbook.annotate import annotated, checked_path
    from portfolio.workbook.package import is_workbook

    if not is_workbook(data):
        return Checked(
            missing=Text(
                "这种格式没有标注副本；另存为 .xlsx 后再检查，可得到",
                "this format has no checked copy; save the file as .xlsx and check again to get one",
            )
        )
    try:
        content = annotated(data, notices, file_name=path.name)
    except ValueError as problem:
        return Checked(
            missing=Text(f"无法写标注副本：{problem}", f"no checked copy could be made: {problem}")
        )
    try:
        target = checked_path(path)
        with in_place(target) as draft:
            draft.write_bytes(content)
    except (OSError, PortfolioError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else str(problem)
        return Checked(
            missing=Text(
                f"标注副本未能写在 {path.parent}：{why}",
                f"no checked copy was written in {path.parent}: {why}",
            )
        )
    return Checked(path=target)
