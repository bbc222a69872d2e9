"""What a composer says of the way an answer would go: to whom, until when, at what price, by which others instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from helpdesk import i18n
from helpdesk.channels.names import NAMES
from helpdesk.channels.protocol import Traits
from helpdesk.channels.registry import kinds
from helpdesk.channels.windows import Mode
from helpdesk.customers.identify import EMAIL
from helpdesk.delivery.direct import REPLY_FOR
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.models import Contact, Direction, Message, MessageTemplate, Ticket
from helpdesk.social import quota, templates
from helpdesk.social.quota import Known
from helpdesk.store.db import Unit
from helpdesk.tickets import direct, ways
from helpdesk.tickets.ways import Way

STATES = {
    "blocked": lazy("blocked the account"),
    "removed": lazy("not connected any more"),
    "silent": lazy("has not written yet"),
    "over": lazy("time is over"),
    "voice": lazy("calls only"),
}
TRAITS = {name: kind.traits for name, kind in kinds().items()}
MOST_TEMPLATES = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """A way as it is offered. `open`: something may be written there now, be it a template."""

    key: str
    kind: str
    channel: str
    label: str
    aside: str  # the address where the label is a name
    state: str
    open: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Sending:
    """`mode` and `until` as windows have them; `why` nothing may be written. `free_until`: a reply costs nothing."""

    choices: tuple[Choice, ...]
    chosen: Choice
    mode: str
    until: datetime | None
    why: str
    traits: Traits
    free_until: datetime | None = None
    quota: Known | None = None
    counted: bool = False  # the provider counts what is pushed
    templates: tuple[MessageTemplate, ...] = ()

    @property
    def instead(self) -> tuple[Choice, ...]:
        """Other ways that are open, mail first: it always is."""
        others = [one for one in self.choices if one.open and one.key != self.chosen.key]
        return tuple(sorted(others, key=lambda one: one.kind != EMAIL))

    @property
    def social(self) -> bool:
        return self.chosen.kind not in ("email", "chat")

    @property
    def mark(self) -> str:
        """The same as long as nothing but the time went on."""
        known = (self.quota.limit, self.quota.used) if self.quota else None
        told = [(one.key, one.open) for one in self.choices]
        facts = (self.chosen.key, self.mode, self.until, self.free_until, known, told)
        return "|".join(map(str, (*facts, *(one.key for one in self.templates))))


def look(unit: Unit, ticket: Ticket, key: str = "", *, hold: timedelta = timedelta()) -> Sending | None:
    """By the way `key`, else where the customer wrote last; None where nobody can be written to.

    `hold` is how long an answer waits for second thoughts.
    """
    found = ways.list_ways(unit, ticket)
    way = next((one for one in found if one.key == key), None) or _default(unit, ticket, found)
    if way is None:
        return None
    rules = TRAITS[way.kind]
    choices = tuple(_choice(unit, one) for one in found)
    chosen = next(one for one in choices if one.key == way.key)
    closed = way.window.mode is Mode.CLOSED
    return Sending(
        choices=choices,
        chosen=chosen,
        mode=way.window.mode.value,
        until=way.window.until,
        why=_(direct.WHY[way.window.reason]) if closed else "",
        traits=rules,
        free_until=_free_until(way.contact, unit.now, hold),
        quota=quota.find_known(unit, way.account) if way.kind == "line" else None,
        counted=way.kind == "line",
        templates=_templates(unit, way),
    )


def _default(unit: Unit, ticket: Ticket, found: list[Way]) -> Way | None:
    """Who has gone over to another channel in this ticket is answered there."""
    newest = select(Message.account_id).where(
        Message.ticket_id == ticket.pk, Message.direction == Direction.IN, col(Message.unattended).is_(False)
    )
    latest = newest.order_by(col(Message.sent_at).desc(), col(Message.id).desc()).limit(1)
    account_id = unit.session.exec(latest).first()
    own = next((one for one in found if one.own), None)
    if account_id is not None and account_id != ticket.account_id:
        own = next((one for one in found if one.account.pk == account_id), own)
    return own or next(iter(found), None)


def _choice(unit: Unit, way: Way) -> Choice:
    is_open = way.window.mode is not Mode.CLOSED
    label = way.address if way.kind == EMAIL else way.name or way.address or _("Customer")
    aside = way.address if way.address != label else ""
    state = _state(way, unit.now)
    return Choice(way.key, way.kind, _(NAMES[way.kind]), label, aside, state, is_open, way.own)


def _state(way: Way, now: datetime) -> str:
    """In a few words, beside the way's name."""
    window = way.window
    if window.mode is Mode.CLOSED:
        return _(STATES[window.reason])
    if window.mode is Mode.TEMPLATE:
        return _("templates only")
    left = i18n.duration(window.until - now) if window.until else ""
    if window.mode is Mode.HUMAN:
        return _("late answer, %(left)s left", left=left)
    return _("%(left)s left", left=left) if left else ""


def _free_until(contact: Contact | None, now: datetime, hold: timedelta) -> datetime | None:
    """An answer that is sent before then leaves in time for the free reply."""
    if contact is None or not contact.reply_token or contact.reply_token_at is None:
        return None
    until = contact.reply_token_at + REPLY_FOR - hold
    return until if until > now else None


def _templates(unit: Unit, way: Way) -> tuple[MessageTemplate, ...]:
    """Those that words alone fill."""
    if way.window.mode is not Mode.TEMPLATE:
        return ()
    known = templates.list_templates(unit, way.account)
    return tuple(one for one in known if templates.is_simple(one))[:MOST_TEMPLATES]
