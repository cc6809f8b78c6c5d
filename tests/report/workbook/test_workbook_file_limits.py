"""What Excel is strict about and no schema says: limits, names, references, order, figures that charts store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest
from xlsxwriter.utility import xl_rowcol_to_cell

from portfolio.domain.text import Lang
from portfolio.report.workbook.book import write
from portfolio.scenario.plan import Plan
from tests.report.workbook.package import NAMESPACES, Package, box, cells, without_texts
from tests.report.workbook.plans import annex_plan, full_plan, large_plan
from tests.report.workbook.test_workbook_book import ODD_PLANS

LONGEST_TEXT, LONGEST_FORMULA, DEEPEST = 32_767, 8_192, 64
MOST_STYLES, MOST_FONTS, MOST_BREAKS = 65_490, 1_024, 1_026

BOOKS: dict[str, tuple[Callable[[], Plan], Lang]] = {
    "both": (full_plan, "both"),
    "zh": (full_plan, "zh"),
    "en": (full_plan, "en"),
    "annex": (annex_plan, "both"),
    "many counties": (lambda: large_plan(120, 30), "both"),
    "many years": (lambda: ODD_PLANS["many years"], "both"),
    "long names": (lambda: ODD_PLANS["long names"], "both"),
    "nothing scheduled": (lambda: ODD_PLANS["nothing scheduled"], "both"),
}


@pytest.fixture(scope="module", params=BOOKS)
def package(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Package:
    path = tmp_path_factory.mktemp("limits") / "schedule.xlsx"
    plan, lang = BOOKS[request.param]
    write(plan(), path, lang)
    return Package.of(path)


def found(part: ET.Element, path: str) -> list[ET.Element]:
    return part.findall(path, NAMESPACES)


def depth(formula: str) -> int:
    deepest = level = 0
    for sign in without_texts(formula):
        level += {"(": 1, ")": -1}.get(sign, 0)
        deepest = max(deepest, level)
    return deepest


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_names_of_sheets(package: Package) -> None:
    names = list(package.sheets)
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < utf16(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert not any(name.startswith("'") or name.endswith("'") for name in names)


def test_rows_and_cells_ascend_and_hold_what_a_cell_may_hold(package: Package) -> None:
    styles = len(found(package.styles, "m:cellXfs/m:xf"))
    for sheet in package.sheets.values():
        rows = [int(row.get("r", 0)) for row in found(sheet, "m:sheetData/m:row")]
        assert rows == sorted(set(rows))
        for row in found(sheet, "m:sheetData/m:row"):
            columns = [box(cell.get("r", ""))[0] for cell in row]
            assert columns == sorted(columns)
            assert float(row.get("ht", 0)) <= 409.5
        for cell in cells(sheet).values():
            assert utf16(package.shown(cell)) <= LONGEST_TEXT
            assert int(cell.get("s", 0)) < styles
        assert all(float(col.get("width", 0)) <= 255 for col in found(sheet, "m:cols/m:col"))


def test_formulas_are_short_and_shallow_and_point_at_sheets_that_are_there(package: Package) -> None:
    quoted = {f"'{name}'!" for name in package.sheets} | {f"{name}!" for name in package.sheets}
    for formula in package.formulas():
        assert utf16(formula) <= LONGEST_FORMULA
        assert depth(formula) <= DEEPEST
        rest = formula
        for name in quoted:
            rest = rest.replace(name, "")
        assert "!" not in without_texts(rest), formula
        assert "#REF" not in formula


def test_merged_cells_do_not_overlap_and_hide_nothing(package: Package) -> None:
    for name, sheet in package.sheets.items():
        boxes = [box(merge.get("ref", "")) for merge in found(sheet, "m:mergeCells/m:mergeCell")]
        rows: dict[int, list[tuple[int, int]]] = {}
        by_name = cells(sheet)
        for left, right, top, bottom in boxes:
            for row in range(top, bottom + 1):
                rows.setdefault(row, []).append((left, right))
                for col in range(left, right + 1):
                    cell = by_name.get(xl_rowcol_to_cell(row - 1, col - 1))
                    hidden = (row, col) != (top, left) and cell is not None and len(cell)
                    assert not hidden, f"{name}: a value hidden in a merge at row {row}"
        for spans in rows.values():
            assert not any(a[0] <= b[1] and b[0] <= a[1] for a, b in combinations(spans, 2)), name


def test_rules_have_priorities_of_their_own_and_formats_that_are_there(package: Package) -> None:
    looks = int(package.styles.find("m:dxfs", NAMESPACES).get("count", 0))  # type: ignore[union-attr]
    for sheet in package.sheets.values():
        rules = found(sheet, "m:conditionalFormatting/m:cfRule")
        assert max(Counter(rule.get("priority") for rule in rules).values(), default=1) == 1
        assert all(int(rule.get("dxfId", 0)) < looks for rule in rules)


def test_hints_are_short_enough(package: Package) -> None:
    for sheet in package.sheets.values():
        for rule in found(sheet, "m:dataValidations/m:dataValidation"):
            assert all(utf16(rule.get(name, "")) <= 32 for name in ("promptTitle", "errorTitle"))
            assert all(utf16(rule.get(name, "")) <= 255 for name in ("prompt", "error"))
            assert all(len(rule.findtext(f"m:formula{n}", "", NAMESPACES)) <= 255 for n in (1, 2))


def test_styles_stay_below_the_limits(package: Package) -> None:
    styles = package.styles
    assert len(found(styles, "m:cellXfs/m:xf")) <= MOST_STYLES
    assert len(found(styles, "m:fonts/m:font")) <= MOST_FONTS
    names = [style.get("name", "").casefold() for style in found(styles, "m:cellStyles/m:cellStyle")]
    assert len(set(names)) == len(names)
    assert len(found(styles, "m:numFmts/m:numFmt")) <= 200
    assert all(len(code.get("formatCode", "")) <= 255 for code in found(styles, "m:numFmts/m:numFmt"))


def test_styles_refer_to_what_is_there(package: Package) -> None:
    styles = package.styles
    counts = {f"{part}Id": len(found(styles, f"m:{part}s/m:{part}")) for part in ("font", "fill", "border")}
    counts["xfId"] = len(found(styles, "m:cellStyleXfs/m:xf"))
    users = "m:cellStyleXfs/m:xf", "m:cellXfs/m:xf", "m:cellStyles/m:cellStyle"
    for user in (user for path in users for user in found(styles, path)):
        assert all(int(user.get(name, 0)) < count for name, count in counts.items())


def test_page_breaks_ascend_within_the_sheet(package: Package) -> None:
    for sheet in package.sheets.values():
        breaks = [int(brk.get("id", 0)) for brk in found(sheet, "m:rowBreaks/m:brk")]
        assert len(breaks) <= MOST_BREAKS
        assert all(first < second for first, second in pairwise([0, *breaks]))


def test_defined_names_are_of_sheets_that_are_there(package: Package) -> None:
    for name in found(package.parts["xl/workbook.xml"], "m:definedNames/m:definedName"):
        assert int(name.get("localSheetId", -1)) < len(package.sheets)


def test_charts_store_what_their_cells_show(package: Package) -> None:
    """A viewer that does not calculate, or a preview, draws charts from what they store."""
    by_sheet = {name: cells(sheet) for name, sheet in package.sheets.items()}
    references = [
        ref for chart in package.charts for ref in chart.iter() if ref.tag.endswith(("}numRef", "}strRef"))
    ]
    for ref in references:
        sheet, _, area = ref.findtext("c:f", "", NAMESPACES).rpartition("!")
        left, right, top, bottom = box(area)
        points = {
            int(pt.get("idx", 0)): pt.findtext("c:v", "", NAMESPACES)
            for pt in ref.iter()
            if pt.tag.endswith("}pt")
        }
        names = [
            xl_rowcol_to_cell(row - 1, col - 1)
            for row in range(top, bottom + 1)
            for col in range(left, right + 1)
        ]
        shown = {n: by_sheet[sheet.strip("'")].get(name) for n, name in enumerate(names)}
        texts = {n: package.shown(cell) for n, cell in shown.items() if cell is not None}
        assert points.keys() <= texts.keys()
        assert points, f"{sheet}!{area} stores nothing"
        for n, value in points.items():
            assert value == texts[n] or float(value) == pytest.approx(float(texts[n]))


def test_strings_are_each_stored_once(package: Package) -> None:
    part = package.parts["xl/sharedStrings.xml"]
    assert int(part.get("uniqueCount", 0)) == len(package.strings)
    uses = [
        cell for sheet in package.sheets.values() for cell in cells(sheet).values() if cell.get("t") == "s"
    ]
    assert int(part.get("count", 0)) >= len(uses)
    assert all(int(cell.findtext("m:v", "", NAMESPACES)) < len(package.strings) for cell in uses)
