"""The classifier's opinion of a message lands on its ticket: tags, language, sentiment, and the words' urgency."""

from __future__ import annotations

from classifiers import Classification, Model
from helpdesk.channels.incoming import Incoming
from helpdesk.models import Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import tag
from helpdesk.triage import learn, rank, words

ENDING = ("no_reply_needed", "spam")  # true of one message only: the next one may say otherwise


def classify(model: Model, incoming: Incoming) -> Classification:
    """Reads the subject and what the customer wrote now; never the quoted history."""
    return model.classify(incoming.reply or incoming.text, subject=incoming.subject)


def apply(unit: Unit, ticket: Ticket, classification: Classification) -> None:
    """Tag and rank the ticket by its newest customer message. What agents decided stands."""
    ticket.sentiment = classification.sentiment
    names = _tag(unit, ticket, classification)
    ticket.text_reasons = words.keep(
        classification.urgency.reasons,
        ticket.text_reasons or (),
        tags=names,
        waiting_since=ticket.waiting_since,
        at=ticket.last_message_at,
    )
    if ticket.urgency_fixed is not None and rank.score(rank.plan(unit, ticket, names)) > ticket.urgency_fixed:
        ticket.urgency_fixed = None  # the customer's new words weigh more than an older correction
    rank.rerank(unit, ticket, names)


def _tag(unit: Unit, ticket: Ticket, classification: Classification) -> set[str]:
    """The names of all tags that are on the ticket now."""
    wanted = {found.tag: found.score for found in classification.tags}
    if ticket.messages_count > 1:
        for name in learn.list_refused(unit, ticket):
            wanted.pop(name, None)
        tag.remove_automatic(unit, ticket, [name for name in ENDING if name not in wanted])
    found = tag.add_automatic(unit, ticket, wanted)
    if ticket.messages_count == 1:
        return found
    unit.session.flush()
    return {on.name for on in tag.list_tags(unit, [ticket.pk]).get(ticket.pk, [])}
