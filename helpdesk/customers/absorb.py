"""Two rows turn out to be one customer: everything of the one becomes the other's."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import col, select

from helpdesk.models import Customer, Event, Identity, Message, PointsEntry, PointsRequest, Ticket, Visitor
from helpdesk.store.db import Unit

OWNED = (Ticket, Message, Event, PointsEntry, PointsRequest, Visitor)


def absorb(unit: Unit, source: Customer, target: Customer, identity: Identity) -> None:
    """The identity moves; when it was the source's only one, all that is known of the source goes along.

    A source that is known by other means as well is somebody of their own and keeps what is theirs.
    """
    others = unit.session.exec(
        select(Identity.id).where(Identity.customer_id == source.pk, Identity.id != identity.pk)
    ).first()
    identity.customer_id = target.pk
    unit.session.flush()
    if others is not None:
        return
    for table in OWNED:
        unit.session.execute(
            update(table).where(col(table.customer_id) == source.pk).values(customer_id=target.pk)
        )
    target.points += source.points
    source.points = 0
    unit.session.flush()
    unit.session.delete(source)
    unit.session.flush()
    unit.tell("customer_joined", target.brand_id, customer=target.pk)
