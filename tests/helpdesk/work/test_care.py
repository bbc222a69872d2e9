"""What is done for accounts again and again, against providers that are played by a server of our own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from helpdesk.channels.care import Quota, Renewal, Standing
from helpdesk.channels.opening import opened
from helpdesk.models import (
    AccountDuty,
    Brand,
    ChannelAccount,
    Delivery,
    InboundEvent,
    Message,
    MessageTemplate,
    Ticket,
)
from helpdesk.settings import Settings
from helpdesk.simulate.provider import Provider, Trouble
from helpdesk.social import duties, health, quota, renewal, templates
from helpdesk.store.db import Database, Unit
from helpdesk.store.seal import Seal
from helpdesk.work.care import Caretaker
from tests.fakes.serving import serving
from tests.helpdesk.stories import rows

Connect = Callable[..., ChannelAccount]


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    with serving(made.app) as address:
        made.address = f"http://{address}"  # type: ignore[attr-defined]
        yield made


@pytest.fixture
def care(database: Database, seal: Seal, settings: Settings) -> Caretaker:
    return Caretaker(database, seal, settings)


@pytest.fixture
def connect(database: Database, brand: Brand, seal: Seal, provider: Provider) -> Connect:
    def connect(kind: str, address: str = "77", config: Any = None, **secrets: str) -> ChannelAccount:
        with database.write() as unit:
            account = ChannelAccount(
                brand_id=brand.pk,
                kind=kind,
                address=address,
                name="Aoba",
                config={"api_base": provider.address, **(config or {})},  # type: ignore[attr-defined]
                secrets=seal.close(secrets),
                created_at=unit.now,
            )
            unit.session.add(account)
        return account

    return connect


@pytest.fixture
def line(connect: Connect) -> ChannelAccount:
    return connect("line", config={"channel_id": "1"}, channel_secret="s")


def run(care: Caretaker) -> int:
    return asyncio.run(care.drain())


def state(database: Database, account: ChannelAccount) -> health.Health:
    with database.read() as unit:
        return health.state_of(unit, unit.session.get_one(ChannelAccount, account.pk))


def duty(database: Database, account: ChannelAccount, name: str) -> AccountDuty:
    with database.read() as unit:
        found = duties.find(unit, account.pk, name)
    assert found
    return found


def codes(found: health.Health) -> list[str]:
    return [one.code for one in found.problems]


def secrets(database: Database, seal: Seal, account: ChannelAccount) -> dict[str, Any]:
    with database.read() as unit:
        return seal.open(unit.session.get_one(ChannelAccount, account.pk).secrets)


def test_a_line_account_is_checked_and_its_quota_read(
    database: Database, care: Caretaker, line: ChannelAccount, provider: Provider, settings: Settings
) -> None:
    provider.quota = 500
    provider.about.hooks["line"] = f"{settings.base_url}/hooks/line/{line.key}"
    assert run(care) == 2
    found = state(database, line)
    assert (found.level, found.name, found.problems) == ("ok", "Simulated", ())
    assert found.quota
    assert (found.quota.limit, found.quota.used, found.quota.left) == (500, 0, 500)
    assert run(care) == 0


def test_a_webhook_that_leads_elsewhere_is_told(
    database: Database, care: Caretaker, line: ChannelAccount, provider: Provider
) -> None:
    provider.about.hooks["line"] = "https://old.example/hooks/line/x"
    run(care)
    found = state(database, line)
    assert (found.level, codes(found)) == ("warning", ["hook"])
    assert "https://old.example/hooks/line/x" in found.problems[0].text


def test_refused_credentials_are_shown_with_the_providers_words_and_asked_again_ever_more_seldom(
    database: Database, care: Caretaker, connect: Connect, provider: Provider, clock: Any
) -> None:
    account = connect("line", access_token="T")
    provider.about.ended.add("T")
    waits = []
    for _turn in range(4):
        run(care)
        row = duty(database, account, "check")
        assert row.asked_at
        waits.append((row.next_at - row.asked_at).total_seconds())
        clock.now = row.next_at
    found = state(database, account)
    assert (found.level, codes(found)) == ("failing", ["refused"])
    assert "Authentication failed" in found.problems[0].text
    assert waits == [60, 120, 300, 600]
    provider.about.ended.clear()
    provider.about.hooks["line"] = "x"
    run(care)
    assert state(database, account).level == "warning"  # of its webhook alone


def test_a_short_silence_of_the_network_is_no_failure(
    database: Database, care: Caretaker, line: ChannelAccount, provider: Provider, clock: Any
) -> None:
    provider.troubles.append(Trouble("/v2/bot/info", 503, times=3))
    for _turn in range(2):
        run(care)
        assert duty(database, line, "check").standing == "new"
        clock.now = duty(database, line, "check").next_at
    run(care)
    assert duty(database, line, "check").standing == "failing"
    assert "away" in codes(state(database, line))
    clock.now = duty(database, line, "check").next_at
    run(care)
    assert codes(state(database, line)) == ["hook"]


def test_the_quota_follows_what_was_pushed(
    database: Database, care: Caretaker, line: ChannelAccount, provider: Provider, clock: Any
) -> None:
    provider.quota = 3
    run(care)
    for number in range(3):
        provider._keep("line", "U1", {"text": str(number)})
    provider._keep("line", "", {"text": "a reply is free"})
    with database.write() as unit:
        quota.spent(unit, unit.session.get_one(ChannelAccount, line.pk))
    assert run(care) == 0  # the provider counts with a delay
    clock.advance(seconds=20)
    assert run(care) == 1
    with database.read() as unit:
        known = quota.find_known(unit, unit.session.get_one(ChannelAccount, line.pk))
    assert known
    assert (known.used, known.left, known.old) == (3, 0, False)
    assert "quota" in codes(state(database, line))


def test_the_quota_is_read_anew_when_somebody_may_be_about_to_push(
    database: Database, care: Caretaker, line: ChannelAccount, provider: Provider, clock: Any, ticket: Ticket
) -> None:
    provider.quota = 3
    run(care)

    def opened() -> int:
        with database.write() as unit:
            row = unit.session.get_one(Ticket, ticket.pk)
            row.channel, row.account_id = "line", line.pk
            quota.soon_needed(unit, row)
        return run(care)

    clock.advance(minutes=4)
    assert opened() == 0
    clock.advance(minutes=2)
    assert opened() == 1
    assert duty(database, line, "quota").done_at == clock.now


def test_a_quota_of_last_month_is_an_old_one(
    database: Database, care: Caretaker, line: ChannelAccount, provider: Provider, clock: Any
) -> None:
    provider.quota = 3
    clock.now = datetime.fromisoformat("2026-01-31T14:59:00+00:00")  # a minute before midnight in Japan
    run(care)
    clock.advance(minutes=2)
    found = state(database, line).quota
    assert found
    assert found.old


def test_templates_are_those_of_the_provider_and_keep_their_keys(
    database: Database, care: Caretaker, connect: Connect, provider: Provider, clock: Any
) -> None:
    account = connect("whatsapp", config={"waba_id": "88"}, access_token="T", app_secret="s")
    many = [
        {"name": f"n{number}", "language": "en", "status": "APPROVED", "components": []}
        for number in range(150)
    ]
    provider.about.templates += many
    run(care)
    with database.read() as unit:
        listed = templates.list_templates(unit, account)
        every = templates.list_templates(unit, account, approved=False)
    assert (len(listed), len(every)) == (154, 155)
    first = next(one for one in listed if (one.name, one.language) == ("parcel_on_its_way", "ja"))
    assert [one["name"] for one in first.parameters] == ["1", "2", "3"]
    assert first.parameters[1]["example"] == "1001"
    assert "山田花子様、ご注文1001を" in templates.preview(first)
    assert "佐藤様、ご注文77を発送しました。お届け予定は今日です。" in templates.fill(
        first, ["佐藤", "77", "今日"]
    )
    provider.about.templates = [{**provider.about.templates[0], "status": "PAUSED"}]
    clock.advance(hours=1)
    run(care)
    (left,) = rows(database, MessageTemplate)
    assert (left.key, left.state) == (first.key, "paused")


def test_named_places_go_out_with_their_names(database: Database, care: Caretaker, connect: Connect) -> None:
    account = connect("whatsapp", config={"waba_id": "88"}, access_token="T")
    run(care)
    with database.read() as unit:
        (named,) = (one for one in templates.list_templates(unit, account) if one.name == "may_we_write")
        (pictured,) = (one for one in templates.list_templates(unit, account) if one.name == "follow_parcel")
        assert templates.get_template(unit, account, named.key) == named
    assert templates.outgoing(named, ["佐藤"])["parameters"] == [{"name": "name", "text": "佐藤"}]
    assert templates.is_simple(named)
    assert not templates.is_simple(pictured)


def test_a_token_of_x_is_replaced_before_it_ends_and_the_next_one_after_that(
    database: Database, care: Caretaker, connect: Connect, provider: Provider, seal: Seal, clock: Any
) -> None:
    account = connect("x", config={"client_id": "c"}, access_token="A", refresh_token="R")
    run(care)
    first = secrets(database, seal, account)
    assert first["access_token"] == provider.about.given[-1]
    assert first["refresh_token"] == provider.about.refresh
    row = duty(database, account, "renew")
    assert row.done_at
    assert row.next_at - row.done_at == timedelta(hours=1)
    clock.now = row.next_at
    run(care)
    assert len(provider.about.given) == 2
    assert secrets(database, seal, account)["access_token"] == provider.about.given[-1]


def test_two_processes_renew_a_token_once(
    database: Database, connect: Connect, provider: Provider, seal: Seal, settings: Settings, clock: Any
) -> None:
    """Each with its own connections, at the same moment, again and again."""
    account = connect("x", config={"client_id": "c"}, access_token="A", refresh_token="R")
    both = [Database(database.url, clock=clock) for _process in range(2)]
    for turn in range(1, 6):
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda one: run(Caretaker(one, seal, settings)), both))
        assert len(provider.about.given) == turn
        held = secrets(database, seal, account)
        assert (held["refresh_token"], held["access_token"]) == (
            provider.about.refresh,
            provider.about.given[-1],
        )
        clock.now = duty(database, account, "renew").next_at
    assert len(rows(database, AccountDuty)) == 2
    for one in both:
        one.close()


def test_an_administrator_and_a_renewal_do_not_undo_each_other(
    database: Database, connect: Connect, care: Caretaker, provider: Provider, seal: Seal, clock: Any
) -> None:
    """Somebody enters other secrets while the provider is being asked with the old ones: theirs stay."""
    account = connect("x", config={"client_id": "c"}, access_token="A", refresh_token="R")
    (renewing,) = (one for one in care._begin() if one.duty == "renew")
    learned = asyncio.run(care._ask(renewing))
    with database.write() as unit:
        row = unit.session.get_one(ChannelAccount, account.pk, with_for_update=True)
        row.secrets = seal.close({"access_token": "NEW", "refresh_token": "FRESH", "consumer_secret": "s"})
    provider.about.refresh = "FRESH"
    assert isinstance(learned, Renewal)
    assert asyncio.run(care._kept(renewing, learned)) is None
    care._succeeded(renewing, None)
    assert secrets(database, seal, account)["refresh_token"] == "FRESH"
    run(care)  # at once, with those
    held = secrets(database, seal, account)
    assert (held["access_token"], held["consumer_secret"]) == (provider.about.given[-1], "s")


class Flaky(Database):
    """Away for the next few writes."""

    away = 0

    @contextmanager
    def write(self) -> Iterator[Unit]:
        if self.away:
            self.away -= 1
            raise OperationalError("BEGIN", {}, Exception("the database is away"))
        with super().write() as unit:
            yield unit


def test_a_token_is_kept_though_the_database_is_away_for_a_moment(
    database: Database, connect: Connect, provider: Provider, seal: Seal, settings: Settings, clock: Any
) -> None:
    """X has replaced the old one already."""
    account = connect("x", config={"client_id": "c"}, access_token="A", refresh_token="R")
    flaky = Flaky(database.url, clock=clock)
    care = Caretaker(flaky, seal, settings)
    (renewing,) = (one for one in care._begin() if one.duty == "renew")
    flaky.away = 1
    asyncio.run(care._do(renewing))
    assert secrets(database, seal, account)["refresh_token"] == provider.about.refresh
    assert duty(database, account, "renew").standing == "ok"
    flaky.close()


def test_checks_and_failing_deliveries_never_wait_for_each_other_in_a_circle(
    database: Database, line: ChannelAccount, care: Caretaker, clock: Any
) -> None:
    def fail(turn: int) -> None:
        """As delivery does when the credentials are refused."""
        with database.write() as unit:
            account = unit.session.get_one(ChannelAccount, line.pk)
            account.sending_state, account.sending_text = "failing", f"LINE 401 ({turn})"
            unit.session.flush()
            duties.hasten_all(unit, account.pk)

    def check(_turn: int) -> None:
        for one in care._begin():
            care._succeeded(one, Standing("Aoba") if one.duty == "check" else Quota(None, 0))

    with ThreadPoolExecutor(6) as threads:
        doing = [threads.submit(act, turn) for turn in range(40) for act in (fail, check)]
    for one in doing:
        one.result()
    check(0)
    assert duty(database, line, "check").standing == "ok"


def test_whoever_is_late_never_overwrites_newer_secrets(
    database: Database, connect: Connect, seal: Seal
) -> None:
    account = connect("x", config={"client_id": "c"}, access_token="A", refresh_token="R")
    with database.write() as unit:
        used = opened(unit.session.get_one(ChannelAccount, account.pk), seal)
        assert renewal.keep(unit, seal, used, Renewal({"access_token": "B", "refresh_token": "S"}))
    with database.write() as unit:
        assert not renewal.keep(unit, seal, used, Renewal({"access_token": "C", "refresh_token": "T"}))
    assert secrets(database, seal, account)["access_token"] == "B"


def test_an_answer_that_comes_after_its_lease_is_kept_all_the_same(
    database: Database, connect: Connect, care: Caretaker, provider: Provider, seal: Seal, clock: Any
) -> None:
    """The old refresh token is dead by then: only the one that is in this answer is good."""
    account = connect("x", config={"client_id": "c"}, access_token="A", refresh_token="R")
    care._match()
    (late,) = (one for one in care._begin() if one.duty == "renew")
    learned = asyncio.run(care._ask(late))
    clock.advance(minutes=4)
    run(care)  # another process takes it up, and is refused
    assert isinstance(learned, Renewal)
    assert asyncio.run(care._kept(late, learned))
    assert secrets(database, seal, account)["refresh_token"] == provider.about.refresh
    clock.advance(hours=2)
    run(care)
    assert duty(database, account, "renew").standing == "ok"


def test_a_token_that_cannot_be_renewed_warns_in_time(
    database: Database, connect: Connect, care: Caretaker, provider: Provider, clock: Any
) -> None:
    account = connect("instagram", config={"login": "instagram"}, access_token="A")
    run(care)
    row = duty(database, account, "renew")
    assert row.next_at - clock.now == timedelta(days=30)
    provider.troubles.append(Trouble("refresh_access_token", 400, times=99))
    clock.now = row.next_at
    run(care)
    assert ("token", False) in [(one.code, one.serious) for one in state(database, account).problems]
    clock.advance(days=24)
    assert ("token", True) in [(one.code, one.serious) for one in state(database, account).problems]


def test_a_token_that_was_just_entered_is_not_refreshed(
    database: Database, connect: Connect, care: Caretaker, provider: Provider, clock: Any, seal: Seal
) -> None:
    """Instagram refuses for the first day."""
    account = connect("instagram", config={"login": "instagram"}, access_token="A")
    with database.write() as unit:
        row = unit.session.get_one(ChannelAccount, account.pk)
        row.secrets = seal.close({"access_token": "A", "set_at": {"access_token": clock.now.isoformat()}})
    run(care)
    assert provider.about.given == []
    assert state(database, account).token_until == clock.now + timedelta(days=60)


def test_a_token_of_meta_that_ends_soon_is_exchanged_and_one_that_never_ends_is_left(
    database: Database, connect: Connect, care: Caretaker, provider: Provider, seal: Seal, clock: Any
) -> None:
    account = connect("messenger", config={"app_id": "5"}, access_token="A", app_secret="s")
    run(care)
    assert provider.about.given == []
    provider.about.token_ends = int((clock.now + timedelta(days=20)).timestamp())
    clock.advance(days=7)
    run(care)
    assert secrets(database, seal, account)["access_token"] == provider.about.given[-1]


def test_what_waited_for_good_credentials_leaves_as_soon_as_they_are_there(
    database: Database,
    connect: Connect,
    care: Caretaker,
    clock: Any,
    ticket: Ticket,
    brand: Brand,
) -> None:
    account = connect("messenger", access_token="A")
    with database.write() as unit:
        row = unit.session.get_one(ChannelAccount, account.pk)
        row.sending_state, row.sending_text = "failing", "190 ended"
        waiting = Delivery(
            brand_id=brand.pk,
            account_id=account.pk,
            message_id=unit.session.exec(select(Message)).one().pk,
            external_id="d",
            attempts=3,
            next_at=clock.now + timedelta(hours=3),
            created_at=clock.now,
        )
        unit.session.add(waiting)
    run(care)
    (delivery,) = rows(database, Delivery)
    assert delivery.next_at == clock.now
    assert "sending" not in codes(state(database, account))
    assert rows(database, InboundEvent)


def test_what_is_changed_while_a_provider_is_asked_is_asked_again(
    database: Database, care: Caretaker, line: ChannelAccount, clock: Any
) -> None:
    claimed = care._begin()
    with database.write() as unit:
        health.look_again(unit, unit.session.get_one(ChannelAccount, line.pk))
    for one in claimed:
        care._succeeded(one, asyncio.run(care._ask(one)))
    assert run(care) == 2


def test_a_paused_account_rests(
    database: Database, care: Caretaker, line: ChannelAccount, provider: Provider
) -> None:
    run(care)
    with database.write() as unit:
        unit.session.get_one(ChannelAccount, line.pk).active = False
    asked = dict(provider.about.asked)
    assert run(care) == 0
    assert state(database, line).level == "paused"
    assert asked == provider.about.asked


@pytest.mark.parametrize(
    ("kind", "config", "given"),
    [
        ("line", {"channel_id": "1"}, {"channel_secret": "s"}),
        ("messenger", {}, {"access_token": "A", "app_secret": "s"}),
        ("instagram", {}, {"access_token": "A"}),
        ("whatsapp", {"waba_id": "8"}, {"access_token": "A"}),
        ("x", {}, {"access_token": "A"}),
        ("telegram", {}, {"bot_token": "1:a"}),
        ("sms", {"account_sid": "AC1"}, {"auth_token": "A"}),
    ],
)
def test_every_provider_is_checked(
    database: Database, care: Caretaker, connect: Connect, kind: str, config: Any, given: Any
) -> None:
    account = connect(kind, config=config, **given)
    run(care)
    assert {one.standing for one in rows(database, AccountDuty)} == {"ok"}
    assert "imulated" in state(database, account).name
