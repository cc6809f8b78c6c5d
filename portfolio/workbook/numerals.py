"""Numbers in Chinese characters: 三, 十二, 一百二十, and years digit by digit: 二〇二六."""

from __future__ import annotations

_DIGITS = {
    **dict.fromkeys("〇零○", 0),
    **{character: number for number, character in enumerate("一二三四五六七八九", start=1)},
    **{character: number for number, character in enumerate("壹贰叁肆伍陆柒捌玖", start=1)},
    "两": 2,
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}

NUMERAL = f"[{''.join((*_DIGITS, *_TENS))}]+"
"""A pattern of the characters that a numeral under 10,000 is made of."""


def chinese_number(text: str) -> int | None:
    """The whole number under 10,000 that `text` spells with its tens and hundreds (一百零二), or a
    single digit; None if it spells none. 一百二 is none: 120 is meant, 102 could be."""
    total, digit, last, zero = 0, None, 10_000, False
    for character in text:
        if character in _TENS:
            tens = _TENS[character]
            if tens >= last or digit == 0 or (digit is None and (total or tens != 10)):
                return None
            total += (1 if digit is None else digit) * tens
            digit, last, zero = None, tens, False
        elif character in _DIGITS and (digit is None or (digit == 0 and not zero)):
            zero = digit == 0
            digit = _DIGITS[character]
        else:
            return None
    if digit is None:
        return total or None
    if total and last > 10 and not zero:
        return None
    return total + digit


def chinese_digits(text: str) -> str | None:
    """二〇二六 -> 2026; None if there is any other character."""
    if not text or any(character not in _DIGITS for character in text):
        return None
    return "".join(str(_DIGITS[character]) for character in text)
