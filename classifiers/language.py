"""First step of reading a message: is it Japanese or English? By script alone, as customers mix freely."""

from __future__ import annotations

import re

LANGUAGES = ("ja", "en")
_CJK = re.compile("[\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9f]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\uff21-\uff3a\uff41-\uff5a]+")
_CONSIDERED = 4000
# A Japanese word is about two characters, a Latin one about five.
_LATIN_PER_CJK = 3


def detect(text: str, default: str = "ja") -> str:
    """`ja` or `en` by the share of each script; `default` when there are letters of neither."""
    head = text[:_CONSIDERED]
    cjk = sum(map(len, _CJK.findall(head)))
    latin = sum(map(len, _LATIN.findall(head)))
    if cjk == 0 and latin == 0:
        return default
    return "ja" if cjk * _LATIN_PER_CJK >= latin else "en"


def settle(lang: str | None, text: str, default: str = "ja") -> str:
    """The language given (`ja`, `en-GB` …) when it is one of ours, else the detected one."""
    given = (lang or "").replace("_", "-").partition("-")[0].lower()
    return given if given in LANGUAGES else detect(text, default)
