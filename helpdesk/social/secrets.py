"""The opened secrets of an account: which are in force, when each was set, and the little that is shown of them.

Beside a secret `name` may lie `old_name`, good until `old_name_until`; `set_at` tells when each was entered.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

OLD, UNTIL, SET_AT = "old_", "_until", "set_at"
SHOWN = 2  # characters of its end
SHORT = 8  # of which nothing is shown

Secrets = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be told about one secret."""

    name: str
    set_at: datetime | None
    ends: str
    old_ends: str = ""
    old_until: datetime | None = None


def in_force(secrets: Secrets, now: datetime) -> dict[str, Any]:
    """Without the old ones whose time is over. One without a time is good until it is ended."""
    return {name: value for name, value in pruned(secrets, now).items() if not _is_until(name)}


def pruned(secrets: Secrets, now: datetime) -> dict[str, Any]:
    """To be kept: the old ones whose time is over are forgotten, the others keep theirs."""
    over = [name for name in secrets if _is_until(name) and _moment(secrets[name]) <= now]
    gone = {*over, *(name.removesuffix(UNTIL) for name in over)}
    return {name: value for name, value in secrets.items() if name not in gone}


def replace(
    secrets: Secrets, given: Mapping[str, str], *, rotating: Collection[str], keep: timedelta, now: datetime
) -> dict[str, Any]:
    """With new ones; what they replace stays good for `keep` where the provider signs with it."""
    made = dict(secrets)
    for name, value in given.items():
        if not value or value == made.get(name):
            continue
        before = made.get(name)
        if name in rotating and before and keep > timedelta():
            made[OLD + name] = before
            made[OLD + name + UNTIL] = (now + keep).isoformat()
        elif name in rotating:
            made = without_old(made, name)
        made[name] = value
        made[SET_AT] = {**_dates(made), name: now.isoformat()}
    return made


def without_old(secrets: Secrets, name: str) -> dict[str, Any]:
    gone = {OLD + name, OLD + name + UNTIL}
    return {one: value for one, value in secrets.items() if one not in gone}


def shown(secrets: Secrets, name: str, now: datetime) -> Shown | None:
    """None for a secret that is not set."""
    value = str(secrets.get(name) or "")
    if not value:
        return None
    old = str(in_force(secrets, now).get(OLD + name) or "")
    until = secrets.get(OLD + name + UNTIL)
    dated = _dates(secrets).get(name)
    return Shown(
        name,
        datetime.fromisoformat(dated) if dated else None,
        _end(value),
        _end(old) if old else "",
        _moment(until) if old and until else None,
    )


def _end(value: str) -> str:
    return "…" + (value[-SHOWN:] if len(value) >= SHORT else "")


def _is_until(name: str) -> bool:
    return name.startswith(OLD) and name.endswith(UNTIL)


def _moment(given: object) -> datetime:
    return datetime.fromisoformat(str(given))


def _dates(secrets: Secrets) -> dict[str, str]:
    return dict(secrets.get(SET_AT) or {})
