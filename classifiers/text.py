"""Second step: subject and message become one plain line of characters that features and cues read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

CONSIDERED = 4000
URL_MASK = " zzurl "
MAIL_MASK = " zzmail "
DIGIT_MASK = "0"

_REPLY_PREFIX = re.compile(r"^(?:\s*(?:re|fwd?|aw|返信|転送)\s*[:：])+\s*", re.IGNORECASE)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\u3000-\u9fff]*")
_MAIL = re.compile(r"[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_DIGITS = re.compile(r"\d+")
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"'})


def join(text: str, subject: str = "") -> str:
    """Subject without its Re:/Fwd: above the message, cut to what is considered."""
    title = _REPLY_PREFIX.sub("", subject[:300]).strip()
    return f"{title}\n{text[:CONSIDERED]}" if title else text[:CONSIDERED]


def prepare(text: str, subject: str = "") -> str:
    """NFKC, lower case, addresses and numbers masked. Total: any string gives a string."""
    return _mask(_fold(join(text, subject)))


def prepare_aligned(text: str) -> tuple[str, list[tuple[int, int]]]:
    """As `prepare` for one joined text, with the source range of every character; slow, for explanations."""
    folded: list[str] = []
    ranges: list[tuple[int, int]] = []
    for start, end in _clusters(text):
        part = _fold(text[start:end])
        folded.append(part)
        ranges.extend([(start, end)] * len(part))
    plain = "".join(folded)
    for pattern, mask in ((_URL, URL_MASK), (_MAIL, MAIL_MASK), (_DIGITS, DIGIT_MASK)):
        plain, ranges = _mask_aligned(plain, ranges, pattern, mask)
    return plain, ranges


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().translate(_QUOTES)


def _mask(text: str) -> str:
    if "://" in text or "www." in text:
        text = _URL.sub(URL_MASK, text)
    if "@" in text:
        text = _MAIL.sub(MAIL_MASK, text)
    return _DIGITS.sub(DIGIT_MASK, text)


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Ranges of a base character with the marks that NFKC may compose into it."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not _joins(text[at]):
            yield start, at
            start = at


def _joins(char: str) -> bool:
    return unicodedata.combining(unicodedata.normalize("NFKC", char)[0]) != 0


def _mask_aligned(
    plain: str, ranges: list[tuple[int, int]], pattern: re.Pattern[str], mask: str
) -> tuple[str, list[tuple[int, int]]]:
    parts: list[str] = []
    kept: list[tuple[int, int]] = []
    done = 0
    for match in pattern.finditer(plain):
        begin, end = match.span()
        parts += [plain[done:begin], mask]
        kept += ranges[done:begin]
        kept += [(ranges[begin][0], ranges[end - 1][1])] * len(mask)
        done = end
    parts.append(plain[done:])
    return "".join(parts), kept + ranges[done:]
