"""Whom an answer goes to, and which message it answers: one read of what came from outside serves both."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from email.utils import getaddresses
from functools import cache
from typing import Any

import sqlalchemy
from sqlalchemy import Select, bindparam
from sqlmodel import col, select

from helpdesk.customers.identify import EMAIL, normalise
from helpdesk.errors import Invalid
from helpdesk.i18n import lazy
from helpdesk.models import ChannelAccount, Customer, Direction, Identity, Message, Ticket
from helpdesk.store.db import Unit

LOOKED_AT = 50
NEWEST_FIRST = (col(Message.sent_at).desc(), col(Message.id).desc())
MOST = 50  # who writes to more at once is sending news, which is another tool's work
LONGEST = 20_000  # characters of one line of addresses
ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\]+\.[^\s@<>()\[\],;:\"\\.]+")
OURS = sqlalchemy.select(col(ChannelAccount.address)).where(
    col(ChannelAccount.brand_id) == bindparam("brand")
)
Person = dict[str, str]
TOO_MANY = lazy("at most %(most)s people at once")


@dataclass(frozen=True, slots=True)
class Heard:
    """A mail from outside without its text."""

    id: int
    sender: dict[str, Any]
    to: list[dict[str, Any]]
    cc: list[dict[str, Any]]
    subject: str
    external_id: str | None
    references: list[str]


@dataclass(frozen=True, slots=True)
class Correspondence:
    """`parent` is what an answer answers; `customer` is None while no address is known."""

    parent: Heard | None
    customer: Person | None
    others: tuple[Person, ...]


def read(unit: Unit, ticket: Ticket, *, others: bool = True) -> Correspondence:
    """The customer's newest message and, with `others`, everybody it was written to.

    Somebody else who joined the conversation never gets the customer's answer by default.
    """
    customer = unit.session.get_one(Customer, ticket.customer_id)
    known: dict[str, str] = dict(map(tuple, unit.rows(_known(), {"customer": customer.pk})))
    heard = _from_outside(unit, ticket)
    newest = next(iter(heard), None)
    own = next((one for one in heard if not known.keys().isdisjoint(_addresses(one))), None)
    address = _answered_at(own) if own else next((shown or value for value, shown in known.items()), "")
    person = {"name": customer.name, "address": address} if address else None
    met: tuple[Person, ...] = ()
    if own and others:
        met = _others(own, {*known, *_ours(unit, ticket), normalise(EMAIL, address)})
    return Correspondence(own or newest, person, met)


def decide(
    found: Correspondence, kind: str, *, to: Sequence[Person], cc: Sequence[Person]
) -> tuple[list[Person], list[Person]]:
    """What the agent filled in, else the customer, with `reply_all` everybody. Raises Invalid for nobody."""
    if to:
        return list(to), list(cc)
    if kind == "forward":
        raise Invalid("say to whom it is forwarded", field="to")
    if found.customer is None:
        raise Invalid("no e-mail address of this customer is known; add one first", field="to")
    copies = list(cc) or (list(found.others) if kind == "reply_all" else [])
    return [found.customer], [one for one in copies if _same(one) != _same(found.customer)]


def read_people(given: Iterable[str], field: str) -> list[Person]:
    """`a@b.example`, `Name <a@b.example>`, several by comma. Raises Invalid with the one that is no address."""
    found: dict[str, Person] = {}
    for row in given:
        if not row.strip():
            continue
        if len(row) > LONGEST:
            raise Invalid(TOO_MANY, field=field, most=MOST)
        for name, address in getaddresses([row.strip()]):
            if not (row.strip().isprintable() and ADDRESS.fullmatch(address)) or len(address) > 320:
                raise Invalid("%(address)s is no e-mail address", field=field, address=row.strip()[:200])
            found.setdefault(
                normalise(EMAIL, address), {"name": " ".join(name.split())[:200], "address": address}
            )
    if len(found) > MOST:
        raise Invalid(TOO_MANY, field=field, most=MOST)
    return list(found.values())


def require_few(*people: Sequence[Person]) -> None:
    """Raises Invalid when a message would go to too many, whoever filled them in."""
    if sum(map(len, people)) > MOST:
        raise Invalid(TOO_MANY, field="to", most=MOST)


def without(people: Iterable[Person], *already: Sequence[Person]) -> list[Person]:
    """Nobody gets the same message twice."""
    known = {_same(one) for rows in already for one in rows}
    return [one for one in people if _same(one) not in known]


def last_customer_message(unit: Unit, ticket: Ticket) -> Message | None:
    """The newest that a person wrote: no auto-reply and no bounce."""
    wanted = select(Message).where(*_outside(ticket))
    return unit.session.exec(wanted.order_by(*NEWEST_FIRST).limit(1)).first()


def _outside(ticket: Ticket) -> tuple[Any, ...]:
    unattended = col(Message.unattended)
    return Message.ticket_id == ticket.id, Message.direction == Direction.IN, unattended.is_(False)


def _from_outside(unit: Unit, ticket: Ticket) -> list[Heard]:
    return [Heard(*row) for row in unit.rows(_wanted(), {"ticket": ticket.pk})]


@cache
def _wanted() -> Select[Any]:
    columns: tuple[Any, ...] = (Message.id, Message.sender, Message.to, Message.cc, Message.subject)
    columns += (Message.external_id, Message.references)
    of = col(Message.ticket_id) == bindparam("ticket"), col(Message.direction) == Direction.IN
    by_mail = col(Message.channel) == EMAIL, col(Message.unattended).is_(False)
    wanted = sqlalchemy.select(*columns).where(*of, *by_mail)
    return wanted.order_by(*NEWEST_FIRST).limit(LOOKED_AT)


@cache
def _known() -> Select[Any]:
    """The customer's addresses, as compared and as shown."""
    columns: tuple[Any, ...] = (col(Identity.value), col(Identity.shown))
    mail = col(Identity.customer_id) == bindparam("customer"), col(Identity.kind) == EMAIL
    return sqlalchemy.select(*columns).where(*mail).order_by(col(Identity.id))


def _addresses(heard: Heard) -> set[str]:
    return {normalise(EMAIL, str(heard.sender.get(name, ""))) for name in ("address", "reply_to")}


def _answered_at(heard: Heard) -> str:
    """The address the customer wrote from, or asked for answers at."""
    return str(heard.sender.get("reply_to") or heard.sender.get("address", ""))


def _others(heard: Heard, known: Collection[str]) -> tuple[Person, ...]:
    people = {
        _same(one): {"name": str(one.get("name") or ""), "address": str(one.get("address") or "")}
        for one in (*heard.to, *heard.cc)
    }
    return tuple(
        one for address, one in people.items() if ADDRESS.fullmatch(address) and _plain(address) not in known
    )


def _ours(unit: Unit, ticket: Ticket) -> set[str]:
    """Our own addresses: an answer to ourselves would come in again."""
    return {normalise(EMAIL, one) for (one,) in unit.rows(OURS, {"brand": ticket.brand_id})}


def _plain(address: str) -> str:
    """Without the part after +, with which our own addresses name a ticket."""
    local, _at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _same(person: dict[str, Any]) -> str:
    return normalise(EMAIL, str(person.get("address") or ""))
