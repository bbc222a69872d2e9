"""Text to tokens: width, case and kana folded; runs of letters and digits are words, CJK runs overlapping bigrams.

The last character of a CJK run is a token of its own, so that one-character words are found by their beginning.
"""

from __future__ import annotations

import re
import unicodedata

_CJK = "ぁ-ゖゝ-ゟァ-ヺー-ヿ㐀-䶿一-鿿豈-﫿々〆가-힣"
RUN = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
CJK = re.compile(rf"[{_CJK}]")
LATIN = rf"[^\W_{_CJK}]"
LONGEST_WORD = 64
MOST_TOKENS = 16_000  # positions of a tsvector end at 16,383
_HIRAGANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}


def fold(text: str) -> str:
    """Width, case and kana folded: ＡＢＣ ｻｲｽﾞ サイズ → abc さいず さいず."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).lower().translate(_HIRAGANA)


def tokens(text: str) -> list[str]:
    """Tokens in text order, for the index."""
    found: list[str] = []
    for run in RUN.findall(fold(text)):
        found.extend(whole(run))
        if len(found) >= MOST_TOKENS:
            break
    return found[:MOST_TOKENS]


def whole(run: str) -> list[str]:
    """The tokens of a folded run that ends where the text's run ends."""
    return [*_bigrams(run), run[-1]] if CJK.match(run) else [run[:LONGEST_WORD]]


def begun(run: str) -> list[str]:
    """The tokens of a folded run that may go on in the text."""
    if not CJK.match(run):
        return [run[:LONGEST_WORD]]
    return _bigrams(run) or [run]


def _bigrams(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]
