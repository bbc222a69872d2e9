"""Text to tokens: NFKC and lower case; runs of letters and digits are words, CJK runs become overlapping bigrams.

The last character of a CJK run is a token of its own, so that a prefix query finds one-character words.
"""

from __future__ import annotations

import re
import unicodedata

_CJK = "ぁ-ゖゝ-ゟァ-ヺー-ヿ㐀-䶿一-鿿豈-﫿々〆가-힣"
RUN = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
CJK = re.compile(rf"[{_CJK}]")
LONGEST_WORD = 64
MOST_TOKENS = 16_000  # positions of a tsvector end at 16,383


def fold(text: str) -> str:
    """Width, case and half-width kana folded: ＡＢＣ ｻｲｽﾞ → abc サイズ."""
    return unicodedata.normalize("NFKC", text).lower()


def tokens(text: str) -> list[str]:
    """Tokens in text order, for the index."""
    found: list[str] = []
    for run in RUN.findall(fold(text)):
        found.extend([*_bigrams(run), run[-1]] if CJK.match(run) else [run[:LONGEST_WORD]])
        if len(found) >= MOST_TOKENS:
            break
    return found[:MOST_TOKENS]


def phrases(query: str) -> list[list[str]]:
    """One phrase of tokens for each run of the query; the last token of each is a prefix."""
    return [_phrase(run) for run in RUN.findall(fold(query))]


def _phrase(run: str) -> list[str]:
    if not CJK.match(run):
        return [run[:LONGEST_WORD]]
    return _bigrams(run) or [run]


def _bigrams(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]
