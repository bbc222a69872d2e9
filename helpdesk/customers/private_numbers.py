"""Numbers that nobody here needs to see: payment cards and My Number (個人番号). Pure; the rest of a text stays.

A card has a length and beginning that an issuer uses, and a right check digit (ISO/IEC 7812, Luhn). One in eleven of
all twelve-digit numbers passes as My Number, parcels among them: on screen it counts beside its name alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import accumulate, islice

_GAP = r"[ \u00a0\u3000.\-\u2010-\u2015\u2212\uff0d]?"
_RUN = re.compile(rf"(?<![0-9A-Za-z\uff10-\uff19@#_/\-])\d(?:{_GAP}\d)*+")
_LEAST, _MOST = 12, 19  # digits
_GROUPS = 2_000  # of one run; what has more is no row of cards
_GOES_ON = re.compile("[A-Za-z@_]")
_GROUP = re.compile(r"\d+")
_CARD = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|35(?:2[89]|[3-8]\d)\d{12}"  # JCB
    r"|3[47]\d{13}"  # American Express
    r"|3(?:0[0-5]|[689]\d)\d{11}"  # Diners Club
    r"|6(?:011|4[4-9]\d|5\d\d)\d{12}"  # Discover
    r"|62\d{14,17}",  # UnionPay
    re.ASCII,
)
_CALLED = re.compile(r"マイナンバー|ﾏｲﾅﾝﾊﾞｰ|個人番号|my[ -]?number|individual number", re.IGNORECASE)
_NEAR = 40  # characters before a number in which its name stands; half as many after it
_LAST = 4  # digits of a card that stay, so that people can say which one they mean
_BULLET = "•"


def hide(text: str) -> str:
    """For eyes: a card keeps its last four digits."""
    return _replaced(text, _named, lambda digits, card: _LAST if card else 0, _BULLET)


def hide_in_html(html: str) -> str:
    """The same between the tags; a number that tags cut in pieces is not found."""
    if not any(len(run[0]) >= _LEAST for run in _RUN.finditer(html)):
        return html
    return re.sub(r"<[^>]*>|[^<]+", lambda part: part[0] if part[0][0] == "<" else hide(part[0]), html)


def blank(text: str) -> str:
    """For what is kept to learn from: all digits are noughts, as which the classifier reads any number."""
    return _replaced(text, lambda *_: True, lambda digits, card: 0, "0")


def is_card(digits: str) -> bool:
    """Of ASCII digits."""
    return bool(_CARD.fullmatch(digits)) and _luhn(digits)


def is_my_number(digits: str) -> bool:
    """Of ASCII digits: the last of twelve is the check digit (ordinance 85 of 2014, article 5)."""
    if len(digits) != 12 or len(set(digits)) == 1:
        return False
    total = sum(int(one) * (at + 2 if at < 6 else at - 4) for at, one in enumerate(reversed(digits[:-1])))
    rest = total % 11
    return int(digits[-1]) == (0 if rest <= 1 else 11 - rest)


def _replaced(
    text: str, counts: Callable[[str, int, int], bool], kept: Callable[[str, bool], int], by: str
) -> str:
    done, parts = 0, []
    for run in _RUN.finditer(text):
        for begin, end, digits in _found(text, run) if len(run[0]) >= _LEAST else ():
            card = is_card(digits)
            if not card and not counts(text, begin, end):
                continue
            parts += [text[done:begin], _covered(text[begin:end], len(digits) - kept(digits, card), by)]
            done = end
    return "".join([*parts, text[done:]]) if parts else text


def _found(text: str, run: re.Match[str]) -> list[tuple[int, int, str]]:
    """Whole groups of a run that make a number, the longest first: an expiry date may stand right behind."""
    groups = [match.span() for match in islice(_GROUP.finditer(text, *run.span()), _GROUPS)]
    if groups[-1][1] == run.end() and _GOES_ON.match(text, run.end()):
        groups.pop()
    found, at = [], 0
    while at < len(groups):
        reach = list(accumulate(end - begin for begin, end in groups[at : at + _MOST]))
        for size in range(len(reach), 0, -1):
            begin, end = groups[at][0], groups[at + size - 1][1]
            if _LEAST <= reach[size - 1] <= _MOST and _counts(digits := _ascii(text[begin:end])):
                found.append((begin, end, digits))
                at += size - 1
                break
        at += 1
    return found


def _counts(digits: str) -> bool:
    return is_card(digits) or is_my_number(digits)


def _ascii(text: str) -> str:
    return "".join(str(int(one)) for one in text if one.isdecimal())


def _named(text: str, begin: int, end: int) -> bool:
    return bool(_CALLED.search(text[max(0, begin - _NEAR) : begin] + " " + text[end : end + _NEAR // 2]))


def _covered(number: str, digits: int, by: str) -> str:
    """The first so many digits; what stands between them stays."""
    places = [at for at, one in enumerate(number) if one.isdecimal()][:digits]
    letters = list(number)
    for at in places:
        letters[at] = by
    return "".join(letters)


def _luhn(digits: str) -> bool:
    doubled = (int(one) * (2 if at % 2 else 1) for at, one in enumerate(reversed(digits)))
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0
