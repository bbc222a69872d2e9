from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from helpdesk.models import Agent, AuditEntry, Brand, ChannelAccount, InboundEvent
from helpdesk.people import roles
from helpdesk.social.setup.table import SETUPS
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from tests.helpdesk.web.agent.settings.channel_forms import FORMS, HEX, OTHER, call, row


@pytest.mark.parametrize("kind", SETUPS)
def test_each_kind_is_connected_by_its_form_and_its_secrets_never_shown(
    kind: str, connect: Any, admin_client: TestClient, seal: Seal
) -> None:
    account = connect(kind)
    held = seal.open(account.secrets)
    secret = {one: value for one, value in FORMS[kind].items() if one in SETUPS[kind].secrets}
    assert {one: held[one] for one in secret} == secret
    page = admin_client.get(f"/settings/channels/{account.key}").text
    assert f"http://testserver/hooks/{kind}/{account.key}" in page
    for value in secret.values():
        assert value not in page
        assert f"…{value[-2:]}" in page
    assert not any(value in json.dumps(account.config) for value in secret.values())
    assert account.address in admin_client.get("/settings/channels").text


def test_what_is_missing_or_does_not_fit_is_said_beside_its_field(
    admin_client: TestClient, brand: Brand, database: Database
) -> None:
    form = {"name": "", "brand": brand.key, **FORMS["line"], "channel_secret": "unfitting"}
    answer = admin_client.post("/settings/channels/new/line", data=form)
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 2
    assert 'value="@aoba"' in answer.text
    assert "unfitting" not in answer.text
    with database.read() as unit:
        assert unit.session.exec(select(ChannelAccount)).all() == []


def test_a_telephone_line_wants_the_word_of_one_of_its_two_providers(
    admin_client: TestClient, brand: Brand, connect: Any
) -> None:
    form = {"name": "電話", "brand": brand.key, "address": "+81312345678"}
    assert admin_client.post("/settings/channels/new/phone", data=form).status_code == 422
    connect("phone")


def test_an_account_is_connected_once(admin_client: TestClient, brand: Brand, connect: Any) -> None:
    connect()
    form = {"name": "again", "brand": brand.key, **FORMS["line"]}
    answer = admin_client.post("/settings/channels/new/line", data=form)
    assert answer.status_code == 422
    assert "connected to this brand already" in answer.text


def test_both_secrets_are_taken_while_the_new_one_takes_over(
    connect: Any, admin_client: TestClient, database: Database, clock: Any
) -> None:
    account = connect()
    form = {"name": "公式", "channel_id": "2001234567", "channel_secret": OTHER, "keep": "1"}
    assert admin_client.post(f"/settings/channels/{account.key}", data=form).status_code == 303
    assert [call(admin_client, account, one, n) for n, one in enumerate((HEX, OTHER))] == [200, 200]
    assert "…ef" in admin_client.get(f"/settings/channels/{account.key}").text
    clock.advance(hours=1)
    assert [call(admin_client, account, one, n) for n, one in enumerate((HEX, OTHER), 5)] == [401, 200]


def test_the_old_secret_can_be_ended_at_once(connect: Any, admin_client: TestClient) -> None:
    account = connect()
    form = {"name": "公式", "channel_id": "2001234567", "channel_secret": OTHER, "keep": "168"}
    admin_client.post(f"/settings/channels/{account.key}", data=form)
    assert (
        admin_client.post(f"/settings/channels/{account.key}/secrets/channel_secret/end").status_code == 303
    )
    assert (call(admin_client, account, HEX), call(admin_client, account, OTHER, 2)) == (401, 200)
    assert admin_client.post(f"/settings/channels/{account.key}/secrets/access_token/end").status_code == 404


def test_an_empty_secret_keeps_the_one_that_is_set(
    connect: Any, admin_client: TestClient, database: Database, seal: Seal
) -> None:
    account = connect()
    form = {"name": "新しい名前", "channel_id": "2007654321", "channel_secret": "", "mark_read": "1"}
    assert admin_client.post(f"/settings/channels/{account.key}", data=form).status_code == 303
    changed = row(database, account)
    assert seal.open(changed.secrets)["channel_secret"] == HEX
    assert (changed.name, changed.config["channel_id"], changed.config["mark_read"]) == (
        "新しい名前",
        "2007654321",
        True,
    )


