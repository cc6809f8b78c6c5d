"""Every sentence of explanations, repairs and money: both languages have the same fields, each its own punctuation."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from portfolio.domain.text import Text
from portfolio.optimise.explain import takes, words, words_money, words_repairs
from portfolio.report.explain_words import EXPLAIN_WORDS
from portfolio.report.money_words import MONEY_WORDS

SENTENCES = {
    f"{catalogue}.{key}": Text(*pair)
    for catalogue, pairs in {
        "words": words.TEMPLATES,
        "takes": takes.TEMPLATES,
        "repairs": words_repairs.TEMPLATES,
        "money": words_money.TEMPLATES,
        "explain labels": EXPLAIN_WORDS,
        "money labels": MONEY_WORDS,
    }.items()
    for key, pair in pairs.items()
}
CHINESE = r"[\u3400-\u9fff]"
FULL_WIDTH = r"[，。；：、！？（）“”]"


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("key", SENTENCES)
def test_both_languages_have_the_same_fields_and_their_own_punctuation(key: str) -> None:
    zh, en = SENTENCES[key]
    assert fields(zh) == fields(en)
    assert "  " not in zh + en
    assert zh == zh.strip()
    assert not re.search(FULL_WIDTH, en)
    assert not re.search(CHINESE, en.replace("万元", ""))
    assert not re.search(rf"{CHINESE}[,;:!?(]|[,;:!?)]{CHINESE}", zh)
