"""Whether the chat is open, and what its visitors are told of the wait."""

from __future__ import annotations

import pytest

from helpdesk.chat import availability
from helpdesk.chat.accounts import Widget, get_widget
from helpdesk.models import Agent, ChannelAccount, Ticket
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from tests.helpdesk.chat.shop import Shop


def widget_of(database: Database, account: ChannelAccount, seal: Seal, **config: object) -> Widget:
    with database.write() as unit:
        unit.session.get_one(ChannelAccount, account.pk).config = config
    with database.read() as unit:
        return get_widget(unit, account.address, seal)


def wait(database: Database, widget: Widget) -> int | None:
    with database.read() as unit:
        return availability.expected_wait(unit, widget)


def test_the_wait_is_that_of_the_last_chats_and_no_less_than_somebody_waits_already(
    shop: Shop, agent: Agent, account: ChannelAccount, database: Database, seal: Seal
) -> None:
    widget = widget_of(database, account, seal)
    assert wait(database, widget) is None
    shop.comes(agent, capacity=1)
    first = shop.asks()
    shop.drain()
    shop.clock.advance(seconds=20)
    with database.write() as unit:
        unit.session.get_one(Ticket, first).first_response_at = unit.now
    shop.answers(first)
    assert wait(database, widget) == 20
    second = shop.asks()
    shop.clock.advance(seconds=5)
    assert wait(database, widget) == 20
    shop.clock.advance(minutes=3)
    assert wait(database, widget) == 185
    shop.closes(first)
    shop.comes(agent)
    shop.drain()
    assert shop.holder(second) == agent.pk
    assert wait(database, widget) == 20


@pytest.mark.parametrize(
    ("presence", "agents", "is_open"), [("hours", 0, True), ("agents", 0, False), ("agents", 1, True)]
)
def test_a_chat_may_close_while_nobody_takes_any(
    presence: str, agents: int, is_open: bool, account: ChannelAccount, database: Database, seal: Seal
) -> None:
    widget = widget_of(database, account, seal, presence=presence)
    with database.read() as unit:
        assert availability.is_open(widget, unit.now, agents=agents) is is_open
