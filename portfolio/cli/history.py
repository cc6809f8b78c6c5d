"""`portfolio history` and `portfolio runs`: what was imported, and what was planned with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portfolio.cli.common import database_option, lang_option, open_database
from portfolio.domain.text import Text
from portfolio.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portfolio.db.difference import RowChange
    from portfolio.db.records import ImportRecord
    from portfolio.domain.text import Lang
    from portfolio.imports.history import Entry


@click.command()
@click.argument("project", required=False)
@click.option("--import", "import_id", type=click.IntRange(min=1), metavar="N", help="第 N 次导入的全部变化 All that import N changed.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="以 JSON 打印 Print JSON.")
@database_option
@lang_option
def history(project: str | None, import_id: int | None, as_json: bool, database: str, lang: Lang) -> None:
    """导入记录 Every import; with PROJECT, every change of that project.

    旧的在前。不带参数：每次导入一行；PROJECT：该项目在各表中的每处变化；--import：某次导入的全部变化。
    Oldest first. Without arguments, a line an import; with PROJECT, every change of its rows in any
    table; with --import, all that one import changed.
    """
    from portfolio.imports import history as trail

    if project is not None and import_id is not None:
        raise UsageError("PROJECT 和 --import 只能用一个 / name a project or --import, not both")
    with open_database(database, lang) as store:
        if project is None and import_id is None:
            records = trail.list_imports(store)
            if as_json:
                click.echo(_json({"imports": [_record(record) for record in records]}))
            else:
                _print_imports(records, lang)
            return
        found = trail.of_import(store, import_id) if import_id else trail.of_project(store, project or "")
    if as_json:
        given = {"project": project} if project else {}
        click.echo(_json({**given, "imports": [_entry(entry) for entry in found.entries]}))
        return
    from portfolio.cli.difference import Teller

    teller = Teller(lang, found.names, everything=True)
    for entry in found.entries:
        click.echo(teller.origin(entry.record))
        for line in teller.difference(entry.changes, 2):
            click.echo(line)
        if entry.kept:
            kept = Text(
                "文件中另有，但保留了数据库的内容", "the file said otherwise, the database's was kept"
            )
            click.echo(f"  {kept.pick(lang, ' / ')}")
            for line in teller.difference(entry.kept, 4):
                click.echo(line)


def _print_imports(records: Sequence[ImportRecord], lang: Lang) -> None:
    """A line an import: number, local time, user, rows, the revision the file was edited from, file."""
    from portfolio.cli.lines import WIDTH, cut, padded, width

    for record in records:
        when = f"{record.imported_at.astimezone():%Y-%m-%d %H:%M}"
        rows = f"+{record.rows_added} -{record.rows_removed} ~{record.rows_changed}"
        line = f"{record.id:>4}  {when}  {padded(cut(record.user, 12), 8)}  {rows:<14}"
        if record.revision:
            revision = Text(f"源自 {record.revision}", f"from {record.revision}").pick(lang, "/")
            line += f" {revision} "
        click.echo(f"{line} {cut(Path(record.file_name).name, WIDTH - width(line) - 1)}".rstrip())


def _json(document: dict[str, Any]) -> str:
    return json.dumps({"format": 1, **document}, ensure_ascii=False, indent=1)


def _record(record: ImportRecord) -> dict[str, Any]:
    """An import for other programs (docs/commands.md)."""
    return {
        "id": record.id,
        "imported_at": record.imported_at.isoformat(),
        "user": record.user,
        "file": record.file_name,
        "file_sha256": record.file_sha256,
        "portfolio_sha256": record.portfolio_sha256,
        "rows_added": record.rows_added,
        "rows_removed": record.rows_removed,
        "rows_changed": record.rows_changed,
        "revision": record.revision,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        **_record(entry.record),
        "changes": [_change(change) for change in entry.changes],
        "kept": [_change(change) for change in entry.kept],
    }


def _change(change: RowChange) -> dict[str, Any]:
    """A cell with its values, or the cells of a row that came or went, or the order of the rows."""
    told: dict[str, Any] = {"table": change.table, "row": change.row, "kind": change.kind.value}
    if change.column:
        return {**told, "column": change.column, "old": change.old, "new": change.new}
    if change.kind == "reordered":
        return {**told, "rows": json.loads(change.new or "[]")}
    return {**told, "cells": json.loads((change.new if change.kind == "added" else change.old) or "{}")}


@click.command()
@database_option
def runs(database: str) -> None:
    """列出历次排期 List the stored runs, oldest first.

    每行：排期、时间、状态、首要目标、输入的指纹。
    A line each: run, time, status, first objective, fingerprint of its inputs.
    """
    from portfolio import service

    with open_database(database) as store:
        stored = service.list_runs(store)
    for run in stored:
        first = next(iter(run.objectives), None)
        goal = f"{first.name} = {first.value:,}" if first else "–"
        when = f"{run.created_at.astimezone():%Y-%m-%d %H:%M}"
        click.echo(f"{run.name:<24} {when}  {run.status.value:<11} {goal:<28} {run.inputs_sha256[:12]}")
