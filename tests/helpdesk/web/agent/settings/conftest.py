"""Accounts of social channels, connected by their forms, and a chat widget with what its visitors get."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from helpdesk.models import Brand, ChannelAccount
from helpdesk.simulate.provider import Provider
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from tests.fakes.serving import serving
from tests.helpdesk.channels.chat.test_campaigns import HELLO
from tests.helpdesk.channels.chat.test_flows import RETURNS
from tests.helpdesk.chat.desk import add_widget
from tests.helpdesk.web.agent.settings.channel_forms import FORMS


@pytest.fixture
def connect(admin_client: TestClient, brand: Brand, database: Database) -> Callable[..., ChannelAccount]:
    """connect("line") -> the account, connected by the form."""

    def by_form(kind: str = "line", **more: str) -> ChannelAccount:
        form = {"name": "公式", "brand": brand.key, **FORMS[kind], **more}
        answer = admin_client.post(f"/settings/channels/new/{kind}", data=form)
        assert answer.status_code == 303, answer.text
        with database.read() as unit:
            newest = select(ChannelAccount).where(ChannelAccount.kind == kind)
            account = unit.session.exec(newest.order_by(col(ChannelAccount.id).desc())).first()
        assert account and answer.headers["location"] == f"/settings/channels/{account.key}"
        return account

    return by_form


@pytest.fixture
def provider() -> Iterator[tuple[Provider, str]]:
    made = Provider()
    with serving(made.app) as address:
        yield made, f"http://{address}"


@pytest.fixture
def widget(database: Database, brand: Brand, seal: Seal) -> ChannelAccount:
    return add_widget(
        database, brand, seal, flows=[RETURNS], campaigns=[HELLO], origins=["https://a.example"]
    )


@pytest.fixture
def here(widget: ChannelAccount) -> str:
    return f"/settings/widgets/{widget.key}"


@pytest.fixture
def config(database: Database, widget: ChannelAccount) -> Callable[[], dict[str, Any]]:
    def read() -> dict[str, Any]:
        with database.read() as unit:
            return unit.session.get_one(ChannelAccount, widget.pk).config

    return read


@pytest.fixture
def told(browser: Callable[..., TestClient], widget: ChannelAccount) -> Callable[..., dict[str, Any]]:
    """What the widget gets."""

    def ask(language: str = "en") -> dict[str, Any]:
        answer = browser().get(f"/widget/config?brand={widget.address}&lang={language}")
        found: dict[str, Any] = answer.json()
        return found

    return ask
