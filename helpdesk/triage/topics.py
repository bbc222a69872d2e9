"""New topics and what people make of them: a tag, part of a tag that there is, or nothing.

A tag that is put on a topic's tickets is a correction by whoever decided: the classifier learns it like any other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from helpdesk.access import Access
from helpdesk.customers import private_numbers
from helpdesk.errors import Conflict, Invalid, NotFound
from helpdesk.i18n import lazy
from helpdesk.models import Agent, Customer, Message, Status, Tag, TagAlias, Ticket, Topic, TopicTicket
from helpdesk.store.db import Unit
from helpdesk.tickets import tag_list
from helpdesk.tickets.tag import PRODUCT, find_by_word
from helpdesk.triage import learn, untagged
from helpdesk.triage.topic_search import ticket_ids

SAMPLES = 4
LINE = 160
NOT_NAME = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Sample:
    """A ticket of a topic in its customer's words."""

    key: str
    number: int
    customer: str
    words: str
    at: datetime
    status: str


def list_topics(unit: Unit, brand_id: int, *states: str) -> list[Topic]:
    """The largest first."""
    wanted = select(Topic).where(Topic.brand_id == brand_id, col(Topic.state).in_(states))
    return list(unit.session.exec(wanted.order_by(col(Topic.size).desc(), col(Topic.id))))


def count_open(unit: Unit, brand_ids: Sequence[int]) -> int:
    wanted = select(func.count()).select_from(Topic)
    wanted = wanted.where(col(Topic.brand_id).in_(brand_ids), Topic.state == "open")
    return unit.session.exec(wanted).one()


def get_topic(unit: Unit, access: Access, key: str, *, locked: bool = False) -> Topic:
    wanted = select(Topic).where(Topic.key == key)
    topic = unit.session.exec(wanted.with_for_update() if locked else wanted).first()
    if topic is None:
        raise NotFound(lazy("there is no such topic; it may have gone with the newest search"))
    access.require_brand(topic.brand_id)
    return topic


def list_samples(unit: Unit, topics: Sequence[Topic], most: int = SAMPLES) -> dict[int, list[Sample]]:
    """By topic: its most typical tickets."""
    near: dict[int, list[int]] = {topic.pk: list(ticket_ids(unit, topic)[:most]) for topic in topics}
    ids = [pk for some in near.values() for pk in some]
    rows = unit.session.exec(
        select(Ticket, Customer.name)
        .join(Customer, col(Customer.id) == col(Ticket.customer_id))
        .where(col(Ticket.id).in_(ids))
    )
    tickets = {ticket.pk: (ticket, name) for ticket, name in rows}
    messages = _messages(unit, untagged.messages_of(unit, ids))
    return {
        pk: [_sample(*tickets[one], messages.get(one)) for one in some if one in tickets]
        for pk, some in near.items()
    }


def make_tag(
    unit: Unit, topic: Topic, *, name: str, labels: Mapping[str, str], colour: str, by: Agent
) -> tuple[Tag, int]:
    """A new tag on all tickets of the topic; answers how many got it.

    Raises Invalid for a name that cannot be one, and for words by which people know another tag.
    """
    _require_open(topic)
    if any(find_by_word(unit, topic.brand_id, word) for word in labels.values() if word.strip()):
        raise Invalid(
            lazy("there is such a tag already; put the topic under it, or choose other words"), field="ja"
        )
    tag = tag_list.create(
        unit, topic.brand_id, name=_free(unit, topic.brand_id, name), labels=labels, colour=colour
    )
    return tag, _put_on(unit, topic, tag, by)


def add_to(unit: Unit, topic: Topic, tag: Tag, *, by: Agent) -> int:
    """A tag that there is, on all tickets of the topic; answers how many got it."""
    _require_open(topic)
    if tag.brand_id != topic.brand_id or tag.kind == PRODUCT:
        raise Invalid(lazy("choose a tag of the same brand"), field="tag")
    return _put_on(unit, topic, tag, by)


def dismiss(unit: Unit, topic: Topic, *, by: Agent) -> None:
    """It is none, also when it comes again."""
    _require_open(topic)
    _decide(unit, topic, "dismissed", by)


