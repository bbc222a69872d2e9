from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from helpdesk import mailboxes
from helpdesk.channels.email.config import mailbox_config, trusted_checkers
from helpdesk.channels.opening import opened
from helpdesk.customers.identify import identify
from helpdesk.models import Agent, Brand, ChannelAccount, Delivery
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import reply
from helpdesk.tickets.open import open_ticket

SERVERS = {
    "imap_host": "imap.aoba.example",
    "imap_port": "",
    "imap_tls": "tls",
    "imap_user": "support",
    "imap_password": "in-secret",
    "smtp_host": "smtp.aoba.example",
    "smtp_port": "2525",
    "smtp_tls": "starttls",
    "smtp_user": "support",
    "smtp_password": "out-secret",
    "name": "青葉商店",
}


@pytest.fixture
def saved(admin_client: TestClient, brand: Brand, database: Database) -> ChannelAccount:
    form = {**SERVERS, "address": "Support@Aoba.example", "brand": brand.key}
    assert admin_client.post("/settings/mailboxes", data=form).status_code == 303
    return only(database)


def only(database: Database) -> ChannelAccount:
    with database.read() as unit:
        return unit.session.scalars(select(ChannelAccount)).one()


def test_a_saved_mailbox_can_be_read_by_the_channel(saved: ChannelAccount, seal: Seal) -> None:
    config = mailbox_config(opened(saved, seal))
    assert config.imap and config.smtp
    assert (config.address, config.imap.port, config.imap.password) == (
        "support@aoba.example",
        993,
        "in-secret",
    )
    assert (config.smtp.port, config.smtp.tls, config.smtp.password) == (2525, "starttls", "out-secret")


def test_secrets_are_sealed_and_never_shown(admin_client: TestClient, saved: ChannelAccount) -> None:
    page = admin_client.get(f"/settings/mailboxes/{saved.key}").text
    for secret in ("in-secret", "out-secret"):
        assert secret not in page
        assert secret not in saved.secrets
    assert page.count("Set. Leave it empty to keep it.") == 2


def test_an_empty_password_keeps_the_old_one(
    admin_client: TestClient, saved: ChannelAccount, database: Database, seal: Seal
) -> None:
    form = {**SERVERS, "imap_password": "", "smtp_password": "fresh"}
    admin_client.post(f"/settings/mailboxes/{saved.key}", data=form)
    kept = seal.open(only(database).secrets)
    assert (kept["imap_password"], kept["smtp_password"]) == ("in-secret", "fresh")


def test_settings_of_other_parts_stay_when_a_mailbox_is_saved(
    admin_client: TestClient, saved: ChannelAccount, database: Database
) -> None:
    with database.write() as unit:
        row = unit.session.get_one(ChannelAccount, saved.pk)
        row.config = {
            **row.config,
            "plus_addressing": False,
            "imap": {**row.config["imap"], "folders": ["INBOX", "Shop"]},
        }
    admin_client.post(f"/settings/mailboxes/{saved.key}", data=SERVERS)
    config = only(database).config
    assert config["plus_addressing"] is False
    assert config["imap"]["folders"] == ["INBOX", "Shop"]


def test_who_checks_senders_is_kept_and_believed(
    admin_client: TestClient, saved: ChannelAccount, database: Database
) -> None:
    admin_client.post(f"/settings/mailboxes/{saved.key}", data={**SERVERS, "authserv": "MX.aoba.example"})
    assert trusted_checkers(only(database).config) == {"mx.aoba.example"}
    assert 'value="MX.aoba.example"' in admin_client.get(f"/settings/mailboxes/{saved.key}").text


def test_the_same_address_twice_is_refused(
    admin_client: TestClient, saved: ChannelAccount, brand: Brand
) -> None:
    answer = admin_client.post(
        "/settings/mailboxes", data={**SERVERS, "address": "support@aoba.example", "brand": brand.key}
    )
    assert answer.status_code == 422
    assert "already" in answer.text


@pytest.mark.parametrize(
    "wrong",
    [{"address": "no address"}, {"imap_port": "99999"}, {"smtp_tls": "ssl3"}, {"oauth_client_id": "x"}],
)
def test_what_cannot_work_is_refused_with_its_field(
    admin_client: TestClient, brand: Brand, wrong: dict[str, str]
) -> None:
    answer = admin_client.post(
        "/settings/mailboxes", data={**SERVERS, "address": "a@b.example", "brand": brand.key, **wrong}
    )
    assert answer.status_code == 422
    assert 'class="problem"' in answer.text


