"""Parcels: who carries them, numbers with their check digits, and the places they pass."""

from __future__ import annotations

from random import Random

STUCK_DEPOT = "みなと中継センター"
STUCK_DEPOT_EN = "Minato relay depot"
ORIGIN = "松本ベース"
DEPOTS = {
    "kanto": "関東中央ベース",
    "north": "北日本ベース",
    "middle": "中部ベース",
    "west": "関西ベース",
    "south": "九州ベース",
    "abroad": "Tokyo Gateway",
}
NAMES = {
    "yamato": {"ja": "ヤマト運輸", "en": "Yamato"},
    "sagawa": {"ja": "佐川急便", "en": "Sagawa"},
    "japanpost": {"ja": "日本郵便", "en": "Japan Post"},
    "dhl": {"ja": "DHL", "en": "DHL"},
}
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def choose(rng: Random, area: str) -> str:
    if area == "abroad":
        return rng.choice(("dhl", "dhl", "japanpost"))
    return rng.choices(("yamato", "sagawa", "japanpost"), (6, 3, 2))[0]


def tracking_number(rng: Random, carrier: str, area: str) -> str:
    if carrier == "dhl":
        return _with_seven(f"{rng.randint(100_000_000, 999_999_999)}")
    if carrier == "japanpost" and area == "abroad":
        return s10(f"EJ{rng.randint(10_000_000, 99_999_999)}")
    return _with_seven(f"{rng.randint(10_000_000_000, 99_999_999_999)}")


def tracking_url(carrier: str, number: str) -> str:
    """An address that leads nowhere: these parcels do not exist."""
    return f"https://tracking.example/{carrier}/{number}"


def s10(start: str) -> str:
    """Two letters and eight digits with the check digit of UPU S10 and the country."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(start[2:], _S10_WEIGHTS, strict=True)) % 11
    return f"{start}{ {10: 0, 11: 5}.get(rest, rest) }JP"


def _with_seven(digits: str) -> str:
    """The digits and their remainder modulo 7, as Japanese carriers and DHL check them."""
    return f"{digits}{int(digits) % 7}"
