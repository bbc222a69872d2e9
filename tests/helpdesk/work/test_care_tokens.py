"""Tokens that end are renewed before they do, and who cannot renew one is warned in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from helpdesk.models import ChannelAccount
from helpdesk.simulate.provider import Provider, Trouble
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from helpdesk.work.care import Caretaker
from tests.helpdesk.work.caring import Connect, duty, run, secrets, state


def test_a_token_of_x_is_replaced_before_it_ends_and_the_next_one_after_that(
    database: Database, care: Caretaker, connect: Connect, provider: Provider, seal: Seal, clock: Any
) -> None:
    account = connect("x", config={"client_id": "c"}, access_token="A", refresh_token="R")
    run(care)
    first = secrets(database, seal, account)
    assert first["access_token"] == provider.about.given[-1]
    assert first["refresh_token"] == provider.about.refresh
    row = duty(database, account, "renew")
    assert row.done_at
    assert row.next_at - row.done_at == timedelta(hours=1)
    clock.now = row.next_at
    run(care)
    assert len(provider.about.given) == 2
    assert secrets(database, seal, account)["access_token"] == provider.about.given[-1]


def test_a_token_that_cannot_be_renewed_warns_in_time(
    database: Database, connect: Connect, care: Caretaker, provider: Provider, clock: Any
) -> None:
    account = connect("instagram", config={"login": "instagram"}, access_token="A")
    run(care)
    row = duty(database, account, "renew")
    assert row.next_at - clock.now == timedelta(days=30)
    provider.troubles.append(Trouble("refresh_access_token", 400, times=99))
    clock.now = row.next_at
    run(care)
    assert ("token", False) in [(one.code, one.serious) for one in state(database, account).problems]
    clock.advance(days=24)
    assert ("token", True) in [(one.code, one.serious) for one in state(database, account).problems]


def test_a_token_that_was_just_entered_is_not_refreshed(
    database: Database, connect: Connect, care: Caretaker, provider: Provider, clock: Any, seal: Seal
) -> None:
    """Instagram refuses for the first day."""
    account = connect("instagram", config={"login": "instagram"}, access_token="A")
    with database.write() as unit:
        row = unit.session.get_one(ChannelAccount, account.pk)
        row.secrets = seal.close({"access_token": "A", "set_at": {"access_token": clock.now.isoformat()}})
    run(care)
    assert provider.about.given == []
    assert state(database, account).token_until == clock.now + timedelta(days=60)


def test_a_token_of_meta_that_ends_soon_is_exchanged_and_one_that_never_ends_is_left(
    database: Database, connect: Connect, care: Caretaker, provider: Provider, seal: Seal, clock: Any
) -> None:
    account = connect("messenger", config={"app_id": "5"}, access_token="A", app_secret="s")
    run(care)
    assert provider.about.given == []
    provider.about.token_ends = int((clock.now + timedelta(days=20)).timestamp())
    clock.advance(days=7)
    run(care)
    assert secrets(database, seal, account)["access_token"] == provider.about.given[-1]
