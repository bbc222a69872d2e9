"""The same question on several channels within two days: one ticket, or linked ones as the brand wishes it.

Asked of a customer alone who writes in several ways, and only between addresses that provably are one person's.
Where an agent has put two together, they are linked at most; where a mail's sender is not proven, nothing happens.
A join is a merge of tickets: undoing it takes the two apart, and they stay apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select

from helpdesk.channels.registry import CLAIMED, CONVERSATIONAL
from helpdesk.customers.belongings import Address, writer_of
from helpdesk.customers.merge import hold
from helpdesk.customers.ties import Tie, Ties, find_ties
from helpdesk.intake import likeness
from helpdesk.intake.likeness import Question
from helpdesk.models import Brand, Customer, Direction, Merge, Message, Order, Product, Status, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import follow, log, merge, take_back
from helpdesk.triage import rank
from helpdesk.triage.serving import Models

ONE, LINKED, OFF = "one", "linked", "off"  # Brand.same_question
WITHIN = timedelta(hours=48)
YOUNG = 5  # messages: who greets first asks with the next one
TWINS, SAID, GOODS = 10, 60, 2000  # most tickets, messages and products that are looked at
ALIVE = (Status.OPEN.value, Status.PENDING.value)


@dataclass(frozen=True, slots=True)
class Twin:
    ticket: Ticket
    why: str  # as likeness has it
    tie: Tie


def look(unit: Unit, ticket: Ticket, message: Message, models: Models) -> None:
    """Costs nothing for whoever writes in one way only."""
    if not _may_ask(ticket, message):
        return
    customer = unit.session.get_one(Customer, ticket.customer_id)
    brand = unit.session.get_one(Brand, ticket.brand_id)
    if not customer.several_ways or brand.same_question == OFF:
        return
    hold(unit, customer)  # of two who ask at once, the second sees the first
    twin = _find(unit, ticket, message, customer, models)
    if twin is None:
        return
    plan = plan_together(ticket, twin, brand.same_question)
    if plan is None:
        _link(unit, ticket, twin)
    else:
        _join(unit, *plan, twin.why, message)


def plan_together(ticket: Ticket, twin: Twin, wish: str) -> tuple[Ticket, Ticket] | None:
    """Which goes into which, None where they are only linked. A running chat stays what it is, else the older does."""
    chats = [one for one in (ticket, twin.ticket) if one.channel in CONVERSATIONAL]
    if wish != ONE or twin.tie is not Tie.PROVEN or len(chats) > 1:
        return None
    if not chats:
        return ticket, twin.ticket
    if chats[0].status not in ALIVE:
        return None
    return (twin.ticket, ticket) if chats[0] is ticket else (ticket, twin.ticket)


def _may_ask(ticket: Ticket, message: Message) -> bool:
    young = ticket.messages_count <= YOUNG and ticket.first_response_at is None and not ticket.asked_also
    return young and ticket.status == Status.OPEN and not message.automatic and _is_proven(message)


def _is_proven(message: Message) -> bool:
    """Whether it is known who wrote, and the same gets the answer: on some channels anybody can write any name."""
    address = str(message.sender.get("address") or "")
    alone = str(message.sender.get("reply_to") or address).lower() == address.lower()
    return alone and (message.proven or message.channel not in CLAIMED)


def _find(unit: Unit, ticket: Ticket, message: Message, customer: Customer, models: Models) -> Twin | None:
    twins = _lately(unit, ticket)
    if not twins:
        return None
    ties, said = find_ties(unit, customer), _said(unit, [ticket, *twins.values()])
    writer = writer_of(message.channel, message.sender)
    mine = _wordings([one for one in said[ticket.pk] if writer_of(one.channel, one.sender) == writer])
    found = [
        (twin, text, tie)
        for twin in twins.values()
        for text, tie in _asked(said[twin.pk], writer, ties)
        if not _same_way(twin, said[twin.pk], message)
    ]
    return _closest(unit, ticket, mine, found, models)


def _closest(
    unit: Unit,
    ticket: Ticket,
    mine: Sequence[str],
    found: Sequence[tuple[Ticket, str, Tie]],
    models: Models,
) -> Twin | None:
    """What is proven first, then what is newest. Goods are asked for only where all else agrees."""
    model = models.of(unit, ticket.brand_id)
    opinions = {text: model.classify(text) for text in {*mine, *(text for _, text, _ in found)}}
    plain = {text: likeness.read(text, opinion) for text, opinion in opinions.items()}
    near = [
        (twin, text, own, tie)
        for twin, text, tie in found
        for own in mine
        if likeness.decide(plain[own], plain[text])
    ]
    goods = _goods(unit, ticket) if near else frozenset()
    for twin, text, own, tie in sorted(near, key=lambda one: (-one[3], -one[0].pk)):
        both: list[Question] = [likeness.read(words, opinions[words], goods) for words in (own, text)]
        if why := likeness.decide(both[0], both[1]):
            return Twin(twin, why, tie)
    return None


def _lately(unit: Unit, ticket: Ticket) -> Mapping[int, Ticket]:
    """The customer's other tickets, but for those that somebody took apart from this one."""
    others = (
        select(Ticket)
        .where(
            Ticket.customer_id == ticket.customer_id,
            Ticket.id != ticket.pk,
            col(Ticket.status).in_((*ALIVE, Status.CLOSED.value)),
            col(Ticket.last_message_at) >= unit.now - WITHIN,
        )
        .order_by(col(Ticket.id).desc())
        .limit(TWINS)
    )
    found = {one.pk: one for one in unit.session.exec(others)}
    if found:
        for source, target in unit.session.exec(_parted(ticket)):
            found.pop(source, None)
            found.pop(target, None)
    return found


