"""Telephone numbers as shops, providers and people write them: the same one in all its spellings."""

from __future__ import annotations

from helpdesk.customers.identify import normalise

PLANS = {  # currency of the shop -> country code, and what stands before a number at home
    "JPY": ("81", "0"), "USD": ("1", ""), "CAD": ("1", ""), "GBP": ("44", "0"), "AUD": ("61", "0"),
    "NZD": ("64", "0"), "KRW": ("82", "0"), "TWD": ("886", "0"), "CHF": ("41", "0"), "SEK": ("46", "0"),
    "CNY": ("86", ""), "HKD": ("852", ""), "SGD": ("65", ""),
}  # fmt: skip
LENGTHS = range(8, 16)  # digits of an international number (E.164)
ABROAD = ("00", "010", "011")  # dialled before a number of another country


def international(number: str, currency: str) -> str | None:
    """`+819012345678`; None where the country is not known or this is no whole number.

    What stands without a country is of the shop's own.
    """
    value = normalise("phone", number)
    if value.startswith("+"):
        return _whole(value[1:])
    plan = PLANS.get(currency)
    if plan is None or value.startswith(ABROAD):
        return None
    code, trunk = plan
    if trunk and value.startswith(trunk):
        return _whole(code + value[len(trunk) :])
    if code == "1":
        return _whole(value if len(value) == 11 and value.startswith("1") else code + value)
    return _whole(code + value) if not trunk else None


def spellings(number: str, currency: str) -> frozenset[str]:
    """Of an international number (with or without `+`): as it may stand in an identity."""
    digits = number.lstrip("+")
    found = {f"+{digits}", digits}
    code, trunk = PLANS.get(currency, ("", ""))
    if code and digits.startswith(code):
        found.add(trunk + digits[len(code) :])
    return frozenset(found)


def _whole(digits: str) -> str | None:
    if not digits.isdecimal() or len(digits) not in LENGTHS or digits.startswith("0"):
        return None
    return None if digits.startswith("1") and len(digits) != 11 else f"+{digits}"
