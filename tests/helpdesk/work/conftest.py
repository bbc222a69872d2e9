"""The servers that these tests talk to, and accounts whose providers are played by one of our own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from helpdesk.models import Brand, ChannelAccount
from helpdesk.settings import Settings
from helpdesk.simulate.provider import Provider
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from helpdesk.work.care import Caretaker
from tests.fakes.fixtures import dovecot, dovecot_process, make_account, sink, token_server
from tests.fakes.serving import serving
from tests.helpdesk.work.caring import Connect

__all__ = ["dovecot", "dovecot_process", "make_account", "sink", "token_server"]


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    with serving(made.app) as address:
        made.address = f"http://{address}"  # type: ignore[attr-defined]
        yield made


@pytest.fixture
def care(database: Database, seal: Seal, settings: Settings) -> Caretaker:
    return Caretaker(database, seal, settings)


@pytest.fixture
def connect(database: Database, brand: Brand, seal: Seal, provider: Provider) -> Connect:
    def connect(kind: str, address: str = "77", config: Any = None, **secrets: str) -> ChannelAccount:
        with database.write() as unit:
            account = ChannelAccount(
                brand_id=brand.pk,
                kind=kind,
                address=address,
                name="Aoba",
                config={"api_base": provider.address, **(config or {})},  # type: ignore[attr-defined]
                secrets=seal.close(secrets),
                created_at=unit.now,
            )
            unit.session.add(account)
        return account

    return connect


@pytest.fixture
def line(connect: Connect) -> ChannelAccount:
    return connect("line", config={"channel_id": "1"}, channel_secret="s")
