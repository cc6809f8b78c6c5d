"""One cell of each kind: what is accepted silently, what with a notice, what is refused."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.domain.notice import Severity
from portfolio.domain.project import Basis, Nature, Stage
from portfolio.domain.text import Text
from portfolio.workbook.cells import Share, convert, shown
from portfolio.workbook.layout import CHOICES, SHEETS, Column, Kind
from portfolio.workbook.package import CellError, Raw

A_DAY = datetime(2024, 5, 1)  # noqa: DTZ001  # openpyxl gives naive dates


def column(kind: Kind, low: int | None = 0, high: int | None = None) -> Column:
    return Column("x", "列", kind, Text("", ""), low=low, high=high)


SILENT: list[tuple[Kind, Raw, object]] = [
    (Kind.TEXT, "  名称 A\u00a0\n", "名称 A"),
    (Kind.TEXT, "（全角）１２", "（全角）１２"),
    (Kind.TEXT, 36, "36"),
    (Kind.TEXT, 36.0, "36"),
    (Kind.TEXT, "a\r\nb", "a\nb"),
    (Kind.KEY, "p 1", "p 1"),
    (Kind.KEY, 101, "101"),
    (Kind.KEY, 101.0, "101"),
    (Kind.INT, 3, 3),
    (Kind.INT, 3.0, 3),
    (Kind.YEAR, 2024, 2024),
    (Kind.YEAR, 2024.0, 2024),
    (Kind.MONEY_WAN, 5690.4, 569040),
    (Kind.MONEY_WAN, 0.1 + 0.2, 30),
    (Kind.MONEY_WAN, 18968, 1896800),
    (Kind.MONEY_YUAN, 3200.555, Decimal("3200.555")),
    (Kind.DECIMAL, 0.1 + 0.2, Decimal("0.3")),
    (Kind.SHARE, 0.6, Share(Decimal("0.6"), percent=False)),
    (Kind.SHARE, "60%", Share(Decimal("0.6"), percent=True)),
    (Kind.SHARE, "６０％", Share(Decimal("0.6"), percent=True)),
    (Kind.YES_NO, "是", True),
    (Kind.YES_NO, "否 no", False),
    (Kind.YES_NO, "YES", True),
    (Kind.YES_NO, False, False),
    (Kind.YES_NO, 1, True),
    (Kind.YES_NO, "0", False),
    (Kind.STAGE, "初中 junior", Stage.JUNIOR),
    (Kind.STAGE, "Junior/初中", Stage.JUNIOR),
    (Kind.STAGE, "初中", Stage.JUNIOR),
    (Kind.STAGE, "JUNIOR", Stage.JUNIOR),
    (Kind.STAGES, "小学；初中, senior、幼儿园\nspecial", tuple(map(Stage, ("primary", "junior", "senior", "kindergarten", "special")))),
    (Kind.NATURE, "fit out", Nature.FIT_OUT),
    (Kind.NATURES, "新建 new; expansion", (Nature.NEW, Nature.EXPANSION)),
    (Kind.BASIS, "推算", Basis.DERIVED),
    (Kind.STATUS, "在建", "under_construction"),
    (Kind.CARRY_OVER, "不限", None),
    (Kind.CARRY_OVER, "Unlimited", None),
    (Kind.CARRY_OVER, 2, 2),
]  # fmt: skip

NOTED: list[tuple[Kind, Raw, object]] = [
    (Kind.KEY, "ｐ\u200b1 ", "p1"),
    (Kind.INT, "1,234", 1234),
    (Kind.INT, "１２", 12),
    (Kind.MONEY_WAN, "1,234.50", 123450),
    (Kind.MONEY_WAN, "￥1，234", 123400),
    (Kind.MONEY_WAN, 1.005, 101),
    (Kind.MONEY_WAN, 1.004, 100),
    (Kind.YEAR, "2024", 2024),
    (Kind.YEAR, "2024年", 2024),
    (Kind.YEAR, "２０２４年", 2024),
    (Kind.YEAR, A_DAY, 2024),
    (Kind.YEAR, date(2024, 5, 1), 2024),
    (Kind.YEAR, "2026/9", 2026),
    (Kind.SHARE, "0.6", Share(Decimal("0.6"), percent=False)),
    (Kind.CARRY_OVER, "2", 2),
    (Kind.STAGE, "junior ", Stage.JUNIOR),
]

REFUSED: list[tuple[Kind, Raw]] = [
    (Kind.INT, 2.5),
    (Kind.INT, "待定"),
    (Kind.INT, -1),
    (Kind.INT, True),
    (Kind.MONEY_WAN, "待定"),
    (Kind.MONEY_WAN, "约2740"),
    (Kind.MONEY_WAN, "-"),
    (Kind.MONEY_WAN, "1,23"),
    (Kind.MONEY_WAN, -5),
    (Kind.MONEY_WAN, A_DAY),
    (Kind.MONEY_YUAN, "3200元起"),
    (Kind.DECIMAL, -1.5),
    (Kind.YEAR, 29),
    (Kind.YEAR, 1989),
    (Kind.YEAR, 2101),
    (Kind.YEAR, "2026—2028年"),
    (Kind.YEAR, 2024.5),
    (Kind.SHARE, "六成"),
    (Kind.SHARE, -0.1),
    (Kind.SHARE, "150%"),
    (Kind.SHARE, 600),
    (Kind.YES_NO, "也许"),
    (Kind.STAGE, "大学"),
    (Kind.STAGES, "小学；大学"),
    (Kind.NATURE, "拆除"),
    (Kind.BASIS, "猜"),
    (Kind.RELATION, "before"),
    (Kind.MILESTONE, "审批"),
    (Kind.CARRY_OVER, "很久"),
]


@pytest.mark.parametrize(("kind", "raw", "value"), SILENT)
def test_accepts_silently(kind: Kind, raw: Raw, value: object) -> None:
    reading = convert(raw, column(kind))
    assert (reading.ok, reading.value, reading.remark) == (True, value, None)


@pytest.mark.parametrize(("kind", "raw", "value"), NOTED)
def test_accepts_with_a_notice(kind: Kind, raw: Raw, value: object) -> None:
    reading = convert(raw, column(kind))
    assert (reading.ok, reading.value, reading.severity) == (True, value, Severity.NOTICE)
    assert reading.remark
    assert reading.remark.zh
    assert reading.remark.en


@pytest.mark.parametrize(("kind", "raw"), REFUSED)
def test_refuses_and_says_what_to_write(kind: Kind, raw: Raw) -> None:
    reading = convert(raw, column(kind))
    assert (reading.ok, reading.severity) == (False, Severity.ERROR)
    assert reading.remark
    assert any(word in reading.remark.en for word in ("write", "did you mean"))
    assert any(word in reading.remark.zh for word in ("请填", "是否指"))


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(
    "error", [CellError("#REF!"), CellError("#N/A"), CellError("=A1", unsaved=True)], ids=lambda e: e.code
)
def test_error_values_and_unsaved_formulas_ask_for_one_save(kind: Kind, error: CellError) -> None:
    reading = convert(error, column(kind))
    assert not reading.ok
    assert reading.remark
    assert "open and save once in Excel or WPS" in reading.remark.en


@pytest.mark.parametrize("number", [0, 6, 2025])
def test_whole_numbers_keep_their_bounds(number: int) -> None:
    assert not convert(number, column(Kind.INT, 1, 5)).ok
    assert convert(3, column(Kind.INT, 1, 5)).ok


def test_a_column_without_a_lower_bound_takes_negative_numbers() -> None:
    assert convert(-1, column(Kind.INT, None)).value == -1


def test_an_unknown_listed_value_gets_the_nearest_as_a_suggestion() -> None:
    remark = convert("kindergarden", column(Kind.STAGE)).remark
    assert remark
    assert "did you mean 幼儿园 kindergarten?" in remark.en


def test_an_unknown_status_is_kept_with_a_warning() -> None:
    reading = convert("等批复", column(Kind.STATUS))
    assert (reading.value, reading.severity) == ("等批复", Severity.WARNING)


def test_every_kind_that_a_column_has_can_be_read() -> None:
    for sheet in SHEETS:
        for each in sheet.columns:
            convert("x", each)


@pytest.mark.parametrize("kind", list(CHOICES))
def test_every_listed_value_is_read_as_code_label_and_both(kind: Kind) -> None:
    for code, label in CHOICES[kind].items():
        readings = {
            convert(form, column(kind)).value
            for form in (code, label, f"{label} {code}", f"{code}（{label}）")
        }
        assert len(readings) == 1, code
        assert None not in readings


@given(st.integers(0, 10**11))
def test_money_survives_the_way_through_a_double(hundredths: int) -> None:
    assert convert(hundredths / 100, column(Kind.MONEY_WAN)).value == hundredths


def test_what_was_found_is_shown_in_one_short_line() -> None:
    assert shown("a\nb") == "a b"
    assert len(shown("长" * 100)) == 60
    assert shown(A_DAY) == "2024-05-01"
    assert shown(True) == "TRUE"
    assert shown(1234.5) == "1234.5"
