"""The first sheet of the input workbook: how to fill it in, in Chinese and English."""

from __future__ import annotations

from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import quote_sheetname
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from portfolio.domain.text import Text
from portfolio.workbook.layout import GUIDE_TITLE, LISTS_TITLE, SHEETS
from portfolio.workbook.styles import (
    A4,
    BASIS_COLOURS,
    FONT,
    GREY,
    NAVY,
    ORANGE,
    PALE_BLUE,
    RED,
    TEAL,
    fill,
    set_up_print,
    text_width,
)

_COLOURS = (
    (NAVY, Text("必填列", "required column")),
    (PALE_BLUE, Text("可空列", "optional column")),
    (TEAL, Text("年份列：每年一列，可增减", "year column: one a year; add or delete as needed")),
    (GREY, Text("计算列：导入时忽略", "calculated column: ignored on import")),
    (RED, Text("缺少必填值、编码重复、年份或占比矛盾", "a needed value is missing, a key stands twice, years or shares clash")),
    (ORANGE, Text("数字列里是文本，或引用的编码不存在", "text in a number column, or a key that does not exist")),
    (BASIS_COLOURS["stated"], Text("数据性质：原文载明", "basis: stated in the plan")),
    (BASIS_COLOURS["derived"], Text("数据性质：由原文推算", "basis: derived from stated figures")),
    (BASIS_COLOURS["assumed"], Text("数据性质：假定，请核实", "basis: assumed; please verify")),
)  # fmt: skip

_SECTIONS: tuple[tuple[Text, tuple[Text, ...]], ...] = (
    (
        Text("怎样填写", "How to fill it in"),
        (
            Text("每张表一种内容，每行一条；表头在第一行，列可换位，可在右侧加自己的列（导入时忽略）。", "One table a sheet, one thing a row. Columns may move, and you may add your own; they are ignored."),
            Text("选项可填中文、英文代码，或两者（如“初中 junior”）。", "Listed values may be Chinese, the English code, or both."),
            Text("鼠标停在表头上可看到说明和单位。", "Point at a header to see its note and unit."),
            Text("排期至少需要：项目、资金来源、年度资金、现有学位、学位需求。", "A schedule needs at least Projects, FundingSources, FundingCaps, Capacity and Demand."),
            Text("删去整张表：保留数据库中的内容；只留表头：清空该表。", "A sheet that is deleted leaves what the database holds; one with only a header empties it."),
        ),
    ),
    (
        Text("单位", "Units"),
        (
            Text("投资和资金：万元，至多两位小数；估算指标：元。", "Costs and funds in 万元 (10,000 yuan) with at most two decimals; norms in yuan."),
            Text("年份：四位数字；学位：座，以当年 9 月计。", "Years in four digits; seats as of September of the year."),
            Text("占比：60% 或 0.6。", "Shares: 60% or 0.6."),
        ),
    ),
    (
        Text("空白怎样处理", "What a blank means"),
        (
            Text("总投资、工期：按“估算指标”估算，没有合适指标则报错。", "Cost and duration: estimated from Norms; an error if no norm fits."),
            Text("片区：全县；优先级：3；公办：是；数据性质：假定。", "Zone: the whole county. Priority: 3. Public: yes. Basis: assumed."),
            Text("最早开工年、最迟完工年：规划期首年、末年。", "Earliest start and latest finish: first and last year of the plan."),
            Text("年度资金：0；现有学位、学位需求：沿用上一年。", "Caps: 0. Capacity and demand: as the year before."),
            Text("适用学段、适用性质：全部；结转年数：0。", "Stages and natures of a source: all. Carry-over: 0 years."),
        ),
    ),
    (
        Text("怎样运行", "How to run"),
        (
            Text("检查但不保存：portfolio import data/projects.xlsx --dry-run", "Check without storing: portfolio import data/projects.xlsx --dry-run"),
            Text("排出计划：portfolio schedule --scenario base", "Make the schedule: portfolio schedule --scenario base"),
            Text("有错误时什么都不保存，并逐格列出要改的地方；本文件不会被改动。", "With errors nothing is stored, and every cell to mend is listed. This file is never changed."),
        ),
    ),
)  # fmt: skip

