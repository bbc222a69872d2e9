"""Accounts of social channels, connected by their forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from helpdesk.models import Brand, ChannelAccount
from helpdesk.simulate.provider import Provider
from helpdesk.store.db import Database
from tests.fakes.serving import serving
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
