"""A customer's answer to our newest mail: to its signed address, with its ids, over the words it quotes."""

from __future__ import annotations

from datetime import datetime
from random import Random

from sqlmodel import col, select

from helpdesk import i18n
from helpdesk.channels.email.reply_address import reply_address
from helpdesk.channels.token import token_of
from helpdesk.demo import mail, shop
from helpdesk.demo.people import Person
from helpdesk.models import Direction, Message, Ticket
from helpdesk.store.db import Unit
from helpdesk.store.seal import Seal

SIGNED = 0.7  # how often the signed address survives; else the ids alone lead to the ticket


def answer(
    unit: Unit, seal: Seal, rng: Random, ticket: Ticket, who: Person, text: str, when: datetime
) -> mail.Letter:
    """The letter; without an answer of ours yet it goes to the plain address under the same subject."""
    ours = find_last_answer(unit, ticket)
    to = reply_address(shop.ADDRESS, token_of(ticket.key, seal)) if rng.random() < SIGNED else shop.ADDRESS
    return mail.Letter(
        who.name,
        who.email,
        ours.subject if ours else ticket.subject,
        f"{text}\n{_quotation(ours, who.language)}" if ours else text,
        when,
        to=to if ours else shop.ADDRESS,
        answers=(*ours.references, ours.external_id or "") if ours else (),
        program=rng.randrange(len(mail.PROGRAMS)),
        abroad=who.area == "abroad",
    )


def find_last_answer(unit: Unit, ticket: Ticket) -> Message | None:
    return unit.session.exec(
        select(Message)
        .where(
            Message.ticket_id == ticket.pk,
            Message.direction == Direction.OUT,
            col(Message.state).not_in(("queued", "taken_back")),
        )
        .order_by(col(Message.sent_at).desc(), col(Message.id).desc())
    ).first()


def _quotation(ours: Message, language: str) -> str:
    with i18n.using(language, shop.ZONE):
        when = f"{i18n.day(ours.sent_at)} {i18n.clock(ours.sent_at)}"
    sender = f"Hinoki & Co. <{shop.ADDRESS}>"
    line = f"{when} {sender}:" if language == "ja" else f"On {when}, {sender} wrote:"
    return line + "\n" + "\n".join(f"> {one}".rstrip() for one in ours.text.splitlines()) + "\n"
