"""What the guide sheet says, in Chinese and English."""

from __future__ import annotations

from portfolio.domain.text import Text
from portfolio.workbook.styles import BASIS_COLOURS, GREY, NAVY, ORANGE, PALE_BLUE, RED, TEAL

TITLE = "学校建设项目排期：填报工作簿"
SUBTITLE = "School construction planning: input workbook"

COUNTS = ("行数 rows", "待改 to mend")

COLOURS = (
    (NAVY, Text("必填列", "required column")),
    (PALE_BLUE, Text("可空列", "optional column")),
    (TEAL, Text("年份列：每年一列，可增减", "year column: one a year; add or delete as needed")),
    (GREY, Text("计算列：自动计算，不必填，导入时忽略", "calculated column: fills itself in, ignored on import")),
    (RED, Text("缺少必填值、编码重复、年份或占比矛盾", "a needed value is missing, a key stands twice, years or shares clash")),
    (ORANGE, Text("数字列里是文本，或引用的编码不存在；首列为橙：见本行“检查”列", "text in a number column, or a key that does not exist; orange in the first column: see the row's check")),
    (BASIS_COLOURS["stated"], Text("数据性质：原文载明", "basis: stated in the plan")),
    (BASIS_COLOURS["derived"], Text("数据性质：由原文推算", "basis: derived from stated figures")),
    (BASIS_COLOURS["assumed"], Text("数据性质：假定，请核实", "basis: assumed; please verify")),
)  # fmt: skip

Section = tuple[Text, tuple[tuple[Text, Text], ...]]
"""A heading, and its lines: a label and a text."""

SECTIONS: tuple[Section, ...] = (
    (
        Text("怎样填写", "How to fill it in"),
        (
            (Text("次序", "order"), Text("先填 现有学位、学位需求、资金来源、年度资金，再填 项目、学位；这样下拉选项里已有区县、片区和来源。", "Begin with Capacity, Demand, FundingSources and FundingCaps, then Projects and Seats: the drop-downs then know counties, zones and sources.")),
            (Text("行", "rows"), Text("每张表一种内容，每行一条；接着最后一行往下填，或整块粘贴（选择性粘贴：数值）。", "One table a sheet, one thing a row. Go on below the last row, or paste whole blocks (paste special: values).")),
            (Text("表头", "header"), Text("表头在第一行；列可换位，可加自己的列（导入时忽略）。不要合并单元格。", "The header is the first row. Columns may move, and you may add your own; they are ignored. Do not merge cells.")),
            (Text("选项", "lists"), Text("选项可填中文、英文代码，或两者（如“初中 junior”）；下拉只供选用，不限制。", "Listed values may be Chinese, the English code, or both. Drop-downs offer; they do not force.")),
            (Text("检查", "check"), Text("鼠标停在表头上可看到说明和单位。灰色“检查”列说明本行要改什么；上表“待改”为 0 即可。", "Point at a header to see its note and unit. The grey check column says what to mend; \"to mend\" above should be 0.")),
            (Text("新行", "new rows"), Text("灰色公式在 Excel、WPS 中随新行自动延伸；在 LibreOffice 中用完预留空行后，请把灰色单元格向下填充。", "Excel and WPS carry the grey formulas on to new rows; in LibreOffice fill the grey cells down once the spare rows are used up.")),
            (Text("最少要填", "least"), Text("排期至少需要：项目、资金来源、年度资金、现有学位、学位需求。", "A schedule needs at least Projects, FundingSources, FundingCaps, Capacity and Demand.")),
            (Text("删表", "deleting"), Text("删去整张表：保留数据库中的内容；只留表头：清空该表。", "A sheet that is deleted leaves what the database holds; one with only a header empties it.")),
        ),
    ),
    (
        Text("单位", "Units"),
        (
            (Text("投资、资金", "money"), Text("投资和资金：万元，至多两位小数；估算指标：元。", "Costs and funds in 万元 (10,000 yuan) with at most two decimals; norms in yuan.")),
            (Text("年份、学位", "years, seats"), Text("年份：四位数字；学位：座，以当年 9 月计。", "Years in four digits; seats as of September of the year.")),
            (Text("占比", "shares"), Text("占比：60% 或 0.6。", "Shares: 60% or 0.6.")),
        ),
    ),
    (
        Text("空白怎样处理", "What a blank means"),
        (
            (Text("估算", "estimates"), Text("总投资、工期：按“估算指标”估算，没有合适指标则报错。", "Cost and duration: estimated from Norms; an error if no norm fits.")),
            (Text("默认值", "defaults"), Text("片区：全县；优先级：3；公办：是；数据性质：假定。", "Zone: the whole county. Priority: 3. Public: yes. Basis: assumed.")),
            (Text("年份", "years"), Text("最早开工年、最迟完工年：规划期首年、末年。", "Earliest start and latest finish: first and last year of the plan.")),
            (Text("逐年数", "year columns"), Text("年度资金：0；现有学位、学位需求：沿用上一年。", "Caps: 0. Capacity and demand: as the year before.")),
            (Text("资金来源", "sources"), Text("适用学段、适用性质：全部；结转年数：0。", "Stages and natures of a source: all. Carry-over: 0 years.")),
        ),
    ),
    (
        Text("怎样运行", "How to run"),
        (
            (Text("检查", "check"), Text("检查但不保存：portfolio import data/projects.xlsx --dry-run", "Check without storing: portfolio import data/projects.xlsx --dry-run")),
            (Text("排期", "schedule"), Text("排出计划：portfolio schedule --scenario base", "Make the schedule: portfolio schedule --scenario base")),
            (Text("出错时", "errors"), Text("有错误时什么都不保存，并逐格列出要改的地方；本文件不会被改动。", "With errors nothing is stored, and every cell to mend is listed. This file is never changed.")),
        ),
    ),
)  # fmt: skip

ASK: Section = (
    Text("有疑问时问谁", "Where to ask"),
    (
        (Text("数字", "figures"), Text("问“来源文件”所列文件的编制单位。", "Ask the office that issued the document named in the source column.")),
        (Text("项目", "projects"), Text("问“牵头单位”列的单位。", "Ask the unit in the column lead_unit.")),
        (Text("本表牵头单位", "lead unit of this workbook"), Text("", "")),
        (Text("联系人和电话", "contact"), Text("", "")),
        (Text("报送期限", "due by"), Text("", "")),
    ),
)  # fmt: skip
"""Heading, and lines of a label and a text; a blank text is a line to fill in."""
