"""The shop that the tests of assignment and transfer share."""

from __future__ import annotations

import pytest

from helpdesk.chat.accounts import create_widget
from helpdesk.models import Brand, ChannelAccount
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from tests.conftest import StandingClock
from tests.helpdesk.chat.shop import Shop


@pytest.fixture
def account(database: Database, brand: Brand, seal: Seal) -> ChannelAccount:
    with database.write() as unit:
        return create_widget(unit, brand, seal)


@pytest.fixture
def shop(database: Database, clock: StandingClock, brand: Brand, account: ChannelAccount) -> Shop:
    return Shop(database, clock, brand, account)
