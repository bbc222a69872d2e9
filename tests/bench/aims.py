"""How measured figures are printed beside what is wanted of them."""

from __future__ import annotations

import operator
from typing import NamedTuple

_HOLDS = {"≥": operator.ge, "≤": operator.le}


class Aim(NamedTuple):
    """`≥ 0.88` or `≤ 15`."""

    sign: str
    limit: float


def least(limit: float) -> Aim:
    return Aim("≥", limit)


def most(limit: float) -> Aim:
    return Aim("≤", limit)


def show(name: str, value: float | None, aim: Aim | None = None, unit: str = "") -> bool:
    """Prints one line; whether the aim, if there is one, is reached."""
    told = "–" if value is None else f"{value:,.3f}" if abs(value) < 10 else f"{value:,.0f}"
    if aim is None:
        print(f"{name:44} {told:>9} {unit}".rstrip(), flush=True)
        return True
    reached = value is not None and bool(_HOLDS[aim.sign](value, aim.limit))
    wanted = f"{aim.sign} {aim.limit:,g} {unit}".rstrip()
    print(f"{name:44} {told:>9}   {wanted:18} {'reached' if reached else 'MISSED'}", flush=True)
    return reached
