"""An answer on its way out, and the servers that may take it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from helpdesk.customers.identify import identify
from helpdesk.models import Agent, Brand, ChannelAccount, Message
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.tickets import reply
from helpdesk.tickets.open import open_ticket
from helpdesk.tickets.upload import Upload
from tests.fakes.fixtures import make_account, sink, token_server

__all__ = ["make_account", "sink", "token_server"]

MakeReply = Callable[..., Message]


@pytest.fixture
def make_reply(database: Database, brand: Brand, agent: Agent, files: Files) -> MakeReply:
    """make_reply(account, "text", attachments=…) -> the queued message of a new ticket."""

    def make(
        account: ChannelAccount,
        body: str = "お荷物は明日届きます。",
        *,
        address: str = "hanako@example.jp",
        attachments: tuple[Upload, ...] = (),
        cc: tuple[str, ...] = (),
    ) -> Message:
        with database.write() as unit:
            customer = identify(unit, brand.pk, "email", address, name="佐藤 花子")
            ticket = open_ticket(
                unit,
                brand,
                customer,
                channel="email",
                account_id=account.pk,
                subject="荷物はいつ届きますか",
                language="ja",
            )
            message = reply.send(unit, ticket, by=agent, body=body, files=files, attachments=attachments)
            message.cc = [{"name": "", "address": one} for one in cc]
        return message

    return make
