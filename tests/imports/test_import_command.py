"""`portfolio import`: the difference before it is stored, removals, dry runs, checked copies."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from portfolio.cli.imported import tell_imported
from portfolio.db.session import Database
from portfolio.domain.notice import Notice
from portfolio.domain.portfolio import Norm, Portfolio
from portfolio.domain.project import Nature
from portfolio.imports import DEFAULT_WORKBOOK, bring_up_to_date, import_workbook, storing
from portfolio.imports.proposal import propose
from portfolio.workbook import annotate
from tests.builders import a_project, caps, demand, seats
from tests.imports.conftest import Desk, P, Q, R, a_portfolio, changed, without

# --- the difference -----------------------------------------------------------------------------


def an_edit(held: Portfolio) -> Portfolio:
    """A dearer project, a new one with seats, one seat row gone, more money, more demand."""
    return replace(
        held,
        projects=(replace(P, total_cost=12_050, mandatory=True), Q, R, replace(P, key="n", name_zh="新小")),
        seats=(*held.seats[:2], seats("n", 1080)),
        funding_caps=(caps(50, 75.5),),
        demand=(demand(600, 900),),
    )


SHOWN = {
    "en": """\
Projects  +1 ~1
  ~ p 一小
      total_cost: 100 → 120.5
      mandatory: no → yes
  + n 新小: total_cost 100
Seats  +1 -1
  + n 新小 · primary: seats_added 1,080
  - r 三小 · primary: seats_added 90
FundingCaps  ~1
  ~ s
      2022: 60 → 75.5
Demand  ~1
  ~ A · primary
      2022: 700 → 900
Effect on totals
  projects: 3 → 4 (+1)
  investment, 万元: 300 → 420.5 (+120.5)
  seats added: 270 → 1,260 (+990)
  peak demand: 700 → 900 (+200)
  caps in all, 万元: 110 → 125.5 (+15.5)
    s: 110 → 125.5 (+15.5)
7 changes; nothing stored (dry run)
""",
    "zh": """\
项目  +1 ~1
  ~ p 一小
      总投资（万元）: 100 → 120.5
      必建: 否 → 是
  + n 新小: 总投资（万元） 100
学位  +1 -1
  + n 新小 · 小学: 新增学位 1,080
  - r 三小 · 小学: 新增学位 90
年度资金  ~1
  ~ s
      2022: 60 → 75.5
学位需求  ~1
  ~ A · 小学
      2022: 700 → 900
对合计的影响
  项目数: 3 → 4 (+1)
  总投资（万元）: 300 → 420.5 (+120.5)
  新增学位: 270 → 1,260 (+990)
  学位需求峰值: 700 → 900 (+200)
  年度资金合计（万元）: 110 → 125.5 (+15.5)
    s: 110 → 125.5 (+15.5)
