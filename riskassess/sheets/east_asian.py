"""Numbers, days and thresholds as Japanese, Chinese and Korean lists write them, in the forms that we read. Pure."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

UNPARTED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Letters of scripts that part no words."""
_POWERS = {
    "千": 10**3, "천": 10**3, "万": 10**4, "萬": 10**4, "만": 10**4, "百万": 10**6, "百萬": 10**6, "백만": 10**6,
    "億": 10**8, "亿": 10**8, "억": 10**8,
}  # fmt: skip
_COUNTED = re.compile(r"(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<power>百[万萬]|백만|[千천万萬만億亿억])")
_REIWA = 2018  # the year before the era's first
_DAY = re.compile(
    r"(?:(?P<year>\d{4})|令和\s*(?P<era>\d{1,2}|元))\s*[年년]\s*(?P<month>\d{1,2})\s*[月월](?:\s*(?P<day>\d{1,2})\s*[日일])?"
)
_QUARTER = re.compile(
    r"(?P<year>\d{4})\s*[年년]\s*(?:第\s*(?P<at>[1-4一二三四])\s*(?:四半期|季度|季)"
    r"|(?P<korean>[1-4])\s*분기)"
)
_YEAR = re.compile(r"(?P<year>\d{4})\s*[年년](?!\s*\d)")
_ORDINALS = {"一": "1", "二": "2", "三": "3", "四": "4"}
_SIZE = r"(?P<size>\d[\d,.]*\s*[kKmM]?)\s*(?P<of>tokens?|トークン|토큰)?\s*"
_MORE = re.compile(_SIZE + r"(?:を?超え?る?|超過|超过|より大きい|より多い|초과)(?:の(?:場合|部分))?")
_LEAST = re.compile(_SIZE + r"(?:以上|이상)(?:の(?:場合|部分))?")
_LESS = re.compile(_SIZE + r"(?:以下|以内|以內|未満|未满|まで|이하|미만)(?:の(?:場合|部分))?")
_MORE_BEFORE = re.compile(r"(?:超過|超过|大於|大于|高於|高于)\s*" + _SIZE)
_LESS_BEFORE = re.compile(r"(?:不超過|不超过|小於|小于|低於|低于|至多)\s*" + _SIZE)


def in_figures(text: str) -> str:
    """`20万トークン超` as `>200000 tokens`, `2026年5月1日` as `2026-05-01`; brackets and letters of half the width."""
    line = unicodedata.normalize("NFKC", text)
    if not UNPARTED.search(line):
        return line
    line = _QUARTER.sub(_quarter, _DAY.sub(_day, line))
    line = _YEAR.sub(r"\g<year>", line)
    line = _COUNTED.sub(_number, line)
    for pattern, sign in (
        (_LESS_BEFORE, "<="),
        (_MORE_BEFORE, ">"),
        (_LESS, "<="),
        (_MORE, ">"),
        (_LEAST, ">="),
    ):
        line = pattern.sub(lambda found, sign=sign: f" {sign} {found['size'].strip()} tokens ", line)  # type: ignore[misc]
    return line


def _number(found: re.Match[str]) -> str:
    whole = Decimal(found["number"].replace(",", "")) * _POWERS[found["power"]]
    return f"{whole.normalize():f}"


def _day(found: re.Match[str]) -> str:
    era = found["era"]
    year = int(found["year"]) if found["year"] else _REIWA + (1 if era == "元" else int(era))
    month = f"{year}-{int(found['month']):02}"
    return f"{month}-{int(found['day']):02}" if found["day"] else month


def _quarter(found: re.Match[str]) -> str:
    at = found["at"] or found["korean"]
    return f"Q{_ORDINALS.get(at, at)} {found['year']}"