def test_the_verify_token_is_shown_until_meta_has_confirmed_it(
    connect: Any, admin_client: TestClient, database: Database, seal: Seal
) -> None:
    account = connect("messenger")
    word = seal.open(account.secrets)["verify_token"]
    path = f"/settings/channels/{account.key}"
    assert word in admin_client.get(path).text
    asked = {"hub.mode": "subscribe", "hub.verify_token": word, "hub.challenge": "42"}
    hook = f"/hooks/messenger/{account.key}"
    assert admin_client.get(hook, params={**asked, "hub.verify_token": "guess"}).status_code == 403
    assert row(database, account).verified_at is None
    assert admin_client.get(hook, params=asked).text == "42"
    assert row(database, account).verified_at is not None
    assert word not in admin_client.get(path).text
    assert admin_client.post(f"{path}/word").status_code == 303
    assert admin_client.get(hook, params=asked).status_code == 403


def test_an_account_sealed_with_another_key_is_mended_by_entering_its_secrets_again(
    connect: Any, admin_client: TestClient, database: Database, seal: Seal
) -> None:
    account = connect("messenger")
    with database.write() as unit:
        stored = unit.session.get_one(ChannelAccount, account.pk)
        stored.secrets = Seal("the key of before").close(seal.open(stored.secrets))
    path = f"/settings/channels/{account.key}"
    assert "It cannot be read any more" in admin_client.get(path).text
    form = {"name": "公式", **FORMS["messenger"]}
    assert admin_client.post(path, data={**form, "app_secret": ""}).status_code == 422
    assert admin_client.post(path, data=form).status_code == 303
    held = seal.open(row(database, account).secrets)
    assert (held["app_secret"], held["access_token"]) == (HEX, FORMS["messenger"]["access_token"])
    assert held["verify_token"] in admin_client.get(path).text


def test_a_removed_account_is_not_called_any_more_and_can_come_back(
    connect: Any, admin_client: TestClient, database: Database
) -> None:
    account = connect()
    assert call(admin_client, account, HEX) == 200
    assert admin_client.post(f"/settings/channels/{account.key}/remove").status_code == 303
    assert call(admin_client, account, HEX, 2) == 404
    assert admin_client.get(f"/settings/channels/{account.key}").status_code == 404
    back = connect()
    assert back.pk == account.pk
    assert call(admin_client, back, HEX, 3) == 200
    with database.read() as unit:
        assert len(unit.session.exec(select(InboundEvent)).all()) == 2


def test_a_paused_channel_still_takes_in_what_comes(
    connect: Any, admin_client: TestClient, database: Database
) -> None:
    account = connect()
    path = f"/settings/channels/{account.key}"
    assert admin_client.post(f"{path}/pause").status_code == 303
    assert not row(database, account).active
    assert call(admin_client, account, HEX) == 200
    assert admin_client.post(f"{path}/resume").status_code == 303
    assert row(database, account).active


def test_who_did_what_stands_in_the_log_and_no_secret_does(
    connect: Any, admin_client: TestClient, database: Database
) -> None:
    account = connect()
    path = f"/settings/channels/{account.key}"
    admin_client.post(path, data={"name": "n", "channel_id": "2001234567", "channel_secret": OTHER})
    for act in ("secrets/channel_secret/end", "pause", "resume", "remove"):
        assert admin_client.post(f"{path}/{act}").status_code == 303
    with database.read() as unit:
        told = unit.session.exec(select(AuditEntry).where(col(AuditEntry.name).like("channel%"))).all()
    assert [one.name for one in told] == [
        "channel_added", "channel_changed", "channel_secret_ended", "channel_paused", "channel_resumed",
        "channel_removed",
    ]  # fmt: skip
    assert told[1].data["secrets"] == ["channel_secret"]
    assert not any(word in json.dumps(one.data) for one in told for word in (HEX, OTHER))


def test_only_who_may_look_after_channels_sees_them(
    lead_client: TestClient, client: TestClient, connect: Any
) -> None:
    account = connect()
    for one in (lead_client, client):
        for path in ("", "/new/line", f"/{account.key}", f"/{account.key}/events"):
            assert one.get(f"/settings/channels{path}").status_code == 403
        assert one.post(f"/settings/channels/{account.key}/remove").status_code == 403
        assert "/settings/channels" not in one.get("/settings").text


def test_an_agent_may_be_given_the_right_alone(
    make_agent: Callable[..., Agent], browser: Callable[..., TestClient], database: Database, connect: Any
) -> None:
    with database.write() as unit:
        role = roles.create(unit, name="Channels", rights=["channels"])
    keeper = browser(make_agent("Keeper", role=role.key))
    account = connect()
    assert keeper.get(f"/settings/channels/{account.key}").status_code == 200
    assert keeper.get(f"/settings/channels/{account.key}/events/x/raw").status_code == 403
