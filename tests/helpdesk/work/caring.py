"""How tests drive what is done for accounts, and what they ask of it afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from helpdesk.models import AccountDuty, ChannelAccount
from helpdesk.social import duties, health
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from helpdesk.work.care import Caretaker

Connect = Callable[..., ChannelAccount]


def run(care: Caretaker) -> int:
    return asyncio.run(care.drain())


def state(database: Database, account: ChannelAccount) -> health.Health:
    with database.read() as unit:
        return health.state_of(unit, unit.session.get_one(ChannelAccount, account.pk))


def duty(database: Database, account: ChannelAccount, name: str) -> AccountDuty:
    with database.read() as unit:
        found = duties.find(unit, account.pk, name)
    assert found
    return found


def codes(found: health.Health) -> list[str]:
    return [one.code for one in found.problems]


def secrets(database: Database, seal: Seal, account: ChannelAccount) -> dict[str, Any]:
    with database.read() as unit:
        return seal.open(unit.session.get_one(ChannelAccount, account.pk).secrets)
