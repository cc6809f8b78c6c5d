"""What people really type, cell by cell: what it is taken for, or why it is refused."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.domain.notice import Severity
from portfolio.domain.project import Basis, MilestoneKind, Nature, RelationKind, Stage
from portfolio.workbook.cells import convert
from portfolio.workbook.figures import Share
from portfolio.workbook.headers import Heading
from portfolio.workbook.layout import SHEETS
from portfolio.workbook.package import CellError, Raw
from portfolio.workbook.reading import Reading
from portfolio.workbook.rows import manner_of

BY_NAME = {sheet.en: sheet for sheet in SHEETS}
BLANK = "blank"
A_DAY = datetime(2026, 9, 1)  # noqa: DTZ001  # spreadsheets know no time zones


def typed(place: str, raw: Raw, unit: str = "") -> Reading:
    """Type `raw` into `Sheet.column` under a header that states `unit`."""
    sheet, key = place.split(".")
    column = BY_NAME[sheet].column(key)
    return convert(raw, column, manner_of(column, Heading(1, {}, {}, {key: unit} if unit else {})))


COST, AREA, YEARS = "Projects.total_cost", "Projects.floor_area_m2", "Projects.duration_years"
START, SEATS, CAP, DEMAND = "Projects.earliest_start", "Seats.seats_added", "FundingCaps.2026", "Demand.2026"

TAKEN: list[tuple[str, Raw, object]] = [
    # --- numbers as text
    (COST, "18968", 1896800), (COST, " 18968 ", 1896800), (COST, "1,234", 123400), (COST, "1，234", 123400),
    (COST, "１２３４．５", 123450), (COST, "12 600", 1260000), (COST, "'18968", 1896800), (COST, "1.5E4", 1500000),
    (COST, "1.5e+4", 1500000), (COST, ".5", 50), (COST, "+5", 500), (COST, "5.", 500), (COST, "5\u00a0\u200b", 500),
    # --- amounts with their unit
    (COST, "￥ 1,200", 120000), (COST, "¥1200", 120000), (COST, "RMB 1200", 120000), (COST, "人民币1200万元", 120000),
    (COST, "2.63亿元", 2630000), (COST, "2.63 亿", 2630000), (COST, "9.8亿", 9800000), (COST, "670万", 67000),
    (COST, "670万元", 67000), (COST, "1,200元", 12), (COST, "2019万元整", 201900), (COST, "1200000 元", 12000),
    (COST, "300千元", 3000), (COST, "3百万元", 30000), (COST, "3千万", 300000), (COST, "2亿6300万元", 2630000),
    (COST, "三百万元", 30000), (COST, "一亿二千万元", 1200000), (COST, "18968（万元）", 1896800),
    (CAP, "1.2亿元", 1200000), (CAP, "5000元", 50), (CAP, "-", BLANK), (CAP, "/", BLANK), (CAP, "无", BLANK),
    ("Norms.cost_per_m2", "3200元/㎡", Decimal(3200)), ("Norms.cost_per_m2", "0.32万元/平方米", Decimal(3200)),
    ("Norms.cost_per_seat", "4万元/座", Decimal(40000)), ("Norms.area_per_seat_m2", "8.5㎡/生", Decimal("8.5")),
    # --- areas
    (AREA, "12600平方米", Decimal(12600)), (AREA, "12600㎡", Decimal(12600)), (AREA, "12,600 m²", Decimal(12600)),
    (AREA, "12600m2", Decimal(12600)), (AREA, "1.26万平方米", Decimal(12600)), (AREA, "1.26公顷", Decimal(12600)),
    (AREA, "1.26万", Decimal(12600)), (AREA, "—", BLANK), (AREA, "无", BLANK), (AREA, "N/A", BLANK),
    # --- whole numbers and counts of years
    (YEARS, "2年", 2), (YEARS, "三年", 3), (YEARS, "两年", 2), (YEARS, "三", 3), (YEARS, "十二", 12),
    (YEARS, "２ 年", 2), (YEARS, "24个月", 2), (YEARS, "3.0", 3),
    (SEATS, "1,080座", 1080), (SEATS, "1080个", 1080), (SEATS, "1080 人", 1080), (SEATS, "1080个学位", 1080),
    (SEATS, "0.108万", 1080), (SEATS, "-", BLANK), (SEATS, "--", BLANK), (SEATS, "一千零八十", 1080),
    ("Seats.classes", "24班", 24), ("Seats.classes", "二十四个班", 24), ("Norms.seats_per_class", "45人/班", 45),
    ("Norms.seats_per_class", "45人", 45), (DEMAND, "1.2万人", 12000), (DEMAND, "12000座", 12000),
    ("Projects.priority", "1级", 1), ("FundingSources.carry_over_years", "2年", 2),
    ("FundingSources.carry_over_years", "不结转", 0), ("FundingSources.carry_over_years", "无限期", None),
    ("FundingSources.carry_over_years", "-", BLANK), ("Relations.lag_years", "-1", -1), ("Relations.lag_years", "无", BLANK),
    # --- years
    (START, "2026", 2026), (START, "2027年", 2027), (START, "2027年度", 2027), (START, "２０２７", 2027), (START, A_DAY, 2026),
    (START, date(2026, 9, 1), 2026), (START, "2026/9", 2026), (START, "2026/9/1", 2026), (START, "2026-09-01", 2026),
    (START, "2026.09", 2026), (START, "2026年9月", 2026), (START, "2026 年 9 月 1 日", 2026), (START, "2026-09-01 00:00:00", 2026),
    (START, "二〇二六年", 2026), (START, "二零二六年", 2026), (START, "二○二六", 2026), (START, 46023, 2026), (START, 46023.5, 2026),
    (START, "46023", 2026), (START, 20260901, 2026), (START, 202609, 2026), (START, "2026年底", 2026),
    (START, "2026年下半年", 2026), (START, "2026年三季度", 2026), (START, datetime(1905, 7, 18), 2026), (START, "-", BLANK),  # noqa: DTZ001
    (START, "不适用", BLANK),
    # --- shares
    ("ProjectFunding.min_share", "0.6", Share(Decimal("0.6"), percent=False)), ("ProjectFunding.min_share", "-", BLANK),
    # --- listed values
    ("Projects.stage", "学前", Stage.KINDERGARTEN), ("Projects.stage", "学前教育", Stage.KINDERGARTEN),
    ("Projects.stage", "幼教", Stage.KINDERGARTEN), ("Projects.stage", "普高", Stage.SENIOR), ("Projects.stage", "普通高中", Stage.SENIOR),
    ("Projects.stage", "职高", Stage.VOCATIONAL), ("Projects.stage", "中等职业", Stage.VOCATIONAL), ("Projects.stage", "特教", Stage.SPECIAL),
    ("Projects.stage", " 小 学 ", Stage.PRIMARY), ("Projects.stage", "ｐｒｉｍａｒｙ", Stage.PRIMARY), ("Projects.stage", "小学\u200b", Stage.PRIMARY),
    ("Projects.stage", "junior high", Stage.JUNIOR), ("Projects.nature", "扩建", Nature.EXPANSION),
    ("Projects.nature", "新建项目", Nature.NEW), ("Projects.nature", "异地迁建", Nature.RELOCATION), ("Projects.nature", "-", BLANK),
    ("Projects.nature", "改、扩建", Nature.EXPANSION), ("Projects.basis", "假设", Basis.ASSUMED),
    ("Projects.status", "在建项目", "under_construction"), ("Projects.status", "竣工", "completed"),
    ("Relations.kind", "同步", RelationKind.TOGETHER), ("Milestones.kind", "竣工", MilestoneKind.FINISH_BY),
    ("Milestones.kind", "投入使用", MilestoneKind.OPEN_BY), ("Projects.mandatory", "√", True), ("Projects.mandatory", "×", False),
    ("Projects.mandatory", "必建", True), ("Projects.mandatory", "/", BLANK), ("Seats.public", "公办", True), ("Seats.public", "民办", False),
    ("Capacity.public", " 是", True), ("Milestones.firm", "刚性", True),
    ("FundingSources.stages", "全部", ()), ("FundingSources.stages", "*", ()), ("FundingSources.natures", "不限", ()),
    ("FundingSources.stages", "义务教育", (Stage.PRIMARY, Stage.JUNIOR)), ("FundingSources.stages", "普高；职高", (Stage.SENIOR, Stage.VOCATIONAL)),
    # --- keys and places
    ("Projects.key", "ｐ１", "p1"), ("Projects.key", "p\u200b1\n", "p1"), ("Projects.key", A_DAY, "2026-09-01"),
    ("Projects.zone", "全县", BLANK), ("Projects.zone", "/", BLANK), ("Norms.county", "-", BLANK), ("FundingSources.county", "各区县", "*"),
    ("FundingSources.county", "＊", "*"),
]  # fmt: skip

NOT_ONE, WRITE = ("range", "write"), ("write",)
REFUSED: list[tuple[str, Raw, tuple[str, ...]]] = [
    (COST, "约2740", ("not an exact figure", "write 万元", "leave it blank to have it estimated")), (COST, "2740左右", ("exact",)),
    (COST, "2740万元以上", ("exact",)), (COST, ">500", ("exact",)), (COST, "≤500", ("exact",)), (COST, "500+", ("exact",)),
    (COST, "近3000", ("exact",)), (COST, "2740余万元", ("exact",)), (COST, "2000-3000", NOT_ONE), (COST, "2000—3000万元", NOT_ONE),
    (COST, "2000~3000", NOT_ONE), (COST, "2000至3000", NOT_ONE), (COST, "暂定", ("leave it blank",)), (COST, "待定", ("leave it blank",)),
    (COST, "-", ("leave it blank",)), (COST, "—", WRITE), (COST, "/", WRITE), (COST, "无", WRITE), (COST, "n/a", WRITE),
    (COST, "18968（暂估）", WRITE), (COST, "(120)", ("negative",)), (COST, "（120）", ("negative",)), (COST, -120, ("negative",)),
    (COST, "1,23", WRITE), (COST, "1,2345", WRITE), (COST, "12 34", WRITE), (COST, "100万美元", WRITE), (COST, "$100", WRITE),
    (COST, "3千", WRITE), (COST, "60%", WRITE), (COST, "六百七十", WRITE), (COST, "18968㎡", WRITE), (COST, "1.2.3", WRITE), (COST, A_DAY, ("formatted as a date",)),
    (COST, time(9, 30), WRITE), (COST, timedelta(1), WRITE), (COST, True, WRITE), (COST, 1e300, WRITE), (COST, "9" * 400, WRITE),
    (COST, "1e99", WRITE), (COST, 10**11, ("large",)), (COST, "#REF!", WRITE), (COST, float("inf"), WRITE), (COST, float("nan"), WRITE),
    (CAP, "待定", ("leave it blank if there is none",)), (CAP, "约5000", ("exact",)), ("Norms.cost_per_m2", "3200元/座", WRITE),
    (AREA, "30亩", ("does not convert", "20,000.00")), (AREA, "1亩", ("666.67",)), (AREA, "12600元", WRITE),
    (YEARS, "18个月", ("whole number",)), (YEARS, "1.5年", WRITE), (YEARS, "两年半", WRITE), (YEARS, "2-3年", NOT_ONE), (YEARS, "-", WRITE),
    (YEARS, "2023—2025年", ("range", "number of years")), (YEARS, "一百二", WRITE), (YEARS, 0, ("1–99",)), (YEARS, "待定", ("leave it blank to have it estimated",)),
    (SEATS, "约1000", ("exact",)), (SEATS, "1080.5", WRITE), (SEATS, "待定", ("leave it blank",)), (SEATS, 99_999_999, ("large",)),
    (DEMAND, "-", ("as the year before",)), (DEMAND, "无", WRITE), ("Projects.open_lag", "-", WRITE), ("ProjectFunding.max_share", "-", WRITE), ("Seats.public", "-", WRITE),
    (START, "2026—2028年", ("period", "own column")), (START, "2026-2028", ("period",)), (START, "2026~2028", ("period",)),
    (START, "2026-28", ("period",)), (START, "2026年至2028年", ("period",)), (START, 29, ("four digits",)), (START, "29", ("four digits",)), (START, "'26", ("four digits",)),
    (START, "26年", ("four digits",)), (START, "2026 2027", WRITE), (START, "待定", ("leave it blank",)), (START, "2026年前", WRITE),
    (START, "约2026年", WRITE), (START, 1989, WRITE), (START, 2101, WRITE), (START, 2026.5, WRITE), (START, "2026/13", WRITE), (START, True, WRITE),
    ("Milestones.year", "-", WRITE),
    ("ProjectFunding.min_share", "六成", ("60%",)), ("ProjectFunding.min_share", "1/2", WRITE), ("ProjectFunding.min_share", "150%", ("100 %",)),
    ("Projects.stage", "中学", ("初中 junior or 高中 senior",)), ("Projects.stage", "九年一贯制", ("小学 primary or 初中 junior",)), ("Projects.stage", "-", ("write one of",)), ("Projects.nature", "改建", ("expansion or 改造 renovation",)),
    ("Projects.nature", "拆除重建", ("is not a listed value",)), ("Projects.mandatory", "公办", ("write one of",)), ("Projects.mandatory", "看情况", ("write one of",)),
    ("Projects.county", "-", ("not a county",)), ("Projects.county", "待定", ("not a county",)), ("Projects.zone", "待定", ("not a zone",)),
]  # fmt: skip


@pytest.mark.parametrize(("place", "raw", "value"), TAKEN)
def test_is_taken_with_a_notice(place: str, raw: Raw, value: object) -> None:
    reading = typed(place, raw)
    assert reading.ok, reading.remark
    assert reading.remark is not None
    assert reading.severity is Severity.NOTICE
    assert (BLANK if reading.blank else reading.value) == value
    assert "" not in reading.remark


@pytest.mark.parametrize(("place", "raw", "words"), REFUSED)
def test_is_refused_and_told_what_to_write(place: str, raw: Raw, words: tuple[str, ...]) -> None:
    reading = typed(place, raw)
    assert not reading.ok, reading
    assert reading.severity is Severity.ERROR
    assert reading.remark is not None
    assert [word for word in words if word not in reading.remark.en] == [], reading.remark.en
    assert reading.remark.zh


@pytest.mark.parametrize(
    ("place", "unit", "raw", "value"),
    [
        (COST, "亿元", 2.63, 2630000),
        (COST, "元", 12000000, 120000),
        (COST, "千元", "1,000", 10000),
        (COST, "百万元", 3, 30000),
        (COST, "亿元", "670万元", 67000),
        (AREA, "万平方米", 1.26, Decimal(12600)),
        (YEARS, "月", 36, 3),
        (DEMAND, "万人", 1.2, 12000),
        ("Norms.cost_per_m2", "万元", 0.32, Decimal(3200)),
        ("ProjectFunding.min_share", "%", 60, Share(Decimal("0.6"), percent=True)),
        ("ProjectFunding.min_share", "%", 0.6, Share(Decimal("0.6"), percent=False)),
    ],
)
def test_the_unit_of_the_header_counts_where_the_cell_has_none(
    place: str, unit: str, raw: Raw, value: object
) -> None:
    assert typed(place, raw, unit).value == value


def test_months_under_a_header_must_make_whole_years() -> None:
    assert not typed(YEARS, 18, "月").ok


ANYTHING = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.text("0123456789.,，-—–年月日元万亿千百约%％()（）/ eE+'￥三十两〇待定", max_size=12),
    st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(), st.timedeltas(),
    st.builds(CellError, st.text(max_size=5), st.booleans()),
)  # fmt: skip
PLACES = sorted(
    {f"{sheet.en}.{column.key}" for sheet in SHEETS for column in sheet.columns}
    | {CAP, DEMAND, "Capacity.2026"}
)


@given(
    place=st.sampled_from(PLACES),
    raw=ANYTHING,
    unit=st.sampled_from(("", "亿元", "月", "万平方米", "%", "?")),
)
def test_no_cell_makes_the_reader_fall_over(place: str, raw: Raw, unit: str) -> None:
    reading = typed(place, raw, unit)
    assert reading.ok or reading.severity is Severity.ERROR
    assert reading.ok or reading.remark is not None


@pytest.mark.parametrize(
    "text", ["9," * 15_000, "1 " * 15_000, "(" * 30_000, "约" + "1-" * 15_000, "年" * 30_000]
)
@pytest.mark.parametrize("place", [COST, AREA, YEARS, START, "ProjectFunding.min_share"])
def test_a_very_long_text_is_refused_at_once(place: str, text: str) -> None:
    begun = process_time()
    assert not typed(place, text).ok
    assert process_time() - begun < 1
