"""Many chat messages at once: what is ordinary about a talk is written in few statements, whatever their number.

Ordinary is the first word of somebody new and the next word in a running chat. What is not (a blocked sender, a closed
ticket, an order, a colleague who follows) goes the way of all messages, and both come to the same: `accept`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from helpdesk.customers.identify import clean_name, normalise
from helpdesk.events import Happened
from helpdesk.intake import talk_about, talk_facts
from helpdesk.intake.accept import Outcome
from helpdesk.intake.prepare import Prepared
from helpdesk.intake.record import believable, values_of, words_of
from helpdesk.intake.talk_facts import Brand, Known, Speaker
from helpdesk.models import (
    ChatLine,
    Customer,
    Event,
    Identity,
    InboundEvent,
    Message,
    Status,
    Ticket,
    TicketTag,
    Visitor,
    new_key,
)
from helpdesk.store import rows, search
from helpdesk.store.db import Unit
from helpdesk.tickets.open import take_numbers
from helpdesk.tickets.receive import preview
from helpdesk.triage import rank, weights, words


@dataclass(slots=True)
class Talk:
    """One visitor's messages, and their ticket as it becomes."""

    speaker: Speaker
    brand: Brand
    said: list[Prepared]
    ticket: dict[str, Any]
    new: bool
    name: str  # the customer's
    vip: bool = False
    tags: dict[str, float | None] = field(default_factory=dict)  # all that are on the ticket
    added: dict[str, float] = field(default_factory=dict)
    renewed: dict[str, float] = field(default_factory=dict)
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def accept_talks(unit: Unit, prepared: Sequence[Prepared]) -> tuple[dict[int, Outcome], set[int]]:
    """What became of those that are ordinary, or somebody else's already, and the brands in which chats began.

    Raises IntegrityError when another worker wrote the same customer or message meanwhile.
    """
    ours = talk_facts.hold(unit, [one.event_id for one in prepared])
    known = talk_facts.find(unit, [one for one in prepared if one.event_id in ours])
    talk_about.leave_out(unit, known)
    talks = [_begin(unit, known, speaker, said) for speaker, said in known.ordinary()]
    for talk in talks:
        for one in talk.said:
            _join(unit, talk, one)
    _write(unit, talks, known)
    done = {one.event_id: Outcome.IMPORTED for talk in talks for one in talk.said}
    elsewhere = {one.event_id: Outcome.SKIPPED for one in prepared if one.event_id not in ours}
    begun = {talk.brand.id for talk in talks if talk.new}
    return done | elsewhere, begun


def _begin(unit: Unit, known: Known, speaker: Speaker, said: list[Prepared]) -> Talk:
    brand = known.brands[speaker.brand_id]
    running = known.running.get(speaker.ticket_id or 0)
    if running is None:
        name = clean_name(said[0].incoming.author.name)
        return Talk(speaker, brand, said, _new_ticket(unit, said[0]), new=True, name=name)
    ticket = {name: getattr(running, name) for name in talk_facts.TICKET}
    tags = dict(known.tags_on.get(running.id, {}))
    return Talk(speaker, brand, said, ticket, new=False, name=running.name, vip=running.vip, tags=tags)


def _new_ticket(unit: Unit, first: Prepared) -> dict[str, Any]:
    """As tickets.open makes it."""
    incoming = first.incoming
    at = believable(incoming.sent_at, first.received_at)
    return {
        "key": new_key(),
        "brand_id": first.brand_id,
        "account_id": first.account_id,
        "channel": first.kind,
        "subject": (incoming.subject or preview(incoming.text)[:80])[:500],
        "preview": preview(incoming.reply or incoming.text),
        "language": first.classification.lang,
        "status": Status.OPEN,
        "assignee_id": None,
        "waiting_since": None,
        "urgency_fixed": None,
        "last_message_at": at,
        "messages_count": 0,
        "created_at": at,
        "updated_at": unit.now,
    }


def _join(unit: Unit, talk: Talk, one: Prepared) -> None:
    """As tickets.receive and triage.assess have it."""
    ticket, incoming = talk.ticket, one.incoming
    at = believable(incoming.sent_at, one.received_at)
    if talk.new and not ticket["messages_count"]:
        talk.events.append(("opened", {"follow_up_of": None}))
    ticket["messages_count"] += 1
    ticket["last_message_at"] = max(ticket["last_message_at"], at)
    ticket["received_at"] = unit.now
    ticket["preview"] = preview(incoming.reply or incoming.text) or ticket["preview"]
    ticket["snoozed_until"] = None
    ticket["status"] = Status.OPEN
    ticket["waiting_since"] = ticket["waiting_since"] or at
    if incoming.consented:
        talk.events.append(("consented", {}))
    _classify(unit, talk, one)


def _classify(unit: Unit, talk: Talk, one: Prepared) -> None:
    ticket, found = talk.ticket, one.classification
    for name, score in found.tags:
        if name not in talk.tags:
            talk.events.append(("tagged", {"tag": name, "source": "auto", "score": score}))
            talk.added[name] = score
        elif name in talk.added:
            talk.added[name] = score
        else:
            talk.renewed[name] = score
        talk.tags[name] = score
    ticket["sentiment"] = found.sentiment
    ticket["text_reasons"] = words.keep(
        found.urgency.reasons,
        ticket.get("text_reasons") or (),
        tags=talk.tags,
        waiting_since=ticket["waiting_since"],
        at=ticket["last_message_at"],
    )
    weighed = weights.of_brand(talk.brand.weights)
    facts = rank.decide(
        tags=talk.tags,
        card=None,
        vip=talk.vip,
        waiting_since=ticket["waiting_since"],
        now=unit.now,
        zone=talk.brand.timezone,
        weights=weighed,
    )
    reasons = rank.weigh(ticket["text_reasons"], facts, tags=talk.tags, weights=weighed)
    fixed = ticket["urgency_fixed"]
    if fixed is not None and rank.score(reasons) <= fixed:
        reasons = (rank.fixed(fixed),)
    else:
        ticket["urgency_fixed"] = None  # the customer's new words weigh more than an older correction
    ticket["urgency"] = rank.score(reasons)
    ticket["urgency_reasons"] = [{"code": it.code, "points": it.points} for it in reasons]