def take_up(unit: Unit, topic: Topic) -> None:
    """A dismissed one waits for a decision again."""
    if topic.state != "dismissed":
        raise Conflict(lazy("this topic was not dismissed"))
    topic.state, topic.decided_at, topic.decided_by_id = "open", None, None


def take_back(unit: Unit, topic: Topic, *, by: Agent) -> int:
    """The tag goes off the tickets that still have it, and teaches no more; the tag itself stays."""
    if topic.state != "tagged":
        raise Conflict(lazy("this topic has no tag"))
    gone = _correct(unit, topic, topic.tag, by, added=False)
    topic.state, topic.tag, topic.decided_at, topic.decided_by_id = "open", "", None, None
    return gone


def plan_name(topic: Topic) -> tuple[str, dict[str, str]]:
    """What a tag of this topic might be called: its name, and what people see of it in each language."""
    phrase = topic.phrases[0] if topic.phrases else ""
    shown = phrase if topic.language == "ja" else phrase[:1].upper() + phrase[1:]
    return NOT_NAME.sub("_", phrase).strip("_")[:59], {"ja": shown[:60], "en": shown[:60]}


def list_tags(unit: Unit, brand_id: int) -> list[Tag]:
    """Those that a topic may go into, by name."""
    wanted = select(Tag).where(Tag.brand_id == brand_id, Tag.kind != PRODUCT)
    return list(unit.session.exec(wanted.order_by(col(Tag.name))))


def _require_open(topic: Topic) -> None:
    if topic.state != "open":
        raise Conflict(lazy("somebody has decided about this topic already; reload the page"))


def _free(unit: Unit, brand_id: int, name: str) -> str:
    """Nobody sees the name: one that is taken, also by a tag that went into another, gets a number."""
    taken = set(unit.session.exec(select(Tag.name).where(Tag.brand_id == brand_id)))
    taken |= set(unit.session.exec(select(TagAlias.name).where(TagAlias.brand_id == brand_id)))
    numbered = (f"{name[:56]}_{n}" for n in range(2, len(taken) + 3))
    return name if name not in taken else next(one for one in numbered if one not in taken)


def _put_on(unit: Unit, topic: Topic, tag: Tag, by: Agent) -> int:
    done = _correct(unit, topic, tag.name, by, added=True)
    topic.tag = tag.name
    _decide(unit, topic, "tagged", by)
    return done


def _correct(unit: Unit, topic: Topic, name: str, by: Agent, *, added: bool) -> int:
    tickets = _tickets(unit, topic)
    said = _messages(unit, untagged.messages_of(unit, [one.pk for one in tickets]))
    return sum(
        learn.correct_tag(unit, one, name, by=by, added=added, message=said.get(one.pk)) for one in tickets
    )


def _decide(unit: Unit, topic: Topic, state: str, by: Agent) -> None:
    topic.state, topic.decided_at, topic.decided_by_id = state, unit.now, by.pk
    unit.session.flush()


def _tickets(unit: Unit, topic: Topic) -> list[Ticket]:
    """Of its tickets those that are still of the brand and no spam."""
    gone = (Status.SPAM.value, Status.MERGED.value)
    wanted = (
        select(Ticket)
        .join(TopicTicket, col(TopicTicket.ticket_id) == col(Ticket.id))
        .where(
            TopicTicket.topic_id == topic.pk,
            Ticket.brand_id == topic.brand_id,
            col(Ticket.status).not_in(gone),
        )
    )
    return list(unit.session.exec(wanted.order_by(col(Ticket.id))))


def _messages(unit: Unit, by_ticket: Mapping[int, int]) -> dict[int, Message]:
    rows = unit.session.exec(select(Message).where(col(Message.id).in_(by_ticket.values())))
    return {one.ticket_id: one for one in rows}


def _sample(ticket: Ticket, customer: str, message: Message | None) -> Sample:
    words = (message.reply or message.text or message.subject) if message else ""
    line = private_numbers.hide(" ".join((words or ticket.preview or ticket.subject).split()))
    return Sample(ticket.key, ticket.number, customer, _cut(line), ticket.created_at, ticket.status)


def _cut(line: str) -> str:
    return line if len(line) <= LINE else f"{line[:LINE]}…"
