"""The servers as fixtures; a conftest imports those that its tests need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from helpdesk.models import Brand, ChannelAccount
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from tests.fakes import dovecot as dovecot_server
from tests.fakes import smtp, tokens
from tests.fakes.dovecot import PASSWORD, Dovecot
from tests.fakes.smtp import Sink
from tests.fakes.tokens import TokenServer

NUMBERS = count(1)
MakeAccount = Callable[..., ChannelAccount]


@pytest.fixture(scope="session")
def dovecot_process() -> Iterator[Dovecot]:
    yield from dovecot_server.start()


@pytest.fixture
def dovecot(dovecot_process: Dovecot) -> Dovecot:
    """The server with a fresh mailbox."""
    return replace(dovecot_process, user=f"user{next(NUMBERS)}")


@pytest.fixture
def sink() -> Iterator[Sink]:
    yield from smtp.start()


@pytest.fixture
def token_server() -> Iterator[TokenServer]:
    yield from tokens.start()


@pytest.fixture
def make_account(database: Database, brand: Brand, seal: Seal) -> MakeAccount:
    """make_account(imap=port, smtp=port, **secrets) -> the brand's mailbox support@aoba.example."""

    def make(
        *,
        imap: int = 0,
        smtp: int = 0,
        user: str = "support",
        address: str = "support@aoba.example",
        **secrets: str,
    ) -> ChannelAccount:
        config: dict[str, Any] = {"plus_addressing": True}
        if imap:
            config["imap"] = {"host": "127.0.0.1", "port": imap, "tls": "none", "user": user}
        if smtp:
            config["smtp"] = {"host": "127.0.0.1", "port": smtp, "tls": "none", "user": user}
        with database.write() as unit:
            unit.session.get_one(Brand, brand.pk).language = "en"  # of the words that are stored
            account = ChannelAccount(
                brand_id=brand.pk,
                kind="email",
                address=address,
                name="青葉商店",
                config=config,
                secrets=seal.close({"imap_password": PASSWORD, **secrets}),
                created_at=unit.now,
            )
            unit.session.add(account)
            unit.session.flush()
        return account

    return make