7 处变化; 未保存（试运行）
""",
}


@pytest.mark.parametrize("lang", SHOWN)
def test_the_difference_is_shown_in_the_words_of_the_workbook(shared: Desk, lang: str) -> None:
    shared.edit("a.xlsx", an_edit)

    assert shared.run("import", "a.xlsx", "--dry-run", "--lang", lang).out == SHOWN[lang]


def test_the_difference_is_shown_before_it_is_stored(shared: Desk) -> None:
    shared.edit("a.xlsx", an_edit)
    seen: list[int] = []

    with Database(shared.url) as database:
        import_workbook(database, Path("a.xlsx"), show=lambda _: seen.append(len(shared.held().projects)))

    assert seen == [3]
    assert len(shared.held().projects) == 4


def test_long_lists_are_shortened_unless_all_is_asked_for(desk: Desk) -> None:
    many = tuple(a_project(f"p{n}", cost=100, duration=2) for n in range(30))
    desk.file("many.xlsx", a_portfolio(projects=many, seats=()))

    short = desk.run("import", "many.xlsx", "--dry-run", "--lang", "en").out
    whole = desk.run("import", "many.xlsx", "--dry-run", "--lang", "en", "--all").out

    assert short.count("  + p") == 12
    assert "… 18 more rows; --all lists them" in short
    assert whole.count("  + p") == 30


# --- dry runs -----------------------------------------------------------------------------------


def test_a_dry_run_makes_no_database(desk: Desk) -> None:
    desk.file("first.xlsx", a_portfolio())

    done = desk.run("import", "first.xlsx", "--dry-run")

    assert done.code == 0
    assert [path.name for path in desk.folder.iterdir()] == ["first.xlsx"]


def test_a_dry_run_leaves_every_byte_of_the_database(shared: Desk) -> None:
    shared.edit("a.xlsx", an_edit)
    before = shared.stored()

    assert shared.run("import", "a.xlsx", "--dry-run").code == 0

    assert shared.stored() == before


def test_a_workbook_with_errors_makes_no_database(desk: Desk) -> None:
    desk.file("first.xlsx", a_portfolio(funding_caps=(caps(1, source="nobody"),)))

    assert desk.run("import", "first.xlsx").code == 3
    assert not (desk.folder / "portfolio.db").exists()


# --- removals -----------------------------------------------------------------------------------


def test_removing_projects_needs_leave(shared: Desk) -> None:
    shared.edit("a.xlsx", lambda held: without("p")(without("q")(held)))
    before = shared.stored()

    for options in ((), ("--dry-run",)):
        done = shared.run("import", "a.xlsx", "--lang", "en", *options)
        assert done.code == 3
        assert "- p 一小" in done.out
        assert "removes project: p 一小 (100 万元)\n" in done.err
        assert "removes project: q 二小 (100 万元)\n" in done.err
        assert (
            "would remove 2 projects, nothing was stored; if that is meant, add --allow-removal" in done.err
        )
        assert shared.stored() == before

    shared.take_in("a.xlsx", "--allow-removal")
    assert [p.key for p in shared.held().projects] == ["r"]


def test_a_sheet_with_only_a_header_needs_leave_too(shared: Desk) -> None:
    shared.edit("a.xlsx", lambda held: replace(held, projects=(), seats=()))

    assert "would remove 3 projects" in shared.run("import", "a.xlsx").err


def test_rows_that_are_no_projects_go_without_leave(shared: Desk) -> None:
    shared.edit("a.xlsx", lambda held: replace(held, seats=()))

    shared.take_in("a.xlsx")

    assert shared.held().seats == ()


def test_a_schedule_takes_in_a_workbook_that_lacks_projects_and_names_them(shared: Desk) -> None:
    shared.edit("a.xlsx", without("p"))
    with Database(shared.url) as database:
        outcome = bring_up_to_date(database, Path("a.xlsx"))

    assert [project.key for project in outcome.removed] == ["p"]
    assert [project.key for project in shared.held().projects] == ["q", "r"]


def test_an_up_to_date_default_workbook_is_not_read_again(shared: Desk) -> None:
    DEFAULT_WORKBOOK.parent.mkdir()
    (shared.folder / "a.xlsx").rename(DEFAULT_WORKBOOK)
    with Database(shared.url) as database:
        first = bring_up_to_date(database, None)
        again = bring_up_to_date(database, None)

    assert (first.up_to_date, again.up_to_date) == (False, True)


# --- two at once --------------------------------------------------------------------------------


def test_an_import_that_another_one_overtook_is_compared_again(
    shared: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is stored is what was shown: the second look merges what came in between."""
    shared.edit("a.xlsx", changed("p", notes="A"))
    shared.edit("b.xlsx", changed("q", notes="B"))
    looks = 0

    def overtaken(database: Database, *given: object) -> object:
        nonlocal looks
        looks += 1
        proposal = propose(database, *given)  # type: ignore[arg-type]
        if looks == 1:
            monkeypatch.setattr(storing, "propose", propose)
            shared.take_in("b.xlsx")
            monkeypatch.setattr(storing, "propose", overtaken)
        return proposal

    monkeypatch.setattr(storing, "propose", overtaken)
    shared.take_in("a.xlsx")

    assert looks == 2
    assert [p.notes for p in shared.held().projects] == ["A", "B", ""]


# --- checked copies -----------------------------------------------------------------------------


@pytest.fixture
def broken(desk: Desk) -> Desk:
    desk.file("first.xlsx", a_portfolio(funding_caps=(caps(1, source="nobody"),)))
    return desk


@pytest.mark.parametrize("options", [(), ("--dry-run",)], ids=["import", "dry run"])
def test_errors_are_marked_in_a_copy_beside_the_file(broken: Desk, options: Sequence[str]) -> None:
    mine = (broken.folder / "first.xlsx").read_bytes()

    done = broken.run("import", "first.xlsx", "--lang", "en", *options)

    assert done.code == 3
    assert "notice: the cells are marked in a copy: first_checked.xlsx" in done.err
    assert (broken.folder / "first.xlsx").read_bytes() == mine
    book = openpyxl.load_workbook(broken.folder / "first_checked.xlsx")
    assert book["年度资金 FundingCaps"]["A2"].comment
    book.close()
    assert sorted(path.name for path in broken.folder.iterdir()) == ["first.xlsx", "first_checked.xlsx"]


