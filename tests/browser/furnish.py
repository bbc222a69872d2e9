"""What a shop has gathered after some weeks, so that no page of the settings is empty."""

from __future__ import annotations

import json
from email.message import EmailMessage

from sqlmodel import col, select

import classifiers
from helpdesk.demo.storefront.chat import open_chat
from helpdesk.help import articles
from helpdesk.inbox import filter, views
from helpdesk.intake import journal
from helpdesk.intake.pipeline import Intake
from helpdesk.models import Agent, Article, Brand, ChannelAccount, Customer, Delivery, Message, Tag, Ticket
from helpdesk.people import audit, notify, roles, sign_in, teams
from helpdesk.social import accounts, upkeep
from helpdesk.store.db import Database, Unit
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import block, fields, tag_list
from tests.browser import doubles, models, new_topics

SUBJECT = "The kettle arrived with a dent"
HTML = """<p>Good morning,</p><p>the kettle has a <b>dent</b> near the handle. I add a picture.</p>
<table border="1"><tr><th>Order</th><th>Colour</th></tr><tr><td>HN-10021</td><td>black</td></tr></table>"""


def furnish(database: Database, files: Files, key: Seal) -> dict[str, str]:
    """Returns what the pages' addresses need to know."""
    with database.write() as unit:
        brand = unit.session.exec(select(Brand)).one()
        admins = list(unit.session.exec(select(Agent).where(Agent.role == "admin").order_by(col(Agent.id))))
        found = _people(unit, brand, admins) | _work(unit, brand, admins)
        found |= doubles.furnish(unit, brand, admins[0]) | models.furnish(unit, files, brand)
        found |= new_topics.furnish(unit, brand, admins[0])
        found |= _chat(unit, key) | _articles(unit) | _channel(unit, key, brand)
        journal_entry = _mail(unit)
    Intake(database, files, key, classifiers.builtin()).process(journal_entry)
    with database.write() as unit:
        _tell(unit, admins)
        message = unit.session.exec(select(Message).where(Message.subject == SUBJECT)).one()
        ticket = unit.session.get_one(Ticket, message.ticket_id)
        return found | _known(unit) | {"message": message.key, "mailed": ticket.key}


def _people(unit: Unit, brand: Brand, admins: list[Agent]) -> dict[str, str]:
    role = roles.create(unit, name="Night shift", rights=["reply", "assign", "reports"])
    team = teams.create(unit, brand.pk, name="返品チーム")
    teams.change(unit, team, name=team.name, member_keys=[one.key for one in admins])
    for name in ("signed_in", "role_added", "team_added"):
        audit.record(unit, name, by=admins[0], data={"name": "Robin Field"}, address="192.0.2.10")
    block.block(unit, brand.pk, "domain", "spam.example", by=admins[0])
    block.block(unit, brand.pk, "email", "lottery@winner.example", by=admins[0])
    return {"role": role.key, "team": team.key}


def _chat(unit: Unit, key: Seal) -> dict[str, str]:
    address = open_chat(unit, key, origins=[])
    widget = unit.session.exec(select(ChannelAccount).where(ChannelAccount.address == address)).one()
    return {"widget": widget.key}


def _channel(unit: Unit, key: Seal, brand: Brand) -> dict[str, str]:
    """A LINE account in the middle of a change of its secret; one of its events could not be read."""
    account = upkeep.connect(
        unit,
        key,
        brand_id=brand.pk,
        kind="line",
        address="@robin-field",
        name="Robin's LINE",
        config={"channel_id": "2001234567", "api_base": "http://127.0.0.1:9"},
        given={"channel_secret": "0123456789abcdef" * 2},
    )
    new = {"channel_secret": "fedcba9876543210" * 2}
    upkeep.change(unit, key, account, name=account.name, config={}, given=new)
    accounts.heard(unit, account.pk)
    for number in range(3):
        said = {"type": "text", "id": str(number), "text": "hello"}
        event = {"type": "message", "source": {"type": "user", "userId": "U1"}, "message": said}
        kept = journal.record(unit, account, json.dumps(event).encode(), external_id=f"robin-{number}")
        assert kept is not None
        kept.state = "done"
    journal.quarantine(unit, kept, "this is JSON, but no object")
    return {"channel": account.key}