def _parted(ticket: Ticket) -> Any:
    either = or_(col(Merge.source_id) == ticket.pk, col(Merge.target_id) == ticket.pk)
    return select(Merge.source_id, Merge.target_id).where(either, col(Merge.undone_at).is_not(None))


def _said(unit: Unit, tickets: Iterable[Ticket]) -> Mapping[int, list[Message]]:
    wanted = select(Message).where(
        col(Message.ticket_id).in_([one.pk for one in tickets]),
        Message.direction == Direction.IN,
        col(Message.automatic).is_(False),
        col(Message.sent_at) >= unit.now - WITHIN,
    )
    found: dict[int, list[Message]] = defaultdict(list)
    for one in unit.session.exec(wanted.order_by(col(Message.id).desc()).limit(SAID)):
        found[one.ticket_id].insert(0, one)
    return found


def _asked(said: Sequence[Message], writer: Address, ties: Ties) -> list[tuple[str, Tie]]:
    """What others wrote who are tied to this writer, each with how."""
    by_writer: dict[Address, list[Message]] = defaultdict(list)
    for one in said:
        if _is_proven(one):
            by_writer[writer_of(one.channel, one.sender)].append(one)
    return [
        (text, tie)
        for other, some in by_writer.items()
        if other != writer and (tie := ties.between(writer, other)) is not Tie.NONE
        for text in _wordings(some)
    ]


def _same_way(twin: Ticket, said: Sequence[Message], message: Message) -> bool:
    """Somebody who asks again where they asked before has other reasons than that nobody answered elsewhere."""
    return twin.account_id == message.account_id or any(one.account_id == message.account_id for one in said)


def _wordings(said: Sequence[Message]) -> list[str]:
    """Each message by itself, and several short ones as the one question that they are."""
    texts = [text for one in said if (text := f"{one.subject}\n{one.reply or one.text}".strip())][-YOUNG:]
    return [*texts, "\n".join(texts)] if len(texts) > 1 else texts


def _goods(unit: Unit, ticket: Ticket) -> frozenset[str]:
    """What the shop sells and this customer has bought, as people would call it."""
    sold = unit.session.exec(select(Product.names).where(Product.brand_id == ticket.brand_id).limit(GOODS))
    bought = unit.session.exec(
        select(Order.items).where(Order.customer_id == ticket.customer_id).limit(GOODS)
    )
    names = [str(name) for one in sold for name in one.values()]
    names += [str(item.get("name") or "") for items in bought for item in items]
    return likeness.words_of_goods(names)


def _join(unit: Unit, source: Ticket, target: Ticket, why: str, message: Message) -> None:
    """The agents of the ticket that stays hear of it as of any other message."""
    holder = target.assignee_id
    row = merge.merge(unit, source, target, by=None)
    if target.channel in CONVERSATIONAL:
        target.assignee_id = holder  # a chat is given to who is there, not to who once answered a mail
    told: dict[str, Any] = {"channel": source.channel, "number": source.number}
    target.asked_also = [*target.asked_also, {"how": "joined", "key": source.key, **told}]
    log.write(unit, target, "question_joined", why=why, **told)
    rank.rerank(unit, target)
    if message.ticket_id == target.pk and message.pk in row.moved["messages"]:
        follow.tell_followers(unit, target, by=None, message=message)
        take_back.cancel_scheduled(unit, target, message)
    unit.session.flush()


def _link(unit: Unit, ticket: Ticket, twin: Twin) -> None:
    for here, there in ((ticket, twin.ticket), (twin.ticket, ticket)):
        told: dict[str, Any] = {"channel": there.channel, "key": there.key, "number": there.number}
        here.asked_also = [*here.asked_also, {"how": "linked", **told}]
        log.write(unit, here, "question_linked", why=twin.why, **told)
    unit.session.flush()
