from __future__ import annotations

import base64
import hashlib
import hmac
import html
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col, select
from starlette.testclient import TestClient

from helpdesk.channels.care import Template
from helpdesk.models import Agent, Brand, ChannelAccount, Delivery, InboundEvent, Message
from helpdesk.simulate.provider import Provider
from helpdesk.social import accounts, templates, upkeep
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from tests.helpdesk.desk import add_message, add_ticket
from tests.helpdesk.web.agent.settings.channel_forms import HEX, OTHER, call, row


def test_a_call_with_a_wrong_signature_is_told_until_a_good_one_comes(
    connect: Any, admin_client: TestClient, clock: Any
) -> None:
    account = connect()
    path = f"/settings/channels/{account.key}"
    assert call(admin_client, account, OTHER) == 401
    assert "proved nothing was refused" in admin_client.get(path).text
    clock.advance(seconds=30)
    assert call(admin_client, account, HEX) == 200
    assert "proved nothing was refused" not in admin_client.get(path).text


def test_events_are_listed_and_what_could_not_be_read_is_tried_again(
    connect: Any, admin_client: TestClient, database: Database
) -> None:
    account = connect()
    assert [call(admin_client, account, HEX, n) for n in (1, 2)] == [200, 200]
    with database.write() as unit:
        first = unit.session.exec(select(InboundEvent).order_by(col(InboundEvent.id))).first()
        assert first
        first.state, first.reason, first.attempts = "quarantined", "it is <odd>", 3
    path = f"/settings/channels/{account.key}/events"
    page = admin_client.get(path).text
    assert html.escape("it is <odd>") in page
    assert page.count('<li class="row-line') == 2
    assert admin_client.get(f"{path}?state=quarantined").text.count('<li class="row-line') == 1
    assert "こんにちは" not in page
    assert "こんにちは".encode() in admin_client.get(f"{path}/{first.key}/raw").content
    assert admin_client.post(f"{path}/{first.key}/retry").status_code == 303
    assert admin_client.post(f"{path}/{first.key}/retry").status_code == 409
    with database.read() as unit:
        assert {one.state for one in unit.session.exec(select(InboundEvent))} == {"queued"}


def test_all_that_failed_is_tried_again_at_once(
    connect: Any, admin_client: TestClient, database: Database
) -> None:
    account, other = connect(), connect(address="@other")
    for one, number in ((account, 1), (account, 2), (other, 3)):
        call(admin_client, one, HEX, number)
    with database.write() as unit:
        for one in unit.session.exec(select(InboundEvent)):
            one.state = "quarantined"
    admin_client.post(f"/settings/channels/{account.key}/events/retry")
    with database.read() as unit:
        states = {(one.account_id, one.state) for one in unit.session.exec(select(InboundEvent))}
    assert states == {(account.pk, "queued"), (other.pk, "quarantined")}


def test_an_event_of_another_account_is_not_there(
    connect: Any, admin_client: TestClient, database: Database
) -> None:
    account, other = connect(), connect(address="@other")
    call(admin_client, other, HEX)
    with database.read() as unit:
        theirs = unit.session.exec(select(InboundEvent)).one()
    assert admin_client.get(f"/settings/channels/{account.key}/events/{theirs.key}/raw").status_code == 404


def test_the_quarantine_of_the_house_names_the_channel(
    connect: Any, admin_client: TestClient, database: Database
) -> None:
    account = connect()
    call(admin_client, account, HEX, 1)
    with database.write() as unit:
        unit.session.exec(select(InboundEvent)).one().state = "quarantined"
    page = admin_client.get("/settings/quarantine").text
    assert "LINE → 公式" in page
    assert "こんにちは" not in page


def test_an_answer_that_failed_is_sent_again_from_here_unless_it_may_have_arrived(
    connect: Any, admin_client: TestClient, database: Database, brand: Brand, agent: Agent
) -> None:
    account = connect()
    ticket = add_ticket(database, brand)
    kept = []
    for number, marks in enumerate(({}, {"unsure_at": "2026-01-05T03:00:00+00:00"})):
        message = add_message(database, ticket, "返事", direction="out", agent_id=agent.pk)
        with database.write() as unit:
            unit.session.get_one(Message, message.pk).marks = marks
            delivery = Delivery(
                brand_id=brand.pk, account_id=account.pk, message_id=message.pk, external_id=f"d{number}",
                state="failed", reason="LINE 400: no", next_at=unit.now, created_at=unit.now,
            )  # fmt: skip
            unit.session.add(delivery)
            unit.session.flush()
            kept.append(delivery.key)
    path = f"/settings/channels/{account.key}"
    page = admin_client.get(f"{path}/events").text
    assert page.count("LINE 400: no") == 2
    assert [f"/unsent/{key}/retry" in page for key in kept] == [True, True]
    assert page.count("I have looked: it did not arrive") == 1
    assert admin_client.post(f"{path}/unsent/{kept[0]}/retry").status_code == 303
    assert admin_client.post(f"{path}/unsent/{kept[1]}/retry").status_code == 409  # it may have arrived
    with database.read() as unit:
        states = unit.session.exec(select(Delivery.state).order_by(col(Delivery.id))).all()
    assert list(states) == ["queued", "failed"]
    looked = admin_client.post(f"{path}/unsent/{kept[1]}/retry", data={"looked": "1"})
    assert looked.status_code == 303
    with database.read() as unit:
        assert set(unit.session.exec(select(Delivery.state))) == {"queued"}
        assert [one.marks for one in unit.session.exec(select(Message))] == [{}, {}]
    assert admin_client.post(f"{path}/unsent/nothing/retry").status_code == 404


