"""A token that is replaced is never lost, whoever else writes at that moment."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import OperationalError

from helpdesk.channels.care import Quota, Renewal, Standing
from helpdesk.channels.opening import opened
from helpdesk.models import AccountDuty, ChannelAccount
from helpdesk.settings import Settings
from helpdesk.simulate.provider import Provider
from helpdesk.social import duties, renewal
from helpdesk.store.db import Database, Unit
from helpdesk.store.seal import Seal
from helpdesk.work.care import Caretaker
from tests.helpdesk.stories import rows
from tests.helpdesk.work.caring import Connect, duty, run, secrets


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
