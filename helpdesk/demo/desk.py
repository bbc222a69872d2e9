"""What a team makes of its inbox in a few months: shared views, fields of its own, a colleague called in a note."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from helpdesk.demo.stage import Stage
from helpdesk.inbox import views
from helpdesk.inbox.filter import Filter
from helpdesk.models import Agent, Status, Tag, Ticket, TicketTag
from helpdesk.people.sign_in import access_of
from helpdesk.store.db import Unit
from helpdesk.tickets import fields, note

VIEWS = (
    ("配送遅延", Filter(order=("late", "late_to_ship"))),
    ("VIP のお客様", Filter(customer=("vip",))),
    ("返品・交換", Filter(tag=("return", "exchange"))),
    ("English", Filter(language=("en",))),
)
CAUSES = ("配送::遅延", "配送::紛失", "配送::破損", "商品::不良", "商品::サイズ", "お客様都合", "その他")
CALLS = (  # which urgent ticket, who writes, what
    (
        0,
        1,
        (
            "@高橋 美咲 中継センターへ電話で確認をお願いできますか？ "
            "法事でお使いとのことで、明日中のお届けが難しければ代替品を考えます。"
        ),
    ),
    (
        1,
        0,
        "@小林 千尋 似たお問い合わせが続いています。同じ中継センターのものは、このチケットにメモを残してください。",
    ),
)


def furnish(stage: Stage, unit: Unit, agents: list[Agent]) -> None:
    access = access_of(unit, agents[1])
    for place, (name, chosen) in enumerate(VIEWS):
        views.create(unit, access, name=name, chosen=chosen, audience="everyone").position = place
    labels = {"ja": "原因", "en": "Cause"}
    cause = fields.create(unit, access.brand_ids[0], name="cause", labels=labels, kind="list", options=CAUSES)
    closed = select(Ticket).where(Ticket.status == Status.CLOSED).order_by(col(Ticket.id).desc()).limit(24)
    for number, ticket in enumerate(unit.session.exec(closed)):
        fields.set_value(unit, ticket, cause, CAUSES[number % len(CAUSES)], by=agents[number % len(agents)])
    tickets = list_late(unit, Status.OPEN)[: len(CALLS)]
    for which, writer, words in CALLS:
        if which < len(tickets):
            note.add(unit, tickets[which], by=agents[writer], body=words, files=stage.intake.files)


def list_late(unit: Unit, *states: Status) -> Sequence[Ticket]:
    """Where somebody asks for a parcel, the most urgent first. What hurt somebody is no matter of parcels."""
    return unit.session.exec(
        select(Ticket)
        .join(TicketTag, col(TicketTag.ticket_id) == col(Ticket.id))
        .join(Tag, col(Tag.id) == col(TicketTag.tag_id))
        .where(Tag.name == "order_status", col(Ticket.status).in_(states), col(Ticket.created_at) < unit.now)
        .order_by(col(Ticket.order_id).is_(None), col(Ticket.urgency).desc(), col(Ticket.id))
    ).all()