def test_a_test_shows_the_words_of_both_servers(
    admin_client: TestClient, saved: ChannelAccount, database: Database
) -> None:
    dead = {
        **SERVERS,
        "imap_host": "127.0.0.1",
        "imap_port": "9",
        "imap_tls": "none",
        "smtp_host": "127.0.0.1",
        "smtp_port": "9",
        "smtp_tls": "none",
    }
    admin_client.post(f"/settings/mailboxes/{saved.key}", data=dead)
    answer = admin_client.post(f"/settings/mailboxes/{saved.key}/test", headers={"hx-request": "true"})
    assert answer.text.count("127.0.0.1:9") == 2
    assert "cannot be reached" in answer.text


def test_a_paused_mailbox_waits_until_it_is_resumed(
    admin_client: TestClient, saved: ChannelAccount, database: Database
) -> None:
    admin_client.post(f"/settings/mailboxes/{saved.key}/pause")
    assert only(database).active is False
    admin_client.post(f"/settings/mailboxes/{saved.key}/resume")
    assert only(database).active is True


def test_a_new_token_is_shown_once(
    admin_client: TestClient, saved: ChannelAccount, database: Database, seal: Seal
) -> None:
    page = admin_client.post(f"/settings/mailboxes/{saved.key}/token").text
    token = seal.open(only(database).secrets)[mailboxes.HOOK_TOKEN]
    assert token in page
    assert token not in admin_client.get(f"/settings/mailboxes/{saved.key}").text


def test_reading_can_begin_on_a_day_and_plus_addresses_can_be_switched_off(
    admin_client: TestClient, saved: ChannelAccount, database: Database, seal: Seal
) -> None:
    address = f"/settings/mailboxes/{saved.key}"
    given = {**SERVERS, "imap_since": "2026-01-31"}
    assert admin_client.post(address, data=given).status_code == 303
    config = mailbox_config(opened(only(database), seal))
    assert config.imap and str(config.since) == "2026-01-31"
    assert not config.plus_addressing
    assert admin_client.post(address, data={**given, "plus_addressing": "1"}).status_code == 303
    assert mailbox_config(opened(only(database), seal)).plus_addressing
    refused = admin_client.post(address, data={**SERVERS, "imap_since": "yesterday"})
    assert refused.status_code == 422 and "2026-01-31" in refused.text


def test_a_saved_mailbox_tries_waiting_mail_at_once(
    admin_client: TestClient, saved: ChannelAccount, database: Database, ticket_with_waiting_mail: int
) -> None:
    assert admin_client.post(f"/settings/mailboxes/{saved.key}", data=SERVERS).status_code == 303
    with database.read() as unit:
        delivery = unit.session.get_one(Delivery, ticket_with_waiting_mail)
        assert delivery.next_at == unit.now


@pytest.fixture
def ticket_with_waiting_mail(
    saved: ChannelAccount, brand: Brand, agent: Agent, database: Database, files: Files
) -> int:
    """The id of a delivery that was refused for now and waits for tomorrow."""
    with database.write() as unit:
        customer = identify(unit, brand.pk, "email", "hanako@example.jp")
        ticket = open_ticket(
            unit, brand, customer, channel="email", account_id=saved.pk, subject="x", language="ja"
        )
        reply.send(unit, ticket, by=agent, body="お待たせしました", files=files)
        delivery = unit.session.scalars(select(Delivery)).one()
        delivery.reason, delivery.next_at = "451 later", unit.now + timedelta(days=1)
    return delivery.pk


def test_a_new_mailbox_starts_without_ticket_addresses(admin_client: TestClient) -> None:
    page = admin_client.get("/settings/mailboxes/new").text
    box = page.split('name="plus_addressing"')[1].split(">")[0]
    assert "checked" not in box
    assert "gmail.com" in box
    assert "every reply bounces" in page
    wrong = {"address": "", "plus_addressing": "1"}
    again = admin_client.post("/settings/mailboxes", data=wrong).text
    assert " checked" in again.split('name="plus_addressing"')[1].split(">")[0]
