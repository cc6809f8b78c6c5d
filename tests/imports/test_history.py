"""`portfolio history`: who changed what, when, from which file."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from hashlib import sha256

import pytest

from portfolio.cli.lines import WIDTH, cut, folded, padded, width
from portfolio.domain.portfolio import Portfolio
from tests.builders import milestone, relation, seats
from tests.imports.conftest import Desk, P, a_portfolio, changed, without


def plain(text: str) -> list[str]:
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "TIME", text).splitlines()


@pytest.fixture
def edited(shared: Desk) -> Desk:
    """Import 2 by wang, import 3 by li over what wang stored."""

    def by_wang(held: Portfolio) -> Portfolio:
        return replace(
            changed("p", total_cost=12_000)(held),
            relations=(relation("after", "q", "p"),),
            milestones=(milestone("p", "open_by", 2024),),
        )

    shared.edit("a.xlsx", by_wang)
    assert shared.run("import", "a.xlsx", user="wang").code == 0
    shared.edit("b.xlsx", lambda held: replace(held, seats=(held.seats[0], seats("q", 45), held.seats[2])))
    shared.take_in("b.xlsx")
    return shared


def test_a_line_an_import(edited: Desk) -> None:
    assert plain(edited.run("history", "--lang", "en").out) == [
        f"   1  TIME  {_maker(edited)}  +10 -0 ~0      first.xlsx",
        "   2  TIME  wang      +2 -0 ~1       from 1  a.xlsx",
        "   3  TIME  li        +0 -0 ~1       from 1  b.xlsx",
    ]


def _maker(desk: Desk) -> str:
    """Who made the prepared database: whoever runs the tests."""
    return padded(cut(json.loads(desk.run("history", "--json").out)["imports"][0]["user"], 12), 8)


def test_every_change_of_a_project_in_any_table(edited: Desk) -> None:
    told = plain(edited.run("history", "p", "--lang", "en").out)

    assert told[0].startswith("import 1, TIME, ")
    assert told[1:] == [
        "  Projects  +1",
        "    + p 一小: total_cost 100",
        "  Seats  +1",
        "    + p 一小 · primary: seats_added 90",
        "import 2, TIME, wang, a.xlsx",
        "  Projects  ~1",
        "    ~ p 一小",
        "        total_cost: 100 → 120",
        "  Relations  +1",
        "    + after · q 二小 · p 一小",
        "  Milestones  +1",
        "    + p 一小 · open_by: year 2024",
    ]


def test_all_of_one_import_with_what_it_kept(edited: Desk) -> None:
    assert plain(edited.run("history", "--import", "3", "--lang", "en").out) == [
        "import 3, TIME, li, b.xlsx",
        "  Seats  ~1",
        "    ~ q 二小 · primary",
        "        seats_added: 90 → 45",
        "  the file said otherwise, the database's was kept",
        "    Projects  ~1",
        "      ~ p 一小",
        "          total_cost: 120 → 100",
        "    Relations  -1",
        "      - after · q 二小 · p 一小",
        "    Milestones  -1",
        "      - p 一小 · open_by: year 2024",
    ]


def test_json_has_everything(edited: Desk) -> None:
    listed = json.loads(edited.run("history", "--json").out)["imports"]
    (_, change) = json.loads(edited.run("history", "p", "--json").out)["imports"]

    assert [entry["revision"] for entry in listed] == [None, 1, 1]
    assert listed[1]["file_sha256"] == sha256((edited.folder / "a.xlsx").read_bytes()).hexdigest()
    assert listed[1]["file"] == str(edited.folder / "a.xlsx")
    assert change["user"] == "wang"
    assert change["changes"][0] == {
        "table": "projects", "row": "p", "kind": "changed", "column": "total_cost", "old": "100", "new": "120",
    }  # fmt: skip
    assert change["changes"][1]["cells"] == {"kind": "after", "project": "q", "other": "p"}


def test_a_project_that_is_gone_has_its_history(edited: Desk) -> None:
    edited.export("c.xlsx")
    edited.edit("c.xlsx", without("r"))
    edited.take_in("c.xlsx", "--allow-removal")

    told = edited.run("history", "r", "--lang", "zh").out

    assert "    - r 三小: 总投资（万元） 100" in told.splitlines()


def test_keys_that_look_like_parts_of_others_are_told_apart(desk: Desk) -> None:
    odd = ("a", "a / b", "b", "a #2")
    rows = tuple(replace(P, key=key, name_zh=f"{key}校") for key in odd)
    desk.file("odd.xlsx", a_portfolio(projects=rows, seats=tuple(seats(key, 9) for key in (*odd, "a"))))
    desk.take_in("odd.xlsx")

    for key, expected in {"a": 3, "b": 2, "a / b": 2, "a #2": 2}.items():
        (entry,) = json.loads(desk.run("history", key, "--json").out)["imports"]
        named = [c["cells"].get("project", c["cells"].get("key")) for c in entry["changes"]]
        assert named.count(key) == expected


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("haowang",), 2, "there is no project haowang"),
        (("p1-schol",), 2, "did you mean p1-school"),
        (("p1-school", "--import", "1"), 2, "not both"),
        (("--import", "9"), 2, "there is no import 9"),
    ],
)
def test_wrong_usage(desk: Desk, arguments: tuple[str, ...], code: int, words: str) -> None:
    desk.file("x.xlsx", a_portfolio(projects=(replace(P, key="p1-school"),), seats=()))
    desk.take_in("x.xlsx")

    done = desk.run("history", *arguments)

    assert done.code == code
    assert words in done.err


def test_without_a_database_there_is_no_history_and_none_is_made(desk: Desk) -> None:
    assert desk.run("history").code == 2
    assert list(desk.folder.iterdir()) == []


def test_everything_fits_a_terminal(edited: Desk) -> None:
    edited.export("c.xlsx")
    edited.edit("c.xlsx", changed("p", notes="三年内建成投用，" * 30, locator="a b " * 60))
    edited.take_in("c.xlsx")
    for arguments in (("p",), ("--import", "1"), ()):
        lines = edited.run("history", *arguments).out.splitlines()
        assert max(map(width, lines)) <= WIDTH


def test_lines_are_folded_between_words_and_characters() -> None:
    text = "总投资 " + "甲乙丙丁戊己庚辛壬癸" * 10 + " end"

    lines = list(folded(text, 2))

    assert all(width(line) <= WIDTH for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert lines[1].startswith("      ")
    assert list(folded("x" * 100)) == ["x" * 100]


def test_cutting_and_padding_count_two_for_a_chinese_character() -> None:
    assert cut("一二三四五", 6) == "一二…"
    assert cut("a\n b", 9) == "a b"
    assert padded("一", 4) == "一  "


def test_a_full_cell_is_cut_at_once() -> None:
    started = time.perf_counter()
    assert cut("长" * 32_767, 7) == "长长长…"
    assert cut("é" * 32_767, 4) == "ééé…"
    assert time.perf_counter() - started < 0.5
