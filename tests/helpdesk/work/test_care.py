"""Accounts are looked after again and again: what is wrong with one is told, and no longer than it is so."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from helpdesk.models import AccountDuty, Brand, ChannelAccount, Delivery, InboundEvent, Message, Ticket
from helpdesk.settings import Settings
from helpdesk.simulate.provider import Provider, Trouble
from helpdesk.social import health
from helpdesk.store.db import Database
from helpdesk.work.care import Caretaker
from tests.helpdesk.stories import rows
from tests.helpdesk.work.caring import Connect, codes, duty, run, state


def test_a_line_account_is_checked_and_its_quota_read(
    database: Database, care: Caretaker, line: ChannelAccount, provider: Provider, settings: Settings
) -> None:
    provider.quota = 500
    provider.about.hooks["line"] = f"{settings.base_url}/hooks/line/{line.key}"
    assert run(care) == 2
    found = state(database, line)
    assert (found.level, found.name, found.problems) == ("ok", "Simulated", ())
    assert found.quota
    assert (found.quota.limit, found.quota.used, found.quota.left) == (500, 0, 500)
    assert run(care) == 0


def test_a_webhook_that_leads_elsewhere_is_told(
    database: Database, care: Caretaker, line: ChannelAccount, provider: Provider
) -> None:
    provider.about.hooks["line"] = "https://old.example/hooks/line/x"
    run(care)
    found = state(database, line)
    assert (found.level, codes(found)) == ("warning", ["hook"])
    assert "https://old.example/hooks/line/x" in found.problems[0].text


def test_refused_credentials_are_shown_with_the_providers_words_and_asked_again_ever_more_seldom(
    database: Database, care: Caretaker, connect: Connect, provider: Provider, clock: Any
) -> None:
    account = connect("line", access_token="T")
    provider.about.ended.add("T")
    waits = []
    for _turn in range(4):
        run(care)
        row = duty(database, account, "check")
        assert row.asked_at
        waits.append((row.next_at - row.asked_at).total_seconds())
        clock.now = row.next_at
    found = state(database, account)
    assert (found.level, codes(found)) == ("failing", ["refused"])
    assert "Authentication failed" in found.problems[0].text
    assert waits == [60, 120, 300, 600]
    provider.about.ended.clear()
    provider.about.hooks["line"] = "x"
    run(care)
    assert state(database, account).level == "warning"  # of its webhook alone


def test_a_short_silence_of_the_network_is_no_failure(
    database: Database, care: Caretaker, line: ChannelAccount, provider: Provider, clock: Any
) -> None:
    provider.troubles.append(Trouble("/v2/bot/info", 503, times=3))
    for _turn in range(2):
        run(care)
        assert duty(database, line, "check").standing == "new"
        clock.now = duty(database, line, "check").next_at
    run(care)
    assert duty(database, line, "check").standing == "failing"
    assert "away" in codes(state(database, line))
    clock.now = duty(database, line, "check").next_at
    run(care)
    assert codes(state(database, line)) == ["hook"]


def test_what_waited_for_good_credentials_leaves_as_soon_as_they_are_there(
    database: Database,
    connect: Connect,
    care: Caretaker,
    clock: Any,
    ticket: Ticket,
    brand: Brand,
) -> None:
    account = connect("messenger", access_token="A")
    with database.write() as unit:
        row = unit.session.get_one(ChannelAccount, account.pk)
        row.sending_state, row.sending_text = "failing", "190 ended"
        waiting = Delivery(
            brand_id=brand.pk,
            account_id=account.pk,
            message_id=unit.session.exec(select(Message)).one().pk,
            external_id="d",
            attempts=3,
            next_at=clock.now + timedelta(hours=3),
            created_at=clock.now,
        )
        unit.session.add(waiting)
    run(care)
    (delivery,) = rows(database, Delivery)
    assert delivery.next_at == clock.now
    assert "sending" not in codes(state(database, account))
    assert rows(database, InboundEvent)


def test_what_is_changed_while_a_provider_is_asked_is_asked_again(
    database: Database, care: Caretaker, line: ChannelAccount, clock: Any
) -> None:
    claimed = care._begin()
    with database.write() as unit:
        health.look_again(unit, unit.session.get_one(ChannelAccount, line.pk))
    for one in claimed:
        care._succeeded(one, asyncio.run(care._ask(one)))
    assert run(care) == 2


def test_a_paused_account_rests(
    database: Database, care: Caretaker, line: ChannelAccount, provider: Provider
) -> None:
    run(care)
    with database.write() as unit:
        unit.session.get_one(ChannelAccount, line.pk).active = False
    asked = dict(provider.about.asked)
    assert run(care) == 0
    assert state(database, line).level == "paused"
    assert asked == provider.about.asked


@pytest.mark.parametrize(
    ("kind", "config", "given"),
    [
        ("line", {"channel_id": "1"}, {"channel_secret": "s"}),
        ("messenger", {}, {"access_token": "A", "app_secret": "s"}),
        ("instagram", {}, {"access_token": "A"}),
        ("whatsapp", {"waba_id": "8"}, {"access_token": "A"}),
        ("x", {}, {"access_token": "A"}),
        ("telegram", {}, {"bot_token": "1:a"}),
        ("sms", {"account_sid": "AC1"}, {"auth_token": "A"}),
    ],
)
def test_every_provider_is_checked(
    database: Database, care: Caretaker, connect: Connect, kind: str, config: Any, given: Any
) -> None:
    account = connect(kind, config=config, **given)
    run(care)
    assert {one.standing for one in rows(database, AccountDuty)} == {"ok"}
    assert "imulated" in state(database, account).name
