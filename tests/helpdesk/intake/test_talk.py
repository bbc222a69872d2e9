"""Chats taken in and answered together come to the same as one by one, whatever happens meanwhile.

HELPDESK_TALKS_N=200 tells so many stories; without it few.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col, select

import classifiers
from helpdesk.chat.accounts import Widget, get_widget
from helpdesk.chat.visitors import Hello
from helpdesk.customers.identify import identify
from helpdesk.errors import HelpdeskError
from helpdesk.intake.taking import Said, take_many
from helpdesk.models import (
    Agent,
    Brand,
    ChannelAccount,
    ChatLine,
    Customer,
    Delivery,
    Event,
    Identity,
    InboundEvent,
    Message,
    Order,
    Tag,
    Ticket,
    TicketTag,
    Visitor,
    new_key,
)
from helpdesk.settings import Settings
from helpdesk.store import search
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import assign, block, close, follow, reply, snooze, tag
from helpdesk.triage import learn
from helpdesk.work.runner import assemble
from helpdesk.work.schedule import Parts
from tests.conftest import StandingClock
from tests.helpdesk.chat.desk import add_widget

STORIES = int(os.environ.get("HELPDESK_TALKS_N", "4"))
WORDS = (
    "荷物がまだ届きません。",
    "返品したいのですが、どうすればいいですか?",
    "Where is my parcel? It is urgent, I need it today!",
    "Thank you, that helped.",
    "ありがとうございました。",
    "The cup arrived broken. I want my money back or I call my lawyer.",
    "My order number is AB-10012",
    "注文 99887 の件です",
    "ａｂ 10012 の急須が割れていました",
    "?",
)
ASIDE = {"id", "key", "brand_id", "ticket_id", "customer_id", "account_id", "message_id", "inbound_id"}
ASIDE |= {"agent_id", "fingerprint", "external_id", "lease_until", "raw", "attempts", "assignee_id", "value"}
ASIDE |= {
    "shown",
    "visitor_id",
    "visitor",
    "sender",
    "to",
    "accepted",
    "order_id",
    "next_at",
    "undo",
    "follow_up_of_id",
    "number",
    "tag_id",
}


@dataclass
class Side:
    """A brand of its own, whose chats are taken in and answered together, or one by one."""

    parts: Parts
    brand: Brand
    widget: Widget
    agent: Agent
    together: bool
    visitors: dict[int, int] = field(default_factory=dict)  # by their number in the story
    said: int = 0

    @property
    def database(self) -> Database:
        return self.parts.database

    def say(self, number: int, text: str, **details: str) -> None:
        self.said += 1
        hello = Hello(language="en", name=f"Visitor {number}" if number % 2 else "")
        words = Said(
            self.widget,
            hello,
            f"{self.brand.pk}-{number}",
            self.visitors.get(number),
            f"k{self.said}",
            text,
            (),
            details,
        )
        with self.database.write() as unit:
            (taken,) = take_many(unit, [words])
        self.visitors[number] = taken.visitor_id  # type: ignore[union-attr]

    def take_in(self) -> None:
        if self.together:
            self.parts.intake.drain()
            return
        with self.database.read() as unit:
            queued = select(InboundEvent.id).where(
                InboundEvent.brand_id == self.brand.pk, InboundEvent.state == "queued"
            )
            ids = list(unit.session.exec(queued.order_by(col(InboundEvent.id))))
        self.parts.intake.process_many([pk for pk in ids if pk])

    def deliver(self) -> None:
        if self.together:
            asyncio.run(self.parts.courier.drain())
            return
        with self.database.write() as unit:
            claimed = self.parts.courier._claim(unit)
        asyncio.run(self.parts.courier._burst(claimed))

    def act(self, what: str, number: int) -> None:
        if number not in self.visitors:
            return
        with self.database.write() as unit:
            visitor = unit.session.get_one(Visitor, self.visitors[number])
            ticket = unit.session.get(Ticket, visitor.ticket_id) if visitor.ticket_id else None
            if ticket is None:
                return
            agent = unit.session.get_one(Agent, self.agent.pk)
            with suppress(HelpdeskError):  # a closed ticket is not put to sleep, for example
                ACTIONS[what](unit, ticket, agent, visitor, self.parts.intake.files)
        if what in ("answer", "answer_html"):
            self.deliver()


def _answer(unit: Any, ticket: Ticket, agent: Agent, _visitor: Visitor, files: Files) -> None:
    reply.send(unit, ticket, by=agent, body="We are looking into it.", files=files)


def _take(unit: Any, ticket: Ticket, agent: Agent, _visitor: Visitor, _files: Files) -> None:
    agent.last_seen_at = unit.now  # from now on they are there for a while
    assign.to(unit, ticket, agent, by=agent)


def _correct(unit: Any, ticket: Ticket, agent: Agent, _visitor: Visitor, _files: Files) -> None:
    for on in tag.list_tags(unit, [ticket.pk]).get(ticket.pk, [])[:1]:
        learn.correct_tag(unit, ticket, on.name, by=agent, added=False)


def _buy(unit: Any, ticket: Ticket, _agent: Agent, _visitor: Visitor, _files: Files) -> None:
    unit.session.add(
        Order(
            brand_id=ticket.brand_id,
            customer_id=ticket.customer_id,
            source=new_key(),
            number="AB-10012",
            state=random.Random(ticket.pk).choice(("placed", "delivered")),
            items=[{"sku": "TE-1", "name": "鉄急須", "quantity": 1, "price": 1, "category": "tea"}],
            total=12_000,
            currency="JPY",
            placed_at=unit.now,
        )
    )


ACTIONS: dict[str, Any] = {
    "answer": _answer,
    "close": lambda unit, ticket, agent, *_: close.close(unit, ticket, by=agent),
    "spam": lambda unit, ticket, agent, *_: close.mark_spam(unit, ticket, by=agent),
    "take": _take,
    "follow": lambda unit, ticket, agent, *_: follow.follow(unit, ticket, agent),
    "snooze": lambda unit, ticket, agent, *_: snooze.until(
        unit, ticket, unit.now + timedelta(days=30), by=agent
    ),
    "urgent": lambda unit, ticket, agent, *_: learn.correct_urgency(unit, ticket, "high", by=agent),
    "vip": lambda unit, ticket, *_: setattr(unit.session.get_one(Customer, ticket.customer_id), "vip", True),
    "correct": _correct,
    "block": lambda unit, ticket, agent, visitor, _files: block.block(
        unit, ticket.brand_id, "chat", visitor.key, by=agent
    ),
    "buy": _buy,
}


@pytest.fixture
def sides(
    database: Database, files: Files, seal: Seal, settings: Settings, make_agent: Any
) -> Iterator[tuple[Side, Side]]:
    parts = assemble(database, files, seal, settings, classifiers.builtin())
    made = []
    for name, together in (("one by one", False), ("together", True)):
        with database.write() as unit:
            brand = Brand(name=name, created_at=unit.now)
            unit.session.add(brand)
            unit.session.flush()
            tag.ensure_tags(unit, brand)
        account = add_widget(database, brand, seal)
        with database.write() as unit:  # the first answer ever goes its own way
            unit.session.get_one(ChannelAccount, account.pk).sending_state = "ok"
        with database.read() as unit:
            widget = get_widget(unit, account.address, seal)
        agent = make_agent(f"{name.replace(' ', '')} Agent", brand_ids=[brand.pk])
        made.append(Side(parts, brand, widget, agent, together))
    one, other = made
    yield one, other  # in this order they act, so that the second finds its own alone


@pytest.mark.parametrize("story", range(STORIES))
def test_together_comes_to_the_same_as_one_by_one(
    sides: tuple[Side, Side], clock: StandingClock, story: int
) -> None:
    chance = random.Random(story)
    for _ in range(30):
        step, number = chance.random(), chance.randrange(4)
        text, details = chance.choice(WORDS), {"consent": "yes"} if chance.random() < 0.1 else {}
        action, pause = chance.choice(list(ACTIONS)), chance.choice((1, 90, 700, 90_000, 300_000))
        for side in sides:
            if step < 0.5:
                side.say(number, text, **details)
            elif step < 0.75:
                side.take_in()
            else:
                side.take_in()
                side.act(action, number)
        if step > 0.85:
            clock.advance(seconds=pause)
    for side in sides:
        side.take_in()
    one, other = map(_picture, sides)
    for name in one:
        assert one[name] == other[name], name
    assert one["tickets"]


def test_ten_first_words_take_hardly_more_statements_than_one(sides: tuple[Side, Side]) -> None:
    _, together = sides
    counted: list[int] = []
    for count in (1, 10):
        for number in range(count):
            together.say(100 * count + number, "荷物がまだ届きません。")
        counted.append(_statements(together.database, together.take_in))
    assert counted[1] <= counted[0] + 3


def _statements(database: Database, work: Any) -> int:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    engines = {database.engine, database._reader}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    work()
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_a_customer_who_is_known_as_this_visitor_is_not_made_twice(
    sides: tuple[Side, Side], database: Database
) -> None:
    """Whoever was faster: the message is taken in once more, by itself."""
    _, side = sides
    side.say(1, "hello")
    with database.write() as unit:
        visitor = unit.session.get_one(Visitor, side.visitors[1])
        known = identify(unit, side.brand.pk, "chat", visitor.key, name="Somebody")
    side.take_in()
    with database.read() as unit:
        assert [one.id for one in unit.session.exec(select(Customer))] == [known.id]
        assert unit.session.exec(select(Ticket)).one().customer_id == known.id


def test_what_the_lane_leaves_is_taken_in_with_everything_else(
    sides: tuple[Side, Side], clock: StandingClock, database: Database
) -> None:
    _, side = sides
    side.say(1, "nobody was quick enough")
    clock.advance(seconds=2)
    assert side.parts.intake.drain_talks() == 0
    assert side.parts.intake.drain() == 1
    with database.read() as unit:
        assert unit.session.exec(select(Message)).one().reply == "nobody was quick enough"


def _picture(side: Side) -> dict[str, Any]:
    """Everything that the story left in this brand, without numbers and names that are its own.

    A ticket is known by the key of its first message.
    """
    with side.database.read() as unit:
        pk = side.brand.pk
        tickets = _all(unit, Ticket, pk)
        messages = _all(unit, Message, pk)
        numbers = {
            one.ticket_id: one.external_id.partition(":")[2]
            for one in reversed(messages)
            if one.direction == "in"
        }
        mine = col(Visitor.brand_id) == pk
        lines = select(ChatLine).join(Visitor, col(Visitor.id) == col(ChatLine.visitor_id)).where(mine)
        tagged = (
            select(TicketTag, Tag).join(Tag, col(Tag.id) == col(TicketTag.tag_id)).where(Tag.brand_id == pk)
        )
        of_message = {one.pk: numbers[one.ticket_id] for one in messages}
        words = ("parcel", "返品", "Visitor")
        found = [one for word in words for one in search.find(unit, word, brand_ids=[pk])]
        return {
            "tickets": _sorted(
                _plain(one, numbers[one.pk], taken=one.assignee_id is not None) for one in tickets
            ),
            "messages": _sorted(_plain(one, numbers[one.ticket_id]) for one in messages),
            "tags": _sorted(
                _plain(on, numbers[on.ticket_id], tag=it.name) for on, it in unit.session.exec(tagged)
            ),
            "events": _sorted(_events(unit, pk, numbers)),
            "customers": _sorted(_plain(one) for one in _all(unit, Customer, pk)),
            "identities": _sorted(_plain(one) for one in _all(unit, Identity, pk)),
            "visitors": _sorted(_plain(one, numbers.get(one.ticket_id)) for one in _all(unit, Visitor, pk)),
            "lines": _sorted(
                _plain(one, of_message.get(one.message_id or 0), **_named(one))
                for one in unit.session.exec(lines)
            ),
            "journal": _sorted(
                _plain(one, of_message.get(one.message_id)) for one in _all(unit, InboundEvent, pk)
            ),
            "deliveries": _sorted(
                _plain(one, of_message[one.message_id]) for one in _all(unit, Delivery, pk)
            ),
            "found": Counter(numbers[one] for one in found),
        }


def _named(line: ChatLine) -> dict[str, str]:
    """An agent's line has a key of chance, and the agent of this brand."""
    return {"client_key": "", "name": ""} if line.writer == "agent" else {}


def _events(unit: Any, pk: int, numbers: dict[int, str]) -> list[dict[str, Any]]:
    found = []
    for one in _all(unit, Event, pk):
        data = {
            name: value
            for name, value in one.data.items()
            if name not in ("message", "follow_up_of", "blocked")
        }
        if one.name not in ("assigned", "returned"):
            found.append(
                _plain(one, numbers.get(one.ticket_id), data=json.dumps(data, default=str, sort_keys=True))
            )
    return found


def _all(unit: Any, table: Any, pk: int) -> list[Any]:
    return list(unit.session.exec(select(table).where(table.brand_id == pk).order_by(table.id)))


def _plain(row: Any, of: str | None = None, **more: object) -> dict[str, Any]:
    return {name: value for name, value in row.model_dump().items() if name not in ASIDE} | {"of": of} | more


def _sorted(found: Iterable[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(one, default=str, sort_keys=True, ensure_ascii=False) for one in found)