def typed_differently(desk: Desk, *, broken: bool) -> None:
    """A cost typed with its unit, and a duration that a norm gives."""
    norm = Norm(nature=Nature.NEW, duration_years=2)
    project = replace(a_portfolio().projects[0], nature=Nature.NEW, duration_years=None)
    source = "nobody" if broken else "s"
    desk.file(
        "typed.xlsx",
        a_portfolio(projects=(project, Q, R), norms=(norm,), funding_caps=(caps(1, source=source),)),
    )
    book = openpyxl.load_workbook(desk.folder / "typed.xlsx")
    book["项目 Projects"]["K2"] = "0.5亿元"
    book.save(desk.folder / "typed.xlsx")


@pytest.mark.parametrize("refused", [False, True], ids=["stored", "refused"])
def test_an_import_tells_how_it_understood_a_cell_and_counts_estimates(desk: Desk, refused: bool) -> None:
    typed_differently(desk, broken=refused)

    done = desk.run("import", "typed.xlsx", "--lang", "en")

    assert done.code == (3 if refused else 0)
    assert 'Projects!K2 total_cost: "0.5亿元" read as 5000' in done.err
    assert "estimated from Norms" not in done.err
    assert "1 more notices; portfolio import typed.xlsx --dry-run lists them" in done.err


@pytest.mark.parametrize("refused", [False, True], ids=["stored", "refused"])
def test_a_dry_run_lists_every_notice(desk: Desk, refused: bool) -> None:
    typed_differently(desk, broken=refused)

    done = desk.run("import", "typed.xlsx", "--lang", "en", "--dry-run")

    assert "Projects!L2 duration_years: blank, estimated from Norms: 2" in done.err
    assert "more notices" not in done.err


def test_a_schedule_that_is_refused_leaves_a_checked_copy_too(broken: Desk) -> None:
    (broken.folder / "s.toml").write_text(
        "[horizon]\nfirst_year = 2021\nlast_year = 2023\n", encoding="utf-8"
    )

    done = broken.run("schedule", "-s", "s.toml", "--workbook", "first.xlsx", "--lang", "zh")

    assert done.code == 3
    assert "已在副本中逐格标出：first_checked.xlsx" in done.err


def test_a_copy_that_cannot_be_written_does_not_hide_the_errors(
    broken: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)

    done = broken.run("import", "first.xlsx")

    assert done.code == 3
    assert "年度资金 FundingCaps!A2" in done.err
    assert "no checked copy was written in .: " in done.err
    assert "disk is full" in done.err
    assert not list(broken.folder.glob("*checked*"))


def test_a_file_that_cannot_be_marked_is_told(broken: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_data: bytes, _notices: Sequence[Notice], *, file_name: str) -> bytes:
        raise ValueError(f"{file_name} is shared")

    monkeypatch.setattr(annotate, "annotated", refuse)

    done = broken.run("import", "first.xlsx")

    assert done.code == 3
    assert "no checked copy could be made: first.xlsx is shared" in done.err


def test_an_import_that_succeeds_does_not_speak_of_an_older_copy(broken: Desk) -> None:
    broken.run("import", "first.xlsx")
    broken.file("first.xlsx", a_portfolio())

    done = broken.take_in("first.xlsx")

    assert "checked" not in done.err
    assert (broken.folder / "first_checked.xlsx").exists()


# --- what other commands import by themselves ---------------------------------------------------


def test_a_schedule_names_the_projects_that_its_import_removes(
    shared: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    shared.edit("a.xlsx", without("p"))
    with Database(shared.url) as database:
        outcome = bring_up_to_date(database, Path("a.xlsx"))
    capsys.readouterr()

    tell_imported(outcome, Path("a.xlsx"), "en")
    told = capsys.readouterr().err

    assert told.startswith(
        "已导入 imported a.xlsx: 2 changes\n警告 warning: removes project: p 一小 (100 万元)\n"
    )


def test_a_conflict_stops_a_schedule_with_the_same_report(shared: Desk) -> None:
    shared.edit("a.xlsx", changed("p", notes="A"))
    shared.edit("b.xlsx", changed("p", notes="B"))
    shared.take_in("a.xlsx")
    (shared.folder / "s.toml").write_text(
        "[horizon]\nfirst_year = 2021\nlast_year = 2023\n", encoding="utf-8"
    )
    before = shared.stored()

    done = shared.run("schedule", "-s", "s.toml", "--workbook", "b.xlsx")

    assert done.code == 3
    assert "冲突 conflict: 项目 Projects: p 一小" in done.err
    assert "portfolio import b.xlsx --take file|database" in done.err
    assert shared.stored() == before


def test_a_dry_run_does_not_upgrade_an_older_database(shared: Desk) -> None:
    with sqlite3.connect(shared.folder / "portfolio.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()
    before = shared.stored()

    done = shared.run("import", "a.xlsx", "--dry-run")

    assert done.code == 1
    assert "portfolio db upgrade" in done.err
    assert shared.stored() == before
