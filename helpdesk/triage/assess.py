"""The classifier's opinion of a message lands on its ticket: tags, language, sentiment, and the words' urgency."""

from __future__ import annotations

from sqlmodel import select

from classifiers import Classification, Model
from helpdesk.channels.incoming import Incoming
from helpdesk.commerce import orders
from helpdesk.models import Correction, Order, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import tag
from helpdesk.triage import rank

ENDING = ("no_reply_needed", "spam")  # true of one message only: the next one may say otherwise


def classify(model: Model, incoming: Incoming) -> Classification:
    """Reads the subject and what the customer wrote now; never the quoted history."""
    return model.classify(incoming.reply or incoming.text, subject=incoming.subject)


def apply(unit: Unit, ticket: Ticket, classification: Classification) -> None:
    """Tag and rank the ticket by its newest customer message. What agents decided stands."""
    ticket.sentiment = classification.sentiment
    names = _tag(unit, ticket, classification)
    ticket.text_reasons = [
        {"code": reason.code, "points": reason.points} for reason in classification.urgency.reasons
    ]
    if ticket.urgency_fixed is not None and rank.score(rank.plan(unit, ticket, names)) > ticket.urgency_fixed:
        ticket.urgency_fixed = None  # the customer's new words weigh more than an older correction
    rank.rerank(unit, ticket, names)


def link_order(unit: Unit, ticket: Ticket, text: str) -> None:
    """The order whose number stands in the text, if it is this customer's; else their last open one."""
    mentioned = orders.find_mentioned(unit, ticket.brand_id, text)
    if mentioned and mentioned.customer_id == ticket.customer_id:
        _link(ticket, mentioned)
    elif ticket.order_id is None and (latest := orders.find_open_order(unit, ticket.customer_id)):
        _link(ticket, latest)


def _link(ticket: Ticket, order: Order) -> None:
    ticket.order_id = order.pk
    ticket.category = next(
        (str(item["category"]) for item in order.items if item.get("category")), ticket.category
    )


def _tag(unit: Unit, ticket: Ticket, classification: Classification) -> set[str]:
    """The names of all tags that are on the ticket now."""
    wanted = {found.tag: found.score for found in classification.tags}
    if ticket.messages_count > 1:
        for name in _refused(unit, ticket):
            wanted.pop(name, None)
        tag.remove_automatic(unit, ticket, [name for name in ENDING if name not in wanted])
    tag.add_automatic(unit, ticket, wanted)
    if ticket.messages_count == 1:
        return set(wanted)
    unit.session.flush()
    return {on.name for on in tag.list_tags(unit, [ticket.pk]).get(ticket.pk, [])}


def _refused(unit: Unit, ticket: Ticket) -> list[str]:
    """What agents took off this ticket; the classifier does not insist."""
    return list(
        unit.session.exec(
            select(Correction.value).where(
                Correction.ticket_id == ticket.id, Correction.kind == "tag_removed"
            )
        )
    )
