"""Conversations on LINE, Instagram and WhatsApp and telephone calls: each turn at its moment, as real ones come in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlmodel import col, select

from helpdesk.channels.social import CHANNELS
from helpdesk.customers import suggest
from helpdesk.demo import picture, shop
from helpdesk.demo.dice import dice
from helpdesk.demo.orders import PlannedOrder
from helpdesk.demo.stage import Stage
from helpdesk.demo.told import ADDRESSES, Turn, told
from helpdesk.intake import journal
from helpdesk.models import (
    Agent,
    ChannelAccount,
    Contact,
    Customer,
    Direction,
    MediaFetch,
    Message,
    Ticket,
)
from helpdesk.store.db import Unit
from helpdesk.tickets import close
from helpdesk.tickets.upload import Upload, attach

TOLD = Path(__file__).with_suffix(".yaml")
MARKS = {"delivered": "delivered_at", "read": "read_at"}


@dataclass(slots=True)
class Talks:
    """Plays turns on the accounts that it opens; afterwards one question is left about who is who."""

    stage: Stage
    brand_id: int
    order: PlannedOrder | None
    accounts: dict[str, int] = field(default_factory=dict)

    def play(self, turn: Turn) -> None:
        self.stage.clock.now = turn.at
        account_id = self._account(turn.talk["channel"])
        if "us" in turn.given:
            self._answer(turn, account_id)
        elif "close" in turn.given:
            with self.stage.intake.database.write() as unit:
                close.close(unit, self._ticket(unit, turn), by=self._agent(unit, turn))
        elif mark := next((MARKS[one] for one in MARKS if one in turn.given), None):
            with self.stage.intake.database.write() as unit:
                message = self._newest(unit, turn, Direction.OUT)
                message.marks = {**message.marks, mark: turn.at.isoformat()}
        else:
            self._hear(turn, account_id)

    def ask_who_is_who(self) -> None:
        with self.stage.intake.database.write() as unit:
            wanted = select(Customer).join(Contact, col(Contact.customer_id) == col(Customer.id))
            for customer in unit.session.exec(wanted.where(Contact.brand_id == self.brand_id)):
                suggest.look(unit, customer)

    def _account(self, channel: str) -> int:
        """Without an access of its own: answers stay here."""
        if channel not in self.accounts:
            with self.stage.intake.database.write() as unit:
                account = ChannelAccount(
                    brand_id=self.brand_id,
                    kind=channel,
                    address=ADDRESSES.get(channel, shop.PHONE),
                    name=shop.NAME,
                    state="ok",
                    last_seen_at=unit.now,
                    created_at=unit.now,
                )
                unit.session.add(account)
                unit.session.flush()
                self.accounts[channel] = account.pk
        return self.accounts[channel]

    def _hear(self, turn: Turn, account_id: int) -> None:
        with self.stage.intake.database.write() as unit:
            account = unit.session.get_one(ChannelAccount, account_id)
            events = [
                journal.record(unit, account, one.raw, external_id=one.external_id, meta={"via": "hook"})
                for one in CHANNELS[account.kind].hook.split(told(turn, self._words(turn)))
            ]
        for event in events:
            if event is not None:
                self.stage.intake.process(event.pk)
        with self.stage.intake.database.write() as unit:
            self._know(unit, turn, account_id)
            self._bring_files(unit, turn)

    def _know(self, unit: Unit, turn: Turn, account_id: int) -> None:
        """As if the provider had been asked who this is."""
        contact = self._contact(unit, turn)
        name = turn.talk.get("name", "")
        contact.name, contact.profile_at = name, unit.now
        contact.profile_next_at = None
        customer = unit.session.get_one(Customer, contact.customer_id)
        customer.name = customer.name or name
        customer.language = turn.talk["language"]

    def _bring_files(self, unit: Unit, turn: Turn) -> None:
        message = self._newest(unit, turn, Direction.IN)
        for wanted in unit.session.exec(select(MediaFetch).where(MediaFetch.message_id == message.pk)):
            if "picture" in turn.given:
                photo = picture.photo(dice(f"social:{turn.place}:{turn.number}"))
                attach(unit, message, [Upload("photo.png", "image/png", photo)], self.stage.intake.files)
            unit.session.delete(wanted)

    def _answer(self, turn: Turn, account_id: int) -> None:
        with self.stage.intake.database.write() as unit:
            self.stage.send(unit, self._ticket(unit, turn), self._agent(unit, turn), turn.given["us"])

    def _agent(self, unit: Unit, turn: Turn) -> Agent:
        fitting = [
            agent
            for agent, one in zip(self.stage.agents, shop.AGENTS, strict=True)
            if one.answers == turn.talk["language"]
        ]
        return unit.session.get_one(Agent, fitting[turn.place % len(fitting)].pk)

    def _contact(self, unit: Unit, turn: Turn) -> Contact:
        wanted = select(Contact).where(
            Contact.address == turn.talk["who"], Contact.account_id == self.accounts[turn.talk["channel"]]
        )
        return unit.session.exec(wanted).one()

    def _ticket(self, unit: Unit, turn: Turn) -> Ticket:
        return unit.session.get_one(Ticket, self._contact(unit, turn).ticket_id)

    def _newest(self, unit: Unit, turn: Turn, direction: Direction) -> Message:
        ticket = self._ticket(unit, turn)
        wanted = select(Message).where(Message.ticket_id == ticket.pk, Message.direction == direction)
        return unit.session.exec(wanted.order_by(col(Message.id).desc()).limit(1)).one()

    def _words(self, turn: Turn) -> str:
        words = str(turn.given.get("them", ""))
        if not turn.talk.get("order") or self.order is None:
            return words
        return words.format(number=self.order.number, product=self.order.product.name("ja"))


def open_talks(stage: Stage, brand_id: int, orders: Sequence[PlannedOrder], now: datetime) -> Talks:
    """Somebody on LINE asks for the newest parcel on its way in Japan."""
    coming = [one for one in orders if one.shipped_at and one.shipped_at < now and one.who.language == "ja"]
    moving = [one for one in coming if one.delivered_at is None or one.delivered_at > now]
    return Talks(stage, brand_id, next(reversed(moving or coming), None))


def plan(now: datetime, order: PlannedOrder | None) -> Iterator[Turn]:
    """A talk about an order is left out where there is none."""
    for place, talk in enumerate(_library()):
        if talk.get("order") and order is None:
            continue
        for number, given in enumerate(talk["turns"]):
            yield Turn(now - timedelta(minutes=given["ago"]), place, number, talk, given)


@cache
def _library() -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = yaml.safe_load(TOLD.read_text(encoding="utf-8"))
    return read
