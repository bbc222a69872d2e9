"""A shop with an account on every channel, and people who write to it: each message as the provider would bring it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import select

from helpdesk.channels.chat.parse import Spoken, write
from helpdesk.channels.social import CHANNELS
from helpdesk.chat import identity
from helpdesk.chat.accounts import create_widget
from helpdesk.customers import merge, verified
from helpdesk.customers.identify import identify
from helpdesk.intake import journal
from helpdesk.intake.pipeline import Intake, Outcome
from helpdesk.models import Brand, ChannelAccount, Customer, Message, Order, Product, Ticket, Visitor
from helpdesk.simulate.vendors import VENDORS, Deed
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from helpdesk.tickets import tag
from tests.helpdesk.stories import mail

CHECKER = "mx.shop.example"
SECRETS = {"channel_secret": "s", "app_secret": "s", "webhook_secret": "s"}


@dataclass(slots=True)
class Person:
    """`number` makes every address of theirs."""

    number: int
    name: str = "山田 花子"
    visitor: str = ""

    @property
    def mail(self) -> str:
        return f"person{self.number}@example.jp"

    def address(self, channel: str) -> str:
        known = {"email": self.mail, "line": f"U{self.number:032x}", "whatsapp": f"8190{self.number:08d}"}
        return known.get(channel) or (self.visitor if channel == "chat" else f"ig{self.number}")


@dataclass
class Ways:
    database: Database
    brand: Brand
    seal: Seal
    intake: Intake
    accounts: dict[str, ChannelAccount] = field(default_factory=dict)
    people: int = 0
    said: int = 0

    def open(self) -> Ways:
        with self.database.write() as unit:
            for kind in ("email", "line", "whatsapp", "instagram"):
                account = ChannelAccount(
                    brand_id=self.brand.pk,
                    kind=kind,
                    address=f"{kind}@aoba.example",
                    config={"authserv": CHECKER} if kind == "email" else {},
                    secrets=self.seal.close(SECRETS),
                    created_at=unit.now,
                )
                unit.session.add(account)
                self.accounts[kind] = account
            self.accounts["chat"] = create_widget(unit, self.brand, self.seal)
            tag.ensure_tags(unit, self.brand)
        return self

    def sell(self, *names: str) -> None:
        with self.database.write() as unit:
            unit.session.add_all(
                Product(brand_id=self.brand.pk, sku=f"S{place}", names={"ja": name})
                for place, name in enumerate(names)
            )

    def person(self, name: str = "山田 花子", *, visits: bool = False) -> Person:
        self.people += 1
        person = Person(self.people, name)
        if visits:
            with self.database.write() as unit:
                account = self.accounts["chat"]
                visitor = Visitor(
                    brand_id=self.brand.pk, account_id=account.pk, last_seen_at=unit.now, created_at=unit.now
                )
                unit.session.add(visitor)
            person.visitor = visitor.key
        return person

    def known(self, person: Person, *channels: str) -> Customer:
        """With an account at the shop under the mail address, and proven on these channels."""
        with self.database.write() as unit:
            customer = identify(unit, self.brand.pk, "email", person.mail, name=person.name)
            for channel in channels:
                if channel == "chat":
                    visitor = unit.session.exec(select(Visitor).where(Visitor.key == person.visitor)).one()
                    identity.join(unit, visitor, person.mail)
                elif channel != "email":
                    verified.vouch(unit, customer, channel, person.address(channel))
        return customer

    def buys(self, customer: Customer, number: str, *goods: str) -> None:
        with self.database.write() as unit:
            unit.session.add(
                Order(
                    brand_id=self.brand.pk,
                    customer_id=customer.pk,
                    number=number,
                    state="shipped",
                    items=[{"name": one} for one in goods],
                    placed_at=unit.now,
                )
            )

    def put_together(self, one: Person, other: Person, channel: str, *, agent: Any) -> None:
        """As an agent does, who believes it."""
        with self.database.write() as unit:
            source = identify(unit, self.brand.pk, channel, other.address(channel))
            target = identify(unit, self.brand.pk, "email", one.mail)
            merge.merge(unit, source, target, by=agent)

    def say(self, person: Person, channel: str, text: str, **more: Any) -> Ticket:
        """The ticket in which it is found afterwards."""
        event = self.arrive(person, channel, text, **more)
        assert self.intake.process(event) is Outcome.IMPORTED
        return self.found(event)

    def arrive(self, person: Person, channel: str, text: str, **more: Any) -> int:
        self.said += 1
        raw, name = self._raw(person, channel, text, **more)
        with self.database.write() as unit:
            account = unit.session.get_one(ChannelAccount, self.accounts[channel].pk)
            event = journal.record(unit, account, raw, external_id=name)
        assert event
        return event.pk

    def lane(self, person: Person, text: str) -> None:
        """As the widget's socket takes it."""
        self.said += 1
        raw, name = self._raw(person, "chat", text)
        with self.database.write() as unit:
            account = self.accounts["chat"]
            arrival = journal.Arrival(raw, name, {"via": "chat"})
            journal.record_talk(unit, account.brand_id, account.pk, [arrival])
        assert self.intake.drain_talks() == 1

    def found(self, event: int) -> Ticket:
        with self.database.read() as unit:
            message = unit.session.exec(select(Message).where(Message.inbound_id == event)).one()
            return unit.session.get_one(Ticket, message.ticket_id)

    def _raw(
        self, person: Person, channel: str, text: str, *, subject: str = "", vouched: bool = True, **more: Any
    ) -> tuple[bytes, str | None]:
        if channel == "email":
            told = {"sender": f"{person.name} <{person.mail}>", "subject": subject or "お問い合わせ"}
            told |= {"message_id": f"<{self.said}@example.jp>", **more}
            if vouched:
                told["authentication_results"] = f"{CHECKER}; dkim=pass header.d=example.jp"
            return mail(text, **told), None
        now = self.database.clock()
        if channel == "chat":
            spoken = Spoken(person.visitor, f"k{self.said}", person.name, text, now)
            return write(spoken), spoken.external_id
        deed = Deed("text", person.address(channel), now, str(self.said), text, data={"name": person.name})
        body = VENDORS[channel](deed, SECRETS, self.accounts[channel].address).body
        piece = CHANNELS[channel].hook.split(_grouped(body, more.get("group", "")))[0]
        return piece.raw, piece.external_id


def _grouped(body: bytes, group: str) -> bytes:
    if not group:
        return body
    told = json.loads(body)
    told["events"][0]["source"] |= {"type": "group", "groupId": group}
    return json.dumps(told).encode()
