"""Who looks after accounts is told when one fails for more than a moment, and when it works again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk import i18n
from helpdesk.channels.care import CHECK
from helpdesk.models import AccountDuty, Agent, Brand, ChannelAccount, Notification
from helpdesk.people import roles
from helpdesk.social import duties, outages
from helpdesk.store.db import Database
from tests.helpdesk.stories import rows


@pytest.fixture
def line(database: Database, brand: Brand) -> ChannelAccount:
    with database.write() as unit:
        account = ChannelAccount(
            brand_id=brand.pk, kind="line", address="@aoba", name="青葉", state="ok", created_at=unit.now
        )
        unit.session.add(account)
        unit.session.flush()
        duties.match(unit, account, frozenset({CHECK}))
    return account


def check(database: Database, standing: str, text: str = "") -> None:
    with database.write() as unit:
        row = unit.session.exec(select(AccountDuty).where(AccountDuty.duty == CHECK)).one()
        row.standing, row.text = standing, text


def told(database: Database) -> list[tuple[int, str]]:
    return [(one.agent_id, one.name) for one in rows(database, Notification)]


def test_a_moment_is_nothing_and_what_lasts_is_told_once_until_it_is_over(
    database: Database, line: ChannelAccount, clock: Any, admin: Agent, lead: Agent
) -> None:
    check(database, "failing", "401 no such token")
    assert outages.look(database) == 1
    clock.advance(minutes=1)
    assert outages.look(database) == 0
    check(database, "ok")
    assert outages.look(database) == 1
    assert told(database) == []
    check(database, "failing", "401 no such token")
    outages.look(database)
    for _ in range(3):
        clock.advance(seconds=90)
        outages.look(database)
    assert told(database) == [(admin.pk, "account_failed")]  # a lead may not connect channels
    check(database, "ok")
    assert outages.look(database) == 1
    assert told(database) == [(admin.pk, "account_failed"), (admin.pk, "account_recovered")]
    assert outages.look(database) == 0


def test_it_is_told_in_the_bell_and_leads_to_the_account(
    database: Database, line: ChannelAccount, clock: Any, admin_client: TestClient, client: TestClient
) -> None:
    with database.write() as unit:
        row = unit.session.get_one(ChannelAccount, line.pk)
        row.sending_state, row.sending_text = "failing", "LINE 401: invalid token"
    outages.look(database)
    clock.advance(minutes=3)
    outages.look(database)
    page = admin_client.get("/notifications").text
    assert "LINE 青葉 does not work" in page and "LINE 401: invalid token" in page
    assert "#0" not in page
    (one,) = rows(database, Notification)
    there = admin_client.get(f"/notifications/{one.key}")
    assert there.headers["location"] == f"/settings/channels/{line.key}"
    assert admin_client.get(there.headers["location"]).status_code == 200
    assert "does not work" not in client.get("/notifications").text


def test_a_mailbox_is_told_to_those_who_look_after_mailboxes(
    database: Database,
    brand: Brand,
    other_brand: Brand,
    make_agent: Callable[..., Agent],
    clock: Any,
) -> None:
    with database.write() as unit:
        keeper = roles.create(unit, name="Keeper", rights=["settings"])
    mine = make_agent("Keeper", role=keeper.key, brand_ids=[brand.pk])
    make_agent("Elsewhere", role=keeper.key, brand_ids=[other_brand.pk])
    make_agent("Agent", role="agent", brand_ids=[brand.pk])
    with database.write() as unit:
        box = ChannelAccount(
            brand_id=brand.pk, kind="email", address="help@aoba.example", created_at=unit.now,
            state="failing", state_text="the password is wrong",
        )  # fmt: skip
        unit.session.add(box)
    outages.look(database)
    clock.advance(minutes=2)
    outages.look(database)
    (one,) = rows(database, Notification)
    assert (one.agent_id, one.name, one.ticket_id) == (mine.pk, "account_failed", None)
    assert one.data == {
        "account": "help@aoba.example",
        "reason": "the password is wrong",
        "place": f"/settings/mailboxes/{box.key}",
        "times": 1,
    }


@pytest.mark.parametrize("gone", ["paused", "removed"])
def test_what_nobody_wants_to_work_is_silent(
    database: Database, line: ChannelAccount, clock: Any, admin: Agent, gone: str
) -> None:
    check(database, "failing", "401")
    outages.look(database)
    clock.advance(minutes=3)
    outages.look(database)
    with database.write() as unit:
        row = unit.session.get_one(ChannelAccount, line.pk)
        row.active, row.removed_at = False, unit.now if gone == "removed" else None
    outages.look(database)
    clock.advance(hours=1)
    assert outages.look(database) == 0
    assert told(database) == [(admin.pk, "account_failed")]


def test_what_is_still_unread_is_renewed_and_says_how_often(
    database: Database, line: ChannelAccount, clock: Any, admin: Agent
) -> None:
    for _ in range(2):
        check(database, "failing", "401")
        outages.look(database)
        clock.advance(minutes=3)
        outages.look(database)
        check(database, "ok")
        outages.look(database)
    assert [(one.name, one.data["times"]) for one in rows(database, Notification)] == [
        ("account_failed", 2),
        ("account_recovered", 2),
    ]


def test_the_words_are_the_readers(
    database: Database, line: ChannelAccount, admin_client: TestClient
) -> None:
    check(database, "failing", "401")
    outages.look(database)
    with database.write() as unit:
        row = unit.session.exec(select(AccountDuty).where(AccountDuty.duty == outages.OUTAGE)).one()
        row.failing_since = unit.now - timedelta(hours=1)
    outages.look(database)
    with i18n.using("ja"):
        page = admin_client.get("/notifications", headers={"accept-language": "ja"}).text
    assert "401" in page
