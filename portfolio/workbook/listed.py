"""Cells that hold a listed value: its code, its Chinese label, both, or a word that is certain to
mean it. Everything else is refused with the nearest value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from portfolio.domain.notice import Severity
from portfolio.domain.project import Basis, MilestoneKind, Nature, RelationKind, Stage
from portfolio.domain.text import Text
from portfolio.workbook.layout import CHOICES, Column, Kind
from portfolio.workbook.package import Raw
from portfolio.workbook.reading import Manner, Reading, is_blank, noted, refused
from portfolio.workbook.words import as_text, choice_forms, fold, nearest

_ENUMS: dict[Kind, type[StrEnum]] = {
    Kind.STAGE: Stage,
    Kind.NATURE: Nature,
    Kind.BASIS: Basis,
    Kind.RELATION: RelationKind,
    Kind.MILESTONE: MilestoneKind,
}
_LISTS = {Kind.STAGES: Kind.STAGE, Kind.NATURES: Kind.NATURE}
_SEPARATORS = re.compile(r"[;；,，、\n]+")

SYNONYMS: Mapping[Kind, Mapping[str, tuple[str, ...]]] = {
    Kind.STAGE: {
        "kindergarten": ("学前", "学前教育", "幼教", "幼儿", "幼儿教育", "幼稚园", "preschool"),
        "primary": ("小学教育", "小学阶段", "小学部", "完小", "完全小学", "primary school", "elementary"),
        "junior": ("初级中学", "初中教育", "初中阶段", "初中部", "junior high", "junior high school", "junior middle school"),
        "senior": ("普高", "普通高中", "普通高中教育", "高级中学", "高中部", "senior high", "senior high school"),
        "vocational": ("职高", "职业高中", "中等职业", "中等职业教育", "中职教育", "中职学校", "中等职业学校", "中专", "vocational school"),
        "special": ("特教", "特校", "特殊学校", "特殊教育学校", "special education"),
        "other": ("其它",),
    },
    Kind.NATURE: {
        "new": ("新建项目", "新建工程", "新建学校"),
        "relocation": ("搬迁", "迁址", "迁址新建", "异地迁建", "易地迁建", "整体迁建", "迁建项目"),
        "expansion": ("扩建", "改建扩建", "改扩建项目", "扩建项目", "扩建工程"),
        "renovation": ("改造项目", "维修改造", "改造提升", "提升改造", "提质改造", "修缮"),
        "continuing": ("续建项目", "续建工程"),
        "fit_out": ("装饰", "装饰装修", "装修项目", "装修工程", "内部装修"),
    },
    Kind.BASIS: {"stated": ("载明", "原文", "文件载明"), "derived": ("推算值", "测算"), "assumed": ("假设",)},
    Kind.STATUS: {
        "proposed": ("谋划中", "谋划项目", "策划"), "planned": ("拟建项目",), "approved": ("已批复", "已立项", "获批"),
        "under_construction": ("在建项目", "建设中", "施工中", "已开工"),
        "completed": ("建成", "已完工", "完工", "竣工", "已竣工", "已投用"), "suspended": ("缓建", "暂停"),
    },
    Kind.RELATION: {"after": ("后建",), "exclude": ("互相排斥",), "choose": ("二选一",), "together": ("同步", "同建")},
    Kind.MILESTONE: {
        "start_by": ("动工", "开工建设"), "finish_by": ("竣工", "建成", "完工验收", "竣工验收"),
        "open_by": ("投入使用", "交付使用", "建成投用", "启用", "开学"),
    },
    Kind.YES_NO: {"yes": ("√", "✓", "✔", "☑", "是的"), "no": ("×", "✗", "✘", "✕", "不是")},
}  # fmt: skip
"""Code -> words that mean nothing else. 中学, 九年一贯制 and 改建 are not here: they could be two things."""

_SEVERAL: Mapping[str, tuple[str, ...]] = {
    "义务教育": ("primary", "junior"),
    "义务教育阶段": ("primary", "junior"),
    "九年一贯制": ("primary", "junior"),
    "完全中学": ("junior", "senior"),
    "高中阶段": ("senior", "vocational"),
    "高中阶段教育": ("senior", "vocational"),
}
"""In a list of stages, words for several of them."""

_EITHER: Mapping[Kind, Mapping[str, tuple[str, ...]]] = {
    Kind.STAGE: {**_SEVERAL, "中学": ("junior", "senior")},
    Kind.NATURE: {"改建": ("expansion", "renovation"), "重建": ("relocation", "renovation")},
}
"""Words that could be two things."""

_ALL = frozenset({"全部", "所有", "不限", "各学段", "全学段", "所有学段", "全部学段", "各类", "all", "any"})
"""In a list, words for no limit, which is what a blank says."""

_OWN_WORDS: Mapping[str, Mapping[str, str]] = {
    "public": {"公办": "yes", "公立": "yes", "公": "yes", "民办": "no", "私立": "no", "民": "no"},
    "mandatory": {"必建": "yes", "必须": "yes", "必选": "yes", "非必建": "no", "可选": "no"},
    "firm": {"刚性": "yes", "必须": "yes", "硬性": "yes", "非刚性": "no", "柔性": "no"},
}
"""Words of one yes/no column."""

_FORMS = {kind: choice_forms(choices) for kind, choices in CHOICES.items()}
_FORMS[Kind.YES_NO] |= {"y": "yes", "n": "no", "true": "yes", "false": "no", "1": "yes", "0": "no"}
_SYNONYM_OF = {
    kind: {fold(word) or word: code for code, words in codes.items() for word in words}
    for kind, codes in SYNONYMS.items()
}


def _plain_forms(kind: Kind) -> dict[str, str]:
    """The ways of writing that are as good as any other (told of by no notice), and their codes."""
    forms = set(_FORMS[kind]) if kind is Kind.YES_NO else set()
    for code, label in CHOICES[kind].items():
        for one in {code, code.replace("_", " ")}:
            forms |= {one, label}
            for a, b in ((one, label), (label, one)):
                forms |= {f"{a} {b}", f"{a}/{b}", f"{a}（{b}）", f"{a}({b})", f"{a} ({b})"}
    return {form: _FORMS[kind][fold(form)] for form in forms}


_PLAIN = {kind: _plain_forms(kind) for kind in CHOICES}


def _code(raw: Raw, kind: Kind, key: str = "") -> tuple[str | None, bool]:
    """The code of a listed value, and whether it was written as the list has it."""
    typed = as_text(raw)
    code = _PLAIN[kind].get(typed.casefold())
    if code:
        return code, not isinstance(raw, str) or raw == typed
    word = fold(typed) or "".join(typed.split())
    own = _OWN_WORDS.get(key, {}).get(word)
    return own or _FORMS[kind].get(word) or _SYNONYM_OF[kind].get(word), False


def _read_as(code: str, kind: Kind) -> tuple[str, str]:
    label = CHOICES[kind][code]
    return f"按 {label} {code} 读取", f"read as {label} {code}"


def _unknown(raw: Raw, kind: Kind) -> tuple[str, str]:
    """What to write instead of an unknown listed value: the nearest one, or all of them."""
    choices: Mapping[str, str] = CHOICES[kind]
    either = [f"{choices[code]} {code}" for code in _EITHER.get(kind, {}).get(fold(as_text(raw)), ())]
    if either:
        return (
            f"不在选项中；请填 {' 或 '.join(either)}",
            f"is not a listed value; write {' or '.join(either)}",
        )
    near = nearest(as_text(raw), [*choices, *choices.values()])
    code = near and _FORMS[kind][fold(near)]
    if code:
        return (
            f"不在选项中；是否指 {choices[code]} {code}？",
            f"is not a listed value; did you mean {choices[code]} {code}?",
        )
    zh = "、".join(f"{label} {code}" for code, label in choices.items())
    return f"不在选项中；请填 {zh} 之一", f"is not a listed value; write one of {', '.join(choices)}"


def choice(raw: Raw, column: Column, _: Manner) -> Reading:
    """One of a list."""
    kind = column.kind
    code, plain = _code(raw, kind)
    if code is None:
        return refused(*_unknown(raw, kind))
    value = _ENUMS[kind](code)
    return Reading(value) if plain else noted(value, *_read_as(code, kind))


def choices(raw: Raw, column: Column, _: Manner) -> Reading:
    """Several of a list; none stands for all of them."""
    kind = _LISTS[column.kind]
    if fold(as_text(raw)) in _ALL or as_text(raw) == "*":
        return noted((), "按不限（空白）读取", "read as no limit (blank)")
    codes: list[str] = []
    tidied = False
    for part in _SEPARATORS.split(as_text(raw)):
        if is_blank(part):
            continue
        several = _SEVERAL.get(fold(part)) if kind is Kind.STAGE else None
        code, plain = _code(part.strip(), kind)
        if several is None and code is None:
            zh, en = _unknown(part, kind)
            return refused(f"中的“{part.strip()}”{zh}", f'has "{part.strip()}", which {en}')
        codes += several or [code or ""]
        tidied |= not plain
    value = tuple(_ENUMS[kind](code) for code in dict.fromkeys(codes))
    if not tidied:
        return Reading(value)
    names = [f"{CHOICES[kind][code]} {code}" for code in dict.fromkeys(codes)]
    return noted(value, f"按 {'；'.join(names)} 读取", f"read as {'; '.join(names)}")


def yes_no(raw: Raw, column: Column, _: Manner) -> Reading:
    code, plain = _code(raw, Kind.YES_NO, column.key)
    if code is None:
        return refused(*_unknown(raw, Kind.YES_NO))
    value = code == "yes"
    return Reading(value) if plain else noted(value, *_read_as(code, Kind.YES_NO))


def status(raw: Raw, _: Column, __: Manner) -> Reading:
    """A listed status by its code; any other is kept as it is typed."""
    code, plain = _code(raw, Kind.STATUS)
    if code:
        return Reading(code) if plain else noted(code, *_read_as(code, Kind.STATUS))
    zh, en = _unknown(raw, Kind.STATUS)
    return Reading(
        as_text(raw), severity=Severity.WARNING, remark=Text(f"{zh}（已照原文保留）", f"{en} (kept)")
    )