_WHITE = Side(style="medium", color="FFFFFF")
_WRAP = Alignment(vertical="center", wrap_text=True)
_WIDTHS = {"A": 28.0, "B": 62.0, "C": 72.0}


def add_guide(workbook: Workbook) -> None:
    """Write the guide: what each sheet is for, colours, units, blanks, and how to run."""
    worksheet = workbook.create_sheet(GUIDE_TITLE)
    worksheet.sheet_view.showGridLines = False
    for letter, width in _WIDTHS.items():
        worksheet.column_dimensions[letter].width = width
    row = _title(worksheet)
    row = _sheets(worksheet, row)
    row = _colours(worksheet, row)
    for heading, lines in _SECTIONS:
        row = _heading(worksheet, row, heading)
        for line in lines:
            row = _line(worksheet, row, "", line)
        row += 1
    worksheet.sheet_properties.tabColor = GREY
    set_up_print(worksheet, A4)
    worksheet.page_setup.orientation = "portrait"
    worksheet.page_setup.fitToHeight = 1


def _title(worksheet: Worksheet) -> int:
    cell = worksheet.cell(1, 1, "学校建设项目排期：填报工作簿")
    cell.font = Font(name=FONT, size=18, bold=True, color=NAVY)
    cell = worksheet.cell(2, 1, "School construction planning: input workbook")
    cell.font = Font(name=FONT, size=11, color="595959")
    worksheet.row_dimensions[1].height = 32
    return 4


def _heading(worksheet: Worksheet, row: int, text: Text) -> int:
    for number, words in enumerate((f"{text.zh} {text.en}", None, None), start=1):
        cell = worksheet.cell(row, number, words)
        cell.font = Font(name=FONT, size=11, bold=True, color="FFFFFF")
        cell.fill = fill(NAVY)
        cell.alignment = Alignment(vertical="center")
    worksheet.row_dimensions[row].height = 21
    return row + 1


def _line(worksheet: Worksheet, row: int, label: str, text: Text) -> int:
    for number, words in enumerate((label, text.zh, text.en), start=1):
        cell = worksheet.cell(row, number, words or None)
        cell.font = Font(name=FONT, size=10)
        cell.alignment = _WRAP
    lines = max(text_width(text.zh) / _WIDTHS["B"], 0.9 * text_width(text.en) / _WIDTHS["C"])
    worksheet.row_dimensions[row].height = 18 if lines <= 1 else 33
    return row + 1


def _sheets(worksheet: Worksheet, row: int) -> int:
    row = _heading(worksheet, row, Text("工作表", "Sheets"))
    for sheet in SHEETS:
        needed = Text("（排期必需）", " (needed to schedule)") if sheet.needed_to_schedule else Text("", "")
        _line(worksheet, row, sheet.title, Text(sheet.about.zh + needed.zh, sheet.about.en + needed.en))
        _link(worksheet, row, sheet.title)
        row += 1
    _line(worksheet, row, LISTS_TITLE, Text("下拉选项的取值", "the values of the drop-downs"))
    _link(worksheet, row, LISTS_TITLE)
    return row + 2


def _link(worksheet: Worksheet, row: int, title: str) -> None:
    cell = worksheet.cell(row, 1)
    cell.hyperlink = f"#{quote_sheetname(title)}!A1"
    cell.font = Font(name=FONT, size=10, color="2F5597", underline="single")


def _colours(worksheet: Worksheet, row: int) -> int:
    row = _heading(worksheet, row, Text("颜色", "Colours"))
    for colour, text in _COLOURS:
        _line(worksheet, row, "", text)
        swatch = worksheet.cell(row, 1)
        swatch.fill = fill(colour)
        swatch.border = Border(top=_WHITE, bottom=_WHITE, right=_WHITE)
        row += 1
    return row + 1
