"""The chat over a real server: its windows, the background driven by hand, and accounts that providers call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlmodel import col, select
from starlette.applications import Starlette

from helpdesk.models import Agent, Brand, ChannelAccount, Message, Ticket
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import reply
from helpdesk.work.runner import assemble
from helpdesk.work.schedule import Parts as Work
from tests.helpdesk.chat.desk import Open, Window, add_widget, serving
from tests.helpdesk.web.signed_calls import SECRET, SECRETS, Connect


@pytest.fixture
def host(app: Starlette) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.fixture
def widget(database: Database, brand: Brand, seal: Seal) -> ChannelAccount:
    return add_widget(database, brand, seal, origins=["https://shop.example"])


@pytest.fixture
def open_window(host: str, widget: ChannelAccount) -> Iterator[Open]:
    """open_window(visitor=token, …) -> a window whose welcome has been heard."""
    windows: list[Window] = []

    def open_one(**hello: Any) -> Window:
        windows.append(Window(host, hello.pop("brand", widget.address), **hello))
        return windows[-1]

    yield open_one
    for window in windows:
        window.close()


@pytest.fixture
def work(app: Starlette, settings: Settings) -> Work:
    """The background, driven by hand."""
    parts = app.state.parts
    return assemble(parts.database, parts.files, parts.seal, settings, parts.model)


@pytest.fixture
def answer(database: Database, agent: Agent, files: Files, work: Work) -> Callable[..., Message]:
    """answer("text") -> takes in what waits, answers the newest ticket and delivers it."""

    def send(body: str, **more: Any) -> Message:
        work.intake.drain()
        with database.write() as unit:
            ticket = unit.session.exec(select(Ticket).order_by(col(Ticket.id).desc())).first()
            assert ticket
            message = reply.send(unit, ticket, by=agent, body=body, files=files, **more)
        asyncio.run(work.courier.drain())
        return message

    return send


@pytest.fixture
def connect(database: Database, brand: Brand, seal: Seal) -> Connect:
    """connect("line", address, secret, …) -> an account whose calls are signed with the secret."""

    def connect(kind: str, address: str = "A", secret: str = SECRET, **more: Any) -> ChannelAccount:
        with database.write() as unit:
            account = ChannelAccount(
                **{"brand_id": brand.pk, **more},
                kind=kind,
                address=address,
                secrets=seal.close(dict.fromkeys(SECRETS, secret)),
                created_at=unit.now,
            )
            unit.session.add(account)
        return account

    return connect
