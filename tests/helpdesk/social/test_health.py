"""How an account stands in one word and with reasons, and the message that proves it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from helpdesk.models import AccountDuty, Brand, ChannelAccount, Contact, Customer
from helpdesk.simulate.provider import Provider, Trouble
from helpdesk.social import health
from helpdesk.social.health import Health, Level, decide
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from tests.fakes.serving import serving

NOW = datetime.fromisoformat("2026-01-05T03:00:00+00:00")


def account(**given: Any) -> ChannelAccount:
    plain = {"brand_id": 1, "kind": "line", "address": "A", "created_at": NOW - timedelta(days=90)}
    return ChannelAccount(**{**plain, "last_seen_at": NOW, **given})


def book(**duties: Any) -> dict[str, AccountDuty]:
    plain = {"brand_id": 1, "account_id": 1, "next_at": NOW, "created_at": NOW, "standing": "ok"}
    return {name: AccountDuty(**{**plain, "duty": name, **given}) for name, given in duties.items()}


def codes(found: Health) -> list[str]:
    return [one.code for one in found.problems]


def test_an_account_that_answers_and_is_heard_of_is_well() -> None:
    found = decide(account(), book(check={"data": {"name": "Aoba", "hook": "h", "ours": "h"}}), NOW)
    assert (found.level, found.name, found.problems) == (Level.OK, "Aoba", ())


def test_a_new_account_has_an_hour_until_its_silence_is_told() -> None:
    fresh = account(created_at=NOW - timedelta(minutes=59), last_seen_at=None)
    assert decide(fresh, {}, NOW) == Health(Level.NEW)
    found = decide(fresh, {}, NOW + timedelta(minutes=2))
    assert (found.level, codes(found)) == (Level.WARNING, ["silent"])


@pytest.mark.parametrize(
    ("days", "config", "silent"),
    [
        (6, {}, False),
        (8, {}, True),
        (8, {"quiet_days": 30}, False),
        (2, {"quiet_days": 1}, True),
        (400, {"quiet_days": 0}, False),
    ],
)
def test_a_long_silence_warns_as_the_account_wants_it(days: int, config: Any, silent: bool) -> None:
    found = decide(account(last_seen_at=NOW - timedelta(days=days), config=config), {}, NOW)
    assert codes(found) == (["silent"] if silent else [])


def test_one_that_is_refused_fails_whatever_else_is_well() -> None:
    found = decide(account(state="ok"), book(check={"standing": "failing", "text": "LINE 401: no"}), NOW)
    assert (found.level, [one.text for one in found.problems]) == (Level.FAILING, ["LINE 401: no"])


def test_answers_that_cannot_leave_are_a_failure() -> None:
    found = decide(account(sending_state="failing", sending_text="190"), {}, NOW)
    assert (found.level, codes(found)) == (Level.FAILING, ["sending"])


@pytest.mark.parametrize(
    ("days", "level"), [(20, Level.WARNING), (6, Level.FAILING), (-1, Level.FAILING), (None, Level.WARNING)]
)
def test_a_token_is_the_worse_the_sooner_it_ends(days: int | None, level: Level) -> None:
    until = None if days is None else (NOW + timedelta(days=days)).isoformat()
    found = decide(
        account(), book(renew={"standing": "failing", "text": "no", "data": {"until": until}}), NOW
    )
    assert (found.level, codes(found)) == (level, ["token"])


@pytest.mark.parametrize(("used", "problems"), [(440, []), (450, ["quota"]), (500, ["quota"])])
def test_a_quota_warns_when_it_is_nearly_used_up(used: int, problems: list[str]) -> None:
    found = decide(account(), book(quota={"data": {"limit": 500, "used": used}, "done_at": NOW}), NOW)
    assert codes(found) == problems
    assert found.quota
    assert found.quota.left == 500 - used


def test_what_does_not_apply_any_more_says_nothing() -> None:
    rows = book(renew={"standing": "failing", "text": "no", "state": "off"})
    assert decide(account(), rows, NOW).problems == ()
    assert decide(account(active=False), rows, NOW).level is Level.PAUSED


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    with serving(made.app) as address:
        made.address = f"http://{address}"  # type: ignore[attr-defined]
        yield made


CREDENTIALS = {
    "channel_secret": "s",
    "access_token": "A",
    "bot_token": "1:a",
    "auth_token": "A",
}


@pytest.fixture
def connect(database: Database, brand: Brand, seal: Seal, provider: Provider) -> Any:
    def connect(kind: str, **secrets: str) -> ChannelAccount:
        with database.write() as unit:
            made = ChannelAccount(
                brand_id=brand.pk,
                kind=kind,
                address="77",
                name="Aoba",
                config={"api_base": provider.address, "account_sid": "AC1"},  # type: ignore[attr-defined]
                secrets=seal.close(secrets),
                created_at=unit.now,
            )
            unit.session.add(made)
        return made

    return connect


@pytest.mark.parametrize("kind", ["line", "messenger", "instagram", "whatsapp", "x", "telegram", "sms"])
def test_a_test_message_goes_by_the_way_of_answers(
    database: Database, seal: Seal, provider: Provider, connect: Any, kind: str
) -> None:
    made = connect(kind, **CREDENTIALS)
    tested = asyncio.run(health.send_test(database, seal, made.pk, "81900000000"))
    assert tested.ok, tested.words
    (sent,) = provider.sent
    assert sent.to == "81900000000"
    assert "test message from Aoba" in str(sent.body)
    with database.read() as unit:
        assert unit.session.get_one(ChannelAccount, made.pk).sending_state == "ok"


def test_a_refused_test_says_why(database: Database, seal: Seal, provider: Provider, connect: Any) -> None:
    made = connect("line", access_token="A")
    provider.about.ended.add("A")
    tested = asyncio.run(health.send_test(database, seal, made.pk, "U1"))
    assert (tested.ok, provider.sent) == (False, [])
    assert "Authentication failed" in tested.words


def test_a_test_without_credentials_or_without_anybody_says_so(
    database: Database, seal: Seal, provider: Provider, connect: Any
) -> None:
    empty = connect("messenger")
    assert "access token" in asyncio.run(health.send_test(database, seal, empty.pk, "U1")).words
    ready = connect("line", access_token="A")
    assert not asyncio.run(health.send_test(database, seal, ready.pk, " ")).ok
    assert provider.sent == []


def test_the_month_that_is_used_up_is_told_as_it_is(
    database: Database, seal: Seal, provider: Provider, connect: Any
) -> None:
    provider.quota = 0
    tested = asyncio.run(health.send_test(database, seal, connect("line", access_token="A").pk, "U1"))
    assert not tested.ok
    assert "monthly limit" in tested.words


def test_a_provider_that_is_down_is_no_exception(
    database: Database, seal: Seal, provider: Provider, connect: Any
) -> None:
    provider.troubles.append(Trouble("push", 503))
    tested = asyncio.run(health.send_test(database, seal, connect("line", access_token="A").pk, "U1"))
    assert not tested.ok
    assert "503" in tested.words


def test_those_who_wrote_last_are_offered_first_and_blocked_ones_not(
    database: Database, brand: Brand, connect: Any, customer: Customer
) -> None:
    made = connect("line")
    with database.write() as unit:
        for number, (acted, blocked) in enumerate([(1, False), (3, False), (2, True), (None, False)]):
            unit.session.add(
                Contact(
                    brand_id=brand.pk,
                    account_id=made.pk,
                    address=f"U{number}",
                    customer_id=customer.pk,
                    acted_at=acted and unit.now + timedelta(minutes=acted),
                    blocked=blocked,
                    created_at=unit.now,
                )
            )
    with database.read() as unit:
        assert [one.address for one in health.list_people(unit, made)] == ["U1", "U0", "U3"]
