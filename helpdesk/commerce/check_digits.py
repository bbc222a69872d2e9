"""Check digits of parcel numbers: of posts (UPU S10), modulo 7 (Japanese carriers, DHL Express), GS1 modulo 10 (USPS,
FedEx Ground), UPS, FedEx Express. Pure; all take ASCII digits, or letters where said, and never raise on them.
"""

from __future__ import annotations

S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
FEDEX_WEIGHTS = (1, 3, 7)  # from the right


def seven(digits: str) -> bool:
    """The last digit is the remainder of those before it modulo 7."""
    return len(digits) > 1 and int(digits[:-1]) % 7 == int(digits[-1])


def s10(digits: str) -> bool:
    """The nine digits between the letters of a postal number."""
    if len(digits) != 9:
        return False
    rest = 11 - sum(int(one) * by for one, by in zip(digits, S10_WEIGHTS, strict=False)) % 11
    return {10: 0, 11: 5}.get(rest, rest) == int(digits[8])


def gs1(digits: str) -> bool:
    """From the right before the last digit: three times, once, three times …"""
    if len(digits) < 2:
        return False
    total = sum(int(one) * (1 if at % 2 else 3) for at, one in enumerate(reversed(digits[:-1])))
    return -total % 10 == int(digits[-1])


def ups(number: str) -> bool:
    """The sixteen letters and digits after 1Z; a letter counts as its place in the alphabet and one, modulo 10."""
    if len(number) != 16 or not number[-1].isdecimal():
        return False
    values = [int(one) if one.isdecimal() else (ord(one) - ord("A") + 2) % 10 for one in number[:-1]]
    return -(sum(values[::2]) + 2 * sum(values[1::2])) % 10 == int(number[-1])


def fedex(digits: str) -> bool:
    """Weights 1, 3, 7 from the right, modulo 11, of which the last digit is kept."""
    if len(digits) < 2:
        return False
    total = sum(int(one) * FEDEX_WEIGHTS[at % 3] for at, one in enumerate(reversed(digits[:-1])))
    return total % 11 % 10 == int(digits[-1])