def test_templates_are_listed_with_what_meta_says_of_them(
    connect: Any, admin_client: TestClient, database: Database
) -> None:
    account = connect("whatsapp")
    listed = [
        Template(
            "shipped",
            "ja",
            "approved",
            "{{1}}様、発送しました",
            parameters=({"name": "1", "example": "青木"},),
        ),
        Template("sale", "en", "rejected", "Buy <now>", reason="PROMOTIONAL"),
    ]
    with database.write() as unit:
        templates.keep(unit, unit.session.get_one(ChannelAccount, account.pk), listed)
    page = admin_client.get(f"/settings/channels/{account.key}/templates").text
    for words in ("青木様、発送しました", "approved", "PROMOTIONAL", "Buy &lt;now&gt;"):
        assert words in page
    assert admin_client.post(f"/settings/channels/{account.key}/templates").status_code == 303
    assert admin_client.get(f"/settings/channels/{connect().key}/templates").status_code == 404


def test_the_overview_says_how_many_are_connected_and_how_many_fail(
    connect: Any, admin_client: TestClient, database: Database
) -> None:
    connect()
    assert "1 connected" in admin_client.get("/settings").text
    assert "1 failing" not in admin_client.get("/settings").text
    with database.write() as unit:
        for one in unit.session.exec(select(ChannelAccount)):
            one.sending_state, one.sending_text = "failing", "LINE 401: no"
    assert "1 failing" in admin_client.get("/settings").text


def test_telegram_is_told_our_address_with_the_word_that_proves_its_calls(
    connect: Any, admin_client: TestClient, provider: tuple[Provider, str], seal: Seal
) -> None:
    account = connect("telegram", api_base=provider[1])
    assert admin_client.post(f"/settings/channels/{account.key}/announce").status_code == 303
    told = provider[0].told.calls[-1]
    assert told["url"] == f"http://testserver/hooks/telegram/{account.key}"
    assert told["secret_token"] == seal.open(account.secrets)["webhook_secret"]


def test_line_takes_our_address_and_says_what_its_trial_call_met(
    connect: Any, admin_client: TestClient, provider: tuple[Provider, str]
) -> None:
    account = connect("line", api_base=provider[1])
    path = f"/settings/channels/{account.key}"
    told = admin_client.post(f"{path}/announce", follow_redirects=True).text
    assert "The provider took it." in told
    assert provider[0].about.hooks["line"] == f"http://testserver/hooks/line/{account.key}"
    provider[0].told.reason = "COULD_NOT_CONNECT"
    assert "COULD_NOT_CONNECT" in admin_client.post(f"{path}/announce", follow_redirects=True).text


@pytest.mark.parametrize("kind", ["messenger", "whatsapp"])
def test_pages_and_whatsapp_accounts_are_subscribed_to_the_app(
    kind: str, connect: Any, admin_client: TestClient, provider: tuple[Provider, str]
) -> None:
    account = connect(kind, api_base=provider[1])
    assert admin_client.post(f"/settings/channels/{account.key}/announce").status_code == 303
    assert provider[0].about.hooks["meta"]


def test_who_cannot_be_told_by_interface_is_told_by_hand(connect: Any, admin_client: TestClient) -> None:
    account = connect("sms")
    assert account.config["status_url"] == f"http://testserver/hooks/sms/{account.key}"
    assert admin_client.post(f"/settings/channels/{account.key}/announce").status_code == 404


def test_what_the_provider_says_of_a_test_message_is_shown(
    connect: Any, admin_client: TestClient, provider: tuple[Provider, str], database: Database
) -> None:
    account = connect("sms", api_base=provider[1])
    answer = admin_client.post(
        f"/settings/channels/{account.key}/test", data={"to": "+819012345678"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert "callout-ok" in answer.text
    assert provider[0].sent[-1].to == "+819012345678"
    refused = admin_client.post(
        f"/settings/channels/{account.key}/test", data={"to": ""}, headers={"HX-Request": "true"}
    )
    assert "callout-error" in refused.text


def test_a_probe_without_events_says_that_the_provider_is_there(
    connect: Any, admin_client: TestClient, database: Database
) -> None:
    account = connect()
    with database.write() as unit:
        assert accounts.find_by_key(unit, "line", account.key)
    body = b'{"destination":"U0","events":[]}'
    signature = base64.b64encode(hmac.new(HEX.encode(), body, hashlib.sha256).digest()).decode()
    answer = admin_client.post(
        f"/hooks/line/{account.key}", content=body, headers={"x-line-signature": signature}
    )
    assert answer.status_code == 200
    assert row(database, account).verified_at is not None


def test_the_page_asks_as_much_for_many_accounts_as_for_one(
    connect: Any, admin_client: TestClient, database: Database, brand: Brand, seal: Seal
) -> None:
    connect()
    few = asked(database, lambda: admin_client.get("/settings/channels"))
    with database.write() as unit:
        for number in range(20):
            upkeep.connect(unit, seal, brand_id=brand.pk, kind="line", address=f"@n{number}")
    assert asked(database, lambda: admin_client.get("/settings/channels")) == few


def asked(database: Database, what: Callable[[], object]) -> int:
    """How many statements were run for it."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)

    event.listen(database._reader, "before_cursor_execute", note)
    try:
        what()
    finally:
        event.remove(database._reader, "before_cursor_execute", note)
    return len(said)
