"""A chat widget on a shop's pages: which sites, the tag, and secrets that change over without a gap."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.channels.chat.config import chat_config, sign
from helpdesk.channels.protocol import Account
from helpdesk.chat import upkeep
from helpdesk.models import AuditEntry, ChannelAccount
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal


def test_sites_are_kept_as_origins(
    admin_client: TestClient, here: str, config: Callable[[], dict[str, Any]]
) -> None:
    sent = {"origins": "https://Shop.example/path\nhttp://localhost:3000 https://shop.example"}
    assert admin_client.post(f"{here}/install", data=sent).status_code == 303
    assert config()["origins"] == ["https://shop.example", "http://localhost:3000"]
    wrong = admin_client.post(f"{here}/install", data={"origins": "shop.example"})
    assert wrong.status_code == 422 and "shop.example is no address" in wrong.text


def test_the_tag_and_the_policy_name_this_helpdesk(
    admin_client: TestClient, here: str, widget: ChannelAccount
) -> None:
    page = admin_client.get(f"{here}/install").text
    assert f"http://testserver/widget.js&#34; data-brand=&#34;{widget.address}&#34;" in page
    assert "connect-src http://testserver ws://testserver" in page


def test_a_secret_is_shown_once_and_the_old_one_signs_until_it_is_ended(
    admin_client: TestClient, here: str, database: Database, widget: ChannelAccount, seal: Seal
) -> None:
    def shown(answer: Any) -> str:
        return str(re.findall(r'<code id="the-secret"[^>]*>([^<]+)<', answer.text)[0])

    def signs(secret: str) -> bool:
        with database.read() as unit:
            account = unit.session.get_one(ChannelAccount, widget.pk)
        opened = Account(1, "chat", account.address, "", account.config, seal.open(account.secrets))
        return chat_config(opened).signed("42", sign(secret, "42"))

    first = shown(admin_client.post(f"{here}/secret"))
    assert first not in admin_client.get(f"{here}/install").text
    second = shown(admin_client.post(f"{here}/secret"))
    assert signs(first) and signs(second)
    assert admin_client.post(f"{here}/secret").status_code == 409, "never a third one"
    assert admin_client.post(f"{here}/secret/end").status_code == 303
    assert signs(second) and not signs(first)
    with database.read() as unit:
        told = json.dumps([one.data for one in unit.session.exec(select(AuditEntry))])
    assert first not in told and second not in told


def test_the_first_secret_that_nobody_saw_signs_nothing_any_more(
    admin_client: TestClient, here: str, database: Database, widget: ChannelAccount, seal: Seal
) -> None:
    admin_client.post(f"{here}/secret")
    with database.read() as unit:
        account = unit.session.get_one(ChannelAccount, widget.pk)
    assert upkeep.secrets_in_use(account, seal) == 1
