"""Parcel numbers as customers write them: whose they may be, and whether the check digit agrees. Pure.

What is found is a candidate: only the parcels of the shop say whether it is one of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk.commerce import check_digits
from helpdesk.commerce.spelling import CONSIDERED, plain

MOST = 12  # numbers of one message
RUN = re.compile(r"(?<![0-9A-Z@-])[0-9](?:[ -]?[0-9]){9,45}(?![0-9A-Z@])")
DIALLED = re.compile(r"\+[0-9][0-9 ()-]{7,18}")  # a telephone number, not a parcel
POSTAL = re.compile(r"(?<![0-9A-Z])([A-Z]{2}) ?([0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}) ?([A-Z]{2})(?![0-9A-Z])")
UPS = re.compile(r"(?<![0-9A-Z])1Z[ -]?([0-9A-Z](?:[ -]?[0-9A-Z]){15})(?![0-9A-Z])")
LETTERED = (  # numbers without a check digit that their letters make unmistakable
    ("dhl", re.compile(r"(?<![0-9A-Z])J(?:D|[A-Z]{2,3})[0-9]{9,18}(?![0-9A-Z])")),
    ("sf", re.compile(r"(?<![0-9A-Z])SF[0-9]{12,13}(?![0-9A-Z])")),
    ("amazon", re.compile(r"(?<![0-9A-Z])TBA[0-9]{12}(?![0-9A-Z])")),
)
POSTS = {
    "JP": "japanpost",
    "US": "usps",
    "GB": "royalmail",
    "DE": "dhl",
    "CN": "chinapost",
    "KR": "koreapost",
}
SAID = (  # how customers call a carrier, in upper case
    ("yamato", re.compile("ヤマト|クロネコ|宅急便|ネコポス|YAMATO|KURONEKO|TA-Q-BIN")),
    ("sagawa", re.compile("佐川|飛脚|SAGAWA")),
    (
        "japanpost",
        re.compile(r"日本郵便|郵便局|ゆうパ|レターパック|国際郵便|JAPAN ?POST|YU-?PA(?:CK|CKET)|\bEMS\b"),
    ),
    ("seino", re.compile("西濃|カンガルー便|SEINO")),
    ("fukuyama", re.compile("福山通運|福通|FUKUYAMA|FUKUTSU")),
    ("dhl", re.compile(r"\bDHL\b")),
    ("fedex", re.compile("FEDEX|フェデックス")),
    ("ups", re.compile(r"(?<![A-Z])UPS(?![A-Z])")),
    ("usps", re.compile(r"\bUSPS\b")),
)
TOLD = re.compile(
    "追跡|伝票|送り状|問い?合わ?せ番号|荷物番号|配送番号|TRACKING|WAYBILL|PARCEL N|SHIPMENT N|CONSIGNMENT"
)
LINKS = {
    "yamato": "https://jizen.kuronekoyamato.co.jp/jizen/servlet/crjz.b.NQ0010?id={}",
    "sagawa": "https://k2k.sagawa-exp.co.jp/p/web/okurijosearch.do?okurijoNo={}",
    "japanpost": (
        "https://trackings.post.japanpost.jp/services/srv/search/direct?reqCodeNo1={}&searchKind=S002&locale=ja"
    ),
    "seino": "https://track.seino.co.jp/cgi-bin/gnpquery.pgm?GNPNO1={}",
    "fukuyama": "https://corp.fukutsu.co.jp/situation/tracking_no_hunt/{}",
}


@dataclass(frozen=True, slots=True)
class ParcelNumber:
    """`carriers`: who may carry it, likeliest first. `checked`: a check digit stands in it and is right."""

    number: str  # capital letters and digits alone
    carriers: tuple[str, ...]
    checked: bool


def find(text: str) -> list[ParcelNumber]:
    """In text order within each kind, without repeats; what no check digit proves needs a word that says what it is."""
    said = DIALLED.sub(" ", plain(text[:CONSIDERED]))
    named = tuple(carrier for carrier, called in SAID if called.search(said))
    told = bool(named or TOLD.search(said))
    found: dict[str, ParcelNumber] = {}
    for one in _candidates(said):
        if (one.checked or told or one.number[0].isalpha()) and one.number not in found:
            found[one.number] = _settle(one, named)
            if len(found) == MOST:
                break
    return list(found.values())


def normalise(number: str) -> str:
    """As numbers are compared: capital letters and digits alone."""
    return re.sub(r"[^0-9A-Z]", "", plain(number[:100]))


def find_link(carrier: str, number: str) -> str | None:
    """The carrier's own page about the parcel, where numbers can be given in the address."""
    link = LINKS.get(carrier)
    return link.format(normalise(number)) if link else None