def _write(unit: Unit, talks: Sequence[Talk], known: Known) -> None:
    new = [talk for talk in talks if talk.new]
    _write_customers(unit, new)
    _write_tickets(unit, talks, new)
    _write_messages(unit, talks)
    _write_events(unit, talks)
    _write_tags(unit, talks, known)
    moved = [{"id": one.speaker.id, "ticket_id": one.ticket["id"]} for one in new]
    rows.change(
        unit,
        Visitor,
        [row | {"customer_id": one.ticket["customer_id"]} for row, one in zip(moved, new, strict=True)],
    )
    for talk in new:
        _tell(unit, talk, "visitor_placed", visitor=talk.speaker.id)


def _write_customers(unit: Unit, new: Sequence[Talk]) -> None:
    """As customers.identify makes them."""
    seen = {"created_at": unit.now, "last_seen_at": unit.now}
    ids = rows.put(
        unit,
        Customer,
        [
            seen | {"brand_id": talk.brand.id, "name": talk.name, "language": talk.ticket["language"] or None}
            for talk in new
        ],
    )
    identities = []
    for talk, pk in zip(new, ids, strict=True):
        talk.ticket["customer_id"] = pk
        value = normalise("chat", talk.speaker.key)
        identities.append(
            {"brand_id": talk.brand.id, "customer_id": pk, "kind": "chat", "value": value}
            | {"shown": talk.speaker.key, "created_at": unit.now}
        )
    rows.add(unit, Identity, identities)


def _write_tickets(unit: Unit, talks: Sequence[Talk], new: Sequence[Talk]) -> None:
    rows.change(unit, Ticket, [_changed(unit, talk) for talk in talks if not talk.new])
    for brand_id in dict.fromkeys(talk.brand.id for talk in new):
        theirs = [talk for talk in new if talk.brand.id == brand_id]
        for talk, number in zip(theirs, take_numbers(unit, brand_id, len(theirs)), strict=True):
            talk.ticket["number"] = number
    for talk, pk in zip(new, rows.put(unit, Ticket, [talk.ticket for talk in new]), strict=True):
        talk.ticket["id"] = pk


def _changed(unit: Unit, talk: Talk) -> dict[str, Any]:
    if talk.events:
        talk.ticket["updated_at"] = unit.now
    return {name: talk.ticket[name] for name in talk_facts.CHANGES}


def _write_messages(unit: Unit, talks: Sequence[Talk]) -> None:
    said = [(talk, one) for talk in talks for one in talk.said]
    ids = rows.put(
        unit,
        Message,
        [_place(talk) | values_of(one) | {"created_at": unit.now} for talk, one in said],
    )
    lines, events, found = [], [], []
    for (talk, one), pk in zip(said, ids, strict=True):
        client_key = (one.incoming.external_id or "").partition(":")[2]
        lines.append({"visitor_id": talk.speaker.id, "client_key": client_key, "message_id": pk})
        events.append({"id": one.event_id, "state": "done", "message_id": pk, "done_at": unit.now})
        found.append((talk.brand.id, pk, words_of(one, talk.name)))
        _tell(unit, talk, "message_received", message=pk)
    rows.change(unit, ChatLine, lines, by=("visitor_id", "client_key"))
    rows.change(unit, InboundEvent, [one | {"lease_until": None} for one in events])
    search.put_new(unit, found)


def _write_events(unit: Unit, talks: Iterable[Talk]) -> None:
    written = []
    for talk in talks:
        for name, data in talk.events:
            written.append(_place(talk) | {"name": name, "data": data, "created_at": unit.now})
            _tell(unit, talk, f"ticket_{name}")
    rows.add(unit, Event, written)


def _write_tags(unit: Unit, talks: Iterable[Talk], known: Known) -> None:
    added, renewed = [], []
    for talk in talks:
        for name, score in talk.added.items():
            on = {"ticket_id": talk.ticket["id"], "tag_id": known.tag(talk.brand.id, name)}
            added.append(on | {"source": "auto", "score": score, "created_at": unit.now})
        for name, score in talk.renewed.items():
            on = {"ticket_id": talk.ticket["id"], "tag_id": known.tag(talk.brand.id, name)}
            renewed.append(on | {"score": score})
    rows.add(unit, TicketTag, added)
    rows.change(unit, TicketTag, renewed, by=("ticket_id", "tag_id"))


def _place(talk: Talk) -> dict[str, Any]:
    ticket = talk.ticket
    return {
        "brand_id": talk.brand.id,
        "ticket_id": ticket["id"],
        "customer_id": ticket["customer_id"],
    }


def _tell(unit: Unit, talk: Talk, name: str, **ids: int) -> None:
    who = {} if "visitor" in ids else {"customer": talk.ticket["customer_id"]}
    ids = {"ticket": talk.ticket["id"]} | who | ids
    unit.happened.append(Happened(name, talk.brand.id, ids, ticket=talk.ticket["key"]))