def _articles(unit: Unit) -> dict[str, str]:
    """One of the shop's own, with a change that customers do not see yet."""
    article = unit.session.exec(select(Article).order_by(col(Article.position))).first()
    assert article is not None
    text = articles.list_texts(unit, article)["en"]
    more = f"{text.body}<p>This sentence is new.</p>"
    articles.write(unit, article, "en", by=None, title=text.title, body=more, keywords=text.keywords)
    return {"article": article.key}


def _work(unit: Unit, brand: Brand, admins: list[Agent]) -> dict[str, str]:
    tag = tag_list.create(
        unit,
        brand.pk,
        name="gift wrapping",
        labels={"ja": "ギフト包装", "en": "Gift wrapping"},
        colour="blue",
    )
    named = {"ja": "約束した日", "en": "Promised day"}
    field = fields.create(unit, brand.pk, name="promised", labels=named, kind="date")
    for admin in admins:
        japanese = admin.language == "ja"
        chosen = filter.parse({"view": "all", "tag": "return"})
        name = "返品のご相談" if japanese else "Returns, all"
        views.create(unit, sign_in.access_of(unit, admin), name=name, chosen=chosen)
    return {"tag": tag.key, "field": field.name}


def _mail(unit: Unit) -> int:
    account = unit.session.exec(select(ChannelAccount).where(ChannelAccount.kind == "email")).one()
    mail = EmailMessage()
    mail["From"], mail["To"] = "Hanna Weber <hanna@weber.example>", account.address
    mail["Subject"], mail["Message-ID"] = SUBJECT, "<kettle@weber.example>"
    mail.set_content("Good morning,\n\nthe kettle has a dent near the handle. I add a picture.\n")
    mail.add_alternative(HTML, subtype="html")
    event = journal.record(unit, account, mail.as_bytes(), external_id="kettle-with-a-dent")
    assert event is not None
    unit.session.flush()
    return event.pk


def _tell(unit: Unit, admins: list[Agent]) -> None:
    """Notifications that are read and unread."""
    colleague = unit.session.exec(select(Agent).where(Agent.email == "ren@hinoki.example")).one()
    tickets = unit.session.exec(select(Ticket).where(Ticket.status == "open").limit(4)).all()
    for admin in admins:
        names = (notify.ASSIGNED, notify.MENTIONED, notify.ANSWERED, notify.SCHEDULE_CANCELLED)
        for place, (name, ticket) in enumerate(zip(names, tickets, strict=False)):
            told = notify.notify(unit, admin.pk, name, ticket, by=colleague)
            if told is not None and place == 0:
                told.read_at = unit.now


def _known(unit: Unit) -> dict[str, str]:
    """One of everything that the demo shop has."""
    waiting = select(Ticket).where(Ticket.status == "open", col(Ticket.waiting_since).is_not(None))
    ranked = waiting.order_by(col(Ticket.urgency).desc(), col(Ticket.waiting_since), col(Ticket.id))
    ticket = unit.session.exec(ranked.limit(1)).one()
    return {
        "ticket": ticket.key,
        "customer": unit.session.get_one(Customer, ticket.customer_id).key,
        "mailbox": unit.session.exec(select(ChannelAccount).where(ChannelAccount.kind == "email")).one().key,
        "brand": unit.session.exec(select(Brand)).one().key,
        "agent": unit.session.exec(select(Agent).where(Agent.email == "ren@hinoki.example")).one().key,
        "delivery": unit.session.exec(select(Delivery).order_by(col(Delivery.id).desc()).limit(1)).one().key,
        "used_tag": unit.session.exec(select(Tag).where(Tag.kind != "own").limit(1)).one().key,
    }