def _settle(one: ParcelNumber, named: tuple[str, ...]) -> ParcelNumber:
    """A carrier that the text names comes first, where the number can be theirs."""
    first = [carrier for carrier in named if carrier in one.carriers]
    rest = [carrier for carrier in one.carriers if carrier not in first]
    return ParcelNumber(one.number, (*first, *rest), one.checked)


def _candidates(said: str) -> Iterator[ParcelNumber]:
    for match in POSTAL.finditer(said):
        digits = normalise(match[2])
        carrier = POSTS.get(match[3], "post")
        if check_digits.s10(digits):
            yield ParcelNumber(f"{match[1]}{digits}{match[3]}", (carrier,), True)
    for match in UPS.finditer(said):
        rest = normalise(match[1])
        if check_digits.ups(rest):
            yield ParcelNumber(f"1Z{rest}", ("ups",), True)
    for carrier, shape in LETTERED:
        for match in shape.finditer(said):
            yield ParcelNumber(match[0], (carrier,), False)
    for match in RUN.finditer(said):
        yield from _in_run(match[0])


def _in_run(run: str) -> Iterator[ParcelNumber]:
    """A blank parts groups of one number, or two numbers: the longest run of groups whose check digit is right wins."""
    groups = [group.replace("-", "") for group in run.split(" ")]
    at = 0
    while at < len(groups):
        taken = _longest(groups, at)
        if taken:
            yield taken[1]
        elif (digits := groups[at]) and (carriers := _unproven(digits)):
            yield ParcelNumber(digits, carriers, False)
        at += taken[0] if taken else 1


def _longest(groups: list[str], at: int) -> tuple[int, ParcelNumber] | None:
    for many in range(min(len(groups) - at, 34), 0, -1):
        digits = "".join(groups[at : at + many])
        if carriers := _proven(digits):
            return many, ParcelNumber(digits, carriers, True)
    return None


def _proven(digits: str) -> tuple[str, ...]:
    """Carriers whose check digit agrees."""
    size = len(digits)
    if size in (10, 11) and not digits.startswith("0"):  # with 0 it is a telephone number
        carriers = ("dhl", "japanpost") if size == 11 else ("dhl",)
        return carriers if check_digits.seven(digits) else ()
    if size == 12:
        home = ("yamato", "sagawa", "japanpost") if check_digits.seven(digits) else ()
        return (*home, "fedex") if check_digits.fedex(digits) else home
    if size == 13:
        return ("japanpost",) if check_digits.seven(digits) else ()
    return _american(digits)


def _american(digits: str) -> tuple[str, ...]:
    size = len(digits)
    if size == 15:
        return ("fedex",) if check_digits.gs1(digits) else ()
    if size == 20:
        right = any(check_digits.gs1(start + digits) for start in ("", "91", "92"))
        return ("usps", "fedex") if right else ()
    if size == 22 and digits.startswith("96"):
        return ("fedex",) if check_digits.gs1(digits[-15:]) else ()
    if size in (22, 26) and digits[0] == "9" and digits[1] in "12345":
        return ("usps", "fedex") if check_digits.gs1(digits) else ()
    if size in (30, 34) and digits.startswith("420"):
        return ("usps",) if check_digits.gs1(digits[8:]) or check_digits.gs1(digits[12:]) else ()
    if size == 34 and digits.startswith(("100", "96")):
        return ("fedex",) if check_digits.fedex(digits[-14:]) else ()
    return ()


def _unproven(digits: str) -> tuple[str, ...]:
    """Who numbers parcels with so many digits and no check that is known for certain."""
    if len(digits) in (10, 11) and digits.startswith("0"):
        return ()
    return {
        10: ("seino", "sagawa", "fukuyama"),
        11: ("japanpost", "sagawa"),
        12: ("sagawa", "japanpost"),
        13: ("japanpost",),
    }.get(len(digits), ())
