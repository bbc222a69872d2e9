"""An answer on a social channel: to whoever wrote there, while the provider lets the brand write."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import col, select

from helpdesk.channels.social import CHANNELS
from helpdesk.channels.windows import Mode, Window, decide
from helpdesk.errors import Invalid
from helpdesk.i18n import lazy
from helpdesk.models import Agent, ChannelAccount, Contact, Direction, Message, Ticket, new_key
from helpdesk.store.db import Unit
from helpdesk.tickets import outgoing, spoken
from helpdesk.tickets.letter import Letter

WHY = {
    "blocked": lazy("this customer has blocked the account; answer by another way"),
    "removed": lazy("this account is not connected any more; answer by another way"),
    "silent": lazy("the customer has to write first on this channel"),
    "voice": lazy("nothing can be written on a telephone line; call back, or answer by another way"),
    "over": lazy("the time in which this channel takes answers is over; answer by another way"),
    "template": lazy("this channel takes only approved templates now; choose one, or answer by another way"),
    "automatic": lazy(
        "the free time of this channel is over; now only a person may answer: open the ticket and send it by hand"
    ),
    "untemplated": lazy("this channel knows no templates; write the answer in your own words"),
}
CARD, APPROVED = "card", "approved"  # types of content
LATE = lazy("at that time this channel takes no answer any more; choose an earlier time")


def message_of(
    unit: Unit,
    ticket: Ticket,
    letter: Letter,
    account: ChannelAccount,
    by: Agent,
    *,
    contact: Contact | None = None,
) -> Message:
    """To `contact`, else to who talks in this ticket. Raises Invalid when nobody may be written to, or not now."""
    contact = contact or find_contact(unit, ticket)
    if contact is None:
        raise Invalid(lazy("nobody has written to this account in this ticket"), field="to")
    _require_now(unit, letter, contact, account)
    to = [{"name": contact.name, "address": contact.address}]
    offers = spoken.offered(letter.replies)
    more = {"content": content_of(letter)} if letter.card or letter.template else {}
    return outgoing.begin(unit, ticket, letter, account, by, key=new_key(), to=to, replies=offers, **more)


def content_of(letter: Letter) -> dict[str, Any]:
    """What words cannot say: kept with the message, and what its channel makes a card or template of."""
    if letter.template:
        return {"type": APPROVED, **letter.template}
    return {"type": CARD, **letter.card} if letter.card else {}


def refusal(kind: str, window: Window, *, templated: bool, by_hand: bool) -> str:
    """Why nothing may be written, a key of WHY; "" when it may. `by_hand` is a person's answer to this one customer."""
    if templated:
        return window.reason if window.reason in ("blocked", "removed") else _without_templates(kind)
    if window.mode is Mode.TEMPLATE:
        return "template"
    if window.mode is Mode.HUMAN:
        return "" if by_hand else "automatic"
    return window.reason if window.mode is Mode.CLOSED else ""


def window_of(unit: Unit, contact: Contact, account: ChannelAccount, *, at: datetime | None = None) -> Window:
    """Now, or at a later time."""
    if account.removed_at:
        return Window(Mode.CLOSED, reason="removed")
    rules = CHANNELS[account.kind].rules
    return decide(rules, acted_at=contact.acted_at, now=at or unit.now, blocked=contact.blocked)


def find_contact(unit: Unit, ticket: Ticket) -> Contact | None:
    """Who talks in this ticket, or wrote in it last: after a while they may talk in another.

    Never somebody who was parted from the ticket's customer since, whatever they wrote in it.
    """
    theirs = Contact.customer_id == ticket.customer_id, Contact.account_id == ticket.account_id
    talking = select(Contact).where(Contact.ticket_id == ticket.pk, *theirs)
    found = unit.session.exec(talking.order_by(col(Contact.acted_at).desc())).first()
    if found:
        return found
    newest = (
        select(Message)
        .where(
            Message.ticket_id == ticket.pk,
            Message.direction == Direction.IN,
            Message.account_id == ticket.account_id,
            Message.customer_id == ticket.customer_id,
        )
        .order_by(col(Message.id).desc())
    )
    message = unit.session.exec(newest).first()
    if message is None:
        return None
    address = str(message.sender.get("reply_to") or message.sender.get("address") or "")
    wanted = select(Contact).where(Contact.address == address, *theirs)
    return unit.session.exec(wanted).first()


def _require_now(unit: Unit, letter: Letter, contact: Contact, account: ChannelAccount) -> None:
    """What is scheduled has to be free when it leaves: nobody is there then to answer for it."""
    window = window_of(unit, contact, account, at=letter.at)
    by_hand = letter.by_hand and letter.at is None
    why = refusal(account.kind, window, templated=bool(letter.template), by_hand=by_hand)
    if why in ("automatic", "template", "over") and letter.at is not None:
        raise Invalid(LATE, field="at")
    if why:
        raise Invalid(WHY[why], field="body")


def _without_templates(kind: str) -> str:
    return "" if CHANNELS[kind].rules.templates else "untemplated"
