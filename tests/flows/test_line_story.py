"""A customer on LINE and an agent: webhook in, the free reply and the push out, a picture, and what LINE says of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

import classifiers
from helpdesk.delivery.worker import Courier
from helpdesk.errors import Invalid
from helpdesk.intake.pipeline import Intake
from helpdesk.models import Agent, Brand, ChannelAccount, Contact, Delivery, Message, MessageName, Ticket
from helpdesk.settings import Settings
from helpdesk.simulate.accounts import connect
from helpdesk.simulate.provider import Provider, Trouble
from helpdesk.simulate.vendors import VENDORS, Deed
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import reply, tag
from helpdesk.tickets.upload import Upload
from tests.fakes.serving import serving
from tests.helpdesk.stories import only, rows


@pytest.fixture
def provider() -> Iterator[tuple[Provider, str]]:
    made = Provider()
    with serving(made.app) as address:
        yield made, f"http://{address}"


class Desk:
    """Both ends of a conversation on LINE."""

    def __init__(
        self, database: Database, client: TestClient, intake: Intake, courier: Courier, seal: Seal
    ) -> None:
        self.database, self.client, self.intake, self.courier, self.seal = (
            database,
            client,
            intake,
            courier,
            seal,
        )

    def write(self, account: ChannelAccount, number: int, kind: str = "text", **deed: Any) -> None:
        told = Deed(kind, "U1", self.database.clock() - timedelta(seconds=1), str(number), **deed)
        request = VENDORS["line"](told, self.seal.open(account.secrets), account.address)
        url = f"/hooks/line/{account.key}"
        assert self.client.post(url, content=request.body, headers=dict(request.headers)).status_code == 200
        while self.intake.drain():
            pass

    def answer(self, agent: Agent, words: str, **more: Any) -> None:
        with self.database.write() as unit:
            ticket = unit.session.get_one(Ticket, only(self.database, Ticket).pk)
            reply.send(unit, ticket, by=agent, body=words, files=self.courier.files, **more)
        asyncio.run(self.courier.drain())


@pytest.fixture
def account(database: Database, brand: Brand, seal: Seal, provider: tuple[Provider, str]) -> ChannelAccount:
    with database.write() as unit:
        tag.ensure_tags(unit, brand)
        return connect(unit, seal, unit.session.get_one(Brand, brand.pk), "line", provider[1])


@pytest.fixture
def desk(
    database: Database, files: Files, seal: Seal, settings: Settings, client: TestClient, clock: Any
) -> Desk:
    intake = Intake(database, files, seal, classifiers.builtin())
    courier = Courier(database, files, seal, settings)
    courier.kinds = {**courier.kinds, "line": type(courier.kinds["line"])(clock=database.clock)}
    return Desk(database, client, intake, courier, seal)


def test_the_free_reply_comes_first_and_a_push_after_it(
    desk: Desk, account: ChannelAccount, agent: Agent, provider: tuple[Provider, str], database: Database
) -> None:
    desk.write(account, 1, text="届きません")
    desk.answer(agent, "お調べします。")
    desk.answer(agent, "明日届きます。")
    ways = [(one.to, one.body["text"]) for one in provider[0].sent]
    assert ways == [("", "お調べします。"), ("U1", "明日届きます。")]  # a reply names nobody, a push does
    assert {one.state for one in rows(database, Message) if one.direction == "out"} == {"sent"}
    assert {one.name for one in rows(database, MessageName)} >= {one.number for one in provider[0].sent}
    assert only(database, Ticket).status == "pending"


def test_a_stale_reply_token_is_not_tried(
    desk: Desk, account: ChannelAccount, agent: Agent, provider: tuple[Provider, str], clock: Any
) -> None:
    desk.write(account, 1, text="届きません")
    clock.advance(minutes=2)
    desk.answer(agent, "お調べします。")
    assert [one.to for one in provider[0].sent] == ["U1"]


def test_an_answer_that_was_taken_in_silence_is_not_sent_twice(
    desk: Desk,
    account: ChannelAccount,
    agent: Agent,
    provider: tuple[Provider, str],
    clock: Any,
    database: Database,
) -> None:
    desk.write(account, 1, text="届きません")
    clock.advance(minutes=2)
    provider[0].troubles.append(Trouble("push", 0, after=True))
    desk.answer(agent, "お調べします。")
    assert only(database, Delivery).state == "queued"
    clock.advance(minutes=1)
    asyncio.run(desk.courier.drain())
    assert only(database, Delivery).state == "sent"
    assert len(provider[0].sent) == 1


def test_a_picture_goes_by_an_address_that_line_can_fetch(
    desk: Desk, account: ChannelAccount, agent: Agent, provider: tuple[Provider, str], client: TestClient
) -> None:
    desk.courier.public_url = "https://help.example"
    desk.write(account, 1, text="写真をください")
    desk.answer(agent, "こちらです。", attachments=[Upload("a b.jpg", "image/jpeg", b"\xff\xd8\xffpicture")])
    url = provider[0].sent[-1].body["originalContentUrl"]
    assert url.startswith("https://help.example/files/")
    path = url.removeprefix("https://help.example")
    fetched = client.get(path)
    assert (fetched.status_code, fetched.content) == (200, b"\xff\xd8\xffpicture")
    assert client.get(path.replace("-", "-x", 1)).status_code == 404


def test_who_blocked_the_account_is_not_written_to(
    desk: Desk, account: ChannelAccount, agent: Agent, database: Database
) -> None:
    desk.write(account, 1, text="もういいです")
    desk.write(account, 2, kind="block")
    assert only(database, Contact).blocked
    with pytest.raises(Invalid, match="blocked"):
        desk.answer(agent, "お待ちください。")


def test_what_line_refuses_is_shown_with_its_words(
    desk: Desk,
    account: ChannelAccount,
    agent: Agent,
    provider: tuple[Provider, str],
    database: Database,
    clock: Any,
) -> None:
    provider[0].troubles.append(Trouble("push", 400))
    desk.write(account, 1, text="届きません")
    clock.advance(minutes=2)
    desk.answer(agent, "お調べします。")
    ours = next(one for one in rows(database, Message) if one.direction == "out")
    assert ours.state == "failed"
    assert "simulated trouble" in (ours.failure or "")
    assert only(database, Ticket).status == "open"
