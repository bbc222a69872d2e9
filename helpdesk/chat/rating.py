"""What the visitor thought of it: kept with the ticket and told in its log."""

from __future__ import annotations

from sqlmodel import select

from helpdesk.chat import lines
from helpdesk.errors import Conflict, Invalid
from helpdesk.models import ChatRating, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import log
from helpdesk.tickets.home import find_home

LONGEST = 2000


def rate(unit: Unit, visitor_id: int, *, score: int, comment: str = "") -> ChatRating:
    """Of the conversation that the visitor has now; saying it again replaces it."""
    if not 1 <= score <= 5 or len(comment) > LONGEST:
        raise Invalid("a rating is a number from 1 to 5 and at most 2,000 characters", field="score")
    visitor = lines.hold(unit, visitor_id)
    if visitor.ticket_id is None:
        raise Conflict("there is no conversation to rate yet")
    ticket = find_home(unit, unit.session.get_one(Ticket, visitor.ticket_id))
    rating = unit.session.exec(select(ChatRating).where(ChatRating.ticket_id == ticket.pk)).first()
    if rating and (rating.score, rating.comment) == (score, comment):
        return rating
    if rating is None:
        rating = ChatRating(
            brand_id=ticket.brand_id,
            customer_id=ticket.customer_id,
            visitor_id=visitor.pk,
            ticket_id=ticket.pk,
            score=score,
            created_at=unit.now,
        )
        unit.session.add(rating)
    rating.score, rating.comment, rating.created_at = score, comment, unit.now
    rating.agent_id = ticket.assignee_id
    unit.session.flush()
    log.write(unit, ticket, "rated", score=score, comment=comment)
    return rating
