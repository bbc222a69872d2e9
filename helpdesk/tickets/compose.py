"""From an agent's letter to the message that is kept and sent: who, under which subject, in which thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from helpdesk.channels import cards
from helpdesk.channels.registry import CONVERSATIONAL
from helpdesk.channels.social import CHANNELS as SOCIAL
from helpdesk.errors import Invalid
from helpdesk.models import (
    Agent,
    Brand,
    ChannelAccount,
    Message,
    StagedFile,
    Ticket,
    new_key,
)
from helpdesk.store.db import Unit
from helpdesk.tickets import direct, outgoing, quotation, recipients, rich, spoken, ways
from helpdesk.tickets.letter import Letter
from helpdesk.tickets.ways import Way


def message_of(
    unit: Unit, ticket: Ticket, letter: Letter, account: ChannelAccount, by: Agent, *, way: Way | None = None
) -> Message:
    """By `way`, else where the ticket came from."""
    if account.kind in CONVERSATIONAL:
        return spoken.message_of(unit, ticket, letter, account, by)
    if account.kind in SOCIAL and not letter.forwards:
        contact = ways.hold_contact(unit, ticket, way) if way else None
        return direct.message_of(unit, ticket, letter, account, by, contact=contact)
    found = recipients.read(unit, ticket, others=letter.kind == "reply_all")
    parent = None if letter.forwards else found.parent
    given = {name: recipients.read_people(getattr(letter, name), name) for name in ("to", "cc", "bcc")}
    if way is not None and not way.own and not given["to"]:
        given["to"] = [{"name": way.name, "address": way.address}]
    to, cc = recipients.decide(found, letter.kind, to=given["to"], cc=given["cc"])
    cc = recipients.without(cc, to)
    bcc = recipients.without(given["bcc"], to, cc)
    recipients.require_few(to, cc, bcc)
    original = quotation.get_forwarded(unit, ticket, letter.forwarded) if letter.forwards else None
    key = new_key()
    brand = unit.session.get_one(Brand, ticket.brand_id)
    own: dict[str, Any] = {
        "to": to,
        "cc": cc,
        "bcc": bcc,
        "subject": _subject(letter, parent, original, ticket),
        "text": signed(cards.in_words(letter.text, letter.card), brand, by, ticket.language),
        "quoted": _quoted(unit, ticket, letter, parent, original),
        "external_id": message_id(ticket, key, account.address),
        "in_reply_to": parent.external_id if parent else None,
        "references": _references(parent),
        "forwarded_id": original.pk if original else None,
    }
    return outgoing.begin(unit, ticket, letter, account, by, key=key, **own)


def _subject(
    letter: Letter, parent: recipients.Heard | None, original: Message | None, ticket: Ticket
) -> str:
    if letter.subject.strip():
        return " ".join(letter.subject.split())[:500]
    if original is not None:
        return forward_subject(original.subject or ticket.subject)
    return reply_subject(parent.subject if parent else ticket.subject)


def reply_subject(subject: str) -> str:
    plain = subject.strip()
    return plain if plain[:3].lower() == "re:" else f"Re: {plain}"


def forward_subject(subject: str) -> str:
    plain = subject.strip()
    return plain if plain[:4].lower() in ("fwd:", "fw: ") else f"Fwd: {plain}"


def _quoted(
    unit: Unit,
    ticket: Ticket,
    letter: Letter,
    parent: recipients.Heard | None,
    original: Message | None,
) -> str:
    if original is not None:
        return quotation.forwarded(unit, ticket, original)
    return quotation.quoted(unit, ticket, parent.id if parent else None) if letter.quote else ""


def signed(body: str, brand: Brand, agent: Agent, language: str) -> str:
    """The body, the agent's own sign-off unless a macro brought it, and the brand's signature in that language."""
    own = agent.signature.strip()
    body = body if not own or own in body else f"{body}\n\n{own}"
    signature = brand.signatures.get(language) or brand.signatures.get(brand.language, "")
    signature = signature.replace("{agent}", agent.name).replace("{brand}", brand.name).strip()
    return f"{body}\n\n-- \n{signature}" if signature else body


def message_id(ticket: Ticket, key: str, address: str) -> str:
    """The Message-ID of every attempt, without brackets."""
    domain = address.rpartition("@")[2] or "helpdesk.invalid"
    return f"hd.{ticket.key}.{key}@{domain}"


def _references(parent: recipients.Heard | None) -> list[str]:
    if parent is None:
        return []
    chain = [*parent.references, *([parent.external_id] if parent.external_id else [])]
    return chain if len(chain) <= 21 else [chain[0], *chain[-20:]]


def get_account(unit: Unit, ticket: Ticket, *, forwards: bool = False) -> ChannelAccount:
    """The one that the ticket came by; what is passed on to somebody else goes by mail."""
    account = unit.session.get(ChannelAccount, ticket.account_id) if ticket.account_id else None
    if forwards and account is not None and account.kind != "email":
        account = None
    if account is None:
        account = unit.session.exec(
            select(ChannelAccount)
            .where(ChannelAccount.brand_id == ticket.brand_id, ChannelAccount.kind == "email")
            .order_by(col(ChannelAccount.id))
        ).first()
    if account is None:
        raise Invalid("this brand has no mailbox to send from; add one in the settings", field="account")
    return account


def html_of(message: Message, letter: Letter, kept: Sequence[StagedFile]) -> str:
    """With the same signature as the text, and its pictures by their Content-ID."""
    sources = {f"/staged/{one.key}": f"cid:{one.content_id}" for one in kept if one.content_id}
    signature = message.text[len(letter.text) :].strip("\n")
    return rich.with_sources(letter.html, sources) + rich.from_text(signature)
